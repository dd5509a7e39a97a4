"""The app around the lessons: their list, the frame of every page, the start page."""

from importlib.util import find_spec

from seqviz.extras import naming_extras

# Looked for, not imported: the home picture is drawn without it.
with naming_extras():
    if find_spec("streamlit") is None:
        raise ModuleNotFoundError(name="streamlit")
