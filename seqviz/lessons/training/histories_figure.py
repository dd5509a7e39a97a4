"""Several trainings on the same axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Floats
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import LIGHT, TOKENS, Palette


def plot_histories(
    histories: Sequence[Mapping[str, Floats]],
    *,
    names: Sequence[str],
    palette: Palette = LIGHT,
    height: int = 260,
) -> go.Figure:
    """Draw the loss and the metric of several trainings, what is learned solid, what is held out dotted.

    Args:
        histories: Of each, by metric, its value after every epoch.
        names: What each is called.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
    """
    metric = next(
        (n for h in histories for n in h if n != "loss" and not n.startswith("val_")), "loss"
    )
    tops = {name: _top(histories, name) for name in ("loss", metric)}
    traces = [
        _line(history, key, tops[name], panel, dash, color, called, shown=panel == 1 and not dotted)
        for k, (history, called) in enumerate(zip(histories, names, strict=True))
        for color in [TOKENS[k % len(TOKENS)]]
        for panel, name in enumerate(("loss", metric), 1)
        for key, dash, dotted in ((name, "solid", False), (f"val_{name}", "dot", True))
        if key in history
    ]
    epochs = max((len(v) for h in histories for v in h.values()), default=1)
    layout: dict[str, Any] = {
        "margin": {"l": 40, "r": 8, "t": 24, "b": 64},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        "annotations": [
            {
                **{"text": f"<b>{name.replace('_', ' ')}</b>", "x": left, "y": 1},
                **{"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"},
                **{"showarrow": False, "font": {"size": 12, "color": palette.text}},
            }
            for name, left in (("loss", 0), (metric, 0.54))
        ],
    }
    for panel, (name, domain) in enumerate((("loss", [0, 0.46]), (metric, [0.54, 1])), 1):
        ending = "" if panel == 1 else "2"
        axis = {
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"size": 12, "color": palette.text},
        }
        layout[f"xaxis{ending}"] = {
            **axis,
            "domain": domain,
            "range": [0, epochs],
            "anchor": f"y{ending}",
        }
        layout[f"yaxis{ending}"] = {
            **axis,
            "range": [0, 1.04 * tops[name]],
            "anchor": f"x{ending}",
        }
    return still(traces, layout, palette, height)


def _top(histories: Sequence[Mapping[str, Floats]], name: str) -> float:
    """The upper end of a panel: 1 for a share, else the largest number.

    One epoch that exploded must not flatten all others.
    """
    if "accuracy" in name:
        return 1.0
    series = [
        np.asarray(h[k], np.float64) for h in histories for k in (name, f"val_{name}") if k in h
    ]
    known = [one[np.isfinite(one)] for one in series]
    first = max((float(one[0]) for one in known if len(one)), default=1.0)
    return min(max((float(one.max()) for one in known if len(one)), default=1.0), 3 * first) or 1.0


def _line(
    history: Mapping[str, Floats],
    key: str,
    top: float,
    panel: int,
    dash: str,
    color: str,
    called: str,
    *,
    shown: bool,
) -> Trace:
    values = [round(float(min(v, top)), 4) if np.isfinite(v) else None for v in history[key]]
    ending = "" if panel == 1 else "2"
    return {
        "type": "scatter",
        "mode": "lines" if len(values) > 1 else "markers",
        "x": list(range(1, len(values) + 1)),
        "y": values,
        "name": plain(shorten(called, 40)),
        "legendgroup": called,
        "showlegend": shown,
        "line": {"color": color, "width": 2, "dash": dash},
        "marker": {"color": color, "size": 7},
        "hoverinfo": "x+y",
        "xaxis": f"x{ending}",
        "yaxis": f"y{ending}",
    }
