"""Trainings of all sessions: a few at a time, each once, in a fair line."""

import ctypes
import gc
import os
import sys
import threading
import time
import weakref

import numpy as np
import pytest
import streamlit as st
from streamlit.runtime import Runtime

from seqviz.errors import SeqvizError
from seqviz.ui.server import trainings
from seqviz.ui.server.presence import is_here
from seqviz.ui.server.shelf import Shelf, bytes_of
from seqviz.ui.server.trainings import MOST_OF_SESSION, Trainings, train_briefly
from tests.app.jobs import Failing, Job, until


@pytest.fixture
def pool():
    made = Trainings(2)
    yield made
    with made.lock:
        for work in list(made._works):
            for run in list(work.runs.values()):
                run.leave()
    until(lambda: not made.under_way())


def start_running(pool, *names):
    """One training for each session."""
    jobs = [Job() for _ in names]
    runs = [pool.start(name, job, session=name) for name, job in zip(names, jobs, strict=True)]
    until(lambda: all(job.begun for job in jobs))
    return list(zip(runs, jobs, strict=True))


def test_a_training_runs_beside_its_page_and_says_how_far_it_is(pool):
    job = Job()
    run = pool.start("key", job, session="me")
    assert run.state in ("waiting", "running")
    job.step(2)
    until(lambda: run.progress == 2)
    assert (run.state, run.result) == ("running", None)
    job.step()
    assert run.wait(10)
    assert (run.state, run.result, run.progress, run.error) == ("done", "3 of 3", 3, None)
    assert job.thread != threading.get_ident()
    assert not pool.under_way()


def test_those_who_come_later_wait_and_are_told_their_place(pool):
    (_, first), _ = start_running(pool, "a", "b")
    waiting = [pool.start(name, Job(), session=name) for name in "cde"]
    assert [(run.state, run.place) for run in waiting] == [
        ("waiting", 0), ("waiting", 1), ("waiting", 2),
    ]  # fmt: skip
    first.finish()
    until(lambda: waiting[0].state == "running")
    assert [run.place for run in waiting] == [None, 0, 1]
    assert pool.under_way() == 2


def test_who_asks_for_many_waits_behind_itself(pool):
    (_, first), (_, second) = start_running(pool, "a", "b")
    many = [Job() for _ in range(3)]
    for number, job in enumerate(many):
        pool.start(number, job, session="many")
    late = Job()
    pool.start("late", late, session="late")
    first.finish()
    second.finish()
    until(lambda: late.begun and many[0].begun)
    assert not many[1].begun  # one at a time, although it came before the late one
    late.finish()
    late = Job()
    pool.start("later", late, session="later")
    until(lambda: late.begun)
    many[0].finish()
    until(lambda: many[1].begun)
    for job in (late, *many):
        job.finish()


def test_a_session_cannot_have_any_number_of_trainings_wait(pool):
    runs = [pool.start(number, Job(), session="me") for number in range(MOST_OF_SESSION)]
    with pytest.raises(SeqvizError, match="Stop one of them first"):
        pool.start("one more", Job(), session="me")
    pool.start("one more", Job(), session="you")
    runs[-1].stop()
    pool.start("another", Job(), session="me")


def test_equal_settings_are_trained_once_and_kept(pool):
    job, other = Job(), Job()
    mine = pool.start("same", job, session="me")
    yours = pool.start("same", other, session="you")
    assert pool.start("same", other, session="me") is mine
    job.finish()
    assert mine.wait(10)
    assert yours.wait(10)
    later = pool.start("same", other, session="late")
    assert [run.result for run in (mine, yours, later)] == ["3 of 3"] * 3
    assert (later.state, other.begun) == ("done", 0)


def test_a_stopped_training_keeps_what_it_learned_and_is_nobody_elses(pool):
    ((run, job),) = start_running(pool, "me")
    job.step(2)
    until(lambda: run.progress == 2)
    run.stop()
    assert run.wait(10)
    assert (run.state, run.result, run.progress) == ("stopped", "2 of 3", 2)
    assert not run.is_lost
    again = Job()
    assert pool.start("me", again, session="you") is not run
    until(lambda: again.begun)


def test_who_stops_alone_gets_what_was_learned_and_the_others_go_on(pool):
    ((mine, job),) = start_running(pool, "me")
    yours = pool.start("me", job, session="you")
    job.step(1)
    until(lambda: yours.progress == 1)
    mine.stop()
    assert mine.wait(10)
    assert (mine.state, mine.result) == ("stopped", "1 of 3")
    assert yours.state == "running"
    job.finish()
    assert yours.wait(10)
    assert (yours.result, mine.result, mine.progress) == ("3 of 3", "1 of 3", 1)


