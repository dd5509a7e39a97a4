"""How an embedding table moved: records of gradient steps and of trainings, all NumPy."""

from collections.abc import Sequence
from operator import index
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr


@short_repr
class GradientStep(NamedTuple):
    """One gradient step, as an embedding table of `V` rows of `F` numbers lived through it.

    Attributes:
        loss: Before the step.
        before: ``(V, F)``, the table before the step.
        after: ``(V, F)``, the table after it.
        indices: ``(n,)`` int, the row that each line of `values` belongs to, repeats included:
            the ids that were looked up, as in TensorFlow's `tf.IndexedSlices`.
        values: ``(n, F)``, the gradient of the loss for each lookup.
        sparse: Whether TensorFlow gave the gradient in that form. If not (the whole table was
            used, or a regularizer asks for all of it), every row is listed once.
        trainable: Whether the optimizer was given the table at all. If not, Keras does not even
            compute the gradient; here it is only looked at.
    """

    loss: float
    before: Floats
    after: Floats
    indices: NDArray[np.integer]
    values: Floats
    sparse: bool = True
    trainable: bool = True

    @property
    def gradient(self) -> Floats:
        """``(V, F)``, the dense form of the gradient: lines of the same row are summed."""
        dense = np.zeros_like(self.before)
        np.add.at(dense, self.indices, self.values)
        return dense

    @property
    def change(self) -> Floats:
        """``(V, F)``, what was added to the table."""
        return self.after - self.before

    @property
    def moved(self) -> NDArray[np.bool_]:
        """``(V,)`` of bool, rows of which any bit changed."""
        return (self.after != self.before).any(axis=1)

    @property
    def looked_up(self) -> NDArray[np.bool_]:
        """``(V,)`` of bool, rows that the gradient reaches."""
        found = np.zeros(len(self.before), bool)
        found[self.indices] = True
        return found


@short_repr
class Training(NamedTuple):
    """An embedding table of `V` rows of `F` numbers, before, while and after it was trained.

    Attributes:
        weights: ``(S, V, F)``, the table at each of `epochs`.
        epochs: ``(S,)`` int, how many epochs had been done: from 0, ascending.
        losses: ``(S,)``, the loss with the table of each.
        done: Whether all epochs that were asked for were done.
    """

    weights: Floats
    epochs: NDArray[np.integer]
    losses: Floats
    done: bool = True


class Moment(NamedTuple):
    """One moment of a training.

    Attributes:
        epoch: How many epochs are done.
        loss: With the table as it is now.
        table: ``(V, F)``.
    """

    epoch: int
    loss: float
    table: Floats


def collect(moments: Sequence[Moment], epochs: int, every: int = 1) -> Training:
    """Put moments of `ByEpoch.train` together, as far as it came.

    Args:
        moments: From epoch 0 on, without a gap.
        epochs: How many were asked for.
        every: Keep each so many; the first and the last are always kept.

    Raises:
        SeqvizError: There are no moments, or `every` is no whole number above 0.
    """
    every = whole_number("every", every)
    if not moments:
        raise SeqvizError("No moment of the training was given. Take at least the first.")
    kept = [m for m in moments if m.epoch % every == 0 or m is moments[-1]]
    return Training(
        weights=np.stack([m.table for m in kept]),
        epochs=np.array([m.epoch for m in kept]),
        losses=np.array([m.loss for m in kept]),
        done=moments[-1].epoch == epochs,
    )


def whole_number(name: str, value: Any) -> int:
    """The value as an int of 1 or more.

    Raises:
        SeqvizError: It is none.
    """
    try:
        number = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        number = 0
    if number < 1:
        raise SeqvizError(
            f"{name} is {value!r}, but it must be a whole number of 1 or more. Write {name}=10."
        )
    return number
