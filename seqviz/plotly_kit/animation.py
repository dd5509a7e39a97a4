"""Stepping through a picture in the browser, without the server.

A frame moves layout shapes only: a veil over what is not reached yet, a cursor around what is
computed now, links between what belongs together. Measured on plotly.js 4.2: shapes move with
``redraw: false`` in one animation frame, while a frame that names a scatter trace of the same
subplot makes every heatmap of it disappear, and a heatmap frame needs a full redraw.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from seqviz.plotly_kit.figure import Shape, Trace, figure_of
from seqviz.plotly_kit.packing import packed

STEP_MILLISECONDS = 900
_CONTROLS_HEIGHT = 70
_IMMEDIATE = {
    "mode": "immediate",
    "frame": {"duration": 0, "redraw": False},
    "transition": {"duration": 0},
}


def playable(
    traces: Sequence[Trace],
    layout: Mapping[str, Any],
    looks: Sequence[Shape],
    steps: Sequence[Sequence[Shape]],
    *,
    step: int | None,
    labels: Sequence[str],
    controls: bool,
    text_color: str,
) -> go.Figure:
    """Make a figure with one frame a step, opened at `step`.

    Traces and layout come as dicts and go into the figure in one piece: Plotly takes 3 times as
    long for objects that are made and added one by one.

    Args:
        traces: What does not move.
        layout: Without shapes; with a margin.
        looks: What the moving shapes look like (type, colour, width), in order.
        steps: For each step what changes in each of these shapes; frames carry only that.
        step: The step to open at, clamped into range; the last if None.
        labels: What the slider says at each step.
        controls: Whether to add Plotly's own slider and play button. The app leaves them out,
            since it has a player of its own that also works by keyboard.
        text_color: Colour of the controls' text.
    """
    last = len(steps) - 1
    step = last if step is None else min(max(step, 0), last)
    shapes = [_at(look, move) for look, move in zip(looks, steps[step], strict=True)]
    extra = _controls(layout["margin"], step, labels, text_color) if controls else {}
    # Streamlit's theme would have Plotly find margins of its own, and draw all anew within them.
    axes = {
        name: {"automargin": False, **axis}
        for name, axis in layout.items()
        if name.startswith(("xaxis", "yaxis"))
    }
    return figure_of(
        packed(traces),
        layout={**layout, **axes, "shapes": shapes, **extra},
        frames=[{"name": str(k), "layout": {"shapes": list(s)}} for k, s in enumerate(steps)],
    )


def _at(look: Shape, move: Shape) -> Shape:
    """A shape after a move, which may change a part of its label."""
    label = {"label": {**look["label"], **move["label"]}} if "label" in move else {}
    return {**look, **move, **label}


def _controls(
    margin: Mapping[str, float], step: int, labels: Sequence[str], text_color: str
) -> dict[str, Any]:
    slider_steps = [
        {"label": label, "method": "animate", "args": [[str(k)], _IMMEDIATE]}
        for k, label in enumerate(labels)
    ]
    play = {
        "mode": "immediate",
        "fromcurrent": True,
        "frame": {"duration": STEP_MILLISECONDS, "redraw": False},
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
                        "args": [[None], {**_IMMEDIATE, "fromcurrent": True}],
                    },
                ],
            }
        ],
        "margin": {**margin, "b": margin["b"] + _CONTROLS_HEIGHT},
    }
