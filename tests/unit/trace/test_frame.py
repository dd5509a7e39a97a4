"""A trace as a long table: each number once, where it belongs."""

import sys

import keras
import ml_dtypes
import numpy as np
import pandas as pd
import pytest
from keras import layers

from seqviz import SeqvizError, capture
from seqviz.trace import LayerTrace, Trace
from tests.unit.samples import embedding, recurrent

COLUMNS = ["sample", "timestep", "token", "skipped", "unit", "variable", "value"]
NAMES = {
    "SimpleRNN": ["hidden_state"],
    "GRU": ["hidden_state", "update", "reset", "candidate"],
    "LSTM": ["hidden_state", "cell_state", "input", "forget", "candidate", "output"],
}


@pytest.fixture(scope="module")
def captured():
    """Three words and two, padded; read backwards."""
    rnn = layers.LSTM(2, return_sequences=True, go_backwards=True, name="lstm")
    model = keras.Sequential(
        [layers.Embedding(9, 3, mask_zero=True), rnn, layers.Dense(4, name="dense")]
    )
    return capture(model, np.array([[2, 3, 4], [5, 2, 0]]))


@pytest.mark.parametrize("cell", NAMES)
@pytest.mark.parametrize("go_backwards", [False, True])
def test_every_number_of_a_recurrent_layer_stands_at_its_place(cell, go_backwards):
    record = recurrent(4, 3, cell, go_backwards=go_backwards)
    frame = record.to_frame()
    assert list(frame.columns) == COLUMNS
    assert list(frame.variable.unique()) == NAMES[cell]
    assert len(frame) == 4 * 3 * len(NAMES[cell])
    assert frame.value.dtype == np.float32
    arrays = {
        "hidden_state": record.hidden_states,
        "cell_state": record.cell_states,
        **record.gates,
    }
    for row in frame.itertuples():
        step = list(record.timesteps).index(row.timestep)
        assert row.value == arrays[row.variable][row.sample, step, row.unit]


def test_a_batch_with_tokens_and_padding(captured):
    tokens = [["I", "am", "Groot"], ["You", "I", "[PAD]"]]
    frame = captured.recurrent().to_frame(tokens)
    state = frame[(frame.variable == "hidden_state") & (frame.unit == 0)]
    assert state["sample"].tolist() == [0, 0, 0, 1, 1, 1]
    assert state.timestep.tolist() == [2, 1, 0, 2, 1, 0]  # in the order of processing
    assert state.token.tolist() == ["Groot", "am", "I", "[PAD]", "I", "You"]
    assert state.skipped.tolist() == [False, False, False, True, False, False]
    by_hand = captured["lstm"].hidden_states[:, :, 0].ravel()
    np.testing.assert_array_equal(state.value, by_hand)


def test_an_embedding(captured):
    frame = captured.embedding().to_frame([["a", "b", "c"], ["d", "e"]])
    assert frame.variable.unique().tolist() == ["vector"]
    assert frame.groupby(["sample", "timestep"]).skipped.all().tolist() == [False] * 5 + [True]
    assert frame[frame.unit == 0].token.tolist()[:5] == ["a", "b", "c", "d", "e"]
    assert frame[frame.unit == 0].token.isna().tolist() == [False] * 5 + [True]
    np.testing.assert_array_equal(frame.value, captured.embedding().vectors.ravel())


def test_a_whole_trace_is_that_of_its_records_one_below_the_other(captured):
    whole = captured.to_frame([["a", "b", "c"], ["d", "e", "f"]])
    assert list(whole.columns) == ["layer", *COLUMNS]
    assert list(whole.layer.unique()) == list(captured)
    for key, record in captured.items():
        part = whole[whole.layer == key].drop(columns="layer").reset_index(drop=True)
        alone = record.to_frame([["a", "b", "c"], ["d", "e", "f"]])
        for name in COLUMNS:
            assert part[name].tolist() == alone[name].tolist(), name


def test_a_layer_with_timesteps_has_tokens_where_they_fit(captured):
    dense = captured["dense"]
    frame = dense.to_frame([["a", "b", "c"], ["d", "e", "f"]])
    assert frame.variable.unique().tolist() == ["output"]
    assert frame[frame.unit == 3].token.tolist() == list("abcdef")
    assert dense.to_frame([["a"], ["b"]]).token.isna().all()
    np.testing.assert_array_equal(frame.value, dense.output.ravel())


def test_outputs_of_any_structure():
    output = {
        "scores": np.array([[1.0, 2.0]], np.float32),
        "all": [np.arange(4).reshape(1, 2, 2), np.array(["word"], object), None],
        "images": np.arange(8).reshape(1, 2, 2, 2),
        "each": np.array([True]),
        "sum": np.array(3.0),
    }
    frame = LayerTrace(None, output).to_frame()
    assert {name: len(part) for name, part in frame.groupby("variable")} == {
        "output['scores']": 2,
        "output['all'][0]": 4,
        "output['images']": 8,
        "output['each']": 1,
    }
    scores = frame[frame.variable == "output['scores']"]
    assert scores.timestep.isna().all()
    assert scores.unit.tolist() == [0, 1]
    images = frame[frame.variable == "output['images']"]
    assert images.timestep.tolist() == [0] * 4 + [1] * 4
    assert images.unit.tolist() == [0, 1, 2, 3] * 2


def test_cells_of_ones_own_have_their_states_by_number():
    cells = layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)])
    record = capture(cells, np.ones((1, 4, 2), "float32")).recurrent()
    frame = record.to_frame()
    assert {name: len(part) for name, part in frame.groupby("variable")} == {
        "hidden_state": 12,
        "state 0": 8,
        "state 2": 12,
    }
    np.testing.assert_array_equal(
        frame[frame.variable == "hidden_state"].value, record.hidden_states.ravel()
    )


def test_bfloat16_becomes_float32():
    output = np.array([[0.5, -2]], ml_dtypes.bfloat16)
    assert LayerTrace(None, output).to_frame().value.tolist() == [0.5, -2]


def test_a_trace_of_nothing():
    frame = Trace({}).to_frame()
    assert list(frame.columns) == ["layer", *COLUMNS]
    assert len(frame) == 0


def test_the_mean_of_a_gate_takes_one_line():
    frame = Trace({"embedding": embedding(), "lstm": recurrent(5)}).to_frame()
    means = frame.groupby(["layer", "variable"]).value.mean()
    assert means["lstm", "forget"] == pytest.approx(recurrent(5).gates["forget"].mean())
    assert isinstance(frame.pivot_table("value", "timestep", "variable"), pd.DataFrame)


@pytest.mark.parametrize("tokens", [["a", "b", "c"], [["a"]], [["a"]] * 3])
def test_tokens_of_another_number_of_samples(captured, tokens):
    with pytest.raises(SeqvizError, match=r"Tokens of [13] samples .* batch has 2"):
        captured.recurrent().to_frame(tokens)


def test_without_pandas(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SeqvizError, match=r"seqviz\[pandas\]"):
        recurrent().to_frame()
    with pytest.raises(SeqvizError, match=r"seqviz\[pandas\]"):
        Trace({}).to_frame()
