"""One unit over several sequences: what it holds after each word."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Floats
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import IN_CELL, LIGHT, Palette

_WRITTEN: Final = 12  # columns up to which words are written into the cells


def plot_unit(
    values: Floats,
    words: Sequence[Sequence[str]],
    *,
    labels: Sequence[str],
    palette: Palette = LIGHT,
    height: int | None = None,
) -> go.Figure:
    """Draw a unit's value after each word of some sequences, one a row, each word in its cell.

    Args:
        values: ``(n, T)``; what comes after the end of a sequence is left out.
        words: ``(n,)`` sequences of words, each as long as it is.
        labels: ``(n,)``, what each sequence is, such as its class.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels; as many rows need if None.
    """
    longest = max(map(len, words))
    shown = np.full((len(words), longest), np.nan, np.float32)
    for row, sequence in enumerate(words):
        shown[row, : len(sequence)] = values[row, : len(sequence)]
    limit = marks.symmetric_limit(shown)
    trace = marks.heatmap(shown, limit=limit, hover="%{z:.4f}<extra></extra>", gap=1)
    trace |= {"x0": 0, "dx": 1, "y0": 0, "dy": 1}
    if longest <= _WRITTEN:
        text = [
            [*(plain(shorten(word, 9)) for word in row), *[""] * (longest - len(row))]
            for row in words
        ]
        trace |= {
            "text": text,
            "texttemplate": "%{text}",
            "textfont": {"size": 12, "color": IN_CELL},
        }
    bare = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    layout = {
        "xaxis": {**bare, "range": [-0.5, longest - 0.5], "showticklabels": False},
        "yaxis": {
            **bare,
            "range": [len(words) - 0.5, -0.5],
            "tickvals": list(range(len(words))),
            "ticktext": [plain(shorten(label, 12)) for label in labels],
            "tickfont": {"size": 12, "color": palette.text},
        },
        "margin": {"l": 96, "r": 8, "t": 8, "b": 8},
    }
    return still([trace], layout, palette, height or 30 * len(words) + 16)
