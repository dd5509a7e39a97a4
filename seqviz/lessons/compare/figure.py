"""Recurrent layers side by side: what a word changes in their states, and what is left of that."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.compare.compute import GONE, GROWN, HELD, Memory
from seqviz.lessons.compare.words_on_curves import WIDE, Spot, find_spot
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated
from seqviz.plotly_kit.bands import band_axis, right_margin, time_axis, veil_and_cursor
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions, token_labels
from seqviz.plotly_kit.logscale import LogScale, log_scale
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.numbers import power_of_ten
from seqviz.readout.records import not_drawn_of

_CURVES = (0.0, 0.475)  # share of the height, from the bottom
_BANDS = (0.61, 0.93)  # between them: what the curves are, and which is which
_LEFT, _LINE, _CHARACTER, _APART = 2, 20, 6.4, 9  # pixels of the words there
_SHARES = {2: "100 times", 1: "10 times", 0: "as after word 1"}
_KEPT = 0.9  # of what it was, beside GONE, HELD and GROWN: where one word ends and the next begins
_OVER = 20  # pixels over curves that do not grow: room for a word
_GAP = 0.025
_WORD = 8  # letters of word 1: a phone has no room for more
_AS_ONE = 0.1  # decades up to which two curves look like one
_MARGIN = {"l": 112, "t": 8, "b": 40}
_C_MARK = ("diamond-open", "◇")
_MARKED = 30  # steps up to which every point of a curve has its mark


def plot_memory(
    data: Memory | Sequence[Memory],
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw what a word changes in the states of one or more recurrent layers, and what is left.

    On top how the hidden state of each (and an LSTM's cell state) differs between the two samples,
    as units × timesteps; below, in the same colours, the length of that difference, in parts of
    what it was after the first step, on a log scale, with a word on what has become of it in the end. Where
    they are equal a cross stands on the bottom line.

    Args:
        data: What `compute_memory` made, of each layer; all with the same timesteps.
        tokens: The word at each timestep of the input.
        step: Timesteps already computed when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    several = [data] if isinstance(data, Memory) else data
    if not isinstance(several, Sequence) or not all(isinstance(m, Memory) for m in several):
        raise not_drawn_of(several, "compute_memory")
    labels = token_labels(tokens, several[0].timesteps.tolist())
    word_1 = "word 1"
    if tokens is not None:
        word_1 = f"the first “{plain(shorten(labels[0], _WORD))}”"
    count = len(labels)
    names = [str(k) for k in range(1, count + 1)]
    traces: list[Trace] = []
    axes = _draw_bands(traces, several, names, palette)
    traces.append(_whose_scale(several[0], names, palette))
    scale = log_scale(*(m.left for m in several), *(m.cell_left for m in several))
    axes["yaxis"] = _shares_axis(scale, palette)
    low, high = axes["yaxis"]["range"]
    pixels = (height - _MARGIN["t"] - _MARGIN["b"]) * _CURVES[1]
    if not scale.high:
        high += _OVER * (high - low) / pixels
        axes["yaxis"]["range"] = [low, high]
    for memory in several:
        color, mark, _ = _look(memory.cell, palette)
        cell = plain(memory.cell)
        traces.append(_curve(f"h of {cell}", memory.left, names, scale, color, mark))
        if memory.cell_left is not None:
            share = memory.cell_left
            curve = _curve(f"c of {cell}", share, names, scale, palette.cell, _C_MARK[0])
            curve["line"]["dash"] = "dot"  # that of h is often right below it
            traces.append(curve)
    traces += _verdicts(
        several, scale, names, palette, pixels=pixels / (high - low), bounds=(low, high)
    )
    layout = dict(
        **axes,
        **parts(_parts(several, axes)),
        margin={**_MARGIN, "r": right_margin(labels)},
        xaxis=time_axis(names, [f"{labels[0]} / X", *labels[1:]], palette),
        annotations=_headings(several, word_1, scale.apart, palette),
    )
    return animated(
        traces,
        layout,
        veil_and_cursor(count, palette, around=((0, _CURVES[1]), (_BANDS[0], _BANDS[1]))),
        labels=step_captions(labels),
        look=Look(step, palette, height, controls),
    )


def _shares_axis(scale: LogScale, palette: Palette) -> dict[str, Any]:
    """The axis of the curves, in plain words where there are some, with a line at 1."""
    axis = scale.axis(_CURVES, palette, zeroline=True, zerolinecolor=palette.muted)
    texts = zip(axis["tickvals"], axis["ticktext"], strict=True)
    return axis | {"ticktext": [_SHARES.get(exponent, text) for exponent, text in texts]}


def _headings(
    several: Sequence[Memory], word: str, decades: int, palette: Palette
) -> list[dict[str, Any]]:
    """What the bands show; what the curves show, and under that which is which, by their marks.

    They begin over the curves' axis: a phone has no room for them further to the right.
    """
    step = power_of_ten(decades) if decades > 1 else "10"
    key = []
    for memory in several:
        color, _, sign = _look(memory.cell, palette)
        key.append((f"{sign} h of {plain(memory.cell)}", color))
        if memory.cell_difference is not None:
            key.append((f"{_C_MARK[1]} c of {plain(memory.cell)}", palette.cell))
    left: float = _LEFT - _MARGIN["l"]
    said = [
        (
            f"<b>Each state, minus that with X in place of {word}</b>",
            palette.text,
            left,
            1,
            0,
        ),
        (
            f"<b>How large is that difference now?</b> (each grid line: × {step})",
            palette.text,
            left,
            _CURVES[1],
            _LINE,
        ),
    ]
    for words, color in key:
        said.append((words, color, left, _CURVES[1], 0))
        left += len(words) * _CHARACTER + _APART
    return [
        {
            "text": words,
            "xref": "paper",
            "yref": "paper",
            "x": 0,
            "y": y,
            "xanchor": "left",
            "yanchor": "top" if y == 1 else "bottom",
            "xshift": x,
            "yshift": up,
            "showarrow": False,
            "bgcolor": palette.background,
            "font": {"size": 12, "color": color},
        }
        for words, color, x, y, up in said
    ]


def _parts(
    several: Sequence[Memory], axes: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Boxes]]:
    """Each layer's strips, of h and c by themselves, and the curves."""
    curves = [Boxes((0, _CURVES[0], 1, _CURVES[1]), axes=("paper", "paper"))]
    named = {"difference": curves, "curve": curves}
    domains = [axis["domain"] for name, axis in axes.items() if name != "yaxis"]
    kinds = [
        (memory.cell, kind)
        for memory in several
        for kind in ("hidden", "cell")
        if kind == "hidden" or memory.cell_change is not None
    ]
    for (low, high), names in zip(domains, kinds, strict=True):
        for name in names:
            named.setdefault(name, []).append(Boxes((0, low, 1, high), axes=("paper", "paper")))
    return named


