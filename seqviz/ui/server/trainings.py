"""All trainings of a process: a few at a time, each in a thread of its own.

A training takes seconds, and a page's script is ended by every click; so it runs beside, and pages
look how far it is. What two students ask for is done once. Whoever closes the page frees the place.
"""

import gc
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from seqviz.errors import SeqvizError
from seqviz.ui.server.line import Line
from seqviz.ui.server.presence import is_here
from seqviz.ui.server.run import Job, Run, Work
from seqviz.ui.server.shelf import Shelf
from seqviz.ui.server.turns import this_session
from seqviz.wording import counted

AT_ONCE: Final = 2  # trainings at a time
KEPT: Final = 64 * 2**20  # bytes of results
GONE: Final = 5.0  # seconds without a connection, after which somebody has left
UNSEEN: Final = 150.0  # seconds without a look; browsers let hidden tabs look once a minute
MOST_PAUSE: Final = 300.0  # seconds
MOST_PAUSED: Final = 16  # at a time: each keeps a model and a thread
MOST_OF_SESSION: Final = 8  # that have not ended
SLICE: Final = 10.0  # seconds, after which it is the next one's turn
_MOST_BEGUN: Final = 12  # trainings; with so many, each keeps its turn until it ends
_NICER: Final = 10  # of 19
_GLANCE: Final = 1.0  # seconds after which to look again who is here

_log = logging.getLogger(__name__)


