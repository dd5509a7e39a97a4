"""What the two ways to look rows up cost, counted and measured."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr

VOCAB_SIZES = (10, 100, 1_000, 10_000, 100_000)
_ID_BYTES = _NUMBER_BYTES = 4  # int32, float32


@short_repr
class LookupCosts(NamedTuple):
    """What looking up one sequence costs, by `vocab_size`: counted, not measured.

    Attributes:
        timesteps: Ids in the sequence.
        embedding_dim: Numbers in a row.
        vocab_sizes: ``(N,)``, rows of the matrix.
        gather_multiply_adds: ``(N,)``, zeros: rows are copied.
        product_multiply_adds: ``(N,)``, ``timesteps * vocab_size * embedding_dim``.
        gather_bytes: ``(N,)``, of the ids (int32).
        product_bytes: ``(N,)``, of the one-hot rows (float32).
    """

    timesteps: int
    embedding_dim: int
    vocab_sizes: NDArray[np.int64]
    gather_multiply_adds: NDArray[np.int64]
    product_multiply_adds: NDArray[np.int64]
    gather_bytes: NDArray[np.int64]
    product_bytes: NDArray[np.int64]


@short_repr
class LookupTimes(NamedTuple):
    """How long looking up one sequence took, by `vocab_size`, both ways in turn.

    Attributes:
        timesteps: Ids in the sequence.
        embedding_dim: Numbers in a row.
        vocab_sizes: ``(N,)``, rows of the matrix.
        gather_seconds: ``(N,)``, least of several runs of `keras.ops.take`.
        product_seconds: ``(N,)``, likewise of `keras.ops.one_hot` and `keras.ops.matmul`.
    """

    timesteps: int
    embedding_dim: int
    vocab_sizes: NDArray[np.int64]
    gather_seconds: NDArray[np.float64]
    product_seconds: NDArray[np.float64]


def compute_lookup_costs(
    timesteps: int, embedding_dim: int, *, vocab_sizes: Sequence[int] = VOCAB_SIZES
) -> LookupCosts:
    """Count multiply-adds and bytes of input of a lookup, and of the product with one-hot rows.

    A product ``(T, V) @ (V, F)`` takes T·V·F multiply-adds.

    Args:
        timesteps: Ids in the sequence.
        embedding_dim: Numbers in a row.
        vocab_sizes: Rows of the matrix.

    Raises:
        SeqvizError: A number is below 1.
    """
    sizes = checked_sizes(timesteps, embedding_dim, vocab_sizes)
    nothing = np.zeros_like(sizes)
    return LookupCosts(
        timesteps=timesteps,
        embedding_dim=embedding_dim,
        vocab_sizes=sizes,
        gather_multiply_adds=nothing,
        product_multiply_adds=timesteps * embedding_dim * sizes,
        gather_bytes=nothing + timesteps * _ID_BYTES,
        product_bytes=timesteps * _NUMBER_BYTES * sizes,
    )


def growth(sizes: ArrayLike, values: ArrayLike) -> float:
    """Slope of the line through ``log(values)`` over ``log(sizes)``, by least squares.

    1 means that ten times the size costs ten times as much; 0 that size does not matter.

    Args:
        sizes: ``(N,)``, two different ones or more, above 0.
        values: ``(N,)``, above 0.

    Raises:
        SeqvizError: There is no such line.
    """
    x, y = np.asarray(sizes, float), np.asarray(values, float)
    if x.shape != y.shape or x.ndim != 1 or len(set(x.tolist())) < 2 or min(x.min(), y.min()) <= 0:
        raise SeqvizError(
            f"Sizes of shape {x.shape} and values of shape {y.shape} make no curve on logarithmic "
            "axes, but two different sizes or more are needed, one value each, all above 0. "
            "Hint: leave out zeros."
        )
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def times_in_words(slope: float) -> str:
    """What a slope of time means: `times_in_words(1)` is ``10 times as long``."""
    times = 10**slope
    if times < 1.3:
        return "no longer"
    return f"{times:.{0 if times >= 9.5 else 1}f} times as long"


def checked_sizes(
    timesteps: int, embedding_dim: int, vocab_sizes: Sequence[int]
) -> NDArray[np.int64]:
    """`vocab_sizes` as an array.

    Raises:
        SeqvizError: A number is below 1, or there are no sizes.
    """
    numbers = [timesteps, embedding_dim, *vocab_sizes]
    if len(numbers) < 3 or min(numbers) < 1:
        raise SeqvizError(
            f"timesteps={timesteps}, embedding_dim={embedding_dim}, "
            f"vocab_sizes={tuple(vocab_sizes)}: all must be 1 or more. "
            "Hint: compute_lookup_costs(3, 4)."
        )
    return np.array(vocab_sizes, np.int64)
