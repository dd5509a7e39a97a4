"""The page "Stacks and both directions": what it shows, says and survives."""

import pytest

from seqviz.models.stack_config import MERGE_MODES
from tests.app.conftest import opened_at, spec, texts
from tests.app.contract import SMALLEST, Contract, answer

pytestmark = pytest.mark.usefixtures("unfolded")

KERAS_WORDS = "expected ndim=3, found ndim=2"

STACK = {
    "text": "I am Groot",
    "read_as": "auto",
    "view": "stack",
    "cell_1": "SimpleRNN",
    "units_1": 4,
    "return_sequences_1": True,
    "embedding_dim": 2,
    "vocab_size": 50,
    "seed": 0,
}
QUESTIONS = {
    "stackable": "an error",
    "depth": "none of them",
    "ends": "that at the first timestep, seq[:, 0]",
}
WORKS = {
    "depth": "one sentence does not say what a longer one needs",
}
CONTRACTS = (
    Contract(
        defaults=STACK
        | {
            "order": "timestep",
            "layers": 2,
            "cell_2": "SimpleRNN",
            "units_2": 4,
            "return_sequences_2": True,
        },
        frames=4,
        questions=QUESTIONS,
        unveiled=WORKS | {"ends": "it opens with a stack, in one direction"},
        smallest=(SMALLEST | {"layers": "1", "units_1": "1"}, 2),
        examples=6,
        refused_by_keras={"the mistake": KERAS_WORDS},
        has_model=True,
    ),
    Contract(
        view={"view": "bidirectional"},
        defaults=STACK | {"merge_mode": "concat"},
        frames=5,
        questions=QUESTIONS,
        unveiled=WORKS,
        smallest=(SMALLEST | {"units_1": "1"}, 3),
        has_model=True,
    ),
)


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    said = [
        w for t in spec(at)["data"] if t["type"] == "scatter" and "text" in t for w in t["text"]
    ]
    return " ".join(said).replace("<br>", " ")


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
    at = open_page("stacks", order="layer", step="4", ask="depth")
    figure = spec(at)
    assert len(figure["frames"]) == 7
    assert opened_at(4, figure)
    before = picture(at)
    at.query_params["stacks_step"] = "2"
    answer(at, "stacks")
    assert picture(at) == before


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
