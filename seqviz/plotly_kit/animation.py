"""Stepping through a picture in the browser, without the server.

Most frames move layout shapes only: a veil over what is not reached yet, a cursor around what is
computed now, links between what belongs together. Measured on plotly.js 4.2: shapes move with
``redraw: false`` in one animation frame, while a frame that names a scatter trace of the same
subplot makes every heatmap of it disappear, and a heatmap frame needs a full redraw. So a picture
whose numbers themselves change from step to step is drawn anew at each: `Changing`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from seqviz.errors import SeqvizError
from seqviz.plotly_kit.figure import Shape, Trace, figure_of
from seqviz.plotly_kit.marks import plain_layout
from seqviz.plotly_kit.packing import packed
from seqviz.plotly_kit.palette import Palette

STEP_MILLISECONDS = 900
_CONTROLS_HEIGHT = 70  # pixels
_OUT_OF_SIGHT = -9.0  # axis units, below an axis that begins at 0 or so


class Look(NamedTuple):
    """How a picture opens, and what it looks like.

    Attributes:
        step: The step to open at, from 0; the last if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button. The app leaves them out,
            since it has a player of its own that also works by keyboard.
    """

    step: int | None
    palette: Palette
    height: int
    controls: bool


class Moving(NamedTuple):
    """A shape that frames move: what it looks like, and where it is at each step.

    Attributes:
        shape: Type, colour, width, and whatever stays where it is.
        at: What changes in it at step k, from 0; frames carry only that.
    """

    shape: Shape
    at: Callable[[int], Shape]


class Changing(NamedTuple):
    """A trace whose numbers frames replace: the very one that is drawn, and what it has at each step.

    Attributes:
        trace: One of those that are drawn; no plain lines, markers or words, which are packed.
        at: What changes in it at step k, from 0, such as its ``z``.
    """

    trace: Trace
    at: Callable[[int], Trace]


def span(edges: tuple[float, float] | None) -> dict[str, float]:
    """Where a shape is from bottom to top, in axis units; out of sight if `edges` is None."""
    # Not `visible`: without a redraw plotly.js 4.2 keeps on screen what becomes invisible.
    low, high = edges or (_OUT_OF_SIGHT, _OUT_OF_SIGHT)
    return {"y0": low, "y1": high}


def moving(shape: Shape, edges: Sequence[tuple[float, float] | None]) -> Moving:
    """A shape that moves up and down only, by its bottom and top at each step, as `span` has it."""
    return Moving(shape, [span(at) for at in edges].__getitem__)


def together(shapes: Sequence[Shape], steps: Sequence[Sequence[Shape]]) -> list[Moving]:
    """Shapes whose places are worked out together: row k of `steps` has that of each at step k."""
    columns = [list(column) for column in zip(*steps, strict=True)]
    return [
        Moving(shape, column.__getitem__) for shape, column in zip(shapes, columns, strict=True)
    ]


def opening_step(look: Look, count: int) -> int:
    """Which of `count` steps a picture opens at.

    Raises:
        SeqvizError: There is no such step.
    """
    last = count - 1
    step = last if look.step is None else look.step
    if not 0 <= step <= last:
        raise SeqvizError(
            f"step is {step}, but this picture opens at one of its steps 0 to {last}. "
            "Hint: leave it out for the last."
        )
    return step


def animated(
    traces: Sequence[Trace],
    layout: Mapping[str, Any],
    moving: Sequence[Moving],
    *,
    labels: Sequence[str],
    look: Look,
    changing: Sequence[Changing] = (),
) -> go.Figure:
    """Make a figure with one frame per step, in the layout that all pictures share.

    Traces and layout come as dicts and go into the figure in one piece: Plotly takes 3 times as
    long for objects that are made and added one by one.

    Args:
        traces: What does not move.
        layout: What else the layout has: axes, and a margin.
        moving: What does, from the back to the front.
        labels: What the slider says at each step, so as many as there are steps.
        look: The step to open at, colours, height, controls.
        changing: Those of `traces` whose numbers change; every step then draws all anew.

    Raises:
        SeqvizError: There is no such step.
    """
    step = opening_step(look, len(labels))
    traces = packed(traces)
    places = [next(i for i, t in enumerate(traces) if t is one.trace) for one in changing]
    for place, one in zip(places, changing, strict=True):
        traces[place] = {**one.trace, **one.at(step)}
    frames = [[one.at(k) for one in moving] for k in range(len(labels))]
    shapes = [_moved(one.shape, move) for one, move in zip(moving, frames[step], strict=True)]
    extra = (
        _controls(layout["margin"], step, labels, look.palette.text, redraw=bool(changing))
        if look.controls
        else {}
    )
    # Streamlit's theme would have Plotly find margins of its own, and draw all anew within them.
    axes = {
        name: {"automargin": False, **axis}
        for name, axis in layout.items()
        if name.startswith(("xaxis", "yaxis"))
    }
    return figure_of(
        traces,
        layout={
            **plain_layout(look.palette, look.height),
            **layout,
            **axes,
            **({"shapes": shapes} if shapes else {}),
            **extra,
        },
        frames=[
            {
                "name": str(k),
                **({"layout": {"shapes": moves}} if moves else {}),
                **_numbers_at(k, places, changing),
            }
            for k, moves in enumerate(frames)
        ],
    )


def still(
    traces: Sequence[Trace], layout: Mapping[str, Any], palette: Palette, height: int
) -> go.Figure:
    """Make a figure that does not move, in the layout that all pictures share."""
    return figure_of(traces, {**plain_layout(palette, height), **layout})


def _numbers_at(step: int, places: list[int], changing: Sequence[Changing]) -> dict[str, Any]:
    if not changing:
        return {}
    # Plotly takes a frame's trace that says no type for a scatter.
    data = [{"type": one.trace["type"], **one.at(step)} for one in changing]
    return {"traces": places, "data": data}


def _moved(look: Shape, move: Shape) -> Shape:
    """A shape after a move, which may change a part of its label."""
    label = {"label": {**look["label"], **move["label"]}} if "label" in move else {}
    return {**look, **move, **label}


def _controls(
    margin: Mapping[str, float],
    step: int,
    labels: Sequence[str],
    text_color: str,
    *,
    redraw: bool,
) -> dict[str, Any]:
    immediate = {
        "mode": "immediate",
        "frame": {"duration": 0, "redraw": redraw},
        "transition": {"duration": 0},
    }
    slider_steps = [
        {"label": label, "method": "animate", "args": [[str(k)], immediate]}
        for k, label in enumerate(labels)
    ]
    play = {
        "mode": "immediate",
        "fromcurrent": True,
        "frame": {"duration": STEP_MILLISECONDS, "redraw": redraw},
        "transition": {"duration": 0},
    }
    return {
        "sliders": [
            {
                "active": step,
                "steps": slider_steps,
                "x": 0.13,
                "len": 0.87,
                "pad": {"t": 24, "b": 4},
                "currentvalue": {"visible": False},
                "font": {"color": text_color},
                "ticklen": 0,
                "minorticklen": 0,
            }
        ],
        "updatemenus": [
            {
                "type": "buttons",
                "direction": "left",
                "x": 0.0,
                "y": 0.0,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 28},
                "showactive": False,
                "buttons": [
                    {"label": "▶", "method": "animate", "args": [None, play]},
                    {
                        "label": "❚❚",
                        "method": "animate",
                        "args": [[None], {**immediate, "fromcurrent": True}],
                    },
                ],
            }
        ],
        "margin": {**margin, "b": margin["b"] + _CONTROLS_HEIGHT},
    }