def test_who_stopped_the_training_of_others_does_not_wait_for_it(pool):
    ((mine, job), _) = start_running(pool, "me", "other")
    yours = pool.start("me", job, session="you")
    mine.stop()
    assert mine.wait(10)
    next_one, theirs = Job(), Job()
    pool.start("my next", next_one, session="me")
    pool.start("your next", theirs, session="you")
    pool.start("other's next", Job(), session="other")
    job.finish()
    assert yours.wait(10)
    until(lambda: next_one.begun)
    assert not theirs.begun
    next_one.finish()
    until(lambda: theirs.begun)


def test_one_that_waits_is_stopped_at_once_and_its_place_is_free(pool):
    running = start_running(pool, "a", "b")
    first, second = Job(), Job()
    run = pool.start("c", first, session="c")
    behind = pool.start("d", second, session="d")
    run.stop()
    assert (run.state, run.result) == ("stopped", None)
    assert behind.place == 0
    running[0][1].finish()
    until(lambda: second.begun)
    assert not first.begun
    # Nothing is kept of what never began.
    assert pool.start("c", first, session="c").state == "waiting"


def test_one_that_compiles_is_stopped_at_once_and_ends_when_it_asks(pool):
    hold, held, asked = threading.Event(), threading.Event(), []

    def job(control):
        held.set()
        hold.wait(10)
        asked.append(control.go_on())

    run = pool.start("key", job, session="me")
    assert held.wait(10)
    run.stop()
    assert (run.state, run.result) == ("stopped", None)
    assert pool.under_way() == 1
    again = Job()
    assert pool.start("key", again, session="me") is not run
    hold.set()
    until(lambda: asked)
    assert asked == [False]
    until(lambda: again.begun and pool.under_way() == 1)
    again.finish()


def test_one_that_two_wait_for_keeps_its_place_if_the_first_stops(pool):
    running = start_running(pool, "a", "b")
    shared, behind = Job(), Job()
    mine = pool.start("c", shared, session="me")
    pool.start("d", behind, session="d")
    yours = pool.start("c", shared, session="you")
    mine.stop()
    assert (mine.state, yours.place) == ("stopped", 0)
    running[0][1].finish()
    until(lambda: shared.begun)
    assert not behind.begun


def test_in_the_midst_of_a_step_it_is_stopped_at_once_with_what_it_had_learned(pool):
    hold, held, asked = threading.Event(), threading.Event(), []

    def job(control):
        control.report("a step")
        control.go_on(lambda: "a step")
        held.set()
        hold.wait(10)
        asked.append(control.go_on(lambda: "two steps"))

    run = pool.start("key", job, session="me")
    assert held.wait(10)
    run.stop()
    assert (run.state, run.result, asked) == ("stopped", "a step", [])
    hold.set()
    until(lambda: asked)
    assert asked == [False]


def test_who_stopped_by_mistake_joins_those_who_still_train(pool):
    ((mine, job),) = start_running(pool, "me")
    yours = pool.start("me", job, session="you")
    job.step()
    until(lambda: mine.progress == 1)
    mine.stop()
    again = pool.start("me", Job(), session="me")
    assert (mine.state, again.state) == ("stopped", "running")
    job.finish()
    assert again.wait(10)
    assert yours.wait(10)
    assert (again.result, mine.result) == ("3 of 3", "1 of 3")


def test_a_paused_training_lets_others_train_and_goes_on(pool):
    (mine, job), _ = start_running(pool, "me", "b")
    job.step()
    until(lambda: mine.progress == 1)
    mine.pause()
    other = Job()
    pool.start("c", other, session="c")
    until(lambda: other.begun)
    assert (mine.state, mine.progress) == ("paused", 1)
    mine.resume()
    assert mine.state == "waiting"
    other.finish()
    until(lambda: mine.state == "running")
    job.finish()
    assert mine.wait(10)
    assert mine.result == "3 of 3"


def test_who_pauses_alone_sees_it_stand_still_while_the_others_go_on(pool):
    ((mine, job),) = start_running(pool, "me")
    yours = pool.start("me", job, session="you")
    mine.pause()
    job.step(2)
    until(lambda: yours.progress == 2)
    assert (mine.state, mine.progress) == ("paused", None)
    mine.resume()
    assert (mine.state, mine.progress) == ("running", 2)


def test_a_paused_training_can_be_stopped(pool):
    ((run, job),) = start_running(pool, "me")
    job.step()
    until(lambda: run.progress == 1)
    run.pause()
    until(lambda: not pool.under_way())
    run.stop()
    assert run.wait(10)
    assert (run.state, run.result) == ("stopped", "1 of 3")


