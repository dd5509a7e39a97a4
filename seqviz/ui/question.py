"""A question to answer before the picture gives it away.

What the address may say, beside the controls (a page without any asks its first question):

- ``{page}_ask=<question>`` opens the lesson with that question open, ``{page}_ask=none`` with none;
- ``{page}_answer=<question>`` opens it with that question answered rightly;
- any other parameter of the lesson opens it with no question open: such a link shows what it says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any, Final

import streamlit as st

from seqviz.ui.classroom.given_lesson import all_free, given_step
from seqviz.ui.classroom.voting import in_room, question_name, vote
from seqviz.ui.first_answers import note_answer
from seqviz.ui.player.player import set_controls
from seqviz.ui.sentence import lend
from seqviz.ui.words import begin_again, marked
from seqviz.wording import counted

HIDDEN: Final = "This picture is hidden until the question above it is answered or passed."
_NONE: Final = "none"
_SENTENCE: Final = ("text", "read_as")
# As small above the picture as can be: an open question stands in place of the lesson's idea, which
# may answer it.
_COMPACT: Final = Template("""
.st-key-${page}_asks:has(.stRadio) { margin-bottom: -0.5rem }
.st-key-${page}_asks:not(:has(.stRadio, .stAlert)) { margin-block: -0.75rem }
.st-key-${page}_asks [data-testid=stAlertContainer] { padding: 0.5rem 0.75rem }
.st-key-${page}_choice { flex-wrap: nowrap }
.st-key-${page}_choice > .stElementContainer:has(.stRadio) { flex: 1 1 0; min-width: 0 }
.stElementContainer:has(> .stMarkdown):has(~ * > .st-key-${page}_asks .stRadio) { display: none }
""")
# Hidden is also what stands under the picture, but for the examples: it explains. It keeps its width,
# so that charts need not be drawn again.
_VEIL: Final = Template("""
.st-key-${page}_chart { filter: blur(1.5rem) grayscale(1); opacity: 0.35; pointer-events: none }
.st-key-${page}_picture { position: relative }
.st-key-${page}_picture::before {
  content: "Choose an answer, or pass, to see the picture";
  position: absolute; z-index: 2; top: 6rem; left: 1rem; right: 1rem; margin: auto;
  width: fit-content; padding: 0.25rem 0.75rem; border-radius: 0.5rem;
  border: 1px solid currentColor; font-weight: 600; text-align: center;
}
:has(> .st-key-${page}_picture) ~ :not(.st-key-${page}_example) {
  visibility: hidden; height: 0; min-height: 0; overflow: hidden
}
""")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One of a lesson's questions.

    Attributes:
        name: Of its widget, after the page's prefix, and in the address: ``{page}_ask=<name>``.
        text: In Markdown, but little: the name of a control is read out as it is written.
        options: What can be chosen, each with one sentence in Markdown: of a wrong one, why it is
            wrong; of the right one, why it is right.
        answer: The right option.
        show: Controls to set (by key) so that the picture shows it.
        veils: Whether the page, as it is now, answers it: the picture and all that stands under it
            are then hidden until something was chosen.
    """

    name: str
    text: str
    options: Mapping[str, str]
    answer: str
    show: Mapping[str, Any]
    veils: bool = True


@dataclass
class _Asking:
    """What a session has seen of one lesson's questions."""

    shown: str = ""  # the name of the open one; none if it is `_NONE`, the first if it is unknown
    done: set[str] = field(default_factory=set)  # answered or passed
    answered: str = ""  # the one that the address wants to be answered
    passed: str = ""  # the last one that was passed: its answer is a click away


def arrive(page: str) -> None:
    """Take from the address which question is to be open, when a session comes to `page`.

    To be called before the page's controls: those may take their parameters out of the address.
    """
    asking = _asking(page)
    asked = st.query_params.get(f"{page}_ask")
    answered = st.query_params.get(f"{page}_answer")
    if answered is not None:
        asking.shown = asking.answered = answered
    elif asked is not None:
        asking.shown = asked
        asking.done.discard(asked)
    elif given_step(page) is not None:
        asking.shown = ""  # a lesson's steps are all links that say a state; it asks at each
    elif _says_a_state(page):
        asking.shown = _NONE


def ask(page: str, questions: Sequence[Question]) -> bool:
    """Ask one question at a time; say whether the choice was right and why, and offer to show it.

    The radio buttons are not bound to the address: a link is to the page, not to somebody's answer.

    Args:
        page: Prefix of keys.
        questions: In the order to ask them.

    Returns:
        Whether the page is veiled: the open question is neither answered nor passed.
    """
    asking = _asking(page)
    question = _open_one(asking, questions)
    veiled = False
    if question is None:
        _offer(page, asking, questions)
    else:
        begin_again()  # an open question stands in place of the lesson's idea
        veiled = _ask_one(page, asking, question, questions)
    # Always one, at one place, so that the veil goes with the answer, not at the end of the run.
    style = _COMPACT.substitute(page=page) + (_VEIL.substitute(page=page) if veiled else "")
    st.html(f"<style>{style}</style>")
    return veiled


def know(page: str, questions: Sequence[Question]) -> None:
    """Note what `page` could ask, all of it, for who makes a lesson of some."""
    _known.setdefault(page, {}).update({one.name: one.text for one in questions})


