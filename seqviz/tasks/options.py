"""What a task may be asked for, checked."""

from typing import Any

from seqviz.errors import SeqvizError
from seqviz.segmentation import shorten, whole_number


def whole_number_within(name: str, value: Any, low: int, high: int) -> int:
    """The value as an int from `low` to `high`.

    Raises:
        SeqvizError: It is none.
    """
    number = whole_number(value, name)
    if not low <= number <= high:
        raise SeqvizError(
            f"{name} is {number}, but it must be from {low} to {high}. Write {name}={low}."
        )
    return number


def one_of(name: str, value: Any, choices: tuple[str, ...]) -> str:
    """The value, if it is one of these.

    Raises:
        SeqvizError: It is not.
    """
    if value not in choices:
        raise SeqvizError(
            f"{name} is {shorten(repr(value))}, but it must be one of "
            f"{', '.join(map(repr, choices))}. Write {name}={choices[0]!r}."
        )
    return str(value)
