"""What the lesson says: a caption per step, a summary, and the numbers as a table."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seqviz.lessons.learning.compute import Learning
from seqviz.readout.table import Table, vector_columns
from seqviz.wording import counted


def learning_captions(data: Learning, batches: Sequence[str], words: dict[int, str]) -> list[str]:
    """Say what each step moves; step 0 is before the first.

    Args:
        data: What `compute_learning` made.
        batches: ``(S,)``, what each step's batch is called.
        words: The word of each row that has one.
    """
    count = len(data.losses)
    captions = ["Before the first step: the table as it began, with random numbers."]
    for k in range(count):
        found, moved, carried = data.looked_up[k], data.moved[k], data.carried[k]
        again = k and batches[k] == batches[k - 1]
        before = f" ({data.losses[k - 1]:.3f} a step before)" if again else ""
        what = f"Step {k + 1} of {count}, {batches[k]}, loss {data.losses[k]:.3f}{before}: "
        if not data.trainable:
            what += f"{_rows(found, words)} looked up; frozen, so no row moves."
        elif not moved.any():
            what += "no row moves."
        elif not carried.any():
            what += (
                f"{_rows(moved, words)} moved, since this batch reads them; all others: exactly 0."
            )
        elif not (moved & found).any():
            what += f"no row of the batch moved, but the optimizer moved {_rows(carried, words)}."
        else:
            still = "" if moved.all() else " The others: exactly 0."
            what += (
                f"{_rows(moved & found, words)} moved, since this batch reads them. It does not read "
                f"{_rows(carried, words)}: the optimizer moved these by itself.{still}"
            )
        captions.append(what)
    return captions


def summary(data: Learning) -> str:
    """The takeaway of all steps, in one sentence."""
    if not data.trainable:
        return "the table is frozen, so no row moves."
    carried = int(data.carried.any(axis=0).sum())
    if carried:
        return f"{counted(carried, 'row')} moved in a step whose batch does not hold them."
    return "only rows in a step's batch move; every other row stays exactly as it was."


def learning_table(
    data: Learning, batches: Sequence[str], words: dict[int, str], *, widest: int | None = None
) -> Table:
    """One row per step and row of the table that is drawn: its gradient, and what was added to it.

    Args:
        data: What `compute_learning` made.
        batches: ``(S,)``, what each step's batch is called.
        words: The word of each row that has one.
        widest: Columns to give at most to one vector; all if None.
    """
    rows = [row for row in data.rows.tolist() if row >= 0]
    pairs = [(k, row) for k in range(len(data.losses)) for row in rows]
    at = tuple(np.array(pairs).T)
    table: Table = {
        "step": [k + 1 for k, _ in pairs],
        "batch": [batches[k] for k, _ in pairs],
        "id": [row for _, row in pairs],
        "token": [words.get(row, "") for _, row in pairs],
        "in the batch": data.looked_up[at].tolist(),
        "moved": data.moved[at].tolist(),
    }
    for name, values in (("gradient", data.gradients), ("change", data.changes)):
        table |= vector_columns(name, values[at], widest)
    return table


_NAMED = 4


def _rows(chosen: NDArray[np.bool_], words: dict[int, str]) -> str:
    """Some rows in words, such as ``rows 2 “I” and 3 “am”``."""
    rows = np.flatnonzero(chosen).tolist()
    if len(rows) == len(chosen):
        return f"all {len(rows)} rows"
    named = [f"{row} “{words[row]}”" if row in words else str(row) for row in rows[:_NAMED]]
    if len(rows) > _NAMED:
        named = [*named[: _NAMED - 1], f"{len(rows) - _NAMED + 1} more"]
    several = ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else named[0]
    return f"row{'s' if len(rows) > 1 else ''} {several}"
