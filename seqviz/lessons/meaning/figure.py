"""Rows of a table that move on a map while a model trains, each with its word."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.lessons.meaning.compute import Journey
from seqviz.lessons.meaning.words import journey_captions
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Shape
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import LIGHT, NOT_A_WORD, Palette
from seqviz.readout.records import drawn_of

_LENGTH: Final = 16  # characters of a word that are written
_LINE: Final = 14.0  # pixels between labels, one above the other
_CHARACTER: Final = 6.8
_AWAY: Final = 7.0  # pixels from a point to its label
# Labels must not cover each other on a phone, so they are placed for its width.
_NARROW: Final = 340.0
_RADIUS: Final = 4
_TRAILS: Final = 60  # words up to which each has a trail and a line to its label


@drawn_of(Journey, "compute_journey")
def plot_journey(
    data: Journey,
    *,
    colors: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    marked: Sequence[str] = (),
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw where each row is on the map at each moment, and the way it has come.

    A hollow point is where a row began. Labels give way to each other, and where many rows come
    together a line leads from each to its word. The map's axes are scaled to fill the picture,
    each by itself.

    Args:
        data: What `compute_journey` made.
        colors: Colour of each word; grey where there is none.
        labels: What to write beside a word's point, if not the word itself.
        marked: Words to mark with a larger point and bold letters.
        step: Moment to open at; the last if None.
        palette: Colours of text and marks.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    margin = {"l": 28, "r": 4, "t": 4, "b": 26}
    tall = height - margin["t"] - margin["b"]
    low, high = _ranges(data.path)
    names = [shorten((labels or {}).get(word, word), _LENGTH) for word in data.words]
    bold = [word in marked for word in data.words]
    colors = colors or {}
    hues = [colors.get(word, NOT_A_WORD) for word in data.words]
    # As if all were bold: which words are marked moves no label.
    widths = tuple(1.1 * len(name) * _CHARACTER + 2 for name in names)
    share = (data.path - low) / (high - low)
    offsets, left = _place(share.tobytes(), share.shape, widths, tall)

    # The first shape tells the page's player which theme the picture is drawn in.
    looks: list[Shape] = [
        {"type": "rect", "fillcolor": palette.background, "opacity": 0, "line": {"width": 0},
         "xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "layer": "below"}
    ]  # fmt: skip
    path = data.path.round(4)
    few = len(names) <= _TRAILS
    for i, name in enumerate(names):
        x, y = path[0, i].tolist()
        radius = _RADIUS + 2 * bold[i]
        pixels = {"xsizemode": "pixel", "ysizemode": "pixel"}
        if few:
            trail = {"color": hues[i], "width": 1.5}
            looks.append(
                {"type": "line", "x0": x, "y0": y, "line": trail, "opacity": 0.55, "layer": "below"}
            )
        looks += [
            {"type": "circle", **pixels, "fillcolor": hues[i],
             "line": {"width": 2 if bold[i] else 0, "color": palette.text},
             "x0": -radius, "x1": radius, "y0": -radius, "y1": radius},
            # The word stands at the end of a line that leads to it.
            {"type": "line", **pixels, "x0": 0, "y0": 0, "line": {"color": hues[i], "width": 1},
             "label": {"text": f"<b>{plain(name)}</b>" if bold[i] else plain(name), "padding": 1,
                       "textposition": "end", "textangle": 0, "yanchor": "middle",
                       "xanchor": "right" if left[0, i] else "left",
                       "font": {"size": 12, "color": palette.text}}},
        ]  # fmt: skip
    steps: list[list[Shape]] = []
    for k in range(len(path)):
        moves: list[Shape] = [{}]
        for i in range(len(names)):
            x, y = path[k, i].tolist()
            anchor = {"xanchor": x, "yanchor": y}
            word: dict[str, Any] = {"x1": -_AWAY if left[k, i] else _AWAY, "y1": offsets[k, i]}
            if left[:, i].any() and not left[:, i].all():
                word["label"] = {"xanchor": "right" if left[k, i] else "left"}
            moves += [{"x1": x, "y1": y}] if few else []
            moves += [anchor, {**anchor, **word}]
        steps.append(moves)
    traces = [
        {
            "type": "scatter",
            "x": path[0, :, 0].astype(np.float32),
            "y": path[0, :, 1].astype(np.float32),
            "mode": "markers",
            "marker": {"size": 7, "symbol": "circle-open", "color": hues, "line": {"width": 1.5}},
            "hoverinfo": "text",
            "hovertext": [f"{plain(word)}, before training" for word in data.words],
        },
        {
            "type": "scatter",
            "x": path[-1, :, 0].astype(np.float32),
            "y": path[-1, :, 1].astype(np.float32),
            "mode": "markers",
            "marker": {"size": 9, "color": hues, "opacity": 0},
            "hoverinfo": "text",
            "hovertext": [
                f"{plain(word)}, after training: moved {distance:.3f}"
                for word, distance in zip(data.words, data.distances.tolist(), strict=True)
            ],
        },
    ]
    layout = {
        "margin": margin,
        "xaxis": _axis(low[0], high[0], palette),
        "yaxis": _axis(low[1], high[1], palette),
        "annotations": _titles(data.projection.explained, palette),
        "hovermode": "closest",
    }
    return animated(
        traces,
        layout,
        together(looks, steps),
        labels=[caption.split(":")[0] for caption in journey_captions(data)],
        look=Look(step, palette, height, controls),
    )


def _ranges(path: Floats) -> tuple[Floats, Floats]:
    """What the axes span, with room for labels."""
    points = path.reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    span = high - low
    span = np.where(span > 0, span, max(float(span.max()), 1e-6))
    middle = (low + high) / 2
    reach = span * np.array([0.56, 0.55])
    return middle - reach, middle + reach


def _axis(low: float, high: float, palette: Palette) -> dict[str, Any]:
    return {
        "range": [float(low), float(high)],
        "zeroline": False,
        "showgrid": False,
        "showline": True,
        "linecolor": palette.muted,
        "ticks": "",
        "showticklabels": False,
        "fixedrange": True,
    }


def _titles(explained: Floats, palette: Palette) -> list[dict[str, Any]]:
    """What the axes are. Annotations: Streamlit's theme puts titles of axes on their lines."""
    look = {
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"size": 12, "color": palette.muted},
    }
    words = [f"principal component {i + 1}: {share:.0%}" for i, share in enumerate(explained)]
    return [
        {
            **look,
            "text": words[0] + " of the variance",
            "x": 0.5,
            "y": 0,
            "yanchor": "top",
            "yshift": -5,
        },
        {
            **look,
            "text": words[1],
            "x": 0,
            "y": 0.5,
            "xanchor": "right",
            "xshift": -5,
            "textangle": -90,
        },
    ]


