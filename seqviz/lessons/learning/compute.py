"""What the picture of some gradient steps shows: which rows of the table moved at each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.rows import rows_to_draw
from seqviz.readout.table import Table
from seqviz.readout.wording import counted
from seqviz.training.record import GradientStep

MAX_ROWS = 12  # rows of the table that are drawn before gaps are folded


class Learning(NamedTuple):
    """Some gradient steps of an embedding table of `V` rows of `F` numbers.

    Attributes:
        rows: ``(R,)`` int, what to draw from the top down: a row's index, or ``-n`` where `n` rows
            that no batch looked up are folded into one line.
        before: ``(V, F)``, the table before the first step.
        gradients: ``(S, V, F)``, dense.
        changes: ``(S, V, F)``, what each step added to the table.
        looked_up: ``(S, V)`` of bool, rows in the batch of each step.
        moved: ``(S, V)`` of bool, rows of which any bit changed.
        losses: ``(S,)``, the loss before each step.
        trainable: Whether the optimizer was given the table.
    """

    rows: NDArray[np.integer]
    before: Floats
    gradients: Floats
    changes: Floats
    looked_up: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    losses: Floats
    trainable: bool

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a file of it holds, by name."""
        return {
            "before": self.before,
            "gradients": self.gradients,
            "changes": self.changes,
            "losses": self.losses,
        }

    @property
    def carried(self) -> NDArray[np.bool_]:
        """``(S, V)`` of bool, rows that moved though no id of the batch looked them up."""
        return self.moved & ~self.looked_up


def compute_learning(steps: Sequence[GradientStep], *, max_rows: int = MAX_ROWS) -> Learning:
    """Put what `gradient_step` returned, one after the other, into one picture.

    Args:
        steps: One or more, of the same table.
        max_rows: Rows to draw if they fit; all rows that a batch looked up are drawn in any case.

    Raises:
        SeqvizError: There is no step, or they are of tables of different shapes.
    """
    if not steps:
        raise SeqvizError("There is no gradient step to draw. Call gradient_step once or more.")
    shapes = {step.before.shape for step in steps}
    if len(shapes) > 1:
        raise SeqvizError(
            f"The steps are of tables of the shapes {sorted(shapes)}, but one table is needed. "
            "Give the steps of one embedding."
        )
    used = np.unique(np.concatenate([step.indices for step in steps]))
    return Learning(
        rows=rows_to_draw(used, len(steps[0].before), max_rows),
        before=steps[0].before,
        gradients=np.stack([step.gradient for step in steps]),
        changes=np.stack([step.change for step in steps]),
        looked_up=np.stack([step.looked_up for step in steps]),
        moved=np.stack([step.moved for step in steps]),
        losses=np.array([step.loss for step in steps]),
        trainable=steps[0].trainable,
    )


def learning_captions(data: Learning, batches: Sequence[str], words: dict[int, str]) -> list[str]:
    """Say what each step moves; step 0 is before the first.

    Args:
        data: What `compute_learning` made.
        batches: ``(S,)``, what each step's batch is called.
        words: The word of each row that has one.
    """
    count = len(data.losses)
    captions = ["Before the first step: the table as it was initialized."]
    for k in range(count):
        found, moved, carried = data.looked_up[k], data.moved[k], data.carried[k]
        what = f"Step {k + 1} of {count}, {batches[k]}, loss {data.losses[k]:.3f}: "
        if not data.trainable:
            what += f"{_rows(found, words)} looked up; frozen, so no row moves."
        elif not moved.any():
            what += "no row moves."
        elif not carried.any():
            what += f"{_rows(moved, words)} moved, and no other row: exactly 0."
        elif not (moved & found).any():
            what += f"no row of the batch moved, but {_rows(carried, words)} did."
        else:
            still = "" if moved.all() else " The others: exactly 0."
            what += (
                f"{_rows(moved & found, words)} moved, and, though not in the batch, "
                f"{_rows(carried, words)}.{still}"
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
    """One row a step and row of the table that is drawn: its gradient, and what was added to it.

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
        table |= {
            f"{name}[{f}]": values[at][:, f].tolist() for f in range(values.shape[2])[:widest]
        }
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
