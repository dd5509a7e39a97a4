"""What a record says of a call: what the layer was called on, and which functions its cell has."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_array_equal

from seqviz import EmbeddingTrace, LayerTrace, capture
from seqviz.tracing.records import is_concrete

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
MASK = np.array([[1, 1, 0, 0, 1], [0, 1, 1, 0, 0]], bool)


class Weighted(layers.Layer):
    supports_masking = True

    def call(self, first, second=None, factor=1, mask=None):
        return factor * (first if second is None else first + second)


class Calling(keras.Model):
    """Calls a layer in a way of one's choice."""

    def __init__(self, call):
        super().__init__()
        self.layer, self.way = Weighted(name="weighted"), call

    def call(self, x):
        return self.way(self.layer, x)


@pytest.mark.parametrize(
    ("way", "inputs"),
    [
        (lambda layer, x: layer(x), X),
        (lambda layer, x: layer(x, 2 * x), (X, 2 * X)),
        (lambda layer, x: layer(x, second=2 * x), X),
        (lambda layer, x: layer(first=x), X),
        (lambda layer, x: layer(first=x, factor=3, mask=ops.array(MASK)), X),
        (lambda layer, x: layer(first=x, second=2 * x), {"first": X, "second": 2 * X}),
    ],
)
def test_inputs_stand_as_the_call_was_written(way, inputs):
    record = capture(Calling(way), X)["weighted"]
    assert type(record.inputs) is type(inputs)
    keras.tree.map_structure(assert_array_equal, record.inputs, inputs)


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (layers.SimpleRNN(2), ("tanh", "", None)),
        (layers.GRU(2, activation="relu", reset_after=False), ("relu", "sigmoid", False)),
        (layers.GRU(2, activation=layers.LeakyReLU()), ("", "sigmoid", True)),
        (layers.LSTM(2, recurrent_activation="hard_sigmoid"), ("tanh", "hard_sigmoid", None)),
    ],
)
def test_the_functions_of_a_cell_have_their_names(layer, names):
    (record,) = capture(layer, X).values()
    assert (record.activation, record.recurrent_activation, record.reset_after) == names


class Plain(layers.Embedding):
    """Keras's own in all but its name."""


class Doubled(layers.Embedding):
    def call(self, inputs):
        return 2 * super().call(inputs)


def doubled_alone():
    layer = layers.Embedding(9, 2)
    layer.build()
    original = layer.call
    layer.call = lambda inputs: 2 * original(inputs)
    return layer


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: Plain(9, 2), EmbeddingTrace),
        (lambda: Doubled(9, 2), LayerTrace),
        (doubled_alone, LayerTrace),
    ],
)
def test_only_what_looks_up_rows_as_keras_does_is_an_embedding(make, kind):
    (record,) = capture(make(), [[1, 2, 3]]).values()
    assert type(record) is kind


def test_one_symbolic_tensor_among_others_is_enough_not_to_be_concrete():
    assert is_concrete([X, None, 3])
    assert not is_concrete([X, None, keras.Input((3,))])
