"""One unit over time: its gates and states as bars, and a map to pick another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.cell.compute import SYMBOLS, UnitHistory
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten, token_labels
from seqviz.plotly_kit.palette import DIVERGING, LIGHT, Palette
from seqviz.readout.numbers import in_formula, with_minus
from seqviz.readout.records import drawn_of

MOST_POINTS = 700  # of the map, and units: above these nothing could be clicked
MOST_UNITS = 32
_WRITABLE = 14  # timesteps up to which the bars' values are written
_GAP = 0.035


@drawn_of(UnitHistory, "compute_unit_history")
def plot_unit_history(
    data: UnitHistory,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int | None = None,
) -> go.Figure:
    """Draw the gates and states of one unit at every timestep, one row of bars each.

    Args:
        data: From `compute_unit_history`.
        tokens: The word at each timestep of the input.
        step: Which step, as processed, to frame.
        palette: Colours of bars and text.
        height: Of the figure, in pixels; what its rows need if None.
    """
    count = len(data.timesteps)
    names = [str(k) for k in range(count)]
    share = (1 + _GAP) / len(data.series)
    traces: list[Trace] = []
    axes: dict[str, Any] = {}
    top = 1.0
    for i, (name, values) in enumerate(data.series.items()):
        axis = "y" if i == 0 else f"y{i + 1}"
        gate = name not in ("c", "h")
        color = palette.gate(name) if gate else {"c": palette.cell, "h": palette.hidden}[name]
        limit = marks.symmetric_limit(values)
        limit = max(1.0, limit) if gate else limit
        # A sigmoid is never negative: its bars grow from the bottom to 1.
        low = -2.1 * limit if (values < 0).any() or name in ("candidate", "c", "h") else 0
        traces.append(
            {
                "type": "bar",
                "x": names,
                "y": np.asarray(values, np.float32),
                "yaxis": axis,
                "width": 0.7,
                "marker": {
                    "color": color,
                    "line": {"width": 0},
                    "pattern": {"shape": ["/" if s else "" for s in data.skipped.tolist()]},
                },
                "text": [_short(v, limit) for v in values.tolist()] if count <= _WRITABLE else None,
                "textposition": "outside",
                "textfont": {"size": 11, "color": palette.text},
                "cliponaxis": False,
                "hovertemplate": f"{_label(data.cell, name)}: %{{y:.6f}}<extra></extra>",
            }
        )
        axes[axis.replace("y", "yaxis")] = {
            "domain": [max(top - share + _GAP, 0), top],
            "range": [low, 1.75 * limit],
            "tickvals": [0.0 if low else limit / 2],
            "ticktext": [f"<b>{_label(data.cell, name)}</b><br>up to {limit:.2g}"],
            "tickfont": {"size": 12, "color": color},
            "ticks": "",
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": palette.muted,
            "zerolinewidth": 1,
            "fixedrange": True,
        }
        top -= share
    shapes = []
    if step is not None:
        shapes.append(
            {**marks.light(palette.timesteps), "yref": "paper", "y0": 0, "y1": 1,
             "x0": step - 0.5, "x1": step + 0.5}
        )  # fmt: skip
    return still(
        traces,
        dict(
            **axes,
            margin={"l": 96, "r": 8, "t": 6, "b": 40},
            bargap=0,
            shapes=shapes or None,
            xaxis=_words(data, tokens, palette),
        ),
        palette,
        height or 52 + 66 * len(data.series),
    )


@drawn_of(UnitHistory, "compute_unit_history")
def plot_unit_map(
    data: UnitHistory,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int | None = None,
) -> go.Figure:
    """Draw every number of the hidden state as a square that can be clicked.

    Each point's `customdata` is `[step, unit]`.

    Args:
        data: From `compute_unit_history`.
        tokens: The word at each timestep of the input.
        step: Which step, as processed, to frame, in the row of the data's unit.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels; what its rows need if None.
    """
    count, units = data.states.shape
    limit = marks.symmetric_limit(data.states)
    pitch = max(13, min(34, 420 // units))
    places = [(k, u) for u in range(units) for k in range(count)]
    picked = [step is not None and (k, u) == (step, data.unit) for k, u in places]
    written = count <= 6 and pitch >= 20
    squares: Trace = {
        "type": "scatter",
        "mode": "markers+text" if written else "markers",
        "x": [str(k) for k, _ in places],
        "y": [u for _, u in places],
        "customdata": [list(place) for place in places],
        "marker": {
            "symbol": "square",
            "size": pitch - 5,
            "color": data.states.T.ravel().astype(np.float32),
            "cmin": -limit,
            "cmax": limit,
            "colorscale": DIVERGING,
            "line": {
                "width": [4 if p else 1 for p in picked],
                "color": [palette.timesteps if p else palette.hidden for p in picked],
            },
        },
        # The browser would fade what was not clicked.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "hovertemplate": "unit %{y}: %{marker.color:.6f}<br>click to open it<extra></extra>",
    }
    if written:
        squares["marker"]["size"] = pitch - 5
        squares["text"] = [f"{data.states[k, u]:z.3f}" for k, u in places]
        squares["textposition"] = "middle right"
        squares["textfont"] = {"size": 11, "color": palette.text}
    return still(
        [squares],
        {
            "clickmode": "event",
            "margin": {"l": 96, "r": 8, "t": 6, "b": 40},
            "xaxis": _words(data, tokens, palette)
            | {"range": [-0.5, count - (0.2 if written else 0.5)]},
            "yaxis": {
                "range": [units - 0.4, -0.6],
                "tickvals": list(range(units)) if pitch >= 20 else [0, units - 1],
                "ticktext": [
                    f"unit {u}" for u in (range(units) if pitch >= 20 else (0, units - 1))
                ],
                "tickfont": {"size": 12, "color": palette.hidden},
                "ticks": "",
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
        },
        palette,
        height or 56 + pitch * units,
    )


def _label(cell: str, name: str) -> str:
    symbol = SYMBOLS[cell].get(name, name) if cell in SYMBOLS else name
    return f"{symbol} {name}" if symbol != name else {"c": "c, memory", "h": "h, output"}[name]


def _words(data: UnitHistory, tokens: Sequence[str] | None, palette: Palette) -> dict[str, Any]:
    """The axis of time, as in `seqviz.plotly_kit.bands`."""
    labels = token_labels(tokens, data.timesteps.tolist())
    count = len(labels)
    names = [str(k) for k in range(count)]
    return {
        "range": [-0.5, count - 0.5],
        "type": "category",
        "categoryarray": names,
        "labelalias": {
            name: plain(shorten(label, 9)) for name, label in zip(names, labels, strict=True)
        },
        "tickfont": {"size": 12, "color": palette.text},
        "ticks": "",
        "anchor": "free",
        "position": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _short(value: float, limit: float) -> str:
    """A number over its bar."""
    if not np.isfinite(value) or abs(value) >= 1000:
        return in_formula(value)
    return with_minus(f"{value:z.{3 if limit >= 0.1 else 4}f}")
