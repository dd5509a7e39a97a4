"""Keras's fit, stopped and held up from outside."""

import threading
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from seqviz.training.control import Uncontrolled
from seqviz.training.controlled import fit_controlled

IDS = np.random.default_rng(0).integers(1, 20, (24, 6)).astype(np.int32)
TARGETS = (IDS[:, :1] > 10).astype(np.float32)
EPOCHS, BATCHES = 3, 3


def model(seed=0, steps_per_execution=1):
    made = keras.Sequential(
        [
            keras.Input((6,), dtype="int32", name="ids"),
            keras.layers.Embedding(
                20, 4, embeddings_initializer=keras.initializers.RandomUniform(seed=seed), name="e"
            ),
            keras.layers.SimpleRNN(
                5,
                kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seed),
                name="l",
            ),
            keras.layers.Dense(
                1,
                "sigmoid",
                kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
                name="d",
            ),
        ],
        name="m",
    )
    made.compile(
        keras.optimizers.Adam(0.01, name="adam"),
        "binary_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=False,  # it would compile for seconds what takes milliseconds
    )
    return made


FIT = {"epochs": EPOCHS, "batch_size": 8, "shuffle": False, "verbose": 0}


class Noting:
    """Lets a training go on for so many times, and notes what it says."""

    def __init__(self, times=10**9):
        self.left, self.reports, self.so_far = times, [], []

    def go_on(self, so_far=None):
        self.left -= 1
        if so_far is not None:
            self.so_far.append(so_far())
        return self.left >= 0

    def report(self, progress):
        self.reports.append(progress)


def test_nothing_of_the_training_changes_and_each_epoch_is_reported():
    plain, controlled, noting = model(), model(), Noting()
    history = plain.fit(IDS, TARGETS, **FIT).history
    assert fit_controlled(controlled, IDS, TARGETS, control=noting, **FIT)
    for a, b in zip(plain.get_weights(), controlled.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert [(r.epoch, r.of) for r in noting.reports] == [(n, EPOCHS) for n in range(1, EPOCHS + 1)]
    assert {name: list(values) for name, values in noting.reports[-1].history.items()} == history
    assert noting.reports[0].seconds_left > 0
    assert noting.reports[-1].seconds_left == 0
    # What was reported before does not change with what comes later.
    assert [len(r.history.get("loss", ())) for r in noting.reports] == list(range(1, EPOCHS + 1))


@pytest.mark.parametrize("asked", [0, 2, 2 + BATCHES])
def test_it_stops_where_it_is_told_to(asked):
    """It asks when it begins, after each of three batches, and after each epoch."""
    stopped, noting = model(), Noting(asked)
    assert not fit_controlled(stopped, IDS, TARGETS, control=noting, **FIT)
    epochs, batches = divmod(max(asked, 0), BATCHES + 1)
    batches = max(min(epochs * BATCHES + batches, EPOCHS * BATCHES), 0)
    by_hand = model()
    rows = [slice(8 * (n % BATCHES), 8 * (n % BATCHES) + 8) for n in range(batches)]
    for at in rows:
        by_hand.train_on_batch(IDS[at], TARGETS[at])
    for a, b in zip(stopped.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


def test_it_can_say_what_it_has_learned_so_far():
    done, noting = [], Noting()
    note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: done.append(epoch))
    fit_controlled(
        model(), IDS, TARGETS, control=noting, so_far=lambda: len(done), callbacks=[note], **FIT
    )
    assert noting.so_far == [0, *[0] * 3, 1, *[1] * 3, 2, *[2] * 3, 3]


def test_the_same_seed_gives_the_same_bits_while_others_train():
    def train(seed):
        together.wait()
        trained = model(seed, steps_per_execution=BATCHES)
        fit_controlled(trained, IDS, TARGETS, control=Uncontrolled(), **FIT)
        return trained.get_weights()

    seeds = [0, 1, 2]
    together = threading.Barrier(1)
    alone = [train(seed) for seed in seeds]
    together = threading.Barrier(len(seeds))
    with ThreadPoolExecutor(len(seeds)) as threads:
        for once, again in zip(alone, threads.map(train, seeds), strict=True):
            for a, b in zip(once, again, strict=True):
                np.testing.assert_array_equal(a, b)
