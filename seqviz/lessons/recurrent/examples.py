"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import LONG_SENTENCE, SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot → SimpleRNN(4)": {},
    "… every state": {"return_sequences": True},
    "LSTM": {"cell": "LSTM", "return_sequences": True, "return_state": True},
    "padding, masked": {"text": "2 3 4 0 0", "mask_zero": True},
    "backwards": {"go_backwards": True, "return_sequences": True},
    "a long sentence, 32 units": {"text": LONG_SENTENCE, "units": 32, "cell": "GRU"},
    **SCRIPTS,
}
