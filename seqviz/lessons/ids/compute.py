"""Where an Embedding layer lands for any number given as an id: measured, one id at a time."""

import math
import re
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.vocabulary import clean, label

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


def explain_id(trace: IdTrace, index: int) -> str:
    """Say in one sentence what became of one id, and why.

    Args:
        trace: From `trace_ids`.
        index: Which of its ids.
    """
    typed, value = trace.labels[index], trace.values[index]
    integer, row = int(trace.integers[index]), int(trace.rows[index])
    size = trace.vocab_size
    last = f"the last row is {size - 1:,}"
    cut = "" if integer == value else f"its decimals are dropped, which leaves {_signed(integer)}; "
    if not fits_int32(value):
        cast = f"{typed} does not fit an int32, and casting it gives {_signed(integer)} here"
        if row == RAISES:
            return f"{cast}: there is no such row, and Keras raises: {trace.messages[index]}"
        return f"{cast}: row {row:,} comes out, and nothing is raised."
    kind = trace.kinds[index]
    if kind == "legal":
        return f"id {typed} copies row {row:,}: legal ids are 0 to {size - 1:,}."
    if kind == "cut":
        return f"{typed} is no id, but nothing is raised: {cut}row {row:,} comes out."
    if kind == "wrapped":
        return (
            f"{typed} is no id, but nothing is raised: {cut}Keras adds input_dim to a negative "
            f"id, and {_signed(integer)} + {size:,} is row {row:,}."
        )
    if integer < 0:
        return (
            f"{typed} raises: {cut}Keras adds input_dim to a negative id, and "
            f"{_signed(integer)} + {size:,} is still below 0. {trace.messages[index]}"
        )
    return (
        f"{typed} raises: {cut}{last}, so it needs input_dim = {integer + 1:,}. "
        f"{trace.messages[index]}"
    )


def _signed(number: int) -> str:
    return f"{number:,}".replace("-", "−")


def id_captions(trace: IdTrace) -> list[str]:
    """Say what happens at each step of the picture; step 0 is before the first id."""
    count = len(trace.labels)
    return [
        f"Nothing looked up yet: {trace.vocab_size:,} rows, 0 to {trace.vocab_size - 1:,}.",
        *(f"Step {i + 1} of {count}: {explain_id(trace, i)}" for i in range(count)),
    ]


def id_table(trace: IdTrace) -> dict[str, list[object]]:
    """One row an id: what was typed, what was looked up, what came out, and Keras's message."""
    return {
        "step": list(range(1, len(trace.labels) + 1)),
        "typed": list(trace.labels),
        "looked up as": [int(i) for i in trace.integers],
        "row": ["none" if row == RAISES else str(row) for row in trace.rows.tolist()],
        "what happens": list(trace.kinds),
        "Keras's message": list(trace.messages),
    }


def id_code(trace: IdTrace) -> str:
    """A Keras script that looks the ids of `trace` up again, leaving ``rows``.

    ``rows`` is a list with the row that each id landed on, None where the layer raised.
    """
    ids = ", ".join(
        f'float("{value}")' if not math.isfinite(value) else repr(value) for value in trace.values
    )
    return f"""\
import keras
import numpy as np

# Row r holds the number r, so what comes out says which row it is.
layer = keras.layers.Embedding(input_dim={trace.vocab_size}, output_dim=1)
layer.build()
layer.set_weights([np.arange({trace.vocab_size}.0)[:, None]])

rows = []
for id_ in [{ids}]:
    try:
        rows.append(int(layer(np.array([[id_]]))[0, 0, 0]))
    except Exception as error:
        rows.append(None)
        print(id_, "raises:", error)
    else:
        print(id_, "gives row", rows[-1])
"""
