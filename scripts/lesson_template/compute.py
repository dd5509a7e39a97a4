"""How long each row is that a sentence looks up."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.readout.records import check_sample, record_of
from seqviz.trace import EmbeddingTrace, Trace


class RowLengths(NamedTuple):
    """Of one sample, with `T` timesteps and `F` features.

    Attributes:
        ids: ``(T,)`` int, the rows looked up.
        vectors: ``(T, F)``, the rows.
        lengths: ``(T,)``, the Euclidean length of each.
    """

    ids: NDArray[np.integer]
    vectors: NDArray[np.floating]
    lengths: NDArray[np.floating]


def compute_row_lengths(trace: EmbeddingTrace | Trace, *, sample: int = 0) -> RowLengths:
    """Take one sample out of `trace` and measure its rows.

    Args:
        trace: Trace of an embedding layer, or a whole trace with one such.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: This is no such trace, or it has no such sample.
    """
    trace = record_of(trace, EmbeddingTrace)
    sample = check_sample(sample, len(trace.ids))
    vectors = trace.vectors[sample]
    return RowLengths(trace.ids[sample], vectors, np.linalg.norm(vectors, axis=-1))
