# The public pictures, each where it is drawn: `__init__.py` fetches them from here on first use.

from .both_directions import plot_bidirectional as plot_bidirectional
from .cell import plot_cell as plot_cell
from .costs import plot_lookup_costs as plot_lookup_costs
from .dropping import plot_dropout as plot_dropout
from .filling import plot_filling as plot_filling
from .gathering import plot_gather_or_multiply as plot_gather_or_multiply
from .gradients import plot_gradients as plot_gradients
from .history import (
    plot_unit_history as plot_unit_history,
    plot_unit_map as plot_unit_map,
)
from .ids import plot_ids as plot_ids
from .journey import plot_journey as plot_journey
from .layer import (
    plot_embedding_layer as plot_embedding_layer,
    plot_embedding_step as plot_embedding_step,
)
from .learning import (
    plot_learning as plot_learning,
    plot_sparse_gradient as plot_sparse_gradient,
)
from .lookup import plot_embedding_lookup as plot_embedding_lookup
from .map import plot_map as plot_map
from .mask_flow import (
    plot_mask_flow as plot_mask_flow,
    plot_masked_states as plot_masked_states,
)
from .memory import plot_memory as plot_memory
from .outputs import plot_outputs as plot_outputs
from .palette import (
    DARK as DARK,
    LIGHT as LIGHT,
    Palette as Palette,
)
from .parameters import plot_parameters as plot_parameters
from .runs import plot_runs as plot_runs
from .stack import plot_stack as plot_stack
from .states import (
    plot_gates as plot_gates,
    plot_states as plot_states,
)
from .sums import plot_terms as plot_terms
from .unrolled import plot_unrolled as plot_unrolled
from .word_bins import plot_word_bins as plot_word_bins
