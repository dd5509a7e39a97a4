"""Pictures: arrays in, `plotly.graph_objects.Figure` out. Nothing here knows Keras or Streamlit."""

from seqviz.figures.lookup import plot_embedding_lookup
from seqviz.figures.palette import DARK, LIGHT, Palette
from seqviz.figures.states import plot_gates, plot_states
from seqviz.figures.unrolled import plot_unrolled

__all__ = [
    "DARK",
    "LIGHT",
    "Palette",
    "plot_embedding_lookup",
    "plot_gates",
    "plot_states",
    "plot_unrolled",
]
