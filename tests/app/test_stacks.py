"""The page "Stacks and both directions": what it shows, says and survives."""

import pytest
from streamlit.testing.v1 import AppTest

from seqviz.models.stack_config import MERGE_MODES
from tests.app.conftest import ROOT, spec, texts
from tests.app.test_pages import HOSTILE

DEFAULTS = {
    "stacks_text": "I am Groot",
    "stacks_read_as": "auto",
    "stacks_view": "stack",
    "stacks_order": "timestep",
    "stacks_layers": 2,
    "stacks_cell_1": "SimpleRNN",
    "stacks_units_1": 4,
    "stacks_return_sequences_1": True,
    "stacks_cell_2": "SimpleRNN",
    "stacks_units_2": 4,
    "stacks_return_sequences_2": True,
    "stacks_embedding_dim": 2,
    "stacks_vocab_size": 50,
    "stacks_seed": 0,
}
KERAS_WORDS = "expected ndim=3, found ndim=2"


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    said = [
        w for t in spec(at)["data"] if t["type"] == "scatter" and "text" in t for w in t["text"]
    ]
    return " ".join(said).replace("<br>", " ")


def test_page_opens_on_its_own_with_the_defaults():
    at = AppTest.from_file(str(ROOT / "pages" / "stacks.py"), default_timeout=60).run()
    assert not at.exception
    assert not at.error
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert len(spec(at)["frames"]) == 4
    assert len(at.get("plotly_chart")[0].proto.alt) > 60
    assert "equal to Keras" in texts(at)
    # 4·(4+2)+4 and 4·(4+4)+4 weights, worked out by hand
    assert "`SimpleRNN(4)` 28 weights" in texts(at)
    assert "`SimpleRNN(4)` 36 weights" in texts(at)


def test_keras_own_error_stands_where_the_arrow_breaks_and_a_button_mends_it(open_page):
    at = open_page("stacks", layers="3", cell_2="GRU", return_sequences_1="false")
    assert not at.exception
    assert KERAS_WORDS in at.error[0].value
    assert "'gru\\_2'" in at.error[0].value
    assert KERAS_WORDS in words(at)
    assert "<b>gru_2</b> refused" in words(at)
    assert "<b>simple_rnn_3</b> never called" in words(at)
    # What is below the break is computed all the same.
    assert "simple_rnn_1 h[3]" in at.dataframe[0].value
    assert "equal to Keras" in texts(at)
    assert "except ValueError as error:" in at.code[-1].value
    at.button(key="stacks_mend").click().run()
    assert not at.error
    assert at.toggle(key="stacks_return_sequences_1").value
    assert "gru_2 h[3]" in at.dataframe[0].value


@pytest.mark.parametrize("mode", [str(mode) for mode in MERGE_MODES])
def test_both_directions_with_every_merge_mode(open_page, mode):
    at = open_page("stacks", view="bidirectional", merge_mode=mode)
    assert not at.exception
    said = texts(at)
    half = "(:gray[**1**], :blue[**3**], :green[**4**])"
    output = {
        "concat": "(:gray[**1**], :blue[**3**], :green[**8**])",
        "None": f"{half} and {half}",
    }.get(mode, half)
    assert f"weights → {output}" in said
    assert "`last[:, :4]` − `seq[:, -1, :4]`: 0\n" in said
    assert "`last[:, 4:]` − `seq[:, 0, 4:]`: 0: its last step reads the first word" in said
    assert "so it is not the last timestep's" in said
    assert len(spec(at)["frames"]) == 5
    assert "backward ends here" in words(at)


def test_what_was_set_for_a_layer_is_kept_while_it_is_away(open_page):
    at = open_page("stacks", layers="3", cell_3="LSTM", units_3="6")
    before = picture(at)
    at.select_slider(key="stacks_layers").set_value(1).run()
    at.selectbox(key="stacks_view").set_value("bidirectional").run()
    assert not at.exception
    at.selectbox(key="stacks_view").set_value("stack").run()
    at.select_slider(key="stacks_layers").set_value(3).run()
    assert picture(at) == before


def test_it_is_played_by_timestep_or_by_layer(open_page):
    at = open_page("stacks", order="layer", step="4")
    figure = spec(at)
    assert len(figure["frames"]) == 7
    moving = figure["frames"][4]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moving, strict=True):
        assert {key: shape[key] for key in move} == move
    before = picture(at)
    at.query_params["stacks_step"] = "2"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert picture(at) == before


def test_questions_are_answered_and_shown(open_page):
    at = open_page("stacks")
    keys = [question.key for question in at.radio]
    answers = ("an error", "none of them", "that at the first timestep, seq[:, 0]")
    for key, right in zip(keys, answers, strict=True):
        at.radio(key=key).set_value(right).run()
    assert len(at.success) == 3
    before = picture(at)
    for key in keys:
        at.button(key=f"{key}_show").click().run()
        assert not at.exception
        assert picture(at) != before
        before = picture(at)


def test_hostile_urls_never_break_the_page(open_page):
    names = [key.removeprefix("stacks_") for key in DEFAULTS] + ["step", "merge_mode", "units_4"]
    for value in HOSTILE:
        # Everything out of range falls back to its default.
        at = open_page("stacks", **(dict.fromkeys(names, value) | {"text": "I am Groot"}))
        assert not at.exception, value
        assert spec(at)["frames"], value
    at = open_page("stacks", text="<b>x %{y} #000001")
    assert not at.exception
    assert "&lt;" in words(at)
    at = open_page("stacks", text="2 50")
    assert not at.exception
    assert "50" in at.error[0].value
    assert at.text_input(key="stacks_text").value == "2 50"


def test_a_long_sentence_is_drawn_as_heatmaps_within_the_limit(open_page):
    at = open_page(
        "stacks",
        text=" ".join(f"w{i}" for i in range(60)),
        layers="4",
        embedding_dim="64",
        vocab_size="10000",
        order="layer",
        **{f"units_{k}": "64" for k in range(1, 5)},
    )
    assert not at.exception
    assert len(spec(at)["frames"]) == 241
    assert len(picture(at)) < 300_000  # 600,000 at 200 words
    at = open_page("stacks", text="0", layers="1", units_1="1", embedding_dim="1", vocab_size="2")
    assert not at.exception
    assert len(spec(at)["frames"]) == 2
