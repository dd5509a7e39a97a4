"""What the picture of gradients shows. Apart from `seqviz.lessons.gradients.compute`, since it needs NumPy only."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.short_repr import short_repr


@short_repr
class Gradients(NamedTuple):
    """The gradient of one number L, taken of a hidden state, with respect to all before it.

    `T` timesteps, `U` units, `F` features; in the order in which steps were processed.

    Attributes:
        cell: ``"SimpleRNN"``, ``"GRU"`` or ``"LSTM"``.
        hidden: ``(T + 1, U)``, dL/dh after each step; row 0 is the initial state.
        cell_states: ``(T + 1, U)``, dL/dc of an LSTM, through the h made of it and through the
            next c; None for others.
        inputs: ``(T, F)``, dL/dx of what each step read.
        taken_at: The row of `hidden` that L is taken of, 1 … T. Nothing later can change L, so
            gradients there are zero.
        output: What L is of that state: ``"sum"``, ``"norm"`` or ``"unit 3"``.
        timesteps: ``(T,)`` int, the timestep of the input that each step read.
        skipped: ``(T,)`` bool, steps that the mask told the layer to pass over.
    """

    cell: str
    hidden: Floats
    cell_states: Floats | None
    inputs: Floats
    taken_at: int
    output: str
    timesteps: NDArray[np.integer]
    skipped: NDArray[np.bool_]


def norms(values: Floats) -> Floats:
    """The Euclidean norm of every row, in double precision: squares of 1e-30 are still there."""
    return np.linalg.norm(np.asarray(values, "float64"), axis=-1)
