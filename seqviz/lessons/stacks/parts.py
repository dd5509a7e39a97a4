"""The two pictures of the page on stacks, with their text twins and files."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqviz.lessons.stacks.bidirectional_figure import (
    is_readable as directions_readable,
    natural_height as directions_height,
    plot_bidirectional,
)
from seqviz.lessons.stacks.cached import StackRun
from seqviz.lessons.stacks.compute import compute_bidirectional, compute_stack
from seqviz.lessons.stacks.figure import (
    is_readable as stack_readable,
    natural_height as stack_height,
    plot_stack,
)
from seqviz.lessons.stacks.words import (
    bidirectional_captions,
    bidirectional_table,
    stack_captions,
    stack_table,
)
from seqviz.models.stack_config import MERGE_MODES, LayerSpec, StackConfig
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.table import Table
from seqviz.readout.wording import counted, scientific
from seqviz.trace import RecurrentTrace
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import colored, literal
from seqviz.ui.player.player import set_controls
from seqviz.ui.player.theme import THEMED
from seqviz.vocabulary import Encoded

MERGES: Final = {str(mode): mode for mode in MERGE_MODES}
_HEIGHT = 400


class Shown(NamedTuple):
    """A picture with all that goes with it."""

    draw: Callable[[int], go.Figure]
    captions: list[str]
    alt: str
    table: Callable[[int | None], Table]
    html: Callable[[], str]
    arrays: Callable[[], dict[str, np.ndarray]]
    readable: bool
    widest: int


def stack(run: StackRun, encoded: Encoded, order: str, titled: tuple[str, str]) -> Shown:
    """The layers above each other."""
    refused = () if run.refused is None else run.names[run.refused :]
    data = compute_stack(run.trace, refused=refused, error=run.error)
    tokens, ids = encoded.tokens, encoded.ids
    alt = (
        f"{counted(len(data.layers), 'recurrent layer')}, from the bottom up, over "
        f"{counted(len(ids), 'timestep')}: each "
        "passes its own state to the right, and what it returns up to the next layer."
    )
    if refused:
        alt += f" There Keras refused {refused[0]}: {run.error}"
    return Shown(
        lambda step: plot_stack(
            data,
            tokens=tokens,
            ids=ids,
            order=order,
            step=step,
            palette=THEMED,
            height=stack_height(data, _HEIGHT),
            controls=False,
        ),
        stack_captions(data, tokens, order=order),
        alt,
        lambda widest: stack_table(data, tokens, ids, widest=widest),
        lambda: _html(plot_stack(data, tokens=tokens, ids=ids, order=order), tokens, titled),
        lambda: _arrays(run),
        stack_readable(data),
        max(data.layers[0].inputs.shape[1], *(la.hidden.shape[1] for la in data.layers)),
    )


def both_directions(run: StackRun, encoded: Encoded, titled: tuple[str, str]) -> Shown:
    """One layer inside Bidirectional."""
    data = compute_bidirectional(run.trace)
    tokens, ids = encoded.tokens, encoded.ids
    return Shown(
        lambda step: plot_bidirectional(
            data,
            tokens=tokens,
            ids=ids,
            step=step,
            palette=THEMED,
            height=directions_height(data, _HEIGHT),
            controls=False,
        ),
        bidirectional_captions(data, tokens),
        f"Two layers read the same {len(ids)} timesteps, one from the start and one from the end; "
        f"merge_mode {data.merge_mode} makes the output of both. The backward layer's last state "
        "is the one at the first timestep.",
        lambda widest: bidirectional_table(data, tokens, ids, widest=widest),
        lambda: _html(plot_bidirectional(data, tokens=tokens, ids=ids), tokens, titled),
        lambda: _arrays(run) | {"output": data.outputs},
        directions_readable(data),
        max(data.outputs.shape[1], data.forward.inputs.shape[1]),
    )


def _html(figure: go.Figure, tokens: tuple[str, ...], titled: tuple[str, str]) -> str:
    return to_html(figure, title=f"{titled[0]}: “{' '.join(tokens[:12])}”", text=titled[1])


def _arrays(run: StackRun) -> dict[str, np.ndarray]:
    return {
        f"{name}/{key}": values
        for name, record in run.trace.items()
        if isinstance(record, RecurrentTrace)
        for key, values in arrays_of(record).items()
    }


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
