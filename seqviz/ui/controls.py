"""The controls of the pages: named as in Keras, bound to the URL, prefixed by page.

The defaults are a public contract, since a link leaves out what equals them.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import streamlit as st

from seqviz.config import CELLS

# The limits of the app, not of the library (design: a small machine, a whole class).
MAX_VOCAB_SIZE: Final = 10_000
MAX_SEED: Final = 9_999

# Of one text, as the address writes it. Uvicorn and nginx (deploy/) answer addresses that are not much
# longer than three times that with an error, and a reload names the address twice.
_LONGEST_PARAMETER: Final = 20_000

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
    return st.select_slider(
        "embedding_dim",
        [width for width in WIDTHS if width <= widest],
        default,
        **bound(page, "embedding_dim", default),
        help="`output_dim` in Keras: numbers per word. The recurrent layer calls them features.",
    )


def cell(page: str) -> str:
    """Kind of recurrent layer."""
    return st.selectbox("cell", CELLS, **bound(page, "cell", CELLS[0]))


def units(page: str) -> int:
    """Width of the hidden state."""
    return st.select_slider(
        "units",
        WIDTHS,
        4,
        **bound(page, "units", 4),
        help="Length of the hidden state h. It has nothing to do with the number of timesteps.",
    )


def toggle(page: str, name: str, help: str) -> bool:
    """An argument of a layer that is True or False, False by default."""
    return st.toggle(name, **bound(page, name, False), help=help)


def embeddings_initializer(page: str) -> str:
    """How the matrix is filled before training."""
    return st.selectbox(
        "embeddings_initializer",
        INITIALIZERS,
        **bound(page, "initializer", INITIALIZERS[0]),
        help="What the matrix holds before any training; 'uniform' is Keras's default.",
    )


def seed(page: str) -> int:
    """Seed of every weight."""
    return number(
        page,
        "seed",
        low=0,
        high=MAX_SEED,
        default=0,
        help="Another seed, other random weights. The same seed always gives the same.",
    )


def number(page: str, name: str, *, low: int, high: int, default: int, help: str) -> int:
    """A whole number between `low` and `high`."""
    # As a float: Streamlit 1.67 drops a bad number from the URL, but while it reads an integer
    # input from ?…=1e400 it raises OverflowError. A float goes through its range check.
    value = st.number_input(
        name,
        min_value=float(low),
        max_value=float(high),
        value=float(default),
        step=1.0,
        format="%.0f",
        help=help,
        **bound(page, name, float(default)),
    )
    return round(value)


def bound(page: str, name: str, default: Any) -> dict[str, Any]:
    """Arguments that tie a widget to the URL parameter ``{page}_{name}``.

    A text that no address can hold is cut before, and that is said.

    Args:
        page: Prefix, so that pages do not share what is not meant to be shared.
        name: As in Keras.
        default: The widget's own default, as its session state holds it. Remembered, so that
            the page's examples can go back to it.
    """
    _defaults.setdefault(page, {})[name] = default
    key = f"{page}_{name}"
    if isinstance(text := st.session_state.get(key), str):
        kept = _linkable(text)
        if kept != text:
            st.session_state[key] = kept
            st.info(
                f"Only the first {len(kept):,} characters are kept: the text is a part of this "
                "page's address, which has no room for more.",
                icon=":material/info:",
            )
    return {"key": key, "bind": "query-params"}


def _linkable(text: str) -> str:
    """As much of a text as an address can hold in `_LONGEST_PARAMETER` characters."""
    while len(text) > _LONGEST_PARAMETER // 12:  # of UTF-8 at most 4 bytes, each written as %F0
        length = len(quote(text, errors="replace"))
        if length <= _LONGEST_PARAMETER:
            break
        text = text[: len(text) * _LONGEST_PARAMETER // length]
    return text


def defaults(page: str) -> Mapping[str, Any]:
    """What the controls of `page` that were drawn so far in this process start from."""
    return _defaults.get(page, {})


_defaults: dict[str, dict[str, Any]] = {}
