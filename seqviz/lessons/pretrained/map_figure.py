"""A map of words: points with names, what moved, and who is near to whom."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError
from seqviz.plotly_kit.animation import Look, animated, still, together
from seqviz.plotly_kit.figure import Shape, Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.vectors.projection import Projection

_LABEL_LENGTH: Final = 16
_MAX_LABELS: Final = 150  # words that are tried to be written; all are in the hover text
_CROWD: Final = 300  # points above which they are drawn pale, and few words are written
_MOVING: Final = 80  # points that move in a playable map
# A label must not cover another at any of these widths of the figure in pixels: a phone, a
# tablet, a screen.
_WIDTHS: Final = np.array([[330.0], [600.0], [920.0]])
_CHARACTER, _LINE, _GAP = 6.8, 15.0, 4.0  # pixels that a label needs at 12 pixels of size
_PLACES: Final = (
    ("top center", 0.0, -1.0),
    ("middle right", 1.0, 0.0),
    ("middle left", -1.0, 0.0),
    ("bottom center", 0.0, 1.0),
)


def plot_map(
    data: Projection | ArrayLike,
    *,
    words: Sequence[str] | None = None,
    colors: Sequence[str | None] | None = None,
    before: ArrayLike | None = None,
    path: ArrayLike | None = None,
    query: int | None = None,
    neighbours: Sequence[int] = (),
    marked: Sequence[int] = (),
    captions: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 420,
    controls: bool = True,
) -> go.Figure:
    """Draw rows of a matrix as points of a map, with their words where there is room.

    `words`, `colors`, `query`, `neighbours` and `marked` count rows of the matrix, which for a map
    of some rows only (`Projection.rows`) are not the points.

    Args:
        data: What `compute_projection` made, or points ``(n, 2)``.
        words: ``(n,)``, the name of each row; its number if None.
        colors: ``(n,)``, the colour of each row; grey where None.
        before: ``(points, 2)``, where each point was: an arrow leads from there.
        path: ``(steps, points, 2)``, where each point was at each step: the map can be played, one
            frame per step, and `data` only says which rows these are and what the axes are.
        query: A row to mark with a star, from which lines lead to its `neighbours`.
        neighbours: Rows to mark with a square.
        marked: Rows to mark with a larger point, such as the words of a sentence.
        captions: ``(steps,)``, what Plotly's own slider says at each step of `path`.
        step: The step of `path` to open at; the last if None.
        palette: Colours of text and marks.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button to a `path`.

    Raises:
        SeqvizError: Points have another shape, or there are not as many words or colours as rows.
    """
    explained = data.explained if isinstance(data, Projection) else None
    points = _points(data.points if isinstance(data, Projection) else data, "data", ("n",))
    rows: list[int] = (
        data.rows.tolist() if isinstance(data, Projection) else list(range(len(points)))
    )
    needed = max(rows, default=-1) + 1
    for name, of_rows in (("words", words), ("colors", colors)):
        if of_rows is not None and len(of_rows) < needed:
            raise SeqvizError(
                f"{name} has {len(of_rows)} entries, but the map has rows up to {needed - 1}. "
                "Hint: give one for each row of the matrix."
            )
    names = [str(row) if words is None else str(words[row]) for row in rows]
    hues = [(colors[row] if colors is not None else None) or palette.muted for row in rows]
    place = {row: i for i, row in enumerate(rows)}
    star = place.get(query) if query is not None else None
    near = [place[row] for row in neighbours if row in place]
    large = [place[row] for row in marked if row in place]
    steps = None if path is None else _points(path, "path", ("steps", len(points)))
    old = None if before is None else _points(before, "before", (len(points),))
    everywhere = [points] if steps is None else [steps.reshape(-1, 2)]
    everywhere += [] if old is None else [old]
    low, high = _ranges(np.concatenate(everywhere))
    layout = _layout(low, high, explained, palette)

    traces: list[Trace] = []
    if steps is not None:
        look = Look(step, palette, height, controls)
        first = [*large, *near]
        return _playable_map(traces, layout, steps, names, hues, first, low, high, captions, look)
    if old is not None:
        traces += _moved(old, points, names, high - low, palette)
    if star is not None and near:
        traces.append(_links(points, star, near, palette))
    special = {star, *near, *large}
    rest = [i for i in range(len(points)) if i not in special]
    crowd = len(points) > _CROWD
    traces.append(_dots(points, rest, names, hues, size=4 if crowd else 6))
    traces[-1]["marker"]["opacity"] = 0.4 if crowd else 1
    traces.append(_dots(points, large, names, hues, size=11, line=palette.text))
    traces.append(_dots(points, near, names, hues, size=10, symbol="square", line=palette.text))
    if star is not None:
        traces.append(_dots(points, [star], names, hues, size=17, symbol="star", line=palette.text))
    chosen = [i for i in (star, *near, *large) if i is not None]
    order = list(dict.fromkeys([*chosen, *_moved_most(old, points), *rest]))
    order = order[: _MAX_LABELS if len(points) <= _CROWD else len(chosen) + 30]
    traces += _labels(points, order, set(chosen), names, palette, low, high, height)
    return still(traces, layout, palette, height)


def _points(values: ArrayLike, name: str, shape: tuple[int | str, ...]) -> NDArray[np.floating]:
    """Points of the map, as an array of such a shape and a last axis of 2."""
    try:
        points = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        points = np.empty(0)
    wanted = (*shape, 2)
    fits = points.ndim == len(wanted) and all(
        isinstance(want, str) or want == has for want, has in zip(wanted, points.shape, strict=True)
    )
    if not fits:
        what = f"an array of shape {points.shape}" if points.size else f"{type(values).__name__}"
        raise SeqvizError(
            f"{name} must be numbers ({', '.join(map(str, wanted))}), but {what} was given. Hint: "
            "seqviz.compute_projection makes points of a matrix."
        )
    return points


def _ranges(points: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """What the axes span, with room for words at the edges."""
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    low, high = finite.min(axis=0), finite.max(axis=0)
    span = high - low
    # All in one place, or on one line: any width will do, but not none.
    width = np.where(span > 0, span, max(float(span.max()), 1e-6))
    room = width * np.array([0.1, 0.08])
    return low - room - (width - span) / 2, high + room + (width - span) / 2


def _layout(
    low: NDArray[np.floating],
    high: NDArray[np.floating],
    explained: NDArray[np.floating] | None,
    palette: Palette,
) -> dict[str, Any]:
    def title(axis: int) -> str:
        if explained is None:
            return f"axis {axis + 1}"
        return f"principal component {axis + 1}: {explained[axis]:.0%} of the variance"

    def axis(number: int) -> dict[str, Any]:
        return {
            "range": [float(low[number]), float(high[number])],
            "title": {"text": title(number), "font": {"size": 12, "color": palette.muted}},
            "zeroline": False,
            "showgrid": False,
            "showline": True,
            "mirror": True,
            "linecolor": palette.muted,
            "ticks": "",
            "showticklabels": False,
            "fixedrange": True,
        }

    return {
        "margin": {"l": 26, "r": 4, "t": 4, "b": 26},
        "xaxis": axis(0),
        "yaxis": axis(1),
        "hovermode": "closest",
    }


def _dots(
    points: NDArray[np.floating],
    which: Sequence[int],
    names: Sequence[str],
    hues: Sequence[str],
    *,
    size: int,
    symbol: str = "circle",
    line: str | None = None,
) -> Trace:
    chosen = list(which)
    colors = [hues[i] for i in chosen]
    return {
        "type": "scatter",
        "x": points[chosen, 0].astype(np.float32),
        "y": points[chosen, 1].astype(np.float32),
        "mode": "markers",
        "marker": {
            "size": size,
            "symbol": symbol,
            "color": colors[0] if len(set(colors)) == 1 else colors,
            "line": {"width": 0 if line is None else 1.5, "color": line},
        },
        "hoverinfo": "text",
        "hovertext": [plain(shorten(names[i], 60)) for i in chosen],
        "showlegend": False,
    }


def _links(points: NDArray[np.floating], star: int, near: Sequence[int], palette: Palette) -> Trace:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for i in near:
        xs += [float(points[star, 0]), float(points[i, 0]), None]
        ys += [float(points[star, 1]), float(points[i, 1]), None]
    return {
        "type": "scatter",
        "x": xs[:-1],
        "y": ys[:-1],
        "mode": "lines",
        "line": {"color": palette.text, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _moved(
    old: NDArray[np.floating],
    new: NDArray[np.floating],
    names: Sequence[str],
    span: NDArray[np.floating],
    palette: Palette,
) -> list[Trace]:
    """A hollow point where each was, and an arrow from there for those that moved visibly."""
    went = np.abs((new - old) / span).max(axis=1) > 0.004
    chosen = np.flatnonzero(went)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for i in chosen.tolist():
        xs += [float(old[i, 0]), float(new[i, 0]), None]
        ys += [float(old[i, 1]), float(new[i, 1]), None]
    return [
        {
            "type": "scatter",
            "x": xs[:-1],
            "y": ys[:-1],
            "mode": "lines+markers",
            "line": {"color": palette.hidden, "width": 1.5},
            "marker": {
                "symbol": "arrow",
                "angleref": "previous",
                "standoff": 4,
                "size": ([0, 10, 0] * len(chosen))[:-1],
                "color": palette.hidden,
                "line": {"width": 0},
            },
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter",
            "x": old[chosen, 0].astype(np.float32),
            "y": old[chosen, 1].astype(np.float32),
            "mode": "markers",
            "marker": {
                "symbol": "circle-open",
                "size": 7,
                "color": palette.hidden,
                "line": {"width": 1.5},
            },
            "hoverinfo": "text",
            "hovertext": [f"{plain(shorten(names[i], 60))}, before" for i in chosen.tolist()],
            "showlegend": False,
        },
    ]


def _moved_most(old: NDArray[np.floating] | None, new: NDArray[np.floating]) -> list[int]:
    if old is None:
        return []
    length = np.linalg.norm(new - old, axis=1)
    order = np.argsort(-length, kind="stable")
    return [i for i in order.tolist() if length[i] > 0]


def _labels(
    points: NDArray[np.floating],
    order: Sequence[int],
    bold: set[int],
    names: Sequence[str],
    palette: Palette,
    low: NDArray[np.floating],
    high: NDArray[np.floating],
    height: int,
) -> list[Trace]:
    """The words, beside their points, those first in `order` first; none that would cover another.

    One trace of plain words, one of bold ones.
    """
    share = (points - low) / (high - low)
    # Middle of each point in pixels: (widths, points).
    x = share[:, 0] * (_WIDTHS - 30)
    y = (1 - share[:, 1]) * (height - 30)
    taken = np.empty((0, len(_WIDTHS), 4))
    chosen: list[tuple[int, str]] = []
    for i in order:
        text = shorten(names[i], _LABEL_LENGTH)
        half = np.array([_width(text) * (1.1 if i in bold else 1.0), _LINE]) / 2
        # The words that the map is about may cover a point where there is no other place.
        tries = [(place, False) for place in _PLACES]
        tries += [(place, True) for place in _PLACES if i in bold]
        for (position, right, down), covering in tries:
            gap = _GAP + 4 * (i in bold)
            middle_x = x[:, i] + right * (half[0] + gap)
            middle_y = np.broadcast_to(y[i] + down * (half[1] + gap), middle_x.shape)
            box = np.stack(
                [middle_x - half[0], middle_y - half[1], middle_x + half[0], middle_y + half[1]],
                axis=1,
            )
            if _free(box, taken, x[:, :0] if covering else x, y, i, height):
                chosen.append((i, position))
                taken = np.concatenate([taken, box[None]])
                break
    traces = []
    for is_bold in (False, True):
        some = [(i, p) for i, p in chosen if (i in bold) == is_bold]
        if not some:
            continue
        which = [i for i, _ in some]
        texts = [plain(shorten(names[i], _LABEL_LENGTH)) for i in which]
        traces.append(
            {
                "type": "scatter",
                "x": points[which, 0].astype(np.float32),
                "y": points[which, 1].astype(np.float32),
                "mode": "markers+text",  # the size of a marker keeps the text off the point
                "marker": {"size": 15 if is_bold else 8, "color": "rgba(0,0,0,0)"},
                "text": [f"<b>{text}</b>" for text in texts] if is_bold else texts,
                "textposition": [position for _, position in some],
                "textfont": {"size": 12, "color": palette.text},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return traces


def _width(text: str) -> float:
    """About how wide a word is, in pixels: characters of East Asia take the room of two."""
    return sum(_CHARACTER * (2 if ord(c) >= 0x1100 else 1) for c in text)


def _free(
    box: NDArray[np.floating],
    taken: NDArray[np.floating],
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    own: int,
    height: int,
) -> bool:
    """Whether a label is inside the figure, and covers no other label and no other point."""
    x0, y0, x1, y1 = box.T
    if (x0 < -2).any() or y0[0] < 0 or (x1 > _WIDTHS[:, 0] - 28).any() or y1[0] > height - 30:
        return False
    if len(taken) and (
        (x0 < taken[:, :, 2])
        & (x1 > taken[:, :, 0])
        & (y0 < taken[:, :, 3])
        & (y1 > taken[:, :, 1])
    ).any():  # fmt: skip
        return False
    if len(y) > _CROWD or not x.size:
        return True  # in a crowd of points nothing could be written at all
    covered = (
        (x > x0[:, None] - 3)
        & (x < x1[:, None] + 3)
        & (y > y0[:, None] - 2)
        & (y < y1[:, None] + 2)
    )
    covered[:, own] = False
    return not covered.any()


def _playable_map(
    traces: list[Trace],
    layout: dict[str, Any],
    path: NDArray[np.floating],
    names: Sequence[str],
    hues: Sequence[str],
    first: Sequence[int],
    low: NDArray[np.floating],
    high: NDArray[np.floating],
    captions: Sequence[str] | None,
    look: Look,
) -> go.Figure:
    """The points that move are shapes, each with its word and a line from where it started."""
    span = high - low
    length = np.abs((path - path[0]) / span).max(axis=(0, 2))
    most = [i for i in np.argsort(-length, kind="stable").tolist() if length[i] > 0.004]
    moving = list(dict.fromkeys([*first, *most]))[:_MOVING]
    unmoved = [i for i in range(path.shape[1]) if i not in set(moving)]
    traces.append(_dots(path[0], unmoved, names, hues, size=6))
    traces += _labels(
        path[0], unmoved[:_MAX_LABELS], set(), names, look.palette, low, high, look.height
    )
    if look.controls:  # they stand where the axis's title would be
        layout["xaxis"]["side"] = "top"
        layout["margin"] = {**layout["margin"], "t": 26, "b": 4}
    start = _dots(path[0], moving, names, hues, size=7, symbol="circle-open")
    start["marker"]["line"] = {"width": 1.5}
    traces.append(start)
    rx, ry = span[0] * 0.006, span[1] * 0.014
    looks: list[Shape] = []
    for i in moving:
        x, y = path[0, i].tolist()
        looks.append({"type": "line", "x0": x, "y0": y, "line": {"color": hues[i], "width": 2}})
        looks.append(
            {
                "type": "circle",
                "fillcolor": hues[i],
                "line": {"width": 0},
                "label": {
                    "text": plain(shorten(names[i], _LABEL_LENGTH)),
                    "textposition": "top center",
                    "yanchor": "bottom",
                    "padding": 1,
                    "font": {"size": 12, "color": look.palette.text},
                },
            }
        )
    steps: list[list[Shape]] = []
    for points in path:
        moves: list[Shape] = []
        for i in moving:
            x, y = points[i].tolist()
            moves.append({"x1": x, "y1": y})
            moves.append({"x0": x - rx, "x1": x + rx, "y0": y - ry, "y1": y + ry})
        steps.append(moves)
    return animated(
        traces,
        layout,
        together(looks, steps),
        labels=[str(k) for k in range(len(path))] if captions is None else list(captions),
        look=look,
    )
