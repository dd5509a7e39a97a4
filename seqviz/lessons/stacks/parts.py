"""The two pictures of the page on stacks, with their text twins and files."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz import RecurrentTrace
from seqviz.app.catalogue import STACKS
from seqviz.figures import plot_bidirectional, plot_stack
from seqviz.lessons.stacks.bidirectional_figure import (
    is_readable as directions_readable,
    natural_height as directions_height,
)
from seqviz.lessons.stacks.cached import StackRun
from seqviz.lessons.stacks.compute import compute_bidirectional, compute_stack
from seqviz.lessons.stacks.figure import (
    is_readable as stack_readable,
    natural_height as stack_height,
)
from seqviz.lessons.stacks.words import (
    bidirectional_captions,
    bidirectional_table,
    stack_captions,
    stack_table,
)
from seqviz.models.stack_config import MERGE_MODES
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.table import Table
from seqviz.readout.wording import counted
from seqviz.ui.downloads import arrays_of
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


def stack(run: StackRun, encoded: Encoded, order: str) -> Shown:
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
        lambda: _html(plot_stack(data, tokens=tokens, ids=ids, order=order), tokens),
        lambda: _arrays(run),
        stack_readable(data),
        max(data.layers[0].inputs.shape[1], *(la.hidden.shape[1] for la in data.layers)),
    )


def both_directions(run: StackRun, encoded: Encoded) -> Shown:
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
        lambda: _html(plot_bidirectional(data, tokens=tokens, ids=ids), tokens),
        lambda: _arrays(run) | {"output": data.outputs},
        directions_readable(data),
        max(data.outputs.shape[1], data.forward.inputs.shape[1]),
    )


def _html(figure: go.Figure, tokens: tuple[str, ...]) -> str:
    return to_html(figure, title=f"{STACKS.title}: “{' '.join(tokens[:12])}”", text=STACKS.idea)


def _arrays(run: StackRun) -> dict[str, np.ndarray]:
    return {
        f"{name}/{key}": values
        for name, record in run.trace.items()
        if isinstance(record, RecurrentTrace)
        for key, values in arrays_of(record).items()
    }
