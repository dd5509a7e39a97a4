"""Controls of the pages on what flows through a recurrent layer, forwards and back."""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Final, TypeVar

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.typed_text import Encoded
from seqviz.ui.control import control
from seqviz.ui.controls import steps
from seqviz.ui.markdown import note
from seqviz.ui.url_state import bound
from seqviz.wording import counted

ACTIVATIONS: Final = ("tanh", "relu", "linear")
TIMESTEPS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
AS_BUILT: Final = "as built"
# Up to 2: a linear state of a hundred steps stays below the largest float32.
RADII: Final = (AS_BUILT, "0.1", "0.25", "0.5", "0.7", "0.8", "0.9", "1", "1.1", "1.25", "1.5", "2")
GATE_BIASES: Final = (-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6)


def activation(page: str) -> str:
    """What the state, or candidate, goes through."""
    return control(
        st.selectbox,
        "activation",
        ACTIVATIONS,
        **bound(page, "activation", ACTIVATIONS[0]),
        help="tanh, Keras's default, keeps a state within ±1; relu and linear let it grow.",
    )


def timesteps(page: str, *, high: int) -> int:
    """How many steps to go through."""
    return steps(
        page,
        "timesteps",
        [count for count in TIMESTEPS if count <= high],
        20,
        help="How many words are read. A shorter sentence is repeated, a longer one is cut.",
    )


def spectral_radius(page: str, default: str) -> float | None:
    """The radius that the recurrent kernel is scaled to; None leaves it as it was built."""
    choice = steps(
        page,
        "spectral_radius",
        RADII,
        default,
        label="spectral radius of recurrent_kernel",
        help="The largest |eigenvalue| of the matrix that the state is multiplied by at every "
        "step. All of it is scaled; of a GRU or LSTM the square block of each gate and of the "
        "candidate, each to this radius.",
    )
    return None if choice == AS_BUILT else float(choice)


def gate_bias(page: str, default: int = 0) -> int:
    """What to add to the bias of the gate that keeps the state."""
    return steps(
        page,
        "gate_bias",
        GATE_BIASES,
        default,
        label="added to the keeping gate's bias",
        help="Added to the bias of the LSTM's forget gate (Keras starts it at 1) and of the GRU's "
        "update gate (at 0). The more, the longer they keep. A SimpleRNN has no such gate.",
    )


def repeated(encoded: Encoded, count: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Ids and tokens of a sentence, said again until there are `count`."""
    return extended(encoded.ids, count), extended(encoded.tokens, count)


def say_length(encoded: Encoded, count: int) -> None:
    """Say how a sentence came to have `count` timesteps, where it has not by itself."""
    words = len(encoded.ids)
    if words > count:
        note(f"Only the first {count} of {counted(words, 'token')} are read: `timesteps` says so.")
    elif words < count:
        note(f"{counted(words, 'token')}, said again and again until there are {count}.")


Item = TypeVar("Item")


def extended(sequence: Sequence[Item], length: int) -> tuple[Item, ...]:
    """Exactly `length` items: the sequence over and over again, or its beginning.

    `extended("ab", 5)` is ``("a", "b", "a", "b", "a")``.

    Raises:
        SeqvizError: There is nothing to repeat.
    """
    if not sequence:
        raise SeqvizError(
            f"An empty sequence was to be made {length} long, but one item or more is needed. "
            "Hint: type a word."
        )
    return tuple(islice(cycle(sequence), length))
