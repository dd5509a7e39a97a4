"""What the picture of a gated cell shows: its gates at every timestep."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, record_of, skipped_steps
from seqviz.short_repr import short_repr
from seqviz.trace import RecurrentTrace, Trace


@short_repr
class Gates(NamedTuple):
    """One sample of a gated cell's trace, in the order the steps were processed.

    Attributes:
        gates: Each ``(timesteps, units)``, by the names of the trace: LSTM ``input``, ``forget``,
            ``candidate``, ``output``; GRU ``update``, ``reset``, ``candidate``.
        timesteps: ``(timesteps,)`` int, the timestep of the input that step k read.
        skipped: ``(timesteps,)`` bool, steps that the mask told the layer to pass over.
    """

    gates: dict[str, NDArray[np.floating]]
    timesteps: NDArray[np.integer]
    skipped: NDArray[np.bool_]


def compute_gates(trace: RecurrentTrace | Trace, *, sample: int = 0) -> Gates:
    """Take the gates of one sample out of `trace`.

    Args:
        trace: Trace of a GRU or LSTM layer, or a whole trace with one such.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: The cell has no gates, or the trace has no such sample.
    """
    trace = record_of(trace, RecurrentTrace, fits=lambda record: bool(record.gates))
    if not trace.gates:
        msg = (
            f"A {trace.cell} has no gates to show: only GRU and LSTM have them. "
            "Hint: use plot_states, or capture a GRU or an LSTM."
        )
        raise SeqvizError(msg)
    sample = check_sample(sample, len(trace.inputs))
    return Gates(
        gates={name: values[sample] for name, values in trace.gates.items()},
        timesteps=trace.timesteps,
        skipped=skipped_steps(trace, sample),
    )
