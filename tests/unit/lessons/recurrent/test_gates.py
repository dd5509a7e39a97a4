"""compute_gates: the gates of one sample of a real Keras layer, and that they make its states."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError
from seqviz.lessons.recurrent.gates import compute_gates
from seqviz.readout.unrolled import compute_unrolled

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
NAMES = {
    "LSTM": ["input", "forget", "candidate", "output"],
    "GRU": ["update", "reset", "candidate"],
}


def trace_of(cell, mask=None, **arguments):
    layer = getattr(keras.layers, cell)(4, name="rnn", return_sequences=True, **arguments)
    trace = seqviz.capture(layer, X, mask=mask)["rnn"]
    return trace, np.array(layer(X, mask=mask))


@pytest.mark.parametrize("sample", [0, 1])
@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("cell", NAMES)
def test_gates_make_the_states_that_keras_returns(cell, go_backwards, sample):
    trace, output = trace_of(cell, go_backwards=go_backwards)
    data = compute_gates(trace, sample=sample)
    assert list(data.gates) == NAMES[cell]
    assert {values.shape for values in data.gates.values()} == {(5, 4)}
    assert data.timesteps.tolist() == list(range(5))[:: -1 if go_backwards else 1]
    assert not data.skipped.any()
    gates = data.gates
    states = compute_unrolled(trace, sample=sample)
    if cell == "LSTM":
        c = states.cell_states
        made = gates["output"] * np.tanh(
            gates["forget"] * c[:-1] + gates["input"] * gates["candidate"]
        )
    else:
        before = states.hidden[:-1]
        made = gates["update"] * before + (1 - gates["update"]) * gates["candidate"]
    np.testing.assert_allclose(made, output[sample], rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", NAMES)
def test_gates_lie_between_0_and_1_candidates_between_minus_1_and_1(cell):
    gates = compute_gates(trace_of(cell)[0]).gates
    for name, values in gates.items():
        low = -1 if name == "candidate" else 0
        assert ((values > low) & (values < 1)).all()


@pytest.mark.parametrize("go_backwards", [False, True])
def test_skipped_steps_are_in_the_order_of_processing(go_backwards):
    mask = np.array([[True, True, True, False, False], [False, True, True, True, True]])
    trace, _ = trace_of("GRU", mask, go_backwards=go_backwards)
    for sample in (0, 1):
        data = compute_gates(trace, sample=sample)
        assert data.skipped.tolist() == (~mask[sample])[:: -1 if go_backwards else 1].tolist()


def test_a_cell_without_gates_is_said():
    with pytest.raises(SeqvizError, match=r"SimpleRNN has no gates.*GRU and LSTM.*Hint: "):
        compute_gates(trace_of("SimpleRNN")[0])


@pytest.mark.parametrize("sample", [-1, 2])
def test_a_sample_that_is_not_there_is_said(sample):
    with pytest.raises(
        SeqvizError, match=f"no sample {sample} in this trace: it holds 2.*Hint: .* 0 to 1"
    ):
        compute_gates(trace_of("GRU")[0], sample=sample)
