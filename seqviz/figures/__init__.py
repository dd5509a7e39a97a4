"""Pictures: arrays in, `plotly.graph_objects.Figure` out. Nothing here knows Keras or Streamlit."""

from seqviz.lessons.cell.figure import plot_cell as plot_cell
from seqviz.lessons.cell.history_figure import (
    plot_unit_history as plot_unit_history,
    plot_unit_map as plot_unit_map,
)
from seqviz.lessons.cell.parameters_figure import plot_parameters as plot_parameters
from seqviz.lessons.cell.terms_figure import plot_terms as plot_terms
from seqviz.lessons.compare.figure import plot_memory as plot_memory
from seqviz.lessons.embedding.figure import plot_embedding_lookup as plot_embedding_lookup
from seqviz.lessons.gather.costs_figure import plot_lookup_costs as plot_lookup_costs
from seqviz.lessons.gather.figure import plot_gather_or_multiply as plot_gather_or_multiply
from seqviz.lessons.gradients.figure import plot_gradients as plot_gradients
from seqviz.lessons.ids.figure import plot_ids as plot_ids
from seqviz.lessons.ids.hashing_figure import plot_word_bins as plot_word_bins
from seqviz.lessons.layer.figure import (
    plot_embedding_layer as plot_embedding_layer,
    plot_embedding_step as plot_embedding_step,
)
from seqviz.lessons.learning.figure import (
    plot_learning as plot_learning,
    plot_sparse_gradient as plot_sparse_gradient,
)
from seqviz.lessons.meaning.figure import plot_journey as plot_journey
from seqviz.lessons.outputs.figure import plot_outputs as plot_outputs
from seqviz.lessons.padding.figure import (
    plot_mask_flow as plot_mask_flow,
    plot_masked_states as plot_masked_states,
)
from seqviz.lessons.pretrained.figure import plot_filling as plot_filling
from seqviz.lessons.pretrained.map_figure import plot_map as plot_map
from seqviz.lessons.recurrent.figure import plot_unrolled as plot_unrolled
from seqviz.lessons.recurrent.states_figure import (
    plot_gates as plot_gates,
    plot_states as plot_states,
)
from seqviz.lessons.stacks.bidirectional_figure import plot_bidirectional as plot_bidirectional
from seqviz.lessons.stacks.figure import plot_stack as plot_stack
from seqviz.lessons.state.dropout_figure import plot_dropout as plot_dropout
from seqviz.lessons.state.figure import plot_runs as plot_runs
from seqviz.lessons.training.figure import plot_watched_training as plot_watched_training
from seqviz.plotly_kit.palette import (
    DARK as DARK,
    LIGHT as LIGHT,
    Palette as Palette,
)
from seqviz.watching.figure import plot_training as plot_training

__all__ = [name for name in globals() if name.startswith("plot_")] + ["DARK", "LIGHT", "Palette"]
