"""A few runs of the pages at a time: whoever moves a control while others wait, waits in line.

Python computes in one thread at a time. With a whole class at once, a hundred runs that share the
processor all take as long as the last of them, and taking turns every few milliseconds costs a
quarter on top. In line, each is as quick as it can be and the first are done at once.
"""

import threading
from typing import Final

# More than one, since a run lets others compute while it sends its picture and where TensorFlow
# computes.
AT_ONCE: Final = 3
# Whoever has waited so long goes on without a turn. It should never happen.
PATIENCE: Final = 20.0  # seconds

_turns = threading.BoundedSemaphore(AT_ONCE)
_of_thread = threading.local()


class _Turn:
    """One of `AT_ONCE`, until it is given back or nobody holds it any more."""

    def __init__(self) -> None:
        self._held = _turns.acquire(timeout=PATIENCE)

    def give_back(self) -> None:
        if self._held:
            self._held = False
            _turns.release()

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
