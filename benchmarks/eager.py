"""Keras's own eager call of a small model: what this machine takes for it is the measure of others."""

import time
from functools import cached_property
from typing import Any, NamedTuple

VOCAB_SIZE = 50
TIMESTEPS = 20


class Taken(NamedTuple):
    """What a call took.

    Attributes:
        seconds: By the clock.
        cpu: Of all threads together.
    """

    seconds: float
    cpu: float


def three_layers() -> Any:
    """LSTM → GRU → SimpleRNN, 16 units each."""
    import seqviz  # noqa: F401  # isort: skip  # sets TensorFlow's environment, so before Keras
    import keras

    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Embedding(VOCAB_SIZE, 16, name="embedding")(ids)
    x = keras.layers.LSTM(16, return_sequences=True, name="lstm")(x)
    x = keras.layers.GRU(16, return_sequences=True, name="gru")(x)
    return keras.Model(ids, keras.layers.SimpleRNN(16, name="simple_rnn")(x), name="stack")


class EagerCall:
    """Calls of `three_layers` on one sentence of 20 words, timed one by one.

    Attributes:
        taken: By each.
    """

    def __init__(self) -> None:
        self.taken: list[Taken] = []

    def time(self, calls: int) -> None:
        """Call it as often, in this process, which is to do nothing else."""
        for _ in range(calls):
            begun, cpu_begun = time.perf_counter(), time.process_time()
            self._model(self._ids)
            cpu = time.process_time() - cpu_begun
            self.taken.append(Taken(time.perf_counter() - begun, cpu))

    @cached_property
    def _model(self) -> Any:
        model = three_layers()
        for _ in range(2):  # what happens once
            model(self._ids)
        return model

    @cached_property
    def _ids(self) -> Any:
        import numpy as np

        return np.arange(TIMESTEPS, dtype=np.int32)[None] % VOCAB_SIZE
