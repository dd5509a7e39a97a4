"""A matrix in a picture: which of its rows are drawn, where, and what lies on them.

All coordinates are in axis units; most pictures run from 0 to 1 both ways.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Moving, moving
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import Palette
from seqviz.plotly_kit.parts import Boxes, numbered

WRITABLE: Final = 20  # lines up to which numbers are written into cells
_LINKED: Final = 8  # timesteps up to which every link stays drawn
_DIMMED: Final = 0.6  # opacity of what lies over a row that is not looked up, or not yet


def drawn_lines(
    rows: Sequence[int], size: int, ids: Sequence[int], *, most: int = WRITABLE
) -> list[int]:
    """Rows from the top down; without folds, or even unused rows, where there are many.

    Args:
        rows: As `seqviz.readout.rows.rows_to_draw` gives them, ``-n`` being a fold of `n` rows.
        size: Rows of the matrix.
        ids: Rows that are used.
        most: Lines up to which there are folds.
    """
    if len(rows) <= most:
        return list(rows)
    needed = {0, size - 1, *ids}
    return [row for row in rows if row >= 0 and (len(needed) <= most or row in needed)]


def left_out(rows: Sequence[int], size: int, ids: Sequence[int], *, most: int = WRITABLE) -> int:
    """How many rows `drawn_lines` leaves out without a fold that says so."""
    lines = drawn_lines(rows, size, ids, most=most)
    return 0 if min(lines) < 0 else size - len(lines)


def every(count: int, most: int) -> int:
    """The step that thins `count` labels out to at most `most` or so: 1 where all have room."""
    return 1 + count // (most + 1)


@dataclass(frozen=True)
class Matrix:
    """Where the lines of a matrix are, from the top down.

    Attributes:
        lines: What each line shows: a row by its index, or ``-n`` for `n` rows in one fold.
        x: Left and right edge.
        height: Of a line.
        top: Upper edge of the first line.
    """

    lines: Sequence[int]
    x: tuple[float, float]
    height: float
    top: float = 1.0

    @classmethod
    def filling(cls, lines: Sequence[int], x: tuple[float, float]) -> "Matrix":
        """Lines that share the height from 1 down to 0."""
        return cls(lines, x, 1 / max(len(lines), 1))

    @property
    def width(self) -> float:
        """From the left edge to the right one."""
        return self.x[1] - self.x[0]

    @property
    def center(self) -> float:
        """The middle between left and right."""
        return sum(self.x) / 2

    @cached_property
    def line_lows(self) -> list[float]:
        """Lower edge of each line, folds included."""
        return [self.top - self.height * (k + 1) for k in range(len(self.lines))]

    @cached_property
    def line_middles(self) -> list[float]:
        """Half-way up each line, folds included."""
        return [low + self.height / 2 for low in self.line_lows]

    @cached_property
    def lows(self) -> dict[int, float]:
        """Lower edge of each row that is drawn, by its index."""
        return {row: low for row, low in zip(self.lines, self.line_lows, strict=True) if row >= 0}

    def middle(self, row: int) -> float:
        """Half-way up a row."""
        return self.lows[row] + self.height / 2

    def edges(self, row: int) -> tuple[float, float]:
        """Lower and upper edge of a row."""
        low = self.lows[row]
        return low, low + self.height

    def box(self, row: int) -> Box:
        """All of a row."""
        low, high = self.edges(row)
        return self.x[0], low, self.x[1], high

    @property
    def whole(self) -> Boxes:
        """All of it, as a part of a picture."""
        return Boxes((self.x[0], self.line_lows[-1], self.x[1], self.top))

    def rows(self, first: int = 0) -> list[Boxes]:
        """Its rows as parts of a picture, numbered by their index from `first`."""
        return numbered((row + first, self.box(row)) for row in self.lows)

    def beside(self, x: tuple[float, float], numbers: Sequence[int]) -> list[Boxes]:
        """What stands at `x` on the height of each of its rows, numbered as said."""
        edges = map(self.edges, self.lows)
        return numbered(
            (number, (x[0], low, x[1], high))
            for number, (low, high) in zip(numbers, edges, strict=True)
        )

    def heatmap(
        self,
        values: NDArray[np.floating],
        *,
        limit: float,
        hover: str,
        written: bool,
        indexed: bool = False,
        **more: Any,
    ) -> Trace:
        """Draw the cells of the rows; a fold is a line without cells.

        Args:
            values: ``(rows, features)`` of the whole matrix; NaN where there is no cell.
            limit: Values from ``-limit`` to ``+limit`` span the colour scale.
            hover: Hover template.
            written: Whether the values are written into the cells.
            indexed: Whether the template asks for ``%{customdata}``, a cell's row and feature.
            more: As `marks.heatmap` takes it.
        """
        features = values.shape[1]
        lines = np.array(self.lines, int)
        drawn = np.array(values[lines], np.float32)  # -n is some row, since fewer are in a fold
        drawn[lines < 0] = np.nan
        indices = (
            [[f"{row}, {f}" for f in range(features)] for row in reversed(self.lines)]
            if indexed
            else None
        )
        return marks.heatmap(
            drawn[::-1],
            limit=limit,
            cell=(self.width / features, self.height) if written else None,
            gap=1 if written else 0,
            hover=hover,
            customdata=indices,
            x=np.linspace(*self.x, features + 1),
            y=self.top - self.height * np.arange(len(lines), -1, -1),
            **more,
        )

    def values(
        self,
        values: NDArray[np.floating],
        name: str,
        *,
        limit: float,
        most: int = WRITABLE,
    ) -> Trace:
        """As `heatmap`, with the values written if there are few, and named where they are."""
        written = len(self.lines) <= most and values.shape[1] <= most / 2
        hover = name + "[%{customdata}] = %{z:.6f}<extra></extra>" if written else name
        return self.heatmap(values, limit=limit, hover=hover, written=written, indexed=written)

    def numbered(self, used: Collection[int], *, most: int = WRITABLE) -> list[int]:
        """Rows with room for a number beside them: of more than `most` lines the used ones.

        Those are thinned out, since a label needs about 13 pixels.
        """
        rows = [row for row in self.lows if len(self.lines) <= most or row in used]
        return rows[:: every(len(rows), most)]

    def texts(self, x: float, words: dict[int, str], **style: Any) -> Trace:
        """Words at the height of their rows, by row; `style` as `marks.texts` takes it."""
        ys = [self.middle(row) for row in words]
        return marks.texts([x] * len(ys), ys, list(words.values()), **style)

    def numbers(
        self,
        rows: Sequence[int],
        *,
        color: str | Sequence[str],
        room: tuple[float, float],
        gap: float = 0.008,
    ) -> Trace:
        """Write the index of each row left of the matrix."""
        words = {row: str(row) for row in rows}
        x = self.x[0] - gap
        return self.texts(x, words, color=color, size=11, position="middle left", room=room)

    def folds(
        self,
        palette: Palette,
        says: str = "⋮ {:,} more ⋮",
        *,
        size: int = 11,
        room: tuple[float, float] | None = None,
    ) -> Trace:
        """Say in each fold how many rows it holds; `room` is the matrix's width if None."""
        folds = [(-n, y) for n, y in zip(self.lines, self.line_middles, strict=True) if n < 0]
        return marks.texts(
            [self.center] * len(folds),
            [y for _, y in folds],
            [says.format(hidden) for hidden, _ in folds],
            color=palette.muted,
            size=size,
            room=room or (self.width, 1),
        )

    def faint_but(
        self, used: Collection[int], cells: Trace, palette: Palette
    ) -> tuple[Trace, Trace]:
        """The cells that `heatmap` drew, and what makes the rows faint that are not used.

        A cover would take numbers along, so that they could not be read: where there are any, these
        rows are drawn apart.
        """
        if "textfont" not in cells:
            return cells, self._cover(used, palette)
        is_used = np.isin(self.lines[::-1], list(used))[:, None]
        seen, rest = (
            {**cells, "z": np.where(rows, cells["z"], np.float32(np.nan))}
            for rows in (is_used, ~is_used)
        )
        return seen, marks.faint(rest, palette)

    def _cover(self, used: Collection[int], palette: Palette) -> Trace:
        return marks.outline(
            [self.box(row) for row in self.lows if row not in used],
            color=palette.background,
            width=0,
            fill="toself",
            fillcolor=palette.background,
            opacity=_DIMMED,
        )

    def outlined(self, colors: dict[int, str], *, width: float = 2) -> list[Trace]:
        """Outline rows, given by their colours, as far as they are drawn."""
        drawn = {row: color for row, color in colors.items() if row in self.lows}
        return [
            marks.outline([self.box(row)], color=color, width=width) for row, color in drawn.items()
        ]

    def cursor(
        self, color: str | Sequence[str], width: float, rows: Sequence[int | None]
    ) -> Moving:
        """The shape around the row of each step, and nowhere where that is None.

        Args:
            color: Of all steps, or of each.
            width: Of its line, in pixels.
            rows: The row at each step.
        """
        look = marks.cursor(
            color if isinstance(color, str) else "", width, x0=self.x[0], x1=self.x[1]
        )
        return _colored(look, [None if row is None else self.edges(row) for row in rows], color)

    def follows(self, ids: Sequence[int], *, most: int = WRITABLE) -> bool:
        """Whether frames move a cover and an outline for each row: up to `most` ids and lines.

        Frames would else grow with timesteps times rows.
        """
        return max(len(ids), len(self.lines)) <= most

    def reading(
        self,
        ids: Sequence[int],
        *,
        colors: Sequence[str],
        palette: Palette,
        most: int = WRITABLE,
        stripes: float = 0.0,
    ) -> list[Moving]:
        """Dim each used row until an id reads it, and outline it from then on.

        Args:
            ids: The row each timestep reads: timestep t at step t + 1.
            colors: Of each timestep's token.
            palette: Of the picture.
            most: As `follows` takes it. Where it is False one cover is over all below the lowest
                row that was read.
            stripes: How far left of the matrix that one cover reaches, over what stands for outlines.
        """
        across = {"x0": self.x[0], "x1": self.x[1]}
        cover = {**marks.veil(palette, **across), "opacity": _DIMMED}
        if not self.follows(ids, most=most):
            lows = [self.lows.get(i, 0.0) for i in ids]
            lowest = np.minimum.accumulate([1.0, *lows]).tolist()
            look = {**cover, "x0": self.x[0] - stripes, "y0": -0.01}
            return [Moving(look, lambda done: {"y1": lowest[done]})]
        # Each used row, and the timestep that reads it first.
        first = {row: t for t, row in reversed(list(enumerate(ids))) if row in self.lows}

        steps = range(len(ids) + 1)

        def until(row: int, t: int) -> Moving:
            edges = self.edges(row)
            return moving(cover, [edges if done <= t else None for done in steps])

        def since(row: int, t: int) -> Moving:
            edges = self.edges(row)
            outline = marks.cursor(colors[t], 2.5, **across)
            return moving(outline, [edges if done > t else None for done in steps])

        covers = [until(row, t) for row, t in first.items()]
        return [*covers, *(since(row, t) for row, t in first.items())]


