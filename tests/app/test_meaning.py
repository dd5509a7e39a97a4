"""The page about what rows come to mean."""

import json
import threading
from functools import partial

import numpy as np
import pytest
import streamlit as st

from seqviz.lessons.meaning import cached
from seqviz.tasks.word_meaning import BAD, GOOD, TASKS, WORDS
from seqviz.training.control import Uncontrolled
from seqviz.ui.server import turns
from seqviz.ui.server.trainings import AT_ONCE, Trainings
from tests.app.conftest import texts
from tests.app.contract import Contract
from tests.app.jobs import Job, until

pytestmark = pytest.mark.usefixtures("unfolded")

CONTRACTS = (
    Contract(
        defaults={
            "task": "sentiment",
            "word": "good",
            "embedding_dim": 8,
            "epochs": 40,
            "seed": 0,
        },
        frames=9,
        questions={
            "cat_dog": "no, no more than by chance",
            "opposites": "near great and near awful",
            "unseen": "exactly where it began",
        },
        unveiled={
            "opposites": "it opens with another task",
        },
        smallest=({"embedding_dim": "2", "epochs": "1"}, 2),
        proof="by real Keras layers",
        refused=None,
        examples=7,
    ),
)

PAGE = "meaning"


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def nearest(at, word):
    row = at.dataframe[0].value.set_index("word").loc[word]
    return row["nearest before"], row["nearest after"]


def words_of(text):
    return {pair.split()[0] for pair in text.split(", ")}


@pytest.mark.parametrize(
    ("task", "word", "together", "apart"),
    [
        ("sentiment", "good", {"great", "nice", "lovely"}, "bad"),
        ("topic", "dog", {"cat", "horse", "bird", "acts", "runs"}, "soup"),
        ("missing word", "cat", {"dog", "horse", "bird"}, "soup"),
    ],
)
def test_the_loss_brings_together_what_it_asks_for(open_page, task, word, together, apart):
    after = words_of(nearest(open_page(PAGE, task=task), word)[1])
    assert len(after) == 3
    assert after <= together
    assert apart not in after


def names_on_the_map(at):
    """The words that are written beside their points, without marks of bold letters."""
    shapes = json.loads(picture(at))["layout"]["shapes"]
    labels = [shape["label"] for shape in shapes if "label" in shape]
    written = [label["text"] for label in labels if label.get("textposition") == "end"]
    return {text.removeprefix("<b>").removesuffix("</b>") for text in written} - {""}


def test_what_the_loss_asks_nothing_of_stands_unnamed_unless_it_is_looked_for(open_page):
    named = names_on_the_map(open_page(PAGE, ask="none"))
    assert named >= {*GOOD, *BAD, "cat", "dog", "superb"}
    assert len(named) < len(WORDS) - 3
    assert names_on_the_map(open_page(PAGE, ask="none", word="cat")) == set(WORDS)


def test_what_the_loss_does_not_ask_for_stays_apart(open_page):
    at = open_page(PAGE)
    for word in ("cat", "horse"):
        assert not words_of(nearest(at, word)[1]) >= {"dog", "bird"}
    frame = at.dataframe[0].value.set_index("word")
    assert frame.loc["cat", "distance moved"] < 0.2 * frame.loc["good", "distance moved"]
    # Opposites fit the same gaps.
    frame = open_page(PAGE, task="missing word").dataframe[0].value.set_index("word")
    assert "good" in frame.loc["awful", "nearest after"]


@pytest.mark.parametrize("task", TASKS)
def test_a_word_that_no_sentence_holds_never_moves(open_page, task):
    at = open_page(PAGE, task=task, word="superb", outcome="true")
    frame = at.dataframe[0].value.set_index("word")
    assert frame.index[~frame["moved"]].tolist() == ["zebra", "superb"]
    assert frame.loc["superb", "distance moved"] == 0
    assert "the same, bit for bit" in texts(at)


@pytest.fixture
def pool(monkeypatch):
    """All trainings of the page, and of nobody else."""
    made = Trainings()
    monkeypatch.setattr(cached, "start", made.start)
    return made


@pytest.fixture
def others_train(pool):
    """As many other sessions train as may; each ends when asked to."""
    jobs = [Job() for _ in range(AT_ONCE)]
    for number, job in enumerate(jobs):
        pool.start(f"other {number}", job, session=number)
    until(lambda: all(job.begun for job in jobs))
    yield lambda: jobs.pop().finish()
    for job in jobs:
        job.finish()
    until(lambda: not pool.under_way())


def runs_of(pool):
    return [run for work in pool._works for run in work.runs.values()]


