"""Gradient steps: which rows of an embedding move, and the gradient that moves them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.lessons.learning.compute import Learning, compute_learning
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace, figure_of
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of
from seqviz.readout.wording import counted
from seqviz.training.record import GradientStep

_WRITABLE_ROWS: Final = 26
_TOKEN_LENGTH: Final = 9
_LABELS: Final = 0.15  # share of the width for ids and words
_GAP: Final = 0.018
_SMALL_TEXT: Final = 10


def plot_learning(
    data: Learning | Sequence[GradientStep],
    *,
    words: Mapping[int, str] | None = None,
    batches: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw what each step adds to each row; rows that no bit of moved are empty and say 0.

    Rows in the batch have an outline in their token's colour, rows that moved though they are not
    in the batch a dashed one. All steps share one colour scale; the table has its own.

    Args:
        data: What `gradient_step` returned, one after the other, or what `compute_learning` made
            of it.
        words: The word of each row that has one.
        batches: ``(steps,)``, what each step's batch is called.
        step: Steps already done when it opens, 0 … S; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There are not as many `batches` as steps, or `compute_learning` raises it.
    """
    if not isinstance(data, Learning):
        data = compute_learning(data)
    words = words or {}
    count, _, features = data.changes.shape
    names = [""] * count if batches is None else list(batches)
    if len(names) != count:
        raise SeqvizError(
            f"batches has {len(names)} names, but there are {counted(count, 'step')}. "
            "Hint: give one for each step."
        )
    rows = _drawn(data)
    high = 1 / len(rows)
    lows = [1 - (i + 1) * high for i in range(len(rows))]
    left = _columns(count + 1)
    width = left[1] - left[0] - _GAP
    edges = [*lows[::-1], 1.0]
    cell = (width / features, high)
    written = len(rows) <= _WRITABLE_ROWS and features * (count + 1) <= 60
    real = np.array(rows) >= 0

    traces: list[Trace] = []
    limit = marks.symmetric_limit(data.changes)
    for k in range(-1, count):
        values = np.full((len(rows), features), np.nan, np.float32)
        source = data.before if k < 0 else data.changes[k]
        values[real] = source[np.array(rows)[real]]
        if k >= 0:
            values[real] = np.where(
                data.moved[k, np.array(rows)[real]][:, None], values[real], np.nan
            )
        name = "W" if k < 0 else f"change of W in step {k + 1}, row"
        traces.append(
            marks.heatmap(
                values[::-1],
                limit=marks.symmetric_limit(data.before) if k < 0 else limit,
                cell=cell if written else None,
                gap=1 if written else 0,
                tell_zeros=True,
                hover=name + "[%{customdata}] = %{z:.7f}<extra></extra>",
                customdata=[[f"{row}, {f}" for f in range(features)] for row in rows[::-1]]
                if written
                else None,
                x=np.linspace(left[k + 1], left[k + 1] + width, features + 1),
                y=edges,
            )
        )
    used = np.flatnonzero(data.looked_up.any(axis=0)).tolist()
    color_of = dict(zip(used, _colors(used), strict=True))
    boxes: dict[str, list[Box]] = {}
    carried: list[Box] = []
    for k in range(count):
        for row, low in zip(rows, lows, strict=True):
            box = (left[k + 1], low, left[k + 1] + width, low + high)
            if row >= 0 and data.looked_up[k, row]:
                boxes.setdefault(color_of[row], []).append(box)
            elif row >= 0 and data.moved[k, row]:
                carried.append(box)
    # Dashed first: where two rows meet, the batch's outline is on top.
    traces.append(marks.outline(carried, color=palette.text, width=2, dash="dot"))
    traces += [
        marks.outline(some, color=color, width=3 if written else 1.5)
        for color, some in boxes.items()
    ]
    traces += _zeros(data, rows, lows, high, left, width, palette)
    traces += _row_labels(rows, lows, high, words, color_of, palette)
    size = len(data.before)
    for k in range(-1, count):
        heading = (
            f"table before<br>({size}, {features})"
            if k < 0
            else f"<b>step {k + 1}</b><br>{plain(names[k])}"
        )
        traces.append(
            marks.texts(
                [left[k + 1] + width / 2],
                [1.01],
                [heading],
                color=palette.text,
                size=13,
                position="top center",
                room=(width + _GAP * 0.6, 1),
            )
        )
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.002, 1.014),
        "yaxis": marks.bare_axis(-0.012, 1 + 42 / max(height - 50, 42)),
    }
    looks: list[Shape] = [
        marks.veil(palette, x1=1.014, y0=-0.012, y1=1.005),
        marks.cursor(palette.text, 3, y0=-0.008, y1=1.008),
    ]
    steps: list[list[Shape]] = []
    for done in range(count + 1):
        x = left[done]
        steps.append(
            [
                {"x0": x + width + _GAP / 2 + 0.001},
                {"x0": x - _GAP / 2 + 0.001, "x1": x + width + _GAP / 2 - 0.001},
            ]
        )
    return playable(
        traces,
        layout,
        looks,
        steps,
        step=step,
        labels=["before", *(f"step {k + 1}" for k in range(count))],
        controls=controls,
        text_color=palette.text,
    )


