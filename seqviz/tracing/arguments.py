"""What users hand over, made into tensors; and Keras's errors, made into sentences."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.tracing.refusals import gist


def model_inputs(model: keras.layers.Layer, inputs: Any) -> Any:
    """Inputs as tensors, in the structure that the model takes.

    Raises:
        SeqvizError: If they are ragged, empty, not numbers or text, or of the wrong count.
    """
    if isinstance(inputs, Mapping):
        return {name: _tensor(value) for name, value in inputs.items()}
    if not isinstance(inputs, list | tuple):
        return _tensor(inputs)

    are_arrays = bool(inputs) and all(hasattr(value, "shape") for value in inputs)
    declared = getattr(model, "inputs", None)  # of functional models
    if declared is not None and len(declared) > 1:
        if len(inputs) != len(declared):
            raise SeqvizError(
                f"{len(inputs)} inputs were given, but {model.name!r} takes {len(declared)}: "
                f"{[tensor.name for tensor in declared]}. Give one array for each, in a list or "
                "in a dict by these names."
            )
        return [_tensor(value) for value in inputs]
    if declared and are_arrays and len(inputs) == 1 and inputs[0].ndim == declared[0].ndim:
        return _tensor(inputs[0])  # [ids], as Keras also takes it
    # A list of arrays is several inputs where the layer may take such, else the rows of a batch.
    takes_one = declared is not None or isinstance(
        model,
        keras.Sequential | keras.layers.RNN | keras.layers.Bidirectional | keras.layers.Embedding,
    )
    return [_tensor(v) for v in inputs] if are_arrays and not takes_one else _tensor(inputs)


def _tensor(value: Any) -> Any:
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
        try:
            value = np.asarray(value)
        except ValueError as error:
            raise SeqvizError(
                "The inputs have rows of different lengths, but a batch is one array "
                "(batch, timesteps). Pad the rows to one length, for example with "
                "keras.utils.pad_sequences(rows, padding='post')."
            ) from error
        if value.dtype == object:
            raise SeqvizError(
                f"The inputs are {type(value.flat[0]).__name__ if value.size else 'nothing'}, "
                "but must be an array of numbers. Give for example [[1, 2, 3]]."
            )
    if 0 in tuple(value.shape):
        raise SeqvizError(
            f"The inputs are empty: their shape is {tuple(value.shape)}, but at least one sequence "
            "of one timestep is needed. Give for example [[1, 2, 3]]."
        )
    try:
        return keras.ops.convert_to_tensor(value)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"The inputs cannot become a tensor: {gist(error)} Give numbers in a NumPy array."
        ) from error


def mask_argument(model: keras.layers.Layer, mask: Any) -> Any:
    """A mask, or one for each input, as tensors of bool."""
    _check_taken(model, "mask")
    return _leaves(mask, "bool")


def state_argument(initial_state: Any) -> Any:
    """An initial state as a tensor, or several in the nesting that was given."""
    states = _leaves(initial_state, None)
    # Nested lists of numbers: a batch of one state has two dimensions, several states three.
    return list(states) if keras.ops.is_tensor(states) and len(states.shape) > 2 else states


def check_takes_initial_state(model: keras.layers.Layer) -> None:
    """Raise SeqvizError if a layer cannot be called with `initial_state`."""
    _check_taken(model, "initial_state")


def _check_taken(model: keras.layers.Layer, name: str) -> None:
    if name not in model.call_signature_parameters:
        raise SeqvizError(
            f"{name} was given, but {model.name!r} ({type(model).__name__}) does not take one. "
            "Leave it out."
        )


def _leaves(values: Any, dtype: str | None) -> Any:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        return keras.ops.convert_to_tensor(value, dtype=dtype)

    try:
        if any(hasattr(leaf, "shape") for leaf in keras.tree.flatten(values)):
            return keras.tree.map_structure(convert, values)
        return convert(np.asarray(values))
    except (ValueError, TypeError) as error:
        what = "initial_state" if dtype is None else "mask"
        raise SeqvizError(f"{what} cannot become a tensor: {gist(error)} Give arrays.") from error
