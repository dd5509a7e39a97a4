"""What a recurrent layer returns, by name, and what a Dense layer on top makes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.lessons.outputs.compute import Outputs, compute_outputs
from seqviz.plotly_kit import blocks, marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.bands import (
    Band,
    after_the_start,
    draw_states,
    input_band,
    state_bands,
)
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import id_for_each, step_captions, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes, columns
from seqviz.readout.records import of_one_sample, sample_to_draw
from seqviz.readout.table import at_the_end
from seqviz.trace import AnyTrace
from seqviz.wording import counted, subscript

_NAMES = 19  # pixels, as are those below
_HEAD_PAD = 6
_HEAD_TEXT = 17
_BESIDE = 0.04  # more space before the returned states than between blocks
_HIGHEST = 30, 44  # a vector at most: with a head, whose bars need room, and without
_MOST_CLASSES = 8
_TOUCH = 24  # pixels around an end of a bar in which a tap tells its score


def plot_outputs(
    data: Outputs | Mapping[str, AnyTrace],
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    sample: int | None = None,
    winner: bool = True,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw the unrolled layer with its results by name, and the scores of a head; playable.

    Returned results are outlined, the others hatched: they were computed all the same. With many
    timesteps or units the same numbers are drawn as heatmaps.

    Args:
        data: What `compute_outputs` made, or the whole trace of a model.
        tokens: The word at each timestep.
        ids: Its id, which decides its colour; the position if not given.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        winner: Whether the largest score of a head with several classes stands out; it means
            nothing while the head is untrained.
        step: Steps already computed when it opens, 0 … T, and T + 1 for a head; all if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    if isinstance(data, Outputs):
        of_one_sample(data, sample)
    else:
        data = compute_outputs(data, sample=sample_to_draw(data, sample))
    labels = token_labels(tokens, data.states.timesteps.tolist())
    look = Look(step, palette, height, controls)
    if not is_readable(data):
        return _draw_heatmaps(data, labels, look)
    captions = [*step_captions(labels), *([data.head] if data.head else [])]
    places = _places(data, height)
    traces: list[Trace] = []
    _draw_states(traces, data, labels, ids, palette, places)
    _draw_results(traces, data, palette, places)
    if data.scores is not None:
        _draw_scores(traces, data, palette, places, winner=winner)
    return animated(
        traces,
        blocks.frame(len(labels), places["end"], height, _parts(data, places))
        | {"hoverdistance": _TOUCH},
        together(
            [marks.veil(palette), marks.veil(palette), marks.light(palette.timesteps)],
            _moves(data, places),
        ),
        labels=captions,
        look=look,
    )


def _parts(data: Outputs, places: dict[str, Any]) -> dict[str, list[Boxes]]:
    states, xs, row = data.states, places["xs"], places["row"]
    results, beside = places["results"], places["beside"]
    low = places["block"]
    named = blocks.input_parts(xs, row, places["names"]) | blocks.layer_parts(states, xs, low, row)
    named["output"] = [columns(xs, results, places["names"])]
    # Where they are not returned beside the last block, they are only in it.
    last = beside if len(data.results) > 1 else xs[-1]
    at = blocks.hidden_low(states, low, row)
    named["last_hidden"] = [columns([last], at, at + row)]
    if states.cell_states is not None:
        named["last_cell"] = [columns([last], low + blocks.PAD, low + blocks.PAD + row)]
    if data.scores is not None:
        first = xs[0] if data.return_sequences else xs[-1]
        named["head"] = [Boxes((first, places["head"], xs[-1] + 1, places["top"]))]
    return named


def is_readable(data: Outputs) -> bool:
    """Whether the picture has blocks that can be read, rather than heatmaps."""
    count, features = data.states.inputs.shape
    classes = 0 if data.scores is None else data.scores.shape[1]
    widest = max(data.states.hidden.shape[1], features, classes)
    return blocks.readable(count, widest) and classes <= _MOST_CLASSES


def natural_height(data: Outputs, most: int) -> int:
    """The height in pixels, up to `most`, in which the picture has no empty space above it.

    A head takes all the room that it is given.
    """
    needed = _fixed(data) + _vectors(data) * _HIGHEST[True]
    bare = data.scores is None and is_readable(data)
    return min(most, round(needed)) if bare else most


def _vectors(data: Outputs) -> int:
    """How many stand above each other, without the head's."""
    return 3 if data.states.cell_states is None else 4


