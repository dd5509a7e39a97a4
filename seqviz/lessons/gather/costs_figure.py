"""What two ways to look rows up cost, on logarithmic axes."""

import math
from typing import Any, Final

import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.gather.costs import LookupCosts, LookupTimes
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.readout.records import drawn_of

_PANELS: Final = ((0.0, 0.27), (0.365, 0.635), (0.73, 1.0))
_TIMES: Final = {
    1e-6: "1 µs",
    1e-5: "10 µs",
    1e-4: "100 µs",
    1e-3: "1 ms",
    1e-2: "10 ms",
    0.1: "0.1 s",
}
_GATHER, _PRODUCT = "W[ids]: gather", "one_hot(ids) @ W: multiply"


@drawn_of(LookupCosts, "compute_lookup_costs")
def plot_lookup_costs(
    costs: LookupCosts,
    times: LookupTimes | None = None,
    *,
    palette: Palette = LIGHT,
    height: int = 300,
) -> go.Figure:
    """Draw multiply-adds, bytes of input and, if measured, time over `vocab_size`, log-log.

    Args:
        costs: What `compute_lookup_costs` counted.
        times: What `measure_lookup` took; its panel says so if there is none.
        palette: Colours of text and lines.
        height: Of the figure, in pixels.
    """
    traces: list[Trace] = []
    # Zero has no place on a logarithmic axis: it is drawn along its floor, and said to be 0.
    floor = costs.timesteps
    panels: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = [
        (
            costs.vocab_sizes,
            costs.gather_multiply_adds + floor,
            costs.product_multiply_adds,
        ),
        (costs.vocab_sizes, costs.gather_bytes, costs.product_bytes),
    ]
    if times is not None:
        panels.append((times.vocab_sizes, times.gather_seconds, times.product_seconds))
    for i, (sizes, gathered, multiplied) in enumerate(panels):
        for label, values, color, symbol, dash in (
            (_PRODUCT, multiplied, palette.cell, "square", "solid"),
            (_GATHER, gathered, palette.features, "circle", "dash"),
        ):
            nothing = i == 0 and label == _GATHER
            traces.append(
                _curve(
                    sizes,
                    values,
                    label,
                    hover="0" if nothing else "%{y:.3~s}",
                    color=color,
                    symbol=symbol,
                    dash=dash,
                    axis=str(i + 1) if i else "",
                    shown=i == 0,
                )
            )
    ticks = costs.vocab_sizes.tolist()
    layout: dict[str, Any] = {
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.14,
            "yanchor": "bottom",
            "font": {"color": palette.text, "size": 13},
        },
        "margin": {"l": 44, "r": 12, "t": 64, "b": 48},
        "annotations": [
            {
                "xref": "paper",
                "yref": "paper",
                "x": x0,
                "y": 1.02,
                "xanchor": "left",
                "yanchor": "bottom",
                "text": f"<b>{title}</b>",
                "font": {"color": palette.text, "size": 13},
                "showarrow": False,
            }
            for (x0, _), title in zip(
                _PANELS, ("multiply-adds", "bytes of input", "time"), strict=True
            )
        ],
    }
    zero = {
        "xref": "x",
        "yref": "y",
        "x": 5,
        "y": 0.02,
        "xanchor": "right",
        "yanchor": "bottom",
        "yshift": 4,
        "text": "0: it only copies",
        "font": {"color": palette.features, "size": 12},
        "showarrow": False,
    }
    layout["annotations"].append({**zero, "yref": "paper", "y": 0.07})
    if times is None:
        layout["annotations"].append(
            {
                **zero,
                "xref": "paper",
                "yref": "paper",
                "x": sum(_PANELS[2]) / 2,
                "y": 0.5,
                "xanchor": "center",
                "yanchor": "middle",
                "yshift": 0,
                "text": "not measured yet",
                "font": {"color": palette.muted, "size": 12},
            }
        )
    for i, domain in enumerate(_PANELS):
        number = str(i + 1) if i else ""
        line = {
            "type": "log",
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showline": True,
            "linecolor": palette.muted,
            "ticks": "outside",
            "tickcolor": palette.muted,
            "tickfont": {"color": palette.text, "size": 11},
        }
        layout[f"xaxis{number}"] = {
            **line,
            "domain": domain,
            "anchor": f"y{number}",
            "range": [_exponent(ticks[0]) - 0.2, _exponent(ticks[-1]) + 0.25],
            "tickvals": ticks[::2],
            "ticktext": [_short(size) for size in ticks[::2]],
            "title": {
                "text": "vocab_size",
                "standoff": 4,
                "font": {"size": 12, "color": palette.text},
            },
        }
        layout[f"yaxis{number}"] = {
            **line,
            "anchor": f"x{number}",
            "exponentformat": "SI",
            "dtick": 2,
        }
    layout["yaxis3"] |= {"tickvals": list(_TIMES), "ticktext": list(_TIMES.values())}
    if times is not None:
        taken = [*times.gather_seconds, *times.product_seconds]
        layout["yaxis3"]["range"] = [
            math.floor(_exponent(min(taken))),
            math.ceil(_exponent(max(taken))),
        ]
    else:
        traces.append(
            {"type": "scatter", "x": [], "y": [], "xaxis": "x3", "yaxis": "y3", "showlegend": False}
        )
        layout["yaxis3"] |= {"range": [-4, -2], "showticklabels": False}
    # From the floor up, so that 0 lies on it.
    largest = _exponent(float(costs.product_multiply_adds.max()))
    layout["yaxis"] |= {"range": [_exponent(floor) - 0.35, largest + 0.4]}
    return still(traces, layout, palette, height)


def _curve(
    sizes: NDArray[Any],
    values: NDArray[Any],
    label: str,
    *,
    hover: str,
    color: str,
    symbol: str,
    dash: str,
    axis: str,
    shown: bool,
) -> Trace:
    return {
        "type": "scatter",
        "x": sizes.tolist(),
        "y": values.tolist(),
        "mode": "lines+markers",
        "name": label,
        "line": {"color": color, "width": 2.5, "dash": dash},
        "marker": {"color": color, "symbol": symbol, "size": 7},
        "hovertemplate": f"vocab_size %{{x:,}}: {hover}<extra></extra>",
        "showlegend": shown,
        "legendgroup": label,
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
    }


def _exponent(number: float) -> float:
    return math.log10(number)


def _short(number: int) -> str:
    return f"{number // 1000:,}k" if number >= 1000 else str(number)
