"""Runs of one layer above each other: which state each call starts from, and what that changes."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.state.compute import GIVEN, KEPT, RESET, Runs, last_columns
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import (
    decimals,
    id_for_each,
    plain,
    shorten,
    step_captions,
    token_labels,
)
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette, token_colors
from seqviz.plotly_kit.parts import Boxes, numbered, parts
from seqviz.readout.records import drawn_of

MOST_NUMBERS = 12_000  # of one run: beyond it an LSTM's cell states are left out

_BETWEEN = 0.9  # between two calls, where a cell is 1 wide
_HEAD = 43  # pixels, as are those below: the calls and the tokens
_WORDS = 20  # over each run: where its calls start from
_FRAME = 20.0  # where the frame around a call begins …
_EDGE = 0.08  # … and how far from its states, in cells
_BARS = 40  # under it: how far it is from the reference
_ROOM = 10  # between runs
_TOKEN_LENGTH = 12
_MOST_WRITTEN = 100  # columns with words and numbers; narrower ones have no room even for digits
_MOST_FRAMED = 12  # calls; of more the frames would cover the states
_NAMED = 5  # of more, each fifth is named


class _Places(NamedTuple):
    """Where things are: x in cells, y in pixels from the top."""

    left: NDArray[np.floating]  # of each column
    right: float
    tops: list[float]  # of each run's cells
    row: float  # height of a cell
    bars: list[float | None]  # where each run's bars stand; None where it has none
    bottom: float
    framed: bool  # whether each call has room for a frame and a name


@drawn_of(Runs, "compute_stateful")
def plot_runs(
    data: Runs,
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    step: int | None = None,
    by_call: bool = False,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the states of several runs above each other, each call beginning with its first state.

    Under each run bars say how far it is from the reference. Words over the first column of a
    call say where its state is from, and an arrow shows a state that was kept. An LSTM's cell
    states are below its hidden states, up to `MOST_NUMBERS`.

    Args:
        data: What `compute_stateful` or `compute_initial_state` made.
        tokens: The word at each timestep.
        ids: Its id, which decides its colour; the position if not given.
        step: Step to open at, 0 … timesteps (or calls); the last if None.
        by_call: Whether a step is a whole call, else one timestep.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is not one token, or not one id, for each timestep.
    """
    count = int((data.timesteps >= 0).sum())
    labels = token_labels(tokens, range(count))
    kinds = [("h", data.hidden, palette.hidden)]
    if with_cell_states(data) and data.cell_states is not None:
        kinds.append(("c", data.cell_states, palette.cell))
    places = _place(data, sum(states.shape[2] for _, states, _ in kinds), height)
    traces: list[Trace] = []
    _draw_head(traces, data, places, labels, id_for_each(ids, count), palette)
    for run in range(len(data.labels)):
        _draw_run(traces, data, places, run, kinds, palette)
    _draw_distances(traces, data, places, palette)
    layout = {
        **_parts(data, places),
        "margin": {"l": 104, "r": 8, "t": 4, "b": 4},
        "xaxis": marks.bare_axis(-0.1, places.right + 0.1),
        "yaxis": {
            **marks.bare_axis(places.bottom, 0),
            **_axis_labels(data, places, kinds, palette),
        },
    }
    reached = last_columns(data, by_call=by_call)
    captions = (
        ["start", *(f"call {n}" for n in range(1, len(reached)))]
        if by_call
        else step_captions(labels)
    )
    return animated(
        traces,
        layout,
        together(
            [
                marks.veil(palette, x1=places.right + 0.2, y0=0.0, y1=places.bottom),
                marks.cursor(palette.timesteps, y0=_FRAME, y1=places.bottom - 3),
            ],
            _moves(data, places, reached, by_call=by_call),
        ),
        labels=captions,
        look=Look(step, palette, height, controls),
    )


def with_cell_states(data: Runs) -> bool:
    """Whether the picture has room for an LSTM's cell states too."""
    return data.cell_states is not None and data.cell_states[0].size <= MOST_NUMBERS


def _parts(data: Runs, places: _Places) -> dict[str, Any]:
    """The states of each run, and each call of all of them."""
    left, right = float(places.left[0]), places.right
    units = data.hidden.shape[2]
    calls = (np.flatnonzero(data.calls == call) for call in range(int(data.calls[-1]) + 1))
    return parts(
        {
            "hidden": [Boxes((left, top, right, top + places.row * units)) for top in places.tops],
            "call": numbered(
                (n, (float(places.left[at[0]]), 0.0, float(places.left[at[-1]]) + 1, places.bottom))
                for n, at in enumerate(calls, 1)
            ),
        }
    )


