"""Gather beside multiply: rows copied, and rows that survive a product with one-hot rows."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.gather.compute import GatherOrMultiply
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated, moving, span
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.halves import halves, moving_in_second, parts_of_second, second
from seqviz.plotly_kit.labels import id_labels, plain, step_captions, with_ids
from seqviz.plotly_kit.matrix import WRITABLE, Matrix, drawn_lines, link, links
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import parts
from seqviz.readout.records import drawn_of

# The blocks of the picture, along an x axis of length 1.
_TOKEN: Final = (0.0, 0.092)
_W: Final = (0.16, 0.276)
_GATHERED: Final = (0.316, 0.432)
_RULE: Final = 0.452
_ONE_HOT: Final = (0.472, 0.622)
_FACTOR: Final = (0.662, 0.69)
_W_AGAIN: Final = (0.733, 0.849)
_PRODUCT: Final = (0.884, 1.0)
_ROWS_END: Final = 0.58  # the three token-by-token blocks stay above it, the Dense output below
_DENSE_TOP: Final = 0.40
_LABEL: Final = 0.038  # height that a token's label needs


class _Picture(NamedTuple):
    """What is drawn, and where."""

    data: GatherOrMultiply
    ids: list[int]
    labels: list[str]
    colors: list[str]
    matrix: Matrix
    again: Matrix  # the same one, as a factor of the product
    gathered: Matrix
    product: Matrix
    dense: Matrix
    palette: Palette


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
    every row of the matrix, all but the outlined one by zero.

    Args:
        data: What `compute_gather_or_multiply` made.
        tokens: The word at each timestep.
        step: Ids already looked up when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    picture = _arranged(data, tokens, palette)
    return animated(
        [
            *_values(picture),
            *second(_one_hot(picture)),
            *_rows(picture),
            *_tokens(picture),
            *_outlines(picture),
            *_headings(picture),
        ],
        halves(
            left=(-0.005, _RULE - 0.012),
            right=(_RULE + 0.002, 1.005),
            y=(-0.01, 1 + 66 / max(height - 74, 66)),
            height=height,
            named=_parts(picture),
        ),
        [
            *_unreached(picture),
            *moving_in_second(_factors(picture)),
            *picture.matrix.reading(picture.ids, colors=picture.colors, palette=palette),
            *_cursors(picture),
            *_links(picture),
        ],
        labels=step_captions(picture.labels),
        look=Look(step, palette, height, controls),
    )


def _parts(picture: _Picture) -> dict[str, Any]:
    gathered, timesteps = picture.gathered, range(1, len(picture.ids) + 1)
    return parts(
        {
            "token": gathered.beside(_TOKEN, timesteps),
            "id": gathered.beside(_TOKEN, picture.ids),
            "matrix": [picture.matrix.whole, *parts_of_second([picture.again.whole])],
            "row": [*picture.matrix.rows(), *parts_of_second(picture.again.rows())],
            "output": gathered.rows(1),
            "one_hot": parts_of_second(gathered.beside(_ONE_HOT, timesteps)),
            "product": parts_of_second(picture.product.rows(1)),
            "Dense": parts_of_second(picture.dense.rows(1)),
        }
    )


def _arranged(data: GatherOrMultiply, tokens: Sequence[str] | None, palette: Palette) -> _Picture:
    count, ids = len(data.ids), data.ids.tolist()
    lines = drawn_lines(data.rows.tolist(), len(data.weights), ids)
    matrix = Matrix.filling(lines, _W)
    gathered = Matrix(range(count), _GATHERED, min((1 - _ROWS_END) / count, 0.12))
    return _Picture(
        data=data,
        ids=ids,
        labels=id_labels(ids, tokens),
        colors=token_colors(ids),
        matrix=matrix,
        again=replace(matrix, x=_W_AGAIN),
        gathered=gathered,
        product=replace(gathered, x=_PRODUCT),
        dense=Matrix(range(count), _PRODUCT, min(_DENSE_TOP / count, 0.12), top=_DENSE_TOP),
        palette=palette,
    )


def _values(picture: _Picture) -> list[Trace]:
    data = picture.data
    limit = marks.symmetric_limit(data.weights)
    matrix, again = (
        block.values(data.weights, "W", limit=limit) for block in (picture.matrix, picture.again)
    )
    gathered, product, dense = (
        block.values(values, name, limit=limit)
        for block, values, name in (
            (picture.gathered, data.gathered, "W[ids]"),
            (picture.product, data.multiplied, "one_hot @ W"),
            (picture.dense, data.dense, "Dense"),
        )
    )
    return [
        *picture.matrix.faint_but(picture.ids, matrix, picture.palette),
        gathered,
        *second([again, product, dense]),  # a product takes every row, so none is faint
    ]


def _one_hot(picture: _Picture) -> list[Trace]:
    """Ones filled, zeros pale: 0 and 1 are written where there is room."""
    lines, palette = np.array(picture.matrix.lines), picture.palette
    count = len(picture.ids)
    hot = picture.data.one_hot[:, np.maximum(lines, 0)].astype(np.uint8)
    hot[:, lines < 0] = 0
    edges = np.linspace(*_ONE_HOT, len(lines) + 1)
    written = picture.matrix.follows(picture.ids)
    cells = {
        "type": "heatmap",
        "x": edges,
        "y": 1 - picture.gathered.height * np.arange(count, -1, -1),
        "z": hot[::-1],
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, "rgba(127,127,127,0.14)"], [1, palette.timesteps]],
        "showscale": False,
        "xgap": 1 if written else 0,
        "ygap": 1 if written else 0,
        "hoverinfo": "skip",
    }
    return [cells, *_digits(picture, hot, edges)] if written else [cells]


def _digits(picture: _Picture, hot: NDArray[np.uint8], edges: NDArray[np.floating]) -> list[Trace]:
    """0 and 1 in their cells, and below each column the number of its row of the matrix."""
    lines, muted = np.array(picture.matrix.lines), picture.palette.muted
    middles = ((edges[:-1] + edges[1:]) / 2).tolist()
    room = (float(edges[1] - edges[0]), picture.gathered.height)
    ys = picture.gathered.line_middles

    def said(word: str, cells: NDArray[np.intp], color: str) -> Trace:
        xs = [middles[column] for _, column in cells.tolist()]
        heights = [ys[t] for t, _ in cells.tolist()]
        return marks.texts(xs, heights, [word] * len(xs), color=color, room=room)

    folds = np.broadcast_to(lines < 0, hot.shape)
    named = np.flatnonzero(lines >= 0).tolist()
    return [
        said("0", np.argwhere(~folds & (hot == 0)), muted),
        said("<b>1</b>", np.argwhere(hot == 1), picture.palette.background),
        said("…", np.argwhere(folds.T)[:, ::-1], muted),
        marks.texts(
            [middles[k] for k in named],
            [ys[-1] - room[1] / 2 - 0.03] * len(named),
            [str(lines[k]) for k in named],
            color=muted,
            size=11,
            room=(room[0], 0.05),
        ),
    ]


def _rows(picture: _Picture) -> list[Trace]:
    """Outline the rows that are read on the left, if frames do not, and number both matrices."""
    matrix, palette = picture.matrix, picture.palette
    color_of = dict(zip(picture.ids, picture.colors, strict=True))
    named = matrix.numbered(color_of)
    left = [palette.text if row in color_of else palette.muted for row in named]
    outlined = not matrix.follows(picture.ids) and len(matrix.lines) <= WRITABLE

    def numbered(block: Matrix, color: str | Sequence[str]) -> list[Trace]:
        # Of three digits there is no room on a phone: the tokens say the ids.
        numbers = block.numbers(named, color=color, room=(0.035, max(block.height, 0.03)))
        return [numbers, block.folds(palette)]

    return [
        *(matrix.outlined(color_of) if outlined else []),
        *numbered(matrix, left),
        *second([*numbered(picture.again, palette.muted), _zeros(picture, named), _plus(picture)]),
    ]


def _zeros(picture: _Picture, named: Sequence[int]) -> Trace:
    """What every row is multiplied by, left of it, but for the one that `_factors` covers."""
    again = picture.again
    folds = [y for line, y in zip(again.lines, again.line_middles, strict=True) if line < 0]
    ys = [*(again.middle(row) for row in named), *folds]
    return marks.texts(
        [sum(_FACTOR) / 2] * len(ys),
        ys,
        ["×0"] * len(ys),
        color=picture.palette.muted,
        room=(_FACTOR[1] - _FACTOR[0], max(again.height, 0.03)),
    )


def _plus(picture: _Picture) -> Trace:
    """Between each two rows: what they give is added up."""
    again = picture.again
    edges = again.line_lows[:-1]
    return marks.texts(
        [_W_AGAIN[1] + 0.014] * len(edges),
        edges,
        ["+"] * len(edges),
        color=picture.palette.muted,
        room=(_PRODUCT[0] - _W_AGAIN[1], again.height),
    )


def _tokens(picture: _Picture) -> list[Trace]:
    """Each token with its id, thinned out where there are many, and a square of its colour."""
    labels, ids, output = picture.labels, picture.ids, picture.gathered
    apart = max(1, math.ceil(_LABEL / output.height))
    shown = range(0, len(labels), apart)
    words = with_ids(labels, ids, 8)
    return [
        output.texts(
            _TOKEN[0],
            {t: words[t] for t in shown},
            color=picture.palette.text,
            size=13 if apart == 1 else 10,
            position="middle right",
            room=(_TOKEN[1] - _TOKEN[0], max(output.height * apart, 0.03)),
            hover=[f"{plain(labels[t])}: id {ids[t]}" for t in shown],
        ),
        marks.markers(
            [(_TOKEN[1], y) for y in output.line_middles],
            color=picture.colors,
            size=9 if len(labels) <= WRITABLE else 3,
        ),
    ]


def _outlines(picture: _Picture) -> list[Trace]:
    """A token's colour around its row of each output, where that is thick enough."""
    if picture.gathered.height * 330 <= 8:
        return []

    def outlined(*outputs: Matrix) -> list[Trace]:
        return [
            marks.outline([block.box(t) for block in outputs], color=color)
            for t, color in enumerate(picture.colors)
        ]

    return [*outlined(picture.gathered), *second(outlined(picture.product, picture.dense))]


