"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import LONG_SENTENCE

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "the last state": {},
    "every state": {"return_sequences": True},
    "LSTM: all there is": {"cell": "LSTM", "return_sequences": True, "return_state": True},
    "tag each word": {
        "return_sequences": True,
        "head": "TimeDistributed(Dense)",
        "classes": 4.0,
    },
    "… with plain Dense": {"return_sequences": True, "head": "Dense", "classes": 4.0},
    "judge the sentence": {"head": "Dense", "classes": 1.0},
    "a long sentence": {
        "text": LONG_SENTENCE,
        "units": 32,
        "cell": "GRU",
        "return_sequences": True,
    },
}
