"""The words under the pictures of stacks: shapes, what Keras refuses, both ends, the questions."""

from typing import Any

import streamlit as st

from seqviz import LayerSpec, StackConfig
from seqviz.lessons.stacks.cached import StackRun
from seqviz.ui.markdown import colored, literal
from seqviz.ui.player.player import set_controls
from seqviz.ui.proof import scientific


def shapes_of(config: StackConfig, run: StackRun, count: int) -> list[str]:
    """Shapes and layers from the bottom up, with the number of weights of each layer."""
    parts = [
        "ids " + colored((1, count), axes=("gray", "blue")),
        "`Embedding`",
        colored((1, count, config.embedding_dim)),
    ]
    for name, spec, weights in zip(run.names, config.layers, run.parameters, strict=False):
        call = f"{spec.cell}({spec.units})"
        call = f"Bidirectional({call})" if config.bidirectional else call
        output = run.trace[name].output
        if isinstance(output, list | tuple) and not hasattr(output, "shape"):
            shape = " and ".join(colored(part.shape) for part in output)
        else:
            shape = colored((output[0] if isinstance(output, tuple) else output).shape)
        parts += [f"`{call}` {weights:,} weights", shape]
    if run.refused is not None:
        spec = config.layers[run.refused]
        parts.append(f":red[**✕**] `{spec.cell}({spec.units})`")
    return parts


def explain_refusal(page: str, run: StackRun, layers: tuple[LayerSpec, ...]) -> None:
    """Show Keras's own words, what they mean, and a button that mends it."""
    place = run.refused or 0  # of the layer below, counted from 1
    below, above = layers[place - 1], layers[place]
    st.error(f"**ValueError:** {literal(run.error)}", icon=":material/block:")
    st.markdown(
        f"Keras's own words. `{above.cell}` reads (batch, timesteps, features), 3 dimensions; "
        f"layer {place} returns only its last state, (batch, {below.units}), 2 dimensions."
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

    def number(gap: float) -> str:
        return scientific(gap) if gap else "0"

    width = 2 * units
    other = (
        f"\n- backward half, `last[:, {units}:]` − `seq[:, -1, {units}:]`: "
        f"{number(ends.backward_last)}, so it is not the last timestep's"
        if count > 1
        else ""
    )
    st.markdown(
        f":material/verified: One `Bidirectional` (concat, {width} wide), called in Keras with "
        "`return_sequences=True` (`seq`) and `False` (`last`); largest differences:\n"
        f"- forward half, `last[:, :{units}]` − `seq[:, -1, :{units}]`: "
        f"{number(ends.forward_last)}\n"
        f"- backward half, `last[:, {units}:]` − `seq[:, 0, {units}:]`: "
        f"{number(ends.backward_first)}: its last step reads the first word"
        f"{other}"
    )