def _fixed(data: Outputs) -> float:
    """Pixels from the bottom to the top that are not of vectors or of a head."""
    frames = blocks.height_of(data.states, 0)
    return blocks.TOKENS + 2 * blocks.ARROW + frames + _NAMES + 2 * blocks.MARGIN + 4


def _places(data: Outputs, height: int) -> dict[str, Any]:
    count = len(data.states.timesteps)
    vectors = _vectors(data)
    head = data.scores is not None
    room = height - _fixed(data) - (blocks.ARROW if head else 0)
    row = min(max(room / (vectors + (4.6 if head else 0)), blocks.LOWEST), _HIGHEST[not head])
    block = blocks.TOKENS + row + blocks.ARROW
    block_top = block + blocks.height_of(data.states, row)
    results = block_top + blocks.ARROW
    top = results + row + _NAMES
    xs = blocks.lefts(count)
    beside = xs[-1] + blocks.PITCH + _BESIDE
    return {
        "row": row,
        "xs": xs,
        "block": block,
        "block_top": block_top,
        "results": results,
        "names": top,
        "head": top + blocks.ARROW - 6,
        "top": height - 2 * blocks.MARGIN - 2 if head else top,
        "beside": beside,
        "end": beside + 1.06 if len(data.results) > 1 else xs[-1] + 1.2,
    }


def _draw_states(
    traces: list[Trace],
    data: Outputs,
    labels: Sequence[str],
    ids: Sequence[int] | None,
    palette: Palette,
    places: dict[str, Any],
) -> None:
    states, xs, row = data.states, places["xs"], places["row"]
    order = states.timesteps.tolist()
    if ids is not None:
        ids = id_for_each(ids, len(order))
        ids = [ids[t] for t in order]
    blocks.draw_inputs(traces, states.inputs, labels, ids, xs, row, palette)
    at = blocks.TOKENS + row
    traces.append(
        marks.arrows(
            blocks.up(xs, at, places["block"]), color=palette.features, symbol="triangle-up"
        )
    )
    blocks.draw_layer(traces, states, xs, places["block"], row, palette)
    count, features = states.inputs.shape
    units = states.hidden.shape[1]
    title = data.results[0].name
    shape = ", ".join(map(str, data.results[0].shape))
    # By itself, so that a phone leaves it out and nothing else.
    below = (places["results"] - 8, f"if True: (1, {count}, {units})", palette.muted)
    otherwise = [] if data.return_sequences else [below]
    middle = (places["block"] + places["block_top"]) / 2
    blocks.draw_labels(
        traces,
        count,
        [
            (blocks.TOKENS + row / 2, f"input<br>(1, {count}, {features})", palette.features),
            (middle, f"<b>{states.cell}</b><br>{counted(units, 'unit')}", palette.text),
            (places["results"] + row / 2, f"<b>{title}</b><br>({shape})", palette.hidden),
            *otherwise,
        ],
    )


