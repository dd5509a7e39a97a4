"""An Embedding layer from the inside: its few lines of code, and what each of them makes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.layer.compute import LayerParts, LayerStep
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace, figure_of
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix_rows import WRITABLE, drawn_lines, lower_edges
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of
from seqviz.readout.wording import counted

_OUTSIDE: Final = -9.0
_LINKED: Final = 8
_STEP_FEATURES: Final = 4  # numbers are written up to it: no player fits this picture's text
_CODE_CHARACTERS: Final = 50  # of the longest line, a little more for being monospaced

# The blocks under the code, along an x axis of length 1.
_TOKEN: Final = 0.0
_GIVEN: Final = (0.12, 0.2)
_IDS: Final = (0.265, 0.335)
_MATRIX: Final = (0.43, 0.6)
_OUTPUT: Final = (0.675, 0.875)
_MASK: Final = (0.91, 0.998)


@drawn_of(LayerParts, "compute_layer_parts")
def plot_embedding_layer(
    data: LayerParts,
    *,
    code: Sequence[str],
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 440,
    controls: bool = True,
) -> go.Figure:
    """Draw the layer's code, and under it what each part of it makes, step by step.

    Step 1 builds the matrix, 2 casts the ids, 3 takes their rows, 4 (if there is one) makes
    the mask.

    Args:
        data: What `compute_layer_parts` made.
        code: What `code_lines` gave.
        tokens: The word at each timestep.
        step: To open at; the last if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    count, features = data.output.shape
    size = len(data.weights)
    ids = data.ids.tolist()
    labels = [] if tokens is None else [str(token) for token in tokens][:count]
    labels += [f"id {i}" for i in ids[len(labels) :]]
    colors = token_colors(ids)
    limit = marks.symmetric_limit(data.weights)
    lines = drawn_lines(data.rows.tolist(), size, ids)
    high = 1 / len(lines)
    low_of = lower_edges(lines)
    out_high = min(1 / count, 0.14)
    out_low = [1 - out_high * (t + 1) for t in range(count)]

    traces: list[Trace] = []
    drawn = np.full((len(lines), features), np.nan, np.float32)
    is_row = np.array(lines) >= 0
    drawn[is_row] = data.weights[np.array(lines)[is_row]]
    for values, x, line, name in (
        (drawn, _MATRIX, high, "W"),
        (data.output, _OUTPUT, out_high, "output"),
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
                y=1 - line * np.arange(len(values), -1, -1),
            )
        )
    _draw_numbers(traces, data, labels, out_low, out_high, colors, palette)
    thin = len(lines) > WRITABLE
    named = [row for row in low_of if not thin or row in ids]
    named = named[:: 1 + len(named) // (WRITABLE + 1)]
    traces.append(
        marks.texts(
            [_MATRIX[0] - 0.008] * len(named),
            [low_of[row] + high / 2 for row in named],
            [str(row) for row in named],
            color=palette.muted,
            size=11,
            position="middle left",
            room=(0.06, max(high, 0.04)),
        )
    )
    folds = [k for k, row in enumerate(lines) if row < 0]
    traces.append(
        marks.texts(
            [sum(_MATRIX) / 2] * len(folds),
            [1 - (k + 0.5) * high for k in folds],
            [f"⋮ {-lines[k]:,} more ⋮" for k in folds],
            color=palette.muted,
            size=11,
            room=(_MATRIX[1] - _MATRIX[0], 1),
        )
    )
    _draw_headings(traces, data, palette)
    _draw_code(traces, code, data, palette)
    # Pixels: a line of code takes 17; what is below has headings of two lines.
    share = 17 * len(code) / (height - 8)
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.005, 1.005),
        "yaxis": marks.bare_axis(
            -0.012 if count <= WRITABLE else -0.03,
            1 + 44 / ((1 - share) * (height - 8) - 52),
            domain=[0, 1 - share - 0.02],
        ),
        "yaxis2": marks.bare_axis(-len(code), 0, domain=[1 - share, 1], anchor="x"),
    }
    looks, steps = _moves(data, low_of, high, out_low, out_high, len(code), colors, palette)
    captions = ["made", "build", "cast", "take", "mask"]
    return playable(
        traces,
        layout,
        looks,
        steps,
        step=step,
        labels=captions[: len(steps)],
        controls=controls,
        text_color=palette.text,
    )


