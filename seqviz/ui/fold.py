"""What a beginner does not need at once: folded, one click away."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st

from seqviz.ui.control import only_what_is_set


def key_of_more(page: str) -> str:
    """Where the session keeps whether a page's list of more settings is open."""
    return f"{page}_more"


@contextmanager
def more(page: str) -> Iterator[None]:
    """Put controls into a folded list, under those that the lesson starts with.

    Folded or not, the page has their values. What is at its default is not drawn until the list is
    open: each control is a sixtieth of what a rerun costs the server.
    """
    place = st.expander(
        "More settings", icon=":material/tune:", key=key_of_more(page), on_change="rerun"
    )
    with place, nullcontext() if place.open else only_what_is_set():
        yield


@contextmanager
def topic(page: str, name: str, title: str) -> Iterator[bool]:
    """A further topic of the page under a title, folded until it is asked for; whether it is open.

    What is in it costs the server nothing while it is folded. The address says that it is open, by
    ``{page}_{name}=true``, and so may an example or a question. An example opens parts, but closes
    none: whoever opened one goes on with it.

    Args:
        page: Prefix of keys.
        name: Of its parameter, after the prefix.
        title: What it shows, as a learner would ask for it.
    """
    place = st.expander(f"**{title}**", key=f"{page}_{name}", bind="query-params")
    with place:
        yield bool(place.open)
