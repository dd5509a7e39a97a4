"""Where ids land: the rows of the matrix in a line, the places outside, one lane an id."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.ids.compute import RAISES, IdTrace
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.palette import LIGHT, TOKENS, Palette
from seqviz.readout.records import drawn_of
from seqviz.readout.rows import rows_to_draw

_MAX_ROWS: Final = 12  # places for rows, folds included
_MAX_OUTSIDE: Final = 3  # places on each side, the last of them for all that is farther out
_OUTSIDE: Final = -99.0  # where a shape is put that is not to be seen
_LABELS: Final = 0.14  # shares of the width
_OUTCOMES: Final = 0.24
_HEAD: Final = 1.9  # lanes' worth of height for the rows on top
_WORDS: Final = {
    "legal": "",
    "cut": "no error",
    "wrapped": "no error",
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

    A circle stands where the id is on the line of numbers, a square at the row that came out; a
    cross where the layer raised. The same row has the same colour in all lanes. Places outside
    the matrix are hatched, long runs of unused rows folded.

    Args:
        data: From `seqviz.trace_ids`.
        step: Ids already looked up when it opens, 0 … N; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    count = len(data.labels)
    places = _places(data)
    width = len(places.labels)
    total = width / (1 - _LABELS - _OUTCOMES)
    left, right = -_LABELS * total, width + _OUTCOMES * total
    starts = [_start(places, v, i) for v, i in zip(data.values, data.integers, strict=True)]
    rows = data.rows.tolist()
    colors = _row_colors(rows, palette)

    traces: list[Trace] = []
    _draw_line(traces, places, set(rows), count, palette)
    lanes = [-(k + 0.5) for k in range(count)]
    moved = [
        (x, y, places.of[row] + 0.5, y)
        for x, y, row in zip(starts, lanes, rows, strict=True)
        if row != RAISES and abs(places.of[row] + 0.5 - x) > 0.3
    ]
    lines = [_short(box) for box in moved]
    traces.append(
        {
            "type": "scatter",
            "x": [x for x0, _, x1, _ in lines for x in (x0, x1, None)],
            "y": [y for _, y0, _, y1 in lines for y in (y0, y1, None)],
            "mode": "lines",
            "line": {"color": palette.text, "width": 2},
            "hoverinfo": "skip",
        }
    )
    markers = (
        # Typed here, landed there, raised there.
        (
            "circle-open",
            [x for x, row in zip(starts, rows, strict=True) if row != RAISES],
            [y for y, row in zip(lanes, rows, strict=True) if row != RAISES],
            palette.text,
            10,
            2,
        ),
        (
            "square",
            [places.of[row] + 0.5 for row in rows if row != RAISES],
            [y for y, row in zip(lanes, rows, strict=True) if row != RAISES],
            [c for c, row in zip(colors, rows, strict=True) if row != RAISES],
            15,
            0,
        ),
        (
            "x-thin",
            [x for x, row in zip(starts, rows, strict=True) if row == RAISES],
            [y for y, row in zip(lanes, rows, strict=True) if row == RAISES],
            palette.text,
            13,
            3,
        ),
    )
    for symbol, xs, ys, color, size, line in markers:
        traces.append(
            {
                "type": "scatter",
                "x": xs,
                "y": ys,
                "mode": "markers",
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "color": color,
                    "line": {"width": line, "color": color},
                },
                "hoverinfo": "skip",
            }
        )
    high = max(0.9, 16 / max(height, 1) * (count + _HEAD))
    traces.append(
        marks.texts(
            [left] * count,
            lanes,
            [f"<b>{plain(shorten(word, 9))}</b>" for word in data.labels],
            color=palette.text,
            size=14,
            position="middle right",
            room=(_LABELS * total * 0.9, high),
            hover=[plain(word) for word in data.labels],
        )
    )
    outcomes = ["✕ raises" if row == RAISES else f"row {row:,}" for row in rows]
    quietly = [_WORDS[kind] for kind in data.kinds]
    whole = _OUTCOMES * total - 0.5
    for x, words, color, room in (
        (width + 0.35, [f"<b>{words}</b>" for words in outcomes], palette.text, whole * 0.55),
        (width + 0.35 + whole * 0.55, quietly, palette.muted, whole * 0.45),
    ):
        traces.append(
            marks.texts(
                [x] * count,
                lanes,
                words,
                color=color,
                size=14,
                position="middle right",
                room=(room, high),
                hover=[plain(m) or w for m, w in zip(data.messages, outcomes, strict=True)],
            )
        )
    for x, head, room in (
        (left, "id", _LABELS * total),
        (width + 0.35, "what comes out", _OUTCOMES * total - 0.5),
    ):
        traces.append(
            marks.texts(
                [x], [0.55], [head], color=palette.muted, size=13, position="middle right",
                room=(room, 1),
            )
        )  # fmt: skip
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(left, right),
        "yaxis": marks.bare_axis(-count - 0.05, _HEAD),
    }
    looks: list[Shape] = [
        marks.veil(palette, x0=left, x1=right, y0=-count - 0.05),
        {**marks.light(palette.timesteps), "x0": left, "x1": right},
        marks.cursor(palette.text, y0=0.08, y1=1.02),
    ]
    steps: list[list[Shape]] = []
    for done in range(count + 1):
        row = rows[done - 1] if done else RAISES
        x = _OUTSIDE if row == RAISES else places.of[row]
        steps.append(
            [
                {"y1": -float(done)},
                {"y0": -float(done), "y1": 1.0 - done} if done else {"y0": -99, "y1": -99},
                {"x0": x, "x1": x + 1},
            ]
        )
    return playable(
        traces,
        layout,
        looks,
        steps,
        step=step,
        labels=step_captions(data.labels),
        controls=controls,
        text_color=palette.text,
    )


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


def _row_colors(rows: Sequence[int], palette: Palette) -> list[str]:
    order = {row: i for i, row in enumerate(dict.fromkeys(r for r in rows if r != RAISES))}
    return [palette.text if r == RAISES else TOKENS[order[r] % len(TOKENS)] for r in rows]


def _short(box: marks.Box) -> marks.Box:
    """A line that ends where its markers begin."""
    x0, y0, x1, y1 = box
    way = math.copysign(1, x1 - x0)
    return (x0 + way * min(0.2, abs(x1 - x0) / 3), y0, x1, y1)


def _draw_line(
    traces: list[Trace], places: _Places, used: set[int], count: int, palette: Palette
) -> None:
    """The rows on top and the columns below them; hatched where there is no row."""
    width = len(places.labels)
    first, last = places.inside
    for outside in ((0, -count, first, 1), (last, -count, width, 1)):
        traces.append(marks.hatch([outside], color=palette.muted))
        traces[-1]["line"]["width"] = 0
        traces[-1]["fillpattern"] |= {"solidity": 0.06}
    columns: list[marks.Box] = [(k, -count, k + 1, 0.0) for k in range(first, last)]
    traces.append(marks.outline(columns, color=palette.muted, width=0.5))
    boxes: list[marks.Box] = [
        (k, 0.1, k + 1, 1.0) for k in range(first, last) if k not in places.folds
    ]
    traces.append(marks.outline(boxes, color=palette.features, width=2))
    at_rows = [k for row, k in places.of.items() if first <= k < last and row in used]
    for bold, some, color in (
        (True, at_rows, palette.text),
        (False, [k for k in range(width) if k not in at_rows], palette.muted),
    ):
        words = [places.labels[k] for k in some]
        traces.append(
            marks.texts(
                [k + 0.5 for k in some],
                [0.55] * len(some),
                [f"<b>{word}</b>" for word in words] if bold else words,
                color=color,
                size=13,
                room=(0.98, 1),
            )
        )
    heads = [
        (first / 2, "no rows", first),
        ((first + last) / 2, "rows of the matrix", last - first),
        ((last + width) / 2, "no rows", width - last),
    ]
    for middle, head, wide in heads:
        color = palette.muted if head == "no rows" else palette.features
        traces.append(
            marks.texts([middle], [1.45], [head], color=color, size=13, room=(max(wide, 1.9), 1))
        )