def _draw_results(
    traces: list[Trace], data: Outputs, palette: Palette, places: dict[str, Any]
) -> None:
    states, xs, row = data.states, places["xs"], places["row"]
    count, low = len(xs), places["results"]
    returned = [data.return_sequences or k == count - 1 for k in range(count)]
    given = states.hidden[1:] if states.outputs is None else states.outputs
    names = [f"seq[:, {k}] " for k in range(count)]
    limit = marks.symmetric_limit(given)
    traces.append(blocks.vectors(given, xs, low, row, limit=limit, names=names))
    boxes = [(x, low, x + 1, low + row) for x in xs]
    kept = [box for box, yes in zip(boxes, returned, strict=True) if yes]
    lost = [box for box, yes in zip(boxes, returned, strict=True) if not yes]
    arrows = blocks.up([box[0] for box in kept], places["block_top"], low)
    traces.append(marks.arrows(arrows, color=palette.hidden, symbol="triangle-up"))

    words = ["not returned"] * (count - 1) + [f"output = {subscript('h', count)}"]
    if data.return_sequences:
        words = [f"seq[:, {k}]" for k in range(count - 1)] + ["seq[:, -1]"]
    texts = [
        (x + 0.5, low + row + _NAMES / 2, word, palette.hidden if yes else palette.muted)
        for x, word, yes in zip(xs, words, returned, strict=True)
    ]

    # What return_state adds: the last states once more, beside the last block.
    beside = places["beside"]
    hidden_low = blocks.hidden_low(states, places["block"], row)
    flows = [(states.hidden, hidden_low, places["block_top"] + 10, palette.hidden)]
    if states.cell_states is not None:
        low_cell = places["block"] + blocks.PAD
        flows.append((states.cell_states, low_cell, places["block"] - 10, palette.cell))
    for result, (values, bottom, label, color) in zip(data.results[1:], flows, strict=False):
        limit, middle, name = marks.symmetric_limit(values), bottom + row / 2, result.name
        traces.append(
            blocks.vectors(values[-1:], [beside], bottom, row, limit=limit, names=[name + " "])
        )
        shape = ", ".join(map(str, result.shape))
        texts.append((beside + 0.5, label, f"{name} ({shape})", color))
        box = (beside, bottom, beside + 1, bottom + row)
        traces.append(marks.outline([box], color=color, width=4))
        arrow = [(xs[-1] + 1.05, middle, beside - 0.05, middle)]
        traces.append(marks.arrows(arrow, color=color, symbol="triangle-right"))
    traces.append(marks.outline(kept, color=palette.hidden, width=4))
    traces.append(marks.hatch(lost, color=palette.muted))
    at_x, at_y, said, colors = map(list, zip(*texts, strict=True))
    traces.append(
        marks.texts(at_x, at_y, said, color=colors, size=12, room=(blocks.PITCH - 0.04, 17))
    )