def _headings(picture: _Picture) -> list[Trace]:
    palette = picture.palette
    count, features = picture.data.gathered.shape
    # The first token stands out above a row that is thinner than its letters.
    ids_at = 1 + max((_LABEL - picture.gathered.height) / 2, 0)
    size = len(picture.data.weights)
    out = f"({count}, {features})"
    ids = [(_TOKEN[0], f"ids<br>({count},)", palette.timesteps, 0.12)]
    copied = [
        (_W[0], f"W<br>({size}, {features})", palette.text, 0.13),
        (_GATHERED[0], f"W[ids]<br>{out}", palette.features, 0.13),
    ]
    multiplied = [
        (_ONE_HOT[0], f"one_hot(ids)<br>({count}, {size})", palette.timesteps, 0.19),
        (_W_AGAIN[0], f"@ W<br>({size}, {features})", palette.text, 0.13),
        (_PRODUCT[0], f"product<br>{out}", palette.features, 0.115),
    ]
    through_dense = [(_PRODUCT[0], f"Dense<br>{out}", palette.features, 0.115)]
    gather = (_TOKEN[0], "<b>Gather: copy rows</b>", palette.text, 0.43)
    multiply = (_ONE_HOT[0], "<b>Multiply: every row × 0 or 1, then add</b>", palette.text, 0.52)
    at = 1 + 42 / 336
    note = marks.texts(
        [_ONE_HOT[0]],
        [_DENSE_TOP - 0.1],
        [
            f"Dense({features},<br>use_bias=False)<br>on one_hot(ids),<br>"
            "W as its kernel:<br>the same product →"
        ],
        color=palette.muted,
        position="middle right",
        room=(_FACTOR[0] + 0.01 - _ONE_HOT[0], 0.4),
    )
    rule = marks.segments([(_RULE, 0, _RULE, 1.2)], color=palette.muted, width=1, dash="dot")
    return [
        *marks.headings(ids, y=ids_at + 0.008),
        *marks.headings(copied, y=1.008),
        *marks.headings([gather], y=at, size=14),
        rule,
        *second(
            [
                *marks.headings(multiplied, y=1.008),
                *marks.headings(through_dense, y=_DENSE_TOP + 0.008),
                *marks.headings([multiply], y=at, size=14),
                note,
            ]
        ),
    ]


