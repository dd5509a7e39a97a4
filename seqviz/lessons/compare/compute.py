"""How long a recurrent layer remembers: two sequences that differ once, and their states since."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, record_of
from seqviz.short_repr import short_repr
from seqviz.trace import RecurrentTrace, Trace

# Of the difference after the first step: what is less is nearly gone, from where it is still held, and
# what is more has grown.
GONE: Final = 0.1
HELD: Final = 0.5
GROWN: Final = 2.0


@short_repr
class Memory(NamedTuple):
    """Two samples of one recurrent layer's trace, side by side.

    `T` timesteps, `U` units; in the order in which steps were processed.

    Attributes:
        cell: Kind of the cell, such as ``"GRU"``.
        hidden: ``(T, U)``, the hidden state after each step on the first sample.
        cell_states: ``(T, U)``, the cell state of an LSTM; None for others.
        difference: ``(T,)``, the Euclidean norm of `change`, ‖h - h'‖.
        cell_difference: ``(T,)``, the same of c; None for others.
        parameters: Numbers in the layer's weights: T has no part in it.
        timesteps: ``(T,)`` int, the timestep of the input that each step read.
        change: ``(T, U)``, h - h': the state on the first sample minus that on the second.
        cell_change: ``(T, U)``, the same of c; None for others.
    """

    cell: str
    hidden: Floats
    cell_states: Floats | None
    difference: Floats
    cell_difference: Floats | None
    parameters: int
    timesteps: NDArray[np.integer]
    change: Floats
    cell_change: Floats | None

    @property
    def left(self) -> Floats:
        """``(T,)``, what is left in h of the first step's difference: 1 is all of it."""
        return _share(self.difference)

    @property
    def cell_left(self) -> Floats | None:
        """``(T,)``, the same in c; None for others."""
        return None if self.cell_difference is None else _share(self.cell_difference)


def _share(difference: Floats) -> Floats:
    """`difference` in parts of its first; 0 where there is none, also where there was none."""
    share = np.full(len(difference), np.inf)
    np.divide(difference, difference[0], out=share, where=difference[0] > 0)
    return np.where(difference > 0, share, 0.0)


def compute_memory(trace: RecurrentTrace | Trace, *, samples: tuple[int, int] = (0, 1)) -> Memory:
    """Compare the states of a layer on two sequences of a batch, step by step.

    Where the sequences differ in one word only, the difference is what is left of that word.

    Args:
        trace: Trace of a recurrent layer on a batch of two sequences or more, or a whole trace
            with one such.
        samples: Which two of the batch.

    Raises:
        SeqvizError: This is not the trace of a recurrent layer, it has no such samples, or its
            states are not vectors.
    """
    trace = record_of(trace, RecurrentTrace)
    first, second = (check_sample(sample, len(trace.inputs)) for sample in samples)
    if trace.hidden_states.ndim != 3:
        raise SeqvizError(
            f"The states of this {trace.cell} have the shape {trace.hidden_states.shape}, but "
            "(batch, timesteps, units) is needed. Hint: only states that are vectors are compared."
        )

    def gap(states: Floats) -> Floats:
        # In double precision: the squares of small differences vanish in single.
        return states[first].astype("float64") - states[second].astype("float64")

    c = trace.cell_states
    change = gap(trace.hidden_states)
    cell_change = None if c is None else gap(c)
    return Memory(
        cell=trace.cell,
        hidden=trace.hidden_states[first],
        cell_states=None if c is None else c[first],
        change=change,
        cell_change=cell_change,
        difference=np.linalg.norm(change, axis=-1),
        cell_difference=None if cell_change is None else np.linalg.norm(cell_change, axis=-1),
        parameters=sum(weight.size for weight in trace.weights.values()),
        timesteps=np.asarray(trace.timesteps),
    )
