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
    from seqviz.config import ModelConfig
    from seqviz.errors import SeqvizError
    from seqviz.models import build_model
    from seqviz.trace import EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
    from seqviz.tracing import capture
    from seqviz.verification import verify
    from seqviz.vocabulary import Vocabulary

__version__ = "0.1.0"

__all__ = [
    "EmbeddingTrace",
    "LayerTrace",
    "ModelConfig",
    "RecurrentTrace",
    "SeqvizError",
    "Trace",
    "Vocabulary",
    "build_model",
    "capture",
    "verify",
]

# No module is called `capture` or `verify`: importing a submodule binds its name here, which
# would hide the function of the same name.
_HOME = {
    "EmbeddingTrace": "trace",
    "LayerTrace": "trace",
    "ModelConfig": "config",
    "RecurrentTrace": "trace",
    "SeqvizError": "errors",
    "Trace": "trace",
    "Vocabulary": "vocabulary",
    "build_model": "models",
    "capture": "tracing",
    "verify": "verification",
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
