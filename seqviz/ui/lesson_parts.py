"""Which parts of a lesson are shown: what ``show=`` in the address names, or all.

``?show=picture,player`` is for a slide or a frame in another page; it goes along in links from lesson
to lesson. The picture is then made as large as the window allows (``player/scaling.js``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from string import Template
from typing import Final

import streamlit as st

from seqviz.ui.markdown import literal
from seqviz.ui.url_state import said

PARTS: Final = {
    "title": "what the lesson is called, and its idea",
    "controls": "the sidebar, with the list of lessons",
    "sentence": "what is typed or chosen above the picture",
    "question": "the questions above the picture",
    "picture": "the picture",
    "player": "the player under it",
    "examples": "the examples that are one click away",
    "words": "all that is said and drawn further down",
    "numbers": "the numbers as a table",
    "code": "the Keras code",
    "files": "what can be taken home",
    "path": "back and next",
}
_PARAMETER: Final = "show"
_LONGEST: Final = 200  # characters of the parameter that are read

# What the page draws in any case, since the rest depends on it. As long as there is no picture, a
# message may stand in its place, and nothing is hidden.
_HIDDEN: Final = {
    "controls": "[data-testid=stSidebar], [data-testid=stExpandSidebarButton]",
    "sentence": ":has(~ * > .st-key-${page}_picture):not(:has(> .stHeading), :has(> .stMarkdown), "
    ":has(> .st-key-${page}_asks), :has(.stAlert))",
    "picture": ".st-key-${page}_chart",
    "examples": ".st-key-${page}_example",
    "words": ":has(> .st-key-${page}_picture) ~ :not(.st-key-${page}_example, "
    ":has(> .st-key-${page}_numbers), :has(> .st-key-${page}_code), .st-key-${page}_take_home, "
    ":has(> .st-key-${page}_path), .st-key-_progress)",
    "path": ":has(> .st-key-${page}_path)",
}
# The player is what makes the picture fit: it is there, and cannot be seen.
_NO_PLAYER: Final = ".st-key-${page}_player { visibility: hidden; height: 0; margin-top: -1rem }"
# In a frame of a lecture's page there is no room above the picture but for its question.
_FRAMED: Final = """
[data-testid=stHeader], [data-testid=stToolbar] { pointer-events: none }
:is([data-testid=stHeader], [data-testid=stToolbar]) :is(button, a) { pointer-events: auto }
.stMainBlockContainer { padding: 0.5rem 1.5rem 1rem }
.stApp [data-testid=stHeader] { height: 2.5rem; background: none; pointer-events: none }
[data-testid=stHeader] button { pointer-events: auto }
.st-key-${page}_asks { padding-inline: ${beside} 1.5rem }
@media (max-height: 640px) {
  .stMainBlockContainer > .stVerticalBlock > * { order: 1 }
  .stMainBlockContainer > .stVerticalBlock > :has(> .st-key-${page}_asks, > .st-key-${page}_picture) {
    order: 0
  }
}
"""
_TITLE: Final = """
@media (max-height: 640px) {
  .stElementContainer:has(> .stHeading, > .stMarkdown):has(~ * > .st-key-${page}_picture) {
    display: none
  }
}
"""


def asked_parts() -> frozenset[str] | None:
    """The parts that the address names; None where all are shown."""
    known = frozenset(_names()) & PARTS.keys()
    return known or None


def shows(part: str) -> bool:
    """Whether one of `PARTS` is shown."""
    parts = asked_parts()
    return parts is None or part in parts


@contextmanager
def part(page: str, name: str) -> Iterator[bool]:
    """Where one of `PARTS` is to be drawn, and whether it is to be drawn at all.

    Of its own it is only where others are hidden: each container costs the server a little.
    """
    if asked_parts() is None:
        yield True
    elif shows(name):
        with st.container(key=f"{page}_{name}"):
            yield True
    else:
        yield False


def shown_in_links() -> dict[str, str]:
    """What a link to another lesson says of its parts: the same as this address."""
    parts = asked_parts()
    return {} if parts is None else {_PARAMETER: ",".join(name for name in PARTS if name in parts)}


def is_framed() -> bool:
    """Whether the page stands in another one, or shows some of its parts only."""
    return bool(st.context.is_embedded) or asked_parts() is not None


def arrange(page: str) -> None:
    """Hide what the address does not name; make room for the picture in a frame; say what is unknown."""
    if unknown := [name for name in _names() if name not in PARTS]:
        st.info(
            f"`show=` in the address names no part of a lesson with {literal(', '.join(unknown))}. "
            f"The parts are: {', '.join(PARTS)}.",
            icon=":material/info:",
        )
    if not is_framed():
        return
    hidden = [rule for name, rule in _HIDDEN.items() if not shows(name)]
    rules = [
        _FRAMED,
        "" if hidden else _TITLE,
        *(f"{selector} {{ display: none }}" for selector in hidden),
    ]
    # The button that opens the sidebar lies over the page.
    beside = "2rem" if shows("controls") else "0"
    if not shows("player"):
        rules.append(_NO_PLAYER)
    st.html(f"<style>{Template(' '.join(rules)).substitute(page=page, beside=beside)}</style>")


def _names() -> list[str]:
    text = said(_PARAMETER)[:_LONGEST]
    return [name.strip() for name in text.split(",") if name.strip()]
