"""The page on padding and masks: what it claims, and that nothing makes it fall."""

import json

import pytest

from seqviz.ui.url_state import defaults
from tests.app.conftest import texts

pytestmark = pytest.mark.filterwarnings("ignore:Layer 'flatten'")

DEFAULTS = {
    "padding_lines": "I am Groot and you\nI am Groot\nGroot",
    "padding_padding": "post",
    "padding_mask_zero": True,
    "padding_cell": "LSTM",
    "padding_units": 3,
    "padding_return_sequences": True,
    "padding_zero_output_for_mask": False,
    "padding_seed": 0,
}
HOSTILE = ["", "-1", "0", "999999999999", "1e400", "nan", "abc", "<script>", "\x00", "ل" * 500]


def drawn(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    figure = json.loads(drawn(at))
    return [w for t in figure["data"] if t.get("mode") == "text" for w in t["text"]]


def test_opens_with_its_contract_of_defaults(open_page):
    at = open_page("padding")
    assert not at.exception
    assert not at.error
    kinds = (at.text_area, at.text_input, at.selectbox, at.number_input, at.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert {f"padding_{name}": value for name, value in defaults("padding").items()} == DEFAULTS
    assert len(json.loads(drawn(at))["frames"]) == 5
    for chart in at.get("plotly_chart"):
        assert len(chart.proto.alt) > 60
    assert "equal to Keras" in texts(at)
    assert "destroy the mask" in at.warning[0].value
    assert "<b>✕ mask lost</b>" in words(at)
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 150_000


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_hostile_urls_never_break_it(open_page, value):
    keys = [key.removeprefix("padding_") for key in DEFAULTS]
    at = open_page("padding", **dict.fromkeys([*keys, "step", "no_such_key"], value))
    assert not at.exception
    at.text_area(key="padding_lines").set_value("a b\nc").run()
    assert not at.exception
    assert json.loads(drawn(at))["frames"]


def test_bad_ids_get_a_message_and_stay(open_page):
    at = open_page("padding", lines="2 3\n-1 99999999")
    assert not at.exception
    assert "Id -1" in at.error[0].value
    assert at.text_area(key="padding_lines").value == "2 3\n-1 99999999"
    assert not at.get("plotly_chart")


def test_nothing_to_read_and_too_much_are_said(open_page):
    assert "Type one sentence" in open_page("padding", lines="…").info[0].value
    at = open_page("padding", lines="\n".join(["w " * 50] * 50), units="16", cell="GRU")
    assert not at.exception
    assert [info.value for info in at.info] == [
        "Only the first 4 of 50 sentences are kept.",
        "Only the first 12 words of a sentence are kept.",
    ]
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 600_000
    assert "nothing is padded" in texts(at)


def test_questions_are_answered_and_shown(open_page):
    at = open_page("padding", padding="pre", mask_zero="true")
    at.radio(key="padding_padded_steps").set_value("zeros").run()
    at.radio(key="padding_loses").set_value("Flatten").run()
    at.radio(key="padding_side").set_value("yes: the last state differs").run()
    assert len(at.success) == 2
    assert any("Not quite" in warning.value for warning in at.warning)

    at.button(key="padding_padded_steps_show").click().run()
    table = at.dataframe[0].value
    steps = table[table["sentence"] == 3]
    assert steps["h, masked [0]"].nunique() == 1
    assert (steps["h, masked [0]"] != 0).all()
    assert steps["h, no mask [0]"].nunique() == 5

    at.button(key="padding_side_show").click().run()
    assert words(at).count("no mask") == 4
    at.button(key="padding_loses_show").click().run()
    assert "<b>✕ mask lost</b>" in words(at)


def test_padded_before_h_is_still_zeros(open_page):
    table = open_page("padding", padding="pre").dataframe[0].value
    padded = table[~table["mask after embedding"]]
    assert len(padded) == 6
    assert (padded[[f"h, masked [{i}]" for i in range(3)]] == 0).all(axis=None)


def test_zeros_for_padding_are_warned_of(open_page):
    at = open_page("padding", zero_output_for_mask="true", return_sequences="false")
    assert "returns zeros" in texts(at)
    assert "mask used up" in words(at)


def test_picture_opens_at_the_step_in_the_url_and_stays(open_page):
    at = open_page("padding", step="2")
    figure = json.loads(drawn(at))
    moves = figure["frames"][2]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moves, strict=True):
        assert {key: shape[key] for key in move} == move
    before = drawn(at)
    at.query_params["padding_step"] = "1"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert drawn(at) == before
    at.number_input(key="padding_seed").set_value(7).run()
    figure = json.loads(drawn(at))
    move = figure["frames"][1]["layout"]["shapes"][0]
    assert {key: figure["layout"]["shapes"][0][key] for key in move} == move