def _draw_scores(
    traces: list[Trace],
    data: Outputs,
    palette: Palette,
    places: dict[str, Any],
    *,
    winner: bool,
) -> None:
    """Draw one bar per class over each vector that the head was given."""
    scores = np.asarray(data.scores)
    xs = places["xs"] if data.return_sequences else places["xs"][-1:]
    low, top = places["head"], places["top"]
    classes = scores.shape[1]
    frames = [(x, low, x + 1, top) for x in xs]
    if data.head == "Dense":
        frames = [(xs[0], low, xs[-1] + 1, top)]  # one layer, given the whole sequence
    traces.append(
        marks.outline(
            frames,
            color=palette.gate_input,
            width=1.5,
            fill="toself",
            fillcolor="rgba(128,128,128,0.10)",
        )
    )
    traces.append(
        marks.arrows(
            blocks.up(xs, places["names"] - 2, low + 2), color=palette.hidden, symbol="triangle-up"
        )
    )
    base, full = low + _HEAD_PAD + _HEAD_TEXT, top - _HEAD_PAD - _HEAD_TEXT
    smallest, largest = min(0.0, float(scores.min())), max(1.0, float(scores.max()))
    scale = (full - base) / (largest - smallest)
    zero = base - smallest * scale
    best = scores.argmax(axis=1)
    bars: dict[bool, list[marks.Box]] = {True: [], False: []}
    points, values, numbers, tops, hover = [], [], [], [], []
    for x, row, first in zip(xs, scores.tolist(), best.tolist(), strict=True):
        for k, score in enumerate(row):
            left = x + (k + 0.2) / classes
            wins = winner and classes > 1 and k == first
            bars[wins].append((left, zero, left + 0.6 / classes, zero + score * scale))
            points.append(x + (k + 0.5) / classes)
            tops.append(zero + max(score, 0) * scale + 8)
            values.append(f"<b>{score:.2f}</b>" if wins else f"{score:.2f}")
            numbers.append(f"class {k}" if classes > 1 else "Dense(1)")
            hover.append(f"{numbers[-1]}: {score:.6f}")
    for wins, color in ((True, palette.gate_input), (False, palette.muted)):
        traces.append(
            marks.outline(bars[wins], color=color, width=1, fill="toself", fillcolor=color)
        )
    if len(xs) > 1:
        middles = [(left + right) / 2 for left, _, right, _ in frames]
        said = ["Dense", *["the same Dense"] * (len(frames) - 1)]
        if len(frames) == 1:
            said = ["one Dense for all"]
        at_top, room = [top - 10] * len(frames), (0.95, 16)
        traces.append(marks.texts(middles, at_top, said, color=palette.gate_input, room=room))
    if classes > 1:
        full_scores = [(x + 0.03, zero + scale, x + 0.97, zero + scale) for x in xs]
        traces.append(marks.segments(full_scores, color=palette.muted, width=1, dash="dot"))
        traces.append(
            marks.texts(
                [x + 0.5 for x in xs],
                [zero + scale - 9] * len(xs),
                ["1 = sure"] * len(xs),
                color=palette.muted,
                room=(0.9, 16),
            )
        )
    # A tap at either end of a bar tells its score, where that has no room.
    at = [low + _HEAD_PAD + 5] * len(points)
    for ys, words, color in ((tops, values, palette.text), (at, numbers, palette.muted)):
        room = (1 / classes, 16)
        traces.append(marks.texts(points, ys, words, color=color, size=12, room=room, hover=hover))
    name = "<b>Dense</b>" if data.head == "Dense" else "<b>Time-<br>Distributed</b><br>Dense"
    shape = f"(1, {len(xs)}, {classes})" if data.return_sequences else f"(1, {classes})"
    label = ((low + top) / 2, f"{name}<br>{shape}", palette.gate_input)
    blocks.draw_labels(traces, len(places["xs"]), [label])


def _moves(data: Outputs, places: dict[str, Any]) -> list[list[dict[str, float]]]:
    """Two veils, over what is right of a column and over the head, and the light."""
    xs, end, top = places["xs"], places["end"], places["top"]
    gone = {"x0": end, "x1": end, "y0": top, "y1": top}
    low = blocks.TOKENS + places["row"] + 1
    over = places["names"] - 1
    head = {"x0": -0.1, "x1": end, "y0": over, "y1": top + 1} if data.head else gone
    steps = [[{"x0": -0.3, "x1": end, "y0": low, "y1": over}, head, gone]]
    for k, x in enumerate(xs):
        light = {"x0": x - 0.1, "x1": x + 1.1, "y0": blocks.TOKENS - 4, "y1": over}
        veil = {"x0": x + 1.12, "x1": end, "y0": low, "y1": over}
        steps.append([gone if k == len(xs) - 1 else veil, head, light])
    if data.head:
        first = xs[0] if data.return_sequences else xs[-1]
        light = {"x0": first - 0.1, "x1": xs[-1] + 1.1, "y0": places["results"] - 4, "y1": top + 1}
        steps.append([gone, gone, light])
    return steps


def _draw_heatmaps(data: Outputs, labels: Sequence[str], look: Look) -> go.Figure:
    bands = state_bands(data.states, look.palette)
    if data.scores is not None:
        scores = at_the_end(data.scores, len(labels) + 1)
        color = look.palette.gate_input
        bands.insert(0, Band("scores", scores.T, color, "number", parts={"head": None}))
    bands.append(input_band(after_the_start(data.states.inputs), look.palette))
    return draw_states(bands, data.states, labels, look)
