"""The page "What comes out": what it shows, says and survives."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import ROOT, choose, spec, texts
from tests.app.test_pages import HOSTILE

DEFAULTS = {
    "outputs_text": "I am Groot",
    "outputs_read_as": "auto",
    "outputs_cell": "SimpleRNN",
    "outputs_units": 4,
    "outputs_return_sequences": False,
    "outputs_return_state": False,
    "outputs_head": "none",
    "outputs_classes": 4,
    "outputs_embedding_dim": 2,
    "outputs_vocab_size": 50,
    "outputs_seed": 0,
}


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    return [
        w for t in spec(at)["data"] if t["type"] == "scatter" and "text" in t for w in t["text"]
    ]


def test_page_opens_on_its_own_with_the_defaults():
    at = AppTest.from_file(str(ROOT / "pages" / "outputs.py"), default_timeout=60).run()
    assert not at.exception
    assert not at.error
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert len(spec(at)["frames"]) == 4
    assert len(at.get("plotly_chart")[0].proto.alt) > 60
    assert len(picture(at)) < 150_000


def test_all_four_settings_are_listed_as_keras_returns_them(open_page):
    at = open_page("outputs", cell="LSTM", return_state="true")
    said = texts(at)
    assert "`seq, h_T, c_T = LSTM(4, return_sequences=True, return_state=True)(x)`" in said
    assert "`output = LSTM(4)(x)`" in said
    (now,) = [line for line in said.splitlines() if "**now**" in line]
    assert now.startswith("- `output, h_T, c_T = LSTM(4, return_state=True)(x)` gives output")
    assert "`seq[:, -1]` − `output`: largest difference 0." in said
    assert "`h_T` − `output`: largest difference 0." in said
    # In a Sequential: Keras's own error.
    assert "but it received 3 input tensors" in at.code[0].value
    assert "equal to Keras" in said


def test_each_word_is_tagged_in_one_click(open_page):
    at = open_page("outputs")
    choose(at, "outputs", "tag each word")
    assert "`TimeDistributed` → (:gray[**1**], :blue[**3**], :green[**4**])" in texts(at)
    assert [words(at).count(f"class {k}") for k in range(4)] == [3, 3, 3, 3]
    assert "`TimeDistributed(Dense(4))` − `Dense(4)` on `seq`, same weights" in texts(at)
    classes = at.dataframe[0].value[[f"class[{k}]" for k in range(4)]]
    assert classes.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    # Plain Dense: the same numbers.
    choose(at, "outputs", "… with plain Dense")
    again = at.dataframe[0].value[[f"class[{k}]" for k in range(4)]]
    assert again.to_numpy() == pytest.approx(classes.to_numpy(), abs=1e-6)


def test_a_sentence_is_judged_in_one_click(open_page):
    at = open_page("outputs")
    choose(at, "outputs", "judge the sentence")
    assert "`output` (:gray[**1**], :green[**4**])" in texts(at)
    assert "`Dense` → (:gray[**1**], :green[**1**])" in texts(at)
    assert 'activation="sigmoid"' in at.code[-1].value
    assert len(spec(at)["frames"]) == 5


def test_time_distributed_without_a_sequence_gets_keras_own_words_and_a_way_out(open_page):
    at = open_page("outputs", head="TimeDistributed(Dense)")
    assert not at.exception
    assert "at least 3 dimensions" in at.error[0].value
    assert spec(at)["frames"]
    at.button(key="outputs_mend").click().run()
    assert not at.error
    assert at.toggle(key="outputs_return_sequences").value
    assert "TimeDistributed" in texts(at)


def test_questions_are_answered_and_shown(open_page):
    at = open_page("outputs")
    keys = [question.key for question in at.radio]
    assert len(keys) == 3
    for key, right in zip(keys, ("seq[:, -1]", "output and h_T", "not at all"), strict=True):
        at.radio(key=key).set_value(right).run()
    assert len(at.success) == 3
    before = picture(at)
    for key in keys:
        at.button(key=f"{key}_show").click().run()
        assert not at.exception
        assert picture(at) != before
        before = picture(at)


def test_picture_opens_at_the_step_in_the_url_and_stays_in_an_unrelated_rerun(open_page):
    at = open_page("outputs", step="1")
    figure = spec(at)
    moving = figure["frames"][1]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moving, strict=True):
        assert {key: shape[key] for key in move} == move
    before = picture(at)
    at.query_params["outputs_step"] = "2"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert picture(at) == before


def test_hostile_urls_never_break_the_page(open_page):
    names = [key.removeprefix("outputs_") for key in DEFAULTS] + ["step"]
    for value in HOSTILE:
        # Everything out of range falls back to its default.
        at = open_page("outputs", **(dict.fromkeys(names, value) | {"text": "I am Groot"}))
        assert not at.exception, value
        assert spec(at)["frames"], value
    at = open_page("outputs", text="<b>x %{y} #000001")
    assert not at.exception
    assert "&lt;" in " ".join(words(at))
    at = open_page("outputs", text="2 50")
    assert not at.exception
    assert "50" in at.error[0].value
    assert at.text_input(key="outputs_text").value == "2 50"


def test_largest_and_smallest_setting(open_page):
    at = open_page(
        "outputs",
        text=" ".join(f"w{i}" for i in range(200)),
        units="128",
        embedding_dim="128",
        vocab_size="10000",
        return_sequences="true",
        head="Dense",
        classes="8",
    )
    assert not at.exception
    assert len(spec(at)["frames"]) == 201
    assert len(picture(at)) < 600_000
    at = open_page("outputs", text="0", units="1", embedding_dim="1", vocab_size="2", head="Dense")
    assert not at.exception
    assert len(spec(at)["frames"]) == 3
