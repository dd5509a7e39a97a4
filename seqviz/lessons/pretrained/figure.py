"""Filling an embedding from a file: each row of the layer, and the row it is copied from."""

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.pretrained.compute import Filling
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import playable
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of

_WRITABLE: Final = 8  # numbers of a vector up to which they are written into the cells
_WORD_LENGTH = 12
_HIGHEST: Final = 0.15  # of a row, as a share of the picture
_OUTSIDE: Final = -9.0  # below the axis: where a shape is put that is not to be seen

# The columns of the picture, along an x axis of length 1.
_NAME_X: Final = 0.0
_FILE_X: Final = (0.14, 0.46)
_WORD_X: Final = 0.53
_LAYER_X: Final = (0.68, 1.0)


@drawn_of(Filling, "compute_filling")
def plot_filling(
    data: Filling,
    *,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the file's rows on the left, the layer's on the right, which are filled one by one.

    Rows that no word of the file fills are hatched: they hold what the initializer put there.

    Args:
        data: What `compute_filling` made.
        step: Rows already filled when it opens; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    count, dim = data.matrix.shape
    lines: list[int] = data.file_rows.tolist()
    sources: list[int] = data.sources.tolist()
    colors = token_colors(list(range(count)))
    # A long list thins out; a short one has lines no higher than can be read.
    file_high = min(1 / max(len(lines), 1), _HIGHEST)
    row_high = min(1 / max(count, 1), _HIGHEST)
    file_low = {row: 1 - file_high * (i + 1) for i, row in enumerate(lines) if row >= 0}
    row_low = [1 - row_high * (i + 1) for i in range(count)]

    drawn = np.full((len(lines), dim), np.nan, np.float32)
    is_row = np.array(lines, int) >= 0
    drawn[is_row] = data.file[np.array(lines, int)[is_row]]
    limit = marks.symmetric_limit(drawn, data.matrix)
    traces: list[Trace] = []
    for values, x, high, hover in (
        (drawn, _FILE_X, file_high, "file: %{z:.6f}"),
        (data.matrix, _LAYER_X, row_high, "layer: %{z:.6f}"),
    ):
        written = dim <= _WRITABLE
        traces.append(
            marks.heatmap(
                values[::-1],
                limit=limit,
                cell=((x[1] - x[0]) / dim, high) if written else None,
                gap=1 if written else 0,
                hover=hover + "<extra></extra>",
                x=np.linspace(*x, dim + 1),
                y=1 - high * np.arange(len(values), -1, -1.0),
            )
        )
    traces += _names(data, lines, file_low, file_high, row_low, row_high, palette)
    # Outlines in the colour of the word, the same on both sides.
    for row, source in enumerate(sources):
        if source >= 0:
            boxes: list[Box] = [
                (_FILE_X[0], file_low[source], _FILE_X[1], file_low[source] + file_high),
                (_LAYER_X[0], row_low[row], _LAYER_X[1], row_low[row] + row_high),
            ]
            traces.append(marks.outline(boxes, color=colors[row], width=3))
    traces.append(
        marks.hatch(
            [
                (_LAYER_X[0], row_low[row], _LAYER_X[1], row_low[row] + row_high)
                for row, source in enumerate(sources)
                if source < 0
            ],
            color=palette.muted,
        )
    )
    looks, steps = _moves(data, colors, file_low, file_high, row_low, row_high, palette)
    layout = {
        **marks.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.005, 1.005),
        "yaxis": marks.bare_axis(-0.02, 1 + 44 / max(height - 52, 44)),
    }
    return playable(
        traces,
        layout,
        looks,
        steps,
        step=step,
        labels=step_captions(data.words),
        controls=controls,
        text_color=palette.text,
    )


def _names(
    data: Filling,
    lines: list[int],
    file_low: dict[int, float],
    file_high: float,
    row_low: list[float],
    row_high: float,
    palette: Palette,
) -> list[Trace]:
    """Headings, and the word of each row on both sides."""
    dim = data.matrix.shape[1]
    count = len(data.file)
    rows = list(file_low)
    folds = [(i, -row) for i, row in enumerate(lines) if row < 0]
    total = len(data.words) + data.left_out
    more = f", first {len(data.words)}" if data.left_out else ""

    def words(x: float, lows: list[float], high: float, texts: list[str], width: float) -> Trace:
        return marks.texts(
            [x] * len(lows),
            [low + high / 2 for low in lows],
            texts,
            color=palette.text,
            size=12,
            position="middle right",
            room=(width, max(high, 0.03)),
        )

    def heading(x: float, text: str, color: str) -> Trace:
        return marks.texts(
            [x], [1.008], [text], color=color, size=13, position="top right", room=(0.32, 1)
        )

    return [
        words(
            _NAME_X,
            list(file_low.values()),
            file_high,
            [
                f"{row:,} <b>{plain(shorten(data.file_words[row], _WORD_LENGTH))}</b>"
                for row in rows
            ],
            _FILE_X[0],
        ),
        marks.texts(
            [sum(_FILE_X) / 2] * len(folds),
            [1 - file_high * (i + 0.5) for i, _ in folds],
            [f"… {n:,} more rows" for _, n in folds],
            color=palette.muted,
            size=12,
            room=(_FILE_X[1] - _FILE_X[0], max(file_high, 0.03)),
        ),
        words(
            _WORD_X,
            row_low,
            row_high,
            [
                f"{row} <b>{plain(shorten(word, _WORD_LENGTH))}</b>"
                for row, word in enumerate(data.words)
            ],
            _LAYER_X[0] - _WORD_X,
        ),
        heading(_FILE_X[0], f"the file<br>({count:,}, {dim})", palette.text),
        heading(_LAYER_X[0], f"the layer{more}<br>({total:,}, {dim})", palette.features),
    ]


def _moves(
    data: Filling,
    colors: list[str],
    file_low: dict[int, float],
    file_high: float,
    row_low: list[float],
    row_high: float,
    palette: Palette,
) -> tuple[list[Shape], list[list[Shape]]]:
    """The veil over rows not filled yet, two cursors, and a link for each row that is copied."""
    sources: list[int] = data.sources.tolist()
    looks: list[Shape] = [
        marks.veil(palette, x0=_LAYER_X[0] - 0.004, x1=_LAYER_X[1] + 0.004, y0=-0.01),
        marks.cursor(palette.text, 3, x0=_FILE_X[0], x1=_FILE_X[1]),
        marks.cursor(palette.text, 3, x0=_LAYER_X[0], x1=_LAYER_X[1]),
    ]
    linked = [row for row, source in enumerate(sources) if source >= 0]
    for row in linked:
        line = {"color": colors[row], "width": 2}
        looks.append(
            {"type": "line", "line": line, "x0": _FILE_X[1] + 0.006, "x1": _WORD_X - 0.004}
        )

    def place(shown: bool, low: float, high: float) -> dict[str, Any]:
        return {"y0": low, "y1": high} if shown else {"y0": _OUTSIDE, "y1": _OUTSIDE}

    steps: list[list[Shape]] = []
    for done in range(len(sources) + 1):
        now = max(done - 1, 0)
        source = sources[now] if done else -1
        low = file_low.get(source, _OUTSIDE)
        shapes: list[Shape] = [
            {"y1": row_low[now] if done else 1.0},
            place(source >= 0, low, low + file_high),
            place(done > 0, row_low[now], row_low[now] + row_high),
        ]
        shapes += [
            place(row < done, file_low[sources[row]] + file_high / 2, row_low[row] + row_high / 2)
            for row in linked
        ]
        steps.append(shapes)
    return looks, steps
