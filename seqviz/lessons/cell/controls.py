"""The controls of the page about one cell: which number, and every argument of the layer."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from seqviz.lessons.cell.compute import Explanation
from seqviz.ui.control import control
from seqviz.ui.controls import INITIALIZERS, WIDTHS, number
from seqviz.ui.sentence import MAX_TOKENS
from seqviz.ui.url_state import bound

ACTIVATIONS: Final = ("tanh", "sigmoid", "relu", "linear", "softsign", "elu", "hard_sigmoid")
_KERNELS: Final = ("glorot_uniform", "orthogonal", "uniform", "normal", "identity", "zeros", "ones")
assert set(INITIALIZERS) <= set(_KERNELS)


def place(page: str) -> tuple[int, int]:
    """Which number of which state: a timestep, from 1, and a unit, from 0."""
    left, right = st.columns(2)
    with left:
        timestep = number(
            page,
            "timestep",
            low=1,
            high=MAX_TOKENS,
            default=2,
            help="Of the sentence, from 1. Squares of the map further down can be clicked, too.",
        )
    with right:
        unit = number(
            page,
            "unit",
            low=0,
            high=WIDTHS[-1] - 1,
            default=0,
            help="Which number of the state, from 0 as in Keras.",
        )
    return timestep, unit


def arguments(page: str, kind: str) -> dict[str, Any]:
    """The arguments of a layer; those that a cell of this kind does not have are greyed out."""
    gated, lstm, gru = kind != "SimpleRNN", kind == "LSTM", kind == "GRU"
    return {
        "activation": _choice(
            page, "activation", ACTIVATIONS, "tanh", "Of the candidate and the state."
        ),
        "recurrent_activation": _choice(
            page,
            "recurrent_activation",
            ACTIVATIONS,
            "sigmoid",
            "Of the gates of GRU and LSTM.",
            disabled=not gated,
        ),
        "use_bias": _on(page, "use_bias", "Whether a bias is added to every sum."),
        "unit_forget_bias": _on(
            page,
            "unit_forget_bias",
            "LSTM: the forget gate's bias starts at 1, so that it starts by remembering.",
            disabled=not lstm,
        ),
        "reset_after": _on(
            page,
            "reset_after",
            "GRU: the reset gate acts after the product with the recurrent kernel, which then has "
            "a bias of its own. False is the form of the first paper.",
            disabled=not gru,
        ),
        "kernel_initializer": _choice(
            page, "kernel_initializer", _KERNELS, "glorot_uniform", "What W starts as."
        ),
        "recurrent_initializer": _choice(
            page, "recurrent_initializer", _KERNELS, "orthogonal", "What U starts as."
        ),
    }


def gate(page: str, explanation: Explanation) -> str:
    """Which sum to write out: a gate by its name in the trace."""
    names = tuple(explanation.sums)
    if names == ("hidden",):  # the one sum of a SimpleRNN
        return "hidden"
    # Without a format_func: what it gives would be what stands in the URL.
    return control(
        st.selectbox,
        "The sum of",
        names,
        names.index("candidate"),
        **bound(page, "gate", "candidate"),
    )


def _choice(
    page: str, name: str, options: Sequence[str], default: str, help: str, *, disabled: bool = False
) -> str:
    return control(
        st.selectbox,
        name,
        options,
        list(options).index(default),
        help=help,
        disabled=disabled,
        **bound(page, name, default),
    )


def _on(page: str, name: str, help: str, *, disabled: bool = False) -> bool:
    """An argument that is True by default."""
    return control(
        st.toggle, name, value=True, help=help, disabled=disabled, **bound(page, name, True)
    )
