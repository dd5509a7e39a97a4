"""From Keras's tensors to NumPy."""

from typing import Any

import keras
import numpy as np

from seqviz.array_types import Floats
from seqviz.tracing.backend import BACKEND


def to_array(value: Any) -> np.ndarray:
    """A NumPy copy of a tensor, a variable or an array, which shares no memory with it."""
    if isinstance(value, keras.Variable):
        value = value.value
        if callable(getattr(value, "value", None)):
            value = value.value()  # of tf.Variable: half the time of its `numpy`
    if BACKEND == "torch":  # whose `numpy` shares memory
        return np.array(keras.ops.convert_to_numpy(value))
    if not hasattr(value, "numpy"):
        return np.array(value)
    # Quicker than `numpy.array` on a tensor, which also warns under NumPy 2. It is a copy already,
    # but of a single text.
    array = value.numpy()
    return array if isinstance(array, np.ndarray) else np.array(array)


def largest_gap(one: Floats, other: Floats) -> float:
    """The largest difference between two arrays of one shape."""
    return float(np.abs(one - other).max())


def texts_of(values: Any) -> list[str]:
    """The texts in a tensor or an array, in reading order; empty if it holds something else."""
    if not _holds_texts(values):
        return []
    texts = np.ravel(np.asarray(values)).tolist()
    return [t.decode(errors="replace") if isinstance(t, bytes) else str(t) for t in texts]


def _holds_texts(values: Any) -> bool:
    if isinstance(values, np.ndarray):
        return values.dtype.kind in "OSU"
    return keras.ops.is_tensor(values) and keras.backend.standardize_dtype(values.dtype) == "string"
