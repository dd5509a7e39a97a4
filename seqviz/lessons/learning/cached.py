"""What the lesson keeps from one rerun to the next."""

from typing import Any, NamedTuple

import numpy as np

from seqviz.lessons.learning.code import steps_code
from seqviz.models.reader import build_reader
from seqviz.training.record import GradientStep
from seqviz.training.train import gradient_step, make_optimizer
from seqviz.ui.server.cache import built, remembered
from seqviz.ui.server.trainings import train_briefly


class Lesson(NamedTuple):
    """Some gradient steps, on one sentence and then on another.

    Attributes:
        vocab_size: Rows of the table.
        embedding_dim: Length of a row.
        optimizer: Its name in `seqviz.training.train.OPTIMIZERS`.
        learning_rate: Of the optimizer.
        first: Ids of batch A, whose target is 1.
        second: Ids of batch B, whose target is 0.
        steps: How many on A, and then on B.
        trainable: Of the table.
        seed: Of all weights.
    """

    vocab_size: int
    embedding_dim: int
    optimizer: str
    learning_rate: float
    first: tuple[int, ...]
    second: tuple[int, ...]
    steps: tuple[int, int]
    trainable: bool
    seed: int

    @property
    def order(self) -> tuple[str, ...]:
        """The batch of each step."""
        return ("A",) * self.steps[0] + ("B",) * self.steps[1]


class _Reader:
    """A model to train again and again, one training at a time."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._weights = model.get_weights()

    def untrained(self) -> Any:
        """The model as it was built."""
        self._model.set_weights(self._weights)
        return self._model


class LessonRun(NamedTuple):
    """What came of it."""

    steps: tuple[GradientStep, ...]
    code: str


# At the page's limits (1,000 rows of 16 numbers, 10 steps) an entry is 1.3 MB.
@remembered(lambda lesson: 2 * lesson.vocab_size * lesson.embedding_dim * len(lesson.order))
def run_lesson(lesson: Lesson) -> LessonRun:
    """Do the gradient steps of a lesson: about 10 ms each."""
    reader = _reader_of(lesson.vocab_size, lesson.embedding_dim, lesson.seed, lesson.trainable)
    run: LessonRun = train_briefly(
        ("learning", lesson), lambda control: _run_lesson(reader.untrained(), lesson)
    )
    return run


@built(lambda vocab_size, embedding_dim, *_: vocab_size * embedding_dim)
def _reader_of(vocab_size: int, embedding_dim: int, seed: int, trainable: bool) -> _Reader:
    """The model of a lesson, whatever the optimizer and the words."""
    return _Reader(build_reader(vocab_size, embedding_dim, seed=seed, trainable=trainable))


def _run_lesson(model: Any, lesson: Lesson) -> LessonRun:
    code = steps_code(
        model,
        [("batch_a", lesson.first, 1.0), ("batch_b", lesson.second, 0.0)],
        [f"batch_{name.lower()}" for name in lesson.order],
        lesson.optimizer,
        lesson.learning_rate,
    )
    optimizer = make_optimizer(lesson.optimizer, lesson.learning_rate)
    batches = {"A": (lesson.first, 1.0), "B": (lesson.second, 0.0)}
    steps = []
    for name in lesson.order:
        ids, target = batches[name]
        steps.append(
            gradient_step(
                model,
                np.array([ids], np.int32),
                np.array([[target]], np.float32),
                optimizer,
                loss="binary_crossentropy",
                layer="embedding",
            )
        )
    return LessonRun(tuple(steps), code)
