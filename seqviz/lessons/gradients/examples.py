"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "vanishing": {},
    "exploding": {"spectral_radius": "1.5", "activation": "linear"},
    "as Keras builds it": {"spectral_radius": "as built"},
    "LSTM": {"cell": "LSTM", "spectral_radius": "as built"},
    "LSTM, forget gate open": {"cell": "LSTM", "gate_bias": 4},
    "GRU, update gate open": {"cell": "GRU", "gate_bias": 4},
    "relu, exact zeros": {"activation": "relu", "unit": 1.0},
    "I am Groot, 3 timesteps": {"timesteps": 3},
    **SCRIPTS,
}
