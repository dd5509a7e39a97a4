"""The controls of stacked layers: as many as there are layers, each with arguments of its own."""

from typing import Final

import streamlit as st

from seqviz.config import CELLS
from seqviz.models.stack_config import LayerSpec
from seqviz.ui.control import control
from seqviz.ui.controls import WIDTHS, steps
from seqviz.ui.url_state import bound

MAX_LAYERS: Final = 4
# Four layers of 128 units over 200 timesteps would be a picture of 900 kB.
STACK_WIDTHS: Final = tuple(width for width in WIDTHS if width <= 64)


def layer_count(page: str) -> int:
    """Number of stacked layers."""
    return steps(
        page, "layers", range(1, MAX_LAYERS + 1), 2, help="Recurrent layers above each other."
    )


def width(page: str, name: str, default: int, help: str) -> int:
    """A width, as far as a stack can be drawn."""
    return steps(page, name, STACK_WIDTHS, default, help=help)


def layer(page: str, place: int, count: int) -> LayerSpec:
    """One layer's arguments; layer 1 is at the bottom."""
    where = " (bottom)" if place == 1 < count else " (top)" if place == count > 1 else ""
    st.markdown(f"**Layer {place}**{where}")
    left, right = st.columns([3, 2])
    cell = control(left.selectbox, f"cell {place}", CELLS, **bound(page, f"cell_{place}", CELLS[0]))
    with right:
        units = steps(page, f"units_{place}", STACK_WIDTHS, 4, label=f"units {place}")
    return_sequences = control(
        st.toggle,
        f"return_sequences {place}",
        True,
        **bound(page, f"return_sequences_{place}", True),
        help="Return the state after every timestep, not only the last one.",
    )
    return LayerSpec(cell, units, return_sequences)


def keep_hidden(page: str, shown: int) -> None:
    """Keep what was set for layers that are not shown now, for when they come back."""
    for place in range(shown + 1, MAX_LAYERS + 1):
        for name in ("cell", "units", "return_sequences"):
            key = f"{page}_{name}_{place}"
            if key in st.session_state:
                st.session_state[key] = st.session_state[key]
