"""Hashing: words on the left, bins on the right, and which words meet in one bin."""

from typing import Final

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.ids.hashing import WordBins
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.figure import Trace, figure_of
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import LIGHT, TOKENS, Palette
from seqviz.readout.records import drawn_of
from seqviz.readout.rows import rows_to_draw

_MAX_BINS: Final = 12  # bins drawn, folds included
_WORD_X: Final = (0.0, 0.26)
_BIN_X: Final = (0.52, 0.62)
_LINE: Final = 27  # pixels a line


@drawn_of(WordBins, "compute_word_bins")
def plot_word_bins(
    data: WordBins, *, palette: Palette = LIGHT, height: int | None = None
) -> go.Figure:
    """Draw a line from each word to its bin; bins where words collide are filled and say so.

    Args:
        data: From `seqviz.compute_word_bins`.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels; as many as the words and bins need if None.
    """
    bins = data.bins.tolist()
    lines = rows_to_draw(data.bins, data.num_bins, _MAX_BINS).tolist()
    if len(lines) > 2 * _MAX_BINS:  # only bins that hold something, if they are so many
        lines = [b for b in lines if b in set(bins)]
    height = height or _LINE * (max(len(lines), len(data.words)) + 1) + 12
    tops = {b: 1 - (i + 1) / len(lines) for i, b in enumerate(lines)}
    tall = 1 / len(lines)
    middle_of_word = [1 - (i + 0.5) / len(data.words) for i in range(len(data.words))]
    # One colour a bin in which words meet; lone words are quiet.
    meeting = list(dict.fromkeys(b for b, c in zip(bins, data.collides, strict=True) if c))
    color_of = {b: TOKENS[i % len(TOKENS)] for i, b in enumerate(meeting)}

    traces: list[Trace] = []
    for b in [None, *meeting]:
        mine = [i for i, other in enumerate(bins) if (other if other in color_of else None) == b]
        color = palette.muted if b is None else color_of[b]
        traces.append(
            marks.arrows(
                [
                    (_WORD_X[1], middle_of_word[i], _BIN_X[0] - 0.012, tops[bins[i]] + tall / 2)
                    for i in mine
                ],
                color=color,
                symbol="triangle-right",
            )
        )
        traces[-1]["line"]["width"] = 1.5 if b is None else 3
    drawn = [b for b in lines if b >= 0]
    pad = 0.08 * tall
    boxes = {b: (_BIN_X[0], tops[b] + pad, _BIN_X[1], tops[b] + tall - pad) for b in drawn}
    quiet = [boxes[b] for b in drawn if b not in color_of]
    traces.append(marks.outline(quiet, color=palette.features, width=1.5))
    traces += [
        marks.outline([boxes[b]], color=color, width=4) for b, color in color_of.items()
    ]  # fmt: skip
    traces.append(
        marks.texts(
            [sum(_BIN_X) / 2] * len(lines),
            [tops[b] + tall / 2 for b in lines],
            [f"{b:,}" if b >= 0 else f"⋮ {-b:,}" for b in lines],
            color=[palette.muted if b not in set(bins) else palette.text for b in lines],
            size=12,
        )
    )
    for some, bold in ((np.flatnonzero(data.collides), True), (np.flatnonzero(~data.collides), False)):  # fmt: skip
        words = [plain(shorten(data.words[i], 12)) for i in some]
        traces.append(
            marks.texts(
                [_WORD_X[1] - 0.015] * len(some),
                [middle_of_word[i] for i in some],
                [f"<b>{word}</b>" for word in words] if bold else words,
                color=palette.text,
                size=13,
                position="middle left",
                hover=[f"{plain(data.words[i])}: bin {bins[i]}" for i in some],
            )
        )
    shared = {
        b: [w for w, other in zip(data.words, bins, strict=True) if other == b] for b in meeting
    }
    traces.append(
        marks.texts(
            [_BIN_X[1] + 0.015] * len(meeting),
            [tops[b] + tall / 2 for b in meeting],
            [f"<b>{len(shared[b])} words, 1 row</b>" for b in meeting],
            color=palette.text,
            size=13,
            position="middle right",
            hover=[plain(", ".join(shared[b])) for b in meeting],
        )
    )
    above = 1 + 14 / max(height - 20, 20)
    for x, head, color, position in (
        (_WORD_X[1] - 0.015, f"{len(data.words)} words", palette.timesteps, "middle left"),
        (sum(_BIN_X) / 2, f"{data.num_bins:,} bins", palette.features, "middle center"),
    ):
        traces.append(
            marks.texts([x], [above], [head], color=color, size=13, position=position)
        )  # fmt: skip
    return figure_of(
        data=traces,
        layout={
            **marks.plain_layout(palette, height),
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": marks.bare_axis(0, 1),
            "yaxis": marks.bare_axis(-0.01, 1 + 28 / max(height - 20, 20)),
        },
    )
