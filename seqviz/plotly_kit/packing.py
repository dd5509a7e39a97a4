"""As few traces as draw the same picture.

Plotly takes about a millisecond for a trace whatever is in it, and most of a picture's traces are
lines of a pen that another one has too, two arrow heads, or a word. So all lines of one pen between
two fillings become one trace, all markers another, and all words one more.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.fitting import of_packed

Columns = dict[str, list[Any]]  # x, y and what else differs from point to point

_KNOWN: Final = {
    *("type", "mode", "x", "y", "xaxis", "yaxis", "hoverinfo", "showlegend"),
    *("line", "marker", "text", "textposition", "textfont", "meta"),
}
_MODES: Final = {"lines", "markers", "lines+markers", "text"}
_MARKER: Final = {"symbol", "size", "color", "line"}
_RIM: Final = {"width", "color"}


class _Kind(NamedTuple):
    """What points must have in common to be drawn by one trace."""

    layer: int  # of those between two fillings
    mode: str
    axes: tuple[str | None, str | None]
    shared: tuple[Any, ...]  # pen, or font


def packed(traces: Sequence[Trace]) -> list[Trace]:
    """The same lines, markers and words in fewer traces.

    Scatter traces without a point are left out. A trace that is filled, can be hovered over or has
    anything else of its own stays as it is, and nothing is moved past one that is filled, which
    may cover what is below it. Words are moved up to the last of them: what is drawn before a word
    may be what it stands on.
    """
    places: list[Trace | _Kind] = []
    kinds: dict[_Kind, Columns] = {}
    layer = 0
    for trace in traces:
        if trace["type"] != "scatter":
            places.append(trace)
        elif not len(trace["x"]):
            continue
        elif not _is_plain(trace):
            places.append(trace)
            layer += "fill" in trace
        else:
            for kind, columns in _parts(trace, layer):
                if kind not in kinds:
                    places.append(kind)
                    kinds[kind] = columns
                    continue
                if kind.mode == "text":
                    places.remove(kind)
                    places.append(kind)
                gap = [None] if kind.mode == "lines" else []
                for name, values in columns.items():
                    kinds[kind][name] += gap + values
    return [
        _trace_of(place, kinds[place]) if isinstance(place, _Kind) else place for place in places
    ]


def _is_plain(trace: Trace) -> bool:
    return (
        trace["mode"] in _MODES
        and trace.get("hoverinfo") == "skip"
        and {name for name, value in trace.items() if value is not None} <= _KNOWN
        and trace.get("marker", {}).keys() <= _MARKER
        and trace.get("marker", {}).get("line", {}).keys() <= _RIM
    )


def _parts(trace: Trace, layer: int) -> Iterator[tuple[_Kind, Columns]]:
    """Each kind of mark in a trace with its points."""
    axes = trace.get("xaxis"), trace.get("yaxis")
    x, y = list(trace["x"]), list(trace["y"])
    modes = trace["mode"].split("+")
    if "lines" in modes:
        pen = {"dash": "solid", **trace["line"]}
        yield _Kind(layer, "lines", axes, tuple(sorted(pen.items()))), {"x": x[:], "y": y[:]}
    if "markers" in modes:
        marker = trace["marker"]
        rim = marker.get("line", {})
        color = marker.get("color", rim.get("color"))
        columns = {
            "x": x,
            "y": y,
            "symbol": _each(marker["symbol"], x),
            "size": _each(marker["size"], x),
            "color": _each(color, x),
            "rim": _each(rim.get("width", 0), x),
            "rim_color": _each(rim.get("color", color), x),
        }
        seen = [size > 0 and at is not None for size, at in zip(columns["size"], x, strict=True)]
        yield (
            _Kind(layer, "markers", axes, ()),
            {name: list(compress(values, seen)) for name, values in columns.items()},
        )
    if "text" in modes:
        font, room = trace["textfont"], trace.get("meta") or ()
        style = {name: value for name, value in font.items() if name not in ("color", "size")}
        columns = {
            "x": x,
            "y": y,
            "text": list(trace["text"]),
            "position": _each(trace["textposition"], x),
            "size": _each(font["size"], x),
            "color": _each(font["color"], x),
            "room": [tuple(room)] * len(x),
        }
        yield _Kind(layer, "text", axes, tuple(sorted(style.items()))), columns


def _each(value: Any, points: Sequence[Any]) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] * len(points)


def _trace_of(kind: _Kind, columns: Columns) -> Trace:
    trace: Trace = {
        "type": "scatter",
        "mode": kind.mode,
        "x": columns["x"],
        "y": columns["y"],
        "xaxis": kind.axes[0],
        "yaxis": kind.axes[1],
        "hoverinfo": "skip",
        "showlegend": False,
    }
    if kind.mode == "lines":
        trace["line"] = dict(kind.shared)
    elif kind.mode == "markers":
        trace["marker"] = {
            "symbol": _same(columns["symbol"]),
            "size": _same(columns["size"]),
            "color": _same(columns["color"]),
            "line": {"width": _same(columns["rim"]), "color": _same(columns["rim_color"])},
            "opacity": 1,  # Plotly's own would be 0.7 where sizes differ
        }
    else:
        style = {"size": _same(columns["size"]), "color": _same(columns["color"])}
        trace |= {
            "text": columns["text"],
            "textposition": _same(columns["position"]),
            "textfont": {**dict(kind.shared), **style},
            "meta": of_packed(columns["room"]),
        }
    return trace


def _same(values: list[Any]) -> Any:
    """One value for all points where they agree."""
    return values[0] if all(value == values[0] for value in values) else values
