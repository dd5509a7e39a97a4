"""How a record of arrays is written in a few lines: shapes, types and ranges, not numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

import numpy as np

LINES: Final = 12  # of a record, at most
_WIDTH: Final = 100  # characters of a line, at most
_ITEMS: Final = 4  # parts of a list or dict that are told apart

Kind = TypeVar("Kind", bound=type)


def short_repr(kind: Kind) -> Kind:
    """Have a NamedTuple or a dataclass written in at most 12 lines, however large its arrays."""

    def __repr__(self: Any) -> str:  # noqa: N807
        names = getattr(self, "_fields", None) or [field.name for field in fields(self)]
        return written(
            type(self).__name__, [(name, summary(getattr(self, name))) for name in names]
        )

    kind.__repr__ = __repr__  # type: ignore[assignment]
    return kind


def written(title: str, told: Iterable[tuple[str, str]]) -> str:
    """A title and one line a name, the last of them folded where they are too many."""
    lines = list(told)
    room = LINES - 2
    if len(lines) > room:
        rest = [name for name, _ in lines[room - 1 :]]
        lines = [*lines[: room - 1], (f"… and {len(rest)} more", ", ".join(rest))]
    return "\n".join([f"{title}(", *(cut(f"  {name}: {text}") for name, text in lines), ")"])


def cut(text: str) -> str:
    """Text as one line that is not too long."""
    line = " ".join(text.split("\n"))
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"


def summary(value: Any) -> str:
    """A value in some words: arrays by shape, type and range, anything nested by its parts."""
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}{_range_after(value)}"
    if isinstance(value, Mapping):
        return "{" + _parts([f"{key}: {summary(part)}" for key, part in _first(value)], value) + "}"
    if hasattr(value, "_fields") or hasattr(value, "__dataclass_fields__"):
        return type(value).__name__
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + _parts([summary(part) for part in list(value)[:_ITEMS]], value) + "]"
    if isinstance(value, float | np.floating):
        return short(value)
    return cut(repr(value))


def values_range(values: np.ndarray) -> str:
    """The smallest and the largest finite number, ``-0.5 … 0.5``; empty where there is none."""
    if values.dtype.kind == "V":  # types that NumPy does not know by itself, such as bfloat16
        try:
            values = values.astype(np.float32)
        except (TypeError, ValueError):
            return ""
    if values.dtype.kind not in "iuf" or not values.size:
        return ""
    finite = values[np.isfinite(values)]
    strange = values.size - finite.size
    told = f"{short(finite.min())} … {short(finite.max())}" if finite.size else ""
    return ", ".join(filter(None, [told, f"{strange:,} not finite" if strange else ""]))


def short(number: Any) -> str:
    """A number with three digits; whole ones as they are."""
    if isinstance(number, int | np.integer):
        return f"{number:,}"
    return f"{number:.3g}"


def _range_after(values: np.ndarray) -> str:
    if values.dtype == bool:
        return f", {int(values.sum()):,} of {values.size:,} True"
    told = values_range(values)
    return told and f", {told}"


def _first(values: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    return [(key, values[key]) for key in list(values)[:_ITEMS]]


def _parts(told: list[str], values: Any) -> str:
    more = len(values) - len(told)
    return ", ".join(told) + (f", … {more:,} more" if more else "")