def known_questions(page: str) -> Mapping[str, str]:
    """Name and text of the questions that `page` could ask in this process so far."""
    return _known.get(page, {})


_known: Final[dict[str, dict[str, str]]] = {}


def _says_a_state(page: str) -> bool:
    """Whether the address says more than a sentence that the session brings along."""
    brought = {
        f"{page}_{name}"
        for name in _SENTENCE
        if st.query_params.get(f"{page}_{name}") == st.session_state.get(f"_{name}")
    }
    return any(name.startswith(f"{page}_") and name not in brought for name in st.query_params)


def _asking(page: str) -> _Asking:
    asking: _Asking = st.session_state.setdefault(f"{page}_asking", _Asking())
    return asking


def _left(asking: _Asking, questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.name not in asking.done]


def _open_one(asking: _Asking, questions: Sequence[Question]) -> Question | None:
    if asking.shown == _NONE:
        return None
    named = [question for question in questions if question.name == asking.shown]
    # A view of the page may have other questions than the one before.
    return next(iter(named or _left(asking, questions)), None)


def _ask_one(page: str, asking: _Asking, question: Question, questions: Sequence[Question]) -> bool:
    """Draw it; whether it veils the page."""
    key = f"{page}_{question.name}"
    room = in_room(page)
    waits = room is not None and question_name(question.name) not in room.revealed
    asking.shown = question.name
    if asking.answered == question.name:
        st.session_state[key], asking.answered = question.answer, ""
        asking.done.add(question.name)  # by a link, not by the learner
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key=f"{page}_choice"
    ):
        choice = st.radio(
            f"{questions.index(question) + 1} of {len(questions)}. Predict first: {question.text}",
            list(question.options),
            index=None,
            key=key,
            horizontal=True,
        )
        if choice is None and question.name not in asking.done:
            if not waits:  # a class sees the answer together
                st.button(
                    "Pass",
                    key=f"{page}_pass",
                    help="Show the page without its questions.",
                    on_click=_pass,
                    args=(asking, question.name),
                )
            return question.veils
        if choice is not None and question.name not in asking.done:
            note_answer(page, question.name, right=choice == question.answer)
        asking.done.add(question.name)
        if choice is None:  # passed; or the options have changed since
            _go_on(page, asking, questions)
    if choice is None and not waits:
        st.info(marked(_answer(question)), icon=":material/lightbulb:")
    if choice is not None and waits:
        _vote(question, choice)
        return question.veils
    if choice is not None:
        _say(question, choice)
        with st.container(horizontal=True, gap="small"):
            # What a lesson locks cannot be set.
            if question.show and all_free(
                page, [control.removeprefix(f"{page}_") for control in question.show]
            ):
                st.button(
                    "Show me",
                    key=f"{key}_show",
                    icon=":material/visibility:",
                    on_click=_show_it,
                    args=(question.show,),
                )
            _go_on(page, asking, questions)
    return False


def _show_it(values: Mapping[str, Any]) -> None:
    """Set the controls as the answer needs them."""
    lend(values)
    set_controls(values)


def _vote(question: Question, choice: str) -> None:
    """Give the class's room this browser's choice, and say no more before the teacher does."""
    said = vote(
        question.name,
        choice,
        text=question.text,
        options=list(question.options),
        answer=question.answer,
    )
    st.info(said, icon=":material/how_to_vote:")


def _say(question: Question, choice: str) -> None:
    if choice == question.answer:
        why = question.options[choice]
        st.success(marked(f"Right: **{choice}**. {why}"), icon=":material/check_circle:")
    else:
        st.warning(
            marked(f"Not quite. {question.options[choice]} {_answer(question)}"),
            icon=":material/lightbulb:",
        )


def _answer(question: Question) -> str:
    return f"The answer: **{question.answer}**. {question.options[question.answer]}"


def _go_on(page: str, asking: _Asking, questions: Sequence[Question]) -> None:
    left = _left(asking, questions)
    st.button(
        "Next question" if left else "Done",
        key=f"{page}_next",
        icon=":material/arrow_forward:" if left else ":material/check:",
        on_click=_open,
        args=(asking, left[0].name if left else _NONE),
    )


def _offer(page: str, asking: _Asking, questions: Sequence[Question]) -> None:
    """One line in place of questions that are not open."""
    left = _left(asking, questions)
    label = "Predict first" if left else "Ask again"
    with st.container(horizontal=True, gap="medium"):
        st.button(
            f"{label}: {counted(len(left or questions), 'question')}",
            key=f"{page}_asked",
            type="tertiary",
            icon=":material/quiz:",
            on_click=_open if left else _ask_again,
            args=(asking, (left or questions)[0].name),
        )
        if any(question.name == asking.passed for question in questions):
            st.button(
                "What was the answer?",
                key=f"{page}_passed",
                type="tertiary",
                icon=":material/lightbulb:",
                on_click=_open,
                args=(asking, asking.passed),
            )


def _pass(asking: _Asking, name: str) -> None:
    asking.done.add(name)
    asking.passed, asking.shown = name, _NONE


def _open(asking: _Asking, name: str) -> None:
    asking.shown = name


def _ask_again(asking: _Asking, name: str) -> None:
    asking.done.clear()
    asking.shown, asking.passed = name, ""
