"""An Embedding layer from the inside: its few lines of code, and what each of them makes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.layer.compute import LayerParts, LayerStep
from seqviz.plotly_kit import fitting, marks
from seqviz.plotly_kit.animation import Look, Moving, animated, moving, still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_labels, plain, shorten
from seqviz.plotly_kit.matrix import WRITABLE, Matrix, drawn_lines, every, link
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import parts
from seqviz.readout.records import drawn_of
from seqviz.wording import counted

_LINKED: Final = 8  # timesteps up to which there are links
_STEPS: Final = ("made", "build", "cast", "take", "mask")
_TAKE: Final = 3
# The lines of code that run at each step: the head of the function, and the line itself.
_RUNNING: Final = (None, (0, 1), (2, 3), (2, 4), (5, 6))
_STEP_FEATURES: Final = 4  # numbers are written up to it: no player fits this picture's text
_CODE_CHARACTERS: Final = 50  # of the longest line, a little more for being monospaced

# The blocks under the code, along an x axis of length 1.
_TOKEN: Final = 0.0
_GIVEN: Final = (0.125, 0.195)
_IDS: Final = (0.25, 0.31)
_MATRIX: Final = (0.39, 0.66)
_OUTPUT: Final = (0.725, 0.995)
_BEFORE_MASK: Final = (0.71, 0.875)
_MASK: Final = (0.91, 0.998)


class _Picture(NamedTuple):
    """What is drawn, and where."""

    data: LayerParts
    labels: list[str]
    colors: list[str]
    matrix: Matrix
    output: Matrix  # its lines are those of tokens, ids and mask as well
    palette: Palette


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
    picture = _arranged(data, tokens, palette)
    # Pixels: a line of code takes 17; what is below has headings of two lines.
    share = 17 * len(code) / (height - 8)
    top = 1 + 44 / ((1 - share) * (height - 8) - 52)
    bottom = -0.012 if len(picture.labels) <= WRITABLE else -0.03
    layout = marks.framed(
        x=(-0.005, 1.005),
        y=(bottom, top),
        yaxis2=marks.bare_axis(-len(code), 0, domain=[1 - share, 1], anchor="x"),
        **parts(
            {
                "id": picture.output.beside((_GIVEN[0], _IDS[1]), data.ids.tolist()),
                "matrix": picture.matrix.whole,
                "row": picture.matrix.rows(),
                "output": picture.output.rows(1),
                "mask": [] if data.mask is None else replace(picture.output, x=_MASK).rows(1),
            }
        ),
    )
    layout["yaxis"]["domain"] = [0, 1 - share - 0.02]
    return animated(
        [
            *_values(picture),
            *_columns(picture),
            *_rows(picture),
            *_headings(data, palette),
            *_code(code, data, palette),
        ],
        layout,
        [*_unmade(picture), *_running(picture), *_taken(picture), *_links(picture)],
        labels=_STEPS[: _step_count(data)],
        look=Look(step, palette, height, controls),
    )


def _arranged(data: LayerParts, tokens: Sequence[str] | None, palette: Palette) -> _Picture:
    count, ids = len(data.ids), data.ids.tolist()
    return _Picture(
        data=data,
        labels=id_labels(ids, tokens),
        colors=token_colors(ids),
        matrix=Matrix.filling(drawn_lines(data.rows.tolist(), len(data.weights), ids), _MATRIX),
        output=Matrix(range(count), _output_x(data), min(1 / count, 0.14)),
        palette=palette,
    )


def _output_x(data: LayerParts) -> tuple[float, float]:
    return _OUTPUT if data.mask is None else _BEFORE_MASK


def _step_count(data: LayerParts) -> int:
    return len(_STEPS) - (data.mask is None)


def _values(picture: _Picture) -> list[Trace]:
    data = picture.data
    limit = marks.symmetric_limit(data.weights)
    return [
        picture.matrix.values(data.weights, "W", limit=limit),
        picture.output.values(data.output, "output", limit=limit),
    ]


def _columns(picture: _Picture) -> list[Trace]:
    """The columns of tokens, given ids, cast ids and mask, thinned out where there are many."""
    data, labels, output, palette = picture.data, picture.labels, picture.output, picture.palette
    apart = every(len(labels), WRITABLE - 5)
    shown = range(0, len(labels), apart)
    # Each in the middle of those it stands for, so that the first is clear of the heading.
    middles = [output.middle(t) - output.height * (apart - 1) / 2 for t in shown]
    room = max(output.height * apart, 0.04)
    size = 13 if apart == 1 else 10
    traces = [
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
    ]
    for x, values, color in (
        (_GIVEN, data.given, palette.timesteps),
        (_IDS, data.ids, palette.timesteps),
        (_MASK, data.mask, palette.muted),
    ):
        if values is None:
            continue
        column = replace(output, x=x)
        words = [str(value) for value in values.tolist()[::apart]]
        traces.append(
            marks.texts(
                [column.center] * len(shown),
                middles,
                words,
                color=palette.text,
                size=size,
                room=(column.width, room),
            )
        )
        if apart == 1:
            boxes = map(column.box, column.lines)
            traces.append(marks.outline(boxes, color=color, width=1.5))
    if apart == 1:
        return [*traces, *output.outlined(dict(enumerate(picture.colors)), width=2.5)]
    says = (_TOKEN, f"one in<br>{apart} tokens", palette.muted, _GIVEN[0] - 0.005)
    return [*traces, *marks.headings([says])]


def _rows(picture: _Picture) -> list[Trace]:
    """The numbers of the matrix's rows, and of those in its folds."""
    matrix, palette = picture.matrix, picture.palette
    named = matrix.numbered(picture.data.ids.tolist())
    room = (0.06, max(matrix.height, 0.04))
    return [matrix.numbers(named, color=palette.muted, room=room), matrix.folds(palette)]


