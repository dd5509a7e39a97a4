"""The page about one cell: every sum written out, in any state its address may have."""

import json

import keras
import pytest

from tests.app.conftest import choose, texts
from tests.app.contract import SMALLEST, Contract

pytestmark = pytest.mark.usefixtures("unfolded")

_FIRST = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "cell": "SimpleRNN",
            "timestep": 2,
            "unit": 0,
            "units": 4,
            "embedding_dim": 2,
            "activation": "tanh",
            "recurrent_activation": "sigmoid",
            "use_bias": True,
            "unit_forget_bias": True,
            "reset_after": True,
            "kernel_initializer": "glorot_uniform",
            "recurrent_initializer": "orthogonal",
            "initializer": "uniform",
            "go_backwards": False,
            "mask_zero": False,
            "vocab_size": 50,
            "seed": 0,
        },
        frames=5,
        questions={
            "one_kernel": "x and h",
            "products": "6",
            "forget_bias": "near 0.73",
            "memory": "no, h shows a part of c",
            "two_biases": "81",
        },
        unveiled={
            "one_kernel": "it shows one timestep at a time",
            "forget_bias": "a SimpleRNN has no gates",
            "memory": "a SimpleRNN has no c",
            "two_biases": "it opens with a SimpleRNN",
        },
        smallest=(SMALLEST | {"use_bias": "false"}, 5),
        examples=10,
        in_another_picture=frozenset({"its sum, term by term"}),
        has_model=True,
    ),
)


CONTRACTS = (
    *_FIRST,
    # With the sum unfolded, which asks which one.
    _FIRST[0]._replace(
        view={"cell": "LSTM", "terms": "true"},
        defaults=_FIRST[0].defaults | {"gate": "candidate"},
        frames=7,
        smallest=(SMALLEST | {"use_bias": "false"}, 7),
        unveiled={
            "one_kernel": "it shows one timestep at a time",
            "two_biases": "it opens with an LSTM",
        },
        shown_at_once=frozenset({"products"}),
    ),
)


def spec_of(at, name="cell_chart"):
    (chart,) = (c for c in at.get("plotly_chart") if c.proto.id.endswith(f"-{name}"))
    return chart.proto.spec


def picture(at, name="cell_chart"):
    return json.loads(spec_of(at, name))


def table(at):
    return at.dataframe[0].value


def test_4_features_to_3_units_is_81_in_one_click(open_page):
    at = open_page("cell", weights="true")
    choose(at, "cell", "GRU, 4 features → 3 units: 81 or 72?")
    for reset_after, count, formula in (
        (True, 81, "3 · (3 · (4 + 3) + 2 · 3)"),
        (False, 72, "3 · (3 · (4 + 3) + 3)"),
    ):
        at.toggle(key="cell_reset_after").set_value(reset_after).run()
        layer = keras.layers.GRU(3, reset_after=reset_after, name="gru")
        layer.build((None, None, 4))
        assert layer.count_params() == count
        assert f"`GRU(3)` {count} weights = {formula}" in texts(at)
        assert f"`count_params()` says **{count}**" in texts(at)


def test_one_kernel_serves_every_timestep(open_page):
    at = open_page("cell", cell="LSTM", weights="true")
    weights, values, blocks = [], [], []
    for timestep in (1, 2, 3):
        at.number_input(key="cell_timestep").set_value(timestep).run()
        weights.append(table(at)["weight"].dropna().tolist()[:7])
        values.append(table(at)["product"].dropna().tolist())
        blocks.append(spec_of(at, "cell_parameters_chart"))
    assert weights[0] == weights[1] == weights[2]
    assert values[0] != values[1] != values[2]
    assert len(set(blocks)) == 1


def test_the_forget_gate_starts_open(open_page):
    at = open_page("cell", cell="LSTM")
    numbers = table(at).set_index("term")["sum so far"]
    assert 0.7 < numbers["sigmoid(sum) = f"] < 0.76
    assert 0.47 < numbers["sigmoid(sum) = i"] < 0.53
    assert "1.0000" not in texts(at)  # exact ones and zeros are written short
    at.toggle(key="cell_unit_forget_bias").set_value(False).run()
    assert 0.47 < table(at).set_index("term")["sum so far"]["sigmoid(sum) = f"] < 0.53


def test_output_and_memory_side_by_side(open_page):
    bars = {
        trace["hovertemplate"].split(":")[0]: trace["y"]
        for trace in picture(open_page("cell", cell="LSTM", history="true"), "cell_history_chart")[
            "data"
        ]
    }
    assert list(bars)[-2:] == ["c, memory", "h, output"]
    assert bars["c, memory"] != bars["h, output"]


def test_the_table_has_every_term_however_many(open_page):
    at = open_page("cell", cell="LSTM", units="64", embedding_dim="16", terms="true")
    assert (table(at)["of"] == "input").sum() == 16 + 64 + 1 + 2
    assert "smallest products are one bar here" in texts(at)


def test_places_beyond_the_sentence_are_said_and_the_last_is_shown(open_page):
    at = open_page("cell", timestep="150", unit="90")
    assert "no timestep 150: the sentence has 3, and no unit 90: they count from 0 to 3" in texts(
        at
    )
    assert at.number_input(key="cell_timestep").value == 150  # nothing that was set gets lost
    last = open_page("cell", timestep="3", unit="3")
    assert spec_of(at) == spec_of(last)


def test_a_skipped_step_says_so(open_page):
    at = open_page("cell", text="2 3 0", mask_zero="true", timestep="3")
    assert "skipped" in spec_of(at)
    assert table(at)["term"].iloc[-1] == "skipped: carried over"
    assert "skipped" not in spec_of(open_page("cell", text="2 3 0", timestep="3"))


def test_a_timestep_is_of_the_sentence_also_backwards(open_page):
    at = open_page("cell", go_backwards="true", timestep="1")
    words = json.dumps(picture(at), ensure_ascii=False)
    assert "“I”" in words
    assert "h₂ (4)" in words  # the third step, so that the state before it is h₂


def test_every_activation_and_gate(open_page):
    at = open_page("cell", cell="GRU", terms="true")
    for name in at.selectbox(key="cell_activation").options:
        at.selectbox(key="cell_activation").set_value(name)
        at.selectbox(key="cell_recurrent_activation").set_value(name).run()
        assert not at.exception
        assert not at.error
    for gate in ("update", "reset", "memory"):
        at.selectbox(key="cell_gate").set_value(gate).run()
        assert not at.exception
        assert at.selectbox(key="cell_gate").value == gate


def test_numbers_beyond_float32_are_said_to_be_so(open_page):
    def proof(**chosen):
        at = open_page(
            "cell", activation="relu", kernel_initializer="ones", recurrent_initializer="ones",
            initializer="ones", units="128", embedding_dim="128", **chosen,
        )  # fmt: skip
        assert not at.exception
        # Where a number is infinite its box says so, rather than to stay empty.
        infinite = "∞" in json.dumps(picture(at)["data"], ensure_ascii=False)
        assert infinite == ("too large for float32" in texts(at))
        return texts(at)

    words = " ".join(f"w{i}" for i in range(60))
    assert "too large for float32" in proof(
        cell="LSTM", text=words, vocab_size="100", timestep="60"
    )
    assert "of the largest number (" in proof(cell="SimpleRNN", text="a b c d e f g h")
