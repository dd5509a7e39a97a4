"""What flows back: the gradient with respect to every state and input, on a log scale."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.gradients.data import Gradients, norms
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, Moving, animated
from seqviz.plotly_kit.bands import right_margin, time_axis
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import token_labels
from seqviz.plotly_kit.logscale import LogScale, log_scale
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.records import drawn_of
from seqviz.wording import subscript

_BARS = (0.0, 0.74)
_CHAIN = (0.83, 1.0)  # and the legend in between
_TOP = 0.945
_GRADIENT_OF = {"h": "gradient", "x": "input_gradient", "c": "cell_gradient"}
_LEGEND = {"h": "state h", "x": "word x", "c": "memory c"}
_MARGIN = {"l": 64, "t": 8, "b": 40}
_WRITABLE = 14  # columns up to which states are named in their boxes
_COLUMN = 0.84  # how much of a column its bars take
_L_COLUMNS = 7  # left of the state that L is of, for the words that say so
_WRITTEN = 24  # bars up to which norms are written above them


class _Series(NamedTuple):
    """One kind of gradient, and the place of its bars in each column."""

    symbol: str
    norms: NDArray[np.floating]
    color: str
    pattern: str
    left: float
    width: float


@drawn_of(Gradients, "compute_gradients")
def plot_gradients(
    data: Gradients,
    *,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the norm of the gradient at every step, as it flows back from the last to the first.

    On top the chain of states with arrows from right to left; below a bar for dL/dh, one for
    dL/dx and, of an LSTM, one for dL/dc: how much L depends on each. Zero has no place on a log scale: it is a cross at the
    bottom, and infinity a triangle at the top.

    Args:
        data: What `compute_gradients` made.
        tokens: The word at each timestep of the input.
        step: Steps gone back when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    labels = ["start", *token_labels(tokens, data.timesteps.tolist())]
    count = len(labels)
    names = [str(k) for k in range(count)]
    several = _series(data, palette)
    scale = log_scale(*(series.norms for series in several))
    traces = _chain(data, palette) + [_bars(series, names, scale) for series in several]
    for series in several:
        traces += _marks(series, scale)
        if count * len(several) <= _WRITTEN:
            traces.append(_numbers(series, scale, palette))
    across = time_axis(names, labels, palette)
    layout = {
        **parts(_parts(several, count, data.taken_at)),
        "showlegend": True,
        "barmode": "overlay",
        "margin": {**_MARGIN, "r": right_margin(labels)},
        "xaxis": across,
        "xaxis2": marks.bare_axis(*across["range"], overlaying="x"),
        "yaxis": scale.axis(
            _BARS,
            palette,
            title={"text": "how much L depends on it", "font": {"size": 12, "color": palette.text}},
        ),
        "yaxis2": marks.bare_axis(0, 1.45, domain=list(_CHAIN)),
        "annotations": [
            {
                "text": "states h",
                "xref": "paper",
                "yref": "y2",
                "x": 0,
                "y": 0.5,
                "xanchor": "right",
                "showarrow": False,
                "font": {"size": 12, "color": palette.hidden},
            }
        ],
        "legend": {
            "orientation": "h",
            "x": 1,
            "y": _BARS[1],
            "xanchor": "right",
            "yanchor": "bottom",
            "font": {"size": 12, "color": palette.text},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    }
    last = count - 1

    def state_at(step: int) -> Shape:
        return {"x0": last - step - 0.5, "x1": last - step + 0.5}

    def bars_left_of(step: int) -> Shape:
        return {"x0": -0.5, "x1": several[1].left + (last - step) if step < last else -0.5}

    return animated(
        traces,
        layout,
        [
            # The states, up to where it is written what L is; and the bars.
            Moving(
                marks.veil(palette, yref="paper", y0=_BARS[1], y1=_TOP),
                lambda step: {"x0": -0.5, "x1": last - step - 0.5},
            ),
            Moving(marks.veil(palette, yref="paper", y0=0, y1=_BARS[1]), bars_left_of),
            # Above and below the legend.
            Moving(marks.cursor(palette.text, yref="paper", y0=_CHAIN[0], y1=_TOP), state_at),
            Moving(marks.cursor(palette.text, yref="paper", y0=0, y1=_BARS[1]), state_at),
        ],
        labels=back_labels(data),
        look=Look(step, palette, height, controls),
    )


def back_labels(data: Gradients) -> list[str]:
    """What the slider says at each step back: which state the gradient has reached."""
    return [subscript("h", k) for k in range(len(data.hidden) - 1, -1, -1)]


def _parts(several: Sequence[_Series], count: int, taken_at: int) -> dict[str, list[Boxes]]:
    """The states in their row, that which L is taken of, and the bars under each state."""
    state = Boxes((-0.4, 0, 0.4, 1), (1, 0), count, 0, ("x2", "y2"))
    named = {"hidden": [state]}
    named["target"] = [Boxes((taken_at - 0.4, 0, taken_at + 0.4, 1), axes=("x2", "y2"))]
    for series in several:
        left, right = series.left, series.left + series.width
        bars = Boxes((left, 0, right, _BARS[1]), (1, 0), count, 0, ("x2", "paper"))
        named[_GRADIENT_OF[series.symbol]] = [bars]
    return named


def _chain(data: Gradients, palette: Palette) -> list[Trace]:
    """The states in a row, with arrows back; filled where L is taken, hatched where masked."""
    count = len(data.hidden)
    half = 0.24 if count <= _WRITABLE else 0.17  # of a box's width; the rest is for the arrow
    boxes = [(k - half, 0.12, k + half, 0.88) for k in range(count)]
    target = [boxes[data.taken_at]]
    # Beside the box where it stands at an end of the row, or a phone would cut the words.
    share = data.taken_at / (count - 1)
    side, offset = (
        ("left", 0.24) if share > 0.8 else ("right", -0.24) if share < 0.2 else ("center", 0)
    )
    taken = f"L = {data.output} of {subscript('h', data.taken_at)}"
    links = marks.arrows(
        [(k - half - 0.04, 0.5, k - 0.94 + half, 0.5) for k in range(data.taken_at, 0, -1)],
        color=palette.text,
        symbol="triangle-left",
    )
    links["marker"]["opacity"] = 1
    traces = [
        marks.outline(boxes, color=palette.hidden),
        marks.outline(target, color=palette.hidden, fill="toself", fillcolor=palette.hidden),
        links,
        marks.texts(
            [data.taken_at + offset],
            [1.2],
            [taken],
            color=palette.hidden,
            position=f"middle {side}",
        ),
    ]
    left = data.taken_at - _L_COLUMNS
    if left >= _L_COLUMNS:
        traces.append(
            marks.texts(
                [left / 2],
                [1.2],
                [_on_the_way(data)],
                color=palette.muted,
                room=(left, 0.4),
            )
        )
    if count <= _WRITABLE:
        color = [palette.background if k == data.taken_at else palette.hidden for k in range(count)]
        words = [subscript("h", k) for k in range(count)]
        traces.append(
            marks.texts(list(range(count)), [0.5] * count, words, color=color, room=(0.46, 0.7))
        )
    masked = [boxes[k + 1] for k in np.flatnonzero(data.skipped)]
    if masked:
        traces.append(marks.hatch(masked, color=palette.muted))
    return [trace | {"xaxis": "x2", "yaxis": "y2"} for trace in traces]


def _on_the_way(data: Gradients) -> str:
    """What a step back does to the gradient, on average over all of them."""
    sizes = norms(data.hidden)
    first, last = sizes[0], sizes[data.taken_at]
    if not (np.isfinite([first, last]).all() and first > 0 and last > 0):
        return "← does L depend on these?"
    factor = (first / last) ** (1 / data.taken_at)
    return f"← average step: ×{factor:.2g}"


def _series(data: Gradients, palette: Palette) -> list[_Series]:
    """dL/dx, dL/dh and, if there is one, dL/dc, side by side in each column.

    dL/dx stands on the left: it is known one step back after dL/dh of the same column.
    """
    inputs = np.append(np.nan, norms(data.inputs))  # nothing is read before the first step
    kinds = [("x", inputs, palette.features, "/"), ("h", norms(data.hidden), palette.hidden, "")]
    if data.cell_states is not None:
        kinds.append(("c", norms(data.cell_states), palette.cell, "x"))
    # Narrow for words, which differ from each other: the states' bars show what a step back does.
    width = _COLUMN / (len(kinds) - 0.5)
    several, left = [], -_COLUMN / 2
    for kind in kinds:
        own = width / 2 if kind[0] == "x" else width
        several.append(_Series(*kind, left, own))
        left += own
    return several


def _bars(series: _Series, names: Sequence[str], scale: LogScale) -> Trace:
    """One bar per step, from the bottom of the scale up; none for zero."""
    bottom = scale.low - 0.2
    heights = np.where(series.norms > 0, scale.heights(series.norms) - bottom, np.nan)
    return {
        "type": "bar",
        "name": _LEGEND[series.symbol],
        "x": list(names),
        "y": heights.astype(np.float32),
        "base": bottom,
        "width": series.width * 0.94,
        "offset": series.left,
        "marker": {
            "color": series.color,
            "line": {"color": series.color, "width": 1},
            "pattern": {
                "shape": series.pattern,
                "fillmode": "overlay",
                "solidity": 0.25,
                "size": 6,
            },
        },
        "hovertext": [f"{value:.3g}" for value in series.norms],
        "hovertemplate": f"‖∂L/∂{series.symbol}‖: %{{hovertext}}<extra></extra>",
        "showlegend": True,
    }


def _marks(series: _Series, scale: LogScale) -> list[Trace]:
    """What a bar cannot show: a cross where the norm is exactly 0, a triangle where it is none."""
    overflowed = ~np.isfinite(series.norms)
    overflowed[0] &= series.symbol != "x"  # there is no input before the first step
    return [
        {
            "type": "scatter",
            "x": (np.flatnonzero(where) + series.left + series.width / 2).tolist(),
            "y": [place] * int(where.sum()),
            "mode": "markers",
            "marker": {
                "symbol": mark,
                "size": 8,
                "color": series.color,
                "line": {"width": 2, "color": series.color},
            },
            "hovertemplate": f"‖∂L/∂{series.symbol}‖: {word}<extra></extra>",
            "showlegend": False,
            "xaxis": "x2",
        }
        for where, mark, place, word in (
            (series.norms == 0, "x-thin", scale.low, "exactly 0"),
            (overflowed, "triangle-up", scale.high, "larger than any float"),
        )
        if where.any()
    ]


def _numbers(series: _Series, scale: LogScale, palette: Palette) -> Trace:
    """The norms above their bars."""
    which = np.flatnonzero(np.isfinite(series.norms) & (series.norms > 0))
    return marks.texts(
        (which + series.left + series.width / 2).tolist(),
        scale.heights(series.norms)[which].tolist(),
        [f"{series.norms[k]:.2g}" for k in which],
        color=palette.text,
        size=11,
        position="top center",
        room=(series.width, 0.12 * (scale.high - scale.low)),
    ) | {"xaxis": "x2"}
