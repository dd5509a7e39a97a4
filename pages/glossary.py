"""Every term of the lessons, under the lesson that shows it."""

import streamlit as st

from seqviz.app.catalogue import GLOSSARY, GROUPS
from seqviz.app.frame import link_to, open_page
from seqviz.ui.glossary import GLOSSARY as TERMS

open_page(GLOSSARY, needs_keras=False)

for heading, lessons in GROUPS.items():
    if not any(term.lesson == lesson.key for term in TERMS for lesson in lessons):
        continue
    st.header(heading, anchor=False)
    for lesson in lessons:
        terms = [term for term in TERMS if term.lesson == lesson.key]
        if not terms:
            continue
        with st.container(border=True, gap="xsmall"):
            link_to(lesson, here=GLOSSARY, label=f":blue[**{lesson.title}**]")
            st.markdown("  \n".join(f"**{term.name}**: {term.definition}" for term in terms))
