"""A picture of two halves: beside each other, or on a narrow screen one below the other.

Each half has axes of its own, so only these move. What a narrow screen changes is the third entry of
`layout.meta`, after the parts: a list of ``[axis, property, wide, narrow]``, where the axis is ``""``
for a property of the whole. It is read by `ui/player/text_fitting.js` (`layoutFor`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Moving
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.parts import Boxes

_AXES: Final = ("x2", "y2")
_HIGHER: Final = 1.75  # of both halves above each other
_BETWEEN: Final = 0.02


def halves(
    left: tuple[float, float],
    right: tuple[float, float],
    y: tuple[float, float],
    *,
    height: int,
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """The layout of a picture with nothing beside its axes.

    Args:
        left: Where the x axis of the first half begins and ends; on a narrow screen it ends there too.
        right: The same of the second half, whose axes are ``x2`` and ``y2``. Both have one unit.
        y: Where both y axes begin and end.
        height: Of the figure where it is wide, in pixels.
        named: What `parts` made.
    """
    wide = right[1] - left[0]
    share = (right[0] - left[0]) / wide
    layout = marks.framed(
        (left[0], right[0]),
        y,
        xaxis2=marks.bare_axis(*right, domain=[share, 1], anchor="y2"),
        yaxis2=marks.bare_axis(*y, domain=[0, 1], anchor="x2"),
    )
    layout["xaxis"]["domain"] = [0, share]
    layout["yaxis"]["domain"] = [0, 1]
    both = (1 - _BETWEEN) / 2
    narrow = [
        ["", "height", height, round(_HIGHER * height)],
        ["xaxis", "range", [left[0], right[0]], [*left]],
        ["xaxis", "domain", [0, share], [0, 1]],
        ["xaxis2", "domain", [share, 1], [0, 1]],
        ["yaxis", "domain", [0, 1], [1 - both, 1]],
        ["yaxis2", "domain", [0, 1], [0, both]],
    ]
    return {**layout, "meta": [*named["meta"], narrow]}


def second(traces: Iterable[Trace]) -> list[Trace]:
    """These traces, in the second half."""
    return [trace | {"xaxis": _AXES[0], "yaxis": _AXES[1]} for trace in traces]


def moving_in_second(moves: Iterable[Moving]) -> list[Moving]:
    """These shapes, in the second half."""
    refs = {"xref": _AXES[0], "yref": _AXES[1]}
    return [Moving({**move.shape, **refs}, move.at) for move in moves]


def parts_of_second(boxes: Iterable[Boxes]) -> Sequence[Boxes]:
    """These boxes, in the second half."""
    return [one._replace(axes=_AXES) for one in boxes]