def _draw_bands(
    traces: list[Trace], several: Sequence[Memory], names: Sequence[str], palette: Palette
) -> dict[str, dict[str, Any]]:
    bands = []
    for memory in several:
        color, _, sign = _look(memory.cell, palette)
        bands.append((f"{sign} <b>h</b>", memory.cell, memory.change, color))
        if memory.cell_change is not None:
            bands.append((f"{_C_MARK[1]} <b>c</b>", memory.cell, memory.cell_change, palette.cell))
    low, top = _BANDS
    share = (top - low - _GAP * (len(bands) - 1)) / len(bands)
    axes = {}
    for i, (symbol, cell, values, color) in enumerate(bands, 2):
        # As deep as after word 1, of each layer: so colours fade and grow as the lines do.
        limit = marks.symmetric_limit(values[:1] if values[0].any() else values)
        label = f"{symbol} {plain(cell)}"
        traces.append(
            marks.heatmap(
                values.T,
                limit=limit,
                hover=f"{label}, unit %{{y}}: %{{z:.3g}}<extra></extra>",
                x=list(names),
                y0=0,
                dy=1,
                yaxis=f"y{i}",
            )
        )
        axes[f"yaxis{i}"] = band_axis(
            [max(top - share, 0.0), top], values.shape[1], f"{label}<br>±{limit:.2g}", color
        )
        top -= share + _GAP
    return axes


