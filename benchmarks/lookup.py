"""`seqviz.gather` against the product with one-hot rows: no one-hot is made on the way."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.report import Result

_VOCAB_SIZE, _FEATURES, _IDS = 100_000, 128, 64


def measure() -> Iterator[Result]:
    """Look 64 ids up in a matrix of 100,000 × 128, both ways in turn.

    The peak is what `tracemalloc` sees NumPy allocate during one call, the result included. One
    one-hot row alone takes 400 kB, and all of them 25.6 MB.
    """
    import numpy as np

    import seqviz

    random = np.random.default_rng(0)
    weights = random.random((_VOCAB_SIZE, _FEATURES), dtype=np.float32)
    ids = random.integers(0, _VOCAB_SIZE, _IDS, dtype=np.int32)
    ours, product = (partial(way, weights, ids) for way in (seqviz.gather, seqviz.multiply_one_hot))
    result = ours()
    difference = float(np.abs(result - product()).max())
    yield Result("largest difference of gather and product", difference, 0)

    name = f"of {_IDS} ids in {_VOCAB_SIZE:,} × {_FEATURES}"
    peak = _peak(ours)
    yield Result(f"peak of gather {name}, in results of {result.nbytes:,} bytes",
                 peak / result.nbytes, 2)  # fmt: skip
    yield Result(f"peak of gather {name}", peak / 1e3, 400, "kB")
    yield Result(f"peak of the product {name}", _peak(product) / 1e3, None, "kB")

    times: list[list[float]] = [[], []]
    for _ in range(15):
        for call, seconds in zip((ours, product), times, strict=True):
            begun = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - begun)
    gather, multiply = (statistics.median(seconds) for seconds in times)
    yield Result(f"gather {name}", gather * 1e3, None, "ms")
    yield Result(f"product {name}", multiply * 1e3, None, "ms")
    yield Result("gather / product", gather / multiply, 1 / 50)


def _peak(call: Callable[[], object]) -> int:
    """Most bytes that were allocated at once while `call` ran."""
    tracemalloc.start()
    try:
        result = call()
        peak = tracemalloc.get_traced_memory()[1]
        del result
        return peak
    finally:
        tracemalloc.stop()
