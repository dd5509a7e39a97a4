"""The navigation of a lesson that a teacher sent: its steps only, back and next, how far one is."""

import streamlit as st

from seqviz.app.catalogue import LESSON, LESSONS, Page
from seqviz.app.links import link_to_state
from seqviz.ui.classroom.given_lesson import Given
from seqviz.ui.markdown import literal, note


def known_steps(lesson: Given) -> list[tuple[int, Page]]:
    """The steps whose pages this server has, with their places in the lesson."""
    pages = {page.key: page for page in LESSONS}
    return [
        (at, pages[step.page]) for at, step in enumerate(lesson.plan.steps) if step.page in pages
    ]


def title_of(lesson: Given) -> str:
    """Its title as Markdown."""
    return literal(lesson.plan.title) or "A lesson"


def lesson_navigation(lesson: Given, here: Page) -> None:
    """Draw the steps, the open one in bold."""
    steps = known_steps(lesson)
    with st.container(gap=None):
        link_to_state(LESSON, lesson.beginning(), label=f"**{title_of(lesson)}**")
        for number, (at, page) in enumerate(steps, 1):
            title = f"{number}. {page.title}"
            open_now = here is page and at == lesson.at
            link_to_state(page, lesson.address(at), label=f"**{title}**" if open_now else title)


def lesson_foot(lesson: Given, here: Page) -> None:
    """Where the step stands in the lesson, with back and next."""
    steps = known_steps(lesson)
    number = next(
        (n for n, (at, page) in enumerate(steps) if page is here and at == lesson.at), None
    )
    if number is None:
        return
    note(f"Step {number + 1} of {len(steps)}")
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if number:
            at, page = steps[number - 1]
            link_to_state(page, lesson.address(at), label=f"Back: {page.title}")
        else:
            st.empty()
        if number + 1 < len(steps):
            at, page = steps[number + 1]
            link_to_state(page, lesson.address(at), label=f"Next: {page.title}")
        else:
            link_to_state(LESSON, lesson.beginning(), label="Done: my receipt")
