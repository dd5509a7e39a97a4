"""Which rows of a matrix a picture draws, and where."""

from collections.abc import Sequence
from typing import Final

WRITABLE: Final = 20  # lines up to which numbers are written into cells


def drawn_lines(rows: Sequence[int], size: int, ids: Sequence[int]) -> list[int]:
    """Rows from the top down; without folds, or even unused rows, where there are many.

    Args:
        rows: As `seqviz.lookup.rows_to_draw` gives them, ``-n`` being a fold of `n` rows.
        size: Rows of the matrix.
        ids: Rows that are used.
    """
    if len(rows) <= WRITABLE:
        return list(rows)
    needed = {0, size - 1, *ids}
    return [row for row in rows if row >= 0 and (len(needed) <= WRITABLE or row in needed)]


def lower_edges(lines: Sequence[int]) -> dict[int, float]:
    """Lower edge of each row that is drawn, by its index, between 1 and 0 from the top down."""
    return {row: 1 - (k + 1) / len(lines) for k, row in enumerate(lines) if row >= 0}
