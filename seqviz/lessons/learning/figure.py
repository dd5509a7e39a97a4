"""Gradient steps: which rows of an embedding move, and the gradient that moves them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.lessons.learning.compute import Learning, compute_learning
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated, still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix import Matrix, every
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import parts
from seqviz.readout.records import drawn_of
from seqviz.training.record import GradientStep
from seqviz.wording import counted

_WRITABLE_ROWS: Final = 26
_TOKEN_LENGTH: Final = 9
_LABELS: Final = 0.18  # share of the width for ids and words
_GAP: Final = 0.018
_SMALL_TEXT: Final = 10

# The blocks of the sparse gradient, along an x axis of length 1.
_VALUES: Final = (0.15, 0.41)
_DENSE: Final = (0.68, 1.0)


class _Picture(NamedTuple):
    """The table, and beside it what each step adds to it."""

    data: Learning
    table: Matrix
    steps: list[Matrix]
    names: dict[int, str]  # of the rows beside which there is room for a word
    color_of: dict[int, str]  # of rows that any batch looks up
    written: bool
    palette: Palette


class _Gradient(NamedTuple):
    """The gradient as it comes, one line for each lookup, and its dense form."""

    step: GradientStep
    looked_up: NDArray[np.bool_]
    indices: list[int]
    labels: list[str]
    values: Matrix
    dense: Matrix
    words: Mapping[int, str]
    color_of: dict[int, str]
    written: bool
    palette: Palette


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
    count = len(data.changes)
    names = [""] * count if batches is None else list(batches)
    if len(names) != count:
        raise SeqvizError(
            f"batches has {len(names)} names, but there are {counted(count, 'step')}. "
            "Hint: give one for each step."
        )
    picture = _arranged(data, words or {}, palette)
    return animated(
        [
            *_changes(picture),
            *_outlines(picture),
            *_zeros(picture),
            *_row_names(picture),
            *_headings(picture, names),
        ],
        marks.framed(x=(-0.002, 1.014), y=(-0.012, _top(height)), **_parts(picture)),
        _moving(picture),
        labels=["before", *(f"step {k + 1}" for k in range(count))],
        look=Look(step, palette, height, controls),
    )


def _parts(picture: _Picture) -> dict[str, Any]:
    """The table, what each step adds to it, and each row of all of these."""
    blocks = [picture.table, *picture.steps]
    return parts(
        {
            "matrix": picture.table.whole,
            "row": [row for block in blocks for row in block.rows()],
            "step": [
                block.whole._replace(first=number) for number, block in enumerate(picture.steps, 1)
            ],
        }
    )


def _top(height: int) -> float:
    """Where the y axis ends: headings take 42 of the `height` pixels."""
    return 1 + 42 / max(height - 50, 42)


def _arranged(data: Learning, words: Mapping[int, str], palette: Palette) -> _Picture:
    count, _, features = data.changes.shape
    rows = _drawn(data)
    table, *steps = _blocks(rows, count + 1)
    named = list(table.lows)[:: every(len(rows), _WRITABLE_ROWS)]
    used = np.flatnonzero(data.looked_up.any(axis=0)).tolist()
    return _Picture(
        data=data,
        table=table,
        steps=steps,
        names={row: _row_name(row, words) for row in named},
        color_of=dict(zip(used, token_colors(used), strict=True)),
        written=len(rows) <= _WRITABLE_ROWS and features * (count + 1) <= 60,
        palette=palette,
    )


def _drawn(data: Learning) -> list[int]:
    """The rows from the top down; where they are too thin to be read, only those looked up."""
    rows: list[int] = data.rows.tolist()
    if len(rows) <= _WRITABLE_ROWS:
        return rows
    used = np.asarray(data.looked_up.any(axis=0))
    return [row for row in rows if row >= 0 and used[row]] or rows


def _blocks(rows: Sequence[int], count: int) -> list[Matrix]:
    """Equal blocks beside each other, right of the rows' names."""
    apart = (1 - _LABELS + _GAP) / count
    lefts = [_LABELS + apart * k for k in range(count)]
    return [Matrix.filling(rows, (left, left + apart - _GAP)) for left in lefts]


def _row_name(row: int, words: Mapping[int, str]) -> str:
    word = plain(shorten(words[row], _TOKEN_LENGTH)) + " " if row in words else ""
    return f"{word}<b>{row}</b>"


