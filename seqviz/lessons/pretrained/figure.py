"""Filling an embedding from a file: each row of the layer, and the row it is copied from."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.pretrained.compute import Filling
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.matrix import Matrix, link
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import parts
from seqviz.readout.records import drawn_of

_WRITABLE: Final = 8  # numbers of a vector up to which they are written into the cells
_WORD_LENGTH = 12
_NOTE: Final = 0.2  # height of the note below it, as a share of the picture
_HIGHEST: Final = 0.15  # of a row, as a share of the picture

# The columns of the picture, along an x axis of length 1.
_NAME_X: Final = 0.0
_FILE_X: Final = (0.14, 0.46)
_LAYER_X: Final = (0.535, 0.855)
_WORD_X: Final = 0.865


class _Picture(NamedTuple):
    """What is drawn, and where."""

    data: Filling
    sources: list[int]
    colors: list[str]
    file: Matrix
    layer: Matrix
    palette: Palette

    @property
    def filled(self) -> dict[int, int]:
        """The rows of the layer that come from the file, and from which row of it."""
        return {row: source for row, source in enumerate(self.sources) if source >= 0}


@drawn_of(Filling, "compute_filling")
def plot_filling(
    data: Filling,
    *,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the file's rows on the left, the layer's on the right, which are filled one by one.

    Rows that no word of the file fills are hatched: they hold what the initializer put there.

    Args:
        data: What `compute_filling` made.
        step: Rows already filled when it opens; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    picture = _arranged(data, palette)
    return animated(
        [*_values(picture), *_names(picture), *_headings(picture), *_origins(picture)],
        marks.framed(
            x=(-0.005, 1.005),
            y=(-0.02, 1 + 44 / max(height - 52, 44)),
            **parts(
                {
                    "file": picture.file.whole,
                    "file_row": picture.file.rows(),
                    "layer": picture.layer.whole,
                    "row": picture.layer.rows(),
                }
            ),
        ),
        [*_cursors(picture), *_links(picture)],
        labels=step_captions(data.words),
        look=Look(step, palette, height, controls),
    )


def _arranged(data: Filling, palette: Palette) -> _Picture:
    lines, count = data.file_rows.tolist(), len(data.matrix)
    return _Picture(
        data=data,
        sources=data.sources.tolist(),
        colors=token_colors(list(range(count))),
        # A long list thins out; a short one has lines no higher than can be read.
        file=Matrix(lines, _FILE_X, min(1 / max(len(lines), 1), _HIGHEST)),
        layer=Matrix(range(count), _LAYER_X, min(1 / max(count, 1), _HIGHEST)),
        palette=palette,
    )


def _values(picture: _Picture) -> list[Trace]:
    data, file, layer = picture.data, picture.file, picture.layer
    written = data.matrix.shape[1] <= _WRITABLE
    copied = np.isin(layer.lines, list(picture.filled))[:, None]
    filled, initial = (np.where(rows, data.matrix, np.nan) for rows in (copied, ~copied))
    limit = marks.symmetric_limit(data.file[list(file.lows)], filled)
    return [
        block.heatmap(
            values, limit=scale, hover=name + ": %{z:.6f}<extra></extra>", written=written
        )
        for block, values, name, scale in (
            (file, data.file, "file", limit),
            (layer, filled, "layer", limit),
            # As small as they are, all of them would be white.
            (layer, initial, "layer", marks.symmetric_limit(initial)),
        )
    ]


def _names(picture: _Picture) -> list[Trace]:
    """The word of each row on both sides."""
    data, palette, file = picture.data, picture.palette, picture.file

    def words(block: Matrix, x: float, right: float, of: Mapping[int, str]) -> Trace:
        return block.texts(
            x,
            {
                row: f"{row:,} <b>{plain(shorten(word, _WORD_LENGTH))}</b>"
                for row, word in of.items()
            },
            color=palette.text,
            position="middle right",
            room=(right - x, max(block.height, 0.03)),
        )

    folds = file.folds(
        palette, "… {:,} more rows", size=12, room=(file.width, max(file.height, 0.03))
    )
    return [
        words(file, _NAME_X, _FILE_X[0], {row: data.file_words[row] for row in file.lows}),
        folds,
        words(picture.layer, _WORD_X, 1.005, dict(enumerate(data.words))),
    ]


def _headings(picture: _Picture) -> list[Trace]:
    data, palette = picture.data, picture.palette
    dim = data.matrix.shape[1]
    total = len(data.words) + data.left_out
    more = f", first {len(data.words)}" if data.left_out else ""
    heads = [
        (_FILE_X[0], f"the file<br>({len(data.file):,}, {dim})", palette.text, 0.32),
        (_LAYER_X[0], f"the layer's matrix{more}<br>({total:,}, {dim})", palette.features, 0.32),
    ]
    return marks.headings(heads, y=1.008, size=13)


def _origins(picture: _Picture) -> list[Trace]:
    """Outlines in the colour of the word, the same on both sides; hatched where none fills."""
    file, layer = picture.file, picture.layer
    outlines = [
        marks.outline([file.box(source), layer.box(row)], color=picture.colors[row], width=3)
        for row, source in picture.filled.items()
    ]
    unfilled = [row for row in layer.lines if row not in picture.filled]
    hatched = marks.hatch(map(layer.box, unfilled), color=picture.palette.muted)
    return [*outlines, hatched, *_scale_note(picture, unfilled)]


def _scale_note(picture: _Picture, unfilled: list[int]) -> list[Trace]:
    """Below the layer, where there is room: how small the numbers are that were not copied."""
    layer = picture.layer
    bottom = layer.line_lows[-1]
    if not unfilled or bottom < _NOTE:
        return []
    most = np.abs(picture.data.matrix[unfilled]).max()
    says = f"hatched: random, from the<br>initializer, up to {most:.2g},<br>own colour scale"
    return [
        marks.texts(
            [layer.x[0]],
            [bottom - _NOTE / 2],
            [says],
            color=picture.palette.muted,
            position="middle right",
            room=(layer.width + 0.1, 1),
        )
    ]


def _cursors(picture: _Picture) -> list[Moving]:
    """The veil over rows that are not filled yet, and what is around those that now are."""
    layer, found = picture.layer, picture.filled
    # In the colour of the word; of what the file does not have, as it is hatched.
    colors = [picture.colors[row] if row in found else picture.palette.muted for row in layer.lines]
    tops = [layer.top, *layer.line_lows]
    veil = marks.veil(
        picture.palette, x0=_LAYER_X[0] - 0.004, x1=_LAYER_X[1] + 0.004, y0=tops[-1] - 0.01
    )
    return [
        Moving(veil, lambda done: {"y1": tops[done]}),
        picture.file.cursor(["", *colors], 5, [None, *map(found.get, layer.lines)]),
        layer.cursor(["", *colors], 5, [None, *layer.lines]),
    ]


def _links(picture: _Picture) -> list[Moving]:
    """From each row of the file to the row of the layer that it fills, once that is filled."""
    x = (_FILE_X[1] + 0.006, _LAYER_X[0] - 0.006)
    steps = range(len(picture.sources) + 1)
    links = []
    for row, source in picture.filled.items():
        ends = (picture.file.middle(source), picture.layer.middle(row))
        links.append(link(picture.colors[row], x, [ends if row < k else None for k in steps]))
    return links
