"""Listening to the layer calls of one context, while all others go straight to Keras."""

from contextvars import Context

import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_array_equal

from seqviz.tracing.arrays import to_array
from seqviz.tracing.intercept import Listener, listening

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


class Hearing(Listener):
    """Notes what it hears, and leaves it to Keras."""

    def __init__(self):
        self.heard = []

    def layer_call(self, layer_call, layer, args, kwargs):
        self.heard.append(layer.name)
        return super().layer_call(layer_call, layer, args, kwargs)

    def rnn_call(self, rnn_call, layer, sequences, *how):
        self.heard.append(("loop", *how))
        return super().rnn_call(rnn_call, layer, sequences, *how)


class Told(layers.Layer):
    """A cell that adds up, and doubles what it puts out when it is told to train."""

    state_size = output_size = 3

    def call(self, inputs, states, training=False):
        state = states[0] + inputs
        return (2 * state if training else state), [state]


@pytest.fixture
def layer():
    layer = layers.RNN(Told(), name="rnn")
    layer.build(X.shape)
    return layer


def test_a_listener_hears_a_call_and_its_loop_and_keras_does_both(layer):
    mask = np.array([[1, 1, 0, 0, 0], [1, 1, 1, 1, 0]], bool)
    start = np.ones((2, 3), "float32")
    listener = Hearing()
    with listening(listener):
        output = layer(X, initial_state=start, mask=mask, training=True)
    assert_array_equal(output, layer(X, initial_state=start, mask=mask, training=True))
    call, (_, heard_start, heard_mask, training), *_of_cell = listener.heard
    assert call == "rnn"
    assert_array_equal(heard_start, start)
    assert_array_equal(heard_mask, mask)
    assert training is True


def test_a_loop_called_by_itself_has_the_defaults_of_keras(layer):
    listener = Hearing()
    with listening(listener):
        output = layer.call(X)
    assert listener.heard[0] == ("loop", None, None, False)
    assert_array_equal(output, layer.call(X))


def own_methods():
    return layers.Layer.__call__, layers.RNN.call


@pytest.mark.parametrize("error", [None, RuntimeError("out of cheese")])
def test_keras_has_its_own_methods_back_however_listening_ends(error):
    before = own_methods()

    def listen():
        with listening(Listener()):
            assert own_methods() != before
            if error:
                raise error

    for _ in range(2):
        if error:
            with pytest.raises(RuntimeError, match="out of cheese"):
                listen()
        else:
            listen()
        assert own_methods() == before


def test_the_outer_of_two_goes_on_when_the_inner_one_is_gone(layer):
    before, outer, inner = own_methods(), Hearing(), Hearing()
    with listening(outer):
        with listening(inner):
            layer(X)
        assert outer.heard == []
        layer(X)
    assert inner.heard == outer.heard
    assert outer.heard[0] == "rnn"
    assert own_methods() == before


def test_another_context_is_not_heard_and_gets_what_keras_gives(layer):
    expected = to_array(layer(X, mask=X[..., 0] > 0, training=True))
    listener = Hearing()
    with listening(listener):
        output = Context().run(lambda: layer(X, mask=X[..., 0] > 0, training=True))
    assert listener.heard == []
    assert_array_equal(output, expected)
