"""What the picture of an embedding lookup shows: which row each id copies."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, record_of
from seqviz.trace import EmbeddingTrace, Trace

MAX_ROWS = 16  # rows of the matrix that are drawn before gaps are folded


class EmbeddingLookup(NamedTuple):
    """One sample of an embedding's trace, and which rows of its matrix to draw.

    `T` timesteps, `V` rows of the matrix, `F` features.

    Attributes:
        ids: ``(T,)`` int, the rows looked up.
        weights: ``(V, F)``, the matrix.
        vectors: ``(T, F)``, the output.
        kept: ``(T,)`` bool, False where the layer's mask says padding.
        has_mask: Whether the layer makes a mask at all.
        rows: ``(R,)`` int, what to draw from the top down: a row's index, or ``-n`` where `n`
            unused rows are folded into one line.
    """

    ids: NDArray[np.integer]
    weights: NDArray[np.floating]
    vectors: NDArray[np.floating]
    kept: NDArray[np.bool_]
    has_mask: bool
    rows: NDArray[np.integer]


def compute_embedding_lookup(
    trace: EmbeddingTrace | Trace, *, sample: int = 0, max_rows: int = MAX_ROWS
) -> EmbeddingLookup:
    """Take one sample out of `trace` and choose the rows to draw.

    Args:
        trace: Trace of an embedding layer with ids ``(batch, timesteps)``, or a whole trace with
            one such.
        sample: Which sequence of the batch.
        max_rows: Rows to draw, folds included. Used rows are always drawn, however many.

    Raises:
        SeqvizError: This is no such trace, it has no such sample, or its ids are not ``(batch, timesteps)``.
    """
    trace = record_of(trace, EmbeddingTrace)
    if trace.ids.ndim != 2:
        msg = (
            f"The ids of this trace have the shape {trace.ids.shape}, "
            "but (batch, timesteps) is needed. Hint: capture ids as [[2, 3, 4]]."
        )
        raise SeqvizError(msg)
    sample = check_sample(sample, len(trace.ids))
    ids = np.asarray(trace.ids[sample])
    size = len(trace.weights)
    ids = np.where(ids < 0, ids + size, ids)  # Keras reads id -1 as the last row
    kept = np.ones(len(ids), bool) if trace.mask is None else trace.mask[sample].astype(bool)
    return EmbeddingLookup(
        ids=ids,
        weights=trace.weights,
        vectors=trace.vectors[sample],
        kept=kept,
        has_mask=trace.mask is not None,
        rows=rows_to_draw(ids, size, max_rows),
    )


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
