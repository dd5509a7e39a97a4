"""The rows of a matrix that point the same way as another: nearest by cosine."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.vectors.given import matrix_of, row_names
from seqviz.word_list import Words, words_by_id
from seqviz.wording import counted

_BLOCK = 8192  # rows taken into float64 at a time


@short_repr
class Neighbours(NamedTuple):
    """Rows near a query, the nearest first.

    Attributes:
        rows: ``(k,)`` int, which rows of the matrix.
        similarities: ``(k,)``, cosine of the angle to the query, from -1 to 1.
        words: ``(k,)``, the word of each row; empty where no words were given.
        query: The row that was asked about; None if it was a vector.
    """

    rows: NDArray[np.integer]
    similarities: NDArray[np.floating]
    words: tuple[str, ...]
    query: int | None


def nearest(vectors: Any, query: Any, *, k: int = 10, words: Any = None) -> Neighbours:
    """Find the `k` rows whose direction is nearest to that of `query`.

    The cosine similarity of a and b is ``a · b / (|a| |b|)``. A row of zeros has no direction: its
    similarity counts as 0. The row that is asked about is left out.

    Args:
        vectors: ``(n, dim)``; or what knows its words: what `seqviz.load_vectors` returned,
            gensim's `KeyedVectors`, a mapping word → vector, a pandas DataFrame indexed by words;
            or an `EmbeddingTrace` or a Keras `Embedding` layer, whose table is taken.
        query: A word (of equal ones the first), the number of a row, or a vector ``(dim,)``.
        k: How many, at most.
        words: The word of each row, where `vectors` does not know them: ``(n,)`` in the order of
            the rows, such as ``TextVectorization.get_vocabulary()``, or a mapping word → id, such
            as ``Tokenizer.word_index``; a row without a word is called ``row 7``.

    Raises:
        SeqvizError: The matrix is not ``(n, dim)``, the words do not fit its rows, the query is no
            word, row or vector of it, or has no direction; or `k` is below 1.
    """
    matrix, named = matrix_of(vectors, words)
    if k < 1:
        raise SeqvizError(f"k is {k}, but at least 1 neighbour must be asked for. Write k=10.")
    target, row = _target(matrix, named, query)
    norm = float(np.linalg.norm(target))
    if not np.isfinite(norm) or norm == 0:
        raise SeqvizError(
            "The query's vector is all zeros or not finite, so it points nowhere and has no "
            "neighbours by cosine. Ask for another word."
        )
    similarities = cosines(matrix, target / norm)
    if row is not None:
        similarities[row] = -np.inf
    k = min(k, len(similarities) - (row is not None))
    if k < 1:
        return Neighbours(np.array([], int), np.array([]), (), row)
    # All that reach the k-th largest, then by similarity and, where equal, by row.
    least = np.partition(similarities, -k)[-k]
    rows = np.flatnonzero(similarities >= least)
    rows = rows[np.argsort(-similarities[rows], kind="stable")][:k]
    names = () if named is None else row_names(named, rows=rows.tolist())
    return Neighbours(rows, similarities[rows], names, row)


def cosines(matrix: NDArray[np.floating], unit: NDArray[np.floating]) -> NDArray[np.floating]:
    """Cosine similarity of each row of `matrix` ``(n, dim)`` to a `unit` vector: ``(n,)``.

    In float64, some rows at a time: no product overflows, and no second matrix is made.
    """
    found = np.empty(len(matrix))
    for start in range(0, len(matrix), _BLOCK):
        block = np.asarray(matrix[start : start + _BLOCK], np.float64)
        norms = np.linalg.norm(block, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[start : start + _BLOCK] = (block @ unit) / norms
    return np.nan_to_num(np.clip(found, -1, 1))


def _target(
    matrix: NDArray[np.floating], words: Words | None, query: Any
) -> tuple[NDArray[np.floating], int | None]:
    """The vector asked about, in float64, and its row."""
    if isinstance(query, str | bytes):
        (query,) = words_by_id([query])
        if words is None:
            raise SeqvizError(
                f"{query!r} was asked for, but the rows have no words. "
                "Give words=[…], or the number of a row."
            )
        try:
            row = words.index(query)
        except ValueError:
            raise SeqvizError(
                f"{query!r} is not among the {counted(len(words), 'word')}. "
                "Mind upper and lower case, or ask for another word."
            ) from None
        return np.asarray(matrix[row], np.float64), row
    value = np.asarray(query)
    if value.ndim == 0 and value.dtype.kind in "iu":
        row = int(value)
        if not 0 <= row < len(matrix):
            raise SeqvizError(
                f"Row {row} was asked for, but there are {len(matrix)}. "
                f"Ask for a row from 0 to {len(matrix) - 1}."
            )
        return np.asarray(matrix[row], np.float64), row
    if value.shape != matrix.shape[1:] or value.dtype.kind not in "fiu":
        raise SeqvizError(
            f"The query has the shape {value.shape}, but a word, the number of a row or a vector "
            f"of the shape {matrix.shape[1:]} is needed."
        )
    return np.asarray(value, np.float64), None
