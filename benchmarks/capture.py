"""`seqviz.capture` against Keras's own eager call, and its growth with the sentence."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.report import Result


def measure() -> Iterator[Result]:
    """Time both on LSTM → GRU → SimpleRNN, 16 units each, one sentence.

    The two take turns, so that whatever else the machine does falls on both; medians are
    compared, after each has run twice to warm up.
    """
    import seqviz  # isort: skip  # sets TensorFlow's environment, so before Keras
    import keras
    import numpy as np

    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Embedding(50, 16, name="embedding")(ids)
    x = keras.layers.LSTM(16, return_sequences=True, name="lstm")(x)
    x = keras.layers.GRU(16, return_sequences=True, name="gru")(x)
    model = keras.Model(ids, keras.layers.SimpleRNN(16, name="simple_rnn")(x), name="stack")

    def sentence(timesteps: int) -> np.ndarray:
        return np.random.default_rng(0).integers(0, 50, (1, timesteps), dtype=np.int32)

    for timesteps, budget, rounds in ((20, 1 / 15, 25), (400, 1 / 50, 9)):
        words = sentence(timesteps)
        ours, keras_own = _medians(
            rounds, partial(seqviz.capture, model, words), partial(model, words)
        )
        yield Result(f"capture at T={timesteps}", ours * 1e3, None, "ms")
        yield Result(f"eager model(x) at T={timesteps}", keras_own * 1e3, None, "ms")
        yield Result(f"capture / eager model(x) at T={timesteps}", ours / keras_own, budget)

    short, long = sentence(50), sentence(400)
    at_50, at_400 = _medians(
        40, partial(seqviz.capture, model, short), partial(seqviz.capture, model, long)
    )
    yield Result("capture at T=400 / at T=50", at_400 / at_50, 9)


def _medians(rounds: int, *calls: Callable[[], object]) -> list[float]:
    times: list[list[float]] = [[] for _ in calls]
    for i in range(rounds + 2):
        for call, seconds in zip(calls, times, strict=True):
            begun = time.perf_counter()
            call()
            if i >= 2:
                seconds.append(time.perf_counter() - begun)
    return [statistics.median(seconds) for seconds in times]
