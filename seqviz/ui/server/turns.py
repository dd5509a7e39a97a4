"""A few runs of the pages at a time: whoever moves a control while others wait, waits in line.

Python computes in one thread at a time. With a whole class at once, a hundred runs that share the
processor all take as long as the last of them, and taking turns every few milliseconds costs a
quarter on top. In line, each is as quick as it can be and the first are done at once.
"""

import threading
from collections import deque
from typing import Final

# More than one, since a run lets others compute while it sends its picture and where TensorFlow
# computes; not three, who take Python's lock from each other and from what sends their messages
# (`make bench ARGS=load`).
AT_ONCE: Final = 2
# Whoever has waited so long goes on without a turn. It should never happen.
PATIENCE: Final = 20.0  # seconds


class _Line:
    """Some turns, each for the one that has waited longest.

    Python's semaphores have no order: who comes just then goes first, and the unlucky wait several
    times as long as the others.
    """

    def __init__(self, turns: int) -> None:
        self._turns = turns
        self._free = turns  # above 0 only while nobody waits
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def take(self, patience: float) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(patience):
            return True
        with self._lock:
            if not called.is_set():  # nor in this very moment
                self._waiting.remove(called)
            return called.is_set()

    def taken(self) -> int:
        return self._turns - self._free

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # it is theirs now, and was never free
            else:
                self._free += 1


_line = _Line(AT_ONCE)
_of_thread = threading.local()


class _Turn:
    """One of `AT_ONCE`, until it is given back or nobody holds it any more.

    Part of no circle: so it never goes while garbage is collected, with the line's lock held.
    """

    def __init__(self) -> None:
        self._held = _line.take(PATIENCE)

    def give_back(self) -> None:
        if self._held:
            self._held = False
            _line.give_back()

    __del__ = give_back


def take_turn() -> None:
    """Wait until fewer than `AT_ONCE` other runs compute; it is this run's turn until it ends.

    Streamlit runs a page in a thread of its own, or several times in the same if its controls
    were moved meanwhile. A turn is kept in the thread and goes with it, however the run ended.
    """
    if getattr(_of_thread, "turn", None) is None:
        _of_thread.turn = _Turn()


def give_turn_back() -> None:
    """Let others compute, before something that takes seconds and has a queue of its own."""
    turn = getattr(_of_thread, "turn", None)
    if turn is not None:
        turn.give_back()
        _of_thread.turn = None


def others_compute() -> bool:
    """Whether it is another run's turn as well, so that both had better be quick."""
    return _line.taken() > (getattr(_of_thread, "turn", None) is not None)
