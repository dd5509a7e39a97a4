"""The sentence under a picture that says how far it is from Keras."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from seqviz.readout.numbers import scientific
from seqviz.trace import RecurrentTrace

# What `verify(…, at_once=True)` proves.
BY_STEP: Final = "Computed by real Keras layers, each state made anew of the one before it"


_LARGE = 10.0  # from here on a difference is given beside the number


def equal_to_keras(difference: float, what: str = BY_STEP, *, largest: float = 1.0) -> str:
    """Say how far a picture is from Keras's own forward pass, in Markdown.

    Args:
        difference: The largest one between two numbers.
        what: What was computed, and how.
        largest: Of the numbers compared, see `largest_of`: float32 has seven digits, so beside
            large ones a difference is large too.
    """
    if not np.isfinite(largest):
        return (
            ":material/warning: The numbers are too large for float32, in Keras as in the picture: "
            "from there on they are infinite, or not a number."
        )
    how = "bit for bit" if difference == 0 else f"within {scientific(difference)}"
    if difference and largest >= _LARGE:
        how = f"within {scientific(difference / largest)} of the largest number ({largest:.2g})"
    return (
        f":material/verified: {what}: equal to Keras {how}. "
        "Blue is negative, red positive; each kind of box has its own scale."
    )


def largest_of(traces: Iterable[RecurrentTrace]) -> float:
    """The largest number of all that the states were made of; not finite where one is not."""
    arrays = [
        array
        for trace in traces
        for array in (*trace.states, *trace.pre_activations.values())
        if array.size
    ]
    return float(np.max([np.abs(array).max() for array in arrays]))
