"""The frame of every page: its settings, its warm-up, its navigation."""

from pathlib import Path
from textwrap import shorten
from typing import Final

import streamlit as st

from seqviz.app import warmup
from seqviz.app.catalogue import (
    GLOSSARY,
    GROUPS,
    HOME,
    LESSONS,
    MAKE_LESSON,
    MISCONCEPTIONS,
    TEACHING,
    Page,
    page_of,
    place_of,
)
from seqviz.app.lesson_nav import known_steps, lesson_foot, lesson_navigation
from seqviz.app.links import link_to
from seqviz.app.progress import mark_visited, sum_up
from seqviz.app.unseen import opened_unseen
from seqviz.plotly_kit.figure import leave_unchecked
from seqviz.ui import words
from seqviz.ui.classroom.draft import add_this_state
from seqviz.ui.classroom.following import follow
from seqviz.ui.classroom.given_lesson import given
from seqviz.ui.lesson_parts import arrange, shows
from seqviz.ui.markdown import literal, note, say
from seqviz.ui.page import OpenPage
from seqviz.ui.player.player import have_code_sent
from seqviz.ui.question import arrive
from seqviz.ui.server.limits import set_limits
from seqviz.ui.server.shortcuts import take_shortcuts
from seqviz.ui.server.turns import take_turn
from seqviz.ui.server.uploads import take_no_files
from seqviz.ui.url_state import defaults, read_address

# A file of our own: Streamlit's icons as favicons come from a host that may be out of reach.
_FAVICON: Final = str(Path(__file__).parent / "favicon.svg")
_TITLES: Final = {lesson.key: lesson.title for lesson in LESSONS}


def open_page(page: Page, *, needs_keras: bool = True) -> OpenPage:
    """Set up `page`: title, navigation, and (lessons) Keras loaded.

    Each page calls this first and can so be opened by a deep link on a server that has just
    started. Where Keras cannot be loaded, says so and stops the page. While many others compute,
    the page waits for its turn.
    """
    if (unseen := opened_unseen.get()) is not None:
        return unseen
    set_limits()
    take_shortcuts()
    st.set_page_config(
        page_title=page.title if page is HOME else f"{page.title} · seqviz",
        page_icon=_FAVICON,
        layout="wide",
        initial_sidebar_state="collapsed" if st.context.is_embedded else "auto",
    )
    leave_unchecked()
    read_address()
    words.leave()
    _start_anew(page)
    _navigation(page)
    _go_with_the_class()
    if page in LESSONS:
        words.begin(page.key, _TITLES)
    if shows("title"):
        st.title(page.title, anchor=False)
        say(page.idea)
    arrange(page.key)
    opened = OpenPage(page.key, page.idea, warmup.settle, lambda: _foot(page))
    if not needs_keras:
        return opened
    try:
        if not warmup.is_warm():
            with st.spinner("Waking Keras up: once per server, some seconds …"):
                warmup.warm_up()
    except ImportError as error:
        st.error(
            f"Keras could not be loaded on this server ({literal(_shortened(error))}). "
            "The lessons need it. "
            "Whoever runs this server can mend it with `pip install -r requirements.txt`."
        )
        st.stop()
    take_turn()
    return opened


def _go_with_the_class() -> None:
    """In a room: go where the class was led."""
    step = follow()
    lesson = given()
    if step is not None and lesson is not None:
        known = dict(known_steps(lesson))
        if step in known:
            st.switch_page(known[step].path, query_params=lesson.address(step))


def _start_anew(page: Page) -> None:
    """Let a link of home, or of the list of misconceptions, say all of a lesson's state.

    What somebody chose there before stays with the session, weighs more than the link, and may
    contradict it. The sentence stays, unless the link has one. A step of a teacher's lesson begins
    as the teacher left it.
    """
    lesson = given()
    here = page.key if lesson is None else f"{page.key} {lesson.at}"
    came_from, st.session_state["_at"] = st.session_state.get("_at"), here
    if came_from == here:
        return
    take_no_files()
    if lesson is not None:
        for name in defaults(page.key):
            st.session_state.pop(f"{page.key}_{name}", None)
    elif came_from in (HOME.key, MISCONCEPTIONS.key):
        _forget(page)
    arrive(page.key)


def _forget(page: Page) -> None:
    """Forget what was chosen on `page`, if the link says more than a sentence."""
    sentence = {f"{page.key}_text", f"{page.key}_read_as"}
    asked = {name for name in st.query_params if name.startswith(f"{page.key}_")}
    if not asked - sentence:
        return
    for key in set(st.session_state) - (sentence - asked):
        if str(key).startswith(f"{page.key}_"):
            del st.session_state[key]


def _shortened(error: Exception) -> str:
    # TensorFlow's own message can be a page long.
    return shorten(str(error), 200, placeholder=" …") or type(error).__name__


def _navigation(here: Page) -> None:
    with st.sidebar:
        with st.container(gap=None):
            link_to(HOME, here=here)
            have_code_sent()
        if (lesson := given()) is not None:
            lesson_navigation(lesson, here)
            return
        if here is HOME:
            _links(here)
            return
        # Closed, so that the controls of the page are in sight, and empty until it is opened: the
        # links would cost a tenth of what the server does for a change of a control.
        lessons = st.expander(
            "Lessons", icon=":material/menu_book:", key=f"{here.key}_lessons", on_change="rerun"
        )
        if lessons.open:
            with lessons:
                _links(here)


def _links(here: Page) -> None:
    for group, lessons in GROUPS.items():
        note(f"{group}, {sum(lesson.minutes for lesson in lessons)} minutes")
        for number, lesson in enumerate(lessons, 1):
            link_to(lesson, here=here, label=f"{number}. {lesson.title}")
    note("At any time")
    link_to(MISCONCEPTIONS, here=here)
    link_to(GLOSSARY, here=here)
    note("For teachers")
    link_to(MAKE_LESSON, here=here)
    if here in LESSONS:
        add_this_state(here.key)
    link_to(TEACHING, here=here)
    mark_visited()


def _foot(page: Page) -> None:
    """Where the lesson stands in its track, or in a teacher's lesson, with back and next."""
    if (lesson := given()) is not None:
        lesson_foot(lesson, page)
        return
    place = place_of(page)
    if place is None:
        return
    if place.number == place.of and shows("path"):
        sum_up(place.group)
    needed = " and ".join(page_of(key).title for key in page.needs)
    # By the key, and as first and second, the player finds them, to lead on in full screen.
    with st.container(key=f"{page.key}_path", gap="xsmall"):
        note(
            f"{place.group}, lesson {place.number} of {place.of}, about {page.minutes} minutes"
            + (f"; it uses words of {needed}" if needed else "")
        )
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            if place.before is None:
                st.empty()
            else:
                link_to(place.before, here=page, label=f"Back: {place.before.title}")
            if place.after is not None:
                link_to(place.after, here=page, label=f"Next: {place.after.title}")
