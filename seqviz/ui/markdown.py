"""The words of a page, and shapes as a line: each axis in its own colour, everywhere the same."""

import re
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from seqviz.ui.words import WORD_JOINER, marked, unmarked

_AXES = {1: ("gray",), 2: ("gray", "green"), 3: ("gray", "blue", "green")}


RANDOM: Final = (
    "All weights here are **random**, so no number means anything yet: look at where numbers go. "
    "`seed`, under More settings, draws others."
)


def colored(shape: Sequence[int], *, axes: Sequence[str] | None = None) -> str:
    """A shape as Markdown. `axes` names the colours where the usual reading is not meant."""
    colors = axes or _AXES[len(shape)]
    numbers = ", ".join(f":{c}[**{n}**]" for c, n in zip(colors, shape, strict=True))
    return f"({numbers}{',' if len(shape) == 1 else ''})"


def shapes_line(parts: Sequence[str], samples: str = "batch") -> None:
    """Draw shapes and layers, joined by arrows, with the legend of the colours; `samples` is the first."""
    axes = {"gray": samples, "blue": "timesteps", "green": "features"}
    shapes = "".join(parts)
    drawn = [f":{color}[**{axis}**]" for color, axis in axes.items() if f":{color}[" in shapes]
    legend = marked(" · ".join(drawn))
    st.markdown(" → ".join(parts) + "   :small[(" + legend + ")]")


def say(text: str, slot: Any = st) -> None:
    """Write `text` (Markdown), into `slot` if given, with its terms and parts marked."""
    slot.markdown(marked(text))


def note(text: str, slot: Any = st) -> None:
    """The same, small and grey.

    Not `st.caption`: its grey has a contrast of 4.2:1, where WCAG AA asks for 4.5:1.
    """
    slot.markdown(f":gray[:small[{marked(text)}]]")


def say_left_out(rows: int) -> None:
    """Say that a picture of a matrix does not draw so many of its rows, if there are any."""
    if rows:
        note(
            f"The matrix has too many rows to draw: the picture leaves out {rows:,} that no id reads."
        )


# What Streamlit's front end makes links, icons and arrows of after all escapes are resolved.
_REPLACED: Final = re.compile(
    r"https?://|www(?=\.)|@(?=[-\w])|:(?=material/|streamlit:)|[-<>~](?=[-=>])", re.IGNORECASE
)


_MARKUP: Final = re.compile(r"[\\`*_\[\]<>#$:~!|&]|^[-+=]|(?<=\d)[.)](?=\s|$)", re.MULTILINE)


_INDENTED: Final = re.compile(r"(?<=\n)[ \t]+")


def literal(text: str) -> str:
    """Text as Markdown that shows it as it is: what a student typed is never markup."""
    text = _REPLACED.sub(lambda match: match[0] + WORD_JOINER, _INDENTED.sub("", text))
    return _MARKUP.sub(lambda match: "\\" + match[0], text)


def typed(text: str) -> str:
    """The same within what is said: no word of it is marked. What stands in “ ” never is."""
    return unmarked(literal(text))
