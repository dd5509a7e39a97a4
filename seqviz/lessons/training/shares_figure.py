"""Which word moved the prediction: two opinions, one above the other, under the words."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Floats
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.bands import Band, right_margin, stack_of, time_axis
from seqviz.plotly_kit.labels import one_for_each
from seqviz.plotly_kit.palette import LIGHT, Palette


def plot_shares(
    gradients: Floats,
    left_out: Floats,
    *,
    tokens: Sequence[str],
    palette: Palette = LIGHT,
    height: int = 190,
) -> go.Figure:
    """Draw the share of each word by both methods, on one scale.

    Args:
        gradients: ``(T,)``, by integrated gradients.
        left_out: ``(T,)``, by leaving each out.
        tokens: ``(T,)``, the words.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
    """
    words = one_for_each(tokens, len(gradients))
    names = [str(k) for k in range(1, len(words) + 1)]
    limit = marks.symmetric_limit(gradients, left_out)
    bands = [
        Band("gradients", np.asarray(gradients)[None], palette.text, "share", limit),
        Band("left out", np.asarray(left_out)[None], palette.text, "share", limit),
    ]
    stack = stack_of(bands, names)
    for axis, label in (
        ("yaxis", "integrated<br>gradients"),
        ("yaxis2", "without it,<br>the change"),
    ):
        stack.axes[axis]["ticktext"] = [label]
    layout = {
        **stack.axes,
        "xaxis": time_axis(names, words, palette),
        "margin": {"l": 112, "r": right_margin(words), "t": 8, "b": 52},
    }
    return still(stack.traces, layout, palette, height)