class Trainings:
    """A pool of threads with a fair line.

    Args:
        at_once: How many trainings have a turn at a time.
        kept: Bytes of results that are kept, of trainings that were done to the end.
        is_here: Whether a session still has its page open.
        is_tidy: Whether to look for garbage after each training. A model of Keras's goes only then,
            with all that TensorFlow compiled for it: a process had 815 MB after 24 trainings, and
            694 MB when it had looked.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        *,
        kept: int = KEPT,
        is_here: Callable[[Hashable], bool] = is_here,
        is_tidy: bool = True,
    ) -> None:
        self.lock = threading.RLock()  # taken before the line's, never after it
        self._changed = threading.Condition(self.lock)
        self._line = Line(at_once)
        self._is_here = is_here
        self._is_tidy = is_tidy
        self._works: list[Work] = []  # that have not ended
        self._joinable: dict[Hashable, Work] = {}  # of these, by key
        self._done = Shelf(kept)
        self._looked = 0.0

    def start(self, key: Hashable, job: Job, *, session: Hashable = None) -> Run:
        """Have a training done, or join the one that is under way, or find what it gave.

        Args:
            key: All that the result depends on, with the lesson's name in it.
            job: Trains, and asks its `Control` on the way; called in another thread, where there
                is no page. What it returns all sessions share.
            session: Who asks; that of this run of a page if None.

        Raises:
            SeqvizError: The session has too many that have not ended.
        """
        session = this_session() if session is None else session
        with self.lock:
            self.look_around()
            found = self._done.find(key)
            if found is not None:
                run = Run(self, Work(key, session), session)
                run.settle("done", *found)
                return run
            work = self._joinable.get(key)
            joined = work is not None
            if work is None:
                work = self._new(key, job, session)
            run = work.runs.setdefault(session, Run(self, work, session))
            run.is_paused = False
            if joined:
                self._changed.notify_all()
            else:
                self._stand_in_line(work)
            return run

    def _new(self, key: Hashable, job: Job, session: Hashable) -> Work:
        if sum(session in work.runs for work in self._works) >= MOST_OF_SESSION:
            raise SeqvizError(
                f"You have {counted(MOST_OF_SESSION, 'training')} that have not ended, but no more "
                "can wait for one student. Stop one of them first."
            )
        work = Work(key, session)
        work.called = partial(self._have_turn, work, job)
        self._works.append(work)
        self._joinable[key] = work
        return work

    def clear(self) -> None:
        """Keep no results of what has ended."""
        self._done.clear()

    def under_way(self) -> int:
        """How many have a turn."""
        return self._line.taken()

    def stop(self, work: Work, run: Run) -> None:
        """As `Run.stop`."""
        with self.lock:
            run.was_stopped = True
            result = None
            if work.so_far is not None and work.progress is not None:  # something was learned
                try:
                    result = work.so_far()
                except Exception as error:
                    run.settle("failed", error=_failure(error))
            self._drop(work, run, result)

    def pause(self, work: Work, run: Run) -> None:
        """As `Run.pause`."""
        with self.lock:
            if not work.has_ended:
                run.hold_up()

    def resume(self, run: Run) -> None:
        """As `Run.resume`."""
        with self.lock:
            run.is_paused = False
            self._changed.notify_all()

    def leave(self, work: Work, run: Run) -> None:
        """As `Run.leave`."""
        with self.lock:
            self._drop(work, run)

    def wait_for(self, work: Work, happened: Callable[[], bool], seconds: float | None) -> bool:
        """Wait until something has happened under the lock; whether it has."""
        until = math.inf if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not happened() and (left := until - time.monotonic()) > 0:
                self._changed.wait_for(happened, min(left, _GLANCE))
                self.look_around(work)
            return happened()

    def ahead_of(self, work: Work) -> int:
        """How many sessions are served before it."""
        return self._line.ahead_of(work.owner)

    def look_around(self, work: Work | None = None) -> None:
        """See whether a training's thread still lives and, now and then, who has left.

        To be called under the lock.
        """
        thread = None if work is None or work.has_ended else work.thread
        if work and thread and thread.ident is not None and not thread.is_alive():
            self._end(work, error=RuntimeError("The thread of this training was ended."))
        now = time.monotonic()
        if now - self._looked < _GLANCE:
            return
        self._looked = now
        for other in list(self._works):
            for session, run in list(other.runs.items()):
                if self._is_here(session):
                    run.here = now
                if now - run.here > GONE or now - run.seen > UNSEEN:
                    self._drop(other, run)

    def _drop(self, work: Work, run: Run, result: Any = None) -> None:
        """Have a session watch no longer; the others go on, in its place of the line."""
        run.settle("stopped", result)
        if work.runs.get(run.session) is not run:
            return
        del work.runs[run.session]
        if not work.runs:
            self._tell_to_stop(work)
            if work.thread is None:
                self._end(work)
        elif run.session == work.owner:
            to = next(iter(work.runs))
            if work.is_in_line or work.has_turn:
                self._line.hand_over(work.owner, to, work.called)
            work.owner = to
        self._changed.notify_all()

    def _tell_to_stop(self, work: Work) -> None:
        work.is_told_to_stop = True
        self._let_nobody_join(work)

    def _let_nobody_join(self, work: Work) -> None:
        if self._joinable.get(work.key) is work:
            del self._joinable[work.key]

    def _stand_in_line(self, work: Work) -> None:
        work.is_in_line = True
        self._line.enter(work.owner, work.called)

    def _give_up_place(self, work: Work) -> None:
        """Have neither a turn nor a place in line."""
        if work.is_in_line:
            work.is_in_line = False
            self._line.leave(work.owner, work.called)
        if work.has_turn:
            work.has_turn = False
            self._line.give_back(work.owner)

    def _have_turn(self, work: Work, job: Job) -> None:
        """It is its turn; under the lock, as all that is asked of the line."""
        work.is_in_line, work.has_turn, work.turn_began = False, True, time.monotonic()
        if work.thread is not None:
            self._changed.notify_all()
            return
        work.thread = threading.Thread(
            target=self._train, args=(work, job), name="seqviz-training", daemon=True
        )
        try:
            work.thread.start()
        except RuntimeError as error:  # the system gives no more threads
            self._end(work, error=error)

    def _train(self, work: Work, job: Job) -> None:
        _be_nice()
        try:
            result = job(_OfWork(self, work))
        except BaseException as error:  # also SystemExit, or what somebody raised in this thread
            self._end(work, error=error)
        else:
            self._end(work, result)
        if self._is_tidy:
            gc.collect()

    def _end(self, work: Work, result: Any = None, error: BaseException | None = None) -> None:
        failure = None if error is None else _failure(error)
        with self.lock:
            if work.has_ended:
                return
            work.has_ended = True
            self._works.remove(work)
            self._let_nobody_join(work)
            self._give_up_place(work)
            work.called, work.so_far = (lambda: None), None  # they hold all that the job holds
            if failure is None and not work.is_told_to_stop:
                self._done.keep(work.key, result)
            for run in work.runs.values():
                run.settle("done" if failure is None else "failed", result, failure)
            work.runs.clear()
            self._changed.notify_all()

    def go_on(self, work: Work, so_far: Callable[[], Any] | None) -> bool:
        """As `Control.go_on`, in the training's own thread."""
        has_waited = False
        with self._changed:
            work.so_far = so_far
            while True:
                self.look_around()
                if not work.runs:
                    self._tell_to_stop(work)
                    return False
                if self._has_turn(work, has_waited):
                    return True
                has_waited = True
                self._changed.wait(_GLANCE)

    def _has_turn(self, work: Work, has_waited: bool) -> bool:
        """Whether it may go on now; if not, others train, and it stands in line unless paused."""
        if all(run.is_paused for run in work.runs.values()):
            self._give_up_place(work)
            work.paused_since = work.paused_since or time.monotonic()
            self._end_pauses()
            return False
        work.paused_since = None
        if work.has_turn and not has_waited and self._should_step_aside(work):
            self._give_up_place(work)
        if not work.has_turn and not work.is_in_line:
            self._stand_in_line(work)
        return work.has_turn

    def _should_step_aside(self, work: Work) -> bool:
        if time.monotonic() - work.turn_began < SLICE or not self._line.is_wanted():
            return False
        return sum(other.thread is not None for other in self._works) < _MOST_BEGUN

    def _end_pauses(self) -> None:
        """Stop what is held up for too long, and the oldest of too many."""
        now = time.monotonic()
        paused = [(work.paused_since, work) for work in self._works if work.paused_since]
        paused.sort(key=lambda pair: pair[0])
        for place, (since, work) in enumerate(reversed(paused)):
            if place >= MOST_PAUSED or now - since > MOST_PAUSE:
                for run in list(work.runs.values()):
                    self.stop(work, run)


