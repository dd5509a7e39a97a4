"""`seqviz.capture` against Keras's own calls, eager and compiled, and its growth with the sentence."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

from benchmarks.eager import TIMESTEPS, VOCAB_SIZE, Taken, three_layers
from benchmarks.report import Case, Result

_FEATURES, _VOCAB_SIZE = 64, 1000
# (batch, timesteps, units) and the most that time and processor time may be of Keras's
_ONE_SENTENCE = {
    (1, timesteps, units): 1.5 if timesteps == 20 else 1.0
    for units in (16, 64, 128, 512)
    for timesteps in (20, 50, 100, 200, 400)
}
_BATCHES = {
    (batch, timesteps, units): 1.5
    for batch in (32, 256)
    for timesteps in (100, 200)
    for units in (64, 128)
}
_MEMORY = 1.2  # of what the trace holds


def measure() -> Iterator[Result | Case]:
    """Time `capture` and Keras in turn, and compare medians, after each has run twice.

    Whatever else the machine does so falls on both.
    """
    yield from _against_eager()
    yield _without_loop()
    for (batch, timesteps, units), budget in (_ONE_SENTENCE | _BATCHES).items():
        yield _against_compiled(batch, timesteps, units, budget)


def _against_eager() -> Iterator[Result]:
    """Time both on LSTM → GRU → SimpleRNN, 16 units each, one sentence."""
    import seqviz

    model = three_layers()
    for timesteps, budget, rounds in ((TIMESTEPS, 1 / 15, 25), (400, 1 / 50, 9)):
        words = _ids(1, timesteps, VOCAB_SIZE)
        ours, keras_own = _in_turn(
            rounds, partial(seqviz.capture, model, words), partial(model, words)
        )
        yield Result(f"capture at T={timesteps}", ours.seconds * 1e3, None, "ms")
        yield Result(f"eager model(x) at T={timesteps}", keras_own.seconds * 1e3, None, "ms")
        ratio = ours.seconds / keras_own.seconds
        yield Result(f"capture / eager model(x) at T={timesteps}", ratio, budget)

    short, long = _ids(1, 50, VOCAB_SIZE), _ids(1, 400, VOCAB_SIZE)
    at_50, at_400 = _in_turn(
        40, partial(seqviz.capture, model, short), partial(seqviz.capture, model, long)
    )
    yield Result("capture at T=400 / at T=50", at_400.seconds / at_50.seconds, 9)


def _without_loop() -> Result:
    """What no `capture` of the model below can do without: Keras's eager call of its layers."""
    import seqviz  # noqa: F401  # isort: skip
    import keras

    from seqviz.tracing.intercept import Listener, listening

    nothing = keras.ops.zeros((1, 16))

    class NoLoop(Listener):
        def rnn_call(self, *_: Any) -> Any:
            return nothing

    model, ids = _bidirectional(16), keras.ops.convert_to_tensor(_ids(1, 20, _VOCAB_SIZE))
    with listening(NoLoop()):
        (taken,) = _in_turn(50, partial(model, ids))
    return Result("eager model(x) below, its LSTMs doing nothing", taken.seconds * 1e3, None, "ms")


def _bidirectional(units: int) -> Any:
    import keras

    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(_VOCAB_SIZE, _FEATURES),
            keras.layers.Bidirectional(keras.layers.LSTM(units)),
        ]
    )


def _against_compiled(batch: int, timesteps: int, units: int, budget: float) -> Case:
    """Compare both on Embedding → Bidirectional(LSTM), Keras by its compiled `predict_on_batch`.

    It gives the last output only; `capture` all states, gates and sums. The memory is the peak of
    what `tracemalloc` sees Python and NumPy allocate during one call, the trace included.
    """
    import seqviz

    model = _bidirectional(units)
    ids = _ids(batch, timesteps, _VOCAB_SIZE)
    capture = partial(seqviz.capture, model, ids)
    rounds = 25 if batch == 1 else 9
    ours, keras_own = _in_turn(rounds, capture, partial(model.predict_on_batch, ids))
    name = (
        f"B={batch} T={timesteps} U={units}: capture {ours.seconds * 1e3:.1f} ms, "
        f"predict_on_batch {keras_own.seconds * 1e3:.1f} ms"
    )
    return Case(
        name,
        (
            Result("time ×", ours.seconds / keras_own.seconds, budget),
            Result("CPU ×", ours.cpu / keras_own.cpu, budget),
            Result("memory ×", _peak_of_held(capture), _MEMORY),
        ),
    )


def _ids(batch: int, timesteps: int, vocab_size: int) -> Any:
    import numpy as np

    return np.random.default_rng(0).integers(0, vocab_size, (batch, timesteps), dtype=np.int32)


def _in_turn(rounds: int, *calls: Callable[[], object]) -> list[Taken]:
    taken: list[list[Taken]] = [[] for _ in calls]
    for i in range(rounds + 2):
        for call, times in zip(calls, taken, strict=True):
            begun, cpu_begun = time.perf_counter(), time.process_time()
            result = call()
            cpu, seconds = time.process_time() - cpu_begun, time.perf_counter() - begun
            del result  # not while the other is timed
            if i >= 2:
                times.append(Taken(seconds, cpu))
    return [Taken(*map(statistics.median, zip(*times, strict=True))) for times in taken]


def _peak_of_held(capture: Callable[[], object]) -> float:
    """Most bytes that were allocated at once, in bytes of what is returned."""
    ratios = []
    for _ in range(3):  # the least of them: at times Python keeps what it no longer needs
        tracemalloc.start()
        try:
            trace = capture()
            ratios.append(tracemalloc.get_traced_memory()[1] / sum(_held(trace).values()))
        finally:
            tracemalloc.stop()
    return min(ratios)


def _held(value: Any) -> dict[int, int]:
    """Bytes of every array in memory that a value keeps there, each counted once."""
    import numpy as np

    if isinstance(value, np.ndarray):
        while isinstance(value.base, np.ndarray):
            value = value.base
        return {id(value): value.nbytes}
    if is_dataclass(value):
        parts: Any = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        parts = value.values()
    else:
        parts = value if isinstance(value, list | tuple) else ()
    return {key: size for part in parts for key, size in _held(part).items()}
