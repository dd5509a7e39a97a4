"""A line with some turns, served session by session."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

# How often whoever waits looks around: sees that its page was left, or says how the line moves.
GLANCE: Final = 0.5  # seconds

Call: TypeAlias = Callable[[], Any]


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
        self._waiting: OrderedDict[Hashable, deque[Call]] = OrderedDict()
        self._lock = threading.RLock()

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
        called = threading.Event()
        call = called.set
        self.enter(who, call)
        waited = 0.0
        try:
            while not called.is_set():
                if patience is not None and waited >= patience:
                    break
                step = GLANCE if patience is None else min(GLANCE, patience - waited)
                if not called.wait(step):
                    waited += step
                    if not meanwhile(self.ahead_of(who)):
                        break
        except BaseException:
            if not self.leave(who, call):
                self.give_back(who)
            raise
        return not self.leave(who, call)

    def enter(self, who: Hashable, call: Call) -> None:
        """Stand in line without waiting there.

        Args:
            who: As for `take`.
            call: Called once when there is a turn, maybe at once, with the line's lock held. The
                turn is to be given back with `give_back`.
        """
        with self._lock:
            self._waiting.setdefault(who, deque()).append(call)
            self._call_next()

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

    def is_wanted(self) -> bool:
        """Whether anybody waits who has no turn."""
        with self._lock:
            return any(who not in self._held for who in self._waiting)

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

    def leave(self, who: Hashable, call: Call) -> bool:
        """Stand in line no longer.

        Returns:
            Whether it did until now; if not, it was called, if only in this very moment.
        """
        with self._lock:
            places = self._waiting.get(who, deque())
            if call not in places:
                return False
            places.remove(call)
            if not places:
                del self._waiting[who]
            return True

    def ahead_of(self, who: Hashable) -> int:
        """How many sessions that stand in line are served before `who`."""
        with self._lock:
            ahead = 0
            for other in self._waiting:
                if other == who:
                    break
                ahead += other not in self._held
            return ahead

    def hand_over(self, who: Hashable, to: Hashable, call: Call) -> None:
        """Have a place or a turn of `who` be another's, who has it from now on.

        Args:
            who: Whose it was.
            to: Whose it is, at the same place of the line if they do not stand there themselves.
            call: What `who` came with.
        """
        with self._lock:
            if call not in self._waiting.get(who, ()):
                self._held[to] += 1
                self.give_back(who)
                return
            standing: OrderedDict[Hashable, deque[Call]] = OrderedDict()
            for name, places in self._waiting.items():
                if name == who:
                    places.remove(call)
                    if to not in self._waiting:
                        standing[to] = deque([call])
                if places:
                    standing[name] = places
            if to in self._waiting:
                self._waiting[to].append(call)
            self._waiting = standing
            self._call_next()

    def _call_next(self) -> None:
        while self._held.total() < self._turns:
            who = next((who for who in self._waiting if who not in self._held), None)
            if who is None:
                return
            places = self._waiting[who]
            self._held[who] += 1  # theirs from now on, and never free in between
            call = places.popleft()
            if places:
                self._waiting.move_to_end(who)
            else:
                del self._waiting[who]
            call()  # last: it may come back here
