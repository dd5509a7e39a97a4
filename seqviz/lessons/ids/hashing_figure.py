"""Hashing: words on the left, bins on the right, and which words meet in one bin."""

from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.ids.hashing import WordBins
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.matrix import Matrix
from seqviz.plotly_kit.palette import LIGHT, TOKENS, Palette
from seqviz.readout.records import drawn_of
from seqviz.readout.rows import rows_to_draw
from seqviz.wording import counted

_MAX_BINS: Final = 12  # bins drawn, folds included
_WORD_X: Final = (0.0, 0.26)
_BIN_X: Final = (0.52, 0.62)
_LINE: Final = 27  # pixels a line


class _Picture(NamedTuple):
    """What is drawn, and where."""

    data: WordBins
    bins: list[int]  # of each word
    words: Matrix
    rows: Matrix  # the bins
    color_of: dict[int, str]  # of each bin in which words meet: lone words are quiet
    palette: Palette


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
    picture = _arranged(data, palette)
    lines = max(len(picture.rows.lines), len(data.words))
    height = height or _LINE * (lines + 1) + 12
    pixels = max(height - 20, 20)
    return still(
        [
            *_arrows(picture),
            *_boxes(picture),
            *_words(picture),
            _meetings(picture),
            *_headings(data, 1 + 14 / pixels, palette),
        ],
        marks.framed(x=(0, 1), y=(-0.01, 1 + 28 / pixels)),
        palette,
        height,
    )


def _arranged(data: WordBins, palette: Palette) -> _Picture:
    bins = data.bins.tolist()
    lines = rows_to_draw(data.bins, data.num_bins, _MAX_BINS).tolist()
    if len(lines) > 2 * _MAX_BINS:  # only bins that hold something, if they are so many
        lines = [b for b in lines if b in set(bins)]
    meeting = dict.fromkeys(b for b, c in zip(bins, data.collides, strict=True) if c)
    return _Picture(
        data=data,
        bins=bins,
        words=Matrix.filling(range(len(data.words)), _WORD_X),
        rows=Matrix.filling(lines, _BIN_X),
        color_of={b: TOKENS[i % len(TOKENS)] for i, b in enumerate(meeting)},
        palette=palette,
    )


def _arrows(picture: _Picture) -> list[Trace]:
    """From each word to its bin, in one trace for each bin in which words meet."""
    color_of, bins = picture.color_of, picture.bins
    traces = []
    for b, color in ((None, picture.palette.muted), *color_of.items()):
        arrows: list[Box] = [
            (
                _WORD_X[1],
                picture.words.middle(word),
                _BIN_X[0] - 0.012,
                picture.rows.middle(bins[word]),
            )
            for word in picture.words.lines
            if (bins[word] if bins[word] in color_of else None) == b
        ]
        traces.append(marks.arrows(arrows, color=color, symbol="triangle-right"))
        traces[-1]["line"]["width"] = 1.5 if b is None else 3
    return traces


def _boxes(picture: _Picture) -> list[Trace]:
    """The bins, in colour where words meet, and their numbers."""
    rows, palette, color_of = picture.rows, picture.palette, picture.color_of
    pad = 0.08 * rows.height

    def box(b: int) -> Box:
        x0, low, x1, high = rows.box(b)
        return x0, low + pad, x1, high - pad

    quiet = [box(b) for b in rows.lows if b not in color_of]
    used = set(picture.bins)
    return [
        marks.outline(quiet, color=palette.features, width=1.5),
        *(marks.outline([box(b)], color=color, width=4) for b, color in color_of.items()),
        marks.texts(
            [rows.center] * len(rows.lines),
            rows.line_middles,
            [f"{b:,}" if b >= 0 else f"⋮ {-b:,}" for b in rows.lines],
            color=[palette.text if b in used else palette.muted for b in rows.lines],
        ),
    ]


def _words(picture: _Picture) -> list[Trace]:
    """The words, bold where they meet others."""
    data = picture.data
    traces = []
    for mark, some in (("<b>{}</b>", data.collides), ("{}", ~data.collides)):
        which = np.flatnonzero(some).tolist()
        traces.append(
            picture.words.texts(
                _WORD_X[1] - 0.015,
                {i: mark.format(plain(shorten(data.words[i], 12))) for i in which},
                color=picture.palette.text,
                size=13,
                position="middle left",
                hover=[f"{plain(data.words[i])}: bin {picture.bins[i]}" for i in which],
            )
        )
    return traces


def _meetings(picture: _Picture) -> Trace:
    """Beside a bin, how many words meet in it."""
    pairs = list(zip(picture.data.words, picture.bins, strict=True))
    shared = {b: [word for word, other in pairs if other == b] for b in picture.color_of}
    return picture.rows.texts(
        _BIN_X[1] + 0.015,
        {b: f"<b>{len(words)} words, 1 row</b>" for b, words in shared.items()},
        color=picture.palette.text,
        size=13,
        position="middle right",
        hover=[plain(", ".join(words)) for words in shared.values()],
    )


def _headings(data: WordBins, y: float, palette: Palette) -> list[Trace]:
    return [
        marks.texts([x], [y], [head], color=color, size=13, position=position)
        for x, head, color, position in (
            (
                _WORD_X[1] - 0.015,
                counted(len(data.words), "word"),
                palette.timesteps,
                "middle left",
            ),
            (sum(_BIN_X) / 2, f"{data.num_bins:,} bins", palette.features, "middle center"),
        )
    ]
