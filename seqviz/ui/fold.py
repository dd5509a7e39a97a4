"""What a beginner does not need at once: folded, one click away."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def more(page: str) -> Iterator[None]:
    """Put controls into a folded list, under those that the lesson starts with.

    They are there all the same: folded or not, the page has their values.
    """
    with st.expander("More settings", icon=":material/tune:", key=f"{page}_more"):
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
