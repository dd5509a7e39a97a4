"""The page about what rows come to mean."""

import threading

import pytest
import streamlit as st

from seqviz.lessons.meaning import cached
from seqviz.lessons.meaning.cached import Job
from seqviz.tasks import TASKS
from seqviz.ui.server import line, turns
from tests.app.conftest import texts
from tests.app.contract import Contract

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
        proof="Mean cosine between words of a kind",
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
    at = open_page(PAGE, task=task, word="superb")
    frame = at.dataframe[0].value.set_index("word")
    assert frame.index[~frame["moved"]].tolist() == ["zebra", "superb"]
    assert frame.loc["superb", "distance moved"] == 0
    assert "the same, bit for bit" in texts(at)


def test_a_stopped_training_shows_what_was_learned_and_can_go_on(open_page, monkeypatch):
    job = Job("topic", 8, 40, 3)
    asked = []

    def interrupted(job, moments, bar):
        """As Streamlit ends a run after a click: by an exception between two epochs."""
        asked.append(job)
        train(job, moments, bar)
        del moments[8:]
        raise KeyboardInterrupt

    train = cached._train
    at = open_page(PAGE)
    at.session_state[f"_{PAGE}_stopped"] = job
    part = []
    monkeypatch.setattr(cached, "_train", lambda j, m, b: (train(j, m, b), part.extend(m[:8])))
    at.selectbox(key=f"{PAGE}_task").set_value("topic")
    at.number_input(key=f"{PAGE}_seed").set_value(3.0).run()
    cached.desk._done.pop(job)
    at.session_state[f"_{PAGE}_moments"] = (job, part)
    at.run()
    assert not at.exception
    assert "Stopped after 7 of 40 epochs." in texts(at)
    assert picture(at)
    at.button(key=f"{PAGE}_again").click().run()
    assert "Stopped" not in texts(at)
    assert cached.desk.find(job).done

    # Whatever ends a run, the place is free for the next.
    monkeypatch.setattr(cached, "_train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cached.trained(PAGE, Job("topic", 2, 5, 4))
    assert asked
    assert not cached.line.taken()


def test_who_trains_keeps_nobody_from_computing(open_page, monkeypatch):
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

    monkeypatch.setattr(cached, "_train", beside_others)
    at = open_page(PAGE, seed="78")
    assert not at.exception
    assert trained
    assert picture(at)


@pytest.fixture
def others_train():
    """As many other sessions train as may; each ends when asked to."""
    for session in range(cached.AT_ONCE):
        assert cached.line.take(session, patience=0)
    training = list(range(cached.AT_ONCE))
    yield lambda: cached.line.give_back(training.pop())
    for session in training:
        cached.line.give_back(session)


def places(monkeypatch, then):
    """What the page said while it waited; `then` is called each time."""
    said, place = [], cached._place

    def say(ahead):
        said.append(place(ahead))
        then()
        return said[-1]

    monkeypatch.setattr(cached, "_place", say)
    monkeypatch.setattr(line, "GLANCE", 0.02)
    return said


class Waiting(threading.Thread):
    """Another session, which stands in line to train and is done when it is told to end."""

    def __init__(self, session):
        super().__init__()
        self._session, self._stands, self.end = session, threading.Event(), threading.Event()
        self.start()
        assert self._stands.wait(10)

    def run(self):
        with cached.line.turn(self._session, lambda ahead: self._stands.set() or True):
            self.end.wait(10)


def test_who_waits_to_train_is_told_the_place_and_has_its_turn(
    open_page, monkeypatch, others_train
):
    before = Waiting("another student")

    def go_on():
        if len(said) == 2:
            others_train()
        if "yours is next" in said[-1]:
            before.end.set()

    said = places(monkeypatch, go_on)
    at = open_page(PAGE, seed="77")
    before.join()
    assert not at.exception
    assert not at.warning
    assert picture(at)
    assert said[0].startswith("1 student in line before you")
    assert "yours is next" in said[-1]


def test_who_waits_for_a_training_gets_it_when_another_is_done(
    open_page, monkeypatch, others_train
):
    done = cached.desk.find(Job("sentiment", 8, 40, 0)) or cached.trained(
        PAGE, Job("sentiment", 8, 40, 0)
    )
    said = places(monkeypatch, lambda: cached.desk.keep(Job("sentiment", 8, 40, 99), done))
    at = open_page(PAGE, seed="99")
    assert not at.exception
    assert picture(at)
    assert said


def test_emptied_caches_end_no_training_and_let_no_more_train(open_page, monkeypatch, others_train):
    """Anybody could empty them with one of Streamlit's messages."""
    train, at_once = cached._train, []

    def train_and_clear(*arguments):
        st.cache_data.clear()
        st.cache_resource.clear()
        at_once.append(cached.line.taken())
        train(*arguments)

    monkeypatch.setattr(cached, "_train", train_and_clear)
    said = places(
        monkeypatch, lambda: (st.cache_resource.clear(), len(said) == 2 and others_train())
    )
    at = open_page(PAGE, seed="79")
    assert not at.exception
    assert picture(at)
    assert at_once == [cached.AT_ONCE]
    assert cached.line.taken() == cached.AT_ONCE - 1
    assert cached.desk.find(Job("sentiment", 8, 40, 79)).done