@drawn_of(GradientStep, "gradient_step")
def plot_sparse_gradient(
    step: GradientStep,
    *,
    tokens: Sequence[str] | None = None,
    words: Mapping[int, str] | None = None,
    palette: Palette = LIGHT,
    height: int = 320,
    max_rows: int = 12,
) -> go.Figure:
    """Draw the gradient as TensorFlow gives it, one line a lookup, and its dense form.

    Args:
        step: What `gradient_step` returned.
        tokens: ``(n,)``, the word of each lookup.
        words: The word of each row that has one.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        max_rows: Rows of the dense form to draw if they fit.
    """
    words = words or {}
    data = compute_learning([step], max_rows=max_rows)
    rows = _drawn(data)
    indices: list[int] = step.indices.tolist()
    features = step.values.shape[1]
    labels = [str(t) for t in tokens or ()][: len(indices)]
    labels += [words.get(i, f"id {i}") for i in indices[len(labels) :]]
    dense = step.gradient
    limit = marks.symmetric_limit(step.values, dense)
    high = 1 / len(rows)
    lows = [1 - (i + 1) * high for i in range(len(rows))]
    line = min(1 / max(len(indices), 1), 1.6 * high, 0.16)
    line_lows = [1 - (i + 1) * line for i in range(len(indices))]
    values_x, dense_x = (0.15, 0.41), (0.68, 1.0)
    drawn = np.full((len(rows), features), np.nan, np.float32)
    reached = np.array([row >= 0 and bool(data.looked_up[0, row]) for row in rows])
    drawn[reached] = dense[np.array(rows)[reached]]
    written = features <= 4 and max(len(rows), len(indices)) <= _WRITABLE_ROWS
    font = marks.VALUE_SIZE if features <= 2 else _SMALL_TEXT

    traces: list[Trace] = []
    for values, x, low, names in (
        (step.values, values_x, line_lows, "values[%{customdata}]"),
        (drawn, dense_x, lows, "dense gradient[%{customdata}]"),
    ):
        which = list(range(len(indices))) if values is step.values else rows
        if not which:
            continue
        trace = marks.heatmap(
            values[::-1],
            limit=limit,
            cell=((x[1] - x[0]) / features, low[0]) if written else None,
            gap=1 if written else 0,
            hover=names + " = %{z:.7f}<extra></extra>",
            customdata=[[f"{i}, {f}" for f in range(features)] for i in which[::-1]],
            x=np.linspace(*x, features + 1),
            y=[*low[::-1], 1.0],
        )
        if written:
            trace["textfont"] = {**trace["textfont"], "size": font}
        traces.append(trace)
    colors = _colors(indices)
    color_of = dict(zip(indices, colors, strict=True))
    place = dict(zip(rows, lows, strict=True))
    for row, color in color_of.items():
        if row not in place:
            continue
        mine = [low for i, low in zip(indices, line_lows, strict=True) if i == row]
        to = place[row] + high / 2
        xs: list[float | None] = []
        ys: list[float | None] = []
        for mine_low in mine:
            xs += [values_x[1] + 0.008, dense_x[0] - 0.15, None]
            ys += [mine_low + line / 2, to, None]
        boxes = [(values_x[0], low, values_x[1], low + line) for low in mine]
        boxes.append((dense_x[0], place[row], dense_x[1], place[row] + high))
        traces.append(marks.outline(boxes, color=color, width=2.5 if written else 1))
        traces.append(
            {
                "type": "scatter",
                "x": xs[:-1],
                "y": ys[:-1],
                "mode": "lines",
                "line": {"color": color, "width": 2},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    every = 1 + len(indices) // (_WRITABLE_ROWS + 1)
    shown = range(0, len(indices), every)
    traces.append(
        marks.texts(
            [values_x[0] - 0.008] * len(shown),
            [line_lows[i] + line / 2 for i in shown],
            [f"{plain(shorten(labels[i], _TOKEN_LENGTH))} <b>{indices[i]}</b>" for i in shown],
            color=palette.text,
            size=12,
            position="middle left",
        )
    )
    named = [(r, low) for r, low in place.items() if r >= 0 and (r in color_of or written)]
    named = named[:: 1 + len(named) // (_WRITABLE_ROWS + 1)]
    traces.append(
        marks.texts(
            [dense_x[0] - 0.008] * len(named),
            [low + high / 2 for _, low in named],
            [_row_name(row, words) for row, _ in named],
            color=[palette.text if row in color_of else palette.muted for row, _ in named],
            size=12,
            position="middle left",
        )
    )
    nothing = [(row, low) for row, low in zip(rows, lows, strict=True) if row not in color_of]
    traces.append(
        marks.texts(
            [sum(dense_x) / 2] * len(nothing),
            [low + high / 2 for _, low in nothing],
            ["0" if row >= 0 else f"0 in {-row:,} more rows" for row, _ in nothing],
            color=palette.muted,
            size=12,
        )
    )
    for x, text in (
        (values_x, f"<b>values</b><br>({len(indices)}, {features})"),
        (dense_x, f"<b>dense</b>, ids summed<br>({len(step.before)}, {features})"),
    ):
        traces.append(
            marks.texts([x[0]], [1.01], [text], color=palette.text, size=12, position="top right")
        )
    traces.append(
        marks.texts(
            [0],
            [1.01],
            [f"<b>indices</b><br>({len(indices)},)"],
            color=palette.text,
            size=12,
            position="top right",
        )
    )
    return figure_of(
        data=traces,
        layout={
            **marks.plain_layout(palette, height),
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": marks.bare_axis(-0.002, 1.005),
            "yaxis": marks.bare_axis(-0.012, 1 + 42 / max(height - 50, 42)),
        },
    )


def _drawn(data: Learning) -> list[int]:
    """The rows from the top down; where they are too thin to be read, only those looked up."""
    rows: list[int] = data.rows.tolist()
    if len(rows) <= _WRITABLE_ROWS:
        return rows
    used = np.asarray(data.looked_up.any(axis=0))
    return [row for row in rows if row >= 0 and used[row]] or rows


def _columns(count: int) -> list[float]:
    """Left edge of each of `count` equal blocks."""
    width = (1 - _LABELS + _GAP) / count
    return [_LABELS + width * k for k in range(count)]


def _colors(ids: Sequence[int]) -> list[str]:
    return token_colors(list(ids))


def _row_name(row: int, words: Mapping[int, str]) -> str:
    word = plain(shorten(words[row], _TOKEN_LENGTH)) + " " if row in words else ""
    return f"{word}<b>{row}</b>"


def _row_labels(
    rows: Sequence[int],
    lows: Sequence[float],
    high: float,
    words: Mapping[int, str],
    color_of: Mapping[int, str],
    palette: Palette,
) -> list[Trace]:
    every = 1 + len(rows) // (_WRITABLE_ROWS + 1)
    shown = [(row, low) for row, low in zip(rows, lows, strict=True) if row >= 0][::every]
    squares = [(color_of[row], low) for row, low in shown if row in color_of]
    return [
        marks.texts(
            [_LABELS - 0.034] * len(shown),
            [low + high / 2 for _, low in shown],
            [_row_name(row, words) for row, _ in shown],
            color=[palette.text if row in color_of else palette.muted for row, _ in shown],
            size=13,
            position="middle left",
            room=(_LABELS - 0.036, max(high, 0.03)),
        ),
        {
            "type": "scatter",
            "x": [_LABELS - 0.016] * len(squares),
            "y": [low + high / 2 for _, low in squares],
            "mode": "markers",
            "marker": {"symbol": "square", "size": 9, "color": [color for color, _ in squares]},
            "hoverinfo": "skip",
        },
    ]


def _zeros(
    data: Learning,
    rows: Sequence[int],
    lows: Sequence[float],
    high: float,
    left: Sequence[float],
    width: float,
    palette: Palette,
) -> list[Trace]:
    """Say 0 where a row did not move, and in a fold how many of its rows did."""
    xs: list[float] = []
    ys: list[float] = []
    words: list[str] = []
    folds: list[tuple[float, str]] = []
    next_row = 0
    moved: NDArray[np.bool_] = data.moved
    for row, low in zip(rows, lows, strict=True):
        middle = low + high / 2
        some = slice(row, row + 1) if row >= 0 else slice(next_row, next_row - row)
        next_row = some.stop
        if row < 0:
            folds.append((middle, f"⋮ {-row:,} more ⋮"))
        for k in range(len(moved)):
            number = int(moved[k, some].sum())
            if row >= 0 and number:
                continue
            xs.append(left[k + 1] + width / 2)
            ys.append(middle)
            words.append("0" if not number else "⋮ moved" if number == -row else f"{number} moved")
    place: dict[str, Any] = {"color": palette.muted, "size": 12}
    return [
        marks.texts(xs, ys, words, **place, room=(width, max(high, 0.03))),
        marks.texts(
            [left[0] + width / 2] * len(folds),
            [y for y, _ in folds],
            [text for _, text in folds],
            **place,
            room=(width + _GAP, 1),
        ),
    ]
