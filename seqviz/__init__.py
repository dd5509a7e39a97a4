"""seqviz: see what Keras's Embedding and recurrent layers really do.

Importing this package loads none of TensorFlow, Keras, Streamlit or plotly: each public name is
fetched on first use. The names, and where each is defined, are in ``__init__.pyi``. A name for which
an extra is missing says which.
"""

import os
from typing import Any

import lazy_loader

from seqviz.extras import naming_extras

# They must be set before Keras first imports TensorFlow. oneDNN reorders sums, which changes the
# last decimals from one machine to another; 3 silences TensorFlow's start-up log.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__version__ = "0.1.0"

_fetch, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


@naming_extras()
def __getattr__(name: str) -> Any:
    return _fetch(name)
