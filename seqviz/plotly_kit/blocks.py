"""Layers as rows of blocks: a vector lies flat in its block, so that many rows have room."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_for_each, plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import Palette, token_colors
from seqviz.plotly_kit.parts import Boxes, columns, parts
from seqviz.readout.unrolled import Unrolled
from seqviz.wording import subscript

# Down is one pixel a unit; across, a block is 1 wide.
PITCH: Final = 1.3
ARROW: Final = 24
PAD: Final = 5  # between a block's edge and the vectors in it
GAP: Final = 3  # between two vectors in a block
TOKENS: Final = 50
_TOKEN_LENGTH = 12
_LABEL = 0.22  # of the width, for what stands left of the rows

MARGIN: Final = 4  # pixels around all blocks
LOWEST: Final = 9  # of a vector
HIGHEST: Final = 38

MAX_STEPS: Final = 12  # beyond them vectors are too narrow to be told apart
MAX_CELLS: Final = 160


def readable(steps: int, widest: int) -> bool:
    """Whether so many vectors beside each other can be read, the widest as long as said."""
    return steps <= MAX_STEPS and steps * widest <= MAX_CELLS


def lefts(count: int) -> list[float]:
    """Left edges of the blocks of `count` timesteps."""
    return [k * PITCH for k in range(count)]


def label_room(count: int) -> float:
    """Width of what stands left of the first block."""
    return _LABEL / (1 - _LABEL) * max(count, 3) * PITCH + 0.2


def frame(
    count: int, end: float, height: int, named: Mapping[str, Iterable[Boxes]]
) -> dict[str, Any]:
    """The layout around the blocks of `count` timesteps, from their labels to `end`, and its parts."""
    room = (0, height - 2 * MARGIN)
    return marks.framed((-label_room(count) - 0.05, end), room, margin=MARGIN, **parts(named))


def row_height(height: int, fixed: float, vectors: float) -> float:
    """Pixels of each of so many vectors above each other, beside the `fixed` ones."""
    return min(max((height - fixed) / vectors, LOWEST), HIGHEST)


def natural_height(fixed: float, vectors: float, at_most: int) -> int:
    """Pixels that a picture needs, not to leave its upper part empty."""
    return min(round(fixed + vectors * HIGHEST), at_most)


def height_of(data: Unrolled, row: float) -> float:
    """Height of a layer's blocks, whose vectors are `row` high."""
    return 2 * PAD + (row if data.cell_states is None else 2 * row + GAP)


def hidden_low(data: Unrolled, low: float, row: float) -> float:
    """Lower edge of h in blocks that stand at `low`: above c, where there is one."""
    return low + PAD + (0 if data.cell_states is None else row + GAP)


def vectors(
    values: NDArray[np.floating],
    xs: Sequence[float],
    low: float,
    height: float,
    *,
    limit: float,
    names: Sequence[str],
    width: float = 1,
) -> Trace:
    """Vectors (rows of `values`) lying flat, each `width` wide, at the left edges `xs`."""
    size = values.shape[1]
    edges: list[float] = []
    parts: list[NDArray[np.floating]] = []
    hover: list[str] = []
    for place in np.argsort(xs).tolist():
        low_edge = xs[place]
        if edges and low_edge - edges[-1] > 1e-6:
            parts.append(np.full(1, np.nan, np.float32))  # the space between two vectors
            hover.append("")
        elif edges:
            edges.pop()
        edges += np.linspace(low_edge, low_edge + width, size + 1).tolist()
        parts.append(values[place])
        hover += [f"{names[place]}[{i}]" for i in range(size)]
    return marks.heatmap(
        np.concatenate(parts)[None],
        limit=limit,
        cell=(width / size, height),
        gap=1,
        hover="%{customdata} = %{z:.6f}<extra></extra>",
        customdata=[hover],
        x=edges,
        y=[low, low + height],
    )


