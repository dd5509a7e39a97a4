"""compute_unrolled: one sample of a real Keras layer, in the order the steps were processed."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError
from seqviz.readout.unrolled import compute_unrolled

CELLS = ["SimpleRNN", "GRU", "LSTM"]
X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
PADDED = np.array([[True, True, True, False, False], [False, True, True, True, False]])


def layer_of(cell, units=4, **arguments):
    initializers = {
        "kernel_initializer": keras.initializers.GlorotUniform(seed=1),
        "recurrent_initializer": keras.initializers.Orthogonal(seed=2),
        "bias_initializer": keras.initializers.RandomNormal(seed=3),
    }
    return getattr(keras.layers, cell)(units, name="rnn", **initializers | arguments)


def unrolled(layer, sample=0, x=X, **arguments):
    return compute_unrolled(seqviz.capture(layer, x, **arguments)["rnn"], sample=sample)


def numpy_of(output):
    return [np.array(part) for part in keras.tree.flatten(output)]


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


@pytest.mark.parametrize("sample", [0, 1])
@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_states_are_those_keras_returns(cell, go_backwards, sample):
    layer = layer_of(cell, return_sequences=True, return_state=True, go_backwards=go_backwards)
    sequence, *states = numpy_of(layer(X))
    data = unrolled(layer, sample)
    order = [4, 3, 2, 1, 0] if go_backwards else [0, 1, 2, 3, 4]
    assert data.cell == cell
    assert data.timesteps.tolist() == order
    np.testing.assert_array_equal(data.inputs, X[sample, order])
    np.testing.assert_array_equal(data.hidden[0], np.zeros(4))
    close(data.hidden[1:], sequence[sample])
    close(data.hidden[-1], states[0][sample])
    if cell == "LSTM":
        np.testing.assert_array_equal(data.cell_states[0], np.zeros(4))
        assert data.cell_states.shape == (6, 4)
        close(data.cell_states[-1], states[1][sample])
    else:
        assert data.cell_states is None


@pytest.mark.parametrize("cell", CELLS)
def test_row_0_is_the_state_it_started_from(cell):
    start = [np.full((2, 4), 0.25 * i, np.float32) for i in range(1, 3 if cell == "LSTM" else 2)]
    layer = layer_of(cell, return_sequences=True)
    data = unrolled(layer, initial_state=start)
    np.testing.assert_array_equal(data.hidden[0], start[0][0])
    if cell == "LSTM":
        np.testing.assert_array_equal(data.cell_states[0], start[1][0])
    close(data.hidden[1:], np.array(layer(X, initial_state=start))[0])


@pytest.mark.parametrize("return_state", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_returned_says_which_states_leave_the_layer(return_sequences, return_state):
    layer = layer_of("GRU", return_sequences=return_sequences, return_state=return_state)
    data = unrolled(layer)
    assert data.returned.tolist() == [return_sequences] * 4 + [True]
    assert data.return_state is return_state
    output = numpy_of(layer(X))[0][0]
    close(data.hidden[1:][data.returned], output if return_sequences else output[None])


@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_skipped_steps_carry_the_state_over(cell, go_backwards):
    layer = layer_of(cell, return_sequences=True, go_backwards=go_backwards)
    for sample in (0, 1):
        data = unrolled(layer, sample, mask=PADDED)
        assert data.skipped.tolist() == (~PADDED[sample, data.timesteps]).tolist()
        np.testing.assert_array_equal(
            data.hidden[1:][data.skipped], data.hidden[:-1][data.skipped], "carried over"
        )
        output = np.array(layer(X, mask=PADDED))[sample]
        close(data.hidden[1:][~data.skipped], output[~data.skipped])


def test_padding_of_an_embedding_is_skipped():
    model = seqviz.build_model(seqviz.ModelConfig(mask_zero=True, go_backwards=True))
    trace = seqviz.capture(model, [[5, 6, 0, 0]])
    data = compute_unrolled(trace["simple_rnn"])
    assert data.timesteps.tolist() == [3, 2, 1, 0]
    assert data.skipped.tolist() == [True, True, False, False]
    np.testing.assert_array_equal(data.inputs, trace["embedding"].vectors[0, ::-1])
    np.testing.assert_array_equal(data.hidden[:3], np.zeros((3, 4)))
    close(data.hidden[-1], np.array(model(np.array([[5, 6, 0, 0]])))[0])


def test_without_a_mask_nothing_is_skipped():
    assert not unrolled(layer_of("SimpleRNN")).skipped.any()


def test_one_timestep_and_one_unit():
    data = unrolled(layer_of("LSTM", units=1), x=X[:, :1, :1])
    assert (data.hidden.shape, data.cell_states.shape, data.inputs.shape) == ((2, 1),) * 2 + (
        (1, 1),
    )
    assert data.returned.tolist() == [True]


@pytest.mark.parametrize("cell", CELLS)
def test_a_state_that_keras_replaces_by_zeros_is_not_called_returned(cell):
    layer = layer_of(cell, return_sequences=True, zero_output_for_mask=True)
    data = unrolled(layer, 1, mask=PADDED)
    assert data.skipped.tolist() == [True, False, False, False, True]
    assert data.returned.tolist() == [True, True, True, True, False]  # h₁ is still zero itself
    output = np.array(layer(X, mask=PADDED))[1]
    close(data.hidden[1:][data.returned], output[data.returned])
    np.testing.assert_array_equal(output[~data.returned], 0)
    # Without return_sequences Keras returns zeros for a last step that is skipped.
    layer = layer_of(cell, zero_output_for_mask=True)
    np.testing.assert_array_equal(np.array(layer(X, mask=PADDED))[1], 0)
    assert not unrolled(layer, 1, mask=PADDED).returned.any()


def test_inside_bidirectional_skipped_steps_are_not_returned():
    model = seqviz.build_model(
        seqviz.ModelConfig(mask_zero=True, bidirectional=True, return_sequences=True)
    )
    trace = seqviz.capture(model, [[5, 6, 0]])
    output = np.array(model(np.array([[5, 6, 0]])))[0]
    forward = compute_unrolled(trace["bidirectional/forward_simple_rnn"])
    assert forward.returned.tolist() == [True, True, False]
    close(forward.hidden[1:][forward.returned], output[:2, :4])
    np.testing.assert_array_equal(output[2], 0)


@pytest.mark.parametrize("sample", [-1, 2])
def test_a_sample_that_is_not_there_is_said(sample):
    trace = seqviz.capture(layer_of("GRU"), X)["rnn"]
    with pytest.raises(
        SeqvizError, match=f"no sample {sample} in this trace: it holds 2.*Hint: .* 0 to 1"
    ):
        compute_unrolled(trace, sample=sample)


def test_stacked_cells_start_from_the_state_of_the_top_one():
    stack = keras.layers.StackedRNNCells(
        [keras.layers.LSTMCell(3), keras.layers.GRUCell(4, name="top")]
    )
    layer = keras.layers.RNN(stack, return_sequences=True, name="rnn")
    start = [[np.ones((2, 3)), np.ones((2, 3))], np.full((2, 4), 0.5)]
    data = unrolled(layer, initial_state=start)
    np.testing.assert_array_equal(data.hidden[0], np.full(4, 0.5))
    close(data.hidden[1:], np.array(layer(X, initial_state=start))[0])


class MatrixCell(keras.layers.Layer):
    state_size = (2, 3)
    output_size = 6

    def call(self, inputs, states):
        state = states[0] + keras.ops.reshape(keras.ops.mean(inputs, -1), (-1, 1, 1))
        return keras.ops.reshape(state, (-1, 6)), [state]

    def get_initial_state(self, batch_size=None):
        return [keras.ops.zeros((batch_size, 2, 3))]


def test_a_state_that_is_no_vector_is_said():
    layer = keras.layers.RNN(MatrixCell(), name="rnn")
    trace = seqviz.capture(layer, X)["rnn"]
    with pytest.raises(SeqvizError, match=r"MatrixCell.*\(batch, timesteps, units\).*Hint: "):
        compute_unrolled(trace)
