"""A receipt of a lesson: what was answered, out of the browser's own memory; nothing is stored here."""

from typing import Any, Final

import streamlit as st

from seqviz.app.catalogue import Page
from seqviz.app.lesson_nav import known_steps, title_of
from seqviz.app.track_questions import QUESTIONS
from seqviz.classroom.link import hash_of
from seqviz.classroom.plan import Step
from seqviz.classroom.scorm import RECEIPT
from seqviz.ui.classroom.given_lesson import Given
from seqviz.ui.player.sources import stripped

_RECEIPT: Final = st.components.v2.component(
    "seqviz_receipt",
    html=stripped("receipt.html"),
    css=stripped("receipt.css"),
    js=stripped("kept.js", "living.js", "receipt.js"),
)


def show_receipt(lesson: Given) -> None:
    """Show which of the lesson's questions this browser answered, to copy or to save."""
    steps = [_told(page, lesson.plan.steps[at]) for at, page in known_steps(lesson)]
    if not any(step["questions"] for step in steps):
        return
    st.subheader("Receipt", anchor=False)
    _RECEIPT(
        key="_receipt",
        data=[
            {
                "title": lesson.plan.title or title_of(lesson),
                "hash": hash_of(lesson.plan),
                "type": RECEIPT,
                "steps": steps,
            }
        ],
    )


def _told(page: Page, step: Step) -> dict[str, Any]:
    """A step's questions, of the view that its state opens."""
    asked = {
        name: one.title
        for name, one in QUESTIONS[page.key].items()
        if step.asks(name)
        and all(step.state.get(control, value) == value for control, value in one.state.items())
    }
    return {"page": page.key, "title": page.title, "questions": asked}
