"""A training, epoch by epoch: loss, accuracy and confusion on top, one sequence below."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go

from seqviz.array_types import Array, Bools, Floats
from seqviz.errors import SeqvizError
from seqviz.lessons.training.compute import LeftOut, WatchedTraining
from seqviz.lessons.training.names_on_map import place_names
from seqviz.lessons.training.terms_figure import (
    Columns,
    columns_of,
    draw_terms,
    has_terms,
    names_of_terms,
)
from seqviz.plotly_kit import fitting, marks
from seqviz.plotly_kit.animation import Changing, Look, Moving, animated
from seqviz.plotly_kit.bands import (
    Band,
    gate_band,
    hatched_columns,
    right_margin,
    stack_of,
    time_axis,
)
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import decimals, plain, shorten, token_labels
from seqviz.plotly_kit.palette import IN_CELL, LIGHT, SHARES, Palette, token_colors
from seqviz.readout.numbers import with_minus
from seqviz.readout.records import drawn_of
from seqviz.wording import first_of

SHOWN: Final = ("states", "gates", "rows")
# An axis without marks; its line and its title may be seen.
_BARE: Final = {
    "showgrid": False,
    "zeroline": False,
    "fixedrange": True,
    "showticklabels": False,
    "ticks": "",
}
_STRIP: Final = 0.72  # share of the height where what is above the sequence begins
_BANDS: Final = 0.64  # … and where the sequence ends
_NAMED: Final = 8  # classes up to which each has its name beside it
_COUNTED: Final = 6  # classes up to which counts are written
_EXACT: Final = 15_000  # numbers of all frames up to which they are sent as they are
_LEVELS: Final = 127  # of a colour, where there are more
_HIGHEST: Final = 3.0  # times the first value that a panel shows; what is more is at its upper edge
_WRITTEN: Final = (14, 8)  # columns and rows up to which the answers are written
# Times as high as a unit's is the row of an answer that has its name beside it; of two it is more.
_TALL, _TALLER = 3, 5
_THINNEST: Final = 0.16  # of a band, as a share of the sequence's height
_WIDE, _NARROW = 760.0, 310.0  # pixels of the map's width on a screen and on a phone
_STRIP_NARROW: Final = 238.0  # … and of the strip's on a phone, beside whose bands there are names
_SMALL: Final = 10  # pixels of the smallest letters
_CHARACTER: Final = 0.56  # of their size, that letters are wide for the player (text_fitting.js)
_AROUND: Final = 0.08  # of the map, that is left free around its points
_OVER: Final = 0.04  # of a curve's height, that its panel shows above and below it
_BESIDE: Final = 0.5  # of the confusion's width, that its names are given beside it
_LEAST: Final = 1.3  # columns of it, at least, that they are as wide as
_GAP: Final = 0.08  # of the names' width, between them and the counts
_ABOVE: Final = 0.2  # … and above it, of its height
_TITLE: Final = 0.22  # of the counts' width on a screen, left of what stands in the middle over it
_FAINT: Final = 0.45
_SHORT: Final = 6  # letters of a word over its column
_TWO: Final = 2  # words up to which nothing is left of the last but one
_FEW: Final = 3  # columns up to which a phone has no room for words in all but the last
_CLEAR: Final = "rgba(0,0,0,0)"


class _Panel(NamedTuple):
    """A place on the strip on top: its axes, and from where to where it goes."""

    number: int
    left: float
    right: float

    @property
    def axes(self) -> dict[str, str]:
        return {"xaxis": f"x{self.number}", "yaxis": f"y{self.number}"}


@drawn_of(WatchedTraining, "compute_watched_training")
def plot_watched_training(
    data: WatchedTraining,
    *,
    show: str = "states",
    difference: bool = False,
    at_the_end: bool = False,
    tokens: Sequence[str] | None = None,
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 400,
    controls: bool = True,
) -> go.Figure:
    """Draw a training with one step for each moment that was kept.

    On top: the loss and a metric over all epochs, of the samples that are learned (solid) and of
    those held out (dotted), and of the latter how many of each class were taken for which. Below:
    what is answered after each timestep, and the layer's states (or gates) there; or the map of
    the Embedding's rows. Of two classes a row says what was answered before training and one what
    is now. Where a timestep is left out, what comes of it is a column of its own on the right, which
    is not drawn where each timestep is answered. Beside the state that is answered to stands what
    each of its numbers adds to the answer, where there is room. All colour scales are the same at
    every moment.

    Args:
        data: What `compute_watched_training` made.
        show: ``"states"``, ``"gates"`` or ``"rows"``.
        difference: Whether states and gates are shown as their difference from before training.
        at_the_end: Whether only the answer after the last timestep was trained: it is framed, and
            those before it are hatched.
        tokens: The word at each timestep.
        step: Moment to open at; the last if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.

    Raises:
        SeqvizError: There is nothing of that kind, or not one token for each timestep.
    """
    if show not in SHOWN:
        raise SeqvizError(f"show is {show!r}, but it must be one of {', '.join(map(repr, SHOWN))}.")
    labels = token_labels(tokens, data.layer.timesteps.tolist())
    traces, axes, changing, moving = _strip(data, palette)
    if show == "rows":
        below = _map(data, labels, palette, _BANDS * (height - 30))
        margin = {"l": 78, "r": 8, "t": 22, "b": 8}
    else:
        below = _sequence(data, show, difference, at_the_end, labels, palette)
        margin = {"l": 112, "r": right_margin(labels), "t": 22, "b": 34}
    return animated(
        [*traces, *below.traces],
        {
            **axes,
            **below.axes,
            "margin": margin,
            "annotations": [*_words_on_top(data, palette), *below.words],
            "hovermode": "closest",
        },
        [_backdrop(palette), *moving, *below.moving],
        labels=[f"epoch {epoch}" for epoch in data.epochs.tolist()],
        look=Look(step, palette, height, controls),
        changing=[*changing, *below.changing],
    )


class _Part(NamedTuple):
    traces: list[Trace]
    axes: dict[str, Any]
    changing: list[Changing]
    moving: Sequence[Moving] = ()
    words: Sequence[dict[str, Any]] = ()


def _backdrop(palette: Palette) -> Moving:
    """The first shape, which tells the page's player which theme the picture is drawn in."""
    shape = {
        **{"type": "rect", "fillcolor": palette.background, "opacity": 0, "layer": "below"},
        **{"xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1},
        "line": {"width": 0},
    }
    return Moving(shape, lambda k: {})


def _panels(data: WatchedTraining) -> list[_Panel]:
    if data.confusion is None:
        return [_Panel(7, 0, 0.43), _Panel(8, 0.56, 1)]
    return [_Panel(7, 0, 0.22), _Panel(8, 0.3, 0.5), _Panel(9, 0.53, 1)]


def _metric(data: WatchedTraining) -> str:
    return next((n for n in data.history if n != "loss" and not n.startswith("val_")), "loss")


def _strip(
    data: WatchedTraining, palette: Palette
) -> tuple[list[Trace], dict[str, Any], list[Changing], list[Moving]]:
    """Loss, metric and confusion, with a line at the epoch that is shown."""
    panels = _panels(data)
    traces: list[Trace] = []
    axes: dict[str, Any] = {}
    moving = []
    epochs = data.epochs.tolist()
    for panel, name in zip(panels, ("loss", _metric(data)), strict=False):
        top = _top(data, name)
        for key, dash in ((name, "solid"), (f"val_{name}", "dot")):
            traces += _curve(data.history.get(key), top, panel, dash, palette)
        last, low, high = max(epochs[-1], 1), -_OVER * top, (1 + _OVER) * top
        axes |= _panel_axes(panel, (0, last), (low, high))
        edges = marks.segments(
            [(0, high, 0, low), (0, low, last, low)], color=palette.muted, width=1
        )
        traces.append({**edges, **panel.axes})
        line = marks.segments([(0, 0, 0, 0)], color=palette.text)["line"]
        here = {"xref": f"x{panel.number}", "yref": f"y{panel.number}", "y0": low, "y1": high}
        moving += [
            Moving(marks.veil(palette, **here, x1=last), lambda k: {"x0": epochs[k]}),
            Moving(
                {"type": "line", **here, "opacity": 0.6, "line": {**line, "width": 2}},
                lambda k: {"x0": epochs[k], "x1": epochs[k]},
            ),
        ]
    if data.confusion is None:
        return traces, axes, [], moving
    matrix = _confusion(data, panels[-1], palette)
    return [*traces, *matrix.traces], axes | matrix.axes, matrix.changing, moving


def _top(data: WatchedTraining, name: str) -> float:
    """The upper end of a panel: 1 for a share, else the largest number that was measured."""
    if "accuracy" in name:
        return 1.0
    known = [np.asarray(data.history.get(key, ()), np.float64) for key in (name, f"val_{name}")]
    values = np.concatenate([one[np.isfinite(one)] for one in known])
    if not len(values):
        return 1.0
    # One epoch that exploded must not flatten all others.
    return float(min(values.max(), _HIGHEST * values[0])) or 1.0


def _curve(
    values: Floats | None, top: float, panel: _Panel, dash: str, palette: Palette
) -> list[Trace]:
    if values is None or not len(values):
        return []
    known = np.where(np.isfinite(values), np.minimum(values, top), np.nan)
    return [
        {
            "type": "scatter",
            "mode": "lines" if len(values) > 1 else "markers",
            "x": list(range(1, len(values) + 1)),
            "y": [None if np.isnan(v) else round(float(v), 4) for v in known],
            "line": {"color": palette.text, "width": 2, "dash": dash},
            "marker": {"color": palette.text, "size": 6},
            "hoverinfo": "x+y",
            "showlegend": False,
            **panel.axes,
        }
    ]


def _panel_axes(
    panel: _Panel, across: tuple[float, float], up: tuple[float, float]
) -> dict[str, Any]:
    return {
        f"xaxis{panel.number}": {
            **_BARE,
            "domain": [panel.left, panel.right],
            "range": list(across),
            "anchor": f"y{panel.number}",
        },
        f"yaxis{panel.number}": {
            **_BARE,
            "domain": [_STRIP, 1],
            "range": list(up),
            "anchor": f"x{panel.number}",
        },
    }


def _words_on_top(data: WatchedTraining, palette: Palette) -> list[dict[str, Any]]:
    """What each panel shows, and at the curves' axes where they begin and end."""

    def words(text: str, x: float, y: float, sides: tuple[str, str], size: int) -> dict[str, Any]:
        # A panel's name stands level with the words that traces have over it.
        shift = {"right": {"xshift": -4}, "top": {"yshift": -1}, "bottom": {"yshift": -3}}
        return {
            **{"text": text, "x": x, "y": y, "xref": "paper", "yref": "paper"},
            **{"xanchor": sides[0], "yanchor": sides[1], "showarrow": False},
            **(shift[sides[0]] if sides == ("right", "middle") else {}),
            **shift.get(sides[1], {}),
            "font": {"size": size, "color": palette.text},
        }

    said = []
    last = max(int(data.epochs[-1]), 1)
    foot, up = _STRIP, (1 - _STRIP) / (1 + 2 * _OVER)  # of all that a panel shows, 0 to its top
    for panel, name in zip(_panels(data), ("loss", _metric(data)), strict=False):
        said.append(
            words(f"<b>{name.replace('_', ' ')}</b>", panel.left, 1, ("left", "bottom"), 12)
        )
        zero = foot + _OVER * up
        for text, y in (("0", zero), (f"{_top(data, name):.2g}", zero + up)):
            said.append(words(text, panel.left, y, ("right", "middle"), 11))
        for text, share in (("0", 0.0), ("epoch", 0.5), (str(last), 1.0)):
            x = panel.left + share * (panel.right - panel.left)
            said.append(words(text, x, foot, ("center", "top"), 11))
    if "val_loss" in data.history:  # left of both panels, where a phone has room too
        middle = (_STRIP + 1) / 2
        said.append(words("— training<br>⋯ held out", 0, middle, ("right", "middle"), 11))
    if data.confusion is not None:
        left = _panels(data)[-1].left
        beside = _names_room(len(data.classes))
        half = len(data.classes) / (beside + len(data.classes)) / 2  # of the counts' columns
        above = 1 - half * (1 - left)
        said.append(words("<b>the model said</b>", above, 1, ("center", "bottom"), 12))
        if len(data.classes) > _NAMED:
            middle = (_STRIP + 1) / 2
            true = words("<b>true</b>", left, middle, ("right", "middle"), 12)
            said.append(true | {"textangle": -90, "xshift": 0})
    return said


def _confusion(data: WatchedTraining, panel: _Panel, palette: Palette) -> _Part:
    """Counts of held-out samples, coloured by their share of the true class."""
    confusion: Any = data.confusion
    count = len(data.classes)
    shares = confusion / np.maximum(confusion.sum(axis=2, keepdims=True), 1)
    named = count <= _NAMED
    # For the names beside it and above it.
    room, head = _names_room(count), _ABOVE * count if named else 0.0
    values = _sent(shares, 1.0)
    trace: Trace = {
        "type": "heatmap",
        "z": values.numbers[0],
        **{"x0": 0, "dx": 1, "y0": 0, "dy": 1, "xgap": 1, "ygap": 1},
        **{"zmin": 0, "zmax": values.limit, "colorscale": SHARES},
        "showscale": False,
        "hoverinfo": "skip",
        **panel.axes,
    }
    counted = count <= _COUNTED
    if counted:
        longest = str(confusion.max())
        trace |= {
            "texttemplate": "%{text}",
            "textfont": {"size": 11, "color": IN_CELL},
            "meta": fitting.of_numbers((1, 1), longest, 11, "%{text}"),
        }
    written = confusion.tolist()

    def at(k: int) -> Trace:
        numbers: Trace = {"z": values.numbers[k]}
        return numbers | (
            {"text": [[str(n) for n in row] for row in written[k]]} if counted else {}
        )

    names = [
        {
            **marks.texts(xs, ys, words, color=palette.text, position=side, room=space),
            **panel.axes,
            "cliponaxis": False,  # one stands over it
        }
        for xs, ys, words, side, space in (
            (
                [-0.5 - _GAP * room] * count,
                range(count),
                [plain(shorten(name, 9)) for name in data.classes],
                "middle left",
                ((1 - _GAP) * room, 1),
            ),
            (
                range(count),
                [-0.5 - head / 2] * count,
                [
                    plain(word)
                    for word in first_letters(data.classes, _letters(panel, count + room))
                ],
                "middle center",
                (1, head),
            ),
            # What stands below it.
            (
                [-0.5 - _GAP * room],
                [-0.5 - head / 2],
                ["<b>true</b>"],
                "middle left",
                ((1 - _GAP) * room, head),
            ),
            # Of how many, before the title; a phone leaves it out.
            (
                [-0.5 + _TITLE * count],
                [-0.5 - head],
                [f"{confusion[0].sum()} held out:"],
                "top left",
                (room, head),
            ),
        )
        if named
    ]
    axes = _panel_axes(panel, (-0.5 - room, count - 0.5), (count - 0.5, -0.5 - head))
    return _Part([trace, *names], axes, [Changing(trace, at)])


def _names_room(count: int) -> float:
    """How many columns wide the names beside the counts are; 0 where there are too many."""
    return max(_BESIDE * count, _LEAST) if count <= _NAMED else 0.0


def _letters(panel: _Panel, columns: float) -> int:
    """How many fit above each of so many columns on a phone, which has the least room; at least 3."""
    pixels = (panel.right - panel.left) * _STRIP_NARROW / columns
    return max(int(pixels / (_CHARACTER * _SMALL)), 3)


def first_letters(names: Sequence[str], least: int) -> list[str]:
    """The beginning of each name, with so many letters and as many more as tell them apart.

    Args:
        names: Of classes.
        least: Letters of each, where it has so many.
    """
    length = least
    while len({name[:length] for name in names}) < len(set(names)):
        length += 1
    return [name[:length] for name in names]


class _Sent(NamedTuple):
    """Numbers as they are sent: themselves, or of very many the colour of each."""

    numbers: Array
    limit: float


def _sent(values: Floats, limit: float, total: int | None = None) -> _Sent:
    if (values.size if total is None else total) <= _EXACT:
        return _Sent(np.asarray(values, np.float32), limit)
    scaled = np.clip(np.nan_to_num(values / limit, nan=0), -1, 1)
    return _Sent(np.rint(scaled * _LEVELS).astype(np.int8), _LEVELS)


def _sequence(
    data: WatchedTraining,
    show: str,
    difference: bool,
    at_the_end: bool,
    labels: Sequence[str],
    palette: Palette,
) -> _Part:
    """What is answered after each timestep, and what the layer holds there."""
    other = data.left_out if at_the_end else None
    count = len(labels)
    weighed = at_the_end and has_terms(data, show, difference=difference)
    columns = columns_of(count, other=other is not None, terms=weighed)
    answer, rows = _answer_band(data, other, columns, palette)
    bands = [answer, *_layer_bands(data, other, columns, show, difference, palette)]
    total = sum(band.values.size for band in bands)
    sent = [_sent(band.values, band.limit, total) for band in bands]
    exact = total <= _EXACT
    names = [str(k) for k in range(1, columns.total + 1)]
    first = [band._replace(values=band.values[0], within=band.limit) for band in bands]
    weights = [float(len(band.values)) for band in first]
    weights[0] *= (_TALLER if len(data.classes) == 2 else _TALL) if rows else 1
    stack = stack_of(
        first,
        names,
        top=_BANDS,
        moments=[one.numbers for one in sent],
        thinnest=_THINNEST,
        weights=weights,
    )
    if not exact:
        for trace, band in zip(stack.traces, bands, strict=True):
            low = 0 if band.shares else -_LEVELS
            trace |= {"zmin": low, "zmax": _LEVELS, "hoverinfo": "skip", "hovertemplate": None}
    skipped = np.pad(data.layer.skipped, (0, columns.total - count))
    untrained = ~skipped & (np.arange(columns.total) < count - 1)
    if count <= _WRITTEN[0] and len(first[0].values) <= _WRITTEN[1] and exact:
        counts = ~untrained if at_the_end else np.ones(columns.total, bool)
        stack.changing[0] = _written(stack.traces[0], answer, counts)
    if rows:
        axis = stack.axes["yaxis"]
        axis |= {"tickvals": list(range(len(rows))), "ticktext": rows}
    hatched = hatched_columns(first, names, skipped, palette) if skipped.any() else []
    if at_the_end:  # answers that were not trained
        hatched += [
            trace | {"opacity": _FAINT}
            for trace in hatched_columns(first[:1], names, untrained, palette)
        ]
    made_of = stack.axes["yaxis2" if show == "states" and data.is_top else "yaxis"]
    low, high = stack.axes["yaxis"]["domain"]
    # Of two rows the upper one is of before training.
    frame = (made_of["domain"][0], (low + high) / 2 if len(data.classes) == 2 else high)
    under = [*labels, *[""] * (columns.total - count)]
    if other is not None and columns.other is not None:  # after the words that are left of it
        last = labels[-2 if other.timestep == count - 1 else -1]
        under[columns.other] = f"… {last}" if count > _TWO else last
    axis = time_axis(names, under, palette)
    terms = draw_terms(data, columns, names, palette) if weighed else []
    framed = columns.ends if at_the_end else ()
    return _Part(
        [*stack.traces, *hatched, *(change.trace for change in terms)],
        {**stack.axes, "xaxis": axis},
        [*stack.changing, *terms],
        [
            *([] if columns.other is None else [_gap(columns.other - 1, palette)]),
            *(_framed(column, int(weighed), frame, palette) for column in framed),
        ],
        [
            *([] if other is None else [_what_is_missing(labels, other.timestep, axis, palette)]),
            *(names_of_terms(columns, axis, frame[0], palette) if weighed else []),
            *(
                [_not_asked(count - 1, axis, stack.axes["yaxis"], palette)]
                if at_the_end and count > _FEW
                else []
            ),
        ],
    )


def _gap(column: int, palette: Palette) -> Moving:
    """Nothing in a column, so that what is right of it is not read as the next timestep."""
    place = {"x0": column - 0.5, "x1": column + 0.5, "y0": 0, "y1": _BANDS, "yref": "paper"}
    shape = {"type": "rect", "fillcolor": palette.background, "line": {"width": 0}, **place}
    return Moving(shape, lambda k: {})


def _what_is_missing(
    labels: Sequence[str], place: int, axis: Mapping[str, Any], palette: Palette
) -> dict[str, Any]:
    """Over the columns on the right, that they are of the sequence without a word: as much as a phone has room for."""
    low, high = axis["range"]
    right = 1 - (high - len(axis["categoryarray"]) + 0.5) / (high - low)
    word = plain(shorten(labels[place], _SHORT))
    first = "1st " if first_of(labels, place) else ""
    words = f"<b>without {first}“{word}”</b>"
    return _over(words, right, _BANDS, ("right", "bottom"), palette)


def _not_asked(
    columns: int, axis: Mapping[str, Any], bands: Mapping[str, Any], palette: Palette
) -> dict[str, Any]:
    """In the hatched answers, why they are: as much as a phone has room for."""
    low, high = axis["range"]
    middle = ((columns - 1) / 2 - low) / (high - low)
    words = _over("not asked here", middle, sum(bands["domain"]) / 2, ("center", "middle"), palette)
    return words | {"bgcolor": palette.background}


def _over(
    text: str, x: float, y: float, anchors: tuple[str, str], palette: Palette
) -> dict[str, Any]:
    """Words over the picture, at shares of its width and height."""
    return {
        "text": text,
        **{"x": x, "y": y, "xref": "paper", "yref": "paper"},
        **{"xanchor": anchors[0], "yanchor": anchors[1], "showarrow": False},
        "font": {"size": 12, "color": palette.text},
    }


def _framed(column: int, more: int, frame: tuple[float, float], palette: Palette) -> Moving:
    """The frame around an answer of the kind that was trained, and what it is made of: columns right of it too.

    In the colour of the state, which is seen on its cells and around them, light and dark.
    """
    place = {"x0": column - 0.5, "x1": column + more + 0.5, "y0": frame[0], "y1": frame[1]}
    return Moving(marks.cursor(palette.hidden, 3, yref="paper", **place), lambda k: {})


def _written(trace: Trace, band: Band, counts: Bools) -> Changing:
    """Have a heatmap write its numbers into its cells.

    Args:
        trace: The heatmap.
        band: With its values at all moments, ``(E, rows, T)``.
        counts: ``(T,)``, the columns that have colours and numbers; of the others a pointer is told.
    """
    places = decimals(band.limit)
    template = "%{text}"
    z = np.where(counts, band.values, 0).astype(np.float32)

    def at(k: int) -> Trace:
        texts = [
            [with_minus(f"{v:z.{places}f}") if np.isfinite(v) else "" for v in row]
            for row in band.values[k].tolist()
        ]
        seen = [
            [text if count else "" for text, count in zip(row, counts, strict=True)]
            for row in texts
        ]
        return {"z": z[k], "text": seen, "hovertext": texts}

    trace |= {
        **at(0),
        "texttemplate": template,
        "textfont": {"size": marks.VALUE_SIZE, "color": IN_CELL},
        "meta": fitting.of_numbers((1, 1), f"{-band.limit:.{places}f}", marks.VALUE_SIZE, template),
        "hovertemplate": f"{plain(band.label)}: %{{hovertext}}<extra></extra>",
    }
    return Changing(trace, at)


def _answer_band(
    data: WatchedTraining, other: LeftOut | None, columns: Columns, palette: Palette
) -> tuple[Band, list[str]]:
    """The answers as ``(E, rows, T)``, and the name of each row where there are few.

    Probabilities are grey, as the counts above: in no colour that a state's sign has. Of two classes it is how likely the second is, under what that was before training. In one more
    column the answer to the `other` sequence, if there is one.
    """
    answers = columns.placed(data.answers, other and other.answers)
    if not data.classes:
        return Band("answer so far", answers, palette.text, "number", _limit(answers)), []
    if len(data.classes) == 2:
        name = data.classes[1]
        now = answers[:, 1:]
        values = np.concatenate([np.broadcast_to(now[:1], now.shape), now], axis=1)
        said = plain(shorten(name, 10))
        rows = [
            f"{said}, before",
            f"<b>{said}, now</b>",
        ]  # now next to the state of which it is made
        label = f"is it {shorten(name, 12)}?"
        return Band(label, values, palette.text, "answer", 1.0, shares=True), rows
    band = Band("answer so far", answers, palette.text, "class", 1.0, shares=True)
    few = len(data.classes) <= _NAMED
    return band, [plain(shorten(name, 12)) for name in data.classes] if few else []


def _layer_bands(
    data: WatchedTraining,
    other: LeftOut | None,
    columns: Columns,
    show: str,
    difference: bool,
    palette: Palette,
) -> list[Band]:
    """States or gates as ``(E, units, T)``, and in one more column those after the `other` sequence."""
    layer, less = data.layer, other and other.layer
    named: list[tuple[str, Floats | None, Floats | None, str]] = [
        ("hidden state h", layer.hidden_states, less and less.hidden_states, palette.hidden),
        ("cell state c", layer.cell_states, less and less.cell_states, palette.cell),
    ]
    if show == "gates":
        named = [
            (name, values, less and less.gates[name], palette.gate(name))
            for name, values in layer.gates.items()
        ]
    bands = []
    for name, values, others, color in named:
        if values is None:
            continue
        moments = columns.placed(values, others)
        if difference:
            moments = moments - moments[0]
            bands.append(
                Band(f"change of {name.split()[-1]}", moments, color, "unit", _limit(moments))
            )
        elif show == "gates":
            bands.append(gate_band(name, moments, palette))
        else:
            bands.append(Band(name, moments, color, "unit", _limit(moments)))
    if not bands:
        raise SeqvizError(
            f"There are no {show} of {layer.layer!r} to draw. Hint: a SimpleRNN has no gates."
        )
    return bands


def _limit(values: Floats) -> float:
    """Where the colour scale ends: at the largest number of any moment that has numbers."""
    return marks.symmetric_limit(np.where(np.isfinite(values), values, np.nan))


def _map(data: WatchedTraining, labels: Sequence[str], palette: Palette, pixels: float) -> _Part:
    """Where the Embedding's rows are, those of the sequence marked; `pixels` is the map's height."""
    if not data.words:
        raise SeqvizError("There is no map of rows: the model reads numbers. Show states instead.")
    path = np.round(np.asarray(data.path, np.float64), 4)
    known = path[np.isfinite(path).all(axis=(1, 2))]
    low, high = (known.min(axis=(0, 1)), known.max(axis=(0, 1))) if len(known) else ([0, 0], [1, 1])
    pad = _AROUND * np.maximum(np.subtract(high, low), 1e-6)
    low, high = np.subtract(low, pad), np.add(high, pad)
    here = {word: k for k, word in enumerate(dict.fromkeys(labels))}
    watched = [word in here for word in data.words]
    names = [shorten(word, 12) for word in data.words]
    placed = place_names(
        (path - low) / (high - low),
        names,
        watched,
        wide=_WIDE,
        narrow=_NARROW,
        height=pixels,
    )
    written = [
        f"<b>{plain(name)}</b>" if bold else plain(name)
        for name, bold in zip(names, watched, strict=True)
    ]
    look: Trace = {
        "type": "scatter",
        "mode": "markers+text",
        "textfont": {"size": 12, "color": palette.text},
        **{"xaxis": "x", "yaxis": "y", "hoverinfo": "text", "showlegend": False},
        "hovertext": [plain(word) for word in data.words],
    }
    sizes = [11 if bold else 7 for bold in watched]
    hues = token_colors([2 + here[word] if word in here else 0 for word in data.words])
    points = look | {"marker": {"size": sizes, "color": hues, "line": {"width": 0}}}
    # A trace of its own, since all names of it are hidden on a phone.
    more = look | {
        "marker": {"size": sizes, "color": _CLEAR, "line": {"width": 0}},
        "meta": fitting.of_characters((7 * (high - low)[0] / _WIDE, (high - low)[1]), 1, 12),
    }

    def at(shown: Bools) -> Callable[[int], Trace]:
        def of(k: int) -> Trace:
            return {
                **{
                    axis: [None if np.isnan(v) else v for v in path[k, :, i].tolist()]
                    for i, axis in enumerate("xy")
                },
                "text": [t if seen else "" for t, seen in zip(written, shown[k], strict=True)],
                "textposition": placed.sides[k],
            }

        return of

    axes = {
        "xaxis": {**_BARE, "range": [low[0], high[0]], "domain": [0, 1]},
        "yaxis": {**_BARE, "range": [low[1], high[1]], "domain": [0, _BANDS]},
    }
    changing = [Changing(points, at(placed.always)), Changing(more, at(placed.wide))]
    for trace, change in zip((points, more), changing, strict=True):
        trace |= change.at(0)
    return _Part([points, more], axes, changing)
