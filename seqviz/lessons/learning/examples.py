"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "SGD": {},
    "Adam": {"optimizer": "Adam"},
    "SGD with momentum": {"optimizer": "SGD, momentum=0.9"},
    "AdamW": {"optimizer": "AdamW"},
    "the same word twice": {"text": "Groot am Groot"},
    "frozen": {"optimizer": "Adam", "trainable": False},
    "3 7 7 0, then 7 8": {"text": "3 7 7 0", "batch_b": "7 8"},
}
