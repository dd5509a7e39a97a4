"""Rows × timesteps as stacked heatmaps: what every picture turns into beyond readable boxes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Changing, Look, Moving, animated
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions
from seqviz.plotly_kit.palette import SHARES, Palette
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.unrolled import Unrolled
from seqviz.wording import counted

_GAP = 0.05  # between bands, as a share of the picture's height
_STRIP = 0.06  # height of the strip of returned columns
_THINNEST = 0.15  # the least share of the height that a band gets
_LONGEST_TICK = 9
_BESIDE = 0.004  # of the width of all columns, left and right of them
_OUT_OF_SIGHT = 2  # columns beyond the ends, which no axis shows
_SHORT_TICK = 6
_ROOMY = 12  # columns up to which the last is as wide as its label
_WRITABLE_COLUMNS = 14
_WRITABLE_ROWS = 24


class Band(NamedTuple):
    """One heatmap of the stack, drawn from the top down.

    Attributes:
        label: What it shows, such as ``"hidden state h"``; plain text.
        values: ``(rows, columns)``; NaN where there is nothing.
        color: Hue of its axis and label.
        row: What one row is called in the hover text, such as ``"unit"``.
        within: Values from ``-within`` to ``+within`` span the colour scale; the largest if None.
        parts: What parts of the picture it is, as `seqviz.plotly_kit.parts` has them: each column
            of the one, all of it of the other with a number.
        shares: Whether values are shares, none of them negative: on their own scale, from 0.
    """

    label: str
    values: NDArray[np.floating]
    color: str
    row: str
    within: float | None = None
    parts: Mapping[str, int | None] = {}
    shares: bool = False

    @property
    def limit(self) -> float:
        """Where the colour scale ends."""
        return marks.symmetric_limit(self.values) if self.within is None else self.within


def state_bands(data: Unrolled, palette: Palette) -> list[Band]:
    """The hidden state and an LSTM's cell state, each on a scale of its own: c grows beyond h.

    The output is on top where it is not the hidden state.
    """
    hidden = Band("hidden state h", data.hidden.T, palette.hidden, "unit", parts={"hidden": None})
    bands = [hidden]
    if data.outputs is not None:
        outputs = after_the_start(data.outputs)
        band = Band("output y", outputs.T, palette.hidden, "unit", parts={"output": None})
        bands.insert(0, band)
    if data.cell_states is not None:
        states = data.cell_states.T
        bands.append(Band("cell state c", states, palette.cell, "unit", parts={"cell": None}))
    return bands


def gate_band(name: str, values: NDArray[np.floating], palette: Palette) -> Band:
    """A gate, ``(units, columns)``, on the scale of a sigmoid and tanh or, unbounded, a wider one.

    `values` may have more axes in front, which then share the scale.
    """
    label = name if name == "candidate" else f"{name} gate"
    within = max(1.0, marks.symmetric_limit(values))
    part = label.replace(" ", "_")
    return Band(label, values, palette.gate(name), "unit", within, {part: None})


def input_band(inputs: NDArray[np.floating], palette: Palette) -> Band:
    """What a layer read, ``(timesteps, features)``."""
    return Band("input x", inputs.T, palette.features, "feature", parts={"input": None})


def after_the_start(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Rows of steps 1, 2, … below an empty one for the start."""
    return np.vstack([np.full((1, values.shape[1]), np.nan, np.float32), values])


def draw_states(
    bands: Sequence[Band], data: Unrolled, labels: Sequence[str], look: Look
) -> go.Figure:
    """Stack bands whose first column is the start, and say what is returned and skipped.

    Args:
        bands: `state_bands`, and what else there is.
        data: What the layer did.
        labels: Of its timesteps, as processed.
        look: How the picture opens.
    """
    return draw_bands(
        bands,
        ["start", *labels],
        initial=True,
        captions=step_captions(labels),
        look=look,
        returned=np.array([False, *data.returned]),
        skipped=np.array([False, *data.skipped]),
    )


