"""Small print."""

from typing import Any

import streamlit as st


def note(text: str, slot: Any = st) -> None:
    """Write `text` (Markdown) small and grey, into `slot` if given.

    Not `st.caption`: its grey has a contrast of 4.2:1, where WCAG AA asks for 4.5:1.
    """
    slot.markdown(f":gray[:small[{text}]]")


def say_left_out(rows: int) -> None:
    """Say that a picture of a matrix does not draw so many of its rows, if there are any."""
    if rows:
        note(
            f"The matrix has too many rows to draw: the picture leaves out {rows:,} that no id reads."
        )
