"""Shapes as a line: batch, timesteps and features each in its own colour, everywhere the same."""

from collections.abc import Sequence

import streamlit as st

_AXES = {1: ("gray",), 2: ("gray", "green"), 3: ("gray", "blue", "green")}


def colored(shape: Sequence[int], *, axes: Sequence[str] | None = None) -> str:
    """A shape as Markdown. `axes` names the colours where the usual reading is not meant."""
    colors = axes or _AXES[len(shape)]
    numbers = ", ".join(f":{c}[**{n}**]" for c, n in zip(colors, shape, strict=True))
    return f"({numbers}{',' if len(shape) == 1 else ''})"


def shapes_line(parts: Sequence[str]) -> None:
    """Draw shapes and layers, joined by arrows, with the legend of the colours."""
    legend = ":gray[**batch**] · :blue[**timesteps**] · :green[**features**]"
    st.markdown(" → ".join(parts) + "   :small[(" + legend + ")]")
