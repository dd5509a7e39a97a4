"""A padded batch on its way through layers, and the mask that goes with it, or is lost."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.padding.compute import MaskStage, Padding, padded_tokens
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated, still
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.halves import halves, moving_in_second, parts_of_second, second
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.records import drawn_of

_GAP: Final = 0.12  # between panels, each one unit wide …
_IDS: Final = 1.15  # … but for the ids, with words in them, …
_FLAT: Final = 1.9  # … and for what Flatten made, which has all numbers beside each other
_RECURRENT: Final = 1  # which stage is the recurrent layer
_OUT_OF_SIGHT: Final = -9.0
_ABOVE: Final = 3  # panels that a narrow screen has above the others
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
Span = tuple[float, float]  # left and right edge
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
        return _Lines(between=0.36, strip=0.17, head=0.62, foot=0.86, boxes=True)
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
    flat: bool = False  # whether each sentence is one vector, which lies


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
    names = tokens or [[str(i) for i in row[row > 0].tolist()] for row in data.ids]
    lines = _lines(batch, height)
    spans = _spans(panels)
    wide = _IDS / count
    padded: list[Box] = [
        (t * wide, lines.top(b) - 0.9, (t + 1) * wide, lines.top(b) - 0.1)
        for b, t in np.argwhere(~data.real).tolist()
    ]
    flat = _flat_padding(data, panels[-1], spans[-1], lines)
    titles = ["ids", *(panel.title for panel in panels)]
    shapes = [f"({batch}, {count})", *(panel.shape for panel in panels)]
    of_panels = [palette.timesteps, *(panel.color for panel in panels)]

    def half(some: slice, *, padded: Iterable[Box] = ()) -> list[Trace]:
        drawn: list[Trace] = []
        here = max(some.start, 1)
        _draw_panels(
            drawn, panels[here - 1 : some.stop - 1], [x for x, _ in spans[here : some.stop]],
            count, lines, palette,
            padded=padded, size=marks.VALUE_SIZE if lines.boxes else None,
        )  # fmt: skip
        drawn.append(_headings(titles[some], shapes[some], of_panels[some], spans[some], lines))
        drawn.append(_fates(data, some, spans, lines, palette))
        drawn.append(_arrows(spans[some.start : some.stop + 1], batch, lines, palette))
        return drawn

    traces: list[Trace] = []
    _draw_ids(traces, data, padded_tokens(names, data.real), lines, palette)
    traces += half(slice(0, _ABOVE), padded=padded)
    if lines.boxes:
        traces += [_repeated(data, spans, lines, palette), _named_masks(panels[0], lines, palette)]
    traces += second(half(slice(_ABOVE, len(spans)), padded=flat))
    right = spans[-1][1]
    bottom = lines.top(batch) + lines.between - lines.foot
    middle = spans[_ABOVE][0] - 0.03
    return animated(
        traces,
        halves(
            (-0.03, middle),
            (middle, right + 0.03),
            (bottom, lines.head),
            height=height,
            named=_parts(data, panels, spans, bottom, lines),
        ),
        [
            *_reached(spans[:_ABOVE], middle, bottom, lines, palette),
            *moving_in_second(
                _reached(spans[_ABOVE:], right + 0.03, bottom, lines, palette, _ABOVE)
            ),
        ],
        labels=["ids", *(stage.name for stage in data.stages)],
        look=Look(step, palette, height, controls),
    )


def _spans(panels: Sequence[_Panel]) -> list[Span]:
    """Left and right edge of the ids, and of each panel."""
    spans = [(0.0, _IDS)]
    for panel in panels:
        left = spans[-1][1] + _GAP
        spans.append((left, left + (_FLAT if panel.flat else 1)))
    return spans


def _reached(
    spans: Sequence[Span],
    end: float,
    bottom: float,
    lines: _Lines,
    palette: Palette,
    first: int = 0,
) -> list[Moving]:
    """The veil over the panels of a half that are not called yet, the cursor around the one that is.

    `first` is the step of the first of `spans`, `end` where the half ends.
    """
    start = spans[0][0] - 0.03

    def rest(step: int) -> Shape:
        k = step - first
        return {"x0": start if k < 0 else spans[k][1] + 0.04 if k < len(spans) else end}

    def now(step: int) -> Shape:
        k = step - first
        left, right = spans[k] if 0 <= k < len(spans) else (_OUT_OF_SIGHT, _OUT_OF_SIGHT)
        return {"x0": left - 0.025, "x1": right + 0.025}

    return [
        Moving(marks.veil(palette, x1=end, y0=bottom, y1=lines.head), rest),
        Moving(marks.cursor(palette.text, 2, y0=bottom + 0.02, y1=lines.head - 0.02), now),
    ]


def _flat_padding(data: Padding, panel: _Panel, span: Span, lines: _Lines) -> list[Box]:
    """Where the numbers that a mask called padding stand in what Flatten made, which loses it."""
    mask = data.stages[-2].mask
    if mask is None:
        return []
    wide = (span[1] - span[0]) / mask.shape[1]
    high = _height(panel.blocks[0], lines)
    boxes = []
    for b, t in np.argwhere(~mask).tolist():
        low = lines.top(b) - (1 + high) / 2
        boxes.append((span[0] + t * wide, low, span[0] + (t + 1) * wide, low + high))
    return boxes


def _height(block: NDArray[np.floating], lines: _Lines) -> float:
    """Of a sentence's numbers: a single row of boxes is lower than a sentence."""
    return 1.0 if len(block) > 1 or not lines.boxes else 0.4