class _OfWork:
    """The `Control` of one training."""

    def __init__(self, pool: Trainings, work: Work) -> None:
        self._pool, self._work = pool, work

    def go_on(self, so_far: Callable[[], Any] | None = None) -> bool:
        return self._pool.go_on(self._work, so_far)

    def report(self, progress: Any) -> None:
        if self._work.progress is None:
            # Until now it compiled. If it stepped aside here, many would compile, and none learn.
            self._work.turn_began = time.monotonic()
        self._work.progress = progress


def _be_nice() -> None:
    """Have the processor serve other threads first: those of pages, which somebody waits for.

    Measured on two busy processors: with two or three trainings under way a page takes 1.4 times as
    long as with none, and without this 2.6 to 3.1 times. Linux counts threads one by one; on other
    systems it would be the whole process.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            # Not of this thread: one that a training's thread began is as nice as that.
            usual = os.getpriority(os.PRIO_PROCESS, os.getpid())
            nice = min(usual + _NICER, 19)
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


def _failure(error: BaseException) -> Exception:
    """What a page is told of an error, without the frames, which hold models; the log is told all."""
    if not isinstance(error, SeqvizError):
        _log.error("A training failed", exc_info=error)
    link: BaseException | None = error
    while link is not None and link.__traceback__ is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    if isinstance(error, Exception):
        return error
    return RuntimeError(f"The thread of this training was ended: {type(error).__name__}.")


_trainings: Final = Trainings()
# What takes less than a second does not wait behind what takes many.
_brief: Final = Trainings(1, kept=0, is_here=lambda session: True, is_tidy=False)


def start(key: Hashable, job: Job) -> Run:
    """As `Trainings.start`, in the pool of this process."""
    return _trainings.start(key, job)


def train_briefly(key: Hashable, job: Job) -> Any:
    """Do a training of less than a second, beside those of `start`, and wait for what it returns.

    One at a time, in a thread of the pool's own. Nothing of it is kept.

    Raises:
        Exception: What the job raised.
    """
    run = _brief.start(key, job)
    run.wait()
    if run.error is not None:
        raise run.error
    return run.result
