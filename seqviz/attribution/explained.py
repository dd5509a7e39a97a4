"""A model and its inputs, ready to be predicted again and again with other vectors in them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from seqviz.array_types import Array, Floats
from seqviz.attribution.baselines import row_of
from seqviz.attribution.finding import Finding
from seqviz.attribution.float_inputs import float_inputs
from seqviz.attribution.moving import WithIds, WithVectors
from seqviz.attribution.sites import Found, repeated
from seqviz.attribution.target import target_of
from seqviz.errors import SeqvizError
from seqviz.trace import EmbeddingTrace, Trace
from seqviz.tracing.arguments import model_inputs
from seqviz.tracing.arrays import to_array
from seqviz.tracing.build_weights import unmarked
from seqviz.tracing.capture import capture
from seqviz.tracing.intercept import listening
from seqviz.tracing.structure import input_structure

_MOST_BYTES: Final = 2**28  # that the tape may keep of one pass, as far as it can be foreseen
_KEPT: Final = 16  # numbers for each feature and unit of a timestep

# How much of a site, by its number, is there in each variant, as `Site.at` takes it.
ShareOf = Callable[[int], Floats]


class Explained:
    """What is predicted, and the vectors that it is predicted from.

    Args:
        model: Any Keras model, or a single layer.
        inputs: As `capture` takes them.
        target: As for `attribute`.
        baseline: One of `BASELINES`.

    Attributes:
        batch: How many samples there are.
        sites: Where something is moved, by number.
        found: The same under the names of users.
        target: Which number is predicted.
        prediction: ``(batch,)``.

    Raises:
        SeqvizError: As for `attribute`.
    """

    def __init__(self, model: keras.layers.Layer, inputs: Any, target: Any, baseline: str) -> None:
        self._model = model
        trace = capture(model, inputs, record=[])  # builds the model, and says what does not fit
        self._inputs = _as_declared(model, model_inputs(model, inputs))
        leaves = [leaf for leaf in keras.tree.flatten(self._inputs) if leaf is not None]
        self.batch = int(leaves[0].shape[0])
        self._finding = Finding(self.batch, row_of(baseline))
        output = self._called(self._inputs, self._finding)
        self._looks_up = bool(self._finding.found)
        if self._looks_up:
            self.found = _named_as_in(trace, self._finding.found)
            self.sites = self._finding.sites
        else:
            maskings = self._finding.maskings
            self.found, self.sites = float_inputs(model, self._inputs, baseline, maskings)
        self.target = target_of(output, target)
        self.prediction = self.target.numbers(output)

    def predictions(self, share: ShareOf, variants: int) -> Floats:
        """``(variants, batch)``, the number for each variant of the vectors."""
        return self._numbers(self._predicted(self._vectors(share, variants), variants), variants)

    def predictions_of_ids(self, place: int, there: Array) -> Floats:
        """The same with id 0 wherever `there`, ``(variants, 1, timesteps)``, is False at a site.

        It must be one that ids are looked up for.
        """
        site, variants = self.sites[place], len(there)
        assert site.source is not None
        ids = tf.where(there, site.ids, tf.zeros_like(site.ids))
        exchanged = WithIds(site.source, tf.reshape(ids, (-1, *site.ids.shape[1:])))
        return self._numbers(self._called(self._repeated(variants), exchanged), variants)

    def gradients(self, share: ShareOf, variants: int) -> dict[int, Floats]:
        """How the number changes with each of the vectors: ``(variants, batch, …)`` by site.

        Raises:
            SeqvizError: It does not depend on the vectors, or has no gradient.
        """
        vectors = self._vectors(share, variants)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(list(vectors.values()))
            total = tf.reduce_sum(self.target.pick(self._predicted(vectors, variants)))
        found = tape.gradient(total, list(vectors.values()))
        if all(gradient is None for gradient in found):
            raise SeqvizError(
                f"What {self._model.name!r} returns there has no gradient with respect to the "
                "vectors that it reads: it does not depend on them, or a layer on the way rounds. "
                "Give another target, or method='leave_one_out'."
            )
        return {
            place: _dense(gradient, moved).reshape(variants, self.batch, *moved.shape[1:])
            for (place, moved), gradient in zip(vectors.items(), found, strict=True)
        }

    def chunks(self, variants: int) -> Iterator[slice]:
        """Variants to predict together: all, unless that takes too much memory."""
        recurrent = [of for of in self._model._flatten_layers() if isinstance(of, keras.layers.RNN)]
        sizes = keras.tree.flatten([getattr(layer.cell, "state_size", 0) for layer in recurrent])
        units = sum(size for size in sizes if isinstance(size, int))
        numbers = sum(
            site.padding.size * units + int(np.prod(site.vectors.shape))
            for site in self.sites.values()
        )
        at_once = _MOST_BYTES // (4 * _KEPT * numbers)
        if any(layer.stateful for layer in recurrent):
            at_once = 1  # its states are of a batch of this size
        at_once = min(max(at_once, 1), variants)
        yield from (slice(k, min(k + at_once, variants)) for k in range(0, variants, at_once))

    def _vectors(self, share: ShareOf, variants: int) -> dict[int, Any]:
        return {place: site.at(share(place)) for place, site in self.sites.items()}

    def _predicted(self, vectors: dict[int, Any], variants: int) -> Any:
        inputs = self._repeated(variants)
        if not self._looks_up:
            leaves = enumerate(keras.tree.flatten(inputs))
            moved = [vectors.get(place, leaf) for place, leaf in leaves]
            inputs, vectors = keras.tree.pack_sequence_as(inputs, moved), {}
        return self._called(inputs, WithVectors(self._finding, vectors, variants))

    def _repeated(self, variants: int) -> Any:
        return keras.tree.map_structure(
            lambda leaf: None if leaf is None else repeated(leaf, variants), self._inputs
        )

    def _numbers(self, output: Any, variants: int) -> Floats:
        return self.target.numbers(output).reshape(variants, self.batch)

    def _called(self, inputs: Any, listener: Any) -> Any:
        with keras.StatelessScope(), listening(listener), unmarked(self._model):
            return self._model(inputs)


def _as_declared(model: keras.layers.Layer, inputs: Any) -> Any:
    """Tensors of the types that a model declares: Keras then hands on the very same ones."""
    structure = input_structure(model)
    declared = [] if structure is None else keras.tree.flatten(structure)
    leaves = keras.tree.flatten(inputs)
    if len(declared) != len(leaves) or isinstance(inputs, Mapping):
        return inputs
    cast = [
        leaf if leaf is None or leaf.dtype == tf.string else tf.cast(leaf, of.dtype)
        for leaf, of in zip(leaves, declared, strict=True)
    ]
    return keras.tree.pack_sequence_as(inputs, cast)


def _dense(gradient: Any, moved: Any) -> Floats:
    if gradient is None:
        return np.zeros(moved.shape)
    return to_array(tf.convert_to_tensor(gradient)).astype(np.float64)


def _named_as_in(trace: Trace, found: list[Found]) -> list[Found]:
    """Lookups by the key of their records: those of layers of one name are in the same order."""
    keys: dict[tuple[str, str], list[str]] = {}
    for key, record in trace.items():
        if isinstance(record, EmbeddingTrace) or record.layer:
            keys.setdefault((record.name, record.layer), []).append(key)
    named = []
    for place, one in enumerate(found):
        left = keys.get((one.name, one.layer))
        named.append(one._replace(name=left.pop(0) if left else f"{one.name}#{place}"))
    return named
