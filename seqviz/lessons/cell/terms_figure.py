"""A sum, product by product, as a waterfall."""

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.cell.compute import Terms, WeightedSum, compute_terms
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.readout.numbers import in_formula

_ROW = 27  # pixels
_AROUND = 16
_ROOM = 0.45  # of the width of all bars, for the number beside one


def plot_terms(
    data: WeightedSum | Terms, *, palette: Palette = LIGHT, height: int | None = None
) -> go.Figure:
    """Draw how a sum grows, term by term, from the top down.

    Each bar starts where the one above ended: green the input's products, violet the state's,
    grey the bias. The last bar is the sum.

    Args:
        data: One of `Explanation.sums`, or what `compute_terms` made of it.
        palette: Colours of bars and text.
        height: Of the figure, in pixels; what its rows need if None.
    """
    if isinstance(data, WeightedSum):
        data = compute_terms(data)
    whole = data.sum
    hues = {
        "kernel": palette.features,
        "recurrent_kernel": palette.hidden,
        "memory": palette.hidden,
    }
    symbol = f"the sum → {whole.symbol}" if whole.activation != "linear" else whole.symbol
    names = [*data.names, symbol]
    numbers = [*data.numbers, _result(whole)]
    lengths = [*data.products.tolist(), whole.pre_activation]
    starts = [*data.starts.tolist(), 0.0]
    colors = [*(hues.get(kind, palette.muted) for kind in data.kinds), palette.gate(whole.gate)]
    rows = list(range(len(names)))
    ends = [s + n for s, n in zip(starts, lengths, strict=True)]
    outside = [max(s, e) if n >= 0 else min(s, e)
               for s, e, n in zip(starts, ends, lengths, strict=True)]  # fmt: skip
    finite = [v for v in [*starts, *ends, 0.0] if np.isfinite(v)]
    low, high = min(finite), max(finite)
    room = _ROOM * ((high - low) or 1.0)
    low = min([low - room / 8] + [v - room for v, n in zip(outside, lengths, strict=True) if n < 0])
    high = max(
        [high + room / 8] + [v + room for v, n in zip(outside, lengths, strict=True) if n >= 0]
    )
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": rows,
            "x": lengths,
            "base": starts,
            "marker": {"color": colors, "line": {"width": 0}},
            "width": 0.62,
            "customdata": ends,
            "hovertext": [plain(f"{a} = {b}" if b else a) for a, b in
                          zip(names, numbers, strict=True)],
            "hovertemplate": "%{hovertext}<br>product %{x:.6f}, sum so far "
            "%{customdata:.6f}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": outside,
            "y": rows,
            "text": [f" {_with_sign(n)} " for n in lengths[:-1]] + [f" <b>{in_formula(lengths[-1])}</b> "],
            "textposition": ["middle right" if n >= 0 else "middle left" for n in lengths],
            "textfont": {"size": 12, "color": palette.text},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [v for e in ends[:-1] for v in (e, e, None)],
            "y": [v for row in rows[:-1] for v in (row, row + 1, None)],
            "line": {"color": palette.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
    ]  # fmt: skip
    labels = [
        f"{plain(name)}<br>{plain(value)}" if value else plain(name)
        for name, value in zip(names, numbers, strict=True)
    ]
    labels[-1] = f"<b>{labels[-1].replace('<br>', '</b><br>')}" + ("" if numbers[-1] else "</b>")
    height = height or _AROUND + (_ROW + 9) * len(rows)
    return still(
        traces,
        {
            "margin": {"l": 158, "r": 6, "t": 6, "b": 6},
            "bargap": 0.2,
            "xaxis": marks.bare_axis(low, high),
            "yaxis": {
                "range": [len(rows) - 0.45, -0.55],
                "tickvals": rows,
                "ticktext": labels,
                "tickfont": {"size": 12, "color": palette.text},
                "ticks": "",
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "shapes": [
                {
                    "type": "line",
                    "x0": 0,
                    "x1": 0,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": palette.text, "width": 1},
                    "layer": "below",
                }
            ],
        },
        palette,
        height,
    )


def _with_sign(value: float) -> str:
    return f"+{in_formula(value)}" if value > 0 else in_formula(value)


def _result(whole: WeightedSum) -> str:
    if whole.activation == "linear":
        return "" if whole.gate == "memory" else f"linear: {in_formula(whole.value)}"
    function = "σ" if whole.activation == "sigmoid" else whole.activation
    return f"{function}(sum) = {in_formula(whole.value)}"
