"""Recurrent layers above each other: the sequence flows up, each layer's state to the right."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from seqviz.errors import SeqvizError
from seqviz.lessons.stacks.compute import Stack, compute_stack
from seqviz.plotly_kit import blocks, marks
from seqviz.plotly_kit.animation import Look, Moving, animated, together
from seqviz.plotly_kit.bands import Band, draw_bands, input_band
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten, step_captions, token_labels
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes
from seqviz.readout.records import of_one_sample, sample_to_draw
from seqviz.trace import AnyTrace

ORDERS: Final = ("timestep", "layer")

_ERROR_LINE = 60  # characters: a phone has room for as many
_ERROR_HEIGHT = 17
_REFUSED = 24
_TOP = 20
_LONGEST_NAME = 18
_THINNEST = 0.5  # five bands are about equally high, so that each label has its three lines


def plot_stack(
    data: Stack | Mapping[str, AnyTrace],
    *,
    tokens: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    order: str = "timestep",
    sample: int | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw stacked recurrent layers, playable timestep by timestep or layer by layer.

    Each row is one layer unrolled; what it returns goes up into the next. Where Keras refused a
    layer the arrow breaks, with Keras's words. With many timesteps or units the same numbers are
    drawn as heatmaps, without the cell states.

    Args:
        data: What `compute_stack` made, or the whole trace of a model with such layers.
        tokens: The word at each timestep.
        ids: Its id, which decides its colour; the position if not given.
        order: ``"timestep"``: all layers at one timestep, then the next. ``"layer"``: one layer
            over all timesteps, then the next, as Keras does it. The numbers are the same.
        sample: Which sequence of the batch; the first, with a warning if there are more, if None.
        step: Steps already computed when it opens; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is no such order, or `compute_stack` raises it.
    """
    if order not in ("timestep", "layer"):
        raise SeqvizError(f"order must be 'timestep' or 'layer', but it is {order!r}.")
    if isinstance(data, Stack):
        of_one_sample(data, sample)
    else:
        data = compute_stack(data, sample=sample_to_draw(data, sample))
    count = len(data.layers[0].timesteps)
    labels = token_labels(tokens, range(count))
    captions = step_captions(labels)
    if order == "layer":
        captions = ["start", *(f"{name} {c}" for name in data.names for c in captions[1:])]
    look = Look(step, palette, height, controls)
    if not is_readable(data):
        return _draw_heatmaps(data, labels, order, captions, look)
    traces: list[Trace] = []
    places = _places(data, height)
    _draw(traces, data, labels, ids, palette, places)
    end = blocks.lefts(count)[-1] + 1.2
    return animated(
        traces,
        blocks.frame(count, end, height, _parts(data, places)),
        together(
            [marks.veil(palette), marks.veil(palette), marks.light(palette.timesteps)],
            _moves(data, places, order, end),
        ),
        labels=captions,
        look=look,
    )


def _parts(data: Stack, places: dict[str, Any]) -> dict[str, list[Boxes]]:
    xs, row, edges = blocks.lefts(len(data.layers[0].timesteps)), places["row"], places["edges"]
    named = blocks.input_parts(xs, row, edges[-1][1])
    named["layer"] = [
        Boxes((xs[0], low, xs[-1] + 1, high), first=number)
        for number, (low, high) in enumerate(edges, 1)
    ]
    for layer, (low, _) in zip(data.layers, edges, strict=True):
        for name, boxes in blocks.layer_parts(layer, xs, low, row).items():
            named[name] = named.get(name, []) + boxes
    return named


def is_readable(data: Stack) -> bool:
    """Whether the picture has blocks that can be read, rather than heatmaps."""
    widest = max(layer.hidden.shape[1] for layer in data.layers)
    features = data.layers[0].inputs.shape[1]
    return blocks.readable(len(data.layers[0].timesteps), max(widest, features))


def natural_height(data: Stack, at_most: int) -> int:
    """Pixels that the picture needs, not to leave its upper part empty."""
    return blocks.natural_height(*_sizes(data), at_most) if is_readable(data) else at_most


def _sizes(data: Stack) -> tuple[float, int]:
    """Height of all but the vectors, in pixels, and how many vectors are above each other."""
    error = len(textwrap.wrap(data.error, _ERROR_LINE)) * _ERROR_HEIGHT + 10
    refused = len(data.refused) * (_REFUSED + blocks.ARROW - 10) + error if data.refused else 0
    frames = sum(blocks.height_of(layer, 0) for layer in data.layers)
    arrows = (len(data.layers) + 1) * blocks.ARROW
    fixed = blocks.TOKENS + arrows + frames + refused + _TOP + 2 * blocks.MARGIN + 2
    return fixed, 1 + sum(1 if layer.cell_states is None else 2 for layer in data.layers)


