"""`fit` with a `seqviz.Watch` against plain `fit`."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.report import Result

_EPOCHS, _BUDGET, _ROUNDS = 60, 1.3, 5


def measure() -> Iterator[Result]:
    """Train equal models in turn, with and without it, after each has trained once."""
    import seqviz  # isort: skip  # sets TensorFlow's environment, so before Keras
    import numpy as np

    random = np.random.default_rng(0)
    ids = random.integers(1, 200, (320, 12), dtype=np.int32)
    labels = random.integers(0, 2, (320, 1))
    for cell, batch in (("SimpleRNN", 32), ("LSTM", 32), ("LSTM", 320)):
        plain, watched = _model(cell), _model(cell)
        seconds: list[list[float]] = [[], []]
        for i in range(_ROUNDS + 1):
            for model, taken in ((plain, seconds[0]), (watched, seconds[1])):
                callbacks = [seqviz.Watch(ids[:1])] if model is watched else []
                begun = time.perf_counter()
                model.fit(
                    ids, labels, epochs=_EPOCHS, batch_size=batch, verbose=0, callbacks=callbacks
                )
                if i:
                    taken.append(time.perf_counter() - begun)
        without, with_it = map(statistics.median, seconds)
        name = f"{cell}, {len(ids) // batch} batches an epoch"
        yield Result(f"fit of {_EPOCHS} epochs, {name}", without, None, "s")
        yield Result(f"fit with Watch / plain fit, {name}", with_it / without, _BUDGET)


def _model(cell: str) -> Any:
    import keras

    model = keras.Sequential(
        [
            keras.Input((12,), dtype="int32"),
            keras.layers.Embedding(200, 16, mask_zero=True),
            getattr(keras.layers, cell)(16),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model
