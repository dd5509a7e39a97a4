"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "gates opened": {},
    "as Keras builds them": {"gate_bias": 0, "spectral_radius": "as built"},
    "gates as built": {"gate_bias": 0},
    "… over 100 timesteps": {"gate_bias": 6, "timesteps": 100},
    "recurrent kernel scaled down": {"gate_bias": 0, "spectral_radius": "0.5"},
    "linear, growing": {"gate_bias": 0, "spectral_radius": "1.25", "activation": "linear"},
    "3 timesteps": {"timesteps": 3},
    "32 units": {"units": 32},
    **SCRIPTS,
}
