"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import LONG_SENTENCE

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "two SimpleRNN": {},
    "LSTM → GRU → SimpleRNN": {
        "layers": 3,
        "cell_1": "LSTM",
        "units_1": 4,
        "cell_2": "GRU",
        "units_2": 3,
        "return_sequences_3": False,
    },
    "the mistake": {"return_sequences_1": False, "cell_2": "GRU"},
    "both directions": {"view": "bidirectional"},
    "… the last only": {"view": "bidirectional", "return_sequences_1": False},
    "four layers, a long sentence": {
        "text": LONG_SENTENCE,
        "layers": 4,
        "units_1": 32,
        "units_2": 24,
        "units_3": 16,
        "units_4": 8,
    },
}