def _draw_numbers(
    traces: list[Trace],
    data: LayerParts,
    labels: Sequence[str],
    lows: Sequence[float],
    high: float,
    colors: Sequence[str],
    palette: Palette,
) -> None:
    """The columns of tokens, given ids, cast ids and mask, thinned out where there are many."""
    count = len(labels)
    every = 1 + count // (WRITABLE - 4)
    shown = range(0, count, every)
    # Each in the middle of those it stands for, so that the first is clear of the heading.
    middles = [lows[t] + high / 2 - high * (every - 1) / 2 for t in shown]
    room = max(high * every, 0.04)
    size = 13 if every == 1 else 10
    columns: list[tuple[float, list[str], tuple[float, float]]] = [
        (sum(_GIVEN) / 2, [str(value) for value in data.given.tolist()], _GIVEN),
        (sum(_IDS) / 2, [str(value) for value in data.ids.tolist()], _IDS),
    ]
    if data.mask is not None:
        columns.append((sum(_MASK) / 2, [str(value) for value in data.mask.tolist()], _MASK))
    traces.append(
        marks.texts(
            [_TOKEN] * len(shown),
            middles,
            [f"<b>{plain(shorten(labels[t], 9))}</b>" for t in shown],
            color=palette.text,
            size=size,
            position="middle right",
            room=(_GIVEN[0] - 0.005, room),
            hover=[plain(labels[t]) for t in shown],
        )
    )
    for x, words, edges in columns:
        traces.append(
            marks.texts(
                [x] * len(shown),
                middles,
                [words[t] for t in shown],
                color=palette.text,
                size=size,
                room=(edges[1] - edges[0], room),
            )
        )
        if every == 1:
            boxes: list[Box] = [(edges[0], low, edges[1], low + high) for low in lows]
            color = palette.muted if edges is _MASK else palette.timesteps
            traces.append(marks.outline(boxes, color=color, width=1.5))
    if every > 1:
        says = f"one in<br>{every} tokens"
        room_left = (_GIVEN[0] - 0.005, 1.0)
        traces.append(
            marks.texts(
                [_TOKEN], [1.01], [says], color=palette.muted, position="top right", room=room_left
            )
        )
        return
    for color, low in zip(colors, lows, strict=True):
        traces.append(
            marks.outline([(_OUTPUT[0], low, _OUTPUT[1], low + high)], color=color, width=2.5)
        )


def _draw_headings(traces: list[Trace], data: LayerParts, palette: Palette) -> None:
    count, features = data.output.shape
    headings = [
        (_GIVEN[0], f"ids given<br>{data.given.dtype}", palette.timesteps, 0.14),
        (_IDS[0], "cast<br>int32", palette.timesteps, 0.12),
        (_MATRIX[0], f"self.W<br>({len(data.weights)}, {features})", palette.text, 0.2),
        (_OUTPUT[0], f"output<br>({count}, {features})", palette.features, 0.2),
    ]
    if data.mask is not None:
        headings.append((_MASK[0], f"mask<br>({count},)", palette.muted, 0.1))
    for x, text, color, room in headings:
        traces.append(
            marks.texts([x], [1.01], [text], color=color, position="top right", room=(room, 1))
        )


def _draw_code(
    traces: list[Trace], code: Sequence[str], data: LayerParts, palette: Palette
) -> None:
    places = [-k - 0.5 for k in range(len(code))]
    lines = marks.texts(
        [0.008] * len(code),
        places,
        [plain(line).replace(" ", "\u00a0") for line in code],
        color=palette.text,
        position="middle right",
        room=(0.99, 1.4),
    )
    lines["textfont"]["family"] = "monospace"
    lines["meta"][2] = _CODE_CHARACTERS
    traces.append(lines | {"yaxis": "y2"})
    size, features = data.weights.shape
    says = {
        1: f"one weight: {size} × {features} = {size * features:,} numbers",
        3: "nothing to do" if data.given.dtype == np.int32 else f"{data.given.dtype} → int32",
        4: f"copies {counted(len(data.ids), 'row')}: no arithmetic",
        6: "False where the id is 0",
    }
    says = {k: text for k, text in says.items() if k < len(code)}
    comments = marks.texts(
        [0.62] * len(says),
        [places[k] for k in says],
        ["← " + text for text in says.values()],
        color=palette.muted,
        position="middle right",
        room=(0.37, 1.4),
    )
    # On a phone the code takes the whole width: then they are to be hidden.
    comments["meta"][2] = _CODE_CHARACTERS
    traces.append(comments | {"yaxis": "y2"})