def _unreached(picture: _Picture) -> list[Moving]:
    """Veils over the rows of the outputs and of the one-hot matrix that are not reached yet."""

    def veil(x: tuple[float, float], rows: Matrix, bottom: float) -> Moving:
        look = marks.veil(picture.palette, x0=x[0] - 0.004, x1=x[1] + 0.004)
        return moving(look, [(bottom, top) for top in (rows.top, *rows.line_lows)])

    rows = picture.gathered
    bottom = rows.line_lows[-1] - 0.005
    wide = (_PRODUCT[0], 1.0)
    return [
        veil(_GATHERED, rows, bottom),
        *moving_in_second(
            [
                veil(_ONE_HOT, rows, bottom),
                veil(wide, rows, bottom),
                veil(wide, picture.dense, -0.005),
            ]
        ),
    ]


def _factors(picture: _Picture) -> list[Moving]:
    """The 1 of the row that is multiplied by it.

    Before the first id nothing is multiplied: so the zeros are covered.
    """
    again, palette = picture.again, picture.palette
    read = [again.edges(row) for row in picture.ids]
    column = marks.veil(palette, x0=_FACTOR[0], x1=_FACTOR[1])
    opaque = {**column, "opacity": 1}
    label = {"text": "<b>×1</b>", "font": {"size": 13, "color": palette.text}}
    # As high as its letters, also where a row is thinner.
    thin = max(_LABEL - again.height, 0) / 2
    ones = [(low - thin, high + thin) for low, high in read]
    return [
        moving(opaque, [(-0.01, 1.01), *[None] * len(read)]),
        moving({**opaque, "label": label}, [None, *ones]),
    ]


