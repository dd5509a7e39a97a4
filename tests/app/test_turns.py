"""A few runs at a time, session by session."""

import threading
import time
from types import SimpleNamespace

import pytest

from seqviz.lessons.meaning import compute
from seqviz.ui import page
from seqviz.ui.server import line, turns
from seqviz.ui.server.line import Line
from seqviz.ui.server.trainings import Trainings
from seqviz.ui.server.turns import (
    AT_ONCE,
    give_turn_back,
    others_compute,
    skip_the_line,
    take_turn,
    wait_after_all,
)
from seqviz.ui.training import stop, wait_for
from tests.app.jobs import Job, until


class Run:
    """A thread that does what it is told, one thing after the other."""

    def __init__(self, *deeds):
        self.began, self.may_end = threading.Event(), threading.Event()
        self._deeds = deeds
        self._thread = threading.Thread(target=self._go)
        self._thread.start()

    def _go(self):
        for deed in self._deeds:
            deed()
        self.began.set()
        self.may_end.wait(10)

    def computes(self):
        return self.began.wait(10)

    def waits(self):
        return not self.began.wait(0.3)

    def end(self):
        self.may_end.set()
        self._thread.join()


@pytest.fixture
def start():
    runs = []

    def start_(*deeds):
        runs.append(Run(*deeds))
        return runs[-1]

    yield start_
    for run in runs:
        run.end()


def test_one_more_waits_until_another_run_has_ended(start):
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    waiting = start(take_turn)
    assert waiting.waits()
    running[0].end()  # and gives nothing back: whatever ends a run ends its turn
    assert waiting.computes()


def test_turns_are_taken_in_the_order_of_the_line(start):
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    waiting = []
    for _ in range(6):
        waiting.append(start(take_turn))
        assert waiting[-1].waits()
    for done, next_one in zip(running + waiting, waiting, strict=False):
        done.end()
        assert next_one.computes()
        assert not any(run.began.is_set() for run in waiting[waiting.index(next_one) + 1 :])


def test_who_skips_the_line_waits_for_nobody_once(start):
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    assert start(skip_the_line, take_turn).computes()
    assert start(skip_the_line, take_turn, take_turn).waits()


def test_who_skipped_the_line_leaves_the_others_their_turns(start):
    first = start(skip_the_line, take_turn)
    assert first.computes()
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    waiting = start(take_turn)
    first.end()
    assert waiting.waits()
    running[0].end()
    assert waiting.computes()


def test_who_skipped_the_line_waits_after_all(start):
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    assert start(skip_the_line, take_turn, wait_after_all).waits()
    running[0].end()
    running[1].end()
    assert start(take_turn, wait_after_all).computes()  # once is enough


def test_a_page_that_spoke_out_of_turn_computes_in_turn(open_page, monkeypatch):
    order, compute_journey = [], compute.compute_journey

    def noted(*given, **named):
        order.append("computes")
        return compute_journey(*given, **named)

    monkeypatch.setattr(compute, "compute_journey", noted)
    monkeypatch.setattr(page, "wait_after_all", lambda: order.append("waits"))
    assert not open_page("meaning").exception
    assert order == ["waits", "computes"]


@pytest.fixture
def training():
    """One that is under way, of which something was reported."""
    pool, job = Trainings(1, is_here=lambda session: True), Job()
    run = pool.start("key", job, session="me")
    job.step()
    until(lambda: run.progress == 1)
    yield run
    run.leave()


def watched(run, *before):
    """Watch a training in a page that ends at once, as if somebody had clicked."""

    class ClickedError(Exception):
        pass

    def show():
        raise ClickedError

    def watch():
        for deed in before:
            deed()
        with pytest.raises(ClickedError):
            wait_for(run, show)

    page = threading.Thread(target=watch)
    page.start()
    page.join(10)


def test_a_click_on_stop_is_answered_before_the_others(start, training):
    watched(training, take_turn)
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    assert start(lambda: stop(training), take_turn).computes()
    assert training.state == "stopped"
    assert start(lambda: stop(training), take_turn).waits()  # there is nothing to stop


