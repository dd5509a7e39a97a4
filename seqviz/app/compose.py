"""Putting a lesson together: what the page “Make a lesson” is made of."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from seqviz.app.catalogue import LESSON, LESSONS, WALL, Page
from seqviz.app.links import link_to_state
from seqviz.classroom.link import read_link, write_link
from seqviz.classroom.plan import MAX_STEPS, MAX_TITLE, MAX_WORD, Step
from seqviz.errors import SeqvizError
from seqviz.ui.classroom.addresses import address, qr
from seqviz.ui.classroom.draft import Draft, DraftStep
from seqviz.ui.classroom.given_lesson import LESSON as PARAMETER
from seqviz.ui.classroom.rooms_here import here
from seqviz.ui.classroom.voting import browser
from seqviz.ui.lesson_parts import PARTS
from seqviz.ui.markdown import literal, note
from seqviz.ui.question import known_questions
from seqviz.ui.server.uploads import ask_for_files
from seqviz.ui.url_state import defaults

_PAGES: Final[Mapping[str, Page]] = {page.key: page for page in LESSONS}
_LARGEST_FILE: Final = 200_000  # bytes


def title_and_word(making: Draft) -> None:
    """Ask for the lesson's title and the word to the class."""
    making.title = st.text_input(
        "Title", making.title, max_chars=MAX_TITLE, placeholder="What does an Embedding do?"
    )
    making.word = st.text_area(
        "A word to the class",
        making.word,
        max_chars=MAX_WORD,
        height=80,
        placeholder="Answer each question before you look.",
    )


def edit_steps(making: Draft) -> None:
    """Show each step with what may be done to it, and offer to add one."""
    st.header(f"Steps ({len(making.steps)})", anchor=False)
    if not making.steps:
        st.markdown(
            "None yet. Add a page here, or open one, set it up as the class should see it, and "
            "press **Add this page to it** under **Lessons**."
        )
    for place, step in enumerate(list(making.steps)):
        if step.page in _PAGES:
            _edit(making, step, place)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "A page as it opens", LESSONS, format_func=lambda one: one.title, key="make_page"
        )
        st.button(
            "Add it",
            icon=":material/add:",
            on_click=_add,
            args=(making,),
            disabled=len(making.steps) >= MAX_STEPS,
        )


def send_it(making: Draft) -> None:
    """Show the lesson's link, its QR code and file, and offer to open a room."""
    st.header("Send it", anchor=False)
    try:
        link = write_link(making.plan())
    except SeqvizError as error:
        st.error(literal(str(error)))
        return
    full = address(LESSON.key, {PARAMETER: link})
    words, picture = st.columns((3, 1))
    with words:
        st.code(full, language=None, wrap_lines=True)
        note(f"{len(link):,} characters. Whoever has the link has the lesson; nothing is stored.")
        with st.container(horizontal=True):
            link_to_state(LESSON, {PARAMETER: link}, label="See it as the class does")
            st.download_button(
                "Save as a file",
                full,
                "lesson.seqviz.txt",
                "text/plain",
                icon=":material/download:",
                on_click="ignore",
            )
            st.button(
                "Open a room",
                icon=":material/meeting_room:",
                help="The class joins by a code and answers together; you see the counts.",
                on_click=_open_room,
                args=(link,),
            )
        _say_room()
    code = qr(full)
    if code is None:
        picture.caption("The link is too long for a QR code.")
    else:
        picture.image(code, caption="To the lesson")


def load_a_lesson(making: Draft) -> None:
    """Offer to go on with a lesson that was sent or saved."""
    folded = st.expander("Go on with a lesson that was sent or saved", on_change="rerun")
    if not folded.open:
        return
    with folded:
        ask_for_files()
        st.text_input("Its link", key="make_link")
        file = st.file_uploader("Or its file", type=["txt"], key="make_file")
        st.button(
            "Take it in place of the steps above",
            on_click=_take,
            args=(making, file),
            icon=":material/upload:",
        )
        if problem := st.session_state.pop("_make_problem", ""):
            st.error(literal(problem))


def _add(making: Draft) -> None:
    making.add(Step(page=st.session_state["make_page"].key))


