"""A few runs at a time."""

import threading

import pytest

from seqviz.ui.server import turns
from seqviz.ui.server.turns import AT_ONCE, give_turn_back, others_compute, take_turn


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
