"""The picture: the rows that are looked up, and below each how long it is."""

from collections.abc import Sequence

import plotly.graph_objects as go

from seqviz.lessons.row_lengths.compute import RowLengths
from seqviz.plotly_kit.animation import Look
from seqviz.plotly_kit.bands import Band, draw_bands
from seqviz.plotly_kit.labels import step_captions, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.readout.records import not_drawn_of


def plot_row_lengths(
    data: RowLengths,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 380,
    controls: bool = True,
) -> go.Figure:
    """Draw the rows as features × timesteps, and their lengths below.

    Args:
        data: What `compute_row_lengths` made.
        tokens: The word at each timestep.
        step: Timesteps already looked up when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    if not isinstance(data, RowLengths):
        raise not_drawn_of(data, "compute_row_lengths")
    labels = token_labels(tokens, range(len(data.ids)))
    return draw_bands(
        [
            Band("row", data.vectors.T, palette.features, "feature"),
            Band("length", data.lengths[None], palette.text, "number"),
        ],
        labels,
        initial=False,
        captions=step_captions(labels),
        look=Look(step, palette, height, controls),
    )
