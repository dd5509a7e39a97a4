"""What keeps a student's page with the class: it asks every few seconds where the class is."""

import time
from typing import Final

import streamlit as st

from seqviz.ui.classroom.given_lesson import given
from seqviz.ui.classroom.rooms_here import Situation
from seqviz.ui.classroom.voting import (
    ask_browser,
    had_time_to_say,
    say_here,
    send_waiting,
    situation,
)
from seqviz.ui.server.pace import Pace

_EVERY: Final = 3.0  # seconds
_HERE_EVERY: Final = 10.0  # seconds between two words to the wall that this browser is here
_LED_TO: Final = "_led_to"


def follow() -> int | None:
    """Draw what asks; the step that the class was led to, if this page is to go there."""
    lesson = given()
    if lesson is None or not lesson.room:
        return None
    ask_browser()
    now = situation()
    _watch(_told(now))
    if now is None or not now.room.together:
        return None
    # Only when the teacher goes on: who goes back by themselves may read there.
    led, st.session_state[_LED_TO] = st.session_state.get(_LED_TO), now.room.step
    if now.room.step in (led, lesson.at) or now.room.step >= len(lesson.plan.steps):
        return None
    return now.room.step


@st.fragment(run_every=_EVERY)
def _watch(drawn: str) -> None:
    """Run the page again once the class is elsewhere, an answer is on the wall, or a vote was sent."""
    pace: Pace = st.session_state.setdefault("_here_pace", Pace(1, 1 / _HERE_EVERY))
    # Before that nothing is said, and the next word would be ten seconds away.
    if had_time_to_say() and pace.allows(time.monotonic()):
        say_here()
    # A browser that never says its name has no run but this one, and its page says that a vote waits.
    if send_waiting() or _told(situation()) != drawn:
        st.rerun()


def _told(now: Situation | None) -> str:
    """What of a room a page is drawn from."""
    if now is None:
        return ""
    return repr((now.room.step, now.room.together, sorted(now.revealed)))
