"""Which points of a map get their names, and on which side of them, so that none covers another."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from unicodedata import east_asian_width

import numpy as np

from seqviz.array_types import Bools, Floats

# Where a name may stand: right or left (1, -1) of its point, and above or below it.
SIDES: Final = {
    "top center": (0, 1),
    "middle right": (1, 0),
    "bottom center": (0, -1),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
_LETTER: Final = 7.0  # pixels of a name's width, at most, in bold
_LINE: Final = 15.0  # … and of its height
_AWAY: Final = 7.0  # from the middle of a point, as Plotly has it
_BETWEEN: Final = 1.0  # two names, at least
_POINT: Final = 5.0  # half of a point's width

_Boxes = list[tuple[float, float, float, float]]  # middle and half of the width, of the height


class Names(NamedTuple):
    """Where names stand at each of `E` moments, of `N` points.

    Attributes:
        sides: ``(E, N)``, the side of each, as Plotly calls it.
        always: ``(E, N)`` bool, which names have room on a map of any width.
        wide: ``(E, N)`` bool, which more have room on a wide one.
    """

    sides: list[list[str]]
    always: Bools
    wide: Bools


def place_names(
    path: Floats,
    names: Sequence[str],
    watched: Sequence[bool],
    *,
    wide: float,
    narrow: float,
    height: float,
) -> Names:
    """Find room for as many names as there is, at each moment.

    Those of watched points are placed before all others, and may cover another point, though no
    name. A name keeps its side from one moment to the next where it can.

    Args:
        path: ``(E, N, 2)``, where the points are, as shares of the map's width and height, from 0
            at the left and the foot; NaN where a point is not there.
        names: ``(N,)``, as they are written.
        watched: ``(N,)``, which points are.
        wide: Pixels of the map's width on a screen,
        narrow: on a phone,
        height: and of its height on both.
    """
    halves = [_LETTER / 2 * sum(1 + (east_asian_width(c) in "WF") for c in name) for name in names]
    sides, always, more = [], np.zeros(path.shape[:2], bool), np.zeros(path.shape[:2], bool)
    last = ["top center"] * len(names)
    order = sorted(range(len(names)), key=lambda place: not watched[place])
    for moment in reversed(range(len(path))):  # a training ends with what is worth seeing most
        points = path[moment]
        maps = [_Map(points, halves, width, height) for width in (wide, narrow)]
        known = np.isfinite(points).all(axis=1)
        for found, on in ((always, maps), (more, maps[:1])):
            for place in order:
                if not known[place] or always[moment, place]:
                    continue
                side = _free_side(place, last[place], on, covers=watched[place])
                if side is not None:
                    found[moment, place] = True
                    last[place] = side
                    for one in on:
                        one.take(place, side)
        sides.append(list(last))
    return Names(sides[::-1], always, more)


def _free_side(place: int, before: str, maps: Sequence["_Map"], *, covers: bool) -> str | None:
    """A side that is free on all of some maps: the one it had, if it can be."""
    for over_points in (False, True) if covers else (False,):
        for side in (before, *SIDES):
            if all(one.is_free(place, side, over_points) for one in maps):
                return side
    return None


class _Map:
    """A map of some width, and what has been written on it."""

    def __init__(self, points: Floats, halves: Sequence[float], width: float, height: float):
        self._points = (points * (width, height)).tolist()
        self._halves, self._size = halves, (width, height)
        self._taken: _Boxes = []

    def take(self, place: int, side: str) -> None:
        self._taken.append(self._box(place, side))

    def is_free(self, place: int, side: str, over_points: bool) -> bool:
        box = self._box(place, side)
        x, half, y, up = box
        width, height = self._size
        if x - half < 0 or x + half > width or y - up < 0 or y + up > height:
            return False
        if any(_cover(box, other) for other in self._taken):
            return False
        return over_points or not any(
            _cover(box, (a, _POINT, b, _POINT))
            for other, (a, b) in enumerate(self._points)
            if other != place and np.isfinite(a)
        )

    def _box(self, place: int, side: str) -> tuple[float, float, float, float]:
        (x, y), half, (right, above) = self._points[place], self._halves[place], SIDES[side]
        beside, over = half + _AWAY, _LINE / 2 + _AWAY
        return x + right * beside, half, y + above * over, _LINE / 2


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across, up = one[1] + other[1] + _BETWEEN, one[3] + other[3] + _BETWEEN
    return abs(one[0] - other[0]) < across and abs(one[2] - other[2]) < up
