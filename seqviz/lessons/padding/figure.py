"""A padded batch on its way through layers, and the mask that goes with it, or is lost."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

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
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.records import drawn_of

_GAP: Final = 0.16  # between panels, each one unit wide
_WORDS: Final = {
    "made": "mask made",
    "none": "no mask",
    "carried": "mask goes on",
    "used up": "mask used up",
    "lost": "✕ mask lost",
}
_WRITABLE: Final = 10  # columns of the still picture up to which values are written
_SMALL: Final = 11  # pixels
_LETTERS: Final = 36  # pixels that the headings need, and as many the words below
BOXED: Final = 4  # sentences up to which each is drawn as boxes, with words and numbers


class _Lines(NamedTuple):
    """How sentences stand below one another, in heights of one.

    Attributes:
        between: From one to the next, the mask's strip included.
        strip: Height of the mask under a sentence.
        head: Above the first one.
        foot: Below the last one.
        boxes: Whether each is drawn as boxes, with words and numbers; else as thin rows.
    """

    between: float
    strip: float
    head: float
    foot: float
    boxes: bool

    def top(self, b: int) -> float:
        """Upper edge of sentence b."""
        return -b * (1 + self.between)

    @property
    def width(self) -> float:
        """Of outlines, in pixels."""
        return 2 if self.boxes else 1


def _lines(batch: int, height: int) -> _Lines:
    if batch <= BOXED:
        return _Lines(between=0.36, strip=0.17, head=0.62, foot=0.62, boxes=True)
    between = 0.25
    # What stands above and below needs as many pixels as ever.
    pixels = max(height - 8 - 2 * _LETTERS, batch) / (batch * (1 + between))
    edge = _LETTERS / pixels
    return _Lines(between=between, strip=0, head=edge, foot=edge, boxes=False)


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
    that it calls padding are hatched. Where no mask goes on there is no strip. Of more than four
    sentences each is a thin row, without words, numbers and strips: grey is what the mask calls
    padding.

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
    lines = _lines(batch, height)
    _draw_ids(traces, data, padded_tokens(names, data.real), lines, palette)
    lefts = [k * (1 + _GAP) for k in range(len(panels) + 1)]
    padded: list[Box] = [
        (t / count, lines.top(b) - 0.9, (t + 1) / count, lines.top(b) - 0.1)
        for b, t in np.argwhere(~data.real).tolist()
    ]
    _draw_panels(
        traces, panels, lefts[1:], count, lines, palette,
        padded=padded, size=marks.VALUE_SIZE if lines.boxes else None,
    )  # fmt: skip
    traces.append(
        _headings(
            ["ids", *(panel.title for panel in panels)],
            [f"({batch}, {count})", *(panel.shape for panel in panels)],
            [palette.timesteps, *(panel.color for panel in panels)],
            lefts,
            lines,
        )
    )
    traces.append(_fates(data, lefts, lines, palette))
    right = lefts[-1] + 1
    _arrows(traces, data.stages, batch, lines, palette)
    bottom = lines.top(batch) + lines.between - lines.foot
    return animated(
        traces,
        marks.framed(
            (-0.03, right + 0.03),
            (bottom, lines.head),
            **_parts(data, panels, lefts, bottom, lines),
        ),
        [
            Moving(
                marks.veil(palette, x1=right + 0.03, y0=bottom, y1=lines.head),
                lambda k: {"x0": lefts[k] + 1.04},
            ),
            Moving(
                marks.cursor(palette.text, 2, y0=bottom + 0.02, y1=lines.head - 0.02),
                lambda k: {"x0": lefts[k] - 0.025, "x1": lefts[k] + 1.025},
            ),
        ],
        labels=["ids", *(stage.name for stage in data.stages)],
        look=Look(step, palette, height, controls),
    )


def _parts(
    data: Padding, panels: Sequence[_Panel], lefts: Sequence[float], bottom: float, lines: _Lines
) -> dict[str, Any]:
    """Each panel by its layer; under every sentence its mask, and in it what is padding."""
    batch, count = data.ids.shape
    named: dict[str, list[Boxes]] = {"id": [Boxes((0, bottom, 1, lines.head))]}
    named["token"] = named["id"]
    tops = [lines.top(b) for b in range(batch)]
    named["padding"] = [
        Boxes(((t[0]) / count, top - 1, (t[-1] + 1) / count, top))
        for top, real in zip(tops, data.real, strict=True)
        if len(t := np.flatnonzero(~real))
    ]
    named["mask"] = [
        Boxes((left, top - 1.05 - lines.strip, left + 1, top - 1.05))
        for panel, left in zip(panels, lefts[1:], strict=True)
        if panel.mask is not None and lines.boxes
        for top in tops
    ]
    for stage, left in zip(data.stages, lefts[1:], strict=True):
        layer = re.split(r"\W", stage.layer)[0]
        named.setdefault(layer, []).append(Boxes((left, bottom, left + 1, lines.head)))
    return parts(named)


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
    height = height or (
        60 + batch * (44 + 14 * min(units, 6)) if batch <= BOXED else 80 + 20 * batch
    )
    lines = _lines(batch, height)
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
    written = lines.boxes and len(panels) * count <= _WRITABLE and units <= 6
    traces: list[Trace] = []
    lefts = [k * (1 + _GAP) for k in range(len(panels))]
    upright = [panel._replace(blocks=[block.T for block in panel.blocks]) for panel in panels]
    _draw_panels(traces, upright, lefts, count, lines, palette, size=_SMALL if written else None)
    for panel, left in zip(panels, lefts, strict=True):
        if panel.mask is not None or not lines.boxes or len(panels) * count > _WRITABLE:
            continue
        words = [plain(shorten(word, 7)) for row in labels for word in row]
        traces.append(
            marks.texts(
                [left + (t + 0.5) / count for _ in range(batch) for t in range(count)],
                [lines.top(b) - 1.13 for b in range(batch) for _ in range(count)],
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
            lines,
        )
    )
    return still(
        traces,
        {
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": marks.bare_axis(-0.03, len(panels) * (1 + _GAP) - _GAP + 0.03),
            "yaxis": marks.bare_axis(lines.top(batch), lines.head),
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
    lines: _Lines,
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
        lines: Where the sentences are.
        palette: Colours.
        padded: What else is hatched as padding.
        size: Of the numbers in it, if they are to be written.
    """
    frames: list[Trace] = []  # over what is hatched
    hatched = [*padded]
    squares: dict[bool, list[Box]] = {True: [], False: []}
    for panel, left in zip(panels, lefts, strict=True):
        heatmap, frame = _heatmap(panel, left, count, lines, size)
        traces.append(heatmap)
        frames.append(frame)
        if panel.mask is None:
            continue
        for (b, t), real in np.ndenumerate(panel.mask):
            x, top = left + t / count, lines.top(b)
            if not real:
                hatched.append((x, top - 1, x + 1 / count, top))
            below = top - 1 - 0.05
            squares[bool(real)].append(
                (x + 0.15 / count, below - lines.strip, x + 0.85 / count, below)
            )
    if not lines.boxes:  # a strip, a hatching and a frame have no room
        traces.append(
            marks.outline(
                hatched,
                color=palette.muted,
                width=0,
                fill="toself",
                fillcolor=palette.muted,
                opacity=0.6,
            )
        )
        return
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