def _places(data: Stack, height: int) -> dict[str, Any]:
    """Height of a vector, and lower and upper edge of each layer's blocks, in pixels."""
    fixed, vectors = _sizes(data)
    row = blocks.row_height(height, fixed, vectors)
    low, edges = blocks.TOKENS + row, []
    for layer in data.layers:
        low += blocks.ARROW
        edges.append((low, low + blocks.height_of(layer, row)))
        low = edges[-1][1]
    return {"row": row, "edges": edges, "error": textwrap.wrap(data.error, _ERROR_LINE)}


def _draw(
    traces: list[Trace],
    data: Stack,
    labels: Sequence[str],
    ids: Sequence[int] | None,
    palette: Palette,
    places: dict[str, Any],
) -> None:
    count, row, edges = len(labels), places["row"], places["edges"]
    xs = blocks.lefts(count)
    first = data.layers[0]
    blocks.draw_inputs(traces, first.inputs, labels, ids, xs, row, palette)
    names = [
        (
            blocks.TOKENS + row / 2,
            f"input<br>{_shape(count, first.inputs.shape[1])}",
            palette.features,
        )
    ]
    low, color, below = blocks.TOKENS + row, palette.features, first
    for layer, name, (bottom, top), sequence in zip(
        data.layers, data.names, edges, data.sequences, strict=True
    ):
        traces.append(marks.arrows(blocks.up(xs, low, bottom), color=color, symbol="triangle-up"))
        if layer is not first:
            said = [x + 0.54 for x in xs], [(low + bottom) / 2] * count, ["returned"] * count
            room = (0.46, blocks.ARROW)
            traces.append(marks.texts(*said, color=color, position="middle right", room=room))
            # By itself, so that a phone leaves it out and nothing else.
            otherwise = f"if False: {_shape(None, below.hidden.shape[1])}, refused"
            blocks.draw_labels(traces, count, [((low + bottom) / 2, otherwise, palette.muted)])
        blocks.draw_layer(traces, layer, xs, bottom, row, palette)
        low, color, below = top, palette.hidden, layer
        shape = _shape(count if sequence else None, layer.hidden.shape[1])
        title = f"<b>{plain(shorten(name, _LONGEST_NAME))}</b><br>→ {shape}"
        names.append(((bottom + top) / 2, title, palette.text))
    returned = data.layers[-1].returned.tolist()
    leaving = [x for x, yes in zip(xs, returned, strict=True) if yes]
    high = low + blocks.ARROW
    traces.append(
        marks.arrows(
            blocks.up(leaving, low, high),
            color=palette.gate_forget if data.refused else color,
            symbol="x" if data.refused else "triangle-up",
        )
    )
    blocks.draw_labels(traces, count, names)
    if data.refused:
        _draw_refused(traces, data, xs, high, palette, places)
        return
    traces.append(
        marks.texts(
            [x + 0.5 for x in xs],
            [high + _TOP / 2 if yes else low + 11 for yes in returned],
            ["returned" if yes else "not returned" for yes in returned],
            color=[palette.hidden if yes else palette.muted for yes in returned],
            size=12,
            room=(blocks.PITCH - 0.1, 17),
        )
    )


def _draw_refused(
    traces: list[Trace],
    data: Stack,
    xs: Sequence[float],
    low: float,
    palette: Palette,
    places: dict[str, Any],
) -> None:
    """Draw Keras's words where the arrow breaks, and empty frames for what was never called."""
    error = places["error"]
    middle = low + len(error) * _ERROR_HEIGHT / 2 + 4
    traces.append(
        marks.texts(
            [(xs[-1] + 1.2 - blocks.label_room(len(xs))) / 2],
            [middle],
            ["<br>".join(plain(line) for line in error)],
            color=palette.gate_forget,
            size=13,
            room=(xs[-1] + 1.2 + blocks.label_room(len(xs)), len(error) * _ERROR_HEIGHT),
        )
    )
    low += len(error) * _ERROR_HEIGHT + 10
    frames, names = [], []
    for i, name in enumerate(data.refused):
        frames += [(x - 0.03, low, x + 1.03, low + _REFUSED) for x in xs]
        verdict = "refused" if i == 0 else "never called"
        title = f"<b>{plain(shorten(name, _LONGEST_NAME))}</b><br>{verdict}"
        names.append((low + _REFUSED / 2, title, palette.muted))
        low += _REFUSED + blocks.ARROW - 10
    traces.append(marks.outline(frames, color=palette.muted, width=1.5, dash="dash"))
    blocks.draw_labels(traces, len(xs), names)
    returned = data.layers[-1].returned.tolist()
    kept = [x for x, yes in zip(xs, returned, strict=True) if not yes]
    traces.append(
        marks.texts(
            [x + 0.5 for x in kept],
            [places["edges"][-1][1] + 11] * len(kept),
            ["not returned"] * len(kept),
            color=palette.muted,
            size=12,
            room=(blocks.PITCH - 0.1, 17),
        )
    )


