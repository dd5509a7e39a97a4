"""One call of a model on its true inputs: what is looked up, what is masked, where ids come from."""

from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from seqviz.attribution.baselines import RowOf
from seqviz.attribution.calls import Calls
from seqviz.attribution.sites import Found, Site, Source
from seqviz.tracing.arrays import to_array
from seqviz.tracing.records import first_argument


class _Call(NamedTuple):
    """A layer call that is under way: its number, and the tensors it was given."""

    number: int
    given: list[Any]


class Finding(Calls):
    """Listens, and changes nothing.

    Args:
        batch: How many samples there are. An Embedding that reads something else, such as the
            places 0, 1, 2 … of a sentence, belongs to the model, not to its inputs.
        row_of: Makes the baseline of an Embedding.

    Attributes:
        sites: By the number of the lookup, where something is moved.
        found: The same as users know them.
        maskings: What every Masking layer read, and its mask.
        masks: The masks that each call was given by keyword, by its number.
    """

    def __init__(self, batch: int, row_of: RowOf) -> None:
        super().__init__()
        self.sites: dict[int, Site] = {}
        self.found: list[Found] = []
        self.maskings: list[tuple[Any, Any]] = []
        self.masks: dict[int, dict[str, Any]] = {}
        self._lookups = 0
        self._batch = batch
        self._row_of = row_of
        self._timesteps: list[list[Found]] | None = None
        self._under_way: list[_Call] = []
        self._made: list[tuple[int, Any]] = []  # ids that a layer returned, with its call's number

    def numbered(
        self,
        number: int,
        layer_call: Callable[..., Any],
        layer: Any,
        args: tuple[Any, ...],
        kwargs: dict,
    ) -> Any:
        """Note what a call was given, and the ids that it returned."""
        masks = {
            name: value for name, value in kwargs.items() if any(map(_is_mask, _leaves(value)))
        }
        if masks:
            self.masks[number] = masks
        self._under_way.append(_Call(number, _leaves(args)))
        try:
            output = super().numbered(number, layer_call, layer, args, kwargs)
        finally:
            self._under_way.pop()
        if keras.ops.is_tensor(output) and output.dtype.is_integer:
            self._made.append((number, output))
        return output

    def lookup(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Note the vectors."""
        output = layer_call(layer, *args, **kwargs)
        ids = first_argument(args, kwargs)
        number, self._lookups = self._lookups, self._lookups + 1
        positions = tuple(getattr(ids, "shape", ()))
        fits = tuple(output.shape[:-1]) == positions
        if not fits or len(positions) < 2 or positions[0] != self._batch:
            return output
        mask = getattr(output, "_keras_mask", None)
        masked = mask is not None and tuple(mask.shape) == positions
        padding = ~to_array(mask).astype(bool) if masked else np.zeros(positions, bool)
        base = self._row_of(layer_call, layer, output)
        self.found.append(Found(layer.name, type(layer).__name__, number))
        self.sites[number] = Site(output, base, padding, mask, ids, self._source_of(ids))
        return output

    def masking(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Note the mask."""
        output = layer_call(layer, *args, **kwargs)
        self.maskings.append((first_argument(args, kwargs), output._keras_mask))
        return output

    def begin_timestep(self) -> None:
        """Begin a list of what this outer timestep looks up."""
        if self._timesteps is not None:
            self.found = []
            self._timesteps.append(self.found)

    def by_timesteps(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Put the same lookup of all outer timesteps together."""
        found, around, steps = self.found, self._timesteps, []  # type: ignore[var-annotated]
        self._timesteps = steps
        try:
            return super().by_timesteps(layer_call, layer, args, kwargs)
        finally:
            self.found, self._timesteps = found, around
            found += _merged(steps)

    def _source_of(self, ids: Any) -> Source:
        """Where ids come from: as far out as can be told, since masks are made of them there.

        A functional model makes its masks of its inputs, past the Embedding.
        """
        own = self._under_way[-1]
        for call in self._under_way[:-1]:
            same = [place for place, given in enumerate(call.given) if given is ids]
            equal = same or [
                place for place, given in enumerate(call.given) if _is_equal(given, ids)
            ]
            if len(equal) == 1:
                return Source(call.number, False, equal[0])
        for number, made in self._made:
            if made is ids:
                return Source(number, True, 0)
        return Source(own.number, False, 0)


def _leaves(values: Any) -> list[Any]:
    return keras.tree.flatten(values)


def _is_mask(value: Any) -> bool:
    return bool(keras.ops.is_tensor(value) and value.dtype == tf.bool)


def _is_equal(one: Any, ids: Any) -> bool:
    """Whether a tensor holds the same ids, whatever its type."""
    if not keras.ops.is_tensor(one) or one.dtype == tf.string or one.shape != ids.shape:
        return False
    return bool(tf.reduce_all(tf.cast(one, tf.float64) == tf.cast(ids, tf.float64)))


def _merged(steps: list[list[Found]]) -> list[Found]:
    """What every outer timestep looked up, the same of all as one; each by itself if they differ."""
    if len({len(step) for step in steps}) != 1:
        return [found for step in steps for found in step]
    return [
        same[0]._replace(tree=[found.tree for found in same]) for same in zip(*steps, strict=True)
    ]
