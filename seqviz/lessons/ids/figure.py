"""Where ids land: the rows of the matrix in a line, the places outside, one lane an id."""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.ids.compute import RAISES, IdTrace
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.palette import LIGHT, TOKENS, Palette
from seqviz.plotly_kit.parts import Boxes, numbered, parts
from seqviz.readout.records import drawn_of
from seqviz.readout.rows import rows_to_draw

_MAX_ROWS: Final = 12  # places for rows, folds included
_MAX_OUTSIDE: Final = 3  # places on each side, the last of them for all that is farther out
_OUT_OF_SIGHT: Final = -99.0  # axis units, below the last lane and left of the first place
_LABELS: Final = 0.14  # shares of the width
_OUTCOMES: Final = 0.29
_HEAD: Final = 1.9  # lanes' worth of height for the rows on top
_WORDS: Final = {
    "legal": "",
    "cut": "cut to {integer}",
    "wrapped": "from the end",
    "cast": "no error",
    "raises": "",
}


class _Places(NamedTuple):
    """The places of the line, from left to right, each one unit wide."""

    labels: list[str]
    inside: tuple[int, int]  # first place of the matrix, and the one after its last
    of: dict[int, int]  # place of an integer
    below: int | None  # place of all that is farther below, above, or is not a number
    above: int | None
    nowhere: int | None
    folds: list[int]


class _Picture(NamedTuple):
    """What is drawn, and where: places along x, and below them one lane for each id."""

    data: IdTrace
    places: _Places
    rows: list[int]  # that came out of each id, or `RAISES`
    starts: list[float]  # where each id is on the line of numbers
    lanes: list[float]  # the middle of each id's lane
    lane_height: float  # for words: at least 16 pixels
    left: float  # edges of the picture
    right: float
    palette: Palette

    @property
    def end(self) -> float:
        """The right edge of the line of places."""
        return float(len(self.places.labels))

    @property
    def outcomes(self) -> tuple[float, float]:
        """Where the words begin that say what comes out, and the width for them."""
        return self.end + 0.35, self.right - self.end - 0.5

    def landing(self, row: int) -> float:
        """The middle of a row's place."""
        return self.places.of[row] + 0.5


