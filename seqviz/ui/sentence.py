"""The sentence: typed once, shared by all pages, turned into ids."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from seqviz.typed_text import Encoded, InputLevel, read_text
from seqviz.ui.control import control
from seqviz.ui.server.cache import remembered
from seqviz.ui.unreadable import read_or_keep
from seqviz.ui.url_state import MAX_CHARACTERS, bound

DEFAULT: Final = "I am Groot"
_LENT: Final = "_lent"  # in the session: sentences that a question shows, by the key of their box
MAX_TOKENS: Final = 200
_LINKED_CHARACTERS: Final = 2_000  # of the sentence that go along in a link
LEVELS: Final[tuple[InputLevel, ...]] = ("auto", "words", "characters", "ids")


def sentence_box(page: str, label: str = "Sentence, or ids such as 3 7 7 0") -> str:
    """Ask for the sentence, in the body of `page`."""
    return (
        control(
            st.text_input,
            label,
            value=DEFAULT,
            **bound(page, "text", DEFAULT),
            placeholder="I am Groot · আমি গ্রুট · 私はグルートです · \u2068أنا جروت\u2069 · 3 7 7 0",
        )
        or ""
    )


def level_choice(page: str) -> InputLevel:
    """Ask how to read it, among the controls of `page`."""
    return control(
        st.selectbox,
        "Read the text as",
        LEVELS,
        **bound(page, "read_as", LEVELS[0]),
        help="auto: ids if the text is nothing but numbers, else words.",
    )


def read_sentence(
    text: str, level: InputLevel, vocab_size: int, *, page: str, most: int = MAX_TOKENS
) -> Encoded:
    """Turn the sentence into ids; say what was cut or is unknown.

    If it is no use that is said, and the one before it stays.

    Args:
        text: As typed.
        level: How to read it.
        vocab_size: Rows of the table.
        page: Where it was typed.
        most: Tokens to keep.
    """

    def read(text: str, level: InputLevel) -> Encoded:
        return _read(text, level, vocab_size, most)

    return read_or_keep(
        page,
        "text",
        read,
        text[:MAX_CHARACTERS],
        level,
        default=(DEFAULT, LEVELS[0]),
        is_empty=lambda encoded: not encoded.ids,
    )


@remembered(1_000)  # up to 200 words, each with its label
def _read(text: str, level: InputLevel, vocab_size: int, most: int) -> Encoded:
    # A hundred thousand characters take 0.2 s to cut into words.
    return read_text(text, level, vocab_size=vocab_size, max_tokens=most)


def lend(values: Mapping[str, Any]) -> None:
    """Take it that these controls are set to show something: their sentence goes to no other page."""
    ours = {key: value for key, value in values.items() if key.endswith(("_text", "_read_as"))}
    st.session_state[_LENT] = {**st.session_state.get(_LENT, {}), **ours}


def sentence_parameters(here: str, there: str) -> dict[str, str]:
    """The sentence of page `here` as URL parameters of page `there`, for a link to it.

    Each page has a parameter of its own: Streamlit takes those of another page's widgets out of
    the URL when pages are switched.
    """
    parameters = {}
    for name, default in (("text", DEFAULT), ("read_as", LEVELS[0])):
        # In a page's first run the box is not there yet, and the sentence still in the URL only.
        # On a page without a box it is what it was last.
        key, memory = f"{here}_{name}", f"_{name}"
        value = st.session_state.get(key, st.query_params.get(key, st.session_state.get(memory)))
        if key in (lent := st.session_state.get(_LENT, {})) and lent[key] == value:
            value = st.session_state.get(memory)  # what a question showed is nobody's sentence
        else:
            st.session_state[memory] = value
        if value not in (None, default):
            parameters[f"{there}_{name}"] = str(value)[:_LINKED_CHARACTERS]
    return parameters
