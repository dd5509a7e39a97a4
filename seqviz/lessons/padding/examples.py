"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

_CLASS: Final = "\n".join(
    f"{who} {what}{more}"
    for who in ("I", "you", "we", "they", "Groot", "Rocket")
    for what, more in (
        ("am", ""), ("see", " you"), ("like", " the tree"), ("say", " I am Groot"),
        ("know", " what he means now"),
    )
)  # fmt: skip

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "padded after": {},
    "padded before": {"padding": "pre"},
    "no mask": {"mask_zero": False},
    "zeros for padding": {"zero_output_for_mask": True},
    "only the last state": {"return_sequences": False},
    "… and zeros for padding": {"return_sequences": False, "zero_output_for_mask": True},
    "ids 2 3 0 4": {"lines": "2 3 0 4\n5 6"},
    "GRU": {"cell": "GRU"},
    "30 sentences": {"lines": _CLASS},
}