def test_who_has_skipped_the_line_cannot_skip_it_again(start, training):
    watched(training, skip_the_line, take_turn)
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    assert start(lambda: stop(training), take_turn).waits()
    assert training.state == "stopped"


def test_a_click_on_stop_of_a_training_that_was_lost_does_not_begin_it_again(training):
    training.leave()
    assert training.is_lost
    stop(training)
    assert not training.is_lost


def test_runs_of_the_same_thread_have_one_turn(start):
    assert start(take_turn, take_turn, take_turn).computes()
    assert all(start(take_turn).computes() for _ in range(AT_ONCE - 1))
    assert start(take_turn).waits()


def test_a_turn_given_back_is_anothers_and_can_be_taken_again(start):
    for _ in range(2 * AT_ONCE):
        assert start(take_turn, give_turn_back, give_turn_back).computes()
    assert start(take_turn, give_turn_back, take_turn).computes()
    assert all(start(take_turn).computes() for _ in range(AT_ONCE - 1))
    assert start(take_turn).waits()


def test_nobody_waits_for_ever(start, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    for _ in range(AT_ONCE):
        assert start(take_turn).computes()
    late = [start(take_turn) for _ in range(3)]
    assert all(run.computes() for run in late)
    for run in late:
        run.end()
    # Those had no turn and gave none back.
    monkeypatch.setattr(turns, "PATIENCE", 20.0)
    assert start(take_turn).waits()


def test_a_run_can_tell_whether_another_computes_as_well(start):
    seen = []

    def look():
        seen.append(others_compute())

    alone = start(look, take_turn, look)
    assert alone.computes()
    assert seen == [False, False]
    assert start(look, take_turn, look).computes()
    assert seen == [False, False, True, True]
    alone.end()
    assert start(look).computes()  # the second one still does
    assert seen[4:] == [True]
    assert start(skip_the_line, take_turn, look).computes()
    assert seen[5:] == [True]


def test_a_run_has_its_turn_for_two_starts_and_is_behind_the_others_then(start):
    """Moving a control again and again starts the run of a thread again and again."""
    held = [start(take_turn) for _ in range(AT_ONCE - 1)]
    assert all(run.computes() for run in held)
    again, order = threading.Event(), []

    def moves():
        order.append("mover")
        again.wait(10)

    mover = start(take_turn, moves, take_turn, moves, take_turn, moves)
    other = start(take_turn, lambda: order.append("other"))
    assert other.waits()
    again.set()
    assert other.computes()
    assert mover.waits()
    other.end()
    assert mover.computes()
    assert order == ["mover", "mover", "other", "mover"]


class Standing:
    """Sessions that stand in a line, each place in a thread of its own."""

    def __init__(self, turns=1):
        self.line, self.served = Line(turns), []
        self._threads = []

    def stand(self, who, **arguments):
        thread = threading.Thread(target=self._take, args=(who,), kwargs=arguments)
        thread.start()
        self._threads.append(thread)
        while thread.is_alive() and not self._stands(who):
            thread.join(0.001)

    def _stands(self, who):
        stands = sum(map(len, self.line._waiting.values()))
        return stands + len(self.served) == len(self._threads)

    def _take(self, who, **arguments):
        if self.line.take(who, **arguments):
            self.served.append(who)

    def serve_all(self):
        """One after the other, as each ends."""
        for number in range(len(self._threads)):
            while len(self.served) <= number:
                pass
            self.line.give_back(self.served[number])
        for thread in self._threads:
            thread.join()
        assert not self.line.taken()
        return self.served


def test_who_stands_in_line_a_hundred_times_waits_behind_itself():
    standing = Standing()
    for _ in range(100):
        standing.stand("flood")
    standing.stand("one")
    standing.stand("other")
    standing.stand("other")
    assert standing.serve_all()[:6] == ["flood", "flood", "one", "other", "flood", "other"]


def test_a_session_has_one_turn_at_a_time():
    standing = Standing(turns=2)
    for _ in range(3):
        standing.stand("flood")
    assert standing.served == ["flood"]
    standing.stand("one")
    assert standing.served == ["flood", "one"]
    standing.serve_all()


def test_who_waits_hears_how_many_are_before_and_may_leave(monkeypatch):
    monkeypatch.setattr(line, "GLANCE", 0.001)
    standing = Standing()
    for who in ("first", "second", "second", "third"):
        standing.stand(who)
    heard = []
    assert not standing.line.take("fourth", meanwhile=lambda ahead: heard.append(ahead))
    assert heard == [2]

    def leave(ahead):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        standing.line.take("fifth", meanwhile=leave)
    with pytest.raises(KeyboardInterrupt), standing.line.turn("sixth", leave):
        pass
    assert standing.serve_all() == ["first", "second", "third", "second"]


def test_a_turn_that_comes_while_its_run_is_ended_is_given_back(monkeypatch):
    monkeypatch.setattr(line, "GLANCE", 0.001)
    some = Line(1)
    assert some.take("first", patience=0)

    def called_and_ended(ahead):
        some.give_back("first")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        some.take("second", meanwhile=called_and_ended)
    assert not some.taken()


def test_a_place_can_be_anothers():
    called, some = [], Line(1)

    def stand(name):
        def call():
            called.append(name)

        some.enter(name, call)
        return call

    calls = {name: stand(name) for name in ("a", "b", "c", "d")}
    some.hand_over("b", "new", calls["b"])  # who does not stand there has the same place
    assert (some.ahead_of("new"), some.ahead_of("c")) == (0, 1)
    some.hand_over("c", "d", calls["c"])  # who does has both, where they stand
    assert (some.ahead_of("d"), some.places("c"), some.places("d")) == (1, 0, 2)
    some.hand_over("a", "x", calls["a"])  # and a turn is theirs to give back
    assert called == ["a"]
    some.give_back("x")
    some.give_back("new")
    assert some.leave("d", calls["c"])
    assert not some.leave("d", calls["d"])  # called before
    some.give_back("d")
    assert (called, some.taken()) == (["a", "b", "d"], 0)


def test_a_waiting_run_keeps_its_place_until_another_of_its_session_comes(start, monkeypatch):
    """Streamlit ends a run that was stopped, or whose control was moved, where it asks for state."""

    class Ended(BaseException):
        pass

    class State:
        stopped = iter([True])  # one run

        def get(self, _):
            if next(self.stopped, False):
                raise Ended

    def wait(who):
        monkeypatch.setattr(turns, "this_session", lambda: who)
        run = start(lambda: ends(take_turn, who))
        while not turns._line.places(who):
            assert not run.began.wait(0.001)
        return run

    def ends(deed, who):
        try:
            deed()
        except Ended:
            ended.append(who)

    ended = []
    monkeypatch.setattr(line, "GLANCE", 0.001)
    monkeypatch.setattr(turns, "st", SimpleNamespace(session_state=State()))
    running = [start(take_turn) for _ in range(AT_ONCE)]
    assert all(run.computes() for run in running)
    alone = wait("alone")
    assert alone.waits()
    first = wait("twice")
    monkeypatch.setattr(turns, "st", SimpleNamespace(session_state={}))
    second = start(lambda: ends(take_turn, "twice"))
    while turns._line.places("twice") < 2:
        assert not second.began.wait(0.001)
    monkeypatch.setattr(turns, "st", SimpleNamespace(session_state=State()))
    # One of the two ends, and the other, alone now, keeps its place.
    while turns._line.places("twice") > 1:
        time.sleep(0.001)
    assert alone.waits()
    assert ended == ["twice"]
    running[0].end()
    assert alone.computes()
    running[1].end()
    assert first.computes()
    assert second.computes()
    assert ended == ["twice"]


def test_all_runs_of_a_session_are_one_in_line(monkeypatch):
    assert turns.this_session() == threading.get_ident()
    monkeypatch.setattr(
        turns, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="a session")
    )
    assert turns.this_session() == "a session"
