"""Gather beside multiply: rows copied, and rows that survive a product with one-hot rows."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.gather.compute import GatherOrMultiply
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix_rows import DIMMED, WRITABLE, drawn_lines, lower_edges, reading
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of

_OUTSIDE: Final = -9.0

# The blocks of the picture, along an x axis of length 1.
_TOKEN: Final = (0.0, 0.115)
_W: Final = (0.165, 0.275)
_GATHERED: Final = (0.315, 0.425)
_RULE: Final = 0.45
_ONE_HOT: Final = (0.475, 0.66)
_W_AGAIN: Final = (0.735, 0.845)
_PRODUCT: Final = (0.888, 0.998)
_ROWS_END: Final = 0.58  # the three token-by-token blocks stay above it, the Dense output below
_DENSE_TOP: Final = 0.40
_LABEL: Final = 0.038  # height that a token's label needs
_CURSORS: Final = 8  # the first of the moving shapes that is a cursor


@drawn_of(GatherOrMultiply, "compute_gather_or_multiply")
def plot_gather_or_multiply(
    data: GatherOrMultiply,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the lookup on the left, and the product of one-hot rows with the matrix on the right.

    At each step one id copies its row on the left; on the right its one-hot row multiplies
    every row of the matrix, all but one by zero: those are veiled.

    Args:
        data: What `compute_gather_or_multiply` made.
        tokens: The word at each timestep.
        step: Ids already looked up when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    count, features = data.gathered.shape
    ids = data.ids.tolist()
    labels = [] if tokens is None else [str(token) for token in tokens][:count]
    labels += [f"id {i}" for i in ids[len(labels) :]]
    colors = token_colors(ids)
    limit = marks.symmetric_limit(data.weights)
    lines = drawn_lines(data.rows.tolist(), len(data.weights), ids)
    high = 1 / len(lines)
    low_of = lower_edges(lines)
    out_high = min((1 - _ROWS_END) / count, 0.12)
    out_low = [1 - out_high * (t + 1) for t in range(count)]
    dense_high = min(_DENSE_TOP / count, 0.12)
    dense_low = [_DENSE_TOP - dense_high * (t + 1) for t in range(count)]

    traces: list[Trace] = []
    drawn = np.full((len(lines), features), np.nan, np.float32)
    is_row = np.array(lines) >= 0
    drawn[is_row] = data.weights[np.array(lines)[is_row]]
    for values, x, top, line, name in (
        (drawn, _W, 1.0, high, "W"),
        (drawn, _W_AGAIN, 1.0, high, "W"),
        (data.gathered, _GATHERED, 1.0, out_high, "W[ids]"),
        (data.multiplied, _PRODUCT, 1.0, out_high, "one_hot @ W"),
        (data.dense, _PRODUCT, _DENSE_TOP, dense_high, "Dense"),
    ):
        written = len(values) <= WRITABLE and features <= WRITABLE / 2
        indices = lines if values is drawn else range(count)
        traces.append(
            marks.heatmap(
                values[::-1],
                limit=limit,
                cell=((x[1] - x[0]) / features, line) if written else None,
                gap=1 if written else 0,
                hover=name + "[%{customdata}] = %{z:.6f}<extra></extra>" if written else name,
                customdata=[[f"{i}, {f}" for f in range(features)] for i in reversed(indices)]
                if written
                else None,
                x=np.linspace(*x, features + 1),
                y=top - line * np.arange(len(values), -1, -1),
            )
        )
    _draw_one_hot(traces, data, lines, out_high, palette)
    followed = max(count, len(lines)) <= WRITABLE
    color_of = dict(zip(ids, colors, strict=True))
    _draw_rows(traces, lines, low_of, high, color_of, palette, outlined=not followed)
    _draw_tokens(traces, labels, ids, colors, out_low, out_high, palette)
    if out_high * 330 > 8:  # thick enough for an outline
        for color, low, lower in zip(colors, out_low, dense_low, strict=True):
            boxes: list[Box] = [(x0, low, x1, low + out_high) for x0, x1 in (_GATHERED, _PRODUCT)]
            boxes.append((_PRODUCT[0], lower, _PRODUCT[1], lower + dense_high))
            traces.append(marks.outline(boxes, color=color, width=2))
    _draw_headings(traces, data, out_high, palette)
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.005, 1.005),
        "yaxis": marks.bare_axis(-0.01, 1 + 66 / max(height - 74, 66)),
    }
    columns = {row: k for k, row in enumerate(lines) if row >= 0}
    rows, read = reading(ids, low_of, high, x=_W, colors=colors, palette=palette, followed=followed)
    looks, steps = _moves(
        data, low_of, columns, high, (out_low, out_high), (dense_low, dense_high), palette
    )
    # Over what is dimmed, under the cursors.
    looks[_CURSORS:_CURSORS] = rows
    for done, moves in enumerate(steps):
        moves[_CURSORS:_CURSORS] = read(done)
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


def _draw_one_hot(
    traces: list[Trace], data: GatherOrMultiply, lines: Sequence[int], high: float, palette: Palette
) -> None:
    """Ones filled, zeros pale: 0 and 1 are written where there is room."""
    count = len(data.ids)
    hot = data.one_hot[:, np.maximum(lines, 0)].astype(np.uint8)
    hot[:, np.array(lines) < 0] = 0
    edges = np.linspace(*_ONE_HOT, len(lines) + 1)
    written = count <= WRITABLE and len(lines) <= WRITABLE
    traces.append(
        {
            "type": "heatmap",
            "x": edges,
            "y": 1 - high * np.arange(count, -1, -1),
            "z": hot[::-1],
            "zmin": 0,
            "zmax": 1,
            "colorscale": [[0, "rgba(127,127,127,0.14)"], [1, palette.timesteps]],
            "showscale": False,
            "xgap": 1 if written else 0,
            "ygap": 1 if written else 0,
            "hoverinfo": "skip",
        }
    )
    middles = (edges[:-1] + edges[1:]) / 2
    room = (float(edges[1] - edges[0]), high)
    if written:
        for value, color in ((0, palette.muted), (1, palette.background)):
            places = [
                (t, k)
                for t in range(count)
                for k, row in enumerate(lines)
                if row >= 0 and hot[t, k] == value
            ]
            traces.append(
                marks.texts(
                    [middles[k] for _, k in places],
                    [1 - high * (t + 0.5) for t, _ in places],
                    [f"<b>{value}</b>" if value else "0"] * len(places),
                    color=color,
                    room=room,
                )
            )
        folded = [k for k, row in enumerate(lines) if row < 0]
        traces.append(
            marks.texts(
                [middles[k] for k in folded for _ in range(count)],
                [1 - high * (t + 0.5) for _ in folded for t in range(count)],
                ["…"] * len(folded) * count,
                color=palette.muted,
                room=room,
            )
        )
        # Which column stands for which row: the same numbers as beside the matrix.
        named = [k for k, row in enumerate(lines) if row >= 0]
        traces.append(
            marks.texts(
                [middles[k] for k in named],
                [1 - high * count - 0.03] * len(named),
                [str(lines[k]) for k in named],
                color=palette.muted,
                size=11,
                room=(room[0], 0.05),
            )
        )


def _draw_rows(
    traces: list[Trace],
    lines: Sequence[int],
    low_of: dict[int, float],
    high: float,
    color_of: dict[int, str],
    palette: Palette,
    *,
    outlined: bool,
) -> None:
    """Dim the rows that nothing reads on the left, outline others if asked, number both."""
    unused = [(_W[0], low, _W[1], low + high) for row, low in low_of.items() if row not in color_of]
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
    thin = len(lines) > WRITABLE
    for row, color in color_of.items():
        if row in low_of and outlined and not thin:
            low = low_of[row]
            traces.append(marks.outline([(_W[0], low, _W[1], low + high)], color=color, width=2))
    named = [row for row in low_of if not thin or row in color_of]
    named = named[:: 1 + len(named) // (WRITABLE + 1)]
    for x in (_W, _W_AGAIN):
        traces.append(
            marks.texts(
                [x[0] - 0.008] * len(named),
                [low_of[row] + high / 2 for row in named],
                [str(row) for row in named],
                color=[
                    palette.text if row in color_of and x is _W else palette.muted for row in named
                ],
                size=11,
                position="middle left",
                # Of three digits there is no room on a phone: the tokens say the ids.
                room=(0.035, max(high, 0.03)),
            )
        )
        folds = [k for k, row in enumerate(lines) if row < 0]
        traces.append(
            marks.texts(
                [sum(x) / 2] * len(folds),
                [1 - (k + 0.5) * high for k in folds],
                [f"⋮ {-lines[k]:,} more ⋮" for k in folds],
                color=palette.muted,
                size=11,
                room=(x[1] - x[0], 1),
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
    every = max(1, math.ceil(_LABEL / high))
    shown = range(0, len(labels), every)
    traces.append(
        marks.texts(
            [_TOKEN[0]] * len(shown),
            [lows[t] + high / 2 for t in shown],
            [
                f"<b>{plain(shorten(labels[t], 8))}</b>"
                + ("" if labels[t] == f"id {ids[t]}" else f" {ids[t]}")
                for t in shown
            ],
            color=palette.text,
            size=13 if every == 1 else 10,
            position="middle right",
            room=(_TOKEN[1] - _TOKEN[0], max(high * every, 0.03)),
            hover=[f"{plain(labels[t])}: id {ids[t]}" for t in shown],
        )
    )
    traces.append(
        {
            "type": "scatter",
            "x": [_TOKEN[1]] * len(labels),
            "y": [low + high / 2 for low in lows],
            "mode": "markers",
            "marker": {
                "symbol": "square",
                "size": 9 if len(labels) <= WRITABLE else 3,
                "color": list(colors),
            },
            "hoverinfo": "skip",
        }
    )


def _draw_headings(
    traces: list[Trace], data: GatherOrMultiply, out_high: float, palette: Palette
) -> None:
    count, features = data.gathered.shape
    # The first token stands out above a row that is thinner than its letters.
    ids_at = 1 + max((_LABEL - out_high) / 2, 0)
    size = len(data.weights)
    out = f"({count}, {features})"
    for x, y, text, color, room in (
        (_TOKEN[0], ids_at, f"ids<br>({count},)", palette.timesteps, 0.12),
        (_W[0], 1.0, f"W<br>({size}, {features})", palette.text, 0.13),
        (_GATHERED[0], 1.0, f"W[ids]<br>{out}", palette.features, 0.13),
        (_ONE_HOT[0], 1.0, f"one_hot(ids)<br>({count}, {size})", palette.timesteps, 0.2),
        (_W_AGAIN[0], 1.0, f"@ W<br>({size}, {features})", palette.text, 0.13),
        (_PRODUCT[0], 1.0, f"product<br>{out}", palette.features, 0.115),
        (_PRODUCT[0], _DENSE_TOP, f"Dense<br>{out}", palette.features, 0.115),
    ):
        traces.append(
            marks.texts([x], [y + 0.008], [text], color=color, position="top right", room=(room, 1))
        )
    top = 1.0 + 42 / 336
    for x, text, room in (
        (_TOKEN[0], "<b>Gather: copy rows</b>", 0.43),
        (_ONE_HOT[0], "<b>Multiply: every row, × 0 or × 1</b>", 0.52),
    ):
        traces.append(
            marks.texts(
                [x],
                [top],
                [text],
                color=palette.text,
                size=14,
                position="top right",
                room=(room, 1),
            )
        )
    traces.append(
        marks.texts(
            [_ONE_HOT[0]],
            [_DENSE_TOP - 0.1],
            [
                f"Dense({features}, use_bias=False)<br>on the same one_hot(ids),<br>"
                "with W as its kernel:<br>the same product again"
            ],
            color=palette.muted,
            position="middle right",
            room=(0.22, 0.4),
        )
    )
    traces.append(
        {
            "type": "scatter",
            "x": [_RULE, _RULE],
            "y": [0, 1.2],
            "mode": "lines",
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
    )


def _moves(
    data: GatherOrMultiply,
    low_of: dict[int, float],
    columns: dict[int, int],
    high: float,
    out: tuple[list[float], float],
    dense: tuple[list[float], float],
    palette: Palette,
) -> tuple[list[Shape], list[list[Shape]]]:
    """What veils, cursors and links look like, and where they are at each step."""
    out_low, out_high = out
    dense_low, dense_high = dense
    ids = data.ids.tolist()
    lines = round(1 / high)
    width = (_ONE_HOT[1] - _ONE_HOT[0]) / lines

    def factor(text: str) -> Shape:
        """What the rows are multiplied by, left of them, where it covers no number."""
        label = {"text": text, "font": {"size": 12, "color": palette.text}}
        return {**marks.cursor(palette.text, 0, x0=0.664, x1=0.692), "label": label}

    line = {"type": "line", "line": {"color": palette.text, "width": 2}}
    border = 3 if lines <= WRITABLE else 2
    looks: list[Shape] = [
        # What is not reached yet: rows of the outputs and of the one-hot matrix.
        marks.veil(palette, x0=_GATHERED[0] - 0.004, x1=_GATHERED[1] + 0.004),
        marks.veil(palette, x0=_ONE_HOT[0] - 0.004, x1=_ONE_HOT[1] + 0.004),
        marks.veil(palette, x0=_PRODUCT[0] - 0.004, x1=1.004),
        marks.veil(palette, x0=_PRODUCT[0] - 0.004, x1=1.004),
        # Rows that are multiplied by zero.
        {**marks.veil(palette, x0=_W_AGAIN[0], x1=_W_AGAIN[1]), "opacity": 0.8},
        {**marks.veil(palette, x0=_W_AGAIN[0], x1=_W_AGAIN[1]), "opacity": 0.8},
        factor("×0"),
        factor("×0"),
        *(
            marks.cursor(palette.text, border, x0=x[0], x1=x[1])
            for x in (_W, _GATHERED, _W_AGAIN, _PRODUCT, _PRODUCT)
        ),
        marks.cursor(palette.text, border),  # the 1
        factor("×1"),
        {**line, "x0": _TOKEN[1] + 0.01, "x1": _W[0] - 0.03},
        {**line, "x0": _W[1] + 0.006, "x1": _GATHERED[0] - 0.006},
        {**line, "x0": _W_AGAIN[1] + 0.006, "x1": _PRODUCT[0] - 0.006},
    ]
    nowhere = {"y0": _OUTSIDE, "y1": _OUTSIDE}

    def span(low: float, high: float) -> dict[str, Any]:
        return {"y0": low, "y1": high} if high - low > 1e-6 else nowhere

    def beside(low: float, top: float) -> dict[str, Any]:
        """Of a factor, which is not to stand in that of the row between."""
        return span(low, top) if (top - low + high) / 2 > _LABEL else nowhere

    bottom = out_low[-1]
    unreached = [
        (1.0, 1.0, _DENSE_TOP),
        *((y, y, z) for y, z in zip(out_low, dense_low, strict=True)),
    ]
    steps: list[list[Shape]] = []
    for done, (gathered, hot, through_dense) in enumerate(unreached):
        now = max(done - 1, 0)
        row, y, z = low_of[ids[now]], out_low[now], dense_low[now]
        column = _ONE_HOT[0] + width * columns[ids[now]]
        moves: list[Shape] = [
            span(bottom - 0.005, gathered),
            span(bottom - 0.005, hot),
            span(bottom - 0.005, gathered),
            span(-0.005, through_dense),
            span(row + high, 1.0),
            span(0.0, row),
            beside(row + high, 1.0),
            beside(0.0, row),
            span(row, row + high),
            span(y, y + out_high),
            span(row, row + high),
            span(y, y + out_high),
            span(z, z + dense_high),
            {"x0": column, "x1": column + width, **span(y, y + out_high)},
            span(row, row + high),
            {"y0": y + out_high / 2, "y1": row + high / 2},
            {"y0": row + high / 2, "y1": y + out_high / 2},
            {"y0": row + high / 2, "y1": y + out_high / 2},
        ]
        if not done:
            moves[4:] = [{**move, **nowhere} for move in moves[4:]]
        steps.append(moves)
    return looks, steps
