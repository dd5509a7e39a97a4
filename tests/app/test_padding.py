"""The page on padding and masks: what it claims, and that nothing makes it fall."""

import json

import pytest

from tests.app.conftest import texts
from tests.app.contract import Contract, answer, go_on

CONTRACTS = (
    Contract(
        defaults={
            "lines": "I am Groot too\nI am Groot\nGroot",
            "padding": "post",
            "mask_zero": True,
            "cell": "LSTM",
            "units": 3,
            "return_sequences": True,
            "zero_output_for_mask": False,
            "seed": 0,
        },
        frames=5,
        questions={
            "padded_steps": "the last word's h, repeated",
            "loses": "Flatten",
            "side": "yes: the last state differs",
        },
        shown_at_once=frozenset({"padded_steps", "loses"}),
        unveiled={
            "side": "it opens with a mask",
        },
        smallest=({"lines": "0", "units": "1"}, 5),
        refused=({"lines": "2 3\n-1 99999999"}, "Id -1"),
        examples=9,
        has_model=True,
    ),
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:Layer 'flatten'"),
    pytest.mark.usefixtures("unfolded"),
]


def drawn(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    figure = json.loads(drawn(at))
    return [w for t in figure["data"] if t.get("mode") == "text" for w in t["text"]]


def test_opens_with_its_contract_of_defaults(open_page):
    at = open_page("padding")
    assert not at.exception
    assert not at.error
    assert "equal to Keras" in texts(at)
    assert "destroy the mask" in at.warning[0].value
    assert "<b>✕ mask lost</b>" in words(at)


def test_nothing_to_read_and_too_much_are_said(open_page):
    assert "Type one sentence" in open_page("padding", lines="…").info[0].value
    at = open_page("padding", lines="\n".join(["w " * 50] * 50), units="16", cell="GRU")
    assert not at.exception
    assert [info.value for info in at.info] == [
        "Only the first 30 of 50 sentences are kept.",
        "Only the first 12 words of a sentence are kept.",
    ]
    assert "A batch of 30 sentences" in at.get("plotly_chart")[0].proto.alt
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 600_000
    assert "nothing is padded" in texts(at)


def test_questions_are_answered_and_shown(open_page):
    at = open_page("padding", padding="pre", ask="padded_steps")
    answer(at, "padding", show=True)
    table = at.dataframe[0].value
    steps = table[table["sentence"] == 3]
    assert steps["h, masked [0]"].nunique() == 1
    assert (steps["h, masked [0]"] != 0).all()
    assert steps["h, no mask [0]"].nunique() == 4

    answer(go_on(at, "padding"), "padding", show=True)
    assert "<b>✕ mask lost</b>" in words(at)
    answer(go_on(at, "padding"), "padding", show=True)
    assert words(at).count("no mask") == 4


def test_padded_before_h_is_still_zeros(open_page):
    table = open_page("padding", padding="pre").dataframe[0].value
    padded = table[~table["mask after embedding"]]
    assert len(padded) == 4
    assert (padded[[f"h, masked [{i}]" for i in range(3)]] == 0).all(axis=None)


def test_zeros_for_padding_are_warned_of(open_page):
    at = open_page("padding", zero_output_for_mask="true", return_sequences="false", states="true")
    assert "returns zeros" in texts(at)
    assert "mask used up" in words(at)