def _shape(timesteps: int | None, width: int) -> str:
    return f"(1, {width})" if timesteps is None else f"(1, {timesteps}, {width})"


def _moves(
    data: Stack, places: dict[str, Any], order: str, end: float
) -> list[list[dict[str, float]]]:
    """Two veils, over what is right of a column and over what is above a row, and the light."""
    edges = places["edges"]
    xs = blocks.lefts(len(data.layers[0].timesteps))
    top = edges[-1][1] + blocks.ARROW + _TOP
    left = -0.05
    gone = {"x0": end, "x1": end, "y0": top, "y1": top}
    first = edges[0][0] - blocks.ARROW

    def lit(x: float, low: float, high: float) -> dict[str, float]:
        return {"x0": x - 0.1, "x1": x + 1.1, "y0": low, "y1": high}

    start = [
        {"x0": left - 0.25, "x1": end, "y0": first + 1, "y1": top},
        gone,
        gone,
    ]
    if order == "timestep":
        return [
            start,
            *(
                [
                    {"x0": x + 1.12, "x1": end, "y0": first + 1, "y1": top},
                    gone,
                    lit(x, blocks.TOKENS - 4, top - _TOP),
                ]
                for x in xs
            ),
        ]
    steps = [
        start,
        *(
            [
                {"x0": left - 0.25, "x1": end, "y0": high + blocks.ARROW, "y1": top},
                {"x0": x + 1.12, "x1": end, "y0": low - 2, "y1": high + blocks.ARROW},
                lit(x, low - blocks.ARROW + 2, high + 3),
            ]
            for low, high in edges
            for x in xs
        ),
    ]
    steps[-1][0] = gone
    return steps


def _draw_heatmaps(
    data: Stack, labels: Sequence[str], order: str, captions: Sequence[str], look: Look
) -> go.Figure:
    """Draw one band per layer, the top one on top; those that Keras refused are empty."""
    count, palette = len(labels), look.palette
    empty = np.full((1, count), np.nan, np.float32)
    bands = [Band(f"{name}: refused", empty, palette.muted, "unit") for name in data.refused[::-1]]
    for number in range(len(data.layers), 0, -1):
        layer, name = data.layers[number - 1], data.names[number - 1]
        limit = marks.symmetric_limit(layer.hidden)
        is_part = {"hidden": None, "layer": number}
        states = layer.hidden[1:].T
        bands.append(Band(f"h of {name}", states, palette.hidden, "unit", limit, is_part))
    bands.append(input_band(data.layers[0].inputs, palette))
    moving = None
    if order == "layer":
        moving = _moving_bands(len(data.refused), len(data.layers), count, palette)
    return draw_bands(
        bands,
        labels,
        initial=False,
        captions=captions,
        look=look,
        returned=data.layers[-1].returned,
        skipped=data.layers[0].skipped if data.layers[0].skipped.any() else None,
        moving=moving,
        thinnest=_THINNEST,
    )


def _moving_bands(above: int, layers: int, count: int, palette: Palette) -> list[Moving]:
    """One veil per layer, each moving over its own band, while its layer is computed."""
    axes = ["y" if i == 0 else f"y{i + 1}" for i in range(above, above + layers)][::-1]

    def over(depth: int, axis: str) -> Moving:
        shape = marks.veil(palette, yref=f"{axis} domain", y0=0, y1=1, x1=count - 0.5)
        return Moving(shape, lambda k: {"x0": min(max(k - depth * count, 0), count) - 0.5})

    return [over(depth, axis) for depth, axis in enumerate(axes)]