def _heatmap(
    panel: _Panel, left: float, count: int, lines: _Lines, size: int | None
) -> tuple[Trace, Trace]:
    """All sentences of a panel in one heatmap, and what is around each."""
    rows, columns = panel.blocks[0].shape
    # A single column is as wide as a timestep; a single row lower than a sentence.
    wide = 1.0 if columns > 1 or rows == 1 else max(1 / count, 0.25)
    high = 1.0 if rows > 1 or not lines.boxes else 0.4
    x0 = left + (1 - wide) / 2
    lows = [lines.top(b) - (1 + high) / 2 for b in range(len(panel.blocks))]
    # What lies, as of Flatten, has all numbers of a sentence beside each other.
    written = size is not None and columns <= (12 if rows > 1 else 6) and rows <= 8
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
    return heatmap, marks.outline(boxes, color=panel.color, width=lines.width)


def _headings(
    titles: Sequence[str],
    shapes: Sequence[str],
    colors: Sequence[str],
    lefts: Sequence[float],
    lines: _Lines,
) -> Trace:
    """Above each panel its title and its shape, all of one size."""
    xs = [left + 0.5 for left in lefts]
    return marks.texts(
        [*xs, *xs],
        [0.76 * lines.head] * len(xs) + [0.29 * lines.head] * len(xs),
        [*(f"<b>{plain(title)}</b>" for title in titles), *map(plain, shapes)],
        color=[*colors, *colors],
        size=13,
        room=(1 + _GAP * 0.7, lines.head / 2),
    )


