"""Vectors as people have them, brought into one form: a matrix, and the word of each row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.vectors.record import WordVectors
from seqviz.word_list import Words, words_by_id


def matrix_of(vectors: Any, words: Any = None) -> tuple[NDArray[np.floating], Words | None]:
    """The matrix ``(n, dim)`` in `vectors`, and the word of each row if they are known.

    Args:
        vectors: ``(n, dim)``; what `load_vectors` returned; gensim's `KeyedVectors`, or a model
            that has them; a mapping word → vector, or a pandas DataFrame indexed by words; an
            `EmbeddingTrace`; or a Keras layer with one weight.
        words: As `words_by_id` takes them, in place of those that `vectors` knows.

    Raises:
        SeqvizError: There is no such matrix, or the words do not fit its rows.
    """
    values, known = _parts(vectors)
    matrix = np.asarray(values)
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
        raise SeqvizError(
            f"Vectors of the shape {matrix.shape} and type {matrix.dtype} were given, but numbers "
            "(n, dim) are needed: one row per word. Give layer.get_weights()[0] for a Keras layer."
        )
    words = known if words is None else words
    return matrix, None if words is None else words_by_id(words, rows=len(matrix))


def word_vectors(vectors: Any) -> WordVectors:
    """Vectors that know their words, as `load_vectors` returns them.

    Raises:
        SeqvizError: They do not, or they are no vectors.
    """
    if isinstance(vectors, WordVectors):
        return vectors
    matrix, words = matrix_of(vectors)
    if words is None:
        raise SeqvizError(
            "These vectors have no words, so none can be found in them. Give what load_vectors "
            "returned, gensim's KeyedVectors, or a mapping from each word to its vector: "
            "dict(zip(words, matrix))."
        )
    return WordVectors(row_names(words), np.asarray(matrix, np.float32))


def row_names(
    words: Sequence[str | None], what: str = "row", *, rows: Iterable[int] | None = None
) -> tuple[str, ...]:
    """The word of each row, or of some; its number where it has none."""
    chosen = range(len(words)) if rows is None else rows
    named = ((row, words[row]) for row in chosen)
    return tuple(f"{what} {row}" if word is None else word for row, word in named)


def _parts(vectors: Any) -> tuple[Any, Any]:
    """What holds the numbers, and what holds the words, or None."""
    if isinstance(vectors, Mapping):
        return _stacked(vectors), list(vectors)
    if hasattr(vectors, "get_weights"):
        weights = vectors.get_weights()
        if len(weights) != 1:
            raise SeqvizError(
                f"{vectors.name!r} has {len(weights)} weights, but an Embedding has one: its "
                "table. Give such a layer, built, or the array itself."
            )
        (table,) = weights
        return table, None
    if hasattr(vectors, "columns") and hasattr(vectors, "index"):  # a pandas DataFrame
        index = list(vectors.index)
        return vectors, index if all(isinstance(word, str) for word in index) else None
    vectors = getattr(vectors, "wv", vectors)  # gensim's models hold their vectors there
    words = getattr(vectors, "index_to_key", getattr(vectors, "words", None))
    for name in ("vectors", "weights"):
        # An EmbeddingTrace has both: its vectors are (batch, timesteps, dim).
        value = getattr(vectors, name, None)
        if getattr(value, "ndim", None) == 2:
            return value, words
    return vectors, None


def _stacked(vectors: Mapping[Any, Any]) -> NDArray[np.floating]:
    rows = [np.asarray(vector) for vector in vectors.values()]
    if not rows:
        raise SeqvizError(
            "A mapping without words was given. Give one from each word to its vector: "
            "{'cat': [0.1, 0.2], …}."
        )
    for word, row in zip(vectors, rows, strict=True):
        if row.ndim != 1 or row.dtype.kind not in "fiu":
            raise SeqvizError(
                f"The vector of {word!r} has the shape {row.shape} and type {row.dtype}, but "
                "numbers (dim,) are needed. Give a mapping from each word to its vector."
            )
        if len(row) != len(rows[0]):
            raise SeqvizError(
                f"The vector of {word!r} has {len(row)} numbers, but that of "
                f"{next(iter(vectors))!r} has {len(rows[0])}. All need as many."
            )
    return np.stack(rows)
