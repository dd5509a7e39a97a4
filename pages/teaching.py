"""Notes for teachers: for each lesson what students get wrong, what to ask, its controls, minutes."""

import streamlit as st

from seqviz.app.catalogue import LESSONS, TEACHING
from seqviz.app.frame import open_page
from seqviz.app.links import link_to
from seqviz.app.teaching_page import section_of, track_of

open_page(TEACHING, needs_keras=False)
lesson = st.selectbox("Lesson", LESSONS, format_func=lambda one: f"{track_of(one)}: {one.title}")
st.markdown(section_of(lesson))
link_to(lesson, here=TEACHING, label=f"Open “{lesson.title}”")
