"""A lesson as files: to open without a network, to print, for a learning platform."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from seqviz.app import warmup
from seqviz.app.catalogue import LESSON, LESSONS, Page
from seqviz.app.lesson_files.offline import handout, offline_file
from seqviz.app.lesson_files.sheet import Sheet, make_sheet
from seqviz.classroom.link import hash_of, write_link
from seqviz.classroom.plan import Plan
from seqviz.classroom.scorm import scorm_package
from seqviz.errors import SeqvizError
from seqviz.ui.classroom.addresses import address
from seqviz.ui.classroom.draft import Draft, DraftStep
from seqviz.ui.classroom.given_lesson import LESSON as PARAMETER
from seqviz.ui.markdown import literal, note
from seqviz.ui.server.turns import take_turn
from seqviz.ui.url_state import defaults

_PAGES: Final[Mapping[str, Page]] = {page.key: page for page in LESSONS}
_MADE: Final = "_lesson_file"
_MOST_CONTROLS: Final = 2
_SEPARATOR: Final = ";"
# By what the choice says: what makes the file of sheets, its name and its type.
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "One file that needs no network": ("lesson.html", "text/html"),
    "A handout to print": ("handout.html", "text/html"),
    "A SCORM 1.2 package, for Moodle and the like": ("lesson.scorm.zip", "application/zip"),
}
_OFFLINE, _HANDOUT, _SCORM = _KINDS


def files_of(making: Draft) -> None:
    """Offer the lesson as a file; it is made when it is asked for."""
    folded = st.expander(
        "Take it along: one file, a handout, a SCORM package",
        icon=":material/folder_zip:",
        on_change="rerun",
        key="make_files",
    )
    if not folded.open:
        return
    with folded:
        kind = st.radio("As", list(_KINDS), key="make_kind")
        varied = {}
        if kind == _OFFLINE:
            note(
                "Every step is in the file in its state. Up to two controls of a step can stay "
                "movable: the file then holds a picture for each of their values."
            )
            for step in making.steps:
                if step.page in _PAGES:
                    varied[step.number] = _varied(step)
        made = f"{kind} {varied} {making.plan()!r}"
        if st.button("Make it", key="make_it", icon=":material/build:"):
            _make(kind, making, varied, made)
        _offer(kind, made)


def _varied(step: DraftStep) -> dict[str, list[str]]:
    """Which controls stay movable, and their values."""
    key = f"make_{step.number}_vary"
    names = [name for name in defaults(step.page) if name not in ("text", "read_as", "lines")]
    chosen = st.multiselect(
        f"{_PAGES[step.page].title}: controls that stay movable",
        names,
        max_selections=_MOST_CONTROLS,
        key=key,
    )
    varied = {}
    for name in chosen:
        default = step.state.get(name, str(defaults(step.page)[name]))
        text = st.text_input(
            f"Values of {name}, with {_SEPARATOR} between them",
            default,
            key=f"{key}_{name}",
        )
        varied[name] = [value.strip() for value in text.split(_SEPARATOR) if value.strip()]
    return {name: values for name, values in varied.items() if values}


def _make(
    kind: str, making: Draft, varied: Mapping[int, Mapping[str, list[str]]], made: str
) -> None:
    plan = making.plan()
    link = address(LESSON.key, {PARAMETER: write_link(plan)})
    try:
        if kind == _SCORM:
            identifier = hash_of(plan)
            file: str | bytes = scorm_package(link, title=plan.title, identifier=identifier)
        else:
            with st.spinner("Running every step of the lesson …"):
                warmup.warm_up()
                take_turn()
                sheets = _sheets(making, plan, varied)
            writer: Callable[..., str] = offline_file if kind == _OFFLINE else handout
            file = writer(sheets, title=plan.title, word=plan.word, link=link)
    except (SeqvizError, ImportError) as error:
        st.error(literal(str(error)), icon=":material/folder_off:")
        return
    st.session_state[_MADE] = made, file


def _sheets(
    making: Draft, plan: Plan, varied: Mapping[int, Mapping[str, list[str]]]
) -> list[Sheet]:
    return [
        make_sheet(_PAGES[step.page], step, varied.get(drafted.number))
        for drafted, step in zip(making.steps, plan.steps, strict=True)
        if step.page in _PAGES
    ]


def _offer(kind: str, made: str) -> None:
    """Offer what was made, as long as the lesson is what it was made of."""
    of, file = st.session_state.get(_MADE, ("", b""))
    if of != made:
        return
    name, mime = _KINDS[kind]
    size = len(file.encode() if isinstance(file, str) else file)
    st.download_button(
        f"Download {name} ({size / 1000:,.0f} kB)",
        file,
        name,
        mime,
        key="make_download",
        icon=":material/download:",
        on_click="ignore",
    )
    if kind == _HANDOUT:
        note("Open it in a browser and print it: each step on a page, the answers on the last.")
    if kind == _SCORM:
        note("Upload it to the platform as a SCORM package. It frames this server's lesson.")
