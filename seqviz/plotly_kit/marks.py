"""The pieces that every picture is drawn from: cells of values, outlines, arrows, veils."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seqviz.plotly_kit import fitting
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import decimals
from seqviz.plotly_kit.palette import DIVERGING, FAINT, IN_CELL, Palette
from seqviz.readout.numbers import in_cell

Box = tuple[float, float, float, float]  # x0, y0, x1, y1

VALUE_SIZE: Final = 12  # pixels; the page's player makes it smaller, or hides it, on a phone
_VEIL_OPACITY = 0.88


def symmetric_limit(*arrays: NDArray[np.floating] | None) -> float:
    """Largest magnitude in `arrays`, so that one colour means one value over all steps.

    NaN and what is infinite are left out; all zeros (or nothing at all) give 1, to keep zero in the
    middle.
    """
    finite = (np.abs(a[np.isfinite(a)]) for a in arrays if a is not None)
    return max((float(a.max(initial=0)) for a in finite), default=0.0) or 1.0


def heatmap(
    values: NDArray[np.floating],
    *,
    limit: float,
    hover: str,
    cell: tuple[float, float] | None = None,
    gap: float = 0,
    tell_zeros: bool = False,
    finer: int = 0,
    **place: Any,
) -> Trace:
    """Cells coloured by value on the diverging scale, missing ones left empty.

    Args:
        values: ``(rows, columns)``, NaN where there is no cell.
        limit: Values from ``-limit`` to ``+limit`` span the scale.
        hover: Hover template.
        cell: Width and height of a cell in axis units: writes the values into the cells, and
            lets the page's player fit them.
        gap: Pixels between cells.
        tell_zeros: Write ``2e-5`` where a value is not 0 but its decimals are.
        finer: Decimals to write beyond those that tell values of this scale apart.
        place: x, y, x0, dx, xaxis, … as Plotly takes them.
    """
    if cell is not None:
        places = decimals(limit) + finer
        template = f"%{{z:.{places}f}}"
        if tell_zeros and np.any((values != 0) & (np.abs(values) < 0.5 * 10.0**-places)):
            template = "%{text}"
            place["text"] = [[in_cell(float(v), places) for v in row] for row in values]
        place |= {
            "texttemplate": template,
            "textfont": {"size": VALUE_SIZE, "color": IN_CELL},
            "meta": fitting.of_numbers(cell, f"{-limit:.{places}f}", VALUE_SIZE, template),
        }
    return dict(
        type="heatmap",
        z=np.asarray(values, np.float32),
        zmin=-limit,
        zmax=limit,
        colorscale=DIVERGING,
        showscale=False,
        xgap=gap,
        ygap=gap,
        hoverongaps=False,
        hovertemplate=hover,
        **place,
    )


def faint(cells: Trace, palette: Palette) -> Trace:
    """The cells of a `heatmap`, faint, with numbers that can be read all the same."""
    faint = {**cells, "colorscale": FAINT}
    if "textfont" in cells:
        faint["textfont"] = {**cells["textfont"], "color": palette.text}
    return faint


def outline(
    boxes: Iterable[Box], *, color: str, width: float = 2, dash: str = "solid", **style: Any
) -> Trace:
    """Rectangles, all in one trace. `style` may fill them or hatch them."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x0, y0, x1, y1 in boxes:
        xs += [x0, x1, x1, x0, x0, None]
        ys += [y0, y0, y1, y1, y0, None]
    return dict(
        type="scatter",
        x=xs[:-1],
        y=ys[:-1],
        mode="lines",
        line={"color": color, "width": width, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
        **style,
    )


def hatch(boxes: Iterable[Box], *, color: str) -> Trace:
    """Rectangles hatched over what is there: computed, but not handed on."""
    return outline(
        boxes,
        color=color,
        width=1.5,
        dash="dot",
        fill="toself",
        fillpattern={"shape": "/", "size": 9, "solidity": 0.1, "fgcolor": color, "bgcolor": _CLEAR},
    )


_CLEAR = "rgba(0,0,0,0)"


def arrows(lines: Iterable[Box], *, color: str, symbol: str) -> Trace:
    """Straight arrows, all in one trace; `symbol` is the head, such as ``"triangle-up"``."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    sizes: list[float] = []
    for x0, y0, x1, y1 in lines:
        xs += [x0, x1, None]
        ys += [y0, y1, None]
        sizes += [0, 9, 0]
    return {
        "type": "scatter",
        "x": xs[:-1],
        "y": ys[:-1],
        "mode": "lines+markers",
        "line": {"color": color, "width": 2},
        "marker": {"symbol": symbol, "size": sizes[:-1], "color": color, "line": {"width": 0}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def markers(
    points: Sequence[tuple[float, float]],
    *,
    color: str | Sequence[str],
    size: float,
    symbol: str = "square",
    rim: float = 0,
) -> Trace:
    """Markers at points; `size` and `rim`, the width of their line, in pixels."""
    return {
        "type": "scatter",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": color,
            "line": {"width": rim, "color": color},
        },
        "hoverinfo": "skip",
    }


def segments(lines: Iterable[Box], *, color: str, width: float = 2, **pen: Any) -> Trace:
    """Straight lines without heads, all in one trace; `width` in pixels."""
    points = [point for x0, y0, x1, y1 in lines for point in ((x0, y0), (x1, y1), (None, None))]
    return {
        "type": "scatter",
        "x": [x for x, _ in points[:-1]],
        "y": [y for _, y in points[:-1]],
        "mode": "lines",
        "line": {"color": color, "width": width, **pen},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def texts(
    xs: Sequence[float] | Sequence[str],
    ys: Sequence[float],
    words: Sequence[str],
    *,
    color: str | Sequence[str],
    size: int = 12,
    position: str = "middle center",
    hover: Sequence[str] | None = None,
    room: tuple[float, float] | None = None,
) -> Trace:
    """Words at points. `words` must have gone through `labels.plain`.

    `room` is the width and height each word has, in axis units, for the page's player to fit it.
    """
    return {
        "type": "scatter",
        "x": list(xs),
        "y": list(ys),
        "mode": "text",
        "text": list(words),
        "textposition": position,
        "textfont": {"size": size, "color": color if isinstance(color, str) else list(color)},
        "hoverinfo": "skip" if hover is None else "text",
        "hovertext": hover,
        "showlegend": False,
        "meta": None if room is None else fitting.of_words(room, words, size),
    }


def headings(
    heads: Iterable[tuple[float, str, str, float]],
    *,
    y: float = 1.01,
    size: int = 12,
    position: str = "top right",
) -> list[Trace]:
    """Words above blocks: where each begins, what it says, its colour and the width it has."""
    return [
        texts([x], [y], [words], color=color, size=size, position=position, room=(width, 1))
        for x, words, color, width in heads
    ]


def veil(palette: Palette, **place: Any) -> dict[str, Any]:
    """The shape that covers what has not been computed yet."""
    return {
        "type": "rect",
        "fillcolor": palette.background,
        "opacity": _VEIL_OPACITY,
        "line": {"width": 0},
        **place,
    }


def cursor(color: str, width: float = 3, **place: Any) -> dict[str, Any]:
    """The shape around what is being computed now."""
    return {
        "type": "rect",
        "fillcolor": _CLEAR,
        "line": {"color": color, "width": width},
        **place,
    }


def light(color: str) -> dict[str, Any]:
    """The shape behind what is being computed now; behind, so that it cuts no word."""
    return {
        "type": "rect",
        "layer": "below",
        "fillcolor": color,
        "opacity": 0.18,
        "line": {"color": color, "width": 3},
    }


def plain_layout(palette: Palette, height: int) -> dict[str, Any]:
    """What all pictures share: no grid, no legend, no background, no template.

    The template is set since importing streamlit changes Plotly's default.
    """
    return {
        "template": "none",
        "height": height,
        "showlegend": False,
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "font": {"color": palette.text, "size": 13},
        "hoverlabel": {"font": {"size": 13}},
        "dragmode": False,
    }


def framed(
    x: tuple[float, float], y: tuple[float, float], *, margin: int = 4, **more: Any
) -> dict[str, Any]:
    """The layout of a picture that has nothing beside its axes.

    `x` and `y` are where the axes begin and end, `margin` is in pixels, `more` is for the layout.
    """
    axes = {"xaxis": bare_axis(*x), "yaxis": bare_axis(*y)}
    return {"margin": dict.fromkeys("lrtb", margin), **axes, **more}


def bare_axis(low: float, high: float, **more: Any) -> dict[str, Any]:
    """An axis that only gives a coordinate system."""
    return {"range": [low, high], "visible": False, "fixedrange": True, **more}
