"""What training says where Keras does not run on TensorFlow."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError
from tests.unit.backends import BACKEND, only_elsewhere

IDS, TARGETS = np.array([[1, 2]]), np.array([[0.0]])


def model():
    return keras.Sequential(
        [keras.layers.Embedding(5, 2), keras.layers.Flatten(), keras.layers.Dense(1)]
    )


@only_elsewhere
@pytest.mark.parametrize(
    "call",
    [
        lambda *given: seqviz.gradient_step(*given),
        lambda *given: seqviz.train(*given, epochs=1),
    ],
)
def test_training_needs_tensorflow(call):
    says = f"runs on {BACKEND}, but training needs TensorFlow's tape.*KERAS_BACKEND=tensorflow"
    with pytest.raises(SeqvizError, match=says):
        call(model(), IDS, TARGETS, keras.optimizers.SGD(0.1))