def _whose_scale(memory: Memory, names: Sequence[str], palette: Palette) -> Trace:
    """Over the strips, left of the frame at the end, of what their colours are; a phone leaves it out."""
    count, units = memory.change.shape
    said = marks.texts(
        [names[-2 if count > WIDE else -1]],
        [-0.5],
        ["red +, blue −, in each strip by its own ±"],
        color=palette.text,
        position="top left",
        room=(count / 2, units),
    )
    return said | {"yaxis": "y2", "cliponaxis": False}


def _curve(
    name: str,
    values: NDArray[np.floating],
    names: Sequence[str],
    scale: LogScale,
    color: str,
    mark: str,
) -> Trace:
    """A curve whose zeros lie on the bottom line, crossed instead of marked."""
    every = max(1, -(-len(names) // _MARKED))
    sizes = [8 if value == 0 or k % every == 0 else 0 for k, value in enumerate(values)]
    return {
        "type": "scatter",
        "name": name,
        "x": list(names),
        "y": scale.heights(values).astype(np.float32),
        "mode": "lines+markers",
        "line": {"color": color, "width": 2},
        "marker": {
            "color": color,
            "size": sizes,
            "opacity": 1,
            "symbol": ["x" if value == 0 else mark for value in values],
        },
        "hovertext": ["exactly 0" if value == 0 else f"{value:.3g}" for value in values],
        "hovertemplate": f"{name}: %{{hovertext}}<extra></extra>",
    }


def _can_tell(shares: NDArray[np.floating]) -> bool:
    """Whether there was a difference, and every share of it is a number."""
    return bool(shares[0] > 0 and np.isfinite(shares).all())


def _verdicts(
    several: Sequence[Memory],
    scale: LogScale,
    names: Sequence[str],
    palette: Palette,
    *,
    pixels: float,
    bounds: tuple[float, float],
) -> list[Trace]:
    """What has become of each difference in the end, in a word beside its curve.

    Args:
        several: The layers.
        scale: Of the curves.
        names: ``(T,)``, of the timesteps on the axis.
        palette: Colours.
        pixels: Of a decade.
        bounds: Lowest and highest height of the axis.
    """
    told = [memory for memory in several if _can_tell(memory.left)]
    curves = [
        [scale.heights(share) for share in (memory.left, memory.cell_left) if share is not None]
        for memory in told
    ]
    spots: list[Spot] = []
    traces: list[Trace] = []
    for place, memory in enumerate(told):
        own = curves[place]
        others = [one for k, layer in enumerate(curves) if k != place for one in layer]
        word = _verdict(float(memory.left[-1]))
        cell = plain(memory.cell)
        texts = [f"{cell}: {word}", f"{cell}:<br>{word}", word]
        if len(own) > 1 and np.abs(own[1] - own[0]).max() < _AS_ONE:
            texts.insert(0, f"h and c of {cell}: {word}")
        for text in texts:
            spot = find_spot(
                own, text.split("<br>"), others=others, spots=spots, pixels=pixels, bounds=bounds
            )
            if spot.free >= 0:
                break
        spots.append(spot)
        traces.append(
            marks.texts(
                [names[spot.step]],
                [round(spot.height, 3)],
                [f"<b>{text}</b>"],
                color=_look(memory.cell, palette)[0],
            )
        )
    return traces


def _verdict(end: float) -> str:
    """What has become of a difference of which so much is left."""
    if end > GROWN:
        return "grown"
    if end >= HELD:
        return "kept" if end >= _KEPT else "mostly kept"
    return "partly gone" if end > GONE else "nearly gone" if end else "gone"


def _look(cell: str, palette: Palette) -> tuple[str, str, str]:
    """Colour and mark of a cell, and the mark as a character: by both it can be told."""
    return {
        "SimpleRNN": (palette.text, "circle", "●"),
        "GRU": (palette.gate_input, "square", "■"),
    }.get(cell, (palette.hidden, "diamond", "◆"))
