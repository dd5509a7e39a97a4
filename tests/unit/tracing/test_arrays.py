"""Tensors, variables and arrays as NumPy arrays of one's own."""

import tracemalloc

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from seqviz.tracing import arrays
from seqviz.tracing.arrays import largest_gap, texts_of, to_array
from tests.unit.backends import ON_TENSORFLOW

if ON_TENSORFLOW:
    import tensorflow as tf

    OWN = [tf.constant, tf.Variable]
    SINGLE = [(tf.constant("a"), b"a"), (tf.constant(["a"]), [b"a"])]
else:
    OWN, SINGLE = [], []

VALUES = np.arange(6, dtype="float32").reshape(2, 3)


@pytest.mark.parametrize(
    "make", [np.array, keras.Variable, keras.ops.array, np.ndarray.tolist, *OWN]
)
def test_what_is_returned_can_be_written_and_changes_nothing(make):
    value = make(VALUES)
    array = to_array(value)
    assert type(array) is np.ndarray
    array += 1
    assert_array_equal(array, VALUES + 1)
    assert_array_equal(np.asarray(value), VALUES)


class Sharing:
    """Gives out its own memory, as a tensor of PyTorch does."""

    def __init__(self):
        self.values = VALUES.copy()

    def numpy(self):
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.values


def test_what_shares_its_memory_as_in_pytorch_is_copied_too(monkeypatch):
    monkeypatch.setattr(arrays, "BACKEND", "torch")
    value = Sharing()
    array = to_array(value)
    array += 1
    assert_array_equal(array, VALUES + 1)
    assert_array_equal(value.values, VALUES)


@pytest.mark.parametrize(
    ("value", "expected"), [(keras.ops.convert_to_tensor(2.5), np.float32(2.5)), *SINGLE]
)
def test_a_single_number_and_texts_are_arrays_too(value, expected):
    array = to_array(value)
    assert type(array) is np.ndarray
    assert array.shape == np.shape(expected)
    assert_array_equal(array, expected)


def test_a_tensor_is_copied_once():
    tensor = keras.ops.zeros((1000, 1000))
    tracemalloc.start()
    try:
        array = to_array(tensor)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert array.nbytes <= peak < 1.1 * array.nbytes


def test_the_largest_gap_is_the_largest_difference_of_either_sign():
    assert largest_gap(np.array([[1.0, 2], [3, 4]]), np.array([[1.5, 2], [0.5, 4]])) == 2.5


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (np.array([["a", "b"], ["c", "d"]]), ["a", "b", "c", "d"]),
        (
            np.array(["\N{GREEK SMALL LETTER ALPHA}".encode(), "b", None], object),
            ["α", "b", "None"],
        ),
        (np.array([b"caf\xe9"]), ["caf\N{REPLACEMENT CHARACTER}"]),
        *[(tensor, list(np.ravel(text).astype(str))) for tensor, text in SINGLE],
        (np.ones(2), []),
        (keras.ops.ones(2), []),
        (None, []),
        ("text", []),
    ],
)
def test_texts_in_reading_order_and_none_in_what_holds_other_things(values, texts):
    assert texts_of(values) == texts
