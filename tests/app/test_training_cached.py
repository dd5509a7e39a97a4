"""The gradient steps that pages remember."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqviz.lessons.learning.cached import Lesson, run_lesson
from seqviz.models.reader import build_reader
from seqviz.training.train import gradient_step, make_optimizer

LESSON = Lesson(
    vocab_size=20,
    embedding_dim=3,
    optimizer="Adam",
    learning_rate=0.1,
    first=(2, 3, 4),
    second=(4, 5),
    steps=(2, 1),
    trainable=True,
    seed=7,
)


def tables(lesson):
    return [step.after for step in run_lesson(lesson).steps]


def test_every_lesson_starts_from_an_untrained_model_also_when_many_train_at_once():
    rates = [0.01, 0.1, 0.2, 0.4, 0.8, 1.6]
    lessons = [LESSON._replace(learning_rate=rate) for rate in rates]
    with ThreadPoolExecutor(len(lessons)) as pool:
        found = list(pool.map(tables, lessons))
    for lesson, rows in zip(lessons, found, strict=True):
        model = build_reader(lesson.vocab_size, lesson.embedding_dim, seed=lesson.seed)
        optimizer = make_optimizer(lesson.optimizer, lesson.learning_rate)
        for name, row in zip(lesson.order, rows, strict=True):
            ids, target = (lesson.first, 1.0) if name == "A" else (lesson.second, 0.0)
            step = gradient_step(
                model,
                np.array([ids], np.int32),
                np.array([[target]], np.float32),
                optimizer,
                loss="binary_crossentropy",
            )
            np.testing.assert_array_equal(row, step.after)
