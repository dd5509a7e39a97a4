"""The whole path in one picture: text, tokens, ids, rows of the matrix, states, output."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.embedding.compute import EmbeddingLookup
from seqviz.lessons.recurrent.figure import Rows, columns_of, draw_boxes, rows_of
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.unrolled import Unrolled

STEPS: Final = ("text", "tokens", "ids", "embedding rows")  # then one per timestep, then the output

_BELOW = 66  # pixels for text and tokens, under the ids
_MATRIX = (-3.1, -0.9)


def plot_path(
    lookup: EmbeddingLookup,
    data: Unrolled,
    *,
    text: str,
    tokens: Sequence[str],
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 430,
    controls: bool = True,
) -> go.Figure:
    """Draw a short sentence's way through an embedding and a recurrent layer, from the bottom up.

    Args:
        lookup: What the embedding layer did, with few rows to draw.
        data: What the recurrent layer did with its output, few enough steps for boxes.
        text: The sentence.
        tokens: ``(timesteps,)``.
        step: Steps already taken when it opens; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    traces: list[Trace] = []
    rows = rows_of(data, height, below=_BELOW)
    ids = lookup.ids.tolist()
    draw_boxes(traces, data, [f"id {i}" for i in ids], ids, palette, rows)
    _draw_text(traces, data, text, tokens, palette, rows)
    _draw_matrix(traces, lookup, palette, rows)
    right = columns_of(data)[0][-1] + 1
    return animated(
        traces,
        marks.framed((_MATRIX[0] - 0.6, right + 0.2), (0, rows.end)),
        together([marks.veil(palette)] * 3, _moves(data, rows)),
        labels=[*STEPS, *(f"h{k + 1}" for k in range(len(ids))), "output"],
        look=Look(step, palette, height, controls),
    )


def _draw_text(
    traces: list[Trace],
    data: Unrolled,
    text: str,
    tokens: Sequence[str],
    palette: Palette,
    rows: Rows,
) -> None:
    centres = [x + 0.5 for x in columns_of(data)[1]]
    middle = (centres[0] + centres[-1]) / 2
    traces.append(
        marks.arrows(
            [(x, 42 * rows.pixel, x, 63 * rows.pixel) for x in centres],
            color=palette.muted,
            symbol="triangle-up",
        )
    )
    for xs, y, words, size, color in (
        ([middle], 10, [f"“{plain(text)}”"], 15, palette.text),
        (centres, 35, [f"<b>{plain(token)}</b>" for token in tokens], 14, palette.text),
        ([0.2], 10, ["text"], 13, palette.muted),
        ([0.2], 35, ["tokens"], 13, palette.muted),
        ([0.2], 94, ["ids"], 13, palette.muted),
    ):
        traces.append(
            marks.texts(
                xs,
                [y * rows.pixel] * len(xs),
                words,
                color=color,
                size=size,
                room=(2.4 if len(xs) > 1 else 5, 20 * rows.pixel),
            )
        )


def _draw_matrix(
    traces: list[Trace], lookup: EmbeddingLookup, palette: Palette, rows: Rows
) -> None:
    """Draw the matrix at the left, its used rows outlined in their tokens' colours."""
    low, high = rows.inputs, rows.block_top
    lines = lookup.rows.tolist()
    each = (high - low) / len(lines)
    features = lookup.weights.shape[1]
    drawn = np.full((len(lines), features), np.nan, np.float32)
    drawn[lookup.rows >= 0] = lookup.weights[lookup.rows[lookup.rows >= 0]]
    bottom = {row: high - (i + 1) * each for i, row in enumerate(lines)}
    traces.append(
        marks.heatmap(
            drawn[::-1],
            limit=marks.symmetric_limit(lookup.weights),
            cell=((_MATRIX[1] - _MATRIX[0]) / features, each),
            gap=1,
            hover="%{z:.6f}<extra></extra>",
            x=np.linspace(*_MATRIX, features + 1),
            y=np.linspace(low, high, len(lines) + 1),
        )
    )
    ids = lookup.ids.tolist()
    for id_, color in zip(ids, token_colors(ids), strict=True):
        box = (_MATRIX[0], bottom[id_], _MATRIX[1], bottom[id_] + each)
        traces.append(marks.outline([box], color=color, width=3))
    for x, some, width in (
        (_MATRIX[0] - 0.3, [row for row in lines if row >= 0], 0.6),
        (sum(_MATRIX) / 2, [row for row in lines if row < 0], _MATRIX[1] - _MATRIX[0]),
    ):
        traces.append(
            marks.texts(
                [x] * len(some),
                [bottom[row] + each / 2 for row in some],
                [str(row) if row >= 0 else f"⋮ {-row} rows" for row in some],
                color=[palette.text if row in ids else palette.muted for row in some],
                size=12,
                room=(width, each),
            )
        )
    traces.append(
        marks.texts(
            [_MATRIX[0]],
            [high + 4 * rows.pixel],
            [f"<b>Embedding</b> matrix<br>{lookup.weights.shape}"],
            color=palette.features,
            size=13,
            position="top right",
            room=(4.5, 40 * rows.pixel),
        )
    )


def _moves(data: Unrolled, rows: Rows) -> list[list[dict[str, Any]]]:
    """Three veils: over all that is above a line, over states not reached, over the output."""
    states, _ = columns_of(data)
    left, right, end = _MATRIX[0] - 0.6, states[-1] + 1.2, rows.end
    reached = [x + 1.15 for x in states]

    def step(above: float, state: float, output: bool) -> list[dict[str, Any]]:
        hidden = {"x0": right, "x1": right, "y0": end, "y1": end}
        return [
            {"x0": left, "x1": right, "y0": above, "y1": end},
            {"x0": state, "x1": right, "y0": rows.block - 24 * rows.pixel, "y1": end}
            if above == end
            else hidden,
            hidden
            if output or above < end
            else {"x0": -0.2, "x1": right, "y0": rows.block_top, "y1": end},
        ]

    lines = [24 * rows.pixel, 46 * rows.pixel, rows.inputs - 4 * rows.pixel]
    return [
        *(step(line, right, False) for line in lines),
        *(step(end, x, False) for x in [-0.2, *reached[1:]]),
        step(end, right, True),
    ]