def _changes(picture: _Picture) -> list[Trace]:
    """The table, and of each step the rows that it moved."""
    data, written = picture.data, picture.written
    limit = marks.symmetric_limit(data.changes)
    moved = np.where(data.moved[:, :, None], data.changes, np.nan)
    return [
        block.heatmap(
            values,
            limit=scale,
            hover=name + "[%{customdata}] = %{z:.7f}<extra></extra>",
            written=written,
            indexed=written,
            tell_zeros=True,
        )
        for block, values, scale, name in (
            (picture.table, data.before, marks.symmetric_limit(data.before), "W"),
            *(
                (block, values, limit, f"change of W in step {k}, row")
                for k, (block, values) in enumerate(zip(picture.steps, moved, strict=True), 1)
            ),
        )
    ]


def _outlines(picture: _Picture) -> list[Trace]:
    """Around rows in the batch their colour; dashed around those that moved all the same."""
    data = picture.data
    by_color: dict[str, list[Box]] = {}
    carried: list[Box] = []
    for block, looked_up, moved in zip(picture.steps, data.looked_up, data.moved, strict=True):
        for row in block.lows:
            if looked_up[row]:
                by_color.setdefault(picture.color_of[row], []).append(block.box(row))
            elif moved[row]:
                carried.append(block.box(row))
    width = 3 if picture.written else 1.5
    return [
        # Dashed first: where two rows meet, the batch's outline is on top.
        marks.outline(carried, color=picture.palette.text, dash="dot"),
        *(marks.outline(boxes, color=color, width=width) for color, boxes in by_color.items()),
    ]


def _zeros(picture: _Picture) -> list[Trace]:
    """Say 0 where a row did not move, and in a fold how many of its rows did."""
    table, moved = picture.table, picture.data.moved
    said: list[tuple[float, float, str]] = []
    next_row = 0
    for row, middle in zip(table.lines, table.line_middles, strict=True):
        some = slice(row, row + 1) if row >= 0 else slice(next_row, next_row - row)
        next_row = some.stop
        for block, number in zip(picture.steps, moved[:, some].sum(axis=1).tolist(), strict=True):
            if row >= 0 and number:
                continue
            word = "0" if not number else "⋮ moved" if number == -row else f"{number} moved"
            said.append((block.center, middle, word))
    xs, ys, words = zip(*said, strict=True) if said else ((), (), ())
    muted = picture.palette.muted
    return [
        marks.texts(xs, ys, words, color=muted, room=(table.width, max(table.height, 0.03))),
        table.folds(picture.palette, size=12, room=(table.width + _GAP, 1)),
    ]


def _row_names(picture: _Picture) -> list[Trace]:
    """The word and number of each row, and a square in the colour of those in a batch."""
    table, palette, color_of = picture.table, picture.palette, picture.color_of
    used = [row for row in picture.names if row in color_of]
    return [
        table.texts(
            _LABELS - 0.034,
            picture.names,
            color=[palette.text if row in color_of else palette.muted for row in picture.names],
            size=13,
            position="middle left",
            room=(_LABELS - 0.036, max(table.height, 0.03)),
        ),
        marks.markers(
            [(_LABELS - 0.016, table.middle(row)) for row in used],
            color=[color_of[row] for row in used],
            size=9,
        ),
    ]


def _headings(picture: _Picture, batches: Sequence[str]) -> list[Trace]:
    size, features = picture.data.before.shape
    steps = [f"<b>step {k} adds</b><br>{plain(name)}" for k, name in enumerate(batches, 1)]
    headings = [f"table before<br>({size}, {features})", *steps]
    return [
        marks.texts(
            [block.center],
            [1.018],
            [heading],
            color=picture.palette.text,
            size=13,
            position="top center",
            room=(picture.table.width + _GAP * 0.6, 1),
        )
        for block, heading in zip([picture.table, *picture.steps], headings, strict=True)
    ]


def _moving(picture: _Picture) -> list[Moving]:
    """The veil over the steps to come, and the cursor around the last one done."""
    palette = picture.palette
    edges = [block.x for block in (picture.table, *picture.steps)]
    lefts = [left - _GAP / 2 + 0.001 for left, _ in edges]
    rights = [right + _GAP / 2 for _, right in edges]
    return [
        Moving(
            marks.veil(palette, x1=1.014, y0=-0.012, y1=1.005),
            lambda done: {"x0": rights[done] + 0.001},
        ),
        Moving(
            marks.cursor(palette.text, 3, y0=-0.008, y1=1.008),
            lambda done: {"x0": lefts[done], "x1": rights[done] - 0.001},
        ),
    ]


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
    gradient = _arranged_gradient(step, tokens or (), words or {}, max_rows, palette)
    return still(
        [
            *_cells(gradient),
            *_sums(gradient),
            *_line_names(gradient),
            _nothing(gradient),
            *_gradient_headings(gradient),
        ],
        marks.framed(x=(-0.002, 1.005), y=(-0.012, _top(height))),
        palette,
        height,
    )


