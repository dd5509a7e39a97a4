"""States and gates over time: units × timesteps."""

from collections.abc import Sequence

import plotly.graph_objects as go

from seqviz.lessons.recurrent.gates import Gates, compute_gates
from seqviz.plotly_kit.animation import Look
from seqviz.plotly_kit.bands import draw_bands, draw_states, gate_band, state_bands
from seqviz.plotly_kit.labels import step_captions, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.readout.records import computed
from seqviz.readout.unrolled import Unrolled, compute_unrolled
from seqviz.trace import RecurrentTrace, Trace


def plot_states(
    data: RecurrentTrace | Unrolled | Trace,
    *,
    tokens: Sequence[str] | None = None,
    sample: int | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the hidden state, and an LSTM's cell state below it, as units × timesteps.

    Column 0 is the initial state. The colour scale is symmetric and the same at every step.

    Args:
        data: A recurrent layer's trace, or what `compute_unrolled` made of it; or the
            whole trace of a model with one recurrent layer.
        tokens: The word at each timestep of the input.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Timesteps already computed when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    data = computed(data, RecurrentTrace, compute_unrolled, Unrolled, sample)
    labels = token_labels(tokens, data.timesteps.tolist())
    look = Look(step, palette, height, controls)
    return draw_states(state_bands(data, palette), data, labels, look)


def plot_gates(
    data: RecurrentTrace | Gates | Trace,
    *,
    tokens: Sequence[str] | None = None,
    sample: int | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 480,
    controls: bool = True,
) -> go.Figure:
    """Draw the gates of a GRU or LSTM, one band per gate, as units × timesteps.

    Args:
        data: A recurrent layer's trace, or what `compute_gates` made of it; or the whole
            trace of a model with one such layer.
        tokens: The word at each timestep of the input.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Timesteps already computed when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: The cell has no gates, as SimpleRNN.
    """
    data = computed(
        data, RecurrentTrace, compute_gates, Gates, sample, fits=lambda trace: bool(trace.gates)
    )
    labels = token_labels(tokens, data.timesteps.tolist())
    return draw_bands(
        [gate_band(name, values.T, palette) for name, values in data.gates.items()],
        labels,
        initial=False,
        captions=step_captions(labels),
        look=Look(step, palette, height, controls),
        skipped=data.skipped,
    )