@drawn_of(IdTrace, "trace_ids")
def plot_ids(
    data: IdTrace,
    *,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the rows of an embedding matrix in a line, and where each id lands.

    A circle stands where the id is on the line of numbers, between two rows if it is not whole; a
    square at the row that came out, a cross where the layer raised. The same row has the same colour in all lanes. Places outside
    the matrix are hatched, long runs of unused rows folded.

    Args:
        data: From `seqviz.trace_ids`.
        step: Ids already looked up when it opens, 0 … N; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    picture = _arranged(data, palette, height)
    count = len(data.labels)
    return animated(
        [
            *_line(picture),
            _ways(picture),
            *_markers(picture),
            _names(picture),
            *_outcomes(picture),
            *_headings(picture),
        ],
        marks.framed(x=(picture.left, picture.right), y=(-count - 0.05, _HEAD), **_parts(picture)),
        _moving(picture),
        labels=step_captions(data.labels),
        look=Look(step, palette, height, controls),
    )


def _parts(picture: _Picture) -> dict[str, Any]:
    """The rows, and the lane of each id: they are numbered by their steps."""
    first, last = picture.places.inside
    rows = ((row, k) for row, k in sorted(picture.places.of.items()) if first <= k < last)
    return parts(
        {
            "matrix": Boxes((first, 0.1, last, 1)),
            "row": numbered((row, (k, 0.1, k + 1, 1)) for row, k in rows),
            "step": Boxes((picture.left, -1, picture.right, 0), (0, -1), len(picture.rows), 1),
        }
    )


def _arranged(data: IdTrace, palette: Palette, height: int) -> _Picture:
    count = len(data.labels)
    places = _places(data)
    width = len(places.labels)
    total = width / (1 - _LABELS - _OUTCOMES)
    return _Picture(
        data=data,
        places=places,
        rows=data.rows.tolist(),
        starts=[_start(places, v, i) for v, i in zip(data.values, data.integers, strict=True)],
        lanes=[-(k + 0.5) for k in range(count)],
        lane_height=max(0.9, 16 / max(height, 1) * (count + _HEAD)),
        left=-_LABELS * total,
        right=width + _OUTCOMES * total,
        palette=palette,
    )


def _line(picture: _Picture) -> list[Trace]:
    """The rows on top and the columns below them; hatched where there is no row."""
    places, palette = picture.places, picture.palette
    width, count = len(places.labels), len(picture.rows)
    first, last = places.inside
    outside = [
        marks.hatch([(start, -count, end, 1)], color=palette.muted)
        for start, end in ((0, first), (last, width))
    ]
    for trace in outside:
        trace["line"]["width"] = 0
        trace["fillpattern"] |= {"solidity": 0.06}
    columns: list[marks.Box] = [(k, -count, k + 1, 0.0) for k in range(first, last)]
    boxes: list[marks.Box] = [
        (k, 0.1, k + 1, 1.0) for k in range(first, last) if k not in places.folds
    ]
    return [
        *outside,
        marks.outline(columns, color=palette.muted, width=0.5),
        marks.outline(boxes, color=palette.features),
        *_place_labels(picture),
    ]


def _place_labels(picture: _Picture) -> list[Trace]:
    """What each place stands for, bold where a row came out; and above, where there are rows."""
    places, palette = picture.places, picture.palette
    width = len(places.labels)
    first, last = places.inside
    used = set(picture.rows)
    at_rows = [k for row, k in places.of.items() if first <= k < last and row in used]
    others = [k for k in range(width) if k not in at_rows]
    labels = [
        marks.texts(
            [k + 0.5 for k in some],
            [0.55] * len(some),
            [mark.format(places.labels[k]) for k in some],
            color=color,
            size=13,
            room=(0.98, 1),
        )
        for some, mark, color in (
            (at_rows, "<b>{}</b>", palette.text),
            (others, "{}", palette.muted),
        )
    ]
    heads = [
        marks.texts(
            [(start + end) / 2],
            [1.45],
            [head],
            color=color,
            size=12,
            room=(max(end - start, 1.9), 1),
        )
        for start, end, head, color in (
            (0, first, "no<br>rows", palette.muted),
            (first, last, "numbers of the rows", palette.features),
            (last, width, "no<br>rows", palette.muted),
        )
    ]
    return [*labels, *heads]


def _ways(picture: _Picture) -> Trace:
    """A line from each id to the row that came out, if that is another place."""
    moved = [
        _short((x, y, picture.landing(row), y))
        for x, y, row in zip(picture.starts, picture.lanes, picture.rows, strict=True)
        if row != RAISES and abs(picture.landing(row) - x) > 0.3
    ]
    return marks.segments(moved, color=picture.palette.text)


def _markers(picture: _Picture) -> list[Trace]:
    """A circle where an id was typed, a square where it landed, a cross where it raised."""
    text = picture.palette.text
    lanes = list(zip(picture.starts, picture.lanes, picture.rows, strict=True))
    legal = [(x, y) for x, y, row in lanes if row != RAISES]
    landed = [(picture.landing(row), y) for _, y, row in lanes if row != RAISES]
    raised = [(x, y) for x, y, row in lanes if row == RAISES]
    return [
        marks.markers(legal, color=text, size=10, symbol="circle-open", rim=2),
        marks.markers(landed, color=_row_colors(picture.rows), size=13),
        marks.markers(raised, color=text, size=13, symbol="x-thin", rim=3),
    ]


def _names(picture: _Picture) -> Trace:
    """The ids as they were typed."""
    labels = picture.data.labels
    return marks.texts(
        [picture.left] * len(labels),
        picture.lanes,
        [f"<b>{plain(shorten(word, 9))}</b>" for word in labels],
        color=picture.palette.text,
        size=14,
        position="middle right",
        room=(-picture.left * 0.9, picture.lane_height),
        hover=[plain(word) for word in labels],
    )


def _outcomes(picture: _Picture) -> list[Trace]:
    """Beside each lane what comes out, and what was done where it is not the id."""
    data, palette = picture.data, picture.palette
    rows = ["✕ error" if row == RAISES else f"row {row:,}" for row in picture.rows]
    why = [
        _WORDS[kind].format(integer=integer)
        for kind, integer in zip(data.kinds, data.integers.tolist(), strict=True)
    ]
    x, width = picture.outcomes
    return [
        marks.texts(
            [at] * len(rows),
            picture.lanes,
            words,
            color=color,
            size=14,
            position="middle right",
            room=(room, picture.lane_height),
            hover=[plain(m) or row for m, row in zip(data.messages, rows, strict=True)],
        )
        for at, words, color, room in (
            (x, [f"<b>{row}</b>" for row in rows], palette.text, width * 0.5),
            (x + width * 0.5, why, palette.muted, width * 0.5),
        )
    ]


def _headings(picture: _Picture) -> list[Trace]:
    x, width = picture.outcomes
    muted = picture.palette.muted
    heads = [(picture.left, "id", muted, -picture.left), (x, "what comes out", muted, width)]
    return marks.headings(heads, y=0.55, size=13, position="middle right")


def _moving(picture: _Picture) -> list[Moving]:
    """The veil over the lanes to come, the light behind the last one, the cursor at its row."""
    palette, across = picture.palette, {"x0": picture.left, "x1": picture.right}

    def lane(done: int) -> Shape:
        if not done:
            return {"y0": _OUT_OF_SIGHT, "y1": _OUT_OF_SIGHT}
        return {"y0": -float(done), "y1": 1.0 - done}

    def row(done: int) -> Shape:
        now = picture.rows[done - 1] if done else RAISES
        x = _OUT_OF_SIGHT if now == RAISES else picture.places.of[now]
        return {"x0": x, "x1": x + 1}

    veil = marks.veil(palette, **across, y0=-len(picture.rows) - 0.05)
    return [
        Moving(veil, lambda done: {"y1": -float(done)}),
        Moving({**marks.light(palette.timesteps), **across}, lane),
        Moving(marks.cursor(palette.text, y0=0.08, y1=1.02), row),
    ]


def _places(data: IdTrace) -> _Places:
    size = data.vocab_size
    fits = [not math.isnan(v) for v in map(float, data.values)]
    whole = [_whole(v) for v, ok in zip(data.values, fits, strict=True) if ok]
    inside = [i for i in whole if 0 <= i < size] + [r for r in data.rows.tolist() if r != RAISES]
    rows = rows_to_draw(np.array(inside, int), size, _MAX_ROWS).tolist()
    below, far_below = _outside([-1, *(i for i in whole if i < 0)], nearest=max)
    above, far_above = _outside([size, *(i for i in whole if i >= size)], nearest=min)

    labels = ["…"] * far_below + [f"−{-i}" for i in below]
    of = {i: far_below + k for k, i in enumerate(below)}
    first = len(labels)
    folds = []
    for row in rows:
        if row < 0:
            folds.append(len(labels))
            labels.append("⋯")
        else:
            of[row] = len(labels)
            labels.append(str(row))
    last = len(labels)
    of |= {i: last + k for k, i in enumerate(above)}
    labels += [str(i) for i in above] + ["…"] * far_above + ["NaN"] * (not all(fits))
    return _Places(
        labels=labels,
        inside=(first, last),
        of=of,
        below=0 if far_below else None,
        above=last + len(above) if far_above else None,
        nowhere=len(labels) - 1 if not all(fits) else None,
        folds=folds,
    )


def _whole(value: int | float) -> int:
    """The integer towards zero; infinities far out."""
    if isinstance(value, float) and math.isinf(value):
        return int(math.copysign(2**63, value))
    return int(value)


def _outside(numbers: Sequence[int], *, nearest: object) -> tuple[list[int], bool]:
    """The places on one side of the matrix, in order, and whether some numbers are farther out."""
    ordered = sorted(set(numbers), reverse=nearest is max)
    near = ordered if len(ordered) <= _MAX_OUTSIDE else ordered[: _MAX_OUTSIDE - 1]
    # Long numbers would not fit a place.
    near = [i for i in near if len(str(i)) <= 6] or ordered[:1]
    return sorted(near), len(near) < len(ordered)


def _start(places: _Places, value: int | float, integer: int) -> float:
    """Where an id stands on the line before it is looked up."""
    if isinstance(value, float) and math.isnan(value):
        return (places.nowhere or 0) + 0.5
    whole = _whole(value)
    if whole in places.of:
        part = 0.0 if isinstance(value, int) else math.modf(value)[0]
        return places.of[whole] + 0.5 + part
    far = places.below if whole < 0 else places.above
    return (far or 0) + 0.5


def _row_colors(rows: Sequence[int]) -> list[str]:
    """One for each id that came out at a row, the same for the same row."""
    landed = [row for row in rows if row != RAISES]
    order = {row: i for i, row in enumerate(dict.fromkeys(landed))}
    return [TOKENS[order[row] % len(TOKENS)] for row in landed]


def _short(box: marks.Box) -> marks.Box:
    """A line that ends where its markers begin."""
    x0, y0, x1, y1 = box
    way = math.copysign(1, x1 - x0)
    return (x0 + way * min(0.2, abs(x1 - x0) / 3), y0, x1, y1)
