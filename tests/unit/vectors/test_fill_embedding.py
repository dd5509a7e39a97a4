"""The matrix that the words of a file are copied into: what stands there before."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError, WordVectors

FILE = WordVectors(("cat",), np.array([[1, 2]], np.float32))


@pytest.fixture
def double_precision():
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before[0])
    keras.config.set_dtype_policy(before[1])


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("initializer", ["uniform", keras.initializers.RandomNormal(seed=0)])
def test_the_matrix_is_of_float32_whatever_keras_computes_with(initializer):
    filled = seqviz.fill_embedding(["cat", "dog"], FILE, initializer=initializer)
    assert filled.matrix.dtype == np.float32
    assert filled.matrix[0].tolist() == [1, 2]


def test_without_a_seed_it_is_0():
    matrix, with_0, with_1 = (
        seqviz.fill_embedding(["dog"], FILE, **seed).matrix.tolist()
        for seed in ({}, {"seed": 0}, {"seed": 1})
    )
    assert matrix == with_0 != with_1


@pytest.mark.parametrize("initializer", [None, 3, lambda shape: np.ones(3)])
def test_what_makes_no_matrix_is_no_initializer(initializer):
    with pytest.raises(SeqvizError, match=r"initializer is .*, but Keras makes no matrix of it"):
        seqviz.fill_embedding(["cat"], FILE, initializer=initializer)


def test_vectors_of_no_numbers_make_no_matrix():
    with pytest.raises(SeqvizError, match="A matrix of 1 rows of 0 numbers"):
        seqviz.fill_embedding(["cat"], WordVectors(("cat",), np.zeros((1, 0), np.float32)))
