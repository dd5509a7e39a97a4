"""What a record of a trace says of itself in a few lines."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from seqviz.array_types import Array
from seqviz.short_repr import LINES, cut, summary, values_range, written

# Below and above these a sigmoid gate is called saturated, as in Karpathy, Johnson and Fei-Fei,
# Visualizing and Understanding Recurrent Networks, arXiv:1506.02078.
SATURATED: Final = (0.1, 0.9)
_SIGMOIDS: Final = ("sigmoid", "hard_sigmoid")


def write_record(record: Any, values: Mapping[str, Any]) -> str:
    """A record by its kind, its name and its values."""
    told = [(name, summary(value)) for name, value in values.items()]
    return written(_title(record), [("layer", record.layer), *told])


def write_recurrent(record: Any) -> str:
    """A recurrent layer: its cell, the ranges of its arrays, and how far its gates are saturated."""
    options = [
        option
        for option in ("return_sequences", "return_state", "go_backwards", "reset_after")
        if getattr(record, option)
    ]
    layer = "" if record.layer in ("", record.cell) else f"{record.layer} of "
    told = {
        "cell": ", ".join([f"{layer}{record.cell}", *options]),
        "inputs": summary(record.inputs),
        "mask": "" if record.mask is None else summary(record.mask),
        "hidden_states": summary(record.hidden_states),
        "cell_states": "" if record.cell_states is None else summary(record.cell_states),
        "gates": _ranges(record.gates),
        "saturated": _shares(record),
        "pre_activations": _ranges(record.pre_activations),
        "output": summary(record.output),
        "weights": ", ".join(f"{name} {shapes(w)}" for name, w in record.weights.items()),
    }
    return written(_title(record), [(name, text) for name, text in told.items() if text])


def saturation(record: Any) -> dict[str, float]:
    """For each sigmoid gate the share of its values below 0.1 or above 0.9, from 0 to 1.

    Steps that the mask told the layer to skip do not count. Empty where no gate is a sigmoid.
    """
    if record.recurrent_activation not in _SIGMOIDS:
        return {}
    low, high = SATURATED
    kept = slice(None) if record.mask is None else record.mask[:, record.timesteps].astype(bool)
    return {
        name: float(np.mean((values[kept] < low) | (values[kept] > high)))
        for name, values in record.gates.items()
        if name != "candidate" and values[kept].size
    }


def write_trace(layers: Mapping[str, Any]) -> str:
    """One line a layer: its key, the shapes of what it took and of what it returned."""
    lines = [
        cut(f"  {key}: {shapes(record.inputs)} → {shapes(record.output)}")
        for key, record in layers.items()
    ]
    room = LINES - 2
    if len(lines) > room:
        last = 3
        first = room - last - 1
        lines = [*lines[:first], f"  … {len(lines) - first - last:,} more …", *lines[-last:]]
    return "\n".join(["Trace(", *lines, ")"])


def shapes(arrays: Any) -> str:
    """The shapes of arrays in their nesting."""
    if isinstance(arrays, Mapping):
        return "{" + ", ".join(f"{k}: {shapes(a)}" for k, a in arrays.items()) + "}"
    if isinstance(arrays, list | tuple):
        return "[" + ", ".join(map(shapes, arrays)) + "]"
    return str(getattr(arrays, "shape", arrays))


def write_arrays(arrays: Mapping[str, Array]) -> str:
    """Arrays by name, as those of the gates."""
    told = [(name, summary(values)) for name, values in arrays.items()]
    return written("ByName", told) if told else "{}"


def _title(record: Any) -> str:
    return " ".join(filter(None, [type(record).__name__, record.name and repr(record.name)]))


def _ranges(arrays: Mapping[str, Array]) -> str:
    """``forget 0.4 … 0.7, …``."""
    return ", ".join(f"{name} {values_range(values)}" for name, values in arrays.items())


def _shares(record: Any) -> str:
    told = ", ".join(f"{name} {share:.0%}" for name, share in saturation(record).items())
    return told and f"{told} (below {SATURATED[0]} or above {SATURATED[1]})"