def _edit(making: Draft, step: DraftStep, place: int) -> None:
    page, key = _PAGES[step.page], f"make_{step.number}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{place + 1}. {page.title}** {_said(step.state)}")
            for icon, label, enabled, do, arguments in (
                ("arrow_upward", "Up", place > 0, making.move, (step.number, -1)),
                (
                    *("arrow_downward", "Down", place + 1 < len(making.steps), making.move),
                    (step.number, 1),
                ),
                ("delete", "Take out", True, making.remove, (step.number,)),
            ):
                st.button(
                    label,
                    key=f"{key}_{icon}",
                    icon=f":material/{icon}:",
                    type="tertiary",
                    disabled=not enabled,
                    on_click=do,
                    args=arguments,
                )
            link_to_state(page, page.parameters(step.state), label="Open it")
        _edit_controls(step, key)
        step.questions = _some(
            "Questions", known_questions(step.page), step.questions, f"{key}_questions"
        )
        names = {name: name for name in PARTS}
        step.parts = _some(
            "What is shown of the page", names, step.parts, f"{key}_parts", every=True
        )


def _edit_controls(step: DraftStep, key: str) -> None:
    names = [*defaults(step.page)]
    names += [name for name in (*step.state, *(step.free or ()), *step.shown) if name not in names]
    choices = ("everything", "nothing", "some of it")
    now = 0 if step.free is None else 2 if step.free else 1
    left, right = st.columns(2)
    may = left.segmented_control(
        "Students may change",
        choices,
        default=choices[now],
        required=True,
        key=f"{key}_may",
    )
    if may == choices[0]:
        step.free = None
        return
    if may == choices[2]:
        step.free = left.multiselect(
            "They may change", names, [n for n in step.free or () if n in names], key=f"{key}_free"
        )
    else:
        step.free = ()
    rest = [name for name in names if name not in step.free]
    step.shown = right.multiselect(
        "They may read, as text",
        rest,
        [name for name in step.shown if name in rest],
        key=f"{key}_shown",
        help="What is in neither list is not on the page at all.",
    )


def _some(
    label: str,
    texts: Mapping[str, str],
    chosen: Sequence[str] | None,
    key: str,
    *,
    every: bool = False,
) -> Sequence[str] | None:
    """Some of what there is; None for all of it, whatever that is later.

    `every` says that `texts` are all that there ever is: then all that was chosen is None, too.
    """
    if not texts:
        said = "all" if chosen is None else ", ".join(chosen) or "none"
        note(f"{label}: {said} (open the page once to choose)")
        return chosen
    names = [*texts, *(name for name in chosen or () if name not in texts)]
    kept = st.multiselect(
        label,
        names,
        names if chosen is None else list(chosen),
        format_func=lambda name: texts.get(name, name).replace("`", "").replace("**", ""),
        key=key,
    )
    # Else what was chosen stays chosen, though it be all that is known today.
    return None if (every or chosen is None) and set(kept) == set(names) else tuple(kept)


def _said(state: Mapping[str, str]) -> str:
    """A state in a few words."""
    text = ", ".join(f"{name} {value}" for name, value in state.items())
    return f":gray[{literal(text if len(text) <= 120 else text[:119] + '…')}]" if text else ""


def _open_room(link: str) -> None:
    try:
        st.session_state["_room_opened"] = here.open(link, browser())
    except SeqvizError as error:
        st.session_state["_room_opened"] = None
        st.session_state["_room_problem"] = str(error)


def _say_room() -> None:
    if problem := st.session_state.pop("_room_problem", ""):
        st.error(literal(problem), icon=":material/meeting_room:")
    opened = st.session_state.get("_room_opened")
    if opened is None:
        return
    st.success(
        f"The room **{opened.code}** is open for a day. The wall's link is yours alone: whoever has "
        "it leads the class.",
        icon=":material/meeting_room:",
    )
    link_to_state(WALL, {"secret": opened.secret}, label=":blue[**Open the wall**]")


def _take(making: Draft, file: object) -> None:
    text = st.session_state.get("make_link", "")
    if not text.strip() and file is not None:
        text = file.getvalue()[:_LARGEST_FILE].decode("utf-8", "replace")  # type: ignore[attr-defined]
    try:
        making.take(read_link(link_in(text)).plan)
    except SeqvizError as error:
        st.session_state["_make_problem"] = str(error)


def link_in(text: str) -> str:
    """The lesson's link in what was pasted: a whole address, or the link alone."""
    text = text.strip()
    said = parse_qs(urlsplit(text).query).get(PARAMETER)
    return said[0] if said else text
