"""Where recurrent layers start: what Keras gives them, the user's, or where they were left."""

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import LayerTrace, RecurrentTrace, SeqvizError, capture, verify
from seqviz.tracing.arrays import to_array

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
START = np.array([[1, 2, 3], [4, 5, 6]], "float32") / 8


def checked(model):
    """Capture, prove, and compare with the model's own call."""
    trace = capture(model, X)
    for at_once in (False, True):
        assert verify(model, X, trace, at_once=at_once) < 2e-6
    assert_allclose(trace.output, to_array(model(X)), atol=1e-6)
    return trace


class Several(keras.Model):
    """Calls one stateful layer several times, in training or not."""

    def __init__(self, trainings, layer):
        super().__init__()
        self.trainings, self.layer = trainings, layer

    def call(self, x):
        for training in self.trainings:
            x = self.layer(x, training=training)
        return x


# A layer that might drop out is left to Keras in training, which then keeps its states by itself.
@pytest.mark.parametrize(
    "trainings", [(False, False, False), (False, True), (True, False), (False, True, False)]
)
@pytest.mark.parametrize("kind", [layers.GRU, layers.LSTM])
def test_each_call_of_a_stateful_layer_goes_on_from_the_last_whoever_ran_it(kind, trainings):
    layer = kind(3, stateful=True, return_sequences=True, dropout=1e-7, name="rnn")
    model = Several(trainings, layer)
    model(X)
    for training, record in zip(trainings, checked(model).values(), strict=True):
        assert isinstance(record, LayerTrace if training else RecurrentTrace)


def test_a_stateful_layer_that_is_given_a_state_starts_from_that():
    x, start = keras.Input(batch_shape=(2, 5, 3)), keras.Input(batch_shape=(2, 3))
    layer = layers.GRU(3, stateful=True, name="gru")
    model = keras.Model([x, start], layer(x, initial_state=start))
    model([X, START])
    trace = capture(model, [X, START])
    assert_array_equal(trace["gru"].initial_state, [START])
    assert_allclose(trace.output, to_array(model([X, START])), atol=1e-6)


def test_all_states_of_stacked_cells_go_on():
    cells = [layers.LSTMCell(2), layers.GRUCell(3)]
    layer = layers.RNN(cells, stateful=True, return_sequences=True, name="rnn")
    model = Several((False, False), layer)
    model(X)
    trace = checked(model)
    for states, start in zip(trace["rnn"].states, trace["rnn#2"].initial_state, strict=True):
        assert_array_equal(start, states[:, -1])


def test_a_layer_made_stateful_after_it_was_built_is_refused_as_by_keras():
    layer = layers.GRU(3)
    layer.build(X.shape)
    layer.stateful = True
    with pytest.raises(ValueError, match="None"):
        layer(X)
    with pytest.raises(SeqvizError, match="cannot be called"):
        capture(layer, X)


def test_a_layer_that_is_no_longer_stateful_starts_from_zero():
    layer = layers.GRU(3, stateful=True, name="gru")
    layer(X)
    layer.stateful = False
    trace = checked(layer)
    assert not trace["gru"].initial_state[0].any()


class FromOnes(layers.Layer):
    """A cell of one's own, that adds up from 1."""

    state_size = output_size = 3

    def call(self, inputs, states):
        return states[0] + inputs, [states[0] + inputs]

    def get_initial_state(self, batch_size=None):
        return [keras.ops.ones((batch_size, 3))]


def test_a_cell_says_where_it_starts():
    trace = checked(layers.RNN(FromOnes(), name="rnn"))
    assert_array_equal(trace["rnn"].initial_state, [np.ones((2, 3))])
    assert_allclose(trace["rnn"].hidden_states, 1 + np.cumsum(X, axis=1), atol=1e-6)


def test_a_layer_and_its_cell_say_both_where_it_starts():
    layer = layers.SimpleRNN(3, name="rnn")
    layer.build(X.shape)
    layer.get_initial_state = lambda batch_size: [START]
    layer.cell.get_initial_state = lambda batch_size: [2 * START]
    assert_array_equal(checked(layer)["rnn"].initial_state, [START])


def test_a_state_for_a_second_call_is_not_that_of_a_layer_after_it():
    x = keras.Input((5, 3))
    rnn = layers.GRU(3, return_sequences=True, name="gru")
    inner = keras.Sequential([keras.Input((5, 3)), rnn], name="inner")
    model = keras.Model(x, layers.GRU(3, name="last")(inner(inner(x))))
    trace = capture(model, X, initial_state={"inner#2/gru": START})
    starts = {key: record.initial_state for key, record in trace.items() if "gru" in key}
    assert_array_equal(starts["inner/gru#2"], [START])
    assert not starts["inner/gru"][0].any()
    assert not trace["last"].initial_state[0].any()


@pytest.mark.parametrize("make", [lambda: FromOnes(), lambda: layers.GRUCell(3)])
def test_a_stateful_layer_is_kept_to_its_batch(make):
    layer = layers.RNN(make(), stateful=True)
    layer(X)
    with pytest.raises(SeqvizError, match="Expected batch size: 2"):
        capture(layer, X[:1])


@pytest.mark.parametrize(("free", "says"), [(0, "the model itself gives"), (2, "has 2 recurrent")])
def test_one_state_for_all_layers_beside_one_that_the_model_gives_its_own(free, says):
    x, start = keras.Input((5, 3)), keras.Input((3,))
    y = x
    for _ in range(free):
        y = layers.GRU(3, return_sequences=True)(y)
    model = keras.Model([x, start], layers.GRU(3)(y, initial_state=start))
    with pytest.raises(SeqvizError, match=says):
        capture(model, [X, START], initial_state=START)


def test_a_state_for_a_model_without_a_layer_to_take_it():
    model = keras.Sequential([keras.Input((5, 3)), layers.Dense(2)])
    with pytest.raises(SeqvizError, match=r"has 0 recurrent layers to take it: \[\]"):
        capture(model, X, initial_state=START)


@pytest.mark.parametrize("given", [START[:, :2], {"gru": START[:, :2]}])
def test_a_state_of_another_shape_is_what_is_told_first(given):
    model = keras.Sequential([keras.Input((5, 3)), layers.GRU(3, name="gru")])
    with pytest.raises(SeqvizError, match=r"'gru' has the shapes \[\(2, 2\)\]") as caught:
        capture(model, X, initial_state=given)
    assert isinstance(caught.value.__cause__, SeqvizError)
