"""A training, epoch by epoch: loss, accuracy and confusion on top, one sequence below."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Array, Floats
from seqviz.errors import SeqvizError
from seqviz.lessons.training.compute import WatchedTraining
from seqviz.plotly_kit import fitting, marks
from seqviz.plotly_kit.animation import Changing, Look, Moving, animated
from seqviz.plotly_kit.bands import (
    Band,
    gate_band,
    hatched_columns,
    right_margin,
    stack_of,
    time_axis,
)
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import decimals, plain, shorten, token_labels
from seqviz.plotly_kit.palette import DIVERGING, IN_CELL, LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of

SHOWN: Final = ("states", "gates", "rows")
# An axis without marks; its line and its title may be seen.
_BARE: Final = {
    "showgrid": False,
    "zeroline": False,
    "fixedrange": True,
    "showticklabels": False,
    "ticks": "",
}
_STRIP: Final = 0.72  # share of the height where what is above the sequence begins
_BANDS: Final = 0.64  # … and where the sequence ends
_NAMED: Final = 8  # classes up to which each has its name beside it
_COUNTED: Final = 6  # classes up to which counts are written
_EXACT: Final = 15_000  # numbers of all frames up to which they are sent as they are
_LEVELS: Final = 127  # of a colour, where there are more
_HIGHEST: Final = 3.0  # times the first value that a panel shows; what is more is at its upper edge
_WRITTEN: Final = (14, 8)  # columns and rows up to which the answers are written
_TALL: Final = 3  # times as high as a unit's is the row of an answer that has its name beside it
_THINNEST: Final = 0.16  # of a band, as a share of the sequence's height
_MAP_SIZE: Final = (800.0, 190.0)  # pixels, about, for which words are placed beside their points
_LINE: Final = 13.0  # pixels of a word's height
_CLEAR: Final = "rgba(0,0,0,0)"


class _Panel(NamedTuple):
    """A place on the strip on top: its axes, and from where to where it goes."""

    number: int
    left: float
    right: float

    @property
    def axes(self) -> dict[str, str]:
        return {"xaxis": f"x{self.number}", "yaxis": f"y{self.number}"}


@drawn_of(WatchedTraining, "compute_watched_training")
def plot_watched_training(
    data: WatchedTraining,
    *,
    show: str = "states",
    difference: bool = False,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 400,
    controls: bool = True,
) -> go.Figure:
    """Draw a training with one step for each moment that was kept.

    On top: the loss and a metric over all epochs, of the samples that are learned (solid) and of
    those held out (dotted), and of the latter how many of each class were taken for which. Below:
    what is answered after each timestep, and the layer's states (or gates) there; or the map of
    the Embedding's rows. The colour scale is the same at every moment.

    Args:
        data: What `compute_watched_training` made.
        show: ``"states"``, ``"gates"`` or ``"rows"``.
        difference: Whether states and gates are shown as their difference from before training.
        tokens: The word at each timestep.
        step: Moment to open at; the last if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is nothing of that kind, or not one token for each timestep.
    """
    if show not in SHOWN:
        raise SeqvizError(f"show is {show!r}, but it must be one of {', '.join(map(repr, SHOWN))}.")
    labels = token_labels(tokens, data.layer.timesteps.tolist())
    traces, axes, changing, moving = _strip(data, palette)
    if show == "rows":
        below = _map(data, labels, palette)
        margin = {"l": 28, "r": 8, "t": 22, "b": 8}
    else:
        below = _sequence(data, show, difference, labels, palette)
        margin = {"l": 112, "r": right_margin(labels), "t": 22, "b": 34}
    return animated(
        [*traces, *below.traces],
        {
            **axes,
            **below.axes,
            "margin": margin,
            "annotations": _titles(data, palette),
            "hovermode": "closest",
        },
        [_backdrop(palette), *moving],
        labels=[f"epoch {epoch}" for epoch in data.epochs.tolist()],
        look=Look(step, palette, height, controls),
        changing=[*changing, *below.changing],
    )


class _Part(NamedTuple):
    traces: list[Trace]
    axes: dict[str, Any]
    changing: list[Changing]


def _backdrop(palette: Palette) -> Moving:
    """The first shape, which tells the page's player which theme the picture is drawn in."""
    shape = {
        **{"type": "rect", "fillcolor": palette.background, "opacity": 0, "layer": "below"},
        **{"xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1},
        "line": {"width": 0},
    }
    return Moving(shape, lambda k: {})


def _panels(data: WatchedTraining) -> list[_Panel]:
    if data.confusion is None:
        return [_Panel(7, 0, 0.47), _Panel(8, 0.53, 1)]
    return [_Panel(7, 0, 0.32), _Panel(8, 0.37, 0.64), _Panel(9, 0.7, 1)]


def _metric(data: WatchedTraining) -> str:
    return next((n for n in data.history if n != "loss" and not n.startswith("val_")), "loss")


def _strip(
    data: WatchedTraining, palette: Palette
) -> tuple[list[Trace], dict[str, Any], list[Changing], list[Moving]]:
    """Loss, metric and confusion, with a line at the epoch that is shown."""
    panels = _panels(data)
    traces: list[Trace] = []
    axes: dict[str, Any] = {}
    moving = []
    epochs = data.epochs.tolist()
    for panel, name in zip(panels, ("loss", _metric(data)), strict=False):
        top = _top(data, name)
        for key, dash in ((name, "solid"), (f"val_{name}", "dot")):
            traces += _curve(data.history.get(key), top, panel, dash, palette)
        axes |= _panel_axes(panel, (0, max(epochs[-1], 1)), (-0.04 * top, 1.04 * top), palette)
        line = marks.segments([(0, 0, 0, 0)], color=palette.text)["line"]
        moving.append(
            Moving(
                {
                    "type": "line",
                    "xref": f"x{panel.number}",
                    "yref": f"y{panel.number}",
                    **{"y0": -0.04 * top, "y1": 1.04 * top, "opacity": 0.6},
                    "line": {**line, "width": 2},
                },
                lambda k: {"x0": epochs[k], "x1": epochs[k]},
            )
        )
    if data.confusion is None:
        return traces, axes, [], moving
    matrix = _confusion(data, panels[-1], palette)
    return [*traces, *matrix.traces], axes | matrix.axes, matrix.changing, moving


def _top(data: WatchedTraining, name: str) -> float:
    """The upper end of a panel: 1 for a share, else the largest number that was measured."""
    if "accuracy" in name:
        return 1.0
    known = [np.asarray(data.history.get(key, ()), np.float64) for key in (name, f"val_{name}")]
    values = np.concatenate([one[np.isfinite(one)] for one in known])
    if not len(values):
        return 1.0
    # One epoch that exploded must not flatten all others.
    return float(min(values.max(), _HIGHEST * values[0])) or 1.0


def _curve(
    values: Floats | None, top: float, panel: _Panel, dash: str, palette: Palette
) -> list[Trace]:
    if values is None or not len(values):
        return []
    known = np.where(np.isfinite(values), np.minimum(values, top), np.nan)
    return [
        {
            "type": "scatter",
            "mode": "lines" if len(values) > 1 else "markers",
            "x": list(range(1, len(values) + 1)),
            "y": [None if np.isnan(v) else round(float(v), 4) for v in known],
            "line": {"color": palette.text, "width": 2, "dash": dash},
            "marker": {"color": palette.text, "size": 6},
            "hoverinfo": "x+y",
            "showlegend": False,
            **panel.axes,
        }
    ]


def _panel_axes(
    panel: _Panel, across: tuple[float, float], up: tuple[float, float], palette: Palette
) -> dict[str, Any]:
    return {
        f"xaxis{panel.number}": {
            **_BARE,
            "domain": [panel.left, panel.right],
            "range": list(across),
            "anchor": f"y{panel.number}",
        },
        f"yaxis{panel.number}": {
            **_BARE,
            "domain": [_STRIP, 1],
            "range": list(up),
            "anchor": f"x{panel.number}",
        },
    }


def _titles(data: WatchedTraining, palette: Palette) -> list[dict[str, Any]]:
    """What each panel shows, and between which numbers it goes."""
    panels, names = _panels(data), ("loss", _metric(data))
    ends = [f"<b>{name.replace('_', ' ')}</b> 0 – {_top(data, name):.3g}" for name in names]
    places = [(panel.left, "left") for panel in panels[: len(ends)]]
    if data.confusion is not None:  # wider than its panel on a phone
        ends, places = [*ends, "<b>true ↓ said →</b>"], [*places, (1, "right")]
    return [
        {
            **{"text": text, "x": x, "y": 1, "xref": "paper", "yref": "paper"},
            **{"xanchor": anchor, "yanchor": "bottom", "showarrow": False},
            "font": {"size": 12, "color": palette.text},
        }
        for text, (x, anchor) in zip(ends, places, strict=True)
    ]


def _confusion(data: WatchedTraining, panel: _Panel, palette: Palette) -> _Part:
    """Counts of held-out samples, coloured by their share of the true class."""
    confusion: Any = data.confusion
    count = len(data.classes)
    shares = confusion / np.maximum(confusion.sum(axis=2, keepdims=True), 1)
    named = count <= _NAMED
    room = 0.75 * count if named else 0.0  # left of the matrix, for the names
    values = _sent(shares, 1.0)
    trace: Trace = {
        "type": "heatmap",
        "z": values.numbers[0],
        **{"x0": 0, "dx": 1, "y0": 0, "dy": 1, "xgap": 1, "ygap": 1},
        **{"zmin": -values.limit, "zmax": values.limit, "colorscale": DIVERGING},
        "showscale": False,
        "hoverinfo": "skip",
        **panel.axes,
    }
    counted = count <= _COUNTED
    if counted:
        trace |= {"texttemplate": "%{text}", "textfont": {"size": 11, "color": IN_CELL}}
    written = confusion.tolist()

    def at(k: int) -> Trace:
        numbers: Trace = {"z": values.numbers[k]}
        return numbers | (
            {"text": [[str(n) for n in row] for row in written[k]]} if counted else {}
        )

    traces = [trace]
    if named:
        names = [plain(shorten(name, 9)) for name in data.classes]
        text = marks.texts(
            [-0.6] * count,
            range(count),
            names,
            color=palette.text,
            size=12,
            position="middle left",
            room=(room, 1),
        )
        traces.append({**text, **panel.axes})
    axes = _panel_axes(panel, (-0.5 - room, count - 0.5), (count - 0.5, -0.5), palette)
    return _Part(traces, axes, [Changing(trace, at)])


class _Sent(NamedTuple):
    """Numbers as they are sent: themselves, or of very many the colour of each."""

    numbers: Array
    limit: float


def _sent(values: Floats, limit: float, total: int | None = None) -> _Sent:
    if (values.size if total is None else total) <= _EXACT:
        return _Sent(np.asarray(values, np.float32), limit)
    scaled = np.clip(np.nan_to_num(values / limit, nan=0), -1, 1)
    return _Sent(np.rint(scaled * _LEVELS).astype(np.int8), _LEVELS)


def _sequence(
    data: WatchedTraining,
    show: str,
    difference: bool,
    labels: Sequence[str],
    palette: Palette,
) -> _Part:
    """What is answered after each timestep, and what the layer holds there."""
    answer, rows = _answer_band(data, palette)
    bands = [answer, *_layer_bands(data, show, difference, palette)]
    total = sum(band.values.size for band in bands)
    sent = [_sent(band.values, band.limit, total) for band in bands]
    exact = total <= _EXACT
    names = [str(k) for k in range(1, len(labels) + 1)]
    first = [band._replace(values=band.values[0], within=band.limit) for band in bands]
    weights = [float(len(band.values)) for band in first]
    weights[0] *= _TALL if rows else 1
    stack = stack_of(
        first,
        names,
        top=_BANDS,
        moments=[one.numbers for one in sent],
        thinnest=_THINNEST,
        weights=weights,
    )
    if not exact:
        for trace in stack.traces:
            trace |= {"zmin": -_LEVELS, "zmax": _LEVELS, "hoverinfo": "skip", "hovertemplate": None}
    if len(data.classes) == 2:  # white is undecided
        stack.traces[0] |= {"zmin": 0, "zmax": 1 if exact else _LEVELS}
    if len(labels) <= _WRITTEN[0] and len(first[0].values) <= _WRITTEN[1] and exact:
        stack.traces[0] |= _written(first[0])
    if rows:
        axis = stack.axes["yaxis"]
        axis |= {"tickvals": list(range(len(rows))), "ticktext": rows}
    skipped = hatched_columns(first, names, data.layer.skipped, palette)
    return _Part(
        [*stack.traces, *(skipped if data.layer.skipped.any() else [])],
        {**stack.axes, "xaxis": time_axis(names, labels, palette)},
        stack.changing,
    )


def _written(band: Band) -> Trace:
    """What has a heatmap write its numbers into its cells."""
    places = decimals(band.limit)
    template = f"%{{z:.{places}f}}"
    return {
        "texttemplate": template,
        "textfont": {"size": marks.VALUE_SIZE, "color": IN_CELL},
        "meta": fitting.of_numbers((1, 1), f"{-band.limit:.{places}f}", marks.VALUE_SIZE, template),
    }


def _answer_band(data: WatchedTraining, palette: Palette) -> tuple[Band, list[str]]:
    """The answers as ``(E, rows, T)``, and the name of each row where there are few."""
    answers = data.answers.swapaxes(1, 2)
    if not data.classes:
        return Band("answer so far", answers, palette.text, "number", _limit(answers)), []
    if len(data.classes) == 2:
        name = data.classes[1]
        band = Band(f"is it {shorten(name, 12)}?", answers[:, 1:], palette.text, "answer", 1.0)
        return band, [f"<b>{plain(shorten(name, 12))}</b><br>so far, 0 – 1"]
    band = Band("answer so far", answers, palette.text, "class", 1.0)
    few = len(data.classes) <= _NAMED
    return band, [plain(shorten(name, 12)) for name in data.classes] if few else []


def _layer_bands(
    data: WatchedTraining, show: str, difference: bool, palette: Palette
) -> list[Band]:
    """States or gates as ``(E, units, T)``."""
    layer = data.layer
    named: list[tuple[str, Floats | None, str]] = [
        ("hidden state h", layer.hidden_states, palette.hidden),
        ("cell state c", layer.cell_states, palette.cell),
    ]
    if show == "gates":
        named = [(name, values, palette.gate(name)) for name, values in layer.gates.items()]
    bands = []
    for name, values, color in named:
        if values is None:
            continue
        moments = values.swapaxes(1, 2)
        if difference:
            moments = moments - moments[0]
            bands.append(Band(f"change of {name}", moments, color, "unit", _limit(moments)))
        elif show == "gates":
            bands.append(gate_band(name, moments, palette))
        else:
            bands.append(Band(name, moments, color, "unit", _limit(moments)))
    if not bands:
        raise SeqvizError(
            f"There are no {show} of {layer.layer!r} to draw. Hint: a SimpleRNN has no gates."
        )
    return bands


def _limit(values: Floats) -> float:
    """Where the colour scale ends: at the largest number of any moment that has numbers."""
    return marks.symmetric_limit(np.where(np.isfinite(values), values, np.nan))


def _map(data: WatchedTraining, labels: Sequence[str], palette: Palette) -> _Part:
    """Where the Embedding's rows are, those of the sequence marked."""
    if not data.words:
        raise SeqvizError("There is no map of rows: the model reads numbers. Show states instead.")
    path = np.round(np.asarray(data.path, np.float64), 4)
    known = path[np.isfinite(path).all(axis=(1, 2))]
    low, high = (known.min(axis=(0, 1)), known.max(axis=(0, 1))) if len(known) else ([0, 0], [1, 1])
    pad = 0.08 * np.maximum(np.subtract(high, low), 1e-6)
    here = {word: k for k, word in enumerate(dict.fromkeys(labels))}
    hues = token_colors([2 + here[word] if word in here else 0 for word in data.words])
    bold = [word in here for word in data.words]
    trace: Trace = {
        "type": "scatter",
        "mode": "markers+text",
        "text": [
            f"<b>{plain(shorten(word, 12))}</b>" if is_bold else plain(shorten(word, 12))
            for word, is_bold in zip(data.words, bold, strict=True)
        ],
        "textposition": _beside(path[-1], data.words),
        "textfont": {"size": 12, "color": palette.text},
        "marker": {
            "size": [11 if is_bold else 7 for is_bold in bold],
            "color": hues,
            "line": {"width": 0, "color": _CLEAR},
        },
        **{"x": path[0, :, 0].tolist(), "y": path[0, :, 1].tolist()},
        **{"xaxis": "x", "yaxis": "y", "hoverinfo": "text", "showlegend": False},
    }

    def at(k: int) -> Trace:
        return {
            axis: [None if np.isnan(v) else v for v in path[k, :, i].tolist()]
            for i, axis in enumerate("xy")
        }

    axes = {
        "xaxis": {**_BARE, "range": [low[0] - pad[0], high[0] + pad[0]], "domain": [0, 1]},
        "yaxis": {
            **_BARE,
            "range": [low[1] - pad[1], high[1] + 2 * pad[1]],
            "domain": [0, _BANDS],
        },
    }
    return _Part([trace], axes, [Changing(trace, at)])


def _beside(points: Floats, words: Sequence[str]) -> list[str]:
    """On which side of its point each word stands, so that few cover each other in the end."""
    low, high = points.min(axis=0), points.max(axis=0)
    pixels = (points - low) / np.maximum(high - low, 1e-9) * _MAP_SIZE
    taken: list[tuple[float, float, float, float]] = []
    sides = []
    for (x, y), word in zip(np.nan_to_num(pixels).tolist(), words, strict=True):
        half, away = 3.5 * min(len(word), 12), 10.0
        boxes = {
            "top center": (x, y + away),
            "bottom center": (x, y - away - 4),
            "middle right": (x + half + away, y),
            "middle left": (x - half - away, y),
        }
        covered = {
            side: sum(abs(left - a) < half + b and abs(up - c) < _LINE + d for a, b, c, d in taken)
            for side, (left, up) in boxes.items()
        }
        side = min(covered, key=covered.__getitem__)  # of equal ones the first
        taken.append((boxes[side][0], half, boxes[side][1], 0.0))
        sides.append(side)
    return sides
