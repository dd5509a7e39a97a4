"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "10 rows": {},
    "10 words with ids 1 to 10": {"ids": "1 2 3 4 5 6 7 8 9 10"},
    "negative ids": {"ids": "9 -1 8 -2 0 -10 -11"},
    "decimals": {"ids": "1 1.2 1.7 1.999 -0.5 -1.5 9.9"},
    "huge, and no numbers": {"ids": "10 2147483648 4294967297 3e9 1e30 inf nan"},
    "1,000 rows": {"ids": "0 500 999 1000 -1 -1000 -1001", "vocab_size": 1000.0},
    "4 bins": {"hashing": True, "num_bins": 4.0},
    "1,000 bins": {"hashing": True, "num_bins": 1000.0},
}
