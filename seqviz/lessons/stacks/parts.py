"""What else the page shows: why Keras refused a layer, and where each direction ends."""

from typing import Any

import streamlit as st

from seqviz.lessons.stacks.cached import StackRun
from seqviz.models.stack_config import LayerSpec
from seqviz.readout.numbers import scientific
from seqviz.ui.markdown import literal, say
from seqviz.ui.player.player import set_controls


def explain_refusal(page: str, run: StackRun, layers: tuple[LayerSpec, ...]) -> None:
    """Show Keras's own words, what they mean, and a button that mends it."""
    place = run.refused or 0  # of the layer below, counted from 1
    below, above = layers[place - 1], layers[place]
    st.error(f"**ValueError:** {literal(run.error)}", icon=":material/block:")
    say(
        f"Keras's own words. `{above.cell}` reads (batch, timesteps, features), 3 dimensions; "
        f"layer {place} returns only its last state, (batch, {below.units}), 2 dimensions. Only the "
        "last layer may do so: no layer above it wants a sequence."
    )
    st.button(
        f"Mend: return_sequences {place} = True",
        key=f"{page}_mend",
        icon=":material/build:",
        on_click=set_controls,
        args=({f"{page}_return_sequences_{place}": True},),
    )


def explain_ends(units: int, count: int, ends: Any) -> None:
    """Say where the last of each direction stands in the sequence, as Keras's layers say it."""
    width = 2 * units
    other = (
        f"\n- backward half, `last[:, {units}:]` − `seq[:, -1, {units}:]`: "
        f"{scientific(ends.backward_last)}, so it is not the last timestep's"
        if count > 1
        else ""
    )
    say(
        f":material/verified: One `Bidirectional` (concat, {width} wide), called in Keras with "
        "`return_sequences=True` (`seq`) and `False` (`last`); largest differences:\n"
        f"- forward half, `last[:, :{units}]` − `seq[:, -1, :{units}]`: "
        f"{scientific(ends.forward_last)}\n"
        f"- backward half, `last[:, {units}:]` − `seq[:, 0, {units}:]`: "
        f"{scientific(ends.backward_first)}: its last step reads the first word"
        f"{other}"
    )
