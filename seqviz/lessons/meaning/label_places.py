"""Where words are written on a map of many points, so that none is in the way of another."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats

# Labels must not cover each other, neither on a phone nor on a desk: so they are placed for the
# widths of both.
WIDTHS: Final = (340.0, 780.0)
RADIUS: Final = 4  # of a point
_LINE: Final = 14.0  # pixels between labels, one above the other
_AWAY: Final = (7.0, 26.0, 48.0)  # pixels from a point to its label, to choose from
_FIRST: Final = (12, 48)  # places that are looked at first, of hundreds


class Places(NamedTuple):
    """Where labels are at each of S moments: all are ``(S, N)``.

    Attributes:
        offsets: Pixels above their points.
        left: Whether to their left.
        away: Pixels to that side.
    """

    offsets: Floats
    left: NDArray[np.bool_]
    away: Floats


@lru_cache(maxsize=32)
def place_labels(
    shares: bytes, shape: tuple[int, int, int], words: tuple[float, ...], tall: float
) -> Places:
    """Find places for the labels.

    Greedy, from the top down: the free place nearest to the point, and to where it was a moment
    ago; better not on a point or a trail. Remembered, since a page draws the same map again whenever
    anything on it changes: hence the hashable arguments.

    Args:
        shares: ``(S, N, 2)`` float64 as bytes: where the points are at each moment, in parts of the
            map, from the left and from below.
        shape: Of these.
        words: ``(N,)``, pixels that each label is wide.
        tall: Pixels that the map is high.
    """
    moments, count, _ = shape
    share, widths = np.frombuffer(shares).reshape(shape), np.array(words)
    rows = np.arange(-int(tall // _LINE), int(tall // _LINE) + 1) * _LINE
    sides, far, tries = (
        grid.ravel() for grid in np.meshgrid([False, True], _AWAY, rows, indexing="ij")
    )
    places = Places(
        np.zeros((moments, count)), np.zeros((moments, count), bool), np.zeros((moments, count))
    )
    for k in range(moments):
        maps = _Maps(np.array(WIDTHS), tall, share[0], share[k])
        for i in np.argsort(-share[k, :, 1], kind="stable").tolist():
            least = np.abs(tries) + 0.3 * (far - _AWAY[0])
            if k:
                least += 0.4 * np.abs(tries - places.offsets[k - 1, i])
                least += 12 * (sides != places.left[k - 1, i]) + 4 * (far != places.away[k - 1, i])
            # What is in the way costs more, and takes long to find out: so not of all places.
            order = np.argsort(least, kind="stable")
            for looked in (*_FIRST, len(order)):
                some = np.sort(order[:looked])
                offsets = np.where(sides[some], -far[some] - widths[i], far[some])
                cost = least[some]
                for costs in maps.costs(i, offsets, widths[i], tries[some]):
                    cost += costs
                if cost.min() < least[order[min(looked, len(order) - 1)]]:
                    break
            best = some[np.argmin(cost)]
            places.offsets[k, i], places.left[k, i] = tries[best], sides[best]
            places.away[k, i] = far[best]
            maps.put(
                i, -far[best] - widths[i] if sides[best] else far[best], widths[i], tries[best]
            )
    return places


class _Trails(NamedTuple):
    """The ways of points that have moved, from left to right, ``(W, 1, N)`` each: on W maps."""

    ax: Floats
    ay: Floats
    bx: Floats
    slope: Floats

    @classmethod
    def between(cls, began: Floats, now: Floats) -> "_Trails":
        """From where points began to where they are now, ``(W, N, 2)``.

        Those that cannot be seen go from right to left, and so are over no label.
        """
        far = np.hypot(*np.moveaxis(now - began, -1, 0)) > 2 * RADIUS
        turned = (now[..., 0] < began[..., 0])[..., None]
        ax, ay = np.moveaxis(np.where(turned, now, began), -1, 0)
        bx, by = np.moveaxis(np.where(turned, began, now), -1, 0)
        slope = (by - ay) / np.maximum(bx - ax, 1e-9)
        bx = np.where(far, bx, ax - 1)
        return cls(ax[:, None], ay[:, None], bx[:, None], slope[:, None])

    def strike(self, x0: Floats, x1: Floats, middle: Floats) -> NDArray[np.integer]:
        """How many of them strike through each of M labels, ``(W, M)``, as are the labels' ends.

        A trail strikes a label if it is within its letters anywhere between its left and its right.
        """
        # The part of the trail over the label, and how high it is at both ends of that.
        low, high = np.maximum(x0[..., None], self.ax), np.minimum(x1[..., None], self.bx)
        start = self.ay + self.slope * (low - self.ax) - middle[:, None]
        end = self.ay + self.slope * (high - self.ax) - middle[:, None]
        reach = _LINE / 2 - 1
        touched = (np.minimum(start, end) < reach) & (np.maximum(start, end) > -reach)
        return np.count_nonzero((low < high) & touched, axis=-1)


class _Maps:
    """One moment on W maps of different widths, in pixels, and the labels that have their place there.

    All are looked at together: the arrays are small, and each step of NumPy's costs the same for two.
    A point is equally high on all of them.
    """

    def __init__(self, wide: Floats, tall: float, began: Floats, now: Floats) -> None:
        sizes = np.stack([wide, np.full(len(wide), tall)], axis=1)[:, None]  # (W, 1, 2)
        began, self._now = began * sizes, now * sizes
        self._wide, self._tall = wide[:, None], tall
        points = np.concatenate([began, self._now], axis=1)
        self._x, self._y = points[:, None, :, 0].copy(), points[0, :, 1].copy()
        self._trails = _Trails.between(began, self._now)
        count = now.shape[0]
        self._left, self._right = np.zeros((2, len(wide), 1, count))
        self._height, self._placed = np.zeros(count), 0

    def costs(self, point: int, offsets: Floats, width: float, tries: Floats) -> Floats:
        """What is in the way of M labels at some offsets from a point, ``(W, M)``.

        That is the edges, others, points, trails.
        """
        middle, x0 = self._now[0, point, 1] + tries, self._now[:, point, :1] + offsets
        x1 = x0 + width
        outside = (middle < _LINE / 2) | (middle > self._tall - _LINE / 2)
        cost = 1e4 * (outside | (x0 < 0) | (x1 > self._wide))
        if n := self._placed:
            near = np.abs(middle[:, None] - self._height[:n]) < _LINE - 0.5
            beside = (x0[..., None] < self._right[..., :n]) & (x1[..., None] > self._left[..., :n])
            cost += 1e3 * np.count_nonzero(beside & near, axis=-1)
        over = np.abs(middle[:, None] - self._y) < _LINE / 2 + 1
        over = over & (self._x > x0[..., None] - RADIUS) & (self._x < x1[..., None] + RADIUS)
        cost += 16 * np.count_nonzero(over, axis=-1)
        return cost + 24 * self._trails.strike(x0, x1, middle)

    def put(self, point: int, offset: float, width: float, height: float) -> None:
        """A label is there now."""
        x, n = self._now[:, point, 0] + offset, self._placed
        self._left[:, 0, n], self._right[:, 0, n] = x, x + width
        self._height[n], self._placed = self._now[0, point, 1] + height, n + 1
