"""The embedding lookup: each id copies one row of the matrix into the output."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.embedding.compute import EmbeddingLookup, compute_embedding_lookup
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix_rows import DIMMED, drawn_lines, left_out, place_at, reading
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import computed
from seqviz.trace import EmbeddingTrace, Trace as WholeTrace

_WRITABLE: Final = 26  # rows, and features, up to which values are written into the cells
_LINKED: Final = 8  # timesteps up to which every link stays drawn, rather than the last one
_TOKEN_LENGTH = 10
_LETTERS: Final = 8  # pixels from the middle of a line of text to what stands above it
_HEADINGS: Final = 44  # pixels of the height that they take
_FRAME: Final = 52  # the same, and the margins

# The three columns of the picture, along an x axis of length 1.
_TOKEN_X: Final = (0.0, 0.15)
_MATRIX_X: Final = (0.27, 0.59)
_OUTPUT_X: Final = (0.68, 1.0)


def plot_embedding_lookup(
    data: EmbeddingTrace | EmbeddingLookup | WholeTrace,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw ids, matrix and output side by side, the output filling row by row.

    Rows of the matrix that were looked up so far are outlined in their token's colour, the others
    dimmed, and long runs of unused rows folded. Each output row has the colour of the row it was
    copied from. Over more than 26 timesteps all rows below the lowest one read are dimmed instead.

    Args:
        data: An embedding layer's trace, or what `compute_embedding_lookup` made of it; or
            the whole trace of a model with one embedding layer.
        tokens: The word at each timestep.
        step: Rows already copied when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    data = computed(data, EmbeddingTrace, compute_embedding_lookup, EmbeddingLookup)
    count, features = data.vectors.shape
    labels = [] if tokens is None else [str(token) for token in tokens][:count]
    labels += [f"id {i}" for i in data.ids[len(labels) :].tolist()]
    colors = token_colors(data.ids.tolist())
    limit = marks.symmetric_limit(data.weights)
    rows = drawn_lines(*_lines(data), most=_WRITABLE)
    row_low = _tops(len(rows))
    place = {row: low for row, low in zip(rows, row_low, strict=True) if row >= 0}
    row_high = 1 / len(rows)
    out_high = min(1 / count, 2.2 * row_high, 0.12)
    out_low = [1 - out_high * (t + 1) for t in range(count)]

    traces: list[Trace] = []
    # The matrix, from the top down; a fold is a line without cells.
    drawn = np.full((len(rows), features), np.nan, np.float32)
    is_row = np.array(rows) >= 0
    drawn[is_row] = data.weights[np.array(rows)[is_row]]
    for values, x, edges, names in (
        (drawn, _MATRIX_X, [*row_low[::-1], 1.0], "W[%{customdata}] = %{z:.6f}"),
        (data.vectors, _OUTPUT_X, [*out_low[::-1], 1.0], "output[%{customdata}] = %{z:.6f}"),
    ):
        indices = rows if values is drawn else range(count)
        written = features <= _WRITABLE / 2 and len(values) <= _WRITABLE
        traces.append(
            marks.heatmap(
                values[::-1],
                limit=limit,
                cell=((x[1] - x[0]) / features, edges[1] - edges[0]) if written else None,
                gap=1 if written else 0,
                hover=names + "<extra></extra>",
                customdata=_indices(indices, features) if written else None,
                x=np.linspace(*x, features + 1),
                y=edges,
            )
        )
    outputs: list[Box] = [(_OUTPUT_X[0], low, _OUTPUT_X[1], low + out_high) for low in out_low]
    traces.append(marks.hatch(compress(outputs, ~data.kept), color=palette.muted))
    followed = max(count, len(place)) <= _WRITABLE
    _draw_rows(traces, data, place, row_high, colors, palette, outlined=not followed)
    _draw_folds(traces, rows, row_low, row_high, palette)
    _draw_tokens(traces, labels, data.ids.tolist(), colors, out_low, out_high, palette)

    _mark(traces, zip(colors, outputs, strict=True), thin=count > _WRITABLE)
    # A first line of text that is thinner than its letters stands out above it.
    pixels = max(height - _FRAME, _HEADINGS)
    raised = max(_LETTERS / pixels - min(out_high, row_high) / 2, 0)
    _draw_headings(traces, data, palette, raised)
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.005, 1.005),
        "yaxis": marks.bare_axis(-0.01, 1 + raised + _HEADINGS / pixels),
    }
    looks, steps = _moves(data, colors, place, row_high, out_low, out_high, palette, followed)
    return playable(
        traces,
        layout,
        looks,
        steps,
        step=step,
        labels=step_captions(labels),
        controls=controls,
        text_color=palette.text,
    )


def left_out_of(data: EmbeddingLookup) -> int:
    """How many rows of the matrix are left out of the picture without a fold that says so."""
    return left_out(*_lines(data), most=_WRITABLE)


def _lines(data: EmbeddingLookup) -> tuple[list[int], int, list[int]]:
    return data.rows.tolist(), len(data.weights), data.ids.tolist()


def _tops(lines: int) -> list[float]:
    """Lower edge of each of `lines` equal lines between 1 and 0, from the top down."""
    return [1 - (i + 1) / lines for i in range(lines)]


def _indices(rows: Sequence[int], features: int) -> list[list[str]]:
    return [[f"{row}, {f}" for f in range(features)] for row in reversed(list(rows))]


def _draw_rows(
    traces: list[Trace],
    data: EmbeddingLookup,
    place: dict[int, float],
    high: float,
    colors: Sequence[str],
    palette: Palette,
    *,
    outlined: bool,
) -> None:
    """Dim the rows that no id reads, outline the others if asked, write their ids beside them."""
    color_of = dict(zip(data.ids.tolist(), colors, strict=True))

    def box(row: int) -> Box:
        return (_MATRIX_X[0], place[row], _MATRIX_X[1], place[row] + high)

    unused = [box(row) for row in place if row not in color_of]
    traces.append(
        marks.outline(
            unused,
            color=palette.background,
            width=0,
            fill="toself",
            fillcolor=palette.background,
            opacity=DIMMED,
        )
    )
    if outlined:
        used = ((color, box(row)) for row, color in color_of.items() if row in place)
        _mark(traces, used, thin=len(place) > _WRITABLE)
    # Labels need about 13 pixels each: with more rows only the used ones are named, thinned out.
    named = [row for row in place if len(place) <= _WRITABLE or row in color_of]
    named = named[:: 1 + len(named) // (_WRITABLE + 1)]
    traces.append(
        marks.texts(
            [_MATRIX_X[0] - 0.014] * len(named),
            [place[row] + high / 2 for row in named],
            ["padding 0" if row == 0 and data.has_mask else str(row) for row in named],
            color=[palette.text if row in color_of else palette.muted for row in named],
            size=12,
            position="middle left",
            room=(0.11, max(high, 0.03)),
        )
    )


def _mark(traces: list[Trace], marked: Iterable[tuple[str, Box]], *, thin: bool) -> None:
    """Outline boxes in their colours; those too thin for an outline get a stripe at their left."""
    by_color: dict[str, list[Box]] = {}
    for color, (x0, y0, x1, y1) in marked:
        box = (x0 - 0.012, y0, x0 - 0.003, y1) if thin else (x0, y0, x1, y1)
        by_color.setdefault(color, []).append(box)
    for color, boxes in by_color.items():
        style = {"fill": "toself", "fillcolor": color} if thin else {}
        traces.append(marks.outline(boxes, color=color, width=0 if thin else 2.5, **style))


def _draw_folds(
    traces: list[Trace], rows: Sequence[int], lows: Sequence[float], high: float, palette: Palette
) -> None:
    folds = [(-row, low) for row, low in zip(rows, lows, strict=True) if row < 0]
    traces.append(
        marks.texts(
            [sum(_MATRIX_X) / 2] * len(folds),
            [low + high / 2 for _, low in folds],
            [f"⋮ {n:,} more rows ⋮" for n, _ in folds],
            color=palette.muted,
            size=12,
            room=(_MATRIX_X[1] - _MATRIX_X[0], 1),
        )
    )


def _draw_tokens(
    traces: list[Trace],
    labels: Sequence[str],
    ids: Sequence[int],
    colors: Sequence[str],
    lows: Sequence[float],
    high: float,
    palette: Palette,
) -> None:
    every = 1 + len(labels) // (_WRITABLE + 1)
    shown = range(0, len(labels), every)
    middles = [low + high / 2 for low in lows]
    traces.append(
        marks.texts(
            [_TOKEN_X[0]] * len(shown),
            [middles[t] for t in shown],
            [
                f"<b>{plain(shorten(labels[t], _TOKEN_LENGTH))}</b>"
                # An id that was typed as such is not said twice.
                + ("" if labels[t] == f"id {ids[t]}" else f" {ids[t]}")
                for t in shown
            ],
            color=palette.text,
            size=13 if every == 1 else 11,
            position="middle right",
            room=(_TOKEN_X[1] - _TOKEN_X[0] - 0.01, max(high * every, 0.03)),
            hover=[f"{plain(labels[t])}: id {ids[t]}" for t in shown],
        )
    )
    traces.append(
        {
            "type": "scatter",
            "x": [_TOKEN_X[1]] * len(labels),
            "y": middles,
            "mode": "markers",
            "marker": {
                "symbol": "square",
                "size": 10 if len(labels) <= _WRITABLE else 4,
                "color": colors,
            },
            "hoverinfo": "skip",
        }
    )


def _draw_headings(
    traces: list[Trace], data: EmbeddingLookup, palette: Palette, raised: float
) -> None:
    count, features = data.vectors.shape
    size = len(data.weights)
    for x, text, color in (
        (_TOKEN_X[0], f"token, id<br>(1, {count})", palette.timesteps),
        (
            _MATRIX_X[0],
            f"embedding matrix<br>({size}, {features})",
            palette.text,
        ),
        (_OUTPUT_X[0], f"output<br>(1, {count}, {features})", palette.features),
    ):
        traces.append(
            marks.texts(
                [x],
                [1.008 + raised],
                [text],
                color=color,
                size=13,
                position="top right",
                room=(0.28, 1),
            )
        )


def _moves(
    data: EmbeddingLookup,
    colors: Sequence[str],
    place: dict[int, float],
    row_high: float,
    out_low: Sequence[float],
    out_high: float,
    palette: Palette,
    followed: bool,
) -> tuple[list[Shape], list[list[Shape]]]:
    """What the veils, the two cursors and the links look like, and where they are at each step.

    The first veil is over the output; then, if `followed`, one over each used row of the matrix
    and its outline, else one over all below the lowest row that was looked up.
    """
    count = len(out_low)
    row_low = [place.get(i, 0.0) for i in data.ids.tolist()]
    out_middle = [low + out_high / 2 for low in out_low]
    row_middle = [low + row_high / 2 for low in row_low]
    linked = range(count) if count <= _LINKED else [0]
    cursor, width = palette.text, 3 if len(place) <= _WRITABLE else 2
    rows, read = reading(
        data.ids.tolist(),
        place,
        row_high,
        x=_MATRIX_X,
        colors=colors,
        palette=palette,
        followed=followed,
        stripes=0.013,
    )
    looks: list[Shape] = [
        marks.veil(palette, x0=_OUTPUT_X[0] - 0.004, x1=_OUTPUT_X[1] + 0.004, y0=-0.01),
        *rows,
        marks.cursor(cursor, width, x0=_MATRIX_X[0], x1=_MATRIX_X[1]),
        marks.cursor(cursor, width, x0=_OUTPUT_X[0], x1=_OUTPUT_X[1]),
    ]
    for i in linked:
        line = {
            "type": "line",
            "line": {"color": colors[i] if count <= _LINKED else cursor, "width": 2},
        }
        looks += [
            {**line, "x0": _TOKEN_X[1] + 0.012, "x1": _MATRIX_X[0] - 0.075},
            {**line, "x0": _MATRIX_X[1] + 0.006, "x1": _OUTPUT_X[0] - 0.008},
        ]

    def links(done: int) -> list[dict[str, Any]]:
        moves: list[dict[str, Any]] = []
        for i in linked:
            t = i if count <= _LINKED else max(done - 1, 0)
            moves += [
                place_at(t < done, out_middle[t], row_middle[t]),
                place_at(t < done, row_middle[t], out_middle[t]),
            ]
        return moves

    steps: list[list[Shape]] = []
    for done in range(count + 1):
        now = max(done - 1, 0)
        steps.append(
            [
                {"y1": out_low[now] if done else 1.0},
                *read(done),
                place_at(done > 0, row_low[now], row_low[now] + row_high),
                place_at(done > 0, out_low[now], out_low[now] + out_high),
                *links(done),
            ]
        )
    return looks, steps
