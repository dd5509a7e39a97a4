"""A training as one session sees it."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from seqviz.training.control import Control

if TYPE_CHECKING:
    from seqviz.ui.server.trainings import Trainings

State: TypeAlias = Literal["waiting", "running", "paused", "done", "stopped", "failed"]
Job: TypeAlias = Callable[[Control], Any]
_End: TypeAlias = Literal["done", "stopped", "failed"]


class Work:
    """A training as the pool sees it: done once, for all who watch. Read under the pool's lock."""

    def __init__(self, key: Hashable, owner: Hashable) -> None:
        self.key = key
        self.owner = owner  # in whose name it stands in line
        self.called: Callable[[], None] = lambda: None  # what it stands there with
        self.runs: dict[Hashable, Run] = {}  # of who watches, by session
        self.thread: threading.Thread | None = None  # from its first turn on
        self.is_in_line = self.has_turn = self.is_told_to_stop = self.has_ended = False
        self.turn_began = 0.0
        self.paused_since: float | None = None  # if it is held up
        self.progress: Any = None
        self.so_far: Callable[[], Any] | None = None


class Run:
    """A training that a session asked for, or joined since another had asked for the same.

    What one session does to it is not seen by the others: a training is only stopped, or held up,
    when all who watch it want that. Whoever does not read `state` for `trainings.UNSEEN` seconds,
    or closes the page, watches no longer.
    """

    def __init__(self, pool: "Trainings", work: Work, session: Hashable) -> None:
        self._pool, self._work = pool, work
        self.key, self.session = work.key, session
        self.seen = self.here = time.monotonic()
        self.is_paused = False
        self.was_stopped = False
        self.had_waited = False  # the page that watches it, for its turn
        self._frozen: Any = None  # the progress, where this session sees no more of it
        self._end: _End | None = None
        self._result: Any = None
        self._error: Exception | None = None

    @property
    def state(self) -> State:
        """What it does: one of `State`."""
        with self._pool.lock:
            self.seen = time.monotonic()
            self._pool.look_around(self._work)
            if self._end is not None:
                return self._end
            if self.is_paused:
                return "paused"
            return "running" if self._work.has_turn else "waiting"

    @property
    def has_ended(self) -> bool:
        """Whether it is done, stopped or failed."""
        return self.state in ("done", "stopped", "failed")

    @property
    def is_lost(self) -> bool:
        """Whether it was ended since this session seemed to have left, and not by a wish of it."""
        return self.state == "stopped" and not self.was_stopped

    @property
    def place(self) -> int | None:
        """How many sessions are served before, if it waits; 0 if it is next."""
        with self._pool.lock:
            return self._pool.ahead_of(self._work) if self.state == "waiting" else None

    @property
    def progress(self) -> Any:
        """What the training reported last, such as a `Progress`; None if nothing yet."""
        with self._pool.lock:
            frozen = self.is_paused or self._end is not None
            return self._frozen if frozen else self._work.progress

    @property
    def result(self) -> Any:
        """What it returned, if it is done; of a stopped one what it had learned, or None."""
        return self._result

    @property
    def error(self) -> Exception | None:
        """Why it failed."""
        return self._error

    def stop(self) -> None:
        """End it for this session, at once, with what was learned so far.

        Its thread goes on until it asks, which may be seconds later while TensorFlow compiles.
        """
        self._pool.stop(self._work, self)

    def pause(self) -> None:
        """Have it wait; after `trainings.MOST_PAUSE` seconds it is stopped."""
        self._pool.pause(self._work, self)

    def resume(self) -> None:
        """Go on."""
        self._pool.resume(self)

    def leave(self) -> None:
        """Watch it no longer: it ends if nobody else does, and this session gets nothing of it."""
        self._pool.leave(self._work, self)

    def wait(self, seconds: float | None = None) -> bool:
        """Return when it has ended, or after some seconds; whether it has."""
        return self._pool.wait_for(self._work, lambda: self._end is not None, seconds)

    def hold_up(self) -> None:
        """Be paused, and see no more of the progress. For the pool, as all below."""
        if not self.is_paused and self._end is None:
            self._frozen, self.is_paused = self._work.progress, True

    def settle(self, end: _End, result: Any = None, error: Exception | None = None) -> None:
        """It is over for this session; only the first end counts."""
        if self._end is None:
            if not self.is_paused:
                self._frozen = self._work.progress
            self._end, self._result, self._error = end, result, error
