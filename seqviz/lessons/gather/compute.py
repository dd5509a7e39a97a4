"""Two ways to look rows up: copy them, or multiply with one-hot rows."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError
from seqviz.readout.rows import checked_ids
from seqviz.short_repr import short_repr


def gather(weights: ArrayLike, ids: ArrayLike) -> NDArray[Any]:
    """Copy the rows of a matrix that `ids` name. No one-hot is ever made.

    Args:
        weights: ``(vocab_size, embedding_dim)``.
        ids: Whole numbers of any shape, each in 0 … vocab_size - 1.

    Returns:
        ``(*ids.shape, embedding_dim)``, of the dtype of `weights`; shares no memory with it.

    Raises:
        SeqvizError: `weights` is no matrix, or an id is not the index of one of its rows.
    """
    matrix = _matrix(weights)
    return np.take(matrix, checked_ids(ids, len(matrix)), axis=0)


def one_hot(ids: ArrayLike, vocab_size: int) -> NDArray[np.float32]:
    """Write each id as a row of zeros with a single 1, in the column of the id.

    Args:
        ids: Whole numbers of any shape, each in 0 … vocab_size - 1.
        vocab_size: Length of a row.

    Returns:
        ``(*ids.shape, vocab_size)``.

    Raises:
        SeqvizError: An id has no column.
    """
    indices = checked_ids(ids, vocab_size)
    rows = np.zeros((*indices.shape, vocab_size), np.float32)
    np.put_along_axis(rows, indices[..., None], np.float32(1), axis=-1)
    return rows


def multiply_one_hot(weights: ArrayLike, ids: ArrayLike) -> NDArray[Any]:
    """Look rows up the long way: make the one-hot rows, and multiply them with the matrix.

    The zeros cancel all rows but one, so the result is that of `gather`; but each id costs
    ``vocab_size * embedding_dim`` multiply-adds.

    Args:
        weights: ``(vocab_size, embedding_dim)``.
        ids: Whole numbers of any shape, each in 0 … vocab_size - 1.

    Returns:
        ``(*ids.shape, embedding_dim)``.

    Raises:
        SeqvizError: `weights` is no matrix, or an id is not the index of one of its rows.
    """
    matrix = _matrix(weights)
    return one_hot(ids, len(matrix)) @ matrix


@short_repr
class GatherOrMultiply(NamedTuple):
    """One sequence looked up by Keras in three ways.

    `T` timesteps, `V` rows of the matrix, `F` features.

    Attributes:
        ids: ``(T,)`` int.
        weights: ``(V, F)``, the matrix, which is the layer's and the Dense layer's kernel.
        one_hot: ``(T, V)``, made by `keras.ops.one_hot`.
        gathered: ``(T, F)``, what the Embedding layer gives.
        multiplied: ``(T, F)``, `keras.ops.matmul` of `one_hot` and `weights`.
        dense: ``(T, F)``, what ``Dense(F, use_bias=False)`` gives for `one_hot`.
        difference: Largest absolute difference of the last two to `gathered`.
        rows: What to draw, as in `seqviz.lessons.embedding.compute.EmbeddingLookup`.
    """

    ids: NDArray[np.integer]
    weights: NDArray[np.floating]
    one_hot: NDArray[np.floating]
    gathered: NDArray[np.floating]
    multiplied: NDArray[np.floating]
    dense: NDArray[np.floating]
    difference: float
    rows: NDArray[np.integer]


def _matrix(weights: ArrayLike) -> np.ndarray:
    matrix = np.asarray(weights)
    if matrix.ndim != 2:
        raise SeqvizError(
            f"The weights have the shape {matrix.shape}, but a matrix (vocab_size, embedding_dim) "
            "is needed. Hint: give layer.get_weights()[0]."
        )
    return matrix