def draw_bands(
    bands: Sequence[Band],
    columns: Sequence[str],
    *,
    initial: bool,
    captions: Sequence[str],
    look: Look,
    returned: NDArray[np.bool_] | None = None,
    skipped: NDArray[np.bool_] | None = None,
    moving: Sequence[Moving] | None = None,
    thinnest: float = _THINNEST,
    moments: Sequence[NDArray[np.floating]] = (),
) -> go.Figure:
    """Stack `bands` over one time axis, with a veil and a cursor that step through it.

    Args:
        bands: Heatmaps with the same number of columns.
        columns: Label of each column; Plotly turns or thins them out by itself.
        initial: Whether column 0 is the state before the first step.
        captions: What the slider says at each step, step 0 included.
        look: How the picture opens; step 0 is before the first timestep.
        returned: Columns whose state the layer returns; drawn as a strip on top.
        skipped: Columns that a mask passed over; hatched in every band.
        moving: Shapes that step through it, instead of the veil and the cursor.
        thinnest: The least share of the height that a band gets, before all shares are scaled.
        moments: What each band holds at each step, ``(steps, rows, columns)``, where that changes.
    """
    palette = look.palette
    count = len(columns)
    first = 0 if initial else 1
    names = [str(column) for column in range(first, first + count)]
    traces: list[Trace] = []
    axes: dict[str, dict[str, Any]] = {}
    top = 1.0
    if returned is not None:
        axes["yaxis20"] = _draw_strip(traces, names, returned, palette)
        top -= _STRIP + _GAP
    stack = stack_of(bands, names, top=top, thinnest=thinnest, moments=moments)
    traces += stack.traces
    axes |= stack.axes
    if skipped is not None:
        traces += hatched_columns(bands, names, skipped, palette)
    layout = dict(
        **axes,
        **parts(_parts(bands, count, first)),
        margin={"l": 112, "r": right_margin(columns), "t": 8, "b": 52},
        xaxis=time_axis(names, columns, palette),
    )
    before = 0 if initial else -1  # the column shown at step 0
    return animated(
        traces,
        layout,
        veil_and_cursor(count, palette, first=before) if moving is None else moving,
        labels=captions,
        look=look,
        changing=stack.changing,
    )


def _parts(bands: Sequence[Band], count: int, first: int) -> dict[str, list[Boxes]]:
    """The columns of bands, numbered from `first`, and whole bands with their numbers."""
    named: dict[str, list[Boxes]] = {}
    for i, band in enumerate(bands, 1):
        axes = "x", "y" if i == 1 else f"y{i}"
        low, high = band.values.shape[0] - 0.5, -0.5
        column = Boxes((-0.5, low, 0.5, high), (1, 0), count, first, axes)
        for name, number in band.parts.items():
            whole = Boxes(
                (-0.5, low, count - 0.5, high), first=-1 if number is None else number, axes=axes
            )
            named.setdefault(name, []).append(column if number is None else whole)
    return named


class Stack(NamedTuple):
    """Bands one above the other: what is drawn, on which axes, and what of it changes."""

    traces: list[Trace]
    axes: dict[str, dict[str, Any]]
    changing: list[Changing]


def stack_of(
    bands: Sequence[Band],
    names: Sequence[str],
    *,
    top: float = 1.0,
    thinnest: float = _THINNEST,
    moments: Sequence[NDArray[np.number]] = (),
    weights: Sequence[float] | None = None,
) -> Stack:
    """Stack `bands` from `top`, a share of the picture's height, down to its foot.

    Args:
        bands: Heatmaps with the same number of columns.
        names: By which columns are told apart; see `time_axis`.
        top: Where the first band begins.
        thinnest: As for `draw_bands`.
        moments: As for `draw_bands`; also whole numbers.
        weights: How high each is beside the others; as many as it has rows if None.
    """
    rows = [band.values.shape[0] for band in bands]
    room = top - _GAP * (len(bands) - 1)
    weights = rows if weights is None else weights
    shares = [max(weight / sum(weights), thinnest) for weight in weights]
    shares = [share / sum(shares) * room for share in shares]
    writable = len(names) <= _WRITABLE_COLUMNS and sum(rows) <= _WRITABLE_ROWS
    stack = Stack([], {}, [])
    for i, (band, n, share) in enumerate(zip(bands, rows, shares, strict=True)):
        axis = "y" if i == 0 else f"y{i + 1}"
        stack.traces.append(
            marks.heatmap(
                band.values,
                limit=band.limit,
                cell=(1, 1) if writable else None,
                gap=1 if writable else 0,
                hover=f"{plain(band.label)}, {band.row} %{{y}}: %{{z:.6f}}<extra></extra>",
                x=list(names),
                y0=0,
                dy=1,
                yaxis=axis,
            )
        )
        if band.shares:
            stack.traces[-1] |= {"zmin": 0, "colorscale": SHARES}
        stack.axes[axis.replace("y", "yaxis")] = band_axis(
            [max(top - share, 0.0), top], n, _label(band), band.color
        )
        top -= share + _GAP
    for trace, values in zip(stack.traces, moments, strict=bool(moments)):
        stack.changing.append(Changing(trace, _numbers_of(values)))
    return stack


def _numbers_of(values: NDArray[np.number]) -> Callable[[int], Trace]:
    floats = np.issubdtype(values.dtype, np.floating)
    numbers = np.asarray(values, np.float32) if floats else values
    return lambda k: {"z": numbers[k]}


