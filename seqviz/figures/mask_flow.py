"""A padded batch on its way through layers, and the mask that goes with it, or is lost."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.figures import cells
from seqviz.figures.animation import playable
from seqviz.figures.cells import Box
from seqviz.figures.drawing import Shape, Trace, figure_of
from seqviz.figures.labels import plain, shorten
from seqviz.figures.palette import LIGHT, Palette, token_colors
from seqviz.padding import MaskStage, Padding, padded_tokens

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
    words: str
    hover: str


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

    The mask is a strip of squares, one a timestep: filled is True, empty is False, padding. Steps
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
    for k, panel in enumerate(panels, 1):
        _draw_panel(traces, panel, k * (1 + _GAP), count, batch, palette)
    right = len(panels) * (1 + _GAP) + 1
    _arrows(traces, data.stages, batch, palette)
    bottom = -batch * (1 + _BETWEEN) - _FOOT + _BETWEEN
    layout = {
        **cells.plain_layout(palette, height),
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": cells.bare_axis(-0.03, right + 0.03),
        "yaxis": cells.bare_axis(bottom, _HEAD),
    }
    looks: list[Shape] = [
        cells.veil(palette, x1=right + 0.03, y0=bottom, y1=_HEAD),
        cells.cursor(palette.text, 2, y0=bottom + 0.02, y1=_HEAD - 0.02),
    ]
    steps: list[list[Shape]] = [
        [
            {"x0": k * (1 + _GAP) + 1.04},
            {"x0": k * (1 + _GAP) - 0.025, "x1": k * (1 + _GAP) + 1.025},
        ]
        for k in range(len(panels) + 1)
    ]
    return playable(
        _merged(traces),
        layout,
        looks,
        steps,
        step=step,
        labels=["ids", *(stage.name for stage in data.stages)],
        controls=controls,
        text_color=palette.text,
    )


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
        _Panel("h, masked", "padding skipped", palette.hidden, [*data.with_mask], mask, "", "h"),
        _Panel(
            "h, no mask", "padding is read", palette.hidden, [*data.without_mask], None, "", "h"
        ),
    ]
    if data.config.zero_output_for_mask:
        panels.append(
            _Panel(
                "returned, masked",
                "0 where padded",
                palette.hidden,
                [*data.returned],
                mask,
                "",
                "y",
            )
        )
    # This picture has no player that fits text, so it must be readable on a phone as it is.
    written = len(panels) * count <= _WRITABLE and units <= 6
    traces: list[Trace] = []
    for k, panel in enumerate(panels):
        left = k * (1 + _GAP)
        upright = panel._replace(blocks=[block.T for block in panel.blocks])
        size = _SMALL if written else None
        _draw_panel(traces, upright, left, count, batch, palette, size=size)
        if panel.mask is not None or len(panels) * count > _WRITABLE:
            continue
        words = [plain(shorten(word, 7)) for row in labels for word in row]
        traces.append(
            cells.texts(
                [left + (t + 0.5) / count for _ in range(batch) for t in range(count)],
                [-b * (1 + _BETWEEN) - 1.13 for b in range(batch) for _ in range(count)],
                words,
                color=[palette.text if r else palette.muted for r in data.real.ravel().tolist()],
                size=_SMALL,
            )
        )
    return figure_of(
        data=_merged(traces),
        layout={
            **cells.plain_layout(palette, height),
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": cells.bare_axis(-0.03, len(panels) * (1 + _GAP) - _GAP + 0.03),
            "yaxis": cells.bare_axis(-batch * (1 + _BETWEEN), _HEAD),
        },
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
        words=_WORDS[stage.fate],
        hover=stage.name,
    )


def _draw_panel(
    traces: list[Trace],
    panel: _Panel,
    left: float,
    count: int,
    batch: int,
    palette: Palette,
    *,
    size: int | None = cells.VALUE_SIZE,
) -> None:
    """Draw a heading, one heatmap a sentence, its outline, its mask, and what becomes of it."""
    rows, columns = panel.blocks[0].shape
    # A single column is as wide as a timestep; a single row lower than a sentence.
    wide = 1.0 if columns > 1 or rows == 1 else max(1 / count, 0.25)
    high = 1.0 if rows > 1 else 0.4
    x0 = left + (1 - wide) / 2
    lows = [-b * (1 + _BETWEEN) - (1 + high) / 2 for b in range(batch)]
    written = size is not None and columns <= 12 and rows <= 8
    # All sentences in one heatmap, from the bottom up, with nothing between them: Plotly takes
    # several times as long for one a sentence.
    nothing = np.full((1, columns), np.nan, np.float32)
    values = [part for block in reversed(panel.blocks) for part in (block[::-1], nothing)][:-1]
    heatmap = cells.heatmap(
        np.vstack(values),
        limit=cells.symmetric_limit(*panel.blocks),
        cell=(wide / columns, high / rows) if written else None,
        gap=1 if written else 0,
        hover=f"{plain(panel.hover)}: %{{z:.6f}}<extra></extra>",
        x=[x0 + wide * k / columns for k in range(columns + 1)],
        y=[low + high * k / rows for low in reversed(lows) for k in range(rows + 1)],
    )
    if written:
        heatmap["textfont"]["size"] = size
    traces.append(heatmap)
    boxes: list[Box] = [(x0, low, x0 + wide, low + high) for low in lows]
    traces.append(cells.outline(boxes, color=panel.color, width=2))
    if panel.mask is not None:
        padded = [
            (left + t / count, -b * (1 + _BETWEEN) - 1, left + (t + 1) / count, -b * (1 + _BETWEEN))
            for b, t in np.argwhere(~panel.mask).tolist()
        ]
        traces.append(cells.hatch(padded, color=palette.muted))
        _draw_mask(traces, panel.mask, left, count, palette)
    heads = ((0.47, panel.title, panel.color, True), (0.18, panel.shape, panel.color, False))
    for y, words, color, bold in heads:
        traces.append(
            cells.texts(
                [left + 0.5],
                [y],
                [f"<b>{plain(words)}</b>" if bold else plain(words)],
                color=color,
                size=13,
                room=(1 + _GAP * 0.7, 0.3),
            )
        )
    if panel.words:
        lost = panel.words.startswith("✕")
        traces.append(
            cells.texts(
                [left + 0.5],
                [-batch * (1 + _BETWEEN) - 0.03],
                [f"<b>{panel.words}</b>" if lost else panel.words],
                color=palette.gate_forget if lost else palette.text,
                size=13,
                room=(1 + _GAP * 0.7, 0.4),
            )
        )


def _draw_mask(
    traces: list[Trace], mask: NDArray[np.bool_], left: float, count: int, palette: Palette
) -> None:
    """A strip of squares under each sentence: filled where True, empty where False."""
    for value in (True, False):
        boxes = []
        for b, t in np.argwhere(mask == value).tolist():
            top = -b * (1 + _BETWEEN) - 1 - 0.05
            x = left + (t + 0.15) / count
            boxes.append((x, top - _STRIP, x + 0.7 / count, top))
        style: dict[str, Any] = (
            {"fill": "toself", "fillcolor": palette.timesteps} if value else {"dash": "dot"}
        )
        traces.append(cells.outline(boxes, color=palette.timesteps, width=1.5, **style))


def _draw_ids(
    traces: list[Trace], data: Padding, tokens: Sequence[Sequence[str]], palette: Palette
) -> None:
    """The first panel: words and ids of the padded batch."""
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
        traces.append(cells.outline(boxes, color=color, width=2))
    traces.append(
        cells.hatch(
            [
                (t / count, -b * (1 + _BETWEEN) - 0.9, (t + 1) / count, -b * (1 + _BETWEEN) - 0.1)
                for b, t in np.argwhere(~data.real).tolist()
            ],
            color=palette.muted,
        )
    )
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
            cells.texts(
                xs,
                [-b * (1 + _BETWEEN) + dy for b, _ in places],
                texts,
                color=palette.text,
                size=size,
                hover=hover,
                room=(0.96 / count, high),
            )
        )
    for y, text, bold in ((0.47, "ids", True), (0.18, f"({batch}, {count})", False)):
        traces.append(
            cells.texts(
                [0.5],
                [y],
                [f"<b>{text}</b>" if bold else text],
                color=palette.timesteps,
                size=13,
                room=(1 + _GAP * 0.7, 0.3),
            )
        )
    traces.append(
        cells.texts(
            [0.5],
            [-batch * (1 + _BETWEEN) - 0.03],
            [f'padding="{data.config.padding}"'],
            color=palette.text,
            size=13,
            room=(1 + _GAP * 0.7, 0.4),
        )
    )


def _arrows(traces: list[Trace], stages: Sequence[MaskStage], batch: int, palette: Palette) -> None:
    """From panel to panel, at the middle of the picture."""
    y = -(batch * (1 + _BETWEEN) - _BETWEEN) / 2
    lines = [
        (k * (1 + _GAP) + 1.035, y, (k + 1) * (1 + _GAP) - 0.035, y) for k in range(len(stages))
    ]
    traces.append(cells.arrows(lines, color=palette.muted, symbol="triangle-right"))


def _merged(traces: Sequence[Trace]) -> list[Trace]:
    """Traces that look alike in one: Plotly takes its time for each, and one size fits all words."""
    merged: dict[str, Trace] = {}
    for number, trace in enumerate(traces):
        if trace["type"] != "scatter" or trace["mode"] == "lines+markers" or not trace["x"]:
            merged[str(number)] = trace
            continue
        words = trace["mode"] == "text"
        looks = {k: v for k, v in trace.items() if k not in ("x", "y", "text", "hovertext")}
        if words:
            # Colours may differ word by word, and the longest word says how large all can be.
            looks |= {"textfont": trace["textfont"]["size"], "meta": (trace["meta"] or [])[:2]}
        first = merged.setdefault(repr(looks), trace)
        if first is trace:
            if words:
                trace["textfont"]["color"] = _colors(trace)
            continue
        gap = [] if words else [None]
        first["x"] = [*first["x"], *gap, *trace["x"]]
        first["y"] = [*first["y"], *gap, *trace["y"]]
        if words:
            first["text"] = [*first["text"], *trace["text"]]
            first["textfont"]["color"] = [*first["textfont"]["color"], *_colors(trace)]
            if first["hovertext"] is not None:
                first["hovertext"] = [*first["hovertext"], *trace["hovertext"]]
            if first["meta"] is not None:
                longest = max(first["meta"][2], trace["meta"][2])
                first["meta"] = [*first["meta"][:2], longest, *first["meta"][3:]]
    return list(merged.values())


def _colors(trace: Trace) -> list[str]:
    """The colour of each word."""
    color = trace["textfont"]["color"]
    return [color] * len(trace["x"]) if isinstance(color, str) else list(color)
