"""The app around the lessons: their list, the frame of every page, the start page."""

from seqviz.extras import naming_extras

with naming_extras():
    import streamlit  # noqa: F401