def _arranged_gradient(
    step: GradientStep,
    tokens: Sequence[str],
    words: Mapping[int, str],
    max_rows: int,
    palette: Palette,
) -> _Gradient:
    data = compute_learning([step], max_rows=max_rows)
    indices: list[int] = step.indices.tolist()
    count, features = step.values.shape
    labels = [str(token) for token in tokens][:count]
    dense = Matrix.filling(_drawn(data), _DENSE)
    return _Gradient(
        step=step,
        looked_up=data.looked_up[0],
        indices=indices,
        labels=labels + [words.get(i, f"id {i}") for i in indices[len(labels) :]],
        values=Matrix(range(count), _VALUES, min(1 / max(count, 1), 1.6 * dense.height, 0.16)),
        dense=dense,
        words=words,
        color_of=dict(zip(indices, token_colors(indices), strict=True)),
        written=features <= 4 and max(len(dense.lines), count) <= _WRITABLE_ROWS,
        palette=palette,
    )


def _cells(gradient: _Gradient) -> list[Trace]:
    """The values of both forms; a row that no id looked up has none."""
    step, written = gradient.step, gradient.written
    limit = marks.symmetric_limit(step.values, step.gradient)
    reached = np.where(gradient.looked_up[:, None], step.gradient, np.nan)
    traces = []
    for block, values, name in (
        (gradient.values, step.values, "values"),
        (gradient.dense, reached, "dense gradient"),
    ):
        if not block.lines:
            continue
        hover = name + "[%{customdata}] = %{z:.7f}<extra></extra>"
        trace = block.heatmap(values, limit=limit, hover=hover, written=written, indexed=True)
        if written and values.shape[1] > 2:
            trace["textfont"] = {**trace["textfont"], "size": _SMALL_TEXT}
        traces.append(trace)
    return traces


def _sums(gradient: _Gradient) -> list[Trace]:
    """From each line to its row of the dense form, all in the colour of the row."""
    values, dense = gradient.values, gradient.dense
    width = 2.5 if gradient.written else 1
    traces = []
    for row, color in gradient.color_of.items():
        if row not in dense.lows:
            continue
        mine = [line for line in values.lines if gradient.indices[line] == row]
        to = dense.middle(row)
        ways = [(_VALUES[1] + 0.008, values.middle(line), _DENSE[0] - 0.15, to) for line in mine]
        boxes = [*map(values.box, mine), dense.box(row)]
        traces.append(marks.outline(boxes, color=color, width=width))
        traces.append(marks.segments(ways, color=color))
    return traces


def _line_names(gradient: _Gradient) -> list[Trace]:
    """The word and index of each line, and of each row of the dense form."""
    values, dense, palette = gradient.values, gradient.dense, gradient.palette
    lines = values.lines[:: every(len(values.lines), _WRITABLE_ROWS)]
    rows = [row for row in dense.lows if row in gradient.color_of or gradient.written]
    rows = rows[:: every(len(rows), _WRITABLE_ROWS)]
    return [
        values.texts(
            _VALUES[0] - 0.008,
            {
                line: f"{plain(shorten(gradient.labels[line], _TOKEN_LENGTH))} "
                f"<b>{gradient.indices[line]}</b>"
                for line in lines
            },
            color=palette.text,
            position="middle left",
        ),
        dense.texts(
            _DENSE[0] - 0.008,
            {row: _row_name(row, gradient.words) for row in rows},
            color=[palette.text if row in gradient.color_of else palette.muted for row in rows],
            position="middle left",
        ),
    ]


def _nothing(gradient: _Gradient) -> Trace:
    """Say 0 in each row of the dense form that no id looked up."""
    dense = gradient.dense
    lines = [
        (row, y)
        for row, y in zip(dense.lines, dense.line_middles, strict=True)
        if row not in gradient.color_of
    ]
    return marks.texts(
        [dense.center] * len(lines),
        [y for _, y in lines],
        ["0" if row >= 0 else f"0 in {-row:,} more rows" for row, _ in lines],
        color=gradient.palette.muted,
    )


def _gradient_headings(gradient: _Gradient) -> list[Trace]:
    count, features = gradient.step.values.shape
    size = len(gradient.step.before)
    return [
        marks.texts([x], [1.01], [text], color=gradient.palette.text, position="top right")
        for x, text in (
            (_VALUES[0], f"<b>values</b><br>({count}, {features})"),
            (_DENSE[0], f"<b>dense</b>, ids summed<br>({size}, {features})"),
            (0, f"<b>indices</b><br>({count},)"),
        )
    ]
