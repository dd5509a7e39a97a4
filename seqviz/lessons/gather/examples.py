"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

from seqviz.ui.examples import LONG_SENTENCE, SCRIPTS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot, 10 rows": {},
    "ids 3 7 7 0": {"text": "3 7 7 0"},
    "1,000 rows": {"text": "2 333 998 2", "vocab_size": 1000.0},
    "32 features": {"embedding_dim": 32},
    "a long sentence": {"text": LONG_SENTENCE, "vocab_size": 50.0},
    **SCRIPTS,
}
