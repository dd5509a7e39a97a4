"""The page that a lesson begins with: title, the teacher's word, the steps; joining a class."""

import streamlit as st

from seqviz.app.catalogue import LESSON
from seqviz.app.lesson_nav import known_steps, title_of
from seqviz.app.links import link_to_state
from seqviz.app.receipt import show_receipt
from seqviz.classroom.link import read_link
from seqviz.errors import SeqvizError
from seqviz.ui.classroom.given_lesson import LESSON as PARAMETER, ROOM, Given, given
from seqviz.ui.classroom.rooms_here import Situation, here
from seqviz.ui.classroom.voting import browser, situation
from seqviz.ui.markdown import literal, note


def begin_lesson() -> bool:
    """Show the lesson of the address, or of the room that it names; whether there is one."""
    lesson = given()
    if lesson is None and (link := st.query_params.get(PARAMETER)):
        _say_broken(link)
    if lesson is None and (typed := st.query_params.get(ROOM)):
        _enter(typed)
    if lesson is None:
        return False
    _show(lesson)
    return True


def join_a_class() -> None:
    """Ask for the code that is on the wall."""
    with st.form("join", border=False):
        typed = st.text_input(
            "Join a class: its code", placeholder="BCD FGH", max_chars=20, key="join_code"
        )
        if st.form_submit_button("Join", icon=":material/login:"):
            _enter(typed)


def _enter(typed: str) -> None:
    """Go to the room of a code, or say why not."""
    try:
        room = here.enter(typed, browser())
    except SeqvizError as error:
        st.error(literal(str(error)), icon=":material/meeting_room:")
        return
    parameters = {PARAMETER: room.lesson, ROOM: f"{room.code}.{room.key}"}
    st.switch_page(LESSON.path, query_params=parameters)


def _say_broken(link: str) -> None:
    try:
        read_link(link)
    except SeqvizError as error:
        st.error(literal(str(error)), icon=":material/link_off:")


def _show(lesson: Given) -> None:
    for notice in lesson.notices:
        st.info(literal(notice), icon=":material/info:")
    steps = known_steps(lesson)
    unknown = len(lesson.plan.steps) - len(steps)
    if unknown:
        st.info(
            f"{unknown} of the lesson's steps are of pages that this server does not have. "
            "They are left out.",
            icon=":material/info:",
        )
    if lesson.plan.title:
        st.header(title_of(lesson), anchor=False)
    if lesson.plan.word:
        st.markdown(literal(lesson.plan.word))
    _say_room(lesson, situation())
    with st.container(gap=None):
        for number, (at, page) in enumerate(steps, 1):
            link_to_state(page, lesson.address(at), label=f"{number}. {page.title}")
    if steps:
        at, page = steps[0]
        link_to_state(page, lesson.address(at), label=f":blue[**Begin: {page.title}**]")
    show_receipt(lesson)
    note(
        "The lesson is in this page's address: nothing is stored. What a step does not let you "
        "change is guidance: the whole of each page is there without the address's last part."
    )


def _say_room(lesson: Given, now: Situation | None) -> None:
    if not lesson.room:
        return
    if now is None:
        st.info(
            "The class's room is closed, or cannot be reached now. The lesson goes on without it.",
            icon=":material/meeting_room:",
        )
    else:
        st.success(
            f"You are in the class **{now.room.code}**. Your answers are counted there, without any "
            "name.",
            icon=":material/groups:",
        )
