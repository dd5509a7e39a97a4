"""A question to answer before the picture gives it away."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqviz.ui.notebook import Question
from seqviz.ui.player.player import set_controls


def ask(
    key: str,
    question: str,
    options: Sequence[str],
    *,
    answer: str,
    why: str,
    show: dict[str, Any],
) -> None:
    """Ask, say whether it was right and why, and offer to show it.

    Args:
        key: Of the widget. Not bound to the URL: a link is to the page, not to somebody's answer.
        question: In Markdown.
        options: The answers to choose from.
        answer: The right one.
        why: One sentence, in Markdown.
        show: Controls to set (by key) so that the picture shows it.
    """
    st.session_state.setdefault("_asked", {})[key] = Question(question, tuple(options))
    with st.container(border=True):
        # With little Markdown: the name of a control is read out as it is written.
        choice = st.radio(
            f"Predict first: {question}", options, index=None, key=key, horizontal=True
        )
        if choice is None:
            return
        if choice == answer:
            st.success(f"Right: **{answer}**. {why}", icon=":material/check_circle:")
        else:
            st.warning(f"Not quite. The answer: **{answer}**. {why}", icon=":material/lightbulb:")
        st.button(
            "Show me",
            key=f"{key}_show",
            icon=":material/visibility:",
            on_click=set_controls,
            args=(show,),
        )


def asked_on(page: str) -> list[Question]:
    """What was asked on `page` so far."""
    asked: dict[str, Question] = st.session_state.get("_asked", {})
    return [question for key, question in asked.items() if key.startswith(f"{page}_")]