def _headings(data: LayerParts, palette: Palette) -> list[Trace]:
    count, features = data.output.shape
    headings = [
        (_GIVEN[0], f"ids given<br>{data.given.dtype}", palette.timesteps, 0.15),
        (_IDS[0], "cast<br>int32", palette.timesteps, 0.12),
        (_MATRIX[0], f"matrix self.W<br>({len(data.weights)}, {features})", palette.text, 0.3),
        (_output_x(data)[0], f"output<br>({count}, {features})", palette.features, 0.2),
    ]
    if data.mask is not None:
        headings.append((_MASK[0], f"mask<br>({count},)", palette.muted, 0.1))
    return marks.headings(headings)


def _code(code: Sequence[str], data: LayerParts, palette: Palette) -> list[Trace]:
    """The lines of code, and beside some of them what they do."""
    places = [-k - 0.5 for k in range(len(code))]
    lines = marks.texts(
        [0.008] * len(code),
        places,
        [plain(line).replace(" ", "\u00a0") for line in code],
        color=palette.text,
        position="middle right",
    )
    lines["textfont"]["family"] = "monospace"
    lines["meta"] = fitting.of_characters((0.99, 1.4), _CODE_CHARACTERS, marks.VALUE_SIZE)
    size, features = data.weights.shape
    says = {
        1: f"makes the matrix: {size} × {features} = {size * features:,} numbers",
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
    )
    # On a phone the code takes the whole width: then they are to be hidden.
    comments["meta"] = fitting.of_words((0.37, 1.4), comments["text"], marks.VALUE_SIZE)
    return [lines | {"yaxis": "y2"}, comments | {"yaxis": "y2"}]


def _unmade(picture: _Picture) -> list[Moving]:
    """Over matrix, cast ids, output and mask, until the step that makes each."""
    edges = (min(picture.output.line_lows[-1], 0.0) - 0.012, 1.008)
    steps = _step_count(picture.data)
    mask = [] if picture.data.mask is None else [_MASK]
    return [
        moving(
            {**marks.veil(picture.palette, x0=left - 0.012, x1=right + 0.012), "opacity": 1},
            [edges if step < made else None for step in range(steps)],
        )
        for made, (left, right) in enumerate(
            # The numbers of the rows stand left of the matrix.
            ((_MATRIX[0] - 0.04, _MATRIX[1]), _IDS, picture.output.x, *mask),
            start=1,
        )
    ]


def _running(picture: _Picture) -> list[Moving]:
    """Light on the head of the function that runs, and on the line that does."""
    light = {**marks.light(picture.palette.hidden), "x0": 0, "x1": 1, "yref": "y2"}
    running = _RUNNING[: _step_count(picture.data)]
    return [
        moving(light, [lines and (-lines[which] - 1, -lines[which]) for lines in running])
        for which in (0, 1)
    ]


