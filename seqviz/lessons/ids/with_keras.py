"""Looking any number up in a real Embedding layer, one at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.lessons.ids.compute import INT64, RAISES, IdTrace, fits_int32


@naming_extras()
def trace_ids(
    values: Sequence[int | float], vocab_size: int, *, labels: Sequence[str] | None = None
) -> IdTrace:
    """Look each number up in a real `keras.layers.Embedding`, one at a time.

    The matrix is filled with its own row numbers, so that what comes out says which row it is.
    Each id is looked up by itself: in one batch the first bad id would hide the others.

    Args:
        values: Ids, legal or not. Ints are handed over as int64, floats as float64, as NumPy
            would make them of a list.
        vocab_size: Rows of the matrix.
        labels: What to call the ids; `str` of them if None.

    Raises:
        SeqvizError: `vocab_size` is not 1 or more (at most 2²⁴, up to which a float32 holds every
            whole number), or a whole number does not fit int64.
    """
    vocab_size = int(vocab_size)  # Keras takes none of NumPy's
    if not 1 <= vocab_size <= 2**24:
        raise SeqvizError(
            f"vocab_size is {vocab_size}, but a matrix of numbered rows needs 1 to {2**24:,}. "
            "Write for example vocab_size=10."
        )
    import keras

    layer = keras.layers.Embedding(vocab_size, 1, name="embedding", embeddings_initializer="zeros")
    layer.build()
    layer.set_weights([np.arange(vocab_size, dtype=np.float32)[:, None]])
    looked_up = [_look_up(layer, value, keras) for value in values]
    rows = [row for row, _, _ in looked_up]
    integers = [integer for _, integer, _ in looked_up]
    return IdTrace(
        labels=tuple(map(str, values)) if labels is None else tuple(labels),
        values=tuple(values),
        integers=np.array(integers, np.int64),
        rows=np.array(rows, np.int64),
        kinds=tuple(_kind(v, i, r) for v, i, r in zip(values, integers, rows, strict=True)),
        messages=tuple(message for _, _, message in looked_up),
        vocab_size=vocab_size,
    )


def _look_up(layer: Any, value: int | float, keras: Any) -> tuple[int, int, str]:
    """The row that came out, the integer it was looked up by, and the message if it raised."""
    from seqviz.tracing.refusals import gist, is_keras_refusal

    whole = isinstance(value, int | np.integer)
    if whole and not -INT64 <= value < INT64:
        raise SeqvizError(
            f"Id {value} does not fit int64, and no array of ids can hold it. Give it as a float."
        )
    ids = np.array([[value]], np.int64 if whole else np.float64)
    # As Embedding.call does: int32 and int64 stay, everything else is cast to int32.
    integer = int(value) if whole else int(keras.ops.cast(ids, "int32")[0, 0])
    try:
        return int(layer(ids)[0, 0, 0]), integer, ""
    except Exception as error:
        if not is_keras_refusal(error):
            raise
        return RAISES, integer, gist(error)


def _kind(value: int | float, integer: int, row: int) -> str:
    if row == RAISES:
        return "raises"
    if row == value:
        return "legal"
    if not fits_int32(value):
        return "cast"
    return "wrapped" if integer < 0 else "cut"
