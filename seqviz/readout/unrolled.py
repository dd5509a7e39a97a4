"""What the unrolled picture of a recurrent layer shows: one sample, step by step."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, record_of, skipped_steps
from seqviz.short_repr import short_repr
from seqviz.trace import RecurrentTrace, Trace


@short_repr
class Unrolled(NamedTuple):
    """One sample of a recurrent layer's trace, in the order the steps were processed.

    `T` timesteps, `F` features, `U` units.

    Attributes:
        cell: Kind of the cell, such as ``"LSTM"``.
        inputs: ``(T, F)``, the vector that step k read.
        hidden: ``(T + 1, U)``, the hidden state; row 0 is the initial state.
        cell_states: ``(T + 1, U)``, the cell state of an LSTM; None for others.
        timesteps: ``(T,)`` int, the timestep of the input that step k read.
        skipped: ``(T,)`` bool, steps that the mask told the layer to pass over.
        returned: ``(T,)`` bool, whether the layer's output holds that of step k.
        return_state: Whether the layer also returns its last state.
        outputs: ``(T, O)``, what the layer returned of each step, NaN where nothing; None if it
            is the hidden state, as in all cells of Keras.
    """

    cell: str
    inputs: Floats
    hidden: Floats
    cell_states: Floats | None
    timesteps: NDArray[np.integer]
    skipped: NDArray[np.bool_]
    returned: NDArray[np.bool_]
    return_state: bool
    outputs: Floats | None = None


def compute_unrolled(trace: RecurrentTrace | Trace, *, sample: int = 0) -> Unrolled:
    """Take one sample out of `trace` and put it in the order of processing.

    Args:
        trace: Trace of a recurrent layer, or a whole trace with one such.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: The trace has no such sample, or its states are not vectors.
    """
    trace = record_of(trace, RecurrentTrace)
    sample = check_sample(sample, trace.inputs.shape[0])
    states = trace.hidden_states
    if states.ndim != 3 or trace.inputs.ndim != 3:
        msg = (
            f"The states of this {trace.cell} have the shape {states.shape} and its inputs "
            f"{trace.inputs.shape}, but (batch, timesteps, units) and (batch, timesteps, features) "
            "are needed. Hint: only cells whose state is a vector can be drawn unrolled."
        )
        raise SeqvizError(msg)
    order = np.asarray(trace.timesteps)
    skipped = skipped_steps(trace, sample)
    returned, outputs = _returned(trace, sample, skipped)
    initial = trace.initial_state
    return Unrolled(
        cell=trace.cell,
        inputs=trace.inputs[sample, order],
        hidden=np.vstack([initial[trace.hidden_index][sample], states[sample]]),
        cell_states=(
            None
            if trace.cell_states is None
            else np.vstack([initial[1][sample], trace.cell_states[sample]])
        ),
        timesteps=order,
        skipped=skipped,
        returned=returned,
        return_state=trace.return_state,
        outputs=outputs,
    )


def _returned(
    trace: RecurrentTrace, sample: int, skipped: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Floats | None]:
    """Of which steps the layer returned something, and what, unless it is the hidden state."""
    states = trace.hidden_states[sample]
    count = len(states)
    returned = np.full(count, trace.return_sequences)
    returned[-1:] = True
    output = np.asarray(trace.main_output[sample]).reshape(int(returned.sum()), -1)
    outputs = np.full((count, output.shape[1]), np.nan, output.dtype)
    outputs[returned] = output
    same = np.zeros(count, bool)
    if outputs.shape == states.shape:
        same = ((outputs == states) | (np.isnan(outputs) & np.isnan(states))).all(axis=1)
    # Where a step is skipped Keras returns the last output once more, or, as inside Bidirectional
    # and under zero_output_for_mask, zeros.
    returned &= ~skipped | same | outputs.any(axis=1)
    if same[returned].all():
        return returned, None
    outputs[~returned] = np.nan
    return returned, outputs
