"""A few runs of the pages at a time: whoever moves a control while others wait, waits in line.

Python computes in one thread at a time. With a whole class at once, a hundred runs that share the
processor all take as long as the last of them, and taking turns every few milliseconds costs a
quarter on top. In line, each is as quick as it can be and the first are done at once.
"""

import threading
from collections.abc import Hashable
from contextlib import AbstractContextManager
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqviz.ui.server.line import Line

# More than one, since a run lets others compute while it sends its picture and where TensorFlow
# computes; not three, who take Python's lock from each other and from what sends their messages
# (`make bench ARGS=load`).
AT_ONCE: Final = 2
# Whoever has waited so long goes on without a turn. It should never happen: two hundred who come at
# once are served in half of it.
PATIENCE: Final = 60.0  # seconds
_STARTS: Final = 2  # of a run, for one turn

_line = Line(AT_ONCE)
_of_thread = threading.local()


def this_session() -> Hashable:
    """Whose run this is: all runs of a session, whatever their threads, are one's."""
    run = get_script_run_ctx(suppress_warning=True)
    return threading.get_ident() if run is None else run.session_id


class _Turn:
    """One of `AT_ONCE`, until it is given back or nobody holds it any more.

    Part of no circle: so it never goes while garbage is collected, with the line's lock held.

    Args:
        waits: Whether it stands in line; else it is one more than these.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self.starts, self.waited = 1, waits
        self._who = this_session()
        self.held = waits and _line.take(self._who, patience=PATIENCE, meanwhile=self._look_around)

    def _look_around(self, ahead: int) -> bool:
        """End a run that waits though another of its session came after it.

        Alone it keeps its place, also if a control was moved again: it begins again when it is
        called.
        """
        if _line.places(self._who) > 1:
            st.session_state.get("_at")  # asked for anything, Streamlit ends a run that is stopped
        return True

    def give_back(self) -> None:
        if self.held:
            self.held = False
            _line.give_back(self._who)

    def __del__(self) -> None:
        if hasattr(self, "held"):  # not where its page was left while it waited
            self.give_back()


def take_turn() -> None:
    """Wait until fewer than `AT_ONCE` others compute; it is this run's turn until it ends.

    Streamlit runs a page in a thread of its own, and again in the same if its controls were moved
    meanwhile. A turn is kept in the thread and goes with it, however the run ended. A run that was
    interrupted, maybe since it had to wait, may begin again with the same turn, but only once: who
    moves controls without end waits behind the others each time.
    """
    turn = getattr(_of_thread, "turn", None)
    if turn is not None and turn.starts < _STARTS:
        turn.starts += 1
        return
    give_turn_back()
    _of_thread.turn = _Turn()


def skip_the_line() -> None:
    """Have this run wait for nobody, until it calls `wait_after_all`: for an answer that may not wait.

    To be called before the page is, so where a button is heard; and only where a client cannot ask
    for it again and again without having waited in between (`has_waited`).
    """
    give_turn_back()
    _of_thread.turn = _Turn(waits=False)


def wait_after_all() -> None:
    """Wait as others do, where this run has skipped the line: its answer is given."""
    turn = getattr(_of_thread, "turn", None)
    if turn is not None and not turn.waited:
        give_turn_back()
        take_turn()


def has_waited() -> bool:
    """Whether this run has stood in line for the turn that it has."""
    turn = getattr(_of_thread, "turn", None)
    return turn is not None and turn.waited


def give_turn_back() -> None:
    """Let others compute, before something that takes seconds and has a queue of its own."""
    turn = getattr(_of_thread, "turn", None)
    if turn is not None:
        turn.give_back()
        _of_thread.turn = None


def turn_for(who: Hashable) -> AbstractContextManager[None]:
    """Wait in the same line for something that is computed beside the runs of pages."""
    return _line.turn(who, lambda ahead: True)


def others_compute() -> bool:
    """Whether it is another run's turn as well, so that both had better be quick."""
    turn = getattr(_of_thread, "turn", None)
    return _line.taken() > (turn is not None and turn.held)