def link(
    color: str | Sequence[str],
    x: tuple[float, float],
    ends: Sequence[tuple[float, float] | None],
) -> Moving:
    """A line between rows of two matrices.

    Args:
        color: Of the line, at all steps or at each.
        x: Where it begins and where it ends.
        ends: The heights of both at each step; None where there is no line.
    """
    line = {"color": color if isinstance(color, str) else "", "width": 2}
    return _colored({"type": "line", "line": line, "x0": x[0], "x1": x[1]}, ends, color)


def links(
    colors: Sequence[str],
    x: tuple[float, float],
    ends: Sequence[tuple[float, float]],
) -> list[Moving]:
    """Lines between rows of two matrices, one more at each step; of many steps only the newest.

    Args:
        colors: Of each step's line, from the first on: step 0 has none.
        x: Where they begin and where they end.
        ends: The heights of both.
    """
    if len(ends) > _LINKED:
        return [link(["", *colors], x, [None, *ends])]
    count = len(ends)
    return [
        link(color, x, [None] * (t + 1) + [both] * (count - t))
        for t, (color, both) in enumerate(zip(colors, ends, strict=True))
    ]


def _colored(
    shape: Shape, edges: Sequence[tuple[float, float] | None], color: str | Sequence[str]
) -> Moving:
    """A shape that moves up and down, and takes the colour of each step if it is given many."""
    still = moving(shape, edges)
    if isinstance(color, str):
        return still
    # The line as a whole: a frame replaces it.
    return Moving(
        shape, lambda k: {**still.at(k), "line": {**shape["line"], "color": color[k] or color[-1]}}
    )