def _moves(
    data: LayerParts,
    low_of: dict[int, float],
    high: float,
    out_low: Sequence[float],
    out_high: float,
    code_lines: int,
    colors: Sequence[str],
    palette: Palette,
) -> tuple[list[Shape], list[list[Shape]]]:
    """Veils over what is not made yet, the light on the lines that run, the links of the take."""
    count = len(out_low)
    linked = range(count) if count <= _LINKED else range(0)
    nowhere = {"y0": _OUTSIDE, "y1": _OUTSIDE}
    bottom = min(out_low[-1], 0.0) - 0.012
    looks: list[Shape] = [
        marks.veil(palette, x0=x[0] - 0.04 * (x is _MATRIX) - 0.012, x1=x[1] + 0.012)
        for x in (_MATRIX, _IDS, _OUTPUT, _MASK)
    ]
    for veil in looks:
        veil["opacity"] = 1  # type: ignore[index]
    looks += [
        {**marks.light(palette.hidden), "x0": 0, "x1": 1, "yref": "y2"},
        {**marks.light(palette.hidden), "x0": 0, "x1": 1, "yref": "y2"},
    ]
    line = {"type": "line", "line": {"color": palette.text, "width": 2}}
    looks += [{**line, "x0": _GIVEN[1] + 0.006, "x1": _IDS[0] - 0.006} for _ in linked]
    for i in linked:
        colored = {"type": "line", "line": {"color": colors[i], "width": 2}}
        looks += [
            {**colored, "x0": _IDS[1] + 0.006, "x1": _MATRIX[0] - 0.035},
            {**colored, "x0": _MATRIX[1] + 0.006, "x1": _OUTPUT[0] - 0.008},
        ]
    middles = [low + out_high / 2 for low in out_low]
    rows = [low_of[i] + high / 2 for i in data.ids.tolist()]
    # The lines of code that run at each step: the head of the function, and the line itself.
    running = [None, (0, 1), (2, 3), (2, 4), (5, 6)]
    last = 3 if data.mask is None else 4
    steps: list[list[Shape]] = []
    for step in range(last + 1):
        lines = running[step]
        moves: list[Shape] = [
            nowhere if step >= made else {"y0": bottom, "y1": 1.008} for made in (1, 2, 3, 4)
        ]
        moves += [nowhere, nowhere] if lines is None else [{"y0": -k - 1, "y1": -k} for k in lines]
        moves += [{"y0": middles[t], "y1": middles[t]} if step >= 2 else nowhere for t in linked]
        for t in linked:
            moves += (
                [{"y0": middles[t], "y1": rows[t]}, {"y0": rows[t], "y1": middles[t]}]
                if step >= 3
                else [nowhere, nowhere]
            )
        steps.append(moves)
    return looks, steps


@drawn_of(LayerStep, "compute_layer_step")
def plot_embedding_step(
    data: LayerStep, *, palette: Palette = LIGHT, height: int = 300
) -> go.Figure:
    """Draw the matrix before a step, after its gradient alone, and as the constraint leaves it.

    Beside each row and under each column stands its Euclidean norm.

    Args:
        data: What `compute_layer_step` made.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
    """
    size, features = data.before.shape
    lines = drawn_lines(data.rows.tolist(), size, sorted(data.looked_up))
    high = 1 / len(lines)
    is_row = np.array(lines) >= 0
    limit = marks.symmetric_limit(data.before, data.stepped, data.after)
    written = len(lines) <= WRITABLE and features <= _STEP_FEATURES
    low_of = lower_edges(lines)
    traces: list[Trace] = []
    for k, (title, matrix) in enumerate(
        (
            ("before", data.before),
            ("after SGD alone", data.stepped),
            ("with constraint", data.after),
        )
    ):
        left = 0.04 + 0.335 * k
        x = (left, left + 0.215)
        drawn = np.full((len(lines), features), np.nan, np.float32)
        drawn[is_row] = matrix[np.array(lines)[is_row]]
        traces.append(
            marks.heatmap(
                drawn[::-1],
                limit=limit,
                cell=((x[1] - x[0]) / features, high) if written else None,
                gap=1 if written else 0,
                hover="%{z:.6f}<extra></extra>",
                x=np.linspace(*x, features + 1),
                y=1 - high * np.arange(len(lines), -1, -1),
            )
        )
        if written:
            traces[-1]["textfont"]["size"] = 10  # fits a phone
        traces.append(
            marks.texts(
                [left],
                [1.01],
                [f"<b>{title}</b>"],
                color=palette.text,
                position="top right",
                room=(0.32, 1),
            )
        )
        rows = list(low_of)
        column = (x[1] - x[0]) / features
        norms = np.linalg.norm(matrix, axis=0)
        if written:
            under = [(x[0] + column * (f + 0.5), f"{norm:.2f}") for f, norm in enumerate(norms)]
        else:
            under = [(sum(x) / 2, f"{norms.min():.2f} … {norms.max():.2f}")]
        traces.append(
            marks.texts(
                [place for place, _ in under],
                [-0.045] * len(under),
                [text for _, text in under],
                color=palette.cell,
                size=11,
                room=(column, 0.08),
            )
        )
        if len(lines) > WRITABLE:
            continue
        traces += [
            marks.outline(
                [
                    (x[0], low_of[row], x[1], low_of[row] + high)
                    for row in rows
                    if row in data.looked_up
                ],
                color=palette.text,
                width=2,
            ),
            marks.texts(
                [left - 0.006] * len(rows),
                [low_of[row] + high / 2 for row in rows],
                [str(row) for row in rows],
                color=palette.muted,
                size=11,
                position="middle left",
                room=(0.034, max(high, 0.04)),
            ),
            marks.texts(
                [x[1] + 0.006] * len(rows),
                [low_of[row] + high / 2 for row in rows],
                [f"{norm:.2f}" for norm in np.linalg.norm(matrix[rows], axis=1)],
                color=palette.features,
                size=11,
                position="middle right",
                room=(0.07, max(high, 0.04)),
            ),
        ]
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.005, 1.005),
        "yaxis": marks.bare_axis(-0.09, 1.1),
    }
    return figure_of(traces, layout)
