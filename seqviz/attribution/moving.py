"""Calls of a model on several variants of its inputs at once."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from seqviz.attribution.calls import Calls
from seqviz.attribution.finding import Finding
from seqviz.attribution.sites import Source, repeated
from seqviz.tracing.records import first_argument


class WithVectors(Calls):
    """Puts other vectors where a model looks its own up.

    Masks stay what they are for the true inputs: on the way from a baseline of zeros a `Masking`
    layer would skip what is read at last.

    Args:
        found: What was noted on the true inputs.
        vectors: ``(variants * batch, …)``, what to put at each site, by its number.
        variants: How many times the batch is there.
    """

    def __init__(self, found: Finding, vectors: Mapping[int, Any], variants: int) -> None:
        super().__init__()
        self._found = found
        self._vectors = vectors
        self._variants = variants
        self._lookups = 0
        self._maskings = iter(found.maskings)

    def numbered(
        self,
        number: int,
        layer_call: Callable[..., Any],
        layer: Any,
        args: tuple[Any, ...],
        kwargs: dict,
    ) -> Any:
        """Give a call the masks that it had."""
        masks = {
            name: keras.tree.map_structure(self._held, kwargs[name], noted)
            for name, noted in self._found.masks.get(number, {}).items()
        }
        return super().numbered(number, layer_call, layer, args, {**kwargs, **masks})

    def lookup(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Return other vectors, with the mask of the true ones."""
        site, self._lookups = self._lookups, self._lookups + 1
        if site not in self._vectors:
            return layer_call(layer, *args, **kwargs)
        vectors, mask = self._vectors[site], self._found.sites[site].mask
        vectors._keras_mask = None if mask is None else repeated(mask, self._variants)
        return vectors

    def masking(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Mask what is masked in the true inputs."""
        _, mask = next(self._maskings)
        mask = repeated(mask, self._variants)
        output = tf.where(mask[..., None], first_argument(args, kwargs), 0)
        output._keras_mask = mask
        return output

    def _held(self, now: Any, noted: Any) -> Any:
        """The mask of the true inputs; one that is not of the batch stays what it is."""
        if noted is None or now is None or now.shape[0] != self._variants * noted.shape[0]:
            return now
        return repeated(noted, self._variants)


class WithIds(Calls):
    """Puts other ids where those of one site come from; all that is made of them follows.

    Args:
        source: Where that is.
        ids: ``(variants * batch, timesteps)``.
    """

    def __init__(self, source: Source, ids: Any) -> None:
        super().__init__()
        self._source = source
        self._ids = ids

    def numbered(
        self,
        number: int,
        layer_call: Callable[..., Any],
        layer: Any,
        args: tuple[Any, ...],
        kwargs: dict,
    ) -> Any:
        """Exchange the ids if they are given to this call, or returned by it."""
        here, made = number == self._source.call, self._source.made
        if here and not made:
            given = keras.tree.flatten(args)
            old = given[self._source.place]
            given[self._source.place] = tf.cast(self._ids, old.dtype)
            args = keras.tree.pack_sequence_as(args, given)
        output = super().numbered(number, layer_call, layer, args, kwargs)
        return tf.cast(self._ids, output.dtype) if here and made else output

    def lookup(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Look up as always."""
        return layer_call(layer, *args, **kwargs)

    masking = lookup