def test_a_pause_has_an_end_and_so_has_the_number_of_those_who_pause(pool, monkeypatch):
    monkeypatch.setattr(trainings, "MOST_PAUSED", 1)
    (first, _), (second, _) = start_running(pool, "a", "b")
    first.pause()
    until(lambda: pool.under_way() == 1)
    second.pause()
    assert first.wait(10)
    assert (first.state, second.state) == ("stopped", "paused")
    monkeypatch.setattr(trainings, "MOST_PAUSE", 0.0)
    assert second.wait(10)
    assert second.state == "stopped"


def test_a_long_training_lets_the_next_have_its_turn(pool, monkeypatch):
    monkeypatch.setattr(trainings, "SLICE", 0.0)
    running = start_running(pool, "a", "b")
    late = Job()
    pool.start("c", late, session="c")
    until(lambda: late.begun)
    assert pool.under_way() <= 2
    for _, job in running:
        job.finish()
    assert all(run.wait(10) for run, _ in running)
    assert [run.result for run, _ in running] == ["3 of 3"] * 2


def test_what_compiled_for_long_keeps_its_turn_to_learn(pool):
    compiled, learned, late = threading.Event(), threading.Barrier(2), Job()

    def job(control):
        compiled.wait(10)
        control.report("an epoch")
        control.go_on()
        learned.wait(10)  # neither has ended before the other has learned
        return "learned"

    runs = [pool.start(name, job, session=name) for name in "ab"]
    until(lambda: pool.under_way() == 2)
    for work in pool._works:
        work.turn_began -= 2 * trainings.SLICE
    pool.start("c", late, session="c")
    compiled.set()
    assert all(run.wait(10) for run in runs)
    assert [run.result for run in runs] == ["learned"] * 2
    late.finish()


def test_turns_are_not_shared_among_more_than_memory_has_room_for(pool, monkeypatch):
    monkeypatch.setattr(trainings, "SLICE", 0.0)
    monkeypatch.setattr(trainings, "_MOST_BEGUN", 2)
    running = start_running(pool, "a", "b")
    late = Job()
    pool.start("c", late, session="c")
    for _ in range(20):
        assert not late.begun
        time.sleep(0.005)
    running[0][1].finish()
    until(lambda: late.begun)


@pytest.fixture
def present(monkeypatch):
    """A pool, and the sessions that have their page open."""
    monkeypatch.setattr(trainings, "GONE", 0.0)
    monkeypatch.setattr(trainings, "_GLANCE", 0.01)
    here = {"a", "b", "c"}
    return Trainings(1, is_here=here.__contains__), here


def test_who_closes_the_page_frees_the_place(present):
    pool, here = present
    running, waiting, last = Job(), Job(), Job()
    run = pool.start("a", running, session="a")
    until(lambda: running.begun)
    pool.start("b", waiting, session="b")
    pool.start("c", last, session="c")
    here.remove("b")
    here.remove("a")
    until(lambda: last.begun)
    assert not waiting.begun
    assert (run.state, run.is_lost) == ("stopped", True)
    last.finish()
    until(lambda: not pool.under_way())


def test_streamlit_says_whose_page_is_open(monkeypatch):
    class Server:
        def is_active_session(self, session):
            return session == "open"

    assert is_here("open")
    monkeypatch.setattr(Runtime, "_instance", Server())
    assert is_here("open")
    assert not is_here("closed")
    assert is_here(threading.get_ident())  # a script, which has no page


def test_who_closes_the_page_leaves_the_training_to_who_watches_it_too(present):
    pool, here = present
    job = Job()
    mine = pool.start("same", job, session="a")
    yours = pool.start("same", job, session="b")
    here.remove("a")
    until(lambda: mine.state == "stopped")
    assert yours.state == "running"
    job.finish()
    assert yours.wait(10)
    assert yours.state == "done"


def test_what_nobody_looks_at_any_more_ends(pool, monkeypatch):
    monkeypatch.setattr(trainings, "UNSEEN", 0.0)
    monkeypatch.setattr(trainings, "_GLANCE", 0.01)
    start_running(pool, "a")
    until(lambda: not pool.under_way())


@pytest.mark.parametrize("error", [ValueError("wrong"), SystemExit(1), KeyboardInterrupt()])
def test_one_that_fails_says_so_and_the_others_go_on(pool, error):
    job, other = Failing(error), Job()
    run = pool.start("failing", job, session="a")
    also = pool.start("failing", job, session="c")
    fine = pool.start("fine", other, session="b")
    job.step()
    assert run.wait(10)
    assert also.wait(10)
    assert (run.state, also.state) == ("failed", "failed")
    assert str(error) in str(run.error) or type(error).__name__ in str(run.error)
    assert isinstance(run.error, Exception)
    other.finish()
    assert fine.wait(10)
    assert fine.state == "done"
    # Nothing is kept of it: it can be tried again.
    again = Job()
    retry = pool.start("failing", again, session="a")
    again.finish()
    assert retry.wait(10)
    assert (retry.state, pool.under_way()) == ("done", 0)


