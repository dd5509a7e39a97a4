"""capture and verify are the same on every backend that Keras runs on, as far as Keras is."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import capture, verify
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import REPEATS_STATE, has_value
from tests import ROOT
from tests.unit.backends import BACKEND, compiled

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
MASK = np.array([[False, True, False, True], [True, True, False, False]])


@pytest.mark.parametrize(
    "value", [None, 3, "text", [1.0], np.ones(2), np.array(["a"]), keras.Variable(1.0)]
)
def test_what_is_no_tensor_has_a_value(value):
    assert has_value(value)


def test_a_tensor_has_a_value_unless_it_is_symbolic():
    assert has_value(keras.ops.ones((2, 3)))
    assert not has_value(keras.Input((2,)))
    seen = []
    compiled(lambda x: seen.append(has_value(x)) or x)(keras.ops.ones(2))
    assert seen == [False]


# AutoGraph, which TensorFlow has by default, makes an error of its own of it.
@pytest.mark.parametrize("autograph", [True, False])
@pytest.mark.parametrize("mask", [None, MASK])
def test_capture_in_a_graph_is_refused(autograph, mask):
    layer = layers.LSTM(2)
    layer.build((None, None, 3))
    with pytest.raises(Exception, match=r"Call it outside (tf.function|jax.jit)"):
        compiled(lambda x: capture(layer, x, mask=mask).output, autograph=autograph)(
            keras.ops.array(X)
        )


@pytest.mark.parametrize("unroll", [False, True])
def test_before_the_first_step_read_stands_zero_or_the_initial_state(unroll):
    layer = layers.GRU(2, return_sequences=True, unroll=unroll)
    start = np.array([[0.5, -0.5], [1, 2]], "float32")
    output = capture(layer, X, mask=MASK, initial_state=start).output
    assert_array_equal(output[0, 0], start[0] if REPEATS_STATE and not unroll else [0, 0])


class Leaky(layers.Layer):
    """A cell with arithmetic of its own."""

    def __init__(self):
        super().__init__()
        self.state_size = self.output_size = 3

    def call(self, inputs, states):
        state = 0.5 * states[0] + inputs
        return 2 * state, [state]


@pytest.mark.parametrize("mask", [None, MASK])
def test_a_cell_of_its_own_is_watched_step_by_step(mask):
    layer = layers.RNN(Leaky(), return_sequences=True, name="rnn")
    trace = capture(layer, X, mask=mask)
    state, read = np.zeros((2, 3)), np.ones((2, 4), bool) if mask is None else mask
    for step in range(4):
        state = np.where(read[:, step, None], 0.5 * state + X[:, step], state)
        assert_allclose(trace["rnn"].hidden_states[:, step], state, atol=1e-6)
    expected = layer(X, mask=None if mask is None else keras.ops.array(mask))
    assert_allclose(trace.output, to_array(expected), atol=1e-6)
    assert verify(layer, X, trace, mask=mask) < 1e-6


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype float64")
@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU", "LSTM"])
def test_a_layer_of_float64_has_the_dtype_of_keras_own_output(kind):
    layer = getattr(layers, kind)(2, dtype="float64", name="rnn")
    trace = capture(layer, X)
    assert trace["rnn"].hidden_states.dtype == to_array(layer(X)).dtype
    assert verify(layer, X, trace) < 1e-6


_SCRIPT = """
import sys, seqviz
model = seqviz.build_model(seqviz.ModelConfig(cell="LSTM", mask_zero=True))
trace = seqviz.capture(model, [[1, 2, 0]])
assert seqviz.verify(model, [[1, 2, 0]], trace) < 1e-6
print(*sorted({"jax", "tensorflow", "torch"} & set(sys.modules)))
"""


def test_no_other_backend_is_imported():
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [BACKEND]
