"""The one unit that tells two answers apart best, and how well it does so by itself."""

from typing import NamedTuple

import numpy as np

from seqviz.array_types import Array, Bools, Floats
from seqviz.short_repr import short_repr


@short_repr
class BestUnit(NamedTuple):
    """A unit of a state, a line through its values, and how many it sorts rightly.

    Attributes:
        unit: Which, from 0.
        target: The class that it tells from all others.
        threshold: Where the line is.
        above: Whether values above the line stand for `target`.
        right: Share of held-out states that it sorts rightly, the mean of those of `target` and of
            the others; 0.5 is what guessing gives.
    """

    unit: int
    target: int
    threshold: float
    above: bool
    right: float


def find_best_unit(
    states: Floats, classes: Array, held_out: Floats, held_out_classes: Array, count: int
) -> BestUnit | None:
    """Find the unit and the line on the states that the model learned from, and judge them on others.

    Args:
        states: ``(n, units)``, one state of each sample.
        classes: ``(n,)``, which of `count` classes each is of.
        held_out: ``(m, units)``.
        held_out_classes: ``(m,)``.
        count: How many classes there are.

    Returns:
        The best; None if states are no numbers, or all are of one class.
    """
    if not (np.isfinite(states).all() and np.isfinite(held_out).all()):
        return None
    found: tuple[float, int, int, float, bool] | None = None
    # Of equally good ones the last class: what is none of the others often comes first.
    for target in range(count - 1, 0 if count == 2 else -1, -1):
        is_target = np.asarray(classes) == target
        if not 0 < is_target.sum() < len(is_target):
            continue
        for unit in range(states.shape[1]):
            right, threshold, above = _best_line(states[:, unit], is_target)
            if found is None or right > found[0] + 1e-12:
                found = (right, unit, target, threshold, above)
    if found is None:
        return None
    _, unit, target, threshold, above = found
    said = (held_out[:, unit] > threshold) == above
    return BestUnit(unit, target, threshold, above, _balanced(said, held_out_classes == target))


def _best_line(values: Floats, is_target: Bools) -> tuple[float, float, bool]:
    """The share that a line sorts rightly, the line, and whether the target is above it."""
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    below = np.cumsum(is_target[order]) / is_target.sum()  # of the target, up to each place
    others = np.cumsum(~is_target[order]) / (~is_target).sum()
    if_above = (1 - below + others) / 2
    ends = np.append(sorted_values[1:] > sorted_values[:-1], False)  # a line between two values
    if not ends.any():
        return 0.5, float(sorted_values[-1]), True
    share = np.where(ends, np.maximum(if_above, 1 - if_above), 0)
    place = int(np.argmax(share))
    line = float((sorted_values[place] + sorted_values[place + 1]) / 2)
    return float(share[place]), line, bool(if_above[place] >= 0.5)


def _balanced(said: Bools, true: Bools) -> float:
    """The mean of the shares of either kind that are right."""
    kinds = [said[true], ~said[~true]]
    return float(np.mean([kind.mean() for kind in kinds if len(kind)]))
