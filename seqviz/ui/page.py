"""The frame of every page: its settings, its warm-up, its navigation."""

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from seqviz.ui import warmup
from seqviz.ui.note import note
from seqviz.ui.sentence import sentence_parameters

# A file of our own: Streamlit's icons as favicons come from a host that may be out of reach.
_FAVICON: Final = str(Path(__file__).parent / "favicon.svg")


class Page(NamedTuple):
    """An entry of the navigation."""

    path: str
    title: str
    icon: str
    idea: str

    @property
    def key(self) -> str:
        """Prefix of its parameters in the URL."""
        return Path(self.path).stem


HOME: Final = Page(
    "app.py",
    "seqviz",
    ":material/home:",
    "Pick a lesson and type a sentence: real Keras 3 layers work on it.  \n"
    "See every row, state and number, step by step.  \n"
    "Each picture is a link, and comes with its Keras code.",
)
EMBEDDING: Final = Page(
    "pages/embedding.py",
    "Embedding",
    ":material/table_rows:",
    "An Embedding is a trainable table of numbers: each id copies one row of it.",
)
RECURRENT: Final = Page(
    "pages/recurrent.py",
    "Recurrent layer",
    ":material/repeat:",
    "One block, used once per timestep: it reads a vector and its own last state, "
    "and hands a new state on.",
)
LESSONS: Final = (EMBEDDING, RECURRENT)


def open_page(page: Page) -> None:
    """Set up `page`: title, navigation, and (lessons) Keras loaded.

    Each page calls this first and can so be opened by a deep link on a server that has just
    started. Where Keras cannot be loaded, says so and stops the page.
    """
    st.set_page_config(
        page_title=page.title if page is HOME else f"{page.title} · seqviz",
        page_icon=_FAVICON,
        layout="wide",
    )
    _navigation(page)
    st.title(page.title, anchor=False)
    st.markdown(page.idea)
    if page is HOME:
        return
    try:
        if not warmup.is_warm():
            with st.spinner("Waking Keras up: once per server, some seconds …"):
                warmup.warm_up()
    except ImportError as error:
        st.error(
            f"Keras could not be loaded on this server ({error}). The pages need it. "
            "Whoever runs this server can mend it with `pip install -r requirements.txt`."
        )
        st.stop()


def _navigation(here: Page) -> None:
    with st.sidebar:
        link_to(HOME, here=here)
        note("Lessons")
        for lesson in LESSONS:
            link_to(lesson, here=here)
        st.divider()


def link_to(page: Page, *, here: Page) -> None:
    """Link from page `here` to `page`, taking the sentence along."""
    query = sentence_parameters(here.key, page.key) if page in LESSONS else {}
    try:
        st.page_link(page.path, label=page.title, icon=page.icon, query_params=query)
    except StreamlitAPIException:
        # A page was started as the main script: the others are not beside it.
        note(page.title)
