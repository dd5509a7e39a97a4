"""A student's part of a room: where the class is, and the vote of this browser."""

import re
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqviz.classroom.codes import read_code
from seqviz.classroom.room import DatabaseAwayError, NoRoomError, VoteRefusedError
from seqviz.ui.classroom.given_lesson import Given, given
from seqviz.ui.classroom.rooms_here import Situation, here
from seqviz.ui.player.sources import stripped

_NAME: Final = re.compile("[0-9a-f]{32}")
_KEY: Final = "_browser"
_BROWSER: Final = st.components.v2.component("seqviz_browser", js=stripped("browser.js"))
_NAMED: Final = "_votes_by"
_ASKED: Final = "_browser_asked"
_PATIENCE: Final = 6.0  # seconds for a browser to say its name
_LAST: Final = "_class_was"
_WAITING: Final = "_votes_waiting"


class _Vote(NamedTuple):
    """A vote, as it is given or waits."""

    code: str
    name: str  # of the question, in the room
    choice: str
    text: str
    options: tuple[str, ...]
    answer: str


def browser() -> str:
    """A name that is the same for all sessions of one browser, once it has said one.

    Until then it is the session's own: good enough to limit attempts, not to count voters.
    """
    name: str | None = st.session_state.get(_NAMED) or _said()
    run = get_script_run_ctx(suppress_warning=True)
    return name or ("" if run is None else run.session_id)


def _voter() -> str | None:
    """The name that a session is counted by; None while its browser may still say one.

    It stays what it was at first, so that no session counts twice. A name taken sooner would be the
    session's own, and a browser with two tabs two voters.
    """
    if not had_time_to_say():
        return None
    name: str = st.session_state.setdefault(_NAMED, browser())
    return name


def ask_browser() -> None:
    """Ask the browser for its name, which it keeps; draws nothing that can be seen."""
    # Of a component that was on another page, Streamlit forgets what it said.
    if _said() is not None:
        st.session_state.setdefault(_NAMED, _said())
    _BROWSER(key=_KEY, data=[_NAMED in st.session_state], on_name_change=_nothing)
    st.session_state.setdefault(_ASKED, time.monotonic())


def had_time_to_say() -> bool:
    """Whether the browser has said its name, or has had time enough to."""
    asked: float = st.session_state.get(_ASKED, time.monotonic())
    return _NAMED in st.session_state or time.monotonic() - asked > _PATIENCE


def _said() -> str | None:
    """What the browser said, if it is a name."""
    said = getattr(st.session_state.get(_KEY), "name", None)
    return said if isinstance(said, str) and _NAME.fullmatch(said) else None


def _nothing() -> None:
    """A component's value is kept only where a change of it is listened to."""


def code_of(lesson: Given) -> str | None:
    """The code of the room that the address names."""
    return read_code(lesson.room.partition(".")[0])


def situation() -> Situation | None:
    """Where the class of the address is, or was last; None without a room."""
    lesson = given()
    code = code_of(lesson) if lesson is not None and lesson.room else None
    if code is None:
        return None
    found: Situation | None
    try:
        found = here.situation(code)
    except NoRoomError:
        return None
    except DatabaseAwayError:  # the class is where it was last, until somebody can say more
        found = st.session_state.get(_LAST)
        if found is None or found.room.code != code:
            return None
    st.session_state[_LAST] = found
    return found if lesson is not None and found.room.lesson == lesson.link else None


def in_room(page: str) -> Situation | None:
    """The same on a page that is the lesson's open step."""
    lesson = given()
    return situation() if lesson is not None and lesson.step.page == page else None


def question_name(question: str) -> str:
    """What a question of the open step is called in the room."""
    lesson = given()
    return f"{0 if lesson is None else lesson.at}.{question}"


def vote(question: str, choice: str, *, text: str, options: Sequence[str], answer: str) -> str:
    """Give this browser's vote; what is to be said of it, in a sentence.

    Args:
        question: Its name in the lesson.
        choice: The option that was chosen.
        text: What is asked.
        options: What can be chosen.
        answer: The right one.
    """
    now = situation()
    code = "" if now is None else now.room.code
    return _give(_Vote(code, question_name(question), choice, text, tuple(options), answer))


def send_waiting() -> bool:
    """Try once more to give the votes that could not be given; whether one waits no longer."""
    waited = list(_waiting().values())
    for one in waited:
        _give(one)
    return len(_waiting()) < len(waited)


def say_here() -> None:
    """Let the teacher's wall know that this browser is here, once it had time to say its name."""
    now = situation()
    if now is None or (voter := _voter()) is None:
        return
    try:
        here.rooms().seen(now.room.code, voter)
    except (NoRoomError, DatabaseAwayError):
        return


def _give(one: _Vote) -> str:
    """Give a vote, or keep it until it can be given; what is to be said of it."""
    _waiting().pop(one.name, None)
    try:
        rooms = here.rooms()
        asked = rooms.ask(one.code, one.name, text=one.text, options=one.options, answer=one.answer)
        if (asked.text, asked.options) != (one.text, one.options):
            return (
                "The class is asked about other settings than yours, so this does not count. "
                "Open the step anew to vote."
            )
        if asked.revealed:
            return ""
        voter = _voter()
        if voter is None:
            _waiting()[one.name] = one
            return "Your vote is on its way: give it a few seconds."
        rooms.vote(one.code, one.name, voter, one.choice)
    except DatabaseAwayError:
        _waiting()[one.name] = one
        return (
            "The room cannot be reached now. Your vote waits here and is sent as soon as it can "
            "be; the lesson goes on."
        )
    except (NoRoomError, VoteRefusedError) as error:
        return str(error)
    return "Your vote counts. You may change it until the answer is on the wall."


def _waiting() -> dict[str, _Vote]:
    """By the question's name in the room: also from another step of the lesson it is sent as that."""
    waiting: dict[str, _Vote] = st.session_state.setdefault(_WAITING, {})
    return waiting
