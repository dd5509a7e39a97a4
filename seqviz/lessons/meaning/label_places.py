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
_FIRST: Final = 48  # places that are looked at first, of hundreds


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
        maps = [_Map(wide, tall, share[0], share[k]) for wide in WIDTHS]
        for i in np.argsort(-share[k, :, 1], kind="stable").tolist():
            least = np.abs(tries) + 0.3 * (far - _AWAY[0])
            if k:
                least += 0.4 * np.abs(tries - places.offsets[k - 1, i])
                least += 12 * (sides != places.left[k - 1, i]) + 4 * (far != places.away[k - 1, i])
            # What is in the way costs more, and takes long to find out: so not of all places.
            order = np.argsort(least, kind="stable")
            for looked in (_FIRST, len(order)):
                some = np.sort(order[:looked])
                offsets = np.where(sides[some], -far[some] - widths[i], far[some])
                cost = least[some]
                for one in maps:
                    cost += one.costs(i, offsets, widths[i], tries[some])
                if cost.min() < least[order[min(looked, len(order) - 1)]]:
                    break
            best = some[np.argmin(cost)]
            places.offsets[k, i], places.left[k, i] = tries[best], sides[best]
            places.away[k, i] = far[best]
            for one in maps:
                one.put(
                    i, -far[best] - widths[i] if sides[best] else far[best], widths[i], tries[best]
                )
    return places


class _Trails(NamedTuple):
    """The ways of N points that have moved, from left to right, ``(N,)`` each."""

    ax: Floats
    ay: Floats
    bx: Floats
    slope: Floats

    @classmethod
    def between(cls, began: Floats, now: Floats) -> "_Trails":
        """Those that can be seen, from where points began to where they are now, ``(N, 2)``."""
        far = np.hypot(*(now - began).T) > 2 * RADIUS
        began, now = began[far], now[far]
        turned = (now[:, 0] < began[:, 0])[:, None]
        (ax, ay), (bx, by) = np.where(turned, now, began).T, np.where(turned, began, now).T
        return cls(ax, ay, bx, (by - ay) / np.maximum(bx - ax, 1e-9))

    def strike(self, x0: Floats, x1: Floats, middle: Floats) -> NDArray[np.integer]:
        """How many of them strike through each of M labels, ``(M,)``.

        A trail strikes a label if it is within its letters anywhere between its left and its right.
        """
        # The part of the trail over the label, and how high it is at both ends of that.
        low, high = np.maximum(x0[:, None], self.ax), np.minimum(x1[:, None], self.bx)
        start = self.ay + self.slope * (low - self.ax) - middle[:, None]
        end = self.ay + self.slope * (high - self.ax) - middle[:, None]
        reach = _LINE / 2 - 1
        touched = (np.minimum(start, end) < reach) & (np.maximum(start, end) > -reach)
        return ((low < high) & touched).sum(axis=1)


class _Map:
    """One moment on a map of one width, in pixels, and the labels that have their place there."""

    def __init__(self, wide: float, tall: float, began: Floats, now: Floats) -> None:
        self._wide, self._tall = wide, tall
        self._began, self._now = began * (wide, tall), now * (wide, tall)
        self._points = np.concatenate([self._began, self._now])
        self._trails = _Trails.between(self._began, self._now)
        self._placed: list[tuple[float, float, float]] = []  # left, right, middle

    def costs(self, point: int, offsets: Floats, width: float, tries: Floats) -> Floats:
        """What is in the way of labels at some offsets from a point: the edges, others, trails."""
        x, y = self._now[point]
        middle, x0 = y + tries, x + offsets
        x1 = x0 + width
        outside = (middle < _LINE / 2) | (middle > self._tall - _LINE / 2)
        cost = 1e4 * (outside | (x0 < 0) | (x1 > self._wide))
        if self._placed:
            left, right, height = np.array(self._placed).T
            near = np.abs(middle[:, None] - height) < _LINE - 0.5
            cost += 1e3 * ((x0[:, None] < right) & (x1[:, None] > left) & near).sum(axis=1)
        x, y = self._points.T
        over = np.abs(middle[:, None] - y) < _LINE / 2 + 1
        over &= (x > x0[:, None] - RADIUS) & (x < x1[:, None] + RADIUS)
        return cost + 16 * over.sum(axis=1) + 24 * self._trails.strike(x0, x1, middle)

    def put(self, point: int, offset: float, width: float, height: float) -> None:
        """A label is there now."""
        x, y = self._now[point]
        self._placed.append((x + offset, x + offset + width, y + height))
