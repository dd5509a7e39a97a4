"""What a figure draws, whatever its traces are."""

from itertools import pairwise
from typing import NamedTuple


class Marker(NamedTuple):
    x: float
    y: float
    symbol: str
    size: float
    color: str
    rim: tuple


class Word(NamedTuple):
    x: float
    y: float
    text: str
    color: str
    style: tuple


def traces_of(figure, mode):
    return [t for t in figure.data if t.type == "scatter" and mode in t.mode.split("+")]


def axes_of(trace):
    return trace.xaxis or "x", trace.yaxis or "y"


def pen_of(trace):
    return sorted({"dash": "solid", **trace.line.to_plotly_json()}.items())


def segments(figure):
    """Pieces of line between two points, with their pen; those of fillings as well."""
    return [
        (*one, *other, *pen_of(trace), trace.fill, axes_of(trace))
        for trace in traces_of(figure, "lines")
        for one, other in pairwise(zip(trace.x, trace.y, strict=True))
        if one[0] is not None and other[0] is not None
    ]


def markers(figure, *symbols):
    """All that can be seen, or those of some symbols."""
    found = []
    for trace in traces_of(figure, "markers"):
        marker = trace.marker
        for i, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)):
            symbol, size = _at(marker.symbol, i), _at(marker.size, i)
            if x is None or not size or (symbols and symbol not in symbols):
                continue
            rim = _at(marker.line.color, i), _at(marker.line.width, i) or 0
            color = _at(marker.color, i) or rim[0]
            rim = rim[0] or color, rim[1]
            found.append(Marker(x, y, symbol, size, color, (*rim, axes_of(trace))))
    return found


def words(figure):
    found = []
    for trace in traces_of(figure, "text"):
        font = trace.textfont.to_plotly_json()
        rooms = _rooms(trace)
        for i, (x, y, text) in enumerate(zip(trace.x, trace.y, trace.text, strict=True)):
            each = {name: _at(value, i) for name, value in font.items()}
            color = each.pop("color")
            position = _at(trace.textposition, i)
            style = (sorted(each.items()), position, rooms[i], axes_of(trace), trace.hoverinfo)
            found.append(Word(x, y, text, color, style))
    return found


def texts(figure):
    return [word.text for word in words(figure)]


def _rooms(trace):
    """What each word is fitted into, as `seqviz.plotly_kit.fitting` says it."""
    if trace.meta is None:
        return [()] * len(trace.text)
    if not isinstance(trace.meta[0], list | tuple):
        return [tuple(trace.meta)] * len(trace.text)
    return [tuple(room) for count, *room in trace.meta for _ in range(count)]


def _at(value, i):
    return value if value is None or isinstance(value, str | int | float) else value[i]
