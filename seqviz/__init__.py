"""seqviz: see what Keras's Embedding and recurrent layers really do.

Importing this package loads none of TensorFlow, Keras, Streamlit or plotly: every public name is
fetched on first use (PEP 562).
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# They must be set before Keras first imports TensorFlow. oneDNN reorders sums, which changes the
# last decimals from one machine to another; 3 silences TensorFlow's start-up log.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if TYPE_CHECKING:
    from seqviz.adjusting import add_gate_bias, set_spectral_radius
    from seqviz.arithmetic import compute_terms, compute_unit_history
    from seqviz.config import ModelConfig
    from seqviz.costs import compute_lookup_costs
    from seqviz.dropping import compute_dropout
    from seqviz.errors import SeqvizError
    from seqviz.explaining import explain
    from seqviz.filling import compute_filling
    from seqviz.gates import compute_gates
    from seqviz.gathering import gather, multiply_one_hot, one_hot
    from seqviz.gradient_proofs import verify_gradients
    from seqviz.gradients import compute_gradients
    from seqviz.keras_bins import compute_word_bins
    from seqviz.keras_gathering import compute_gather_or_multiply
    from seqviz.keras_ids import trace_ids
    from seqviz.keras_layer import compute_layer_parts, compute_layer_step
    from seqviz.keras_padding import compute_padding, trace_masks
    from seqviz.layer_parts import LayerSettings, code_lines
    from seqviz.learning import compute_learning
    from seqviz.legal_ids import IdTrace
    from seqviz.lookup import compute_embedding_lookup
    from seqviz.meaning import compute_journey
    from seqviz.memory import compute_memory
    from seqviz.models import build_model
    from seqviz.movement import GradientStep, Training
    from seqviz.neighbours import nearest
    from seqviz.outputs import compute_outputs
    from seqviz.padding import MaskStage, Padding, PaddingConfig
    from seqviz.parameters import compute_parameter_blocks
    from seqviz.pretrained import fill_embedding
    from seqviz.projection import compute_projection
    from seqviz.projector import export_projector, load_projector
    from seqviz.stack_config import LayerSpec, StackConfig
    from seqviz.stack_models import build_stack
    from seqviz.stacks import compute_bidirectional, compute_stack
    from seqviz.stateful import compute_initial_state, compute_stateful
    from seqviz.timing import measure_lookup
    from seqviz.trace import EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
    from seqviz.tracing import capture
    from seqviz.training import gradient_step, train
    from seqviz.unrolled import compute_unrolled
    from seqviz.vectors import WordVectors, load_vectors
    from seqviz.verification import verify
    from seqviz.vocabulary import Vocabulary, tokenize
    from seqviz.word_bins import WordBins, collision_probability

__version__ = "0.1.0"

__all__ = [
    "EmbeddingTrace",
    "GradientStep",
    "IdTrace",
    "LayerSettings",
    "LayerSpec",
    "LayerTrace",
    "MaskStage",
    "ModelConfig",
    "Padding",
    "PaddingConfig",
    "RecurrentTrace",
    "SeqvizError",
    "StackConfig",
    "Trace",
    "Training",
    "Vocabulary",
    "WordBins",
    "WordVectors",
    "add_gate_bias",
    "build_model",
    "build_stack",
    "capture",
    "code_lines",
    "collision_probability",
    "compute_bidirectional",
    "compute_dropout",
    "compute_embedding_lookup",
    "compute_filling",
    "compute_gates",
    "compute_gather_or_multiply",
    "compute_gradients",
    "compute_initial_state",
    "compute_journey",
    "compute_layer_parts",
    "compute_layer_step",
    "compute_learning",
    "compute_lookup_costs",
    "compute_memory",
    "compute_outputs",
    "compute_padding",
    "compute_parameter_blocks",
    "compute_projection",
    "compute_stack",
    "compute_stateful",
    "compute_terms",
    "compute_unit_history",
    "compute_unrolled",
    "compute_word_bins",
    "explain",
    "export_projector",
    "fill_embedding",
    "gather",
    "gradient_step",
    "load_projector",
    "load_vectors",
    "measure_lookup",
    "multiply_one_hot",
    "nearest",
    "one_hot",
    "set_spectral_radius",
    "tokenize",
    "trace_ids",
    "trace_masks",
    "train",
    "verify",
    "verify_gradients",
]

# No module is called `capture` or `verify`: importing a submodule binds its name here, which
# would hide the function of the same name.
_HOME = {
    "EmbeddingTrace": "trace",
    "GradientStep": "movement",
    "IdTrace": "legal_ids",
    "LayerSettings": "layer_parts",
    "LayerSpec": "stack_config",
    "LayerTrace": "trace",
    "MaskStage": "padding",
    "ModelConfig": "config",
    "Padding": "padding",
    "PaddingConfig": "padding",
    "RecurrentTrace": "trace",
    "SeqvizError": "errors",
    "StackConfig": "stack_config",
    "Trace": "trace",
    "Training": "movement",
    "Vocabulary": "vocabulary",
    "WordBins": "word_bins",
    "WordVectors": "vectors",
    "add_gate_bias": "adjusting",
    "build_model": "models",
    "build_stack": "stack_models",
    "capture": "tracing",
    "code_lines": "layer_parts",
    "collision_probability": "word_bins",
    "compute_bidirectional": "stacks",
    "compute_dropout": "dropping",
    "compute_embedding_lookup": "lookup",
    "compute_filling": "filling",
    "compute_gates": "gates",
    "compute_gather_or_multiply": "keras_gathering",
    "compute_gradients": "gradients",
    "compute_initial_state": "stateful",
    "compute_journey": "meaning",
    "compute_layer_parts": "keras_layer",
    "compute_layer_step": "keras_layer",
    "compute_learning": "learning",
    "compute_lookup_costs": "costs",
    "compute_memory": "memory",
    "compute_outputs": "outputs",
    "compute_padding": "keras_padding",
    "compute_parameter_blocks": "parameters",
    "compute_projection": "projection",
    "compute_stack": "stacks",
    "compute_stateful": "stateful",
    "compute_terms": "arithmetic",
    "compute_unit_history": "arithmetic",
    "compute_unrolled": "unrolled",
    "compute_word_bins": "keras_bins",
    "explain": "explaining",
    "export_projector": "projector",
    "fill_embedding": "pretrained",
    "gather": "gathering",
    "gradient_step": "training",
    "load_projector": "projector",
    "load_vectors": "vectors",
    "measure_lookup": "timing",
    "multiply_one_hot": "gathering",
    "nearest": "neighbours",
    "one_hot": "gathering",
    "set_spectral_radius": "adjusting",
    "tokenize": "vocabulary",
    "trace_ids": "keras_ids",
    "trace_masks": "keras_padding",
    "train": "training",
    "verify": "verification",
    "verify_gradients": "gradient_proofs",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from the module that defines it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *__all__})
