"""The page about states that stay: each part shows what it says, and nothing makes it fall."""

import json

import pytest

from tests.app.conftest import spec, texts
from tests.app.contract import HOSTILE, SMALLEST, Contract, answer, asked, controls, go_on

pytestmark = pytest.mark.usefixtures("unfolded")

SHARED = {
    "text": "I am Groot",
    "read_as": "auto",
    "cell": "SimpleRNN",
    "units": 4,
    "embedding_dim": 2,
    "vocab_size": 50,
    "seed": 0,
}
CONTRACTS = (
    Contract(
        defaults=SHARED
        | {
            "chunk_length": 2,
            "reset_before": 0,
            "mask_zero": False,
            "play": "step by step",
        },
        frames=4,
        questions={"next_call": "zeros", "old_tutorial": "it raises an error"},
        unveiled={
            "old_tutorial": "it has no batch_input_shape",
        },
        smallest=(SMALLEST, 2),
        examples=8,
    ),
    Contract(
        view={"part": "initial_state"},
        defaults=SHARED | {"h_0": 1.0, "h_1": -1.0},
        frames=4,
        questions={"given": "it fades, as fast as the weights let it"},
        smallest=(SMALLEST, 2),
    ),
    Contract(
        view={"part": "dropout"},
        defaults=SHARED | {"dropout": 0.5, "recurrent_dropout": 0.3, "call": 1},
        frames=4,
        questions={
            "same_mask": "the same as at the first",
            "inference": "nothing is dropped",
        },
        smallest=(SMALLEST, 2),
    ),
)

PAGE = "state"
PARTS = ["stateful", "initial_state", "dropout"]

LONGER = "I am Groot and you are Rocket"


def drawing(at):
    """The picture without the mark that tells two of them apart even where they look the same."""
    figure = spec(at)
    figure["layout"].pop("datarevision", None)
    return json.dumps(figure)


def words(at):
    return {
        text
        for trace in spec(at)["data"]
        for text in (trace.get("text") or [])
        if isinstance(text, str)
    }


@pytest.mark.parametrize("part", PARTS)
def test_part_opens_with_its_controls_and_a_playable_picture(open_page, part):
    at = open_page(PAGE, part=part)
    assert not at.exception
    assert not at.error
    assert ":gray[**batch**]" in texts(at)
    assert {"stateful": "stateful=True", "dropout": "training=True"}.get(part, part) in (
        at.code[0].value
    )


def test_kept_and_not_kept_differ_from_the_second_call_on(open_page):
    at = open_page(PAGE, text=LONGER, chunk_length="3", cell="LSTM")
    frame = at.dataframe[0].value
    assert frame["call"].tolist() == [1] * 4 + [2] * 4 + [3] * 2
    assert frame["token"].tolist()[:5] == ["", "I", "am", "Groot", ""]
    assert frame["stateful=True: difference"].max() < 1e-6
    assert (frame["stateful=False: difference"][:4] == 0).all()
    assert (frame["stateful=False: difference"][4:] > 1e-4).all()
    assert {"<b>kept</b>", "<b>zeros</b>"} <= words(at)
    at.number_input(key="state_reset_before").set_value(3).run()
    assert "<b>reset: 0</b>" in words(at)
    assert at.dataframe[0].value["stateful=True: difference"][8:].min() > 1e-4
    assert "layer.reset_state()" in at.code[0].value
    at.selectbox(key="state_play").set_value("call by call").run()
    assert len(spec(at)["frames"]) == 4


def test_a_given_state_is_seen_to_fade(open_page):
    at = open_page(PAGE, part="initial_state", cell="GRU", text="word " * 30, h_0="2.0")
    frame = at.dataframe[0].value
    distances = frame["initial_state: difference"].tolist()
    assert distances[0] == 2
    assert distances[-1] < 0.01
    assert frame["zeros: h[0]"][0] == 0
    assert frame["initial_state: h[0]"][0] == 2


def test_dropout_hits_the_same_features_at_every_step(open_page):
    at = open_page(PAGE, part="dropout", cell="LSTM", text=LONGER, units="5", embedding_dim="4")
    frame = at.dataframe[0].value
    read = frame[[f"x·mask[{i}]" for i in range(4)]][1:]
    assert ((read == 0).all() | (read != 0).all()).all()
    assert (read == 0).all().any()
    at.selectbox(key="state_gate_LSTM").set_value("output").run()
    assert not at.exception
    assert "for the output gate" in spec(at)["layout"]["yaxis"]["ticktext"][0]
    before = drawing(at)
    at.number_input(key="state_call").set_value(3).run()
    assert drawing(at) != before
    at.select_slider(key="state_dropout").set_value(0.0).run()
    at.select_slider(key="state_recurrent_dropout").set_value(0.0).run()
    frame = at.dataframe[0].value
    trained = frame[[f"training: h[{i}]" for i in range(5)]].to_numpy()
    used = frame[[f"inference: h[{i}]" for i in range(5)]].to_numpy()
    assert abs(trained - used).max() < 1e-6


@pytest.mark.parametrize("part", PARTS)
def test_questions_are_answered_and_shown(open_page, part):
    at = open_page(PAGE, part=part, ask="the first")
    before = drawing(at)
    shown = 0
    while asked(at, PAGE):
        (question,) = (q for q in at.radio if "Predict first" in q.label)
        answer(at, PAGE, question.options[-1], show=True)
        assert not at.exception
        after = drawing(at)
        assert after != before
        before = after
        shown += 1
        if part == "stateful" and shown == 2:
            # M18: in Keras's own words.
            assert "Unrecognized keyword arguments passed to SimpleRNN" in at.success[0].value
        go_on(at, PAGE)
    assert shown == (1 if part == "initial_state" else 2)


@pytest.mark.parametrize("value", HOSTILE[1:])
def test_an_unknown_part_is_the_first(open_page, value):
    at = open_page(PAGE, part=value)
    assert not at.exception
    assert controls(at, PAGE) == CONTRACTS[0].defaults


@pytest.mark.parametrize("part", PARTS)
def test_largest_and_smallest_setting(open_page, part):
    at = open_page(
        PAGE,
        part=part,
        text=" ".join(f"w{i}" for i in range(200)),
        cell="LSTM",
        units="128",
        embedding_dim="128",
        vocab_size="10000",
        chunk_length="1",
    )
    assert not at.exception
    assert len(at.get("plotly_chart")[0].proto.spec) < 600_000
    said = texts(at)
    assert ("At most 40 calls" in said) == (part == "stateful")
    assert "the files have them" in said
    at = open_page(PAGE, part=part, text="0", units="1", vocab_size="2", embedding_dim="1")
    assert not at.exception
    assert len(spec(at)["frames"]) == 2
