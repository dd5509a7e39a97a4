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

from seqviz.array_types import Array
from seqviz.trace import AnyTrace

_TimeDistributed = keras.layers.TimeDistributed
_WORTH_OPENING = keras.layers.Embedding | keras.layers.RNN
# What of a record is of the layer, not of the batch.
_OF_LAYER = {"weights", "timesteps", "name", "layer", "outer_shape"}


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
    first, *others = steps
    if any(list(step) != list(first) for step in others):
        return {}
    return {key: _merged([step[key] for step in steps], batch) for key in first}


def _merged(records: list[AnyTrace | None], batch: int) -> AnyTrace | None:
    first, *others = records
    if first is None or any(type(record) is not type(first) for record in others):
        return None
    steps = list(map(_values_of, records))
    form, *other_forms = (keras.tree.map_structure(_form, step) for step in steps)
    if any(other != form for other in other_forms):
        return None
    made: dict[tuple[int, ...], Array] = {}  # an array that a record has under two names stays one

    def merge(value: Any, *others: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        which = (id(value), *map(id, others))
        if which not in made:
            made[which] = _interleaved(batch, value, *others)
        return made[which]

    try:
        values = keras.tree.map_structure(merge, *steps)
    except _NoBatchError:
        return None
    return replace(first, **values, outer_shape=(batch, len(records), *first.outer_shape[1:]))


def _values_of(record: Any) -> dict[str, Any]:
    """What a record holds of the batch, by field."""
    values = {of.name: getattr(record, of.name) for of in fields(record)}
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if name not in _OF_LAYER
    }


def _form(value: Any) -> Any:
    """What the values of all timesteps must have in common to go into one."""
    return value.shape if isinstance(value, np.ndarray) else value


class _NoBatchError(Exception):
    """An array is not of so many samples."""


def _interleaved(batch: int, array: Array, *others: Array) -> Array:
    """Arrays of one shape as one, the timesteps of the first sample first."""
    if array.ndim == 0 or len(array) % batch:
        raise _NoBatchError
    of_row = array.shape[1:]
    # Of a TimeDistributed in another the rows of one sample are several already.
    by_sample = [each.reshape(batch, -1, *of_row) for each in (array, *others)]
    return np.stack(by_sample, axis=1).reshape(-1, *of_row)
