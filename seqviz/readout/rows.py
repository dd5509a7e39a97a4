"""Which rows of a matrix are drawn, and the ids that read them."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError


def checked_ids(ids: ArrayLike, size: int) -> NDArray[np.integer]:
    """`ids` as an array of whole numbers, each the index of one of `size` rows.

    Raises:
        SeqvizError: One is not, or there are no rows.
    """
    if size < 1:
        raise SeqvizError(f"There are {size} rows, but at least 1 is needed. Hint: vocab_size=10.")
    indices = np.asarray(ids)
    if not indices.size:
        return indices.astype(np.int32)
    if not np.issubdtype(indices.dtype, np.integer):
        raise SeqvizError(
            f"The ids are of type {indices.dtype}, but whole numbers are needed. "
            "Hint: np.asarray(ids, int)."
        )
    if indices.min() < 0 or indices.max() >= size:
        wrong = indices[(indices < 0) | (indices >= size)].flat[0]
        raise SeqvizError(
            f"id {wrong} names no row, but ids must be in 0 … {size - 1}. "
            "Hint: vocab_size is the largest id + 1."
        )
    return indices


MAX_LINES = 12  # rows of the matrix that are drawn before gaps are folded


def rows_to_draw(ids: NDArray[np.integer], size: int, max_rows: int) -> NDArray[np.integer]:
    """Choose rows of a matrix of `size` rows: all used ones, both ends, and what else fits.

    Returns:
        Row indices from the top down; ``-n`` stands for `n` rows left out, at least 2.
    """
    shown = {0, size - 1, *(int(i) for i in ids if 0 <= i < size)}
    # Gaps between what must be drawn, as (length, first row); a fold costs one line.
    ordered = sorted(shown)
    gaps = [(b - a - 1, a + 1) for a, b in pairwise(ordered) if b > a + 1]
    lines = len(shown) + len(gaps)
    for length, first in sorted(gaps):
        # A gap of one row is never worth a fold; a longer one is opened while there is room.
        if length == 1 or lines + length - 1 <= max_rows:
            shown.update(range(first, first + length))
            lines += length - 1
        else:
            # Open the start of the first gap that is too long, and leave the rest folded.
            opened = min(max(max_rows - lines, 0), length - 2)
            shown.update(range(first, first + opened))
            lines += opened
    rows: list[int] = []
    for row in sorted(shown):
        previous = rows[-1] if rows else -1
        if row - previous > 1:
            rows.append(-(row - previous - 1))
        rows.append(row)
    return np.array(rows)
