"""Gradients where Keras does not run on TensorFlow: the same numbers, without the tape's proof."""

import keras
import numpy as np
import pytest

from seqviz import SeqvizError, capture, compute_gradients, verify_gradients
from seqviz.tracing.arrays import to_array
from tests.unit.backends import BACKEND, only_elsewhere

X = np.random.default_rng(0).normal(size=(1, 5, 2)).astype("float32")
KINDS = ["SimpleRNN", "GRU", "LSTM"]


def captured(kind, **arguments):
    layer = getattr(keras.layers, kind)(3, name="layer", **arguments)
    return layer, capture(layer, X)["layer"]


@only_elsewhere
@pytest.mark.parametrize("kind", KINDS)
def test_the_proof_needs_tensorflow(kind):
    layer, trace = captured(kind)
    gradients = compute_gradients(layer, trace)
    for at_once in (False, True):
        with pytest.raises(SeqvizError, match=f"runs on {BACKEND}.*KERAS_BACKEND=tensorflow"):
            verify_gradients(layer, trace, gradients, at_once=at_once)


@only_elsewhere
def test_another_activation_needs_tensorflow():
    layer, trace = captured("SimpleRNN", activation="elu")
    with pytest.raises(SeqvizError, match=r"'elu' has no derivative.*KERAS_BACKEND=tensorflow"):
        compute_gradients(layer, trace)


@pytest.mark.skipif(BACKEND != "jax", reason="by jax.grad")
@pytest.mark.parametrize("kind", KINDS)
def test_equal_to_those_of_jax_through_keras_own_layer(kind):
    import jax

    layer, trace = captured(kind)
    weights = [v.value for v in layer.trainable_variables]
    others = [v.value for v in layer.non_trainable_variables]

    def summed(x):
        return layer.stateless_call(weights, others, x)[0].sum()

    expected = to_array(jax.grad(summed)(keras.ops.array(X)))[0]
    np.testing.assert_allclose(compute_gradients(layer, trace).inputs, expected, atol=1e-6)
