"""What the picture of an embedding lookup shows: which row each id copies."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, record_of
from seqviz.readout.rows import rows_to_draw
from seqviz.short_repr import short_repr
from seqviz.trace import EmbeddingTrace, Trace

MAX_ROWS = 16  # rows of the matrix that are drawn before gaps are folded


@short_repr
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
