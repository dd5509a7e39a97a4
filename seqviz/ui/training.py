"""How a page waits for a training that runs beside it."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from seqviz.ui.server.run import Run
from seqviz.ui.server.turns import give_turn_back, has_waited, skip_the_line, take_turn
from seqviz.wording import counted

# Seconds from one look to the next: a click is noticed only then, and one on Stop should stop.
_GLANCE: Final = 0.03
_GLANCE_IN_LINE: Final = 0.1  # where many may wait


def wait_for(run: Run, show: Callable[[], None]) -> None:
    """Return when a training has ended, and let others compute meanwhile.

    A click on anything ends the script here, as Streamlit does it; the training goes on.

    Args:
        run: The training.
        show: Called at first and then several times a second: says how far it is.
    """
    run.had_waited = has_waited()
    give_turn_back()
    while True:
        show()
        if run.wait(_GLANCE if run.place is None else _GLANCE_IN_LINE):
            break
        st.session_state.get("_at")  # asked for anything, Streamlit ends a run that is stopped
    take_turn()


def stop(run: Run) -> None:
    """Stop a training, as a button does: the page says so before it is anybody else's turn."""
    is_over = run.has_ended
    run.stop()
    if not is_over and run.had_waited:
        skip_the_line()


def place_text(ahead: int) -> str:
    """Where in the line a training stands."""
    if not ahead:
        return "Other students' models are training right now: yours is next …"
    return f"{counted(ahead, 'student')} in line before you: a training takes some seconds …"
