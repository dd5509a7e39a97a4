"""What a record of a trace says of itself in a few lines."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from seqviz.array_types import Array
from seqviz.short_repr import LINES, summary, values_range, written

# Below and above these a sigmoid gate is called saturated, as in Karpathy, Johnson and Fei-Fei,
# Visualizing and Understanding Recurrent Networks, arXiv:1506.02078.
SATURATED: Final = (0.1, 0.9)
_SIGMOIDS: Final = ("sigmoid", "hard_sigmoid")


Rows: TypeAlias = list[tuple[str, str]]


def title_of(record: Any) -> str:
    """A record's class and name."""
    return " ".join(filter(None, [type(record).__name__, record.name and repr(record.name)]))


def record_rows(record: Any, values: Mapping[str, Any]) -> Rows:
    """What a record holds, by name."""
    layer = [("layer", record.layer)] if record.layer else []
    return [*layer, *((name, summary(value)) for name, value in values.items())]


def recurrent_rows(record: Any) -> Rows:
    """A recurrent layer: its cell, the ranges of its arrays, and how far its gates are saturated."""
    options = [
        option
        for option in ("return_sequences", "return_state", "go_backwards", "reset_after")
        if getattr(record, option)
    ]
    layer = "" if record.layer in ("", record.cell) else f"{record.layer} of "
    told = {
        "cell": ", ".join([f"{layer}{record.cell}", *options]),
        "inputs": _told(record.inputs),
        "mask": _told(record.mask),
        "hidden_states": _told(record.hidden_states),
        "cell_states": _told(record.cell_states),
        "gates": _ranges(record.gates),
        "saturated": _shares(record),
        "pre_activations": _ranges(record.pre_activations),
        "output": _told(record.output),
        "weights": ", ".join(f"{name} {shapes(w)}" for name, w in record.weights.items()),
    }
    return [(name, text) for name, text in told.items() if text]


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


def layer_rows(layers: Mapping[str, Any]) -> Rows:
    """For each layer its key, and the shapes of what it took and returned; not too many of them."""
    rows = [(key, f"{shapes(r.inputs)} → {shapes(r.output)}") for key, r in layers.items()]
    room, last = LINES - 2, 3
    first = room - last - 1
    if len(rows) <= room:
        return rows
    return [*rows[:first], ("…", f"{len(rows) - first - last:,} more"), *rows[-last:]]


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


def _told(value: Any) -> str:
    return "" if value is None else summary(value)


def _ranges(arrays: Mapping[str, Array]) -> str:
    """``forget 0.4 … 0.7, …``."""
    return ", ".join(f"{name} {values_range(values)}" for name, values in arrays.items())


def _shares(record: Any) -> str:
    told = ", ".join(f"{name} {share:.0%}" for name, share in saturation(record).items())
    return told and f"{told} (below {SATURATED[0]} or above {SATURATED[1]})"
