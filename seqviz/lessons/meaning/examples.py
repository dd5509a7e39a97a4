"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "sentiment: good": {},
    "sentiment: cat": {"word": "cat"},
    "topic: cat": {"task": "topic", "word": "cat"},
    "first word: good": {"task": "first word"},
    "missing word: good": {"task": "missing word"},
    "unseen: superb": {"word": "superb"},
    "2 dimensions": {"embedding_dim": 2, "task": "missing word"},
}
