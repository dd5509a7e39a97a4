"""A sequence read with dropout: the same inputs and units are missing at every step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.lessons.state.compute import Dropped
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_for_each, plain, shorten, step_captions, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.readout.records import drawn_of

_HEAD = 30  # pixels: the tokens
_GAP = 12  # between bands
_TOKEN_LENGTH = 12
_HATCHABLE = 8  # pixels: dropped rows that are lower are grey
_MOST_WRITTEN = 40  # timesteps up to which numbers are written
_MOST_NAMED = 100  # the same of words: a column of more is thinner than a word of two letters
MOST_NUMBERS = 80_000  # of all bands: beyond it the states at inference are left out


class _Band(NamedTuple):
    label: str
    values: NDArray[np.floating]  # (T, rows), NaN where dropped
    color: str
    limit: float


@drawn_of(Dropped, "compute_dropout")
def plot_dropout(
    data: Dropped,
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    gate: int = 0,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw what a layer with dropout reads at each step, and its states with and without.

    From the top: the inputs and the last state, each multiplied by its mask, dropped ones hatched;
    then the state after the step in training, and that at inference.

    Args:
        data: What `compute_dropout` made.
        tokens: The word at each timestep.
        ids: Its id, which decides its colour; the position if not given.
        gate: Number of the gate whose masks are drawn, where each has its own.
        step: Timesteps already computed when it opens, 0 … T; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is no such gate, or there is not one token, or not one id, for each
            timestep.
    """
    count = len(data.inputs)
    if not 0 <= gate < len(data.gates):
        raise SeqvizError(
            f"gate is {gate}, but there are {len(data.gates)} masks, counted from 0. "
            "Hint: leave it out for the first."
        )
    labels = token_labels(tokens, range(count))
    bands = _bands(data, gate, palette)
    rows = sum(band.values.shape[1] for band in bands)
    row = max(height - 12 - _HEAD - _GAP * len(bands), 60) / rows
    traces: list[Trace] = []
    ticks: list[float] = []
    y = float(_HEAD)
    for band in bands:
        y = _draw_band(traces, band, y, row, ticks, palette) + _GAP
    colors = token_colors(id_for_each(ids, count))
    centres = [k + 0.5 for k in range(count)]
    traces.append(
        {
            "type": "scatter",
            "x": centres,
            "y": [5.0] * count,
            "mode": "markers",
            "marker": {
                "symbol": "line-ew",
                "size": 16 if count <= _MOST_WRITTEN else 4,
                "line": {"width": 3, "color": colors[:count]},
            },
            "hoverinfo": "text",
            "hovertext": [plain(label) for label in labels],
            "showlegend": False,
        }
    )
    if count <= _MOST_NAMED:
        names = [f"<b>{plain(shorten(label, _TOKEN_LENGTH))}</b>" for label in labels]
        heights = [17.0] * count
        traces.append(
            marks.texts(centres, heights, names, color=palette.text, size=14, room=(1.0, 18))
        )
    layout = {
        "margin": {"l": 124, "r": 8, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.05, count + 0.05),
        "yaxis": {
            **marks.bare_axis(y, 0),
            "visible": True,
            "tickvals": ticks,
            "ticktext": [f"<span style='color:{b.color}'>{b.label}</span>" for b in bands],
            "tickfont": {"size": 12, "color": palette.text},
            "showgrid": False,
            "zeroline": False,
            "showline": False,
            "ticks": "",
        },
    }
    cursors = [{"x0": k - 1.0, "x1": float(k)} for k in range(1, count + 1)]
    return animated(
        traces,
        layout,
        together(
            [
                marks.veil(palette, x1=count + 0.1, y0=0, y1=y),
                marks.cursor(palette.timesteps, y0=0, y1=y - _GAP + 3),
            ],
            [
                [{"x0": float(k)}, cursor]
                for k, cursor in enumerate([{"x0": 0.0, "x1": 0.0}, *cursors])
            ],
        ),
        labels=step_captions(labels),
        look=Look(step, palette, height, controls),
    )


def with_inference(data: Dropped) -> bool:
    """Whether the picture has room for the states at inference too."""
    return data.inputs.size + 3 * data.training.size <= MOST_NUMBERS


def _bands(data: Dropped, gate: int, palette: Palette) -> list[_Band]:
    def masked(values: NDArray[np.floating], mask: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.where(mask == 0, np.nan, values * mask)

    which = f"for the {plain(data.gates[gate])} gate" if data.gates[gate] else "the step reads"
    if data.gates[gate] == "candidate":
        which = "for the candidate"
    read = masked(data.inputs, data.input_masks[gate])
    fed = masked(data.training[:-1], data.state_masks[gate])
    states = marks.symmetric_limit(data.training, data.inference, fed)
    return [
        _Band(
            f"x · mask<br>{which}<br>dropout={data.dropout:g}",
            read,
            palette.features,
            marks.symmetric_limit(data.inputs, read),
        ),
        _Band(
            f"last h · mask<br>{which}<br>recurrent_dropout<br>={data.recurrent_dropout:g}",
            fed,
            palette.hidden,
            states,
        ),
        _Band("h after it<br><b>training=True</b>", data.training[1:], palette.hidden, states),
        *(
            [
                _Band(
                    "h after it<br><b>training=False</b>",
                    data.inference[1:],
                    palette.hidden,
                    states,
                )
            ]
            if with_inference(data)
            else []
        ),
    ]


def _draw_band(
    traces: list[Trace],
    band: _Band,
    top: float,
    row: float,
    ticks: list[float],
    palette: Palette,
) -> float:
    """Draw one band and give where it ends."""
    count, rows = band.values.shape
    bottom = top + rows * row
    written = count <= _MOST_WRITTEN
    traces.append(
        marks.heatmap(
            band.values.T,
            limit=band.limit,
            cell=(1, row) if written else None,
            gap=1 if written and row >= 10 else 0,
            hover="%{z:.6f}<extra></extra>",
            x0=0.5,
            dx=1,
            y0=top + row / 2,
            dy=row,
        )
    )
    gone = np.flatnonzero(np.isnan(band.values).all(axis=0)).tolist()
    spans: list[marks.Box] = []
    for i in gone:  # neighbours in one box
        begin = round(top + i * row, 3)
        if spans and abs(spans[-1][3] - begin) < 1e-6:
            begin = spans.pop()[1]
        spans.append((0.0, begin, float(count), round(top + (i + 1) * row, 3)))
    if row >= _HATCHABLE:
        traces.append(marks.hatch(spans, color=palette.muted))
    else:
        grey = {"fill": "toself", "fillcolor": "rgba(128,128,128,0.45)"}
        traces.append(marks.outline(spans, color=palette.muted, width=0, **grey))
    if written:
        traces.append(
            marks.texts(
                [k + 0.5 for _ in gone for k in range(count)],
                [top + (i + 0.5) * row for i in gone for _ in range(count)],
                ["<b>dropped</b>"] * (len(gone) * count),
                color=palette.text,
                size=12,
                room=(1.0, row),
            )
        )
    traces.append(marks.outline([(0.0, top, float(count), bottom)], color=band.color))
    ticks.append((top + bottom) / 2)
    return bottom
