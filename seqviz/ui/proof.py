"""The sentence under a picture that says how far it is from Keras."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import streamlit as st

from seqviz.readout.numbers import scientific
from seqviz.trace import RecurrentTrace
from seqviz.ui.markdown import note

# What `verify(…, at_once=True)` proves.
BY_STEP: Final = "Computed by real Keras layers, and every state checked"


# Of most pictures.
BLUE_AND_RED: Final = "Blue is negative, red positive; each kind of number has its own scale."
_LARGE = 10.0  # from here on a difference is given beside the number


def show_proof(page: str, proof: str | Callable[[], str], legend: str, of: str, slot: Any) -> None:
    """Say how far the picture is from Keras, into a place that was kept for it.

    A page proves what it opens with. That done, it proves what it is asked to: for Keras it is
    a forward pass more, and up to a fifth of what a step of a slider costs the server.

    Args:
        page: Prefix of keys.
        proof: The sentence, or what finds it out.
        legend: What the marks of the picture mean, said after it; may be empty.
        of: Differs where the picture does.
        slot: Where.
    """
    proved: set[str] = st.session_state.setdefault(f"_{page}_proved", set())
    if isinstance(proof, str):
        note(f"{proof} {legend}".rstrip(), slot)
    elif of in proved or not proved:
        note(f"{proof()} {legend}".rstrip(), slot)
        proved.add(of)
    else:
        with slot.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Is it equal to Keras? Check these numbers",
                key=f"{page}_prove",
                type="tertiary",
                icon=":material/verified:",
                on_click=proved.add,
                args=(of,),
            )
            if legend:
                note(legend)


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
    return f":material/verified: {what}: equal to Keras {how}."


def largest_of(traces: Iterable[RecurrentTrace]) -> float:
    """The largest number of all that the states were made of; not finite where one is not."""
    arrays = [
        array
        for trace in traces
        for array in (*trace.states, *trace.pre_activations.values())
        if array.size
    ]
    return float(np.max([np.abs(array).max() for array in arrays]))