def _place(data: Runs, rows: int, height: int) -> _Places:
    runs = len(data.labels)
    below = [0 if label == data.reference else _BARS for label in data.labels]
    fixed = _HEAD + runs * _WORDS + sum(below) + runs * _ROOM + 8
    row = max(height - 8 - fixed, 60) / (rows * runs)
    tops: list[float] = []
    bars: list[float | None] = []
    y = float(_HEAD)
    for high in below:
        y += _WORDS
        tops.append(y)
        y += rows * row + high
        bars.append(y if high else None)
        y += _ROOM
    left = (np.arange(len(data.calls)) + data.calls * _BETWEEN).round(3)
    framed = data.calls[-1] < _MOST_FRAMED
    return _Places(left, float(left[-1]) + 1, tops, row, bars, y, framed)


def _draw_head(
    traces: list[Trace],
    data: Runs,
    places: _Places,
    labels: Sequence[str],
    ids: list[int],
    palette: Palette,
) -> None:
    """Which timesteps each call reads, and the tokens in their colours."""
    steps = data.timesteps
    spans = []
    names = []
    for call in range(int(data.calls[-1]) + 1):
        columns = np.flatnonzero(data.calls == call)
        spans.append((places.left[columns[0]], places.left[columns[-1]] + 1))
        first, last = steps[columns[1]] + 1, steps[columns[-1]] + 1
        which = f"timestep {first}" if first == last else f"timesteps {first}–{last}"
        long = len(columns) > 3 and len(data.calls) <= 14
        names.append(f"<b>call {call + 1}</b>: {which}" if long else f"<b>call {call + 1}</b>")
    middles = [(low + high) / 2 for low, high in spans]
    narrowest = min(high - low for low, high in spans)
    every = 1 if places.framed else _NAMED
    # Not the last of many, whose name would be cut: call 30 would read call 3.
    named = range(len(spans)) if places.framed else range(every - 1, len(spans) - 1, every)
    traces.append(
        marks.texts(
            [middles[n] for n in named],
            [10.0] * len(named),
            [names[n] for n in named],
            color=palette.text,
            size=13,
            room=(every * (narrowest + _BETWEEN * (len(names) > 1)), 20),
        )
    )
    if places.framed:
        traces.append(
            marks.outline(
                [(low - _EDGE, _FRAME, high + _EDGE, places.bottom - 3) for low, high in spans],
                color=palette.muted,
                width=1,
                dash="dot",
            )
        )
    colors = token_colors(ids)
    read = np.flatnonzero(steps >= 0)
    centres = (places.left[read] + 0.5).tolist()
    # The colour is a bar over the word: not every token colour is readable as text.
    traces.append(
        {
            "type": "scatter",
            "x": centres,
            "y": [26.0] * len(centres),
            "mode": "markers",
            "marker": {
                "symbol": "line-ew",
                "size": 16 if len(centres) <= 40 else 4,
                "line": {"width": 3, "color": [colors[int(t)] for t in steps[read]]},
            },
            "hoverinfo": "text",
            "hovertext": [plain(labels[int(t)]) for t in steps[read]],
            "showlegend": False,
        }
    )
    if len(places.left) > _MOST_WRITTEN:
        return
    traces.append(
        marks.texts(
            centres,
            [36.0] * len(centres),
            [f"<b>{plain(shorten(labels[int(t)], _TOKEN_LENGTH))}</b>" for t in steps[read]],
            color=palette.text,
            size=13,
            room=(1.0, 16),
        )
    )


def _draw_run(
    traces: list[Trace],
    data: Runs,
    places: _Places,
    run: int,
    kinds: Sequence[tuple[str, NDArray[np.floating], str]],
    palette: Palette,
) -> None:
    top = places.tops[run]
    count = len(data.calls)
    first = np.flatnonzero(data.timesteps < 0)
    spans = _spans(data)
    for symbol, states, color in kinds:
        units = states.shape[2]
        limit = marks.symmetric_limit(states)
        edges, column = _edges(places.left)
        grid = np.full((units, len(edges) - 1), np.nan, np.float32)
        grid[:, column] = states[run].T
        traces.append(
            marks.heatmap(
                grid,
                limit=limit,
                cell=(1, places.row) if count <= 40 else None,
                gap=1 if count <= 40 and places.row >= 10 else 0,
                hover=f"{plain(data.labels[run])}: {symbol} = %{{z:.6f}}<extra></extra>",
                x=edges,
                y=[top + i * places.row for i in range(units + 1)],
            )
        )
        bottom = top + units * places.row
        traces.append(
            marks.outline(
                [(places.left[a], top, places.left[b] + 1, bottom) for a, b in spans],
                color=color,
                width=2 if places.framed else 0.5,
            )
        )
        if places.framed:
            starts = [(places.left[k], top, places.left[k] + 1, bottom) for k in first.tolist()]
            traces.append(marks.outline(starts, color=palette.text, width=1.5))
        traces.append(
            marks.hatch(
                [
                    (places.left[k], top, places.left[k] + 1, bottom)
                    for k in np.flatnonzero(data.skipped).tolist()
                ],
                color=palette.muted,
            )
        )
        kept: list[Box] = [
            (places.left[k] - _BETWEEN + 0.08, middle, places.left[k] - 0.1, middle)
            for k, start in zip(first.tolist(), data.starts[run], strict=True)
            if start == KEPT and places.framed
            for middle in [(top + bottom) / 2]
        ]
        traces.append(marks.arrows(kept, color=color, symbol="triangle-right"))
        top = bottom
    words = {KEPT: "kept", RESET: "reset: 0", GIVEN: "given"}
    shown = [words.get(start, "zeros") for start in data.starts[run]]
    # Of many calls only where the word changes, as large as the closest two have room for.
    at = [n for n in range(len(shown)) if places.framed or n == 0 or shown[n] != shown[n - 1]]
    xs = [float(places.left[first[n]]) + (0.5 if places.framed else min(n, 1)) for n in at]
    room = 1.6 if places.framed else min([_NAMED, *np.diff(xs)])
    traces.append(
        marks.texts(
            xs,
            [places.tops[run] - 9.0] * len(at),
            [f"<b>{shown[n]}</b>" for n in at],
            color=[palette.hidden if shown[n] in ("kept", "given") else palette.muted for n in at],
            size=13,
            position="middle center" if places.framed else "middle right",
            room=(room, 18),
        )
    )