def _draw_ids(
    traces: list[Trace],
    data: Padding,
    tokens: Sequence[Sequence[str]],
    lines: _Lines,
    palette: Palette,
) -> None:
    """The first panel: words and ids of the padded batch, each in a box of its token's colour."""
    batch, count = data.ids.shape
    flat = data.ids.ravel().tolist()
    colors = token_colors(flat)
    by_color: dict[str, list[Box]] = {}
    places = [(b, t) for b in range(batch) for t in range(count)]
    for (b, t), color in zip(places, colors, strict=True):
        top = lines.top(b) - 0.1
        box = (t / count + 0.006, top - 0.8, (t + 1) / count - 0.006, top)
        by_color.setdefault(color, []).append(box)
    filled = {} if lines.boxes else {"fill": "toself"}
    for color, boxes in by_color.items():
        fill = {**filled, "fillcolor": color} if filled else {}
        traces.append(marks.outline(boxes, color=color, width=lines.width, **fill))
    xs = [(t + 0.5) / count for _, t in places]
    words = [plain(shorten(word, 9)) for row in tokens for word in row]
    hover = [
        f"{plain(w)}: id {i}" for w, i in zip((w for r in tokens for w in r), flat, strict=True)
    ]
    rows = [(-0.34, words, 12, 0.4), (-0.66, [f"<b>{i}</b>" for i in flat], 13, 0.4)]
    if not lines.boxes:  # the word alone, on its colour
        rows = [(-0.5, words, 12, 0.8)]
    for dy, texts, size, high in rows:
        traces.append(
            marks.texts(
                xs,
                [lines.top(b) + dy for b, _ in places],
                texts,
                color=palette.text if lines.boxes else palette.background,
                size=size,
                hover=hover,
                room=(0.96 / count, high),
            )
        )


def _fates(data: Padding, lefts: Sequence[float], lines: _Lines, palette: Palette) -> Trace:
    """Below each panel what becomes of the mask there; a loss stands out."""
    lost = [False, *(stage.fate == "lost" for stage in data.stages)]
    words = [f'padding="{data.config.padding}"', *(_WORDS[stage.fate] for stage in data.stages)]
    return marks.texts(
        [left + 0.5 for left in lefts],
        [lines.top(len(data.ids)) - (0.03 if lines.boxes else 0.35 * lines.foot)] * len(lefts),
        [f"<b>{word}</b>" if bad else word for word, bad in zip(words, lost, strict=True)],
        color=[palette.gate_forget if bad else palette.text for bad in lost],
        size=13,
        room=(1 + _GAP * 0.7, 0.6 * lines.foot),
    )


def _arrows(
    traces: list[Trace], stages: Sequence[MaskStage], batch: int, lines: _Lines, palette: Palette
) -> None:
    """From panel to panel, at the middle of the picture."""
    y = (lines.top(batch) + lines.between) / 2
    ends = [
        (k * (1 + _GAP) + 1.035, y, (k + 1) * (1 + _GAP) - 0.035, y) for k in range(len(stages))
    ]
    traces.append(marks.arrows(ends, color=palette.muted, symbol="triangle-right"))