def _repeated(data: Padding, spans: Sequence[Span], lines: _Lines, palette: Palette) -> Trace:
    """Arrows over what the recurrent layer returned: from a state to the end of where it is kept."""
    left, count = spans[_RECURRENT + 1][0], data.ids.shape[1]
    kept: list[Box] = []
    for b, t, end in _carried(data):
        y = lines.top(b) + 0.04
        kept.append((left + (t + 0.5) / count, y, left + (end - 0.5) / count, y))
    return marks.arrows(kept, color=palette.hidden, symbol="triangle-right")


def _carried(data: Padding) -> list[tuple[int, int, int]]:
    """Of each sentence and state that is returned again at padded steps: from where to where."""
    mask = data.stages[_RECURRENT].mask
    if mask is None or data.config.zero_output_for_mask:
        return []
    found = []
    for b, row in enumerate(mask):
        steps = np.flatnonzero(row).tolist()
        ends = [*steps[1:], len(row)] if steps else []
        found += [(b, t, end) for t, end in zip(steps, ends, strict=True) if end - t > 1]
    return found


def _named_masks(panel: _Panel, lines: _Lines, palette: Palette) -> Trace:
    """Left of the masks of the first panel, under the ids, what they are."""
    tops = [] if panel.mask is None else [lines.top(b) for b in range(len(panel.blocks))]
    return marks.texts(
        [_IDS] * len(tops),
        [top - 1.05 - lines.strip / 2 for top in tops],
        ["mask"] * len(tops),
        color=palette.timesteps,
        position="middle left",
        room=(_IDS / 2, 0.3),
    )


