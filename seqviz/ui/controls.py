"""The controls of the pages: named as in Keras, bound to the URL, prefixed by page.

The defaults are a public contract, since a link leaves out what equals them.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import streamlit as st

from seqviz.config import CELLS
from seqviz.ui.control import control
from seqviz.ui.url_state import bound

_Option = TypeVar("_Option", int, float, str)

# The limits of the app, not of the library (design: a small machine, a whole class).
MAX_VOCAB_SIZE: Final = 10_000
MAX_SEED: Final = 9_999


# Every small width, then coarser: on a slider as wide as a phone each stop can still be hit.
WIDTHS: Final = (*range(1, 17), 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128)

INITIALIZERS: Final = (
    "uniform",
    "normal",
    "glorot_uniform",
    "orthogonal",
    "zeros",
    "ones",
)


def vocab_size(page: str) -> int:
    """Rows of the embedding matrix."""
    return number(
        page,
        "vocab_size",
        low=2,
        high=MAX_VOCAB_SIZE,
        default=50,
        help="`input_dim` in Keras: rows of the matrix, the largest id + 1. "
        "0 is padding, 1 is any unknown word, words start at 2.",
    )


def embedding_dim(page: str, default: int, *, widest: int = WIDTHS[-1]) -> int:
    """Length of a row, up to `widest`."""
    return steps(
        page,
        "embedding_dim",
        [width for width in WIDTHS if width <= widest],
        default,
        help="`output_dim` in Keras: numbers per word. The recurrent layer calls them features.",
    )


def cell(page: str) -> str:
    """Kind of recurrent layer."""
    return control(st.selectbox, "cell", CELLS, **bound(page, "cell", CELLS[0]))


def units(page: str) -> int:
    """Width of the hidden state."""
    return steps(
        page,
        "units",
        WIDTHS,
        4,
        help="Length of the hidden state h. It has nothing to do with the number of timesteps.",
    )


def toggle(page: str, name: str, help: str) -> bool:
    """An argument of a layer that is True or False, False by default."""
    return control(st.toggle, name, **bound(page, name, False), help=help)


def embeddings_initializer(page: str) -> str:
    """How the matrix is filled before training."""
    return control(
        st.selectbox,
        "embeddings_initializer",
        INITIALIZERS,
        **bound(page, "initializer", INITIALIZERS[0]),
        help="What the matrix holds before any training; 'uniform' is Keras's default.",
    )


def seed(page: str, expected: str = "") -> int:
    """Seed of every weight.

    Args:
        page: Prefix of keys.
        expected: What to say more of another one.
    """
    return number(
        page,
        "seed",
        low=0,
        high=MAX_SEED,
        default=0,
        help=f"Another seed, other random weights. The same seed always gives the same. {expected}".rstrip(),
    )


def steps(
    page: str,
    name: str,
    options: Sequence[_Option],
    default: _Option,
    *,
    label: str = "",
    help: str | None = None,
) -> _Option:
    """A slider that has only some numbers; a link that asks for another gets the nearest."""
    return control(
        st.select_slider,
        label or name,
        options,
        default,
        **bound(page, name, default, of=options),
        help=help,
    )


def number(page: str, name: str, *, low: int, high: int, default: int, help: str) -> int:
    """A whole number between `low` and `high`."""
    # As a float: Streamlit 1.67 drops a bad number from the URL, but while it reads an integer
    # input from ?…=1e400 it raises OverflowError. A float goes through its range check.
    value = control(
        st.number_input,
        name,
        min_value=float(low),
        max_value=float(high),
        value=float(default),
        step=1.0,
        format="%.0f",
        help=help,
        **bound(page, name, float(default), within=(low, high)),
    )
    return round(value)
