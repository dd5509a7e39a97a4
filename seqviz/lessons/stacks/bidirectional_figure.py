"""A Bidirectional layer: two layers read the same words, one of them from the end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.lessons.stacks.compute import BothDirections, compute_bidirectional
from seqviz.plotly_kit import blocks, marks
from seqviz.plotly_kit.animation import Look, Moving, animated, together
from seqviz.plotly_kit.bands import Band, draw_bands, input_band
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes, columns
from seqviz.readout.records import of_one_sample, sample_to_draw
from seqviz.readout.table import at_the_end
from seqviz.readout.unrolled import Unrolled
from seqviz.trace import AnyTrace

_TOP = 38
_BETWEEN = 30  # pixels between the two directions, for the inputs' bends
_MERGE = 34  # and under the merged vectors, for the lines that come together there
_HALF = 0.46  # width of each of two vectors beside each other
_ALONE = 2  # width of an output that is the only one


def plot_bidirectional(
    data: BothDirections | Mapping[str, AnyTrace],
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    sample: int | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw both directions of a Bidirectional layer, playable: each a step, then the merge.

    The forward layer is computed from the left, the backward layer from the right. With many
    timesteps or units the same numbers are drawn as heatmaps.

    Args:
        data: What `compute_bidirectional` made, or the whole trace of a model with such a layer.
        tokens: The word at each timestep.
        ids: Its id, which decides its colour; the position if not given.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Steps already computed when it opens, 0 … T + 1, the last one being the merge; all
            of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    if isinstance(data, BothDirections):
        of_one_sample(data, sample)
    else:
        data = compute_bidirectional(data, sample=sample_to_draw(data, sample))
    count = len(data.forward.timesteps)
    labels = token_labels(tokens, range(count))
    captions = ["start", *(f"step {k}" for k in range(1, count + 1)), "merge"]
    look = Look(step, palette, height, controls)
    if not is_readable(data):
        return _draw_heatmaps(data, labels, captions, look)
    traces: list[Trace] = []
    places = _places(data, height)
    _draw(traces, data, labels, ids, palette, places)
    end = blocks.lefts(count)[-1] + 1.4
    return animated(
        traces,
        blocks.frame(count, end, height, _parts(data, places)),
        together(
            [*[marks.veil(palette)] * 3, *[marks.light(palette.timesteps)] * 2],
            _moves(count, places, end),
        ),
        labels=captions,
        look=look,
    )


def _parts(data: BothDirections, places: dict[str, Any]) -> dict[str, list[Boxes]]:
    xs, row, merged = blocks.lefts(len(data.forward.timesteps)), places["row"], places["merged"]
    named = blocks.input_parts(xs, row, merged + row)
    for name, layer in (("forward", data.forward), ("backward", data.backward)):
        at = [xs[t] for t in layer.timesteps.tolist()]
        for part, boxes in blocks.layer_parts(layer, at, places[name][0], row).items():
            named[part] = named.get(part, []) + boxes
        named[name] = [Boxes((xs[0], places[name][0], xs[-1] + 1, places[name][1]))]
    whole = xs if data.return_sequences else [(xs[0] + xs[-1]) / 2]
    named["output"] = [columns(whole, merged, merged + row)]
    return named


def is_readable(data: BothDirections) -> bool:
    """Whether the picture has blocks that can be read, rather than heatmaps."""
    count, features = data.forward.inputs.shape
    return blocks.readable(count, max(data.outputs.shape[1], features))


def natural_height(data: BothDirections, at_most: int) -> int:
    """Pixels that the picture needs, not to leave its upper part empty."""
    return blocks.natural_height(*_sizes(data), at_most) if is_readable(data) else at_most


def _sizes(data: BothDirections) -> tuple[float, int]:
    """Height of all but the vectors, in pixels, and how many vectors are above each other."""
    both = (data.forward, data.backward)
    frames = sum(blocks.height_of(one, 0) for one in both)
    fixed = blocks.TOKENS + blocks.ARROW + _BETWEEN + _MERGE + frames + _TOP + 2 * blocks.MARGIN + 2
    return fixed, 2 + sum(1 if one.cell_states is None else 2 for one in both)


def _places(data: BothDirections, height: int) -> dict[str, Any]:
    fixed, vectors = _sizes(data)
    row = blocks.row_height(height, fixed, vectors)
    forward = blocks.TOKENS + row + blocks.ARROW
    forward_top = forward + blocks.height_of(data.forward, row)
    backward = forward_top + _BETWEEN
    backward_top = backward + blocks.height_of(data.backward, row)
    return {
        "row": row,
        "forward": (forward, forward_top),
        "backward": (backward, backward_top),
        "merged": backward_top + _MERGE,
    }


def _halves(data: BothDirections) -> list[tuple[NDArray[np.floating], float, float, str]]:
    """The output as vectors: values, place from a block's left edge, width, what it is called."""
    units = data.forward.hidden.shape[1]
    whole = 1 if data.return_sequences else _ALONE
    left = (1 - whole) / 2
    if data.merge_mode not in ("concat", None):
        return [(data.outputs, left, whole, data.merge_mode or "")]
    width = whole * (0.5 if data.merge_mode == "concat" else _HALF)
    return [
        (data.outputs[:, :units], left, width, "forward"),
        (data.outputs[:, units:], left + whole - width, width, "backward"),
    ]


