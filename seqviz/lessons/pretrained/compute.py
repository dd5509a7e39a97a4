"""A layer filled from a file, and what its picture shows of it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.readout.rows import rows_to_draw
from seqviz.short_repr import short_repr
from seqviz.vectors.record import FilledEmbedding, WordVectors

MAX_DRAWN: Final = 12  # rows of the layer in a picture


@short_repr
class Filling(NamedTuple):
    """What the picture of a filled layer shows.

    Attributes:
        matrix: ``(r, dim)``, the layer's first rows.
        words: ``(r,)``, their words.
        sources: ``(r,)`` int, which row of the file each was copied from, or -1.
        left_out: Rows of the layer that are not drawn.
        file: ``(n, dim)``, the vectors of the file.
        file_words: ``(n,)``.
        file_rows: Which of them to draw from the top down; ``-m`` stands for `m` in between.
    """

    matrix: NDArray[np.floating]
    words: tuple[str, ...]
    sources: NDArray[np.integer]
    left_out: int
    file: NDArray[np.floating]
    file_words: Sequence[str]
    file_rows: NDArray[np.integer]


def compute_filling(
    filled: FilledEmbedding, vectors: WordVectors, *, max_rows: int = MAX_DRAWN
) -> Filling:
    """Choose what to draw of a filled layer: its first rows, and where they come from.

    Args:
        filled: What `fill_embedding` made.
        vectors: What it was filled from.
        max_rows: Rows of the layer to draw at most.
    """
    sources = filled.sources[:max_rows]
    return Filling(
        matrix=filled.matrix[:max_rows],
        words=filled.words[:max_rows],
        sources=sources,
        left_out=max(len(filled.words) - max_rows, 0),
        file=vectors.vectors,
        file_words=vectors.words,
        file_rows=rows_to_draw(sources[sources >= 0], len(vectors), max(len(sources), 7)),
    )