def _draw_distances(traces: list[Trace], data: Runs, places: _Places, palette: Palette) -> None:
    """Bars whose height is the distance, with the number over each."""
    limit = marks.symmetric_limit(data.distances)
    for run, base in enumerate(places.bars):
        if base is None:
            continue
        distances = data.distances[run]
        high = _BARS - 18
        heights = np.maximum(high * distances / limit, 1.0)
        traces.append(
            {
                "type": "bar",
                "x": places.left.round(3).tolist(),
                "y": heights.round(2).tolist(),
                "base": (base - heights).round(2).tolist(),
                "offset": 0.12,
                "width": 0.76,
                "marker": {"color": palette.timesteps, "line": {"width": 0}},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
        if len(places.left) > _MOST_WRITTEN:
            continue
        places_after = decimals(limit)
        traces.append(
            marks.texts(
                (places.left + 0.5).tolist(),
                [base - high * d / limit - 8.0 for d in distances.tolist()],
                [f"{d:.{places_after}f}" for d in distances.tolist()],
                color=palette.text,
                size=12,
                room=(1.0, 16),
            )
        )


def _axis_labels(
    data: Runs,
    places: _Places,
    kinds: Sequence[tuple[str, NDArray[np.floating], str]],
    palette: Palette,
) -> dict[str, object]:
    """What each band is, at its middle; the run's name over it."""
    values: list[float] = []
    labels: list[str] = []
    names = {"h": "hidden state h", "c": "cell state c"}
    for run, top in enumerate(places.tops):
        values.append(top - 9)
        labels.append(f"<b>{plain(data.labels[run])}</b>")
        for symbol, states, color in kinds:
            high = states.shape[2] * places.row
            values.append(top + high / 2)
            name = names[symbol]
            labels.append(f"<span style='color:{color}'>{name}</span>")
            top += high
        base = places.bars[run]
        if base is not None:
            values.append(base - _BARS / 2 + 6)
            labels.append(f"difference<br>from {plain(data.reference)}")
    return {
        "visible": True,
        "tickvals": values,
        "ticktext": labels,
        "tickfont": {"size": 12, "color": palette.text},
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
    }


def _moves(
    data: Runs, places: _Places, reached: Sequence[int], *, by_call: bool
) -> list[list[dict[str, float]]]:
    """The veil beyond what is reached; the cursor around the step, and the state it began from."""
    # At an end of a call they stand on its frame, a little apart from the states.
    moves = []
    for number, column in enumerate(reached):
        end = float(places.left[column]) + 1
        begin = column
        last = column + 1 == len(data.calls) or data.timesteps[column + 1] < 0
        if number and (by_call or data.timesteps[column - 1] < 0):
            begin = int(np.flatnonzero(data.calls == data.calls[column])[0])
        moves.append(
            [
                {"x0": round(end + 0.06 * last, 3)},
                {
                    "x0": round(float(places.left[begin]) - _EDGE * (data.timesteps[begin] < 0), 3),
                    "x1": round(end + _EDGE * last, 3),
                },
            ]
        )
    return moves


def _spans(data: Runs) -> list[tuple[int, int]]:
    """First and last column of each call."""
    first = np.flatnonzero(data.timesteps < 0)
    last = np.append(first[1:] - 1, len(data.calls) - 1)
    return list(zip(first.tolist(), last.tolist(), strict=True))


def _edges(left: NDArray[np.floating]) -> tuple[list[float], list[int]]:
    """Edges of the heatmap's columns, gaps included, and which of them are the states'."""
    edges: list[float] = []
    column: list[int] = []
    for x in left.tolist():
        if not edges or abs(edges[-1] - x) > 1e-6:
            edges.append(x)
        column.append(len(edges) - 1)
        edges.append(x + 1)
    return edges, column
