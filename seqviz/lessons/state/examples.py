"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import LONG_SENTENCE

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "kept or not": {},
    "LSTM: h and c": {"cell": "LSTM", "units": 3},
    "reset before call 3": {
        "text": "I am Groot and you are Rocket",
        "chunk_length": 3.0,
        "reset_before": 3.0,
    },
    "padding, masked": {"text": "2 3 4 5 6 7 8 0 0", "mask_zero": True},
    "a long sentence": {"text": LONG_SENTENCE, "chunk_length": 8.0, "units": 16, "cell": "GRU"},
    "h given": {"part": "initial_state"},
    "dropout": {"part": "dropout", "embedding_dim": 4},
    "dropout, a mask for each gate": {
        "part": "dropout",
        "embedding_dim": 4,
        "cell": "LSTM",
        "units": 3,
    },
}
