"""A line with some turns, served session by session."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final

# How often whoever waits looks around: sees that its page was left, or says how the line moves.
GLANCE: Final = 0.5  # seconds


class Line:
    """Some turns: the next goes to whoever has waited longest and has no turn yet.

    Python's semaphores have no order: who comes just then goes first, and the unlucky wait several
    times as long as the others. And a line without names serves whoever queues up a thousand times
    a thousand times before the next: here that one waits behind itself.

    Args:
        turns: How many at a time.
    """

    def __init__(self, turns: int) -> None:
        self._turns = turns
        self._held: Counter[Hashable] = Counter()
        # Who waits, in the order of coming or of the last turn, each with all its places.
        self._waiting: OrderedDict[Hashable, deque[threading.Event]] = OrderedDict()
        self._lock = threading.Lock()

    def take(
        self,
        who: Hashable,
        *,
        patience: float | None = None,
        meanwhile: Callable[[int], bool] = lambda ahead: True,
    ) -> bool:
        """Wait for a turn, to be given back with `give_back`.

        Args:
            who: The session. It has one turn at a time, however often it stands in line.
            patience: Seconds to wait; None for as long as it takes.
            meanwhile: Called now and then while it waits, with how many sessions are served
                before; says whether to go on waiting. What it raises leaves the line.

        Returns:
            Whether there is a turn to give back.
        """
        with self._lock:
            called = threading.Event()
            self._waiting.setdefault(who, deque()).append(called)
            self._call_next()
        waited = 0.0
        try:
            while not called.is_set():
                if patience is not None and waited >= patience:
                    break
                step = GLANCE if patience is None else min(GLANCE, patience - waited)
                if not called.wait(step):
                    waited += step
                    if not meanwhile(self._ahead_of(who)):
                        break
        except BaseException:
            if self._leave(who, called):
                self.give_back(who)
            raise
        return self._leave(who, called)

    @contextmanager
    def turn(self, who: Hashable, meanwhile: Callable[[int], bool]) -> Iterator[None]:
        """Wait as `take` does; what came of it is given back when the context ends."""
        held = self.take(who, meanwhile=meanwhile)
        try:
            yield
        finally:
            if held:
                self.give_back(who)

    def taken(self) -> int:
        """How many turns are held."""
        with self._lock:
            return self._held.total()

    def places(self, who: Hashable) -> int:
        """How many times `who` stands in line."""
        with self._lock:
            return len(self._waiting.get(who, ()))

    def give_back(self, who: Hashable) -> None:
        """Give a turn of `who` back, and call the next."""
        with self._lock:
            self._held[who] -= 1
            if not self._held[who]:
                del self._held[who]
            self._call_next()

    def _leave(self, who: Hashable, called: threading.Event) -> bool:
        """Stand in line no longer; whether it was called, if only in this very moment."""
        with self._lock:
            if called.is_set():
                return True
            self._waiting[who].remove(called)
            if not self._waiting[who]:
                del self._waiting[who]
            return False

    def _ahead_of(self, who: Hashable) -> int:
        with self._lock:
            ahead = 0
            for other in self._waiting:
                if other == who:
                    break
                ahead += other not in self._held
            return ahead

    def _call_next(self) -> None:
        while self._held.total() < self._turns:
            who = next((who for who in self._waiting if who not in self._held), None)
            if who is None:
                return
            places = self._waiting[who]
            self._held[who] += 1  # theirs from now on, and never free in between
            places.popleft().set()
            if places:
                self._waiting.move_to_end(who)
            else:
                del self._waiting[who]