def _draw(
    traces: list[Trace],
    data: BothDirections,
    labels: Sequence[str],
    ids: Sequence[int] | None,
    palette: Palette,
    places: dict[str, Any],
) -> None:
    count, row = len(labels), places["row"]
    xs = blocks.lefts(count)
    (low, top), (back_low, back_top), merged = (
        places["forward"],
        places["backward"],
        places["merged"],
    )
    blocks.draw_inputs(traces, data.forward.inputs, labels, ids, xs, row, palette)
    at = blocks.TOKENS + row
    traces.append(
        marks.arrows(blocks.up(xs, at, low), color=palette.features, symbol="triangle-up")
    )
    middle = blocks.TOKENS + row / 2
    traces.append(  # past the forward block, up into the backward one
        _bends(
            [
                [
                    (x + 1.0, middle),
                    (x + 1.12, middle),
                    *(_hop(x + 1.12, (low + top) / 2) if x < xs[-1] else []),
                    (x + 1.12, back_low - 14),
                    (x + 0.8, back_low - 14),
                    (x + 0.8, back_low - 4),
                ]
                for x in xs
            ],
            palette.features,
        )
    )
    blocks.draw_layer(traces, data.forward, xs, low, row, palette)
    blocks.draw_layer(
        traces,
        data.backward,
        [xs[t] for t in data.backward.timesteps.tolist()],
        back_low,
        row,
        palette,
    )
    _draw_merged(traces, data, palette, places)
    name, units = plain(data.forward.cell), data.forward.hidden.shape[1]
    shape = _shape(data, count)
    sides = " → | ←" if data.merge_mode in ("concat", None) else ""
    blocks.draw_labels(
        traces,
        count,
        [
            (middle, f"input<br>(1, {count}, {data.forward.inputs.shape[1]})", palette.features),
            ((low + top) / 2, f"<b>forward</b> →<br>{name}({units})", palette.text),
            ((back_low + back_top) / 2, f"<b>backward</b> ←<br>{name}({units})", palette.text),
            (merged + row / 2, f"<b>{data.merge_mode}</b>{sides}<br>{shape}", palette.hidden),
        ],
    )


def _draw_merged(
    traces: list[Trace], data: BothDirections, palette: Palette, places: dict[str, Any]
) -> None:
    row, merged = places["row"], places["merged"]
    top, back_top = places["forward"][1], places["backward"][1]
    xs = blocks.lefts(len(data.forward.timesteps))
    halves = _halves(data)
    whole = xs if data.return_sequences else [(xs[0] + xs[-1]) / 2]
    limit = marks.symmetric_limit(data.outputs)
    names = [f"seq[:, {t}]" for t in range(len(xs))] if data.return_sequences else ["output"]
    for values, offset, width, half in halves:
        at = [x + offset for x in whole]
        titles = [f"{name} {half} " for name in names]
        traces.append(
            blocks.vectors(values, at, merged, row, limit=limit, names=titles, width=width)
        )
        traces.append(
            marks.outline(
                [(x, merged, x + width, merged + row) for x in at], color=palette.hidden, width=4
            )
        )
    # From the forward blocks past the backward ones, and straight up from these.
    to_forward = halves[0][1] + halves[0][2] / 2 if len(halves) == 2 else 0.35
    to_backward = halves[-1][1] + halves[-1][2] / 2 if len(halves) == 2 else 0.65
    from_backward = to_backward if data.return_sequences else 0.5
    sources = [(x, x, x) for x in xs] if data.return_sequences else [(xs[-1], xs[0], whole[0])]
    high, lower = merged - 10, merged - 20
    crossed = sum(places["backward"]) / 2
    lines = []
    for forward, backward, target in sources:
        lines.append(
            [
                (forward + 0.2, top),
                (forward + 0.2, top + 9),
                (forward - 0.12, top + 9),
                *(_hop(forward - 0.12, crossed) if forward > xs[0] else []),
                (forward - 0.12, high),
                (target + to_forward, high),
                (target + to_forward, merged - 4),
            ]
        )
        lines.append(
            [
                (backward + from_backward, back_top),
                (backward + from_backward, lower),
                (target + to_backward, lower),
                (target + to_backward, merged - 4),
            ]
        )
    traces.append(_bends(lines, palette.hidden))
    if data.return_sequences:
        words = [f"seq[:, {t}]" for t in range(len(xs) - 1)] + ["seq[:, -1]"]
        ends = [(xs[0], "backward ends here"), (xs[-1], "forward ends here")]
        if len(xs) == 1:
            ends = [(xs[0], "both end here")]
        width = 1.8 if len(xs) > 2 else blocks.PITCH - 0.05
    else:
        words = ["output"]
        ends = [(whole[0], "forward after the last word, backward after the first")]
        width = xs[-1] + 2
    traces.append(
        marks.texts(
            [x + 0.5 for x, _ in ends],
            [merged + row + 29] * len(ends),
            [word for _, word in ends],
            color=palette.text,
            size=12,
            room=(width, 17),
        )
    )
    traces.append(
        marks.texts(
            [x + 0.5 for x in whole],
            [merged + row + 12] * len(whole),
            words,
            color=palette.hidden,
            size=12,
            room=(blocks.PITCH - 0.05, 17),
        )
    )


