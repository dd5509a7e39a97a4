# The public names, each where it is defined: `__init__.py` fetches them from here on first use.

from . import tasks as tasks
from .attribution.attribute import attribute as attribute
from .attribution.record import Attribution as Attribution
from .config import ModelConfig as ModelConfig
from .errors import SeqvizError as SeqvizError
from .lessons.cell.compute import (
    compute_terms as compute_terms,
    compute_unit_history as compute_unit_history,
)
from .lessons.cell.explain import explain as explain
from .lessons.cell.parameters import compute_parameter_blocks as compute_parameter_blocks
from .lessons.compare.compute import compute_memory as compute_memory
from .lessons.embedding.compute import compute_embedding_lookup as compute_embedding_lookup
from .lessons.gather.compute import (
    gather as gather,
    multiply_one_hot as multiply_one_hot,
    one_hot as one_hot,
)
from .lessons.gather.costs import compute_lookup_costs as compute_lookup_costs
from .lessons.gather.timing import measure_lookup as measure_lookup
from .lessons.gather.with_keras import compute_gather_or_multiply as compute_gather_or_multiply
from .lessons.gradients.compute import compute_gradients as compute_gradients
from .lessons.gradients.verify import verify_gradients as verify_gradients
from .lessons.ids.compute import IdTrace as IdTrace
from .lessons.ids.hashing import (
    WordBins as WordBins,
    collision_probability as collision_probability,
)
from .lessons.ids.hashing_with_keras import compute_word_bins as compute_word_bins
from .lessons.ids.with_keras import trace_ids as trace_ids
from .lessons.layer.compute import LayerSettings as LayerSettings, code_lines as code_lines
from .lessons.layer.with_keras import (
    compute_layer_parts as compute_layer_parts,
    compute_layer_step as compute_layer_step,
)
from .lessons.learning.compute import compute_learning as compute_learning
from .lessons.meaning.compute import compute_journey as compute_journey
from .lessons.outputs.compute import compute_outputs as compute_outputs
from .lessons.padding.compute import (
    MaskStage as MaskStage,
    Padding as Padding,
    PaddingConfig as PaddingConfig,
)
from .lessons.padding.with_keras import (
    compute_padding as compute_padding,
    trace_masks as trace_masks,
)
from .lessons.pretrained.compute import compute_filling as compute_filling
from .lessons.recurrent.gates import compute_gates as compute_gates
from .lessons.stacks.compute import (
    compute_bidirectional as compute_bidirectional,
    compute_stack as compute_stack,
)
from .lessons.state.dropout_with_keras import compute_dropout as compute_dropout
from .lessons.state.with_keras import (
    compute_initial_state as compute_initial_state,
    compute_stateful as compute_stateful,
)
from .lessons.training.compute import compute_watched_training as compute_watched_training
from .models.build import build_model as build_model
from .models.build_stack import build_stack as build_stack
from .models.recurrent_weights import (
    add_gate_bias as add_gate_bias,
    set_spectral_radius as set_spectral_radius,
)
from .models.stack_config import (
    LayerSpec as LayerSpec,
    StackConfig as StackConfig,
)
from .readout.unrolled import compute_unrolled as compute_unrolled
from .segmentation import tokenize as tokenize
from .trace import (
    EmbeddingTrace as EmbeddingTrace,
    LayerTrace as LayerTrace,
    RecurrentTrace as RecurrentTrace,
    Trace as Trace,
)
from .trace.file import load_trace as load_trace
from .tracing.capture import capture as capture
from .tracing.verify import verify as verify
from .training.record import (
    GradientStep as GradientStep,
    Training as Training,
)
from .training.task_code import task_code as task_code
from .training.task_model import (
    build_task_model as build_task_model,
    fit_arguments as fit_arguments,
    train_task as train_task,
)
from .training.task_settings import (
    TaskSettings as TaskSettings,
    default_settings as default_settings,
)
from .training.train import (
    gradient_step as gradient_step,
    train as train,
)
from .vectors.fill_embedding import fill_embedding as fill_embedding
from .vectors.load import load_vectors as load_vectors
from .vectors.neighbours import nearest as nearest
from .vectors.projection import compute_projection as compute_projection
from .vectors.projector import (
    export_projector as export_projector,
    load_projector as load_projector,
)
from .vectors.record import WordVectors as WordVectors
from .vocabulary import Vocabulary as Vocabulary
from .watching.callback import Watch as Watch
from .watching.compute import (
    LayerTraining as LayerTraining,
    compute_training as compute_training,
)
from .watching.file import load_training as load_training
from .watching.record import TrainingTrace as TrainingTrace

__version__: str
