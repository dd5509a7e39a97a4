"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot": {},
    "mask_zero": {"text": "2 3 4 0 0", "mask_zero": True},
    "l2": {"arguments": True, "regularizer": "l2", "strength": 0.1},
    "unit_norm, columns": {"arguments": True, "constraint": "unit_norm"},
    "unit_norm, rows": {"arguments": True, "constraint": "unit_norm", "axis": 1},
    "non_neg": {"arguments": True, "constraint": "non_neg"},
    "frozen": {"arguments": True, "trainable": False},
    "input_length": {"input_length": True},
}
