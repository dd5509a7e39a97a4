"""How long the two ways to look rows up take with real Keras, measured here and now."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from seqviz.lessons.gather.costs import VOCAB_SIZES, LookupTimes, checked_sizes
from seqviz.tracing.arrays import to_array

_ROUNDS = 8
_IN_A_ROW = 4
# Two measurements at once would time each other.
_one_at_a_time = threading.Lock()


def measure_lookup(
    timesteps: int,
    embedding_dim: int,
    *,
    vocab_sizes: Sequence[int] = VOCAB_SIZES,
    seconds: float = 1.0,
) -> LookupTimes:
    """Time both ways on this machine, now, with real Keras; they take turns.

    The one-hot rows are part of the product's time, since it cannot do without. Making the
    matrices is not. Each size gets an equal share of `seconds`, and at least one round.

    Args:
        timesteps: Ids in the sequence.
        embedding_dim: Numbers in a row.
        vocab_sizes: Rows of the matrix.
        seconds: Not to be exceeded by more than the making of the matrices and one round a size.

    Raises:
        SeqvizError: A number is below 1.
    """
    sizes = checked_sizes(timesteps, embedding_dim, vocab_sizes)
    random = np.random.default_rng(0)
    least = []
    with _one_at_a_time:
        for size in sizes.tolist():
            weights = keras.ops.convert_to_tensor(
                random.random((size, embedding_dim), dtype=np.float32)
            )
            ids = keras.ops.convert_to_tensor(
                random.integers(0, size, (1, timesteps), dtype=np.int32)
            )

            def take(weights: Any = weights, ids: Any = ids) -> Any:
                return keras.ops.take(weights, ids, axis=0)

            def multiply(weights: Any = weights, ids: Any = ids, size: int = size) -> Any:
                return keras.ops.matmul(keras.ops.one_hot(ids, size), weights)

            least.append(_least([take, multiply], seconds / len(sizes)))
    gather_seconds, product_seconds = np.array(least).T
    return LookupTimes(timesteps, embedding_dim, sizes, gather_seconds, product_seconds)


def _least(calls: Sequence[Callable[[], Any]], seconds: float) -> list[float]:
    times: list[list[float]] = [[] for _ in calls]
    end = time.perf_counter() + seconds
    for i in range(_ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            # Some calls in a row: the first finds the processor's caches full of the other way.
            for _ in range(_IN_A_ROW):
                begun = time.perf_counter()
                to_array(call())  # an array: so it waits for the result
                taken.append(time.perf_counter() - begun)
        if i and time.perf_counter() > end:
            break
    # The least, as timeit's manual advises: all else is what other programs did meanwhile.
    return [min(taken) for taken in times]