def draw_layer(
    traces: list[Trace],
    data: Unrolled,
    xs: Sequence[float],
    low: float,
    row: float,
    palette: Palette,
) -> None:
    """Draw a layer's blocks with their states, and the state travelling from block to block.

    Args:
        traces: Where to put what is drawn.
        data: What the layer did.
        xs: Left edge of the block of each step processed: falling for a layer that reads from
            the end.
        low: Lower edge of the blocks.
        row: Height of a vector.
        palette: Colours.
    """
    count = len(xs)
    high = low + height_of(data, row)
    blocks = [(x - 0.03, low, x + 1.03, high) for x in xs]
    traces.append(
        marks.outline(
            compress(blocks, ~data.skipped),
            color=palette.hidden,
            width=1.5,
            fill="toself",
            fillcolor="rgba(128,128,128,0.14)",
        )
    )
    if data.skipped.any():
        traces.append(marks.hatch(compress(blocks, data.skipped), color=palette.muted))
    backwards = count > 1 and xs[1] < xs[0]
    flows = [("h", data.hidden, hidden_low(data, low, row), palette.hidden)]
    if data.cell_states is not None:
        flows.append(("c", data.cell_states, low + PAD, palette.cell))
    for symbol, states, bottom, color in flows:
        names = [subscript(symbol, k) for k in range(1, count + 1)]
        limit = marks.symmetric_limit(states)
        traces.append(vectors(states[1:], xs, bottom, row, limit=limit, names=names))
        traces.append(marks.outline([(x, bottom, x + 1, bottom + row) for x in xs], color=color))
        middle = bottom + row / 2
        start, tip = ((1.22, 1.06), (-0.03, 1.06)) if backwards else ((-0.22, -0.06), (1.03, -0.06))
        lines = [(xs[0] + start[0], middle, xs[0] + start[1], middle)]
        lines += [(a + tip[0], middle, b + tip[1], middle) for a, b in pairwise(xs)]
        head = "triangle-left" if backwards else "triangle-right"
        traces.append(marks.arrows(lines, color=color, symbol=head))
        between = [(a + b + 1) / 2 for a, b in pairwise(xs)]
        traces.append(
            marks.texts(
                between, [middle + 10] * len(between), names[:-1],
                color=color, size=12, room=(PITCH - 1, min(row / 2 + 4, 16)),
            )
        )  # fmt: skip
        traces.append(
            marks.texts(
                [xs[0] + (1.27 if backwards else -0.27)],
                [middle],
                ["0" if not states[0].any() else subscript(symbol, 0)],
                color=color,
                size=12,
                room=(0.2, row),
            )
        )


def layer_parts(
    data: Unrolled, xs: Sequence[float], low: float, row: float
) -> dict[str, list[Boxes]]:
    """What `draw_layer` draws, as parts of a picture: blocks and states, numbered by step."""
    bottom = hidden_low(data, low, row)
    block = [columns(xs, low, low + height_of(data, row))]
    named = {"block": block, data.cell: block, "hidden": [columns(xs, bottom, bottom + row)]}
    if data.cell_states is not None:
        named["cell"] = [columns(xs, low + PAD, low + PAD + row)]
    return named


def input_parts(xs: Sequence[float], row: float, top: float) -> dict[str, list[Boxes]]:
    """What `draw_inputs` draws, and columns from there up to `top`."""
    return {
        "token": [columns(xs, 0, TOKENS)],
        "input": [columns(xs, TOKENS, TOKENS + row)],
        "timestep": [columns(xs, 0, top)],
    }


def draw_inputs(
    traces: list[Trace],
    inputs: NDArray[np.floating],
    tokens: Sequence[str],
    ids: Sequence[int] | None,
    xs: Sequence[float],
    row: float,
    palette: Palette,
) -> None:
    """Draw the words at the bottom, and above each the vector that was read, at `TOKENS`."""
    names = [subscript("x", t) for t in range(1, len(xs) + 1)]
    limit = marks.symmetric_limit(inputs)
    traces.append(vectors(inputs, xs, TOKENS, row, limit=limit, names=names))
    traces.append(
        marks.outline([(x, TOKENS, x + 1, TOKENS + row) for x in xs], color=palette.features)
    )
    centres = [x + 0.5 for x in xs]
    colors = token_colors(id_for_each(ids, len(xs)))
    traces.append(
        {
            "type": "scatter",
            "x": centres,
            "y": [TOKENS - 7] * len(xs),
            "mode": "markers",
            "marker": {
                "symbol": "line-ew",
                "size": 34,
                "line": {"width": 4, "color": colors[: len(xs)]},
            },
            "hoverinfo": "skip",
        }
    )
    words = [f"<b>{plain(shorten(token, _TOKEN_LENGTH))}</b>" for token in tokens]
    numbers = [f"timestep {t}" for t in range(1, len(xs) + 1)]
    for y, said, color, size in (
        (TOKENS - 21, words, palette.text, 14),
        (TOKENS - 38, numbers, palette.muted, 12),
    ):
        room = (PITCH - 0.08, 18)
        traces.append(marks.texts(centres, [y] * len(xs), said, color=color, size=size, room=room))


def draw_labels(traces: list[Trace], count: int, labels: Iterable[tuple[float, str, str]]) -> None:
    """Write what each row is, left of it: middle, words (already plain), colour."""
    for y, words, color in labels:
        traces.append(
            marks.texts(
                [-label_room(count)],
                [y],
                [words],
                color=color,
                size=12,
                position="middle right",
                room=(label_room(count) - 0.3, 17 * (words.count("<br>") + 1)),
            )
        )


def up(xs: Iterable[float], low: float, high: float) -> list[Box]:
    """Arrows upwards over the middles of blocks."""
    return [(x + 0.5, low + 2, x + 0.5, high - 4) for x in xs]
