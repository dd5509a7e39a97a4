"""The embedding lookup: each id copies one row of the matrix into the output."""

from collections.abc import Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go

from seqviz.lessons.embedding.compute import EmbeddingLookup, compute_embedding_lookup
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_labels, plain, step_captions, with_ids
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix import Matrix, drawn_lines, every, left_out, links
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import parts
from seqviz.readout.records import computed
from seqviz.trace import EmbeddingTrace, Trace as WholeTrace

_WRITABLE: Final = 26  # rows, and features, up to which values are written into the cells
_TOKEN_LENGTH = 10
_LETTERS: Final = 8  # pixels from the middle of a line of text to what stands above it
_HEADINGS: Final = 44  # pixels of the height that they take
_FRAME: Final = 52  # the same, and the margins

# The three columns of the picture, along an x axis of length 1.
_TOKEN_X: Final = (0.0, 0.15)
_MATRIX_X: Final = (0.27, 0.59)
_OUTPUT_X: Final = (0.68, 1.0)


class _Picture(NamedTuple):
    """What is drawn, and where."""

    data: EmbeddingLookup
    ids: list[int]
    labels: list[str]
    colors: list[str]
    matrix: Matrix
    output: Matrix
    palette: Palette


def plot_embedding_lookup(
    data: EmbeddingTrace | EmbeddingLookup | WholeTrace,
    *,
    tokens: Sequence[str] | None = None,
    sample: int | None = None,
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
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Rows already copied when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    data = computed(data, EmbeddingTrace, compute_embedding_lookup, EmbeddingLookup, sample)
    picture = _arranged(data, tokens, palette)
    # A first line of text that is thinner than its letters stands out above it.
    pixels = max(height - _FRAME, _HEADINGS)
    thinner = min(picture.output.height, picture.matrix.height)
    raised = max(_LETTERS / pixels - thinner / 2, 0)
    top = 1 + raised + _HEADINGS / pixels
    return animated(
        [
            *_values(picture),
            *_rows(picture),
            *_tokens(picture),
            *_marked(picture.output, dict(enumerate(picture.colors))),
            *_headings(data, palette, raised),
        ],
        marks.framed(x=(-0.005, 1.005), y=(-0.01, top), **_parts(picture)),
        [*_rows_moving(picture), *_links(picture)],
        labels=step_captions(picture.labels),
        look=Look(step, palette, height, controls),
    )


def _parts(picture: _Picture) -> dict[str, Any]:
    output, timesteps = picture.output, range(1, len(picture.ids) + 1)
    return parts(
        {
            "token": output.beside(_TOKEN_X, timesteps),
            "id": output.beside(_TOKEN_X, picture.ids),
            "matrix": picture.matrix.whole,
            "row": picture.matrix.rows(),
            "output": output.whole,
            "timestep": output.rows(1),
        }
    )


def left_out_of(data: EmbeddingLookup) -> int:
    """How many rows of the matrix are left out of the picture without a fold that says so."""
    return left_out(*_lines(data), most=_WRITABLE)


def _lines(data: EmbeddingLookup) -> tuple[list[int], int, list[int]]:
    return data.rows.tolist(), len(data.weights), data.ids.tolist()


def _arranged(data: EmbeddingLookup, tokens: Sequence[str] | None, palette: Palette) -> _Picture:
    count, ids = len(data.ids), data.ids.tolist()
    matrix = Matrix.filling(drawn_lines(*_lines(data), most=_WRITABLE), _MATRIX_X)
    return _Picture(
        data=data,
        ids=ids,
        labels=id_labels(ids, tokens),
        colors=token_colors(ids),
        matrix=matrix,
        output=Matrix(range(count), _OUTPUT_X, min(1 / count, 2.2 * matrix.height, 0.12)),
        palette=palette,
    )


def _values(picture: _Picture) -> list[Trace]:
    """The cells of the matrix, faint where no id reads, and of the output, hatched for padding."""
    data, output = picture.data, picture.output
    limit = marks.symmetric_limit(data.weights)
    features = data.vectors.shape[1]
    cells = list[Trace]()
    for block, values, name in (
        (picture.matrix, data.weights, "W"),
        (output, data.vectors, "output"),
    ):
        written = features <= _WRITABLE / 2 and len(block.lines) <= _WRITABLE
        hover = name + "[%{customdata}] = %{z:.6f}<extra></extra>"
        cells.append(
            block.heatmap(values, limit=limit, hover=hover, written=written, indexed=written)
        )
    matrix, outputs = cells
    read, others = picture.matrix.faint_but(picture.ids, matrix, picture.palette)
    padding = compress(map(output.box, output.lines), ~data.kept)
    return [read, outputs, others, marks.hatch(padding, color=picture.palette.muted)]


def _rows(picture: _Picture) -> list[Trace]:
    """Outline the rows that ids read, if frames do not, and write the ids of rows."""
    matrix, palette = picture.matrix, picture.palette
    color_of = dict(zip(picture.ids, picture.colors, strict=True))
    followed = matrix.follows(picture.ids, most=_WRITABLE)
    named = matrix.numbered(color_of, most=_WRITABLE)
    zero = "padding 0" if picture.data.has_mask else "0"
    return [
        *([] if followed else _marked(matrix, color_of)),
        matrix.texts(
            _MATRIX_X[0] - 0.014,
            {row: str(row) if row else zero for row in named},
            color=[palette.text if row in color_of else palette.muted for row in named],
            position="middle left",
            room=(0.11, max(matrix.height, 0.03)),
        ),
        matrix.folds(palette, "⋮ {:,} more rows ⋮", size=12),
    ]


def _marked(block: Matrix, colors: dict[int, str]) -> list[Trace]:
    """Outline rows in their colours; those too thin for an outline get a stripe at their left."""
    if len(block.lines) <= _WRITABLE:
        return block.outlined(colors, width=2.5)
    stripes: dict[str, list[Box]] = {}
    for row, color in colors.items():
        low, high = block.edges(row)
        stripe = (block.x[0] - 0.012, low, block.x[0] - 0.003, high)
        stripes.setdefault(color, []).append(stripe)
    return [
        marks.outline(boxes, color=color, width=0, fill="toself", fillcolor=color)
        for color, boxes in stripes.items()
    ]


def _tokens(picture: _Picture) -> list[Trace]:
    """Each token with its id, thinned out where there are many, and a square of its colour."""
    labels, ids, output = picture.labels, picture.ids, picture.output
    apart = every(len(labels), _WRITABLE)
    shown = range(0, len(labels), apart)
    words = with_ids(labels, ids, _TOKEN_LENGTH)
    return [
        output.texts(
            _TOKEN_X[0],
            {t: words[t] for t in shown},
            color=picture.palette.text,
            size=13 if apart == 1 else 11,
            position="middle right",
            room=(_TOKEN_X[1] - _TOKEN_X[0] - 0.01, max(output.height * apart, 0.03)),
            hover=[f"{plain(labels[t])}: id {ids[t]}" for t in shown],
        ),
        marks.markers(
            [(_TOKEN_X[1], y) for y in output.line_middles],
            color=picture.colors,
            size=10 if len(labels) <= _WRITABLE else 4,
        ),
    ]


def _headings(data: EmbeddingLookup, palette: Palette, raised: float) -> list[Trace]:
    count, features = data.vectors.shape
    matrix = f"embedding matrix<br>({len(data.weights)}, {features})"
    output = f"output<br>(1, {count}, {features})"
    heads = [
        (_TOKEN_X[0], f"token, id<br>(1, {count})", palette.timesteps, 0.28),
        (_MATRIX_X[0], matrix, palette.text, 0.28),
        (_OUTPUT_X[0], output, palette.features, 0.28),
    ]
    return marks.headings(heads, y=1.008 + raised, size=13)


def _rows_moving(picture: _Picture) -> list[Moving]:
    """The veil over the rest of the output, the matrix's rows as they are read, the cursors."""
    matrix, output, palette, ids = picture.matrix, picture.output, picture.palette, picture.ids
    tops = [output.top, *output.line_lows]
    veil = marks.veil(palette, x0=_OUTPUT_X[0] - 0.004, x1=_OUTPUT_X[1] + 0.004, y0=-0.01)
    width = 5 if len(matrix.lines) <= _WRITABLE else 2
    colors = ["", *picture.colors]
    return [
        Moving(veil, lambda done: {"y1": tops[done]}),
        *matrix.reading(ids, colors=picture.colors, palette=palette, most=_WRITABLE, stripes=0.013),
        matrix.cursor(colors, width, [None, *ids]),
        output.cursor(colors, width, [None, *range(len(ids))]),
    ]


def _links(picture: _Picture) -> list[Moving]:
    """From each token to its row and on to the output; of many timesteps, at the last one only."""
    to_matrix = (_TOKEN_X[1] + 0.012, _MATRIX_X[0] - 0.075)
    to_output = (_MATRIX_X[1] + 0.006, _OUTPUT_X[0] - 0.008)
    there = [
        (picture.output.middle(t), picture.matrix.middle(row)) for t, row in enumerate(picture.ids)
    ]
    return [
        *links(picture.colors, to_matrix, there),
        *links(picture.colors, to_output, [(row, out) for out, row in there]),
    ]