def _hop(x: float, y: float) -> list[tuple[float, float]]:
    """The points of a small bridge over what flows from one timestep to the next."""
    return [(x, y - 9), (x + 0.04, y - 6), (x + 0.055, y), (x + 0.04, y + 6), (x, y + 9)]


def _bends(lines: Sequence[Sequence[tuple[float, float]]], color: str) -> Trace:
    """Lines with corners that end in an arrow head upwards."""
    trace = marks.arrows([], color=color, symbol="triangle-up")
    points: list[tuple[float | None, float | None]] = []
    sizes: list[int] = []
    for line in lines:
        points += [*line, (None, None)]
        sizes += [0] * (len(line) - 1) + [9, 0]
    trace["x"] = [x for x, _ in points[:-1]]
    trace["y"] = [y for _, y in points[:-1]]
    trace["marker"] = {**trace["marker"], "size": sizes[:-1]}
    return trace


def _shape(data: BothDirections, count: int) -> str:
    units = data.forward.hidden.shape[1]
    width = units if data.merge_mode is None else data.outputs.shape[1]
    one = f"(1, {count}, {width})" if data.return_sequences else f"(1, {width})"
    return f"2 × {one}" if data.merge_mode is None else one


def _moves(count: int, places: dict[str, Any], end: float) -> list[list[dict[str, float]]]:
    """Three veils: over the forward row from the right, the backward row from the left, on top."""
    xs = blocks.lefts(count)
    (low, top), (back_low, back_top), merged = (
        places["forward"],
        places["backward"],
        places["merged"],
    )
    high = merged + places["row"] + _TOP
    gone = {"x0": end, "x1": end, "y0": high, "y1": high}
    left = -0.35

    def lit(x: float, low: float, high: float) -> dict[str, float]:
        return {"x0": x - 0.1, "x1": x + 1.1, "y0": low - 4, "y1": high + 4}

    steps = []
    for k in range(count + 1):
        here = xs[k] - 0.12 if k < count else end
        there = xs[count - 1 - k] + 1.12 if k < count else left
        steps.append(
            [
                {"x0": min(here, end), "x1": end, "y0": low - 2, "y1": top + 1},
                {"x0": left, "x1": there, "y0": back_low - 2, "y1": back_top + 1},
                {"x0": left, "x1": end, "y0": back_top + 2, "y1": high},
                lit(xs[k - 1], low, top) if k else gone,
                lit(xs[count - k], back_low, back_top) if k else gone,
            ]
        )
    merge = {"x0": left + 0.1, "x1": end - 0.05, "y0": merged - 6, "y1": high - _TOP + 6}
    return [*steps, [gone, gone, gone, merge, gone]]


def _in_order(data: Unrolled) -> NDArray[np.floating]:
    """`(units, timesteps)`, states in the order of the sentence."""
    states = np.empty_like(data.hidden[1:])
    states[data.timesteps] = data.hidden[1:]
    return states.T


def _draw_heatmaps(
    data: BothDirections, labels: Sequence[str], captions: Sequence[str], look: Look
) -> go.Figure:
    count, palette = len(labels), look.palette
    outputs = at_the_end(data.outputs, count)
    bands = [
        Band(
            f"output, {data.merge_mode}",
            outputs.T,
            palette.hidden,
            "number",
            parts={"output": None},
        ),
        *(
            Band(words, _in_order(states), palette.hidden, "unit", parts={name: 1, "hidden": None})
            for name, words, states in (
                ("backward", "backward h ←", data.backward),
                ("forward", "forward h →", data.forward),
            )
        ),
        input_band(data.forward.inputs, palette),
    ]

    def over(axis: str, at: Callable[[int], tuple[float, float]]) -> Moving:
        shape = marks.veil(palette, yref=f"{axis} domain", y0=0, y1=1)
        return Moving(shape, lambda k: dict(zip(("x0", "x1"), at(k), strict=True)))

    moving = [
        over("y3", lambda k: (min(k, count) - 0.5, count - 0.5)),
        over("y2", lambda k: (-0.5, count - min(k, count) - 0.5)),
        # The merge, all at once and last.
        over("y", lambda k: (-0.5, count - 0.5 if k <= count else -0.5)),
    ]
    return draw_bands(bands, labels, initial=False, captions=captions, look=look, moving=moving)
