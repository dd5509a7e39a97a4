"""What the picture of a recurrent layer's results shows: by name, and what a head makes of them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, check_trace
from seqviz.readout.unrolled import Unrolled, compute_unrolled
from seqviz.short_repr import short_repr
from seqviz.trace import AnyTrace, LayerTrace, RecurrentTrace

HEADS = ("Dense", "TimeDistributed")


@short_repr
class Result(NamedTuple):
    """One of the values that a recurrent layer returns.

    Attributes:
        name: ``"seq"`` (every state), ``"output"`` (the last one), ``"h_T"`` or ``"c_T"``.
        shape: With the batch of one.
        values: ``(T, U)`` for ``"seq"``, else ``(1, U)``.
    """

    name: str
    shape: tuple[int, ...]
    values: Floats


@short_repr
class Outputs(NamedTuple):
    """What comes out of a recurrent layer, and of the layer on top of it.

    Attributes:
        states: What the layer did.
        results: What it returned, in Keras's order.
        head: Class of the layer on top: ``"Dense"``, ``"TimeDistributed"``, or ``""``.
        scores: ``(T, classes)``, or ``(1, classes)`` after the last step only; None without head.
    """

    states: Unrolled
    results: tuple[Result, ...]
    head: str = ""
    scores: Floats | None = None

    @property
    def return_sequences(self) -> bool:
        """Whether the layer returned the state of every step."""
        return self.results[0].name == "seq"


def compute_outputs(trace: Mapping[str, AnyTrace], *, sample: int = 0) -> Outputs:
    """Take one sample of the last recurrent layer of a trace, and of a `Dense` on top of it.

    On top of it is one that reads just what the layer returned; another is left out.

    Args:
        trace: Of a model with a recurrent layer, or of such a layer alone.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: This is no whole trace, or it has no recurrent layer.
    """
    check_trace(trace)
    keys = [k for k, r in trace.items() if isinstance(r, RecurrentTrace) and "/" not in k]
    if not keys:
        raise SeqvizError(
            f"This trace has no recurrent layer that stands by itself: its keys are {list(trace)}. "
            "Hint: capture a model with a SimpleRNN, GRU or LSTM; draw a Bidirectional one with "
            "plot_bidirectional."
        )
    record = trace[keys[-1]]
    assert isinstance(record, RecurrentTrace)
    sample = check_sample(sample, record.inputs.shape[0])
    names = ["seq" if record.return_sequences else "output", "h_T", "c_T"]
    returned = [record.main_output, *record.returned_states]
    results = tuple(
        Result(name, (1, *part.shape[1:]), part[sample].reshape(-1, part.shape[-1]))
        for name, part in zip(names, returned, strict=False)
    )
    above = list(trace)[list(trace).index(keys[-1]) + 1 :]
    head, scores = "", None
    for key in above:
        on_top = trace[key]
        if not (isinstance(on_top, LayerTrace) and on_top.layer in HEADS):
            continue
        read = on_top.inputs
        if isinstance(read, np.ndarray) and np.array_equal(
            read, record.main_output, equal_nan=True
        ):
            head, scores = on_top.layer, np.asarray(on_top.output[sample])
            scores = scores.reshape(-1, scores.shape[-1])
            break
    return Outputs(compute_unrolled(record, sample=sample), results, head, scores)
