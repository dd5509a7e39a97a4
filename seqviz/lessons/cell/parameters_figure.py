"""The weights of a recurrent layer, to scale: which columns are whose."""

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.cell.parameters import ParameterBlocks
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import still
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain
from seqviz.plotly_kit.palette import IN_CELL, LIGHT, Palette
from seqviz.readout.records import drawn_of

MOST_VALUES = 4_000  # weights that are coloured one by one; above that only their outlines
_NAMES = {
    "kernel": "kernel W",
    "recurrent_kernel": "recurrent<br>kernel U",
    "bias": "bias b",
}
_GAP = 0.075  # between the matrices, as a share of the picture's height
_TITLES = 0.14  # height of the gates' names, likewise
_THINNEST = 0.045  # height of a bias of one row, likewise


@drawn_of(ParameterBlocks, "compute_parameter_blocks")
def plot_parameters(
    data: ParameterBlocks,
    *,
    unit: int | None = None,
    palette: Palette = LIGHT,
    height: int = 340,
) -> go.Figure:
    """Draw kernel, recurrent kernel and bias above each other: a gate's columns stay in line.

    Widths are to scale, and so are heights, as far as a row can still be seen.

    Args:
        data: From `compute_parameter_blocks`.
        unit: Whose columns to frame: one in each gate's block.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
    """
    names = list(dict.fromkeys(block.weight for block in data.blocks))
    rows = {b.weight: len(b.values) for b in data.blocks}
    room = 1 - _TITLES - _GAP * (len(names) - 1)
    total = sum(rows.values())
    shares = {name: max(rows[name] / total * room, _THINNEST * min(rows[name], 2))
              for name in names}  # fmt: skip
    factor = room / sum(shares.values())
    width = data.units * len(data.gates)
    colored = data.parameters <= MOST_VALUES
    traces: list[Trace] = []
    bottom = 1 - _TITLES
    ticks: list[tuple[float, str]] = []
    xs: list[float] = []
    ys: list[float] = []
    words: list[str] = []
    hues: list[str] = []
    framed = []
    for name in names:
        top, bottom = bottom, bottom - shares[name] * factor
        blocks = [block for block in data.blocks if block.weight == name]
        if colored:
            values = np.hstack([block.values for block in blocks])
            edges = np.linspace(top, bottom, rows[name] + 1)
            traces.append(
                marks.heatmap(
                    values,
                    limit=marks.symmetric_limit(values),
                    gap=1 if width <= 64 and rows[name] <= 24 else 0,
                    hover=f"{plain(name)}[%{{customdata}}] = %{{z:.6f}}<extra></extra>",
                    x0=0.5,
                    dx=1,
                    y=edges.tolist(),
                    customdata=[[f"{r}, {c}" for c in range(width)] for r in range(rows[name])],
                )
            )
        for block in blocks:
            color = palette.gate(block.gate)
            box = (block.first, bottom, block.first + data.units, top)
            traces.append(
                marks.outline(
                    [box],
                    color=color,
                    width=3,
                    **({} if colored else {"fill": "toself",
                                           "fillcolor": "rgba(128,128,128,0.12)"}),
                )
            )  # fmt: skip
            if unit is not None:
                framed.append((block.first + unit, bottom, block.first + unit + 1, top))
        count = f"{rows[name]} × {width} = {rows[name] * width:,}"
        ticks.append(((top + bottom) / 2, f"{_NAMES[name]}<br>{count}"))
        bottom -= _GAP
    for block in data.blocks[: len(data.gates)]:
        xs.append(block.first + data.units / 2)
        ys.append(1 - _TITLES / 2)
        gate = "" if block.gate == "hidden" else f"<br>{block.gate}"
        words.append(f"<b>{block.symbol}</b>{gate}")
        hues.append(palette.gate(block.gate))
    if framed:
        # Cells are light in any theme, so that a light line needs a dark one below it.
        traces.append(marks.outline(framed, color=IN_CELL, width=6))
        traces.append(marks.outline(framed, color=palette.text, width=2.5))
    labels = marks.texts(xs, ys, words, color=hues, size=12)
    labels["cliponaxis"] = False
    traces.append(labels)
    return still(
        traces,
        {
            "margin": {"l": 112, "r": 8, "t": 4, "b": 34},
            "xaxis": {
                "range": [-width * 0.008, width * 1.008],
                "tickvals": [i * data.units for i in range(len(data.gates) + 1)],
                "title": {
                    "text": "column",
                    "font": {"size": 12, "color": palette.text},
                    "standoff": 2,
                },
                "tickfont": {"size": 12, "color": palette.text},
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "range": [bottom + _GAP - 0.01, 1],
                "tickvals": [t for t, _ in ticks],
                "ticktext": [t for _, t in ticks],
                "tickfont": {"size": 12, "color": palette.text},
                "ticks": "",
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
        },
        palette,
        height,
    )