def _cursors(picture: _Picture) -> list[Moving]:
    """Around the row that is read, what becomes of it, and its 1."""
    lines = picture.matrix.lines
    border = 4 if len(lines) <= WRITABLE else 2
    rows = [None, *picture.ids]
    timesteps = [None, *range(len(picture.ids))]
    width = (_ONE_HOT[1] - _ONE_HOT[0]) / len(lines)
    columns = {row: _ONE_HOT[0] + width * k for k, row in enumerate(lines)}
    colors = ["", *picture.colors]

    def one(done: int) -> Shape:
        x = columns[picture.ids[max(done - 1, 0)]]
        return {
            "x0": x,
            "x1": x + width,
            **span(picture.gathered.edges(done - 1) if done else None),
        }

    return [
        picture.matrix.cursor(colors, border, rows),
        picture.gathered.cursor(colors, border, timesteps),
        *moving_in_second(
            [
                picture.again.cursor(colors, border, rows),
                picture.product.cursor(colors, border, timesteps),
                picture.dense.cursor(colors, border, timesteps),
                Moving(marks.cursor(picture.palette.text, 3), one),
            ]
        ),
    ]


def _links(picture: _Picture) -> list[Moving]:
    """From each id to its row and on to the output.

    Beside the product only of the step that is shown: at every step another row is multiplied by 1,
    and a line of before would end at a 0.
    """
    there = [
        (picture.gathered.middle(t), picture.matrix.middle(row))
        for t, row in enumerate(picture.ids)
    ]
    back = [(row, output) for output, row in there]
    copied = (
        ((_TOKEN[1] + 0.01, _W[0] - 0.03), there),
        ((_W[1] + 0.006, _GATHERED[0] - 0.006), back),
    )
    multiplied = (
        ((_ONE_HOT[1] + 0.006, _FACTOR[0]), there),
        ((_W_AGAIN[1] + 0.006, _PRODUCT[0] - 0.006), back),
    )
    colors = ["", *picture.colors]
    return [
        *(move for x, ends in copied for move in links(picture.colors, x, ends)),
        *moving_in_second(link(colors, x, [None, *ends]) for x, ends in multiplied),
    ]