def _parts(
    data: Padding, panels: Sequence[_Panel], spans: Sequence[Span], bottom: float, lines: _Lines
) -> dict[str, Any]:
    """Each panel by its layer; under every sentence its mask, and in it what is padding."""
    batch, count = data.ids.shape
    named: dict[str, list[Boxes]] = {"id": [Boxes((0, bottom, _IDS, lines.head))]}
    named["token"] = named["id"]
    tops = [lines.top(b) for b in range(batch)]
    named["padding"] = [
        Boxes((t[0] * _IDS / count, top - 1, (t[-1] + 1) * _IDS / count, top))
        for top, real in zip(tops, data.real, strict=True)
        if len(t := np.flatnonzero(~real))
    ]

    def on_axes(k: int, boxes: list[Boxes]) -> Sequence[Boxes]:
        return boxes if k < _ABOVE else parts_of_second(boxes)

    for k, (panel, stage) in enumerate(zip(panels, data.stages, strict=True), 1):
        left, right = spans[k]
        if panel.mask is not None and lines.boxes:
            below = [(left, top - 1.05 - lines.strip, right, top - 1.05) for top in tops]
            named.setdefault("mask", []).extend(on_axes(k, [*map(Boxes, below)]))
        layer = re.split(r"\W", stage.layer)[0]
        named.setdefault(layer, []).extend(on_axes(k, [Boxes((left, bottom, right, lines.head))]))
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
            [(left, left + 1) for left in lefts],
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
    # One vector a sentence: h stands, as in the sequence; what Flatten made lies.
    flat = stage.layer.startswith("Flatten")
    if values.ndim == 3:
        blocks = [block.T for block in values]
    else:
        blocks = [v[None] if flat else v[:, None] for v in values]
    return _Panel(
        # Embedding(50, 2) is too long for a phone, and Flatten() has nothing in its brackets.
        title=stage.layer if re.search(r"\(\d+\)", stage.layer) else stage.layer.split("(")[0],
        shape=str(values.shape),
        color=color,
        blocks=blocks,
        mask=stage.mask,
        hover=stage.name,
        flat=flat,
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
    # A single column is as wide as a timestep.
    wide = 1.0 if columns > 1 or rows == 1 else max(1 / count, 0.25)
    wide *= _FLAT if panel.flat else 1
    high = _height(panel.blocks[0], lines)
    x0 = left if panel.flat else left + (1 - wide) / 2
    lows = [lines.top(b) - (1 + high) / 2 for b in range(len(panel.blocks))]
    # What lies, as of Flatten, has all numbers of a sentence beside each other.
    written = size is not None and columns <= (12 if rows > 1 else 8) and rows <= 8
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
    spans: Sequence[Span],
    lines: _Lines,
) -> Trace:
    """Above each panel its title and its shape, all of one size."""
    xs = [sum(span) / 2 for span in spans]
    return marks.texts(
        [*xs, *xs],
        [0.7 * lines.head] * len(xs) + [0.26 * lines.head] * len(xs),
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
    wide = _IDS / count
    flat = data.ids.ravel().tolist()
    colors = token_colors(flat)
    by_color: dict[str, list[Box]] = {}
    places = [(b, t) for b in range(batch) for t in range(count)]
    for (b, t), color in zip(places, colors, strict=True):
        top = lines.top(b) - 0.1
        box = (t * wide + 0.006, top - 0.8, (t + 1) * wide - 0.006, top)
        by_color.setdefault(color, []).append(box)
    filled = {} if lines.boxes else {"fill": "toself"}
    for color, boxes in by_color.items():
        fill = {**filled, "fillcolor": color} if filled else {}
        traces.append(marks.outline(boxes, color=color, width=lines.width, **fill))
    xs = [(t + 0.5) * wide for _, t in places]
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
                room=(0.98 * wide, high),
            )
        )


def _fates(
    data: Padding, some: slice, spans: Sequence[Span], lines: _Lines, palette: Palette
) -> Trace:
    """Below some panels what becomes of the mask there; a loss stands out."""
    fates = ["", *(stage.fate for stage in data.stages)]
    words = [f'padding="{data.config.padding}"', *map(_WORDS.__getitem__, fates[1:])]
    if fates[_RECURRENT + 1] == "carried" and lines.boxes:
        zeros = "<br>returns 0" if data.config.zero_output_for_mask else ""
        words[_RECURRENT + 1] = (
            "skips it: state<br>carried on →" if _carried(data) else "skips it" + zeros
        )
    # Of two lines, as one may be, all hang from the same height.
    high = lines.foot - 0.27 if lines.boxes else 0.6 * lines.foot
    top = lines.top(len(data.ids))
    return marks.texts(
        [sum(span) / 2 for span in spans[some]],
        [top + (lines.between - 0.27 if lines.boxes else -0.35 * lines.foot)] * len(fates[some]),
        [
            f"<b>{word}</b>" if fate == "lost" else word
            for word, fate in zip(words[some], fates[some], strict=True)
        ],
        color=[palette.gate_forget if fate == "lost" else palette.text for fate in fates[some]],
        size=12 if lines.boxes else 13,
        position="bottom center" if lines.boxes else "middle center",
        room=(1 + _GAP * 0.7, high),
    )


def _arrows(spans: Sequence[Span], batch: int, lines: _Lines, palette: Palette) -> Trace:
    """From panel to panel, at the middle of the picture."""
    y = (lines.top(batch) + lines.between) / 2
    ends = [(one[1] + 0.02, y, other[0] - 0.06, y) for one, other in pairwise(spans)]
    return marks.arrows(ends, color=palette.muted, symbol="triangle-right")
