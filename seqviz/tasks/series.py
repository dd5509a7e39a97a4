"""Series: numbers instead of words, one a timestep; the next one is asked for, or their sum."""

from typing import Any, Final

import numpy as np

from seqviz.array_types import Floats
from seqviz.tasks.options import one_of, whole_number_within
from seqviz.tasks.task import Samples, Task

KINDS: Final = ("wave", "step", "sum")
LOWEST: Final = 10
HIGHEST: Final = 60
_TRAIN: Final = 384
_HELD_OUT: Final = 96
_QUESTIONS: Final = {
    "wave": "What is the next value of this wave?",
    "step": "What is the next value of this series of steps?",
    "sum": "What is the sum of these numbers?",
}


def make_series(seed: int = 0, *, kind: Any = "wave", timesteps: int = 20) -> Task:
    """384 series to learn from and 96 held out, each of `timesteps` numbers between −1 and 1.

    Args:
        seed: Of the numbers.
        kind: ``"wave"``, a sine of 8 to 16 timesteps a period, from anywhere on; ``"step"``, up and
            down every 3 to 6 timesteps, so that only counting tells when; ``"sum"``, random numbers,
            each at most 0.2, of which the sum is asked for.
        timesteps: From 10 to 60.

    Raises:
        SeqvizError: `kind` or `timesteps` is none of these.
    """
    kind = one_of("kind", kind, KINDS)
    timesteps = whole_number_within("timesteps", timesteps, LOWEST, HIGHEST)
    order = np.random.default_rng(seed)
    values, targets = _MADE[kind](order, _TRAIN + _HELD_OUT, timesteps)

    def samples(part: slice) -> Samples:
        inputs = values[part, :, None].astype(np.float32)
        return Samples(
            inputs=inputs,
            targets=targets[part, None].astype(np.float32),
            texts=tuple(" ".join(f"{value:.2f}" for value in row) for row in values[part]),
        )

    probe, _ = _MADE[kind](order, 1, timesteps)
    return Task(
        name="series",
        question=_QUESTIONS[kind],
        words=(),
        classes=(),
        per_timestep=False,
        train=samples(slice(_TRAIN)),
        held_out=samples(slice(_TRAIN, None)),
        probe=" ".join(f"{value:.2f}" for value in probe[0]),
        level="numbers",
    )


def _wave(order: np.random.Generator, n: int, timesteps: int) -> tuple[Floats, Floats]:
    period = order.uniform(8, 16, (n, 1))
    phase = order.uniform(0, 2 * np.pi, (n, 1))
    values = np.sin(2 * np.pi * np.arange(timesteps + 1) / period + phase)
    return values[:, :-1], values[:, -1]


def _step(order: np.random.Generator, n: int, timesteps: int) -> tuple[Floats, Floats]:
    length = order.integers(3, 7, (n, 1))
    phase = order.integers(0, 2 * length)
    height = order.uniform(0.4, 1, (n, 1))
    values = height * (1 - 2 * ((np.arange(timesteps + 1) + phase) // length % 2))
    return values[:, :-1], values[:, -1]


def _sum(order: np.random.Generator, n: int, timesteps: int) -> tuple[Floats, Floats]:
    values = order.uniform(-0.2, 0.2, (n, timesteps))
    return values, values.sum(axis=1)


_MADE: Final[dict[str, Any]] = {"wave": _wave, "step": _step, "sum": _sum}
