"""Links from page to page, with a state of where they lead to."""

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

from seqviz.app.catalogue import LESSONS, Page
from seqviz.ui.classroom.given_lesson import LESSON
from seqviz.ui.lesson_parts import shown_in_links
from seqviz.ui.markdown import note
from seqviz.ui.sentence import sentence_parameters


def link_to(page: Page, *, here: Page, label: str = "") -> None:
    """Link from page `here` to `page`, taking the sentence along.

    Args:
        page: Where to.
        here: Where from.
        label: What the link says; the page's title if empty.
    """
    parameters = sentence_parameters(here.key, page.key) if page in LESSONS else {}
    link_to_state(page, parameters, label=label or page.title)


def link_to_state(page: Page, parameters: Mapping[str, str], *, label: str = "") -> None:
    """Link to `page` with its controls set by `parameters` of the address.

    Args:
        page: Where to.
        parameters: Of the address; which parts of a lesson are shown stays as it is, unless they say
            a whole lesson.
        label: What the link says; the page's title, to be told from the text around it, if empty.
    """
    if LESSON not in parameters:
        parameters = {**parameters, **shown_in_links()}
    label = label or f":blue[**{page.title}**]"
    try:
        st.page_link(page.path, label=label, icon=page.icon, query_params=dict(parameters))
    except StreamlitAPIException:
        # A page was started as the main script: the others are not beside it.
        note(label)
