"""The house colours as place-holders that the browser swaps for those of the theme in force.

Streamlit's front end replaces the literals ``#000001`` … ``#000040`` in a figure's JSON: the first
ten by the theme's categorical colours (ours, in ``.streamlit/config.toml``), another by the
background's. So a figure is the same bytes in light and dark, and is never drawn in the
wrong one while the server does not know yet which it is. The player can tell these colours from
CSS, and swaps them when the theme changes (``charts.js``).
"""

from typing import Final

from seqviz.plotly_kit.palette import Palette

THEMED: Final = Palette(
    text="#000001",
    background="#000038",
    timesteps="#000002",
    features="#000003",
    hidden="#000004",
    cell="#000005",
    gate_input="#000006",
    gate_forget="#000007",
    gate_candidate="#000008",
    gate_output="#000009",
    muted="#000010",
)