def hatched_columns(
    bands: Sequence[Band], names: Sequence[str], skipped: NDArray[np.bool_], palette: Palette
) -> list[Trace]:
    """Hatch columns that a mask passed over, in every band of a stack."""
    places = [names[k] for k in np.flatnonzero(skipped).tolist()]
    return [
        _hatched_columns(places, band.values.shape[0], palette.muted)
        | {"yaxis": "y" if i == 0 else f"y{i + 1}"}
        for i, band in enumerate(bands)
    ]


def veil_and_cursor(
    count: int,
    palette: Palette,
    *,
    first: int = -1,
    around: Sequence[tuple[float, float]] = ((0, 1),),
) -> list[Moving]:
    """What steps through `count` columns: a veil over those to come, a cursor around this one.

    Args:
        count: Columns of one axis unit each, the first around 0.
        palette: Of the picture.
        first: The column at step 0; -1 for none.
        around: From where to where the cursor goes, in shares of the height; several where words
            stand between.
    """

    def at(k: int) -> dict[str, float]:
        column = first + k if first + k >= 0 else -_OUT_OF_SIGHT
        return {"x0": column - 0.5, "x1": column + 0.5}

    return [
        Moving(
            # Beyond the last column, or its edge would stay uncovered.
            marks.veil(palette, yref="paper", y0=0, y1=1, x1=count + _OUT_OF_SIGHT),
            lambda k: {"x0": first + k + 0.5},
        ),
        *(
            Moving(marks.cursor(palette.text, yref="paper", y0=low, y1=high), at)
            for low, high in around
        ),
    ]


def time_axis(names: Sequence[str], columns: Sequence[str], palette: Palette) -> dict[str, Any]:
    """The axis below a picture with one column per step: `columns` label them.

    `names` tell them apart and are their numbers, "0" for what is before the first step: the page's
    player writes them where only some labels fit (``text_fitting.js``).
    """
    beside = _BESIDE * len(names)
    return {
        # A little wider than the columns, or the frame around the first and the last would be cut.
        "range": [-0.5 - beside, len(names) - 0.5 + beside],
        # Of a category axis Plotly thins the labels out to what fits; tickvals it would not.
        "type": "category",
        "categoryarray": list(names),
        "labelalias": {
            name: plain(shorten(label, _LONGEST_TICK))
            for name, label in zip(names, columns, strict=True)
        },
        # Long words are turned, and need more room than the margin has.
        "automargin": max(map(len, columns), default=0) > _SHORT_TICK,
        "tickfont": {"size": 12, "color": palette.text},
        "ticks": "",
        "anchor": "free",
        "position": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def right_margin(columns: Sequence[str]) -> int:
    """Pixels right of a time axis, so that the last label, wider than its column, is not cut."""
    return 8 if len(columns) <= _ROOMY else 28


def _label(band: Band) -> str:
    """What the band shows, how many rows of it, and what the ends of its colour scale stand for."""
    rows, limit = band.values.shape[0], f"{band.limit:.2g}"
    ends = f"0 to {limit}" if band.shares else f"±{limit}"
    return f"{plain(band.label)}<br>{counted(rows, band.row)}<br>{ends}"


def band_axis(domain: list[float], rows: int, label: str, color: str) -> dict[str, Any]:
    """A band's axis: row 0 on top, one label in its middle, a thick line in its hue."""
    return {
        "domain": domain,
        "range": [rows - 0.5, -0.5],
        "tickvals": [(rows - 1) / 2],
        "ticktext": [label],
        "tickfont": {"size": 12, "color": color},
        "showline": True,
        "linecolor": color,
        "linewidth": 4,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
    }


def _hatched_columns(names: Sequence[str], rows: int, color: str) -> Trace:
    """Columns hatched over their cells. Bars, since on a category axis only they have edges."""
    return {
        "type": "bar",
        "x": list(names),
        "y": [rows] * len(names),
        "base": -0.5,
        "width": 1,
        "marker": {
            "color": "rgba(0,0,0,0)",
            "pattern": {"shape": "/", "fgcolor": color, "size": 9, "solidity": 0.15},
            "line": {"color": color, "width": 1},
        },
        "hoverinfo": "skip",
    }


def _draw_strip(
    traces: list[Trace], names: Sequence[str], returned: NDArray[np.bool_], palette: Palette
) -> dict[str, Any]:
    """Say on top which columns are returned: filled if they are, grey if not."""
    traces.append(
        {
            "type": "heatmap",
            "x": list(names),
            "z": [returned.astype(np.float32)],
            "zmin": 0,
            "zmax": 1,
            "colorscale": [[0, "rgba(128,128,128,0.2)"], [1, palette.hidden]],
            "showscale": False,
            "hoverinfo": "skip",
            "yaxis": "y20",
        }
    )
    return band_axis([1 - _STRIP, 1], 1, "returned", palette.hidden)
