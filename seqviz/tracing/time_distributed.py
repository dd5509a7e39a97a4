"""`TimeDistributed`: one layer called once an outer timestep, and its records made into one.

Keras slices the input along its second axis and calls the wrapped layer on each slice. The records
of these calls become one whose batch is `batch * outer timesteps`, in the order of a reshape of
`(batch, outer timesteps, …)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import keras
import numpy as np

from seqviz.trace import AnyTrace, RecurrentTrace

_TimeDistributed = keras.layers.TimeDistributed
_WORTH_OPENING = keras.layers.Embedding | keras.layers.RNN


def is_opened(layer: Any) -> bool:
    """Whether what a `TimeDistributed` wraps is looked into: if there is more than Dense to see."""
    if not isinstance(layer, _TimeDistributed):
        return False
    own = type(layer).call is not _TimeDistributed.call or "call" in vars(layer)
    return not own and any(isinstance(part, _WORTH_OPENING) for part in layer._flatten_layers())


def with_steps(layer: Any, step: Callable[..., Any]) -> Any:
    """A stand-in for a `TimeDistributed` layer that has its steps done by a function.

    Keras's own code runs on it, as on the layer, which is not touched.

    Args:
        layer: The layer.
        step: What to call in place of the wrapped layer's `call`: with the wrapped layer, the
            outer timestep, and the arguments.
    """
    stand_in = object.__new__(type(layer))
    vars(stand_in).update(vars(layer), layer=_Steps(layer.layer, step))
    return stand_in


def without_marks(layer: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a layer as `TimeDistributed` does: past `Layer.__call__`, which would mask and cast."""
    return layer.call(*args, **kwargs)


class _Steps:
    """Stands in for the wrapped layer, and counts its calls."""

    def __init__(self, layer: Any, step: Callable[..., Any]) -> None:
        self._layer = layer
        self._step = step
        self._timestep = -1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        self._timestep += 1
        return self._step(self._layer, self._timestep, *args, **kwargs)


def merged(steps: list[dict[str, AnyTrace | None]], batch: int) -> dict[str, AnyTrace | None]:
    """One record for each key of the records of every outer timestep, all of `batch` samples.

    Empty where the timesteps differ in what they called; a record whose arrays differ in shape from
    step to step, or have no batch, becomes None.
    """
    first = steps[0]
    if any(list(step) != list(first) for step in steps):
        return {}
    return {key: _merged([step[key] for step in steps], batch) for key in first}


def _merged(records: list[AnyTrace | None], batch: int) -> AnyTrace | None:
    first = records[0]
    if first is None or any(type(record) is not type(first) for record in records):
        return None
    # These are of the layer, not of the batch.
    of_layer = {"weights", "timesteps", "name", "layer", "outer_shape"}
    try:
        changed = {
            field.name: _interleaved([getattr(record, field.name) for record in records], batch)
            for field in fields(first)
            if field.name not in of_layer
        }
    except _DifferentError:
        return None
    if isinstance(first, RecurrentTrace) and changed["states"] is not None:
        changed["hidden_states"] = changed["states"][first.hidden_index]
    changed["outer_shape"] = (batch, len(records), *first.outer_shape[1:])
    return replace(first, **changed)


class _DifferentError(Exception):
    """Values of different timesteps do not go into one array."""


def _interleaved(values: list[Any], batch: int) -> Any:
    first = values[0]
    if isinstance(first, Mapping):
        if any(not isinstance(v, Mapping) or list(v) != list(first) for v in values):
            raise _DifferentError
        return {name: _interleaved([value[name] for value in values], batch) for name in first}
    if isinstance(first, list | tuple):
        if any(not isinstance(v, list | tuple) or len(v) != len(first) for v in values):
            raise _DifferentError
        parts = [_interleaved(list(part), batch) for part in zip(*values, strict=True)]
        return type(first)(parts)
    if not isinstance(first, np.ndarray):
        if any(type(value) is not type(first) or value != first for value in values):
            raise _DifferentError
        return first
    if any(np.shape(value) != first.shape for value in values):
        raise _DifferentError
    if first.ndim == 0 or len(first) % batch:
        raise _DifferentError
    # Of a TimeDistributed in another the rows of one sample are several already.
    by_sample = [value.reshape(batch, -1, *first.shape[1:]) for value in values]
    return np.stack(by_sample, axis=1).reshape(-1, *first.shape[1:])
