"""Rows of a table that move on a map while a model trains, each with its word."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Floats
from seqviz.lessons.meaning.compute import Journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.label_places import RADIUS, WIDTHS, place_labels
from seqviz.lessons.meaning.words import alike, journey_captions
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Shape
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import LIGHT, NOT_A_WORD, Palette
from seqviz.readout.numbers import in_box
from seqviz.readout.records import drawn_of
from seqviz.wording import counted

_LENGTH: Final = 16  # characters of a word that are written
_CHARACTER: Final = 6.8
_TRAILS: Final = 60  # words up to which each has a trail and a line to its label
_STRETCHED: Final = 1.8  # few words move up or down: by as much they are told apart
_ABOVE: Final = 16  # pixels of each line that stands above the map


@drawn_of(Journey, "compute_journey")
def plot_journey(
    data: Journey,
    *,
    colors: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    faint: Collection[str] = (),
    marked: Sequence[str] = (),
    joined: tuple[str, str] | Sequence[tuple[str, str]] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw where each row is on the map at each moment, and the way it has come.

    A hollow point is where a row began. Labels give way to each other, and where many rows come
    together a line leads from each to its word. Dotted lines lead from a marked word to its nearest
    by cosine, which counts all numbers of a row; the map shows two directions of them. On a wide screen
    the second is stretched a little beyond the first.

    Args:
        data: What `compute_journey` made.
        colors: Colour of each word; grey where there is none.
        labels: What to write beside a word's point, if not the word itself; of nothing there is no
            line to it either.
        kinds: What the colours mean, each with its colour; they stand above the map.
        faint: Words that are written small and grey.
        marked: Words to mark with a larger point, bold letters and lines to their nearest.
        joined: Two words with a line between them, or several such pairs; their cosines stand above
            the map.
        step: Moment to open at; the last if None.
        palette: Colours of text and marks.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    above = _ABOVE * (bool(kinds) + bool(joined))
    margin = {"l": 28, "r": 4, "t": 4 + above, "b": 42}
    tall = height - margin["t"] - margin["b"]
    low, high = _ranges(data.path, tall / WIDTHS[-1])
    names = [shorten((labels or {}).get(word, word), _LENGTH) for word in data.words]
    bold = [word in marked for word in data.words]
    colors = colors or {}
    hues = [colors.get(word, NOT_A_WORD) for word in data.words]
    # As if all were bold: which words are marked moves no label.
    widths = tuple(1.1 * len(name) * _CHARACTER + 2 for name in names)
    share = (data.path - low) / (high - low)
    places = place_labels(share.tobytes(), share.shape, widths, tall)
    offsets, left, away = places

    # The first shape tells the page's player which theme the picture is drawn in.
    looks: list[Shape] = [
        {"type": "rect", "fillcolor": palette.background, "opacity": 0, "line": {"width": 0},
         "xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "layer": "below"}
    ]  # fmt: skip
    path = data.path.round(4)
    few = len(names) <= _TRAILS
    near = _nearest(data, marked)
    pen = {"color": palette.text, "width": 1.5, "dash": "dot"}
    looks += [{"type": "line", "line": pen, "layer": "below"} for _ in near]
    line = _line(data, _pairs(joined), (float(low[0]), float(high[0])), tall, palette)
    looks += [look for look, _ in line]
    for i, name in enumerate(names):
        x, y = path[0, i].tolist()
        radius = RADIUS + 2 * bold[i]
        pixels = {"xsizemode": "pixel", "ysizemode": "pixel"}
        if few:
            trail = {"color": hues[i], "width": 1.5}
            looks.append(
                {"type": "line", "x0": x, "y0": y, "line": trail, "opacity": 0.4, "layer": "below"}
            )
        looks += [
            {"type": "circle", **pixels, "fillcolor": hues[i],
             "line": {"width": 2 if bold[i] else 0, "color": palette.text},
             "x0": -radius, "x1": radius, "y0": -radius, "y1": radius},
            # The word stands at the end of a line that leads to it.
            {"type": "line", **pixels, "x0": 0, "y0": 0,
             "line": {"color": palette.muted, "width": 1 if name else 0},
             "label": {"text": f"<b>{plain(name)}</b>" if bold[i] else plain(name), "padding": 1,
                       "textposition": "end", "textangle": 0, "yanchor": "middle",
                       "xanchor": "right" if left[0, i] else "left",
                       "font": {"size": 11, "color": palette.muted} if data.words[i] in faint
                       else {"size": 12, "color": palette.text}}},
        ]  # fmt: skip
    steps: list[list[Shape]] = []
    for k in range(len(path)):
        moves: list[Shape] = [{}]
        for word, found in near:
            (x0, y0), (x1, y1) = path[k, word].tolist(), path[k, found[k]].tolist()
            moves.append({"x0": x0, "y0": y0, "x1": x1, "y1": y1})
        moves += [moved[k] for _, moved in line]
        for i in range(len(names)):
            x, y = path[k, i].tolist()
            anchor = {"xanchor": x, "yanchor": y}
            label: dict[str, Any] = {
                "x1": (-1 if left[k, i] else 1) * int(away[k, i]),
                "y1": int(offsets[k, i]),
            }
            if left[:, i].any() and not left[:, i].all():
                label["label"] = {"xanchor": "right" if left[k, i] else "left"}
            moves += [{"x1": x, "y1": y}] if few else []
            moves += [anchor, {**anchor, **label}]
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
        "annotations": [
            *_titles(data.projection.explained, data.tables.shape[-1], palette),
            *_legend(kinds or {}, _ABOVE * bool(joined), palette),
        ],
        "hovermode": "closest",
    }
    return animated(
        traces,
        layout,
        together(looks, steps),
        labels=[caption.split(":")[0] for caption in journey_captions(data)],
        look=Look(step, palette, height, controls),
    )


def _nearest(data: Journey, marked: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Of each marked word its nearest, its second nearest and so on, each at every moment."""
    at = {word: i for i, word in enumerate(data.words)}
    pairs = []
    for word in marked:
        found = [compute_neighbours(data, word, k).words for k in range(len(data.path))]
        pairs += [(at[word], [at[one] for one in rank]) for rank in zip(*found, strict=True)]
    return pairs


