"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "SimpleRNN": {},
    "its sum, term by term": {"terms": True},
    "GRU": {"cell": "GRU"},
    "LSTM": {"cell": "LSTM"},
    "the forget gate's bias": {
        "cell": "LSTM",
        "gate": "forget",
        "terms": True,
        "timestep": 3.0,
    },
    "GRU, 4 features → 3 units: 81 or 72?": {"cell": "GRU", "embedding_dim": 4, "units": 3},
    "reset before the product": {"cell": "GRU", "reset_after": False},
    "a skipped step": {"text": "2 3 0", "mask_zero": True, "timestep": 3.0},
    "larger numbers": {
        "initializer": "ones",
        "kernel_initializer": "normal",
        "timestep": 3.0,
    },
    "64 units: the largest terms": {"units": 64, "embedding_dim": 16},
}
