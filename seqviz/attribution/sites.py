"""Where a model is moved from a baseline to its inputs: the vectors that it reads.

Ids have no gradient, so the outputs of `Embedding` layers are moved, not the inputs.
"""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from seqviz.array_types import Array, Floats
from seqviz.tracing.arrays import to_array

# Number of a site, or in TimeDistributed those of the same lookup of every outer timestep.
Tree = Any


class Source(NamedTuple):
    """Where ids can be exchanged so that all that is made of them, masks too, is of the new ones.

    Attributes:
        call: Number of a layer call.
        made: Whether they are what that call returns; else they are among its arguments.
        place: Which of these.
    """

    call: int
    made: bool
    place: int


class Site(NamedTuple):
    """One sequence of vectors.

    Attributes:
        vectors: ``(batch, timesteps, features)``, as the model reads them.
        baseline: Of a shape that broadcasts to theirs.
        padding: ``(batch, timesteps)`` of bool, where a mask says so: there the vectors stay.
        mask: The mask that was handed on with them, noted at once: attention takes it off.
        ids: ``(batch, timesteps)``, what was looked up; None for numbers.
        source: Where the ids come from; None for numbers.
    """

    vectors: Any
    baseline: Any
    padding: Array
    mask: Any = None
    ids: Any = None
    source: Source | None = None

    @property
    def difference(self) -> Floats:
        """From the baseline to the vectors: exactly 0 at padding."""
        whole = to_array(self.vectors).astype(np.float64) - to_array(self.baseline)
        return np.where(self._padding_over_features, 0.0, whole)

    def at(self, share: Floats) -> Any:
        """The vectors on the way from the baseline, ``(variants * batch, …)``.

        Args:
            share: ``(variants,)`` or ``(variants, 1, timesteps)``, how much is there of each
                timestep: 0 is the baseline, 1 the vectors.
        """
        missing = len(self.vectors.shape) + 1 - share.ndim
        share = tf.cast(share.reshape(*share.shape, *(1,) * missing), self.vectors.dtype)
        moved = share * self.vectors + (1 - share) * self.baseline
        moved = tf.where(self._padding_over_features, self.vectors, moved)
        return tf.reshape(moved, (-1, *self.vectors.shape[1:]))

    @property
    def _padding_over_features(self) -> Array:
        features = (1,) * (len(self.vectors.shape) - self.padding.ndim)
        return self.padding.reshape(*self.padding.shape, *features)


class Found(NamedTuple):
    """A sequence under the name that users know it by.

    Attributes:
        name: Of the layer or input.
        layer: Name of the layer's class; empty for an input.
        tree: Which site it is.
    """

    name: str
    layer: str
    tree: Tree

    def gather(self, of_site: dict[int, Floats]) -> Floats:
        """What belongs to it, given something for every site: outer timesteps become an axis."""
        return _gathered(self.tree, of_site)


def _gathered(tree: Tree, of_site: dict[int, Floats]) -> Floats:
    if isinstance(tree, int):
        return of_site[tree]
    return np.stack([_gathered(part, of_site) for part in tree], axis=1)


def repeated(tensor: Any, times: int) -> Any:
    """A batch several times, one after the other: ``(times * batch, …)``."""
    return tf.tile(tensor, [times, *[1] * (len(tensor.shape) - 1)])
