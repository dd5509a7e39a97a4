"""Where an Embedding layer lands for any number given as an id: measured, one id at a time."""

import math
import re
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.segmentation import clean, label
from seqviz.short_repr import short_repr

RAISES = -1  # in `IdTrace.rows`: no row came out
_INT32 = 2**31
INT64 = 2**63


class Numbers(NamedTuple):
    """What `read_numbers` makes of what was typed.

    Attributes:
        labels: One a number, as it was typed.
        values: An int where a whole number was typed that fits int64, else a float.
        notices: Sentences for the reader: what was cut, what was read otherwise.
    """

    labels: tuple[str, ...]
    values: tuple[int | float, ...]
    notices: tuple[str, ...] = ()


@short_repr
class IdTrace(NamedTuple):
    """What a real Embedding layer did with each of `N` ids, each looked up on its own.

    Attributes:
        labels: ``(N,)``, the ids as they were typed.
        values: ``(N,)``, the numbers given to the layer.
        integers: ``(N,)`` int64, the whole number that the layer made of it before it looked
            for a row.
        rows: ``(N,)`` int64, the row of the matrix that came out; `RAISES` where none did.
        kinds: ``(N,)``: ``"legal"`` (row and id are equal), ``"cut"`` (decimals were dropped),
            ``"wrapped"`` (a negative id, counted from the end), ``"cast"`` (any other row that
            came of turning the number into an int32), ``"raises"``.
        messages: ``(N,)``, Keras's own message where it raised, else empty.
        vocab_size: Rows of the matrix, Keras's ``input_dim``.
    """

    labels: tuple[str, ...]
    values: tuple[int | float, ...]
    integers: NDArray[np.int64]
    rows: NDArray[np.int64]
    kinds: tuple[str, ...]
    messages: tuple[str, ...]
    vocab_size: int


def read_numbers(text: str, *, max_numbers: int | None = None) -> Numbers:
    """Read numbers of any kind: ``3 -1 1.7 1e9 nan``, with spaces, commas or brackets between.

    Digits of any script and the minus sign of typography (−) count. A whole number is read as
    int64, as NumPy does; everything else as float64.

    Args:
        text: What was typed.
        max_numbers: Keep at most so many, from the start; None keeps all.

    Raises:
        SeqvizError: Something there is not a number. Empty text gives none, and a notice.
    """
    words = re.split(r"[\s,;\[\]()]+", clean(text))
    words = [word for word in words if word]
    if not words:
        return Numbers((), (), ("Type some numbers, such as 0 9 10 -1 1.7.",))
    notices = []
    if max_numbers is not None and len(words) > max_numbers:
        notices.append(f"Only the first {max_numbers} of {len(words):,} numbers are kept.")
        words = words[:max_numbers]
    values = [_number(word) for word in words]
    if any(isinstance(v, float) and abs(v) >= INT64 and math.isfinite(v) for v in values):
        notices.append(
            "NumPy has no int64 as large as that, so it is given to the layer as a float64."
        )
    return Numbers(tuple(label(word) for word in words), tuple(values), tuple(notices))


def _number(word: str) -> int | float:
    # Minus signs and hyphens are many; Python reads one.
    plain = "".join("-" if c == "−" or unicodedata.category(c) == "Pd" else c for c in word)
    plain = plain.replace("∞", "inf")
    try:
        # Python refuses to read integers of thousands of digits, and so do we.
        number = int(plain)
        return number if -INT64 <= number < INT64 else float(number)
    except (ValueError, OverflowError):
        pass
    try:
        return float(plain)
    except ValueError:
        raise SeqvizError(
            f"“{label(word)}” is not a number. Type numbers with spaces between them; decimals "
            "and negative ones are welcome here: 0 9 10 -1 1.7 nan."
        ) from None


def fits_int32(value: int | float) -> bool:
    """Whether every processor makes the same int32 of a number."""
    return isinstance(value, int | np.integer) or -_INT32 <= value < _INT32
