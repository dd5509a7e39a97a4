"""Pictures: arrays in, `plotly.graph_objects.Figure` out. Nothing here knows Keras or Streamlit."""

from seqviz.figures.both_directions import plot_bidirectional
from seqviz.figures.cell import plot_cell
from seqviz.figures.costs import plot_lookup_costs
from seqviz.figures.dropping import plot_dropout
from seqviz.figures.filling import plot_filling
from seqviz.figures.gathering import plot_gather_or_multiply
from seqviz.figures.gradients import plot_gradients
from seqviz.figures.history import plot_unit_history, plot_unit_map
from seqviz.figures.ids import plot_ids
from seqviz.figures.journey import plot_journey
from seqviz.figures.layer import plot_embedding_layer, plot_embedding_step
from seqviz.figures.learning import plot_learning, plot_sparse_gradient
from seqviz.figures.lookup import plot_embedding_lookup
from seqviz.figures.map import plot_map
from seqviz.figures.mask_flow import plot_mask_flow, plot_masked_states
from seqviz.figures.memory import plot_memory
from seqviz.figures.outputs import plot_outputs
from seqviz.figures.palette import DARK, LIGHT, Palette
from seqviz.figures.parameters import plot_parameters
from seqviz.figures.runs import plot_runs
from seqviz.figures.stack import plot_stack
from seqviz.figures.states import plot_gates, plot_states
from seqviz.figures.sums import plot_terms
from seqviz.figures.unrolled import plot_unrolled
from seqviz.figures.word_bins import plot_word_bins

__all__ = [
    "DARK",
    "LIGHT",
    "Palette",
    "plot_bidirectional",
    "plot_cell",
    "plot_dropout",
    "plot_embedding_layer",
    "plot_embedding_lookup",
    "plot_embedding_step",
    "plot_filling",
    "plot_gates",
    "plot_gather_or_multiply",
    "plot_gradients",
    "plot_ids",
    "plot_journey",
    "plot_learning",
    "plot_lookup_costs",
    "plot_map",
    "plot_mask_flow",
    "plot_masked_states",
    "plot_memory",
    "plot_outputs",
    "plot_parameters",
    "plot_runs",
    "plot_sparse_gradient",
    "plot_stack",
    "plot_states",
    "plot_terms",
    "plot_unit_history",
    "plot_unit_map",
    "plot_unrolled",
    "plot_word_bins",
]
