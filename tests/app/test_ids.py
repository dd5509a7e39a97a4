"""The page on legal ids: what it claims, and that nothing makes it fall."""

import json

import pytest

from seqviz.ui.url_state import defaults
from tests.app.conftest import texts

DEFAULTS = {
    "ids_ids": "0 3 9 10 -1 1.7",
    "ids_vocab_size": 10,
    "ids_num_bins": 8,
    "ids_text": "I am Groot",
}
HOSTILE = ["", "-1", "0", "999999999999", "1e400", "nan", "abc", "<script>", "\x00", "ل" * 500]


def drawn(at):
    return at.get("plotly_chart")[0].proto.spec


def widgets(at):
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    return {widget.key: widget.value for kind in kinds for widget in kind}


def test_opens_with_its_contract_of_defaults(open_page):
    at = open_page("ids")
    assert not at.exception
    assert not at.error
    assert widgets(at) == DEFAULTS
    assert {f"ids_{name}": value for name, value in defaults("ids").items()} == DEFAULTS
    assert len(json.loads(drawn(at))["frames"]) == 7
    for chart in at.get("plotly_chart"):
        assert len(chart.proto.alt) > 60
    table = at.dataframe[0].value
    assert table["row"].tolist() == ["0", "3", "9", "none", "9", "1"]
    assert table["Keras's message"][3] == "indices[0,0] = 10 is not in [0, 10)."
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 150_000


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_hostile_urls_never_break_it(open_page, value):
    at = open_page(
        "ids", **dict.fromkeys(["ids", "text", "vocab_size", "num_bins", "step", "x"], value)
    )
    assert not at.exception
    at.text_input(key="ids_ids").set_value("1 2").run()
    assert not at.exception
    assert json.loads(drawn(at))["frames"]


@pytest.mark.parametrize("text", ["ten [x](y)", "1 2 drei", "0x1f"])
def test_what_is_no_number_gets_a_message_and_stays(open_page, text):
    at = open_page("ids", ids=text)
    assert not at.exception
    (message,) = at.error
    assert "is not a number" in message.value
    assert "[x](y)" not in message.value
    assert at.text_input(key="ids_ids").value == text
    assert not at.get("plotly_chart")


def test_nothing_typed_and_too_much_are_said(open_page):
    assert "Type some numbers" in open_page("ids", ids=" ").info[0].value
    at = open_page("ids", ids="1 " * 5_000, text="word " * 30)
    assert "12" in at.info[0].value
    assert "16" in at.info[1].value
    assert not at.exception


def test_questions_are_answered_and_shown(open_page):
    at = open_page("ids")
    at.radio(key="ids_number_of_words").set_value("no, id 10 raises").run()
    at.radio(key="ids_bad_ids").set_value("both raise").run()
    assert (len(at.success), len(at.warning)) == (1, 1)
    at.button(key="ids_number_of_words_show").click().run()
    assert at.dataframe[0].value["row"].tolist() == [*"123456789", "none"]
    at.button(key="ids_bad_ids_show").click().run()
    assert at.dataframe[0].value["row"].tolist() == ["9", "8", "1", "1", "0"]


def test_picture_opens_at_the_step_in_the_url_and_stays(open_page):
    at = open_page("ids", step="2")
    figure = json.loads(drawn(at))
    moves = figure["frames"][2]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moves, strict=True):
        assert {key: shape[key] for key in move} == move
    before = drawn(at)
    at.query_params["ids_step"] = "1"
    at.number_input(key="ids_num_bins").set_value(9).run()
    assert drawn(at) == before


def test_hashing_shares_rows_and_says_how_likely(open_page):
    at = open_page("ids")
    said = texts(at)
    # 1 − 7/8 · 6/8
    assert "**34.4%**" in said
    assert at.dataframe[1].value["bin"].tolist() == [4, 4, 7]
    at.number_input(key="ids_num_bins").set_value(1).run()
    assert "**100.0%**" in texts(at)
    at.text_input(key="ids_text").set_value("…").run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 1


def test_largest_setting_is_small_enough(open_page):
    at = open_page("ids", ids="0 " * 12, vocab_size="10000", num_bins="10000", text="a b c d " * 9)
    assert not at.exception
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 600_000
