"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot": {},
    "3 7 7 0": {"text": "3 7 7 0"},
    "padding": {"text": "2 3 4 0 0", "mask_zero": True},
    "1,000 rows": {"text": "2 333 998 2", "vocab_size": 1000.0},
    **SCRIPTS,
}
