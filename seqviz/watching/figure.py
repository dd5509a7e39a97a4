"""States, gates, rows and predictions of a training, with one slider through its epochs.

Every epoch is a frame with heatmaps of its own, which Plotly draws anew (``redraw``): all that a
shape can move over a picture is the same at every step, but here the numbers change.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Bools, Floats
from seqviz.errors import SeqvizError
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, opening_step
from seqviz.plotly_kit.bands import Band, draw_bands, gate_band
from seqviz.plotly_kit.labels import token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.watching.compute import LayerTraining, compute_training
from seqviz.watching.record import TrainingTrace

_SHOWN: Final = ("states", "gates", "rows", "predictions")


def plot_training(
    data: LayerTraining | TrainingTrace,
    *,
    show: str = "states",
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw what a layer does with one sequence, as numbers × timesteps, at each moment of learning.

    The colour scale is symmetric and the same at every moment, so that what is seen to grow has
    grown. Predictions without a timestep of their own stand side by side, one column a moment.

    Args:
        data: What `compute_training` made; or `training` of a `Watch` with one recurrent layer.
        show: ``"states"`` (an LSTM's cell states too), ``"gates"``, ``"rows"``, the vectors that
            are read, or ``"predictions"``.
        tokens: The word at each timestep of the input.
        step: Which moment it opens at, from 0; the last if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is nothing of that kind to show, or not one token for each timestep.
    """
    if not isinstance(data, LayerTraining):
        data = compute_training(data)
    bands = _bands(data, show, palette)
    captions = [f"epoch {epoch}" for epoch in data.epochs.tolist()]
    look = Look(step, palette, height, controls)
    if bands[0].values.ndim == 2:
        columns = [f"{epoch}" for epoch in data.epochs.tolist()]
        side_by_side = [band._replace(values=band.values.T) for band in bands]
        return draw_bands(side_by_side, columns, initial=True, captions=captions, look=look)
    labels, skipped = token_labels(tokens, data.timesteps.tolist()), data.skipped
    if show == "predictions":
        labels, skipped = _in_order(labels, skipped, data, bands[0].values.shape[1])
    return _heatmaps(bands, labels, skipped, captions, look)


def _bands(data: LayerTraining, show: str, palette: Palette) -> list[Band]:
    """What is shown, all moments of it: ``(E, T, rows)`` each, or ``(E, rows)``."""
    if show not in _SHOWN:
        raise SeqvizError(
            f"show is {show!r}, but it must be one of {', '.join(map(repr, _SHOWN))}."
        )
    predictions = data.predictions
    if predictions is not None and predictions.ndim == 1:
        predictions = predictions[:, None]
    named: dict[str, list[tuple[str, Floats | None, str, str]]] = {
        "states": [
            ("hidden state h", data.hidden_states, palette.hidden, "unit"),
            ("cell state c", data.cell_states, palette.cell, "unit"),
        ],
        "rows": [("input x", data.rows, palette.features, "feature")],
        "predictions": [("prediction", predictions, palette.hidden, "output")],
    }
    # One scale for all moments.
    if show == "gates":
        bands = [gate_band(name, values, palette) for name, values in data.gates.items()]
    else:
        bands = [
            Band(label, values, color, row, marks.symmetric_limit(values))
            for label, values, color, row in named[show]
            if values is not None
        ]
    if not bands or bands[0].values.ndim > 3:
        raise SeqvizError(
            f"There are no {show} of {data.layer!r} to draw. Hint: Watch keeps what its record= "
            "names, an Embedding has rows only, and gates are those of a GRU or an LSTM."
        )
    return bands


def _in_order(
    labels: list[str], skipped: Bools, data: LayerTraining, count: int
) -> tuple[list[str], Bools]:
    """Labels in the order of the sentence, in which a model returns what it says of each word."""
    if count != len(labels):
        return [f"y{k}" for k in range(1, count + 1)], np.zeros(count, bool)
    order = np.argsort(data.timesteps)
    return [labels[k] for k in order], skipped[order]


def _heatmaps(
    bands: Sequence[Band],
    labels: Sequence[str],
    skipped: Bools,
    captions: Sequence[str],
    look: Look,
) -> go.Figure:
    """Heatmaps whose numbers are those of the moment that the slider stands at."""
    opened = opening_step(look, len(captions))
    return draw_bands(
        [band._replace(values=band.values[opened].T) for band in bands],
        labels,
        initial=False,
        captions=captions,
        look=look,
        skipped=skipped,
        moving=[],
        moments=[band.values.swapaxes(1, 2) for band in bands],
    )
