"""One value that a user hands over, made into a tensor: numbers, or texts as people have them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.tracing.backend import BACKEND
from seqviz.tracing.refusals import gist

_EXAMPLE = "Give for example [[1, 2, 3]]."


def to_tensor(value: Any, *, may_be_empty: bool = False) -> Any:
    """A tensor of what is an array, a column of a table, a list, or a tensor already.

    Args:
        value: What the user gave.
        may_be_empty: Whether an array without a single value will do.

    Returns:
        The tensor. Texts stay an array where Keras does not run on TensorFlow, whose tensors alone
        can hold them: the model may say what it makes of texts.

    Raises:
        SeqvizError: If it is symbolic, ragged, empty, or neither numbers nor texts.
    """
    if isinstance(value, keras.KerasTensor):
        raise SeqvizError(
            "The inputs are a symbolic tensor, which has a shape but no values. Give an array of "
            "numbers, for example [[1, 2, 3]]."
        )
    if "Ragged" in type(value).__name__:
        raise SeqvizError(
            "The inputs are a ragged tensor, but a batch is one array (batch, timesteps). "
            "Use inputs.to_tensor(), which pads with 0."
        )
    if not keras.ops.is_tensor(value):
        value = _array(value)
    if 0 in tuple(value.shape) and not may_be_empty:
        raise SeqvizError(
            f"The inputs are empty: their shape is {tuple(value.shape)}, but at least one sequence "
            f"of one timestep is needed. {_EXAMPLE}"
        )
    if BACKEND != "tensorflow" and isinstance(value, np.ndarray) and value.dtype.kind in "OSU":
        return value
    try:
        return keras.ops.convert_to_tensor(value)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"The inputs cannot become a tensor: {gist(error)} Give numbers in a NumPy array."
        ) from error


def _array(value: Any) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise _ragged() from error
    if array.dtype.kind == "T":  # NumPy's own texts of any length, which TensorFlow does not know
        return array.astype(object)
    if array.dtype.kind in "US" and isinstance(value, list | tuple):
        _check_only_texts(keras.tree.flatten(value))  # NumPy would write a number as text
    return _from_objects(array) if array.dtype == object else array


def _from_objects(array: np.ndarray) -> np.ndarray:
    """What pandas and NumPy keep as objects: texts, or rows as lists."""
    values = array.ravel().tolist()
    if not values:
        return array
    if any(isinstance(value, str | bytes) for value in values):
        _check_only_texts(values)
        return array
    try:
        plain = np.asarray(array.tolist())
    except ValueError as error:
        raise _ragged() from error
    if plain.dtype == object:
        odd = next((v for v in values if not isinstance(v, int | float)), values[0])
        raise SeqvizError(
            f"The inputs are {type(odd).__name__}, but must be an array of numbers or of texts. "
            f"{_EXAMPLE}"
        )
    return plain


def _check_only_texts(values: Sequence[Any]) -> None:
    for place, value in enumerate(values):
        if not isinstance(value, str | bytes):
            raise SeqvizError(
                f"Value {place} of the inputs is {value!r}, but the others are texts. "
                "Every one must be a text: fill what is missing, for example with fillna('')."
            )


def _ragged() -> SeqvizError:
    return SeqvizError(
        "The inputs have rows of different lengths, but a batch is one array "
        "(batch, timesteps). Pad the rows to one length, for example with "
        "keras.utils.pad_sequences(rows, padding='post')."
    )
