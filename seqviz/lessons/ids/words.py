"""What the lesson says: why an id is legal or not, a caption per step, and a table."""

from seqviz.lessons.ids.compute import RAISES, IdTrace, fits_int32
from seqviz.readout.numbers import whole


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
    cut = "" if integer == value else f"its decimals are dropped, which leaves {whole(integer)}; "
    if not fits_int32(value):
        cast = f"{typed} does not fit an int32, and casting it gives {whole(integer)} here"
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
            f"{typed} is no id, but nothing is raised: {cut}Keras adds vocab_size to a "
            f"negative id, and {whole(integer)} + {size:,} is row {row:,}."
        )
    if integer < 0:
        return (
            f"{typed} raises: {cut}Keras adds vocab_size to a negative id, and "
            f"{whole(integer)} + {size:,} is still below 0. {trace.messages[index]}"
        )
    return (
        f"{typed} raises: {cut}{last}, so it needs vocab_size = {integer + 1:,}. "
        f"{trace.messages[index]}"
    )


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
