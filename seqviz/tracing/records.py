"""What was seen of a layer call, as the record that a trace keeps of it."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.trace import AnyTrace, EmbeddingTrace, LayerTrace, RecurrentTrace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import has_value
from seqviz.tracing.replay import Steps, kind_of

_EMBEDS = {keras.layers.Embedding.call, keras.layers.ReversibleEmbedding.call}


def record_of(
    layer: Any, arguments: tuple[Any, ...], named: dict[str, Any], output: Any, opened: Mapping
) -> AnyTrace:
    """The record of a call.

    Args:
        layer: What was called.
        arguments: By position.
        named: By keyword.
        output: What it returned.
        opened: All that a `RecurrentTrace` needs but the output; empty where the layer is shown
            from outside only.
    """
    names = {"name": layer.name, "layer": type(layer).__name__}
    if opened:
        return RecurrentTrace(**opened, output=as_arrays(output), **names)
    inputs = first_argument(arguments, named)
    if is_lookup(layer, named) and layer.quantization_mode is None:
        ids = to_array(inputs)
        mask = getattr(output, "_keras_mask", None)
        return EmbeddingTrace(
            ids=ids if ids.dtype.kind in "iu" else ids.astype("int32"),
            weights=to_array(layer.embeddings),
            vectors=to_array(output),
            mask=None if mask is None else to_array(mask),
            **names,
        )
    return LayerTrace(as_arrays(inputs), as_arrays(output), **names)


def is_reversed(named: Mapping[str, Any]) -> bool:
    """Whether a `ReversibleEmbedding` is called on vectors, to score every word."""
    return bool(named.get("reverse"))


def is_lookup(layer: Any, named: Mapping[str, Any]) -> bool:
    """Whether a call looks rows of a table up, by Keras's own code."""
    plain = type(layer).call in _EMBEDS and "call" not in vars(layer)
    return plain and not is_reversed(named)


def opened_fields(layer: keras.layers.RNN, mask: Array | None, steps: Steps) -> dict[str, Any]:
    """The fields of a `RecurrentTrace`, all but the output."""
    cell = layer.cell
    kind = kind_of(cell)
    # Of stacked cells the top one is the layer's face: its states come after those below it.
    top = len(keras.tree.flatten(steps.initial_state[:-1])) if hasattr(cell, "cells") else 0
    timesteps = np.arange(steps.inputs.shape[1])
    return {
        "inputs": steps.inputs,
        "mask": mask,
        "initial_state": tuple(keras.tree.flatten(steps.initial_state)),
        "hidden_states": steps.states[top],
        "cell_states": steps.states[1] if kind == "LSTM" else None,
        "gates": steps.gates,
        "pre_activations": steps.pre_activations,
        "timesteps": timesteps[::-1].copy() if layer.go_backwards else timesteps,
        "weights": steps.weights,
        "states": steps.states,
        "hidden_index": top,
        "cell": kind or type(cell).__name__,
        "return_sequences": bool(layer.return_sequences),
        "return_state": bool(layer.return_state),
        "go_backwards": bool(layer.go_backwards),
        "activation": _name_of(cell, "activation"),
        "recurrent_activation": _name_of(cell, "recurrent_activation"),
        "reset_after": bool(cell.reset_after) if kind == "GRU" else None,
    }


def first_argument(arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """What a layer was called on, in the shape in which it was written."""
    if arguments:
        first, *others = arguments
        return arguments if others else first
    tensors = {k: v for k, v in named.items() if keras.ops.is_tensor(v) and k != "mask"}
    return next(iter(tensors.values())) if len(tensors) == 1 else tensors


def as_arrays(values: Any) -> Any:
    """Tensors, in any nesting, as NumPy arrays; what is no tensor stays what it is."""
    return keras.tree.map_structure(lambda v: to_array(v) if hasattr(v, "shape") else v, values)


def is_concrete(values: Any) -> bool:
    """Whether every tensor has a value: none is symbolic, of Keras or of a graph."""
    return all(map(has_value, keras.tree.flatten(values)))


def _name_of(cell: Any, argument: str) -> str:
    """Name of one of a cell's functions, `""` if it has none."""
    return str(getattr(getattr(cell, argument, None), "__name__", ""))