def _taken(picture: _Picture) -> list[Moving]:
    """Around each row that is copied, in its token's colour."""
    ids, matrix = picture.data.ids.tolist(), picture.matrix
    if not matrix.follows(ids):
        return []
    steps = range(_step_count(picture.data))
    taken = dict(zip(ids, picture.colors, strict=True))
    return [
        matrix.cursor(color, 2.5, [row if step >= _TAKE else None for step in steps])
        for row, color in taken.items()
        if row in matrix.lows
    ]


def _links(picture: _Picture) -> list[Moving]:
    """From given to cast ids, from there to the rows, and on to the output."""
    if len(picture.labels) > _LINKED:
        return []
    steps = range(_step_count(picture.data))

    def since(first: int, ends: tuple[float, float]) -> list[tuple[float, float] | None]:
        return [ends if step >= first else None for step in steps]

    heights = picture.output.line_middles
    rows = map(picture.matrix.middle, picture.data.ids.tolist())
    cast = (_GIVEN[1] + 0.006, _IDS[0] - 0.006)
    take = (_IDS[1] + 0.006, _MATRIX[0] - 0.035)
    give = (_MATRIX[1] + 0.006, picture.output.x[0] - 0.008)
    links = [link(picture.palette.text, cast, since(2, (y, y))) for y in heights]
    for color, y, row in zip(picture.colors, heights, rows, strict=True):
        links += [
            link(color, take, since(_TAKE, (y, row))),
            link(color, give, since(_TAKE, (row, y))),
        ]
    return links


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
    limit = marks.symmetric_limit(data.before, data.stepped, data.after)
    written = len(lines) <= WRITABLE and features <= _STEP_FEATURES
    traces: list[Trace] = []
    for k, (title, values) in enumerate(
        (
            ("before", data.before),
            ("after SGD alone", data.stepped),
            ("with constraint", data.after),
        )
    ):
        left = 0.04 + 0.335 * k
        matrix = Matrix.filling(lines, (left, left + 0.215))
        hover = "%{z:.6f}<extra></extra>"
        cells = matrix.heatmap(values, limit=limit, hover=hover, written=written)
        if written:
            cells["textfont"]["size"] = 11  # fits a phone
        traces += [
            cells,
            *marks.headings([(left, f"<b>{title}</b>", palette.text, 0.21)]),
            _column_norms(matrix, values, palette, written=written),
            marks.texts(
                [matrix.center],
                [-0.125],
                ["norms of columns"],
                color=palette.cell,
                size=11,
                room=(matrix.width + 0.06, 0.08),
            ),
        ]
        if len(lines) <= WRITABLE:
            traces += _row_norms(matrix, values, data.looked_up, palette)
    return still(traces, marks.framed(x=(-0.005, 1.005), y=(-0.17, 1.1)), palette, height)


def _column_norms(
    matrix: Matrix, values: NDArray[np.floating], palette: Palette, *, written: bool
) -> Trace:
    """Under each column its norm, or under all of them from which to which they go."""
    norms = np.linalg.norm(values, axis=0)
    column = matrix.width / len(norms)
    xs = [matrix.x[0] + column * (f + 0.5) for f in range(len(norms))]
    words = [f"{norm:.2f}" for norm in norms]
    if not written:
        xs, words = [matrix.center], [f"{norms.min():.2f} … {norms.max():.2f}"]
    ys = [-0.045] * len(xs)
    return marks.texts(xs, ys, words, color=palette.cell, size=11, room=(column, 0.08))


def _row_norms(
    matrix: Matrix, values: NDArray[np.floating], looked_up: Collection[int], palette: Palette
) -> list[Trace]:
    """Outline the rows looked up; left of each row its number, right of it its norm."""
    rows = list(matrix.lows)
    norms = np.linalg.norm(values[rows], axis=1)
    high = max(matrix.height, 0.04)
    used = [matrix.box(row) for row in rows if row in looked_up]
    return [
        marks.outline(used, color=palette.text),
        matrix.numbers(rows, color=palette.muted, room=(0.034, high), gap=0.006),
        matrix.texts(
            matrix.x[1] + 0.006,
            {row: f"{norm:.2f}" for row, norm in zip(rows, norms, strict=True)},
            color=palette.features,
            size=11,
            position="middle right",
            room=(0.07, high),
        ),
        *marks.headings([(matrix.x[1] + 0.006, "norm", palette.features, 0.09)], size=11),
    ]
