"""The unrolled recurrent layer: one block per timestep, the state travelling to the right."""

from collections.abc import Sequence
from itertools import compress, pairwise
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.bands import after_the_start, draw_states, input_band, state_bands
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_for_each, plain, shorten, step_captions, token_labels
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import columns, parts
from seqviz.readout.records import computed
from seqviz.readout.unrolled import Unrolled, compute_unrolled
from seqviz.trace import RecurrentTrace, Trace as WholeTrace
from seqviz.wording import subscript

# Beyond these the boxes cannot be read on a 1280-pixel screen, and heatmaps take over.
MAX_BOXES = 10  # timesteps
MAX_ROWS = 18  # cells above each other

_PITCH = 2.6  # from one state to the next, where a cell is 1 wide
_GAP = 0.3  # between a state and the block beside it
_ARROW = 26  # pixels, as are those below
_LABEL = 19
_TOKEN = 48
_TOKEN_LENGTH = 12
_MAX_SHAPED = 6  # blocks up to which there is room beside them for the shapes
_SAME = 96  # pixels of a block that has room for what it shares with the first


def plot_unrolled(
    data: RecurrentTrace | Unrolled | WholeTrace,
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    sample: int | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the layer unrolled over its timesteps, playable step by step.

    Below each block is the token and the vector it read (one cell per feature), between the blocks
    the hidden state (and above it an LSTM's cell state), on top the outputs: those the layer
    returns outlined, the others hatched. Beyond `MAX_BOXES` timesteps or `MAX_ROWS` cells the
    same numbers are drawn as heatmaps over time.

    Args:
        data: A recurrent layer's trace, or what `compute_unrolled` made of it; or the
            whole trace of a model with one recurrent layer.
        tokens: The word at each timestep of the input.
        ids: Its id, which decides its colour; the position if not given.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Timesteps already computed when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    data = computed(data, RecurrentTrace, compute_unrolled, Unrolled, sample)
    labels = token_labels(tokens, data.timesteps.tolist())
    look = Look(step, palette, height, controls)
    if not is_boxes(data):
        bands = [*state_bands(data, palette), input_band(after_the_start(data.inputs), palette)]
        return draw_states(bands, data, labels, look)
    traces: list[Trace] = []
    rows = rows_of(data, height)
    draw_boxes(traces, data, labels, id_for_each(ids, len(labels)), palette, rows)
    return animated(
        traces,
        marks.framed((-0.2, columns_of(data)[0][-1] + 1.2), (0, rows.end), **_parts(data, rows)),
        together([marks.veil(palette), marks.light(palette.timesteps)], _box_moves(data, rows)),
        labels=step_captions(labels),
        look=look,
    )


def is_boxes(data: Unrolled) -> bool:
    """Whether the picture has boxes that can be read, rather than heatmaps."""
    return len(data.timesteps) <= MAX_BOXES and _row_count(data) <= MAX_ROWS


def _row_count(data: Unrolled) -> int:
    units = data.hidden.shape[1]
    states = 1 if data.cell_states is None else 2
    return units * states + _outputs(data).shape[1] + data.inputs.shape[1]


def _outputs(data: Unrolled) -> NDArray[np.floating]:
    """What the top row shows: what the layer returned, else the state, hatched, if it fits in."""
    states = data.hidden[1:]
    if data.outputs is None:
        return states
    if data.outputs.shape != states.shape:
        return data.outputs
    return np.where(data.returned[:, None], data.outputs, states)


class Rows(NamedTuple):
    """Where things are from the bottom up, in units of a cell's height."""

    pixel: float
    inputs: float
    block: float
    hidden: float
    cell: float
    block_top: float
    outputs: float
    end: float


def rows_of(data: Unrolled, height: int, *, below: int = 0) -> Rows:
    """Words and arrows keep their size in pixels; the cells share what is left.

    `below` is room in pixels to leave free under the tokens.
    """
    units, features = data.hidden.shape[1], data.inputs.shape[1]
    has_cell = data.cell_states is not None
    fixed = below + _TOKEN + 2 * _ARROW + (3 if has_cell else 2) * _LABEL + 22
    pixel = _row_count(data) / max(height - fixed, 80)
    inputs = (below + _TOKEN) * pixel
    block = inputs + features + _ARROW * pixel
    hidden = block + 4 * pixel
    cell = hidden + units + _LABEL * pixel
    block_top = (cell if has_cell else hidden) + units + _LABEL * pixel
    outputs = block_top + _ARROW * pixel
    return Rows(
        pixel,
        inputs,
        block,
        hidden,
        cell,
        block_top,
        outputs,
        outputs + _outputs(data).shape[1] + (_LABEL + 4) * pixel,
    )


def columns_of(data: Unrolled) -> tuple[list[float], list[float]]:
    """Left edges of the states (the initial one first), and of the blocks between them."""
    states = [k * _PITCH for k in range(len(data.inputs) + 1)]
    return states, [left + 1 + _GAP for left in states[:-1]]  # a block is as wide as a cell


def _parts(data: Unrolled, rows: Rows) -> dict[str, Any]:
    """By timestep, which is not the order of steps for a layer that reads from the end."""
    states, blocks = columns_of(data)
    units, features = data.hidden.shape[1], data.inputs.shape[1]
    read = blocks if data.timesteps[0] == 0 else blocks[::-1]
    named = {
        "token": columns(read, 0, rows.inputs),
        "timestep": columns(read, 0, rows.end),
        "input": columns(read, rows.inputs, rows.inputs + features),
        "block": columns(blocks, rows.block, rows.block_top),
        data.cell: columns(blocks, rows.block, rows.block_top),
        "hidden": columns(states, rows.hidden, rows.hidden + units, first=0),
        "output": columns(blocks, rows.outputs, rows.outputs + _outputs(data).shape[1]),
    }
    if data.cell_states is not None:
        named["cell"] = columns(states, rows.cell, rows.cell + units, first=0)
    return parts(named)


def draw_boxes(
    traces: list[Trace],
    data: Unrolled,
    labels: Sequence[str],
    ids: list[int],
    palette: Palette,
    rows: Rows,
) -> None:
    """Draw blocks, states, inputs and outputs into `figure`, at the places `rows` gives."""
    count, features = data.inputs.shape
    units = data.hidden.shape[1]
    positions = (data.timesteps + 1).tolist()
    state_x, block_x = columns_of(data)
    centres = [x + 0.5 for x in block_x]

    def boxes(xs: Sequence[float], low: float, high: float) -> list[Box]:
        return [(x, low, x + 1, high) for x in xs]

    # The block: one and the same at every step.
    blocks = boxes(block_x, rows.block, rows.block_top)
    traces.append(
        marks.outline(
            compress(blocks, ~data.skipped),
            color=palette.hidden,
            fill="toself",
            fillcolor="rgba(128,128,128,0.14)",
        )
    )
    traces.append(marks.hatch(compress(blocks, data.skipped), color=palette.muted))

    # Numbers, outlined in the hue of what they are.
    limit = marks.symmetric_limit(data.hidden)
    hidden_names = [subscript("h", k) for k in range(count + 1)]
    cell_names = [subscript("c", k) for k in range(count + 1)]
    input_names = [subscript("x", t) for t in positions]
    input_limit = marks.symmetric_limit(data.inputs)
    traces.append(_stacks(data.inputs, block_x, rows.inputs, input_limit, input_names))
    traces.append(_stacks(data.hidden, state_x, rows.hidden, limit, hidden_names))
    shown, output_limit, output_names = _outputs(data), limit, hidden_names[1:]
    if data.outputs is not None:
        output_limit = marks.symmetric_limit(shown)
        output_names = [
            subscript("y" if r else "h", k) for k, r in enumerate(data.returned.tolist(), 1)
        ]
    traces.append(_stacks(shown, block_x, rows.outputs, output_limit, output_names))
    outputs = boxes(block_x, rows.outputs, rows.outputs + shown.shape[1])
    traces.append(marks.hatch(compress(outputs, ~data.returned), color=palette.muted))
    for xs, low, size, color in (
        (block_x, rows.inputs, features, palette.features),
        (state_x, rows.hidden, units, palette.hidden),
    ):
        traces.append(marks.outline(boxes(xs, low, low + size), color=color))
    traces.append(marks.outline(compress(outputs, data.returned), color=palette.hidden, width=4))
    flows = [(rows.hidden, palette.hidden, hidden_names)]
    if data.cell_states is not None:
        cell_limit = marks.symmetric_limit(data.cell_states)
        traces.append(_stacks(data.cell_states, state_x, rows.cell, cell_limit, cell_names))
        traces.append(
            marks.outline(boxes(state_x, rows.cell, rows.cell + units), color=palette.cell)
        )
        flows.append((rows.cell, palette.cell, cell_names))

    # What flows: x and h (and c) into the block, h (and c) out of it.
    for low, color, names in flows:
        middle = low + units / 2
        traces.append(
            marks.arrows(
                [
                    line
                    for (left, right), block in zip(pairwise(state_x), block_x, strict=True)
                    for line in (
                        (left + 1.03, middle, block - 0.06, middle),
                        (block + 1.03, middle, right - 0.06, middle),
                    )
                ],
                color=color,
                symbol="triangle-right",
            )
        )
        last = names[-1] + (" returned" if data.return_state else "")
        traces.append(
            marks.texts(
                [x + 0.5 for x in state_x],
                [low + units + 10 * rows.pixel] * (count + 1),
                [*names[:-1], last],
                color=color,
                size=13,
                room=(_PITCH - 1, 18 * rows.pixel),
            )
        )
    returned = list(compress(centres, data.returned))
    for xs, low, high, color in (
        (centres, rows.inputs + features, rows.block, palette.features),
        (returned, rows.block_top, rows.outputs, palette.hidden),
    ):
        traces.append(
            marks.arrows(
                [(x, low + 2 * rows.pixel, x, high - 5 * rows.pixel) for x in xs],
                color=color,
                symbol="triangle-up",
            )
        )

    _draw_words(traces, data, labels, ids, palette, rows, centres)


def _box_moves(data: Unrolled, rows: Rows) -> list[list[dict[str, float]]]:
    """Where the veil is at each step, and the light: on the step's two states and all between."""
    state_x, _ = columns_of(data)
    veils = [
        {
            "x0": x + 1 + _GAP / 2,
            "x1": state_x[-1] + 1.3,
            "y0": rows.inputs - 2 * rows.pixel,
            "y1": rows.end,
        }
        for x in state_x
    ]
    low, high = rows.pixel, rows.end - rows.pixel
    lights = [
        {"x0": -0.12, "x1": 1.12, "y0": rows.block, "y1": rows.block_top},
        *(
            {"x0": left - 0.12, "x1": right + 1.12, "y0": low, "y1": high}
            for left, right in pairwise(state_x)
        ),
    ]
    return [[veil, light] for veil, light in zip(veils, lights, strict=True)]


def _stacks(
    vectors: NDArray[np.floating],
    xs: Sequence[float],
    low: float,
    limit: float,
    names: Sequence[str],
) -> Trace:
    """Vectors (rows of `vectors`) as columns of cells, unit 0 on top."""
    size = vectors.shape[1]
    edges = sorted({edge for x in xs for edge in (x, x + 1)})
    grid = np.full((size, len(edges) - 1), np.nan, np.float32)
    hover = np.full((size, len(edges) - 1), "", dtype=object)
    for vector, x, name in zip(vectors, xs, names, strict=True):
        column = edges.index(x)
        grid[:, column] = vector[::-1]
        hover[:, column] = [f"{name}[{i}]" for i in reversed(range(size))]
    return marks.heatmap(
        grid,
        limit=limit,
        cell=(1, 1),
        gap=1,
        hover="%{customdata} = %{z:.6f}<extra></extra>",
        customdata=hover,
        x=edges,
        y=[low + i for i in range(size + 1)],
    )


def _draw_words(
    traces: list[Trace],
    data: Unrolled,
    labels: Sequence[str],
    ids: list[int],
    palette: Palette,
    rows: Rows,
    centres: Sequence[float],
) -> None:
    count = len(centres)
    positions = data.timesteps.tolist()
    # In the order of the sentence, so that a token has its colour in every picture.
    colors = token_colors(ids)
    traces.append(
        {
            "type": "scatter",
            "x": list(centres),
            "y": [rows.inputs - 6 * rows.pixel] * count,
            "mode": "markers",
            "marker": {
                "symbol": "line-ew",
                "size": 34,
                "line": {"width": 4, "color": [colors[t] for t in positions]},
            },
            "hoverinfo": "skip",
        }
    )
    block_name = f"<b>{plain(data.cell).replace('RNN', '<br>RNN')}</b>"
    tall = (rows.block_top - rows.block) / rows.pixel >= _SAME
    same = f"{block_name}<br>same<br>block" if tall and count <= _MAX_SHAPED else block_name
    features, units = data.inputs.shape[1], _outputs(data).shape[1]
    returns_all = bool(data.returned.all()) and count > 1
    shape_out = shape_in = ""
    if count <= _MAX_SHAPED:
        shape_in = f"<br>(1, {count}, {features})"
        shape_out = f"<br>(1, {count}, {units})" if returns_all else f"<br>(1, {units})"
    beside = _PITCH - 0.1  # a word under or over a column may be as wide as the column
    for y, words, color, size, width in (
        (
            rows.inputs - 20 * rows.pixel,
            [f"<b>{plain(shorten(label, _TOKEN_LENGTH))}</b>" for label in labels],
            palette.text,
            14,
            beside,
        ),
        (
            rows.inputs - 37 * rows.pixel,
            [f"timestep {t + 1}" for t in positions],
            palette.muted,
            12,
            beside,
        ),
        (
            (rows.block + rows.block_top) / 2,
            [
                "skipped:<br>state<br>carried" if skipped else same if k else block_name
                for k, skipped in enumerate(data.skipped)
            ],
            palette.text,
            12,
            1.25,  # of a block: its edges may be touched
        ),
        (
            rows.end - 13 * rows.pixel,
            ["returned" if r else "not returned" for r in data.returned],
            [palette.hidden if r else palette.muted for r in data.returned],
            12,
            beside,
        ),
    ):
        traces.append(
            marks.texts(
                centres,
                [y] * count,
                words,
                color=color,
                size=size,
                room=(width, 18 * rows.pixel),
            )
        )
    for low, size, label, color in (
        (rows.outputs, units, f"output{shape_out}", palette.hidden),
        (rows.inputs, features, f"input{shape_in}", palette.features),
    ):
        traces.append(
            marks.texts(
                [-0.15],
                [low + size / 2],
                [label],
                color=color,
                position="middle right",
                room=(1.4, 18 * rows.pixel),
            )
        )
