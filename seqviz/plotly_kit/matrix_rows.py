"""Which rows of a matrix a picture draws, and where."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.figure import Shape
from seqviz.plotly_kit.palette import Palette

DIMMED: Final = 0.6  # opacity of what lies over a row that was not looked up
_OUTSIDE: Final = -9.0  # below the axis: where a shape is put that is not to be seen
WRITABLE: Final = 20  # lines up to which numbers are written into cells


def drawn_lines(
    rows: Sequence[int], size: int, ids: Sequence[int], *, most: int = WRITABLE
) -> list[int]:
    """Rows from the top down; without folds, or even unused rows, where there are many.

    Args:
        rows: As `seqviz.lessons.embedding.compute.rows_to_draw` gives them, ``-n`` being a fold of `n` rows.
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


def lower_edges(lines: Sequence[int]) -> dict[int, float]:
    """Lower edge of each row that is drawn, by its index, between 1 and 0 from the top down."""
    return {row: 1 - (k + 1) / len(lines) for k, row in enumerate(lines) if row >= 0}


def place_at(shown: bool, y0: float, y1: float) -> dict[str, Any]:
    """Where a shape is put that is to be seen, or not."""
    # Not `visible`: without a redraw plotly.js 4.2 keeps on screen what becomes invisible.
    return {"y0": y0, "y1": y1} if shown else {"y0": _OUTSIDE, "y1": _OUTSIDE}


def reading(
    ids: Sequence[int],
    low_of: dict[int, float],
    high: float,
    *,
    x: tuple[float, float],
    colors: Sequence[str],
    palette: Palette,
    followed: bool,
    stripes: float = 0.0,
) -> tuple[list[Shape], Callable[[int], list[dict[str, Any]]]]:
    """Dim each used row of a matrix until an id reads it, and outline it from then on.

    Args:
        ids: The row each timestep reads.
        low_of: Lower edge of each row that is drawn.
        high: Height of a row.
        x: Left and right edge of the matrix.
        colors: Of each timestep's token.
        palette: Of the picture.
        followed: Whether there is a cover and an outline for each row. Frames would grow with
            timesteps times rows: else one cover is over all below the lowest row that was read.
        stripes: How far left of the matrix that one cover reaches, over what stands for outlines.

    Returns:
        What the shapes look like; and where they are after so many timesteps.
    """
    across = {"x0": x[0], "x1": x[1]}
    cover = {**marks.veil(palette, **across), "opacity": DIMMED}
    if not followed:
        lows = [low_of.get(i, 0.0) for i in ids]
        lowest = np.minimum.accumulate([1.0, *lows]).tolist()
        return [{**cover, "x0": x[0] - stripes, "y0": -0.01}], lambda done: [{"y1": lowest[done]}]
    # Each used row, and the timestep that reads it first.
    first = {row: t for t, row in reversed(list(enumerate(ids))) if row in low_of}
    outlines = [marks.cursor(colors[t], 2.5, **across) for t in first.values()]

    def moves(done: int) -> list[dict[str, Any]]:
        rows = [(t < done, low_of[row], low_of[row] + high) for row, t in first.items()]
        return [
            *(place_at(not read, *edges) for read, *edges in rows),
            *(place_at(read, *edges) for read, *edges in rows),
        ]

    return [*[cover] * len(first), *outlines], moves
