"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot": {},
    "all words found": {"text": "the cat drinks milk", "near": True, "query": "milk"},
    "frozen": {"text": "you are a friend", "train": True, "trainable": False, "steps": 30},
    "fine-tuned far": {
        "text": "the king likes bread",
        "train": True,
        "steps": 30,
        "learning_rate": 3.0,
    },
    "missing rows of zeros": {"initializer": "zeros"},
    "20 words near to red": {"text": "red and green", "near": True, "query": "red", "k": 20.0},
    **SCRIPTS,
}
