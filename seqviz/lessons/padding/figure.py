"""A padded batch on its way through layers, and the mask that goes with it, or is lost."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.padding.compute import MaskStage, Padding, padded_tokens
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated, still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of

_GAP: Final = 0.16  # between panels, each one unit wide
_STRIP: Final = 0.17  # height of a mask under a sentence of height 1
_BETWEEN: Final = 0.36  # between sentences, the mask's strip included
_HEAD: Final = 0.62  # above the first sentence
_FOOT: Final = 0.62  # below the last one
_WORDS: Final = {
    "made": "mask made",
    "none": "no mask",
    "carried": "mask goes on",
    "used up": "mask used up",
    "lost": "✕ mask lost",
}
_WRITABLE: Final = 10  # columns of the still picture up to which values are written
_SMALL: Final = 10  # pixels


class _Panel(NamedTuple):
    """One column of the picture: a batch, a heading, and the mask below each sentence."""

    title: str
    shape: str
    color: str
    blocks: list[NDArray[np.floating]]  # of each sentence, (rows, columns)
    mask: NDArray[np.bool_] | None
    hover: str


@drawn_of(Padding, "compute_padding")
def plot_mask_flow(
    data: Padding,
    *,
    tokens: Sequence[Sequence[str]] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the batch after each layer, sentences below one another, with the mask under each.

    The mask is a strip of squares, one per timestep: filled is True, empty is False, padding. Steps
    that it calls padding are hatched. Where no mask goes on there is no strip.

    Args:
        data: From `seqviz.compute_padding`.
        tokens: Of each sentence, without padding; ids if None.
        step: Layers already called when it opens, 0 … 4; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    batch, count = data.ids.shape
    colors = [palette.text, palette.features, palette.hidden, palette.text, palette.text]
    panels = [_panel(stage, color) for stage, color in zip(data.stages, colors[1:], strict=True)]
    traces: list[Trace] = []
    names = tokens or [[str(i) for i in row[row > 0].tolist()] for row in data.ids]
    _draw_ids(traces, data, padded_tokens(names, data.real), palette)
    lefts = [k * (1 + _GAP) for k in range(len(panels) + 1)]
    padded: list[Box] = [
        (t / count, -b * (1 + _BETWEEN) - 0.9, (t + 1) / count, -b * (1 + _BETWEEN) - 0.1)
        for b, t in np.argwhere(~data.real).tolist()
    ]
    _draw_panels(traces, panels, lefts[1:], count, palette, padded=padded)
    traces.append(
        _headings(
            ["ids", *(panel.title for panel in panels)],
            [f"({batch}, {count})", *(panel.shape for panel in panels)],
            [palette.timesteps, *(panel.color for panel in panels)],
            lefts,
        )
    )
    traces.append(_fates(data, lefts, palette))
    right = lefts[-1] + 1
    _arrows(traces, data.stages, batch, palette)
    bottom = -batch * (1 + _BETWEEN) - _FOOT + _BETWEEN
    return animated(
        traces,
        marks.framed((-0.03, right + 0.03), (bottom, _HEAD)),
        [
            Moving(
                marks.veil(palette, x1=right + 0.03, y0=bottom, y1=_HEAD),
                lambda k: {"x0": lefts[k] + 1.04},
            ),
            Moving(
                marks.cursor(palette.text, 2, y0=bottom + 0.02, y1=_HEAD - 0.02),
                lambda k: {"x0": lefts[k] - 0.025, "x1": lefts[k] + 1.025},
            ),
        ],
        labels=["ids", *(stage.name for stage in data.stages)],
        look=Look(step, palette, height, controls),
    )


@drawn_of(Padding, "compute_padding")
def plot_masked_states(
    data: Padding,
    *,
    tokens: Sequence[Sequence[str]] | None = None,
    palette: Palette = LIGHT,
    height: int | None = None,
) -> go.Figure:
    """Draw h after every step with a mask, without one, and what the layer returns under it.

    Args:
        data: From `seqviz.compute_padding`.
        tokens: Of each sentence, without padding; ids if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels; by the number of sentences if None.
    """
    batch, count, units = data.with_mask.shape
    height = height or 60 + batch * (44 + 14 * min(units, 6))
    names = tokens or [[str(i) for i in row[row > 0].tolist()] for row in data.ids]
    labels = padded_tokens(names, data.real)
    mask = data.ids != 0
    panels = [
        _Panel("h, masked", "padding skipped", palette.hidden, [*data.with_mask], mask, "h"),
        _Panel("h, no mask", "padding is read", palette.hidden, [*data.without_mask], None, "h"),
    ]
    if data.config.zero_output_for_mask:
        panels.append(
            _Panel(
                "returned, masked",
                "0 where padded",
                palette.hidden,
                [*data.returned],
                mask,
                "y",
            )
        )
    # This picture has no player that fits text, so it must be readable on a phone as it is.
    written = len(panels) * count <= _WRITABLE and units <= 6
    traces: list[Trace] = []
    lefts = [k * (1 + _GAP) for k in range(len(panels))]
    upright = [panel._replace(blocks=[block.T for block in panel.blocks]) for panel in panels]
    _draw_panels(traces, upright, lefts, count, palette, size=_SMALL if written else None)
    for panel, left in zip(panels, lefts, strict=True):
        if panel.mask is not None or len(panels) * count > _WRITABLE:
            continue
        words = [plain(shorten(word, 7)) for row in labels for word in row]
        traces.append(
            marks.texts(
                [left + (t + 0.5) / count for _ in range(batch) for t in range(count)],
                [-b * (1 + _BETWEEN) - 1.13 for b in range(batch) for _ in range(count)],
                words,
                color=[palette.text if r else palette.muted for r in data.real.ravel().tolist()],
                size=_SMALL,
            )
        )
    traces.append(
        _headings(
            [panel.title for panel in panels],
            [panel.shape for panel in panels],
            [panel.color for panel in panels],
            lefts,
        )
    )
    return still(
        traces,
        {
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": marks.bare_axis(-0.03, len(panels) * (1 + _GAP) - _GAP + 0.03),
            "yaxis": marks.bare_axis(-batch * (1 + _BETWEEN), _HEAD),
        },
        palette,
        height,
    )


def _panel(stage: MaskStage, color: str) -> _Panel:
    values = stage.values
    if values.ndim == 3:
        blocks = [block.T for block in values]
    else:
        # One vector a sentence: h stands, as in the sequence; what Flatten made lies.
        blocks = [v[None] if stage.layer.startswith("Flatten") else v[:, None] for v in values]
    return _Panel(
        # Embedding(50, 2) is too long for a phone, and Flatten() has nothing in its brackets.
        title=stage.layer if re.search(r"\(\d+\)", stage.layer) else stage.layer.split("(")[0],
        shape=str(values.shape),
        color=color,
        blocks=blocks,
        mask=stage.mask,
        hover=stage.name,
    )


def _draw_panels(
    traces: list[Trace],
    panels: Sequence[_Panel],
    lefts: Sequence[float],
    count: int,
    palette: Palette,
    *,
    padded: Iterable[Box] = (),
    size: int | None = marks.VALUE_SIZE,
) -> None:
    """Draw of each panel one heatmap and its outline, and the mask under every sentence.

    Args:
        traces: To add to.
        panels: From left to right.
        lefts: Where each begins.
        count: Timesteps.
        palette: Colours.
        padded: What else is hatched as padding.
        size: Of the numbers in it, if they are to be written.
    """
    frames: list[Trace] = []  # over what is hatched
    hatched = [*padded]
    squares: dict[bool, list[Box]] = {True: [], False: []}
    for panel, left in zip(panels, lefts, strict=True):
        heatmap, frame = _heatmap(panel, left, count, size)
        traces.append(heatmap)
        frames.append(frame)
        if panel.mask is None:
            continue
        for (b, t), real in np.ndenumerate(panel.mask):
            x, top = left + t / count, -b * (1 + _BETWEEN)
            if not real:
                hatched.append((x, top - 1, x + 1 / count, top))
            below = top - 1 - 0.05
            squares[bool(real)].append((x + 0.15 / count, below - _STRIP, x + 0.85 / count, below))
    traces += [
        marks.hatch(hatched, color=palette.muted),
        marks.outline(
            squares[True],
            color=palette.timesteps,
            width=1.5,
            fill="toself",
            fillcolor=palette.timesteps,
        ),
        marks.outline(squares[False], color=palette.timesteps, width=1.5, dash="dot"),
        *frames,
    ]


def _heatmap(panel: _Panel, left: float, count: int, size: int | None) -> tuple[Trace, Trace]:
    """All sentences of a panel in one heatmap, and what is around each."""
    rows, columns = panel.blocks[0].shape
    # A single column is as wide as a timestep; a single row lower than a sentence.
    wide = 1.0 if columns > 1 or rows == 1 else max(1 / count, 0.25)
    high = 1.0 if rows > 1 else 0.4
    x0 = left + (1 - wide) / 2
    lows = [-b * (1 + _BETWEEN) - (1 + high) / 2 for b in range(len(panel.blocks))]
    written = size is not None and columns <= 12 and rows <= 8
    # From the bottom up, with nothing between them: Plotly takes several times as long for one a
    # sentence.
    nothing = np.full((1, columns), np.nan, np.float32)
    values = [part for block in reversed(panel.blocks) for part in (block[::-1], nothing)][:-1]
    heatmap = marks.heatmap(
        np.vstack(values),
        limit=marks.symmetric_limit(*panel.blocks),
        cell=(wide / columns, high / rows) if written else None,
        gap=1 if written else 0,
        hover=f"{plain(panel.hover)}: %{{z:.6f}}<extra></extra>",
        x=[x0 + wide * k / columns for k in range(columns + 1)],
        y=[low + high * k / rows for low in reversed(lows) for k in range(rows + 1)],
    )
    if written:
        heatmap["textfont"]["size"] = size
    boxes: list[Box] = [(x0, low, x0 + wide, low + high) for low in lows]
    return heatmap, marks.outline(boxes, color=panel.color, width=2)


def _headings(
    titles: Sequence[str], shapes: Sequence[str], colors: Sequence[str], lefts: Sequence[float]
) -> Trace:
    """Above each panel its title and its shape, all of one size."""
    xs = [left + 0.5 for left in lefts]
    return marks.texts(
        [*xs, *xs],
        [0.47] * len(xs) + [0.18] * len(xs),
        [*(f"<b>{plain(title)}</b>" for title in titles), *map(plain, shapes)],
        color=[*colors, *colors],
        size=13,
        room=(1 + _GAP * 0.7, 0.3),
    )


def _draw_ids(
    traces: list[Trace], data: Padding, tokens: Sequence[Sequence[str]], palette: Palette
) -> None:
    """The first panel: words and ids of the padded batch, each in a box."""
    batch, count = data.ids.shape
    flat = data.ids.ravel().tolist()
    colors = token_colors(flat)
    by_color: dict[str, list[Box]] = {}
    places = [(b, t) for b in range(batch) for t in range(count)]
    for (b, t), color in zip(places, colors, strict=True):
        top = -b * (1 + _BETWEEN) - 0.1
        box = (t / count + 0.006, top - 0.8, (t + 1) / count - 0.006, top)
        by_color.setdefault(color, []).append(box)
    for color, boxes in by_color.items():
        traces.append(marks.outline(boxes, color=color, width=2))
    xs = [(t + 0.5) / count for _, t in places]
    words = [plain(shorten(word, 9)) for row in tokens for word in row]
    hover = [
        f"{plain(w)}: id {i}" for w, i in zip((w for r in tokens for w in r), flat, strict=True)
    ]
    for dy, texts, size, high in (
        (-0.34, words, 12, 0.4),
        (-0.66, [f"<b>{i}</b>" for i in flat], 13, 0.4),
    ):
        traces.append(
            marks.texts(
                xs,
                [-b * (1 + _BETWEEN) + dy for b, _ in places],
                texts,
                color=palette.text,
                size=size,
                hover=hover,
                room=(0.96 / count, high),
            )
        )


def _fates(data: Padding, lefts: Sequence[float], palette: Palette) -> Trace:
    """Below each panel what becomes of the mask there; a loss stands out."""
    lost = [False, *(stage.fate == "lost" for stage in data.stages)]
    words = [f'padding="{data.config.padding}"', *(_WORDS[stage.fate] for stage in data.stages)]
    return marks.texts(
        [left + 0.5 for left in lefts],
        [-len(data.ids) * (1 + _BETWEEN) - 0.03] * len(lefts),
        [f"<b>{word}</b>" if bad else word for word, bad in zip(words, lost, strict=True)],
        color=[palette.gate_forget if bad else palette.text for bad in lost],
        size=13,
        room=(1 + _GAP * 0.7, 0.4),
    )


def _arrows(traces: list[Trace], stages: Sequence[MaskStage], batch: int, palette: Palette) -> None:
    """From panel to panel, at the middle of the picture."""
    y = -(batch * (1 + _BETWEEN) - _BETWEEN) / 2
    lines = [
        (k * (1 + _GAP) + 1.035, y, (k + 1) * (1 + _GAP) - 0.035, y) for k in range(len(stages))
    ]
    traces.append(marks.arrows(lines, color=palette.muted, symbol="triangle-right"))
