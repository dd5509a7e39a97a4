"""Settings worth seeing, each one click away."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, cast

import streamlit as st

from seqviz.ui.classroom.given_lesson import all_free
from seqviz.ui.lesson_parts import shows
from seqviz.ui.player.player import set_controls
from seqviz.ui.url_state import defaults

# Of other scripts than the Latin one.
SCRIPTS: Final = {
    "আমি গ্রুট": {"text": "আমি গ্রুট, তুমি কে?"},
    "私はグルートです": {"text": "私はグルートです"},
    "أنا جروت": {"text": "أنا جروت"},
}
LONG_SENTENCE: Final = (
    "the tree who walks among the stars has only three words to say and yet all of his friends "
    "know what he means each time he says that he is Groot"
)


def examples_of(page: str) -> Mapping[str, Mapping[str, Any]]:
    """By label, what differs from the controls' defaults; the first is nothing.

    They are in the folder of the lesson, which has the name of its page.
    """
    module = import_module(f"seqviz.lessons.{page}.examples")
    return cast(Mapping[str, Mapping[str, Any]], module.EXAMPLES)


def can_press(page: str) -> bool:
    """Whether the examples of `page` are there: they set what a teacher's lesson may lock."""
    return all_free(page) and shows("examples")


def examples(page: str) -> None:
    """Offer the examples of `page`, the prefix of its controls' keys; those are to be drawn before."""
    if not all_free(page):
        return
    # One widget for all: to the server each costs as much as any other, at every rerun.
    # `required`, since the second of two quick clicks would else take the first one back.
    st.pills(
        "Try",
        list(examples_of(page)),
        required=True,
        key=f"{page}_example",
        on_change=_show,
        args=(page,),
    )


def _show(page: str) -> None:
    """Set the controls as the chosen example has them, and choose none again."""
    label = st.session_state[f"{page}_example"]
    values = {**defaults(page), **examples_of(page)[label], "example": None}
    set_controls({f"{page}_{name}": value for name, value in values.items()})
