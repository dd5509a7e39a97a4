"""Which points of a map get their names, and on which side of them, so that none covers another."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
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

_NAMES: Final = list(SIDES)
_SIGNS: Final = np.array(list(SIDES.values()))


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
    halves = np.array([_LETTER / 2 * sum(map(_letters, name)) for name in names])
    last = [0] * len(names)
    sides, always, more = [], np.zeros(path.shape[:2], bool), np.zeros(path.shape[:2], bool)
    order = sorted(range(len(names)), key=lambda place: not watched[place])
    for moment in reversed(range(len(path))):  # a training ends with what is worth seeing most
        maps = [
            _Map(path[moment] * (width, height), halves, (width, height))
            for width in (wide, narrow)
        ]
        for found, on in ((always, maps), (more, maps[:1])):
            for place in order:
                if always[moment, place]:
                    continue
                side = _free_side(place, last[place], on, covers=watched[place])
                if side is not None:
                    found[moment, place] = True
                    last[place] = side
                    for one in on:
                        one.take(place, side)
        sides.append([_NAMES[side] for side in last])
    return Names(sides[::-1], always, more)


def _letters(character: str) -> int:
    """How many letters wide it is."""
    return 1 + (east_asian_width(character) in "WF")


def _free_side(place: int, before: int, maps: Sequence["_Map"], *, covers: bool) -> int | None:
    """A side that is free on all of some maps: the one it had, if it can be."""
    for over_points in (False, True) if covers else (False,):
        free = np.all([one.free(place, over_points) for one in maps], axis=0)
        if free[before]:
            return before
        if free.any():
            return int(free.argmax())
    return None


class _Map:
    """A map of some size in pixels, and which of the sides of its `N` points are free.

    Looked at for all points at once whenever a name is written: one by one it took 0.3 s.
    """

    def __init__(self, points: Floats, halves: Floats, size: tuple[float, float]) -> None:
        x, y = points.T[:, :, None]
        beside, over = halves[:, None] + _AWAY, _LINE / 2 + _AWAY
        self._half = halves[:, None]
        self._x = x + _SIGNS[:, 0] * beside  # (N, sides), the middle of a name
        self._y = y + _SIGNS[:, 1] * over
        on_point = self._cover(x[:, 0], y[:, 0], _POINT, _POINT)  # (N, sides, N)
        on_point[np.arange(len(x)), :, np.arange(len(x))] = False  # its own
        self._clear = np.logical_not(on_point.any(axis=2))
        self._free: Any = (
            (self._x >= self._half)
            & (self._x + self._half <= size[0])
            & (self._y >= _LINE / 2)
            & (self._y + _LINE / 2 <= size[1])
        )

    def take(self, place: int, side: int) -> None:
        """Write a name."""
        there = np.s_[place, side : side + 1]
        covered = self._cover(self._x[there], self._y[there], self._half[place, 0], _LINE / 2)
        self._free &= ~covered[..., 0]

    def free(self, place: int, over_points: bool) -> Bools:
        """``(sides,)``, where there is room for a name."""
        return self._free[place] if over_points else self._free[place] & self._clear[place]

    def _cover(self, x: Floats, y: Floats, half: float, up: float) -> Bools:
        """``(N, sides, M)``, which names would cover boxes around `M` places."""
        across = np.abs(self._x[..., None] - x) < self._half[..., None] + half + _BETWEEN
        upright = np.abs(self._y[..., None] - y) < _LINE / 2 + up + _BETWEEN
        both: Bools = across & upright
        return both