def test_a_stopped_training_shows_what_was_learned_and_can_go_on(open_page, monkeypatch, pool):
    class Stopping:
        """As a click on Stop after seven epochs."""

        def __init__(self, control):
            self._control = control

        def report(self, moment):
            self._control.report(moment)
            if moment.epoch == 7:
                for run in runs_of(pool):
                    run.stop()

        def go_on(self, so_far):
            return self._control.go_on(so_far)

    train = cached._train
    with monkeypatch.context() as patched:
        patched.setattr(cached, "_train", lambda job, control: train(job, Stopping(control)))
        at = open_page(PAGE, task="topic", seed=3)
    assert not at.exception
    assert "Stopped after 7 of 40 epochs." in texts(at)
    assert picture(at)
    # What does not change the training leaves it stopped.
    at.selectbox(key=f"{PAGE}_word").set_value("bad").run()
    assert "Stopped after 7 of 40 epochs." in texts(at)
    at.button(key=f"{PAGE}_again").click().run()
    assert not at.exception
    assert "Stopped" not in texts(at)
    assert pool.start((PAGE, cached.Job("topic", 8, 40, 3)), None, session="you").result.done


def test_the_same_seed_gives_the_same_bits_while_others_train(pool):
    jobs = [cached.Job("missing word", 4, 6, seed) for seed in range(AT_ONCE + 1)]
    runs = [pool.start(job, partial(cached._train, job), session=job.seed) for job in jobs]
    alone = cached._train(jobs[0], Uncontrolled())
    assert all(run.wait(60) for run in runs)
    np.testing.assert_array_equal(runs[0].result.weights, alone.weights)
    np.testing.assert_array_equal(runs[0].result.losses, alone.losses)
    assert (runs[1].result.weights != alone.weights).any()


def test_what_another_trained_before_gives_the_same_bits(pool):
    job, other = cached.Job("topic", 5, 6, 0), cached.Job("topic", 5, 3, 1)
    once = cached._train(job, Uncontrolled())
    cached._train(other, Uncontrolled())
    again = cached._train(job, Uncontrolled())
    np.testing.assert_array_equal(once.weights, again.weights)
    np.testing.assert_array_equal(once.losses, again.losses)


def test_one_that_was_stopped_in_line_can_begin_again(open_page, monkeypatch, pool, others_train):
    said = places(monkeypatch, lambda: [run.stop() for run in runs_of(pool) if run.place == 0])
    at = open_page(PAGE, seed=6)
    assert not at.exception
    assert said
    assert "Stopped before the training began: the rows are as they started." in texts(at)
    assert picture(at)
    others_train()
    at.button(key=f"{PAGE}_again").click().run()
    assert picture(at)


def test_a_training_that_breaks_off_is_no_traceback_and_can_be_tried_again(
    open_page, monkeypatch, pool
):
    def fail(job, control):
        raise ValueError("something of Keras's")

    with monkeypatch.context() as patched:
        patched.setattr(cached, "_train", fail)
        at = open_page(PAGE, seed=5)
    assert not at.exception
    assert "broke off" in at.error[0].value
    assert not at.get("plotly_chart")
    at.button(key=f"{PAGE}_again").click().run()
    assert not at.error
    assert picture(at)


def test_who_trains_keeps_nobody_from_computing(open_page, monkeypatch, pool):
    train, trained = cached._train, []
    # All that may compute at once do so, beside this run: else they would not come together.
    together = threading.Barrier(turns.AT_ONCE + 1, timeout=10)

    def compute():
        turns.take_turn()
        together.wait()

    def beside_others(*arguments):
        for _ in range(turns.AT_ONCE):
            threading.Thread(target=compute).start()
        together.wait()
        trained.append(train(*arguments))
        return trained[0]

    monkeypatch.setattr(cached, "_train", beside_others)
    at = open_page(PAGE, seed="78")
    assert not at.exception
    assert trained
    assert picture(at)


def places(monkeypatch, then):
    """What the page said while it waited; `then` is called each time."""
    said, place = [], cached.place_text

    def say(ahead):
        said.append(place(ahead))
        then()
        return said[-1]

    monkeypatch.setattr(cached, "place_text", say)
    return said


def test_who_waits_to_train_is_told_the_place_and_has_its_turn(
    open_page, monkeypatch, pool, others_train
):
    before = Job()
    pool.start("before", before, session="another student")

    def go_on():
        others_train()
        if "yours is next" in said[-1]:
            before.finish()

    said = places(monkeypatch, go_on)
    at = open_page(PAGE, seed="77")
    assert not at.exception
    assert not at.warning
    assert picture(at)
    assert said[0].startswith("1 student in line before you")
    assert "yours is next" in said[-1]


def test_emptied_caches_end_no_training_and_let_no_more_train(
    open_page, monkeypatch, pool, others_train
):
    """Anybody could empty them with one of Streamlit's messages."""
    train, at_once = cached._train, []

    def clear():
        st.cache_data.clear()
        st.cache_resource.clear()

    def train_and_clear(*arguments):
        clear()
        at_once.append(pool.under_way())
        return train(*arguments)

    monkeypatch.setattr(cached, "_train", train_and_clear)
    said = places(monkeypatch, lambda: (clear(), others_train()))
    at = open_page(PAGE, seed="79")
    assert not at.exception
    assert picture(at)
    assert said
    assert at_once == [AT_ONCE]
    assert pool.under_way() == AT_ONCE - 1
