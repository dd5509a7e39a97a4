"""`seqviz.attribute` against one eager call of the same model."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.report import Result

_STEPS, _TIMESTEPS, _BUDGET = 64, 20, 10


def measure() -> Iterator[Result]:
    """Time both in turn on one sentence, and compare medians, after each has run twice."""
    import seqviz  # isort: skip  # sets TensorFlow's environment, so before Keras
    import keras
    import numpy as np

    ids = np.random.default_rng(0).integers(1, 50, (1, _TIMESTEPS), dtype=np.int32)
    for cell in ("SimpleRNN", "GRU", "LSTM"):
        model = keras.Sequential(
            [
                keras.Input((None,), dtype="int32"),
                keras.layers.Embedding(50, 16),
                getattr(keras.layers, cell)(16),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        ways = ("integrated_gradients", "leave_one_out")
        ours = [partial(seqviz.attribute, model, ids, method=way, steps=_STEPS) for way in ways]
        *seconds, eager = _in_turn(*ours, partial(_call, model, ids))
        yield Result(f"eager model(x), {cell} at T={_TIMESTEPS}", eager * 1e3, None, "ms")
        for way, taken in zip(ways, seconds, strict=True):
            yield Result(f"{way} / eager model(x), {cell}", taken / eager, _BUDGET)


def _call(model: Any, ids: Any) -> Any:
    return model(ids)


def _in_turn(*calls: Callable[[], object], rounds: int = 11) -> list[float]:
    taken: list[list[float]] = [[] for _ in calls]
    for i in range(rounds + 2):
        for call, seconds in zip(calls, taken, strict=True):
            begun = time.perf_counter()
            call()
            if i >= 2:
                seconds.append(time.perf_counter() - begun)
    return list(map(statistics.median, taken))
