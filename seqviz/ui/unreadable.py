"""Input that cannot be read takes nothing away: the last that could stays, greyed."""

from collections.abc import Callable
from string import Template
from typing import Any, Final, Protocol, TypeVar

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.ui.markdown import literal


class Typed(Protocol):
    """What was typed, read."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What was cut or is unknown; or, if nothing is left, what to type."""


GREYED: Final = "_greyed"  # in the session: the page whose picture was greyed last

_Typed = TypeVar("_Typed", bound=Typed)

_GREY: Final = Template("""
.st-key-${page}_chart { filter: grayscale(1); opacity: 0.45 }
""")


def read_or_keep(
    page: str,
    name: str,
    read: Callable[..., _Typed],
    *typed: Any,
    default: tuple[Any, ...],
    is_empty: Callable[[_Typed], bool],
) -> _Typed:
    """Read what was typed; if it is no use say so, and read what was typed before it.

    Args:
        page: Prefix of keys.
        name: Of the box, after the prefix.
        read: Reads `typed`; raises a `SeqvizError` if it cannot.
        *typed: What the controls hold.
        default: In its place if nothing could be read before.
        is_empty: Whether there is nothing in what was read.
    """
    memory = f"{page}_{name}_kept"
    try:
        result = read(*typed)
    except SeqvizError as error:
        st.error(literal(str(error)), icon=":material/edit:")
    else:
        for notice in result.notices:
            st.info(literal(notice), icon=":material/info:")
        if not is_empty(result):
            st.session_state[memory] = typed
            return result
    grey(page)
    try:
        return read(*st.session_state.get(memory, default))
    except SeqvizError:  # the table has become smaller meanwhile
        return read(*default)


def grey(page: str) -> None:
    """Say that the picture of `page` is not of what the controls hold, and grey it."""
    st.session_state[GREYED] = page  # for who runs a page and does not look at it
    st.html(f"<style>{_GREY.substitute(page=page)}</style>")
    st.markdown("The picture is still of what was there before.")