def _pairs(joined: tuple[str, str] | Sequence[tuple[str, str]] | None) -> list[tuple[str, str]]:
    if not joined:
        return []
    if len(joined) == 2 and isinstance(joined[0], str) and isinstance(joined[1], str):
        return [(joined[0], joined[1])]
    return [(pair[0], pair[1]) for pair in joined]


def _line(
    data: Journey,
    joined: Sequence[tuple[str, str]],
    across: tuple[float, float],
    tall: float,
    palette: Palette,
) -> list[tuple[Shape, list[Shape]]]:
    """The lines between two words each and, above the map, their cosines: each with its moves."""
    if not joined:
        return []
    pen = {"color": palette.text, "width": 1.5}
    lines: list[tuple[Shape, list[Shape]]] = []
    each = []  # of each pair, what is written at each moment
    for pair in joined:
        ends = data.path[:, [data.words.index(word) for word in pair]].round(4).tolist()
        lines.append(
            (
                {"type": "line", "line": pen, "layer": "below"},
                [{"x0": x0, "y0": y0, "x1": x1, "y1": y1} for (x0, y0), (x1, y1) in ends],
            )
        )
        between = "–".join(plain(shorten(word, _LENGTH)) for word in pair)
        cosines = group_cosines(data, pair).tolist()
        each.append([f"{between} {in_box(cosine)}, {alike(cosine)}" for cosine in cosines])
    words: list[Shape] = [
        {"label": {"text": f"cosine {'; '.join(said)}"}} for said in zip(*each, strict=True)
    ]
    # At a step Plotly writes anew only what an axis places; one upwards would cut it off.
    at = 1 + _ABOVE / 2 / tall
    label: Shape = {
        "type": "rect", "yref": "paper", "x0": across[0], "x1": across[1], "y0": at, "y1": at,
        "line": {"width": 0}, "label": {"font": {"size": 12, "color": palette.text}},
    }  # fmt: skip
    return [*lines, (label, words)]


def _legend(kinds: Mapping[str, str], rise: int, palette: Palette) -> list[dict[str, Any]]:
    """What the colours mean, in one line, `rise` pixels above the map."""
    look = {
        **{"xref": "paper", "yref": "paper", "y": 1, "xanchor": "left", "yanchor": "bottom"},
        **{"showarrow": False, "yshift": rise, "font": {"size": 12, "color": palette.text}},
    }
    return [
        {**look, "x": k / len(kinds), "text": f'<span style="color:{hue}">●</span> {plain(name)}'}
        for k, (name, hue) in enumerate(kinds.items())
    ]


def _ranges(path: Floats, tall: float) -> tuple[Floats, Floats]:
    """What the axes span, with room for labels, in a picture `tall` times as high as it is wide.

    Upwards a unit is at most `_STRETCHED` times as long as to the right.
    """
    points = path.reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    span = high - low
    span = np.where(span > 0, span, max(float(span.max()), 1e-6))
    middle = (low + high) / 2
    reach = span * np.array([0.56, 0.55])
    reach[1] = max(reach[1], reach[0] * tall / _STRETCHED)
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


def _titles(explained: Floats, features: int, palette: Palette) -> list[dict[str, Any]]:
    """What the axes are, and what the map leaves out. Annotations: Streamlit's theme puts titles of axes on their lines."""
    look = {
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"size": 12, "color": palette.muted},
    }
    across, up = (f"{share:.0%}" for share in explained)
    across = f"left and right: {across} of how rows differ"
    if features > 2:
        across += f"<br>{1 - sum(explained):.0%} is in {counted(features - 2, 'other direction')}, not on this map"
    return [
        {
            **look,
            "text": across,
            "x": 0.5,
            "y": 0,
            "yanchor": "top",
            "yshift": -5,
        },
        {
            **look,
            "text": f"up and down: {up} of how they differ",
            "x": 0,
            "y": 0.5,
            "xanchor": "right",
            "xshift": -5,
            "textangle": -90,
        },
    ]
