"""Where the parts of a picture are, for words that light them up on the page.

This is the protocol between the pictures and the JavaScript: `layout.meta` of a figure is the list
``["parts", {name: [[x0, y0, x1, y1, dx, dy, count, first, x axis, y axis], …]}]``. Each inner list is a
row of `count` equal boxes, each `dx` and `dy` further than the one before it; they are numbered from
`first`, so that the word ``h₂`` finds the box numbered 2, and ``state`` finds all; -1 is no number. The axes are as in a
trace, or ``paper``. What is at its default is left out from the end. Which words stand for a part is
said in `ui/guided.py`, and it is lit by `ui/player/words.js`. A third entry, if there is one, is that
of `halves.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go

from seqviz.plotly_kit.marks import Box

_DIGITS: Final = 4
_DEFAULTS: Final = (0, 0, 1, -1, "x", "y")


class Boxes(NamedTuple):
    """Equal boxes in a row: a part of a picture, or several of one kind.

    Attributes:
        box: The first.
        pitch: How far each is from the one before, across and up.
        times: How many.
        first: What number the first has in words, such as 0 for ``h₀``; -1 for none.
        axes: What `box` is in units of.
    """

    box: Box
    pitch: tuple[float, float] = (0, 0)
    times: int = 1
    first: int = -1
    axes: tuple[str, str] = ("x", "y")


def columns(
    xs: Sequence[float], low: float, high: float, *, first: int = 1, width: float = 1
) -> Boxes:
    """Boxes at the left edges `xs`, which are equally far from each other, numbered from `first`."""
    pitch = xs[1] - xs[0] if len(xs) > 1 else 0
    return Boxes((xs[0], low, xs[0] + width, high), (pitch, 0), len(xs), first)


def numbered(boxes: Iterable[tuple[int, Box]]) -> list[Boxes]:
    """Boxes with their numbers, those that follow one another at equal distances taken together."""
    runs: list[Boxes] = []
    for number, box in boxes:
        if runs:
            last = runs[-1]
            pitch = (box[0] - last.box[0], box[1] - last.box[1])
            if last.times > 1:
                pitch = (pitch[0] / last.times, pitch[1] / last.times)
            size = [box[2] - box[0], box[3] - box[1]]
            same = [last.box[2] - last.box[0], last.box[3] - last.box[1]]
            fits = last.times == 1 or _near(pitch, last.pitch)
            if number == last.first + last.times and fits and _near(size, same):
                runs[-1] = last._replace(pitch=pitch, times=last.times + 1)
                continue
        runs.append(Boxes(box, first=number))
    return runs


def parts(named: Mapping[str, Boxes | Iterable[Boxes]]) -> dict[str, Any]:
    """What a figure's layout says of its parts; those without a box are left out."""
    said = {
        name: [_row(one) for one in ([boxes] if isinstance(boxes, Boxes) else boxes)]
        for name, boxes in named.items()
    }
    return {"meta": ["parts", {name: rows for name, rows in said.items() if rows}]}


def parts_of(figure: go.Figure) -> list[str]:
    """The names of a figure's parts."""
    meta = figure.to_dict()["layout"].get("meta")
    return list(meta[1]) if meta else []


def _row(boxes: Boxes) -> list[Any]:
    numbers = [round(float(value), _DIGITS) for value in (*boxes.box, *boxes.pitch)]
    row = [*numbers, boxes.times, boxes.first, *boxes.axes]
    while len(row) > 4 and row[-1] == _DEFAULTS[len(row) - 5]:
        row.pop()
    return row


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) < 1e-6 for a, b in zip(one, other, strict=True))
