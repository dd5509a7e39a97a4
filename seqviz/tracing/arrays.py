"""From Keras's tensors to NumPy."""

from typing import Any

import keras
import numpy as np

from seqviz.array_types import Floats


def to_array(value: Any) -> np.ndarray:
    """A NumPy copy of a tensor, a variable or an array, which shares no memory with it."""
    if isinstance(value, keras.Variable):
        value = value.value
        if callable(getattr(value, "value", None)):
            value = value.value()  # of tf.Variable: half the time of its `numpy`
    if not hasattr(value, "numpy"):
        return np.array(value)
    # Quicker than `numpy.array` on a tensor, which also warns under NumPy 2. It is a copy already,
    # but of a single text.
    array = value.numpy()
    return array if isinstance(array, np.ndarray) else np.array(array)


def largest_gap(one: Floats, other: Floats) -> float:
    """The largest difference between two arrays of one shape."""
    return float(np.abs(one - other).max())


def texts_of(tensor: Any) -> list[str]:
    """The texts in a tensor, in reading order; empty if it holds something else."""
    if not keras.ops.is_tensor(tensor) or keras.backend.standardize_dtype(tensor.dtype) != "string":
        return []
    return [text.decode(errors="replace") for text in np.ravel(np.asarray(tensor)).tolist()]
