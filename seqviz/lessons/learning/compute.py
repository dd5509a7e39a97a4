"""What the picture of some gradient steps shows: which rows of the table moved at each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.rows import rows_to_draw
from seqviz.short_repr import short_repr
from seqviz.training.record import GradientStep

MAX_ROWS = 12  # rows of the table that are drawn before gaps are folded


@short_repr
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
