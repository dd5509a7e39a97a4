"""Where a word beside each curve stands, so that it covers no curve and no other word."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_NARROW: Final = 210  # pixels of the curves' width on a phone: what has room there has it anywhere
_LETTER, _LINE = 6.6, 15  # pixels of a bold word's letters, and of its height
_BESIDE: Final = (13, 20, 28, 36)  # pixels from the curve to the word's middle, the nearest first
_ENOUGH: Final = 3  # pixels that are free: more is no better
WIDE: Final = 8  # timesteps up to which a word has room in a column
_POINTS: Final = 9  # along a word, at least, at which it is compared with the curves


class Spot(NamedTuple):
    """Where the middle of a word stands: at a timestep (from 0), at a height of the axis.

    `free` are the pixels between it and what is next to it; less than 0 if it covers something, or is
    nearer to another curve.
    """

    step: int
    height: float
    free: float
    half: float  # of its width, in timesteps
    high: float  # its height, in pixels


def find_spot(
    curves: Sequence[NDArray[np.floating]],
    lines: Sequence[str],
    *,
    others: Sequence[NDArray[np.floating]],
    spots: Sequence[Spot],
    pixels: float,
    bounds: tuple[float, float],
) -> Spot:
    """The place beside a curve where a word covers least; of those that cover nothing the nearest to it.

    Args:
        curves: ``(T,)`` each, heights of the curve, and of those of which the word may be as well.
        lines: Of the word.
        others: ``(T,)`` each, heights of the curves that it must not cover, nor seem to be of.
        spots: Of the words that have their places.
        pixels: Of one unit of the heights.
        bounds: Lowest and highest height of the axis.
    """
    count = len(curves[0])
    half = min(max(map(len, lines)) * _LETTER / 2 / _NARROW, 0.5) * count
    high = len(lines) * _LINE
    inside = np.arange(count, dtype=float)
    # Where columns are narrow, not in the last one: the frame at the end stands there.
    end = count - (1.5 if count > WIDE else 0.5)
    steps = inside[(inside - half >= -0.5) & (inside + half <= end)]
    if not len(steps):
        steps = inside[[count // 2]]
    along = steps[:, None] + np.linspace(-half, half, max(_POINTS, int(4 * half) + 1))
    beside = np.array(
        [sign * (pixel + (high - _LINE) / 2) for pixel in _BESIDE for sign in (1, -1)]
    )
    heights = curves[0][steps.astype(int), None] + beside / pixels
    free = np.minimum(bounds[1] - heights, heights - bounds[0]) * pixels - high / 2
    over = [  # how far each curve is over the word, along it
        (np.interp(along, inside, one)[:, None] - heights[..., None]) * pixels
        for one in (*curves, *others)
    ]
    for one in over:  # all over it, or all under it; else it goes through it, however steep
        gap = np.maximum(one.min(axis=-1), -one.max(axis=-1))
        free = np.minimum(free, gap - high / 2)
    apart = [np.abs(one).mean(axis=-1) for one in over]
    for one in apart[len(curves) :]:
        free = np.minimum(free, one - apart[0])
    for spot in spots:
        meets = np.abs(steps - spot.step) < half + spot.half
        between = np.abs(heights - spot.height) * pixels - (high + spot.high) / 2
        free = np.where(meets[:, None], np.minimum(free, between), free)
    # The first of the best: the nearest to its curve, and of these the nearest to the middle.
    order = np.argsort(np.abs(steps - (count - 1) / 2), kind="stable")
    place, at = np.unravel_index(
        np.minimum(free, _ENOUGH)[order].T.argmax(), (len(beside), len(steps))
    )
    at = order[at]
    return Spot(int(steps[at]), float(heights[at, place]), float(free[at, place]), half, high)