@lru_cache(maxsize=32)
def _place(
    shares: bytes, shape: tuple[int, int, int], words: tuple[float, ...], tall: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Where labels are at each moment: pixels above their points, and whether to their left.

    Both are ``(S, N)``. Greedy, from the top down: the free place nearest to the point, and to
    where it was a moment ago; better not on another point. Remembered, since a page draws the same
    map again whenever anything on it changes: hence the hashable arguments.
    """
    moments, count, _ = shape
    share, widths = np.frombuffer(shares).reshape(shape), np.array(words)
    steps = np.arange(-int(tall // _LINE), int(tall // _LINE) + 1) * _LINE
    tries = np.concatenate([steps, steps])
    sides = np.repeat([False, True], len(steps))
    offsets = np.zeros((moments, count))
    left = np.zeros((moments, count), bool)
    for k in range(moments):
        x, y = share[k, :, 0] * _NARROW, share[k, :, 1] * tall
        starts = np.where([[False], [True]], x - _AWAY - widths, x + _AWAY)
        boxes = np.zeros((0, 3))  # of labels that are placed: left, right, middle
        for i in np.argsort(-y, kind="stable").tolist():
            middle = y[i] + tries
            x0 = starts[sides.astype(int), i]
            x1 = x0 + widths[i]
            cost = np.abs(tries) + 1e4 * (
                (middle < _LINE / 2) | (middle > tall - _LINE / 2) | (x0 < 0) | (x1 > _NARROW)
            )
            if k:
                cost += 0.4 * np.abs(tries - offsets[k - 1, i]) + 12 * (sides != left[k - 1, i])
            beside = (x0[:, None] < boxes[:, 1]) & (x1[:, None] > boxes[:, 0])
            near = np.abs(middle[:, None] - boxes[:, 2]) < _LINE - 0.5
            cost += 1e3 * (beside & near).sum(axis=1)
            over = (x > x0[:, None] - _RADIUS) & (x < x1[:, None] + _RADIUS)
            over &= np.abs(middle[:, None] - y) < _LINE / 2 + 1
            over[:, i] = False
            cost += 9 * over.sum(axis=1)
            best = int(np.argmin(cost))
            offsets[k, i], left[k, i] = tries[best], sides[best]
            boxes = np.vstack([boxes, [x0[best], x1[best], middle[best]]])
    return offsets, left
