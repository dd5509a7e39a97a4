"""What a session answered to each question at its first try: handed to the browser, which keeps it."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

_KEY: Final = "_first_answers"


def note_answer(page: str, question: str, *, right: bool) -> None:
    """Note an answer, if it is the first to this question of `page`."""
    answers: dict[str, dict[str, bool]] = st.session_state.setdefault(_KEY, {})
    answers.setdefault(page, {}).setdefault(question, right)


def first_answers(page: str) -> Mapping[str, bool]:
    """By question, whether the first answer was right."""
    answers: dict[str, dict[str, bool]] = st.session_state.get(_KEY, {})
    return answers.get(page, {})


def forget_answers() -> None:
    """Forget them all; the questions are asked anew."""
    for key in list(st.session_state):
        if key == _KEY or str(key).endswith("_asking"):
            del st.session_state[key]
