"""Which number of a model's output is explained."""

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from seqviz.array_types import Floats, Ints
from seqviz.errors import SeqvizError
from seqviz.tracing.arrays import to_array


class Target(NamedTuple):
    """Where the number stands.

    Attributes:
        part: Which of several outputs, by place or name; None where there is one.
        places: ``(batch, k)``, its indices in the output of each sample.
    """

    part: Any
    places: Ints

    def pick(self, output: Any) -> Any:
        """The number of every row, ``(rows,)``: the batch once for each of several variants."""
        values = output if self.part is None else output[self.part]
        if not self.places.shape[1]:
            return values
        variants = values.shape[0] // len(self.places)
        places = tf.constant(np.tile(self.places, (variants, 1)))
        return tf.gather_nd(values, places, batch_dims=1)

    def numbers(self, output: Any) -> Floats:
        """The same as an array of float64."""
        return to_array(self.pick(output)).astype(np.float64)


def target_of(output: Any, target: Any) -> Target:
    """What `target` picks of an output.

    Args:
        output: What the model returned: ``(batch, …)``, or several of these.
        target: As for `attribute`.

    Raises:
        SeqvizError: There is no such number, or several could be meant.
    """
    wanted = _indices(target)
    part = None
    if keras.tree.is_nested(output):
        part, wanted = _part_of(output, target, wanted)
        output = output[part]
    shape = tuple(output.shape[1:])
    if not output.dtype.is_floating:
        raise SeqvizError(
            f"The output is of type {output.dtype.name}, but shares are of a number that can "
            "change a little. Explain the layer before the one that rounds or chooses."
        )
    if wanted is None:
        return Target(part, _likeliest(to_array(output), shape))
    if len(wanted) != len(shape) or not all(
        isinstance(place, int) and 0 <= place < size
        for place, size in zip(wanted, shape, strict=True)
    ):
        raise SeqvizError(
            f"target is {target!r}, but the output of one sample has the shape {shape}: "
            f"{_wording(shape)}"
        )
    index = np.tile(np.array(wanted, np.int64), (output.shape[0], 1))
    return Target(part, index.reshape(output.shape[0], len(shape)))


def _indices(target: Any) -> tuple[Any, ...] | None:
    """A target as a tuple of ints and names; None where none was given."""
    if target is None:
        return None
    parts = target if isinstance(target, tuple | list) else (target,)
    return tuple(map(_whole, parts))


def _whole(part: Any) -> Any:
    """An index of any kind as an int; what is none stays what it is."""
    if isinstance(part, bool | np.bool_ | str):
        return str(part) if isinstance(part, str) else None
    try:
        return operator.index(part)
    except TypeError:
        return None


def _part_of(output: Any, target: Any, wanted: Any) -> tuple[Any, tuple[Any, ...] | None]:
    """Which of several outputs is meant, and what is left of the target."""
    places = list(output) if isinstance(output, Mapping) else list(range(len(output)))
    if not wanted or wanted[0] not in places or keras.tree.is_nested(output[wanted[0]]):
        raise SeqvizError(
            f"The model returns {len(places)} outputs, {places}, but target is {target!r}. "
            f"Say first which of them, then where in it: target=({places[0]!r}, 0)."
        )
    return wanted[0], wanted[1:] or None


def _likeliest(output: Floats, shape: tuple[int, ...]) -> Ints:
    """The only number of each sample, or the class that it is predicted to be in."""
    if len(shape) > 1 and np.prod(shape) > 1:
        raise SeqvizError(
            f"The output of one sample has the shape {shape}, and no target was given. "
            f"Say which number is to be explained: {_wording(shape)}"
        )
    if len(shape) == 1:
        return np.argmax(output, axis=1)[:, None]
    return np.zeros((len(output), len(shape)), np.int64)


def _wording(shape: tuple[int, ...]) -> str:
    if not shape:
        return "it is a single number, so leave target out."
    if len(shape) == 1:
        return f"give a column from 0 to {shape[0] - 1}, such as target=0."
    if len(shape) == 2:
        return (
            f"give (timestep, class), from (0, 0) to {(shape[0] - 1, shape[1] - 1)}, such as "
            "target=(0, 0)."
        )
    return f"give one index for each axis, such as target={(0,) * len(shape)}."