def test_a_thread_that_is_killed_takes_nobody_along(pool):
    def job(control):
        threads.append(threading.get_ident())
        # Asks for nothing: killed between a lock and its `with`, a thread would keep the lock.
        while True:
            time.sleep(0.001)

    threads = []
    ((fine, other),) = start_running(pool, "b")
    run = pool.start("a", job, session="a")
    until(lambda: threads)
    killed = ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(threads[0]), ctypes.py_object(SystemExit)
    )
    assert killed == 1
    until(lambda: run.state == "failed")
    late = Job()
    pool.start("c", late, session="c")
    until(lambda: late.begun)
    other.finish()
    assert fine.wait(10)
    assert fine.state == "done"


def test_a_thread_that_ends_without_a_word_is_found(pool, monkeypatch):
    """As if it was killed while it said that it ends."""
    with monkeypatch.context() as patched:
        patched.setattr(pool, "_end", lambda *_, **__: None)
        run = pool.start("key", lambda control: None, session="me")
        until(lambda: not run._work.thread.is_alive())
    until(lambda: run.state == "failed")
    assert not pool.under_way()


def test_where_the_system_gives_no_threads_the_place_is_free_again(pool, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        run = pool.start("key", Job(), session="me")
    assert (run.state, str(run.error)) == ("failed", "can't start new thread")
    start_running(pool, "a", "b")


def test_emptied_caches_end_no_training_and_forget_none(pool):
    """Anybody could empty Streamlit's with one of its messages."""
    ((run, job),) = start_running(pool, "me")
    job.step()
    st.cache_data.clear()
    st.cache_resource.clear()
    pool.clear()
    job.finish()
    assert run.wait(10)
    assert run.result == "3 of 3"
    st.cache_data.clear()
    st.cache_resource.clear()
    assert pool.start("me", Job(), session="you").state == "done"


def test_a_failed_training_keeps_no_frames_with_what_it_had_in_memory(pool):
    def job(control):
        try:
            raise KeyError("cause")
        except KeyError as cause:
            raise ValueError("wrong") from cause

    run = pool.start("key", job, session="me")
    assert run.wait(10)
    assert run.error.__traceback__ is None
    assert run.error.__cause__.__traceback__ is None


def test_what_a_training_made_is_gone_when_it_is_over(pool):
    class Model:
        def __init__(self):
            self.itself = self  # in a circle, as Keras's are

    made = []

    def job(control):
        made.append(weakref.ref(Model()))

    gc.disable()
    try:
        assert pool.start("key", job, session="me").wait(10)
        until(lambda: made[0]() is None)
    finally:
        gc.enable()


def test_a_brief_training_does_not_wait_behind_long_ones():
    def refuse(control):
        raise SeqvizError("no such thing")

    long = [Job(), Job(), Job()]
    runs = [trainings._trainings.start(f"long {n}", job, session=n) for n, job in enumerate(long)]
    assert train_briefly("brief", lambda control: threading.get_ident()) != threading.get_ident()
    for job in long:
        job.finish()
    assert all(run.wait(10) for run in runs)
    with pytest.raises(SeqvizError, match="no such thing"):
        train_briefly("brief", refuse)


def test_results_are_kept_within_a_bound():
    shelf = Shelf(100_000)
    for number in range(100):
        shelf.keep(number, np.zeros(1_000))  # 8 kB
    kept = [number for number in range(100) if shelf.find(number)]
    assert kept == list(range(88, 100))
    shelf.find(88)
    shelf.keep("next", np.zeros(1_000))
    assert shelf.find(88)
    assert not shelf.find(89)
    shelf.keep("too large", np.zeros(10_000))
    assert not shelf.find("too large")
    shelf.keep(88, None)
    assert shelf.find(88) == (None,)


def test_the_size_of_a_result_is_that_of_all_its_parts():
    class Slotted:
        __slots__ = ("array",)

        def __init__(self, array):
            self.array = array

    array = np.zeros(1_000)
    for whole in (
        array,
        [array, array],
        {"a": (array,)},
        Slotted(array),
        array[:1],
        Failing(array),
    ):
        assert 8_000 <= bytes_of(whole) < 10_000, whole
    assert bytes_of([np.zeros(1_000), np.zeros(1_000)]) > 16_000


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own there")
def test_pages_go_before_trainings(pool):
    def priority(_=None):
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    running = start_running(pool, "a", "b")
    run = pool.start("key", priority, session="me")  # begins when another's thread ends
    for _, job in running:
        job.finish()
    assert run.wait(10)
    assert run.result == min(os.getpriority(os.PRIO_PROCESS, os.getpid()) + 10, 19)
