"""What learners get wrong: each with the truth, and the state of a lesson that shows it."""

import streamlit as st

from seqviz.app.catalogue import MISCONCEPTIONS
from seqviz.app.frame import open_page
from seqviz.app.links import link_to_state
from seqviz.app.misconceptions import ABOUT_EMBEDDING, ABOUT_RECURRENT

_WORDS_TO_LINK = (5, 2)  # widths; on a phone the link is below

open_page(MISCONCEPTIONS, needs_keras=False)

for heading, some in (("Embedding", ABOUT_EMBEDDING), ("Recurrent layers", ABOUT_RECURRENT)):
    st.header(heading, anchor=False)
    with st.container(gap="xsmall"):
        for one in some:
            with st.container(border=True):
                words, link = st.columns(_WORDS_TO_LINK, gap="small", vertical_alignment="center")
                words.markdown(f"**“{one.belief}”**  \n{one.truth}")
                with link:
                    link_to_state(one.lesson, one.lesson.parameters(one.state))
