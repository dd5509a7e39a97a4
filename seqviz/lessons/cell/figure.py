"""The wiring of one cell, with the numbers of one unit at one timestep."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from unicodedata import combining

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.lessons.cell.compute import Explanation, Term, WeightedSum, compute_activation
from seqviz.lessons.cell.words import stages
from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import Look, animated, together
from seqviz.plotly_kit.figure import Trace
from seqviz.plotly_kit.labels import plain, shorten
from seqviz.plotly_kit.marks import Box
from seqviz.plotly_kit.palette import LIGHT, Palette
from seqviz.plotly_kit.parts import Boxes, parts
from seqviz.readout.numbers import in_box, in_factor, in_strip
from seqviz.readout.records import drawn_of
from seqviz.wording import counted, subscript

# The picture is 100 wide; heights are pixels at the height it was made for.
_BUS_H, _BUS_X = 58, 30  # the lines that carry h and x to every gate
_BOX = (80, 152)  # bottom and top of a gate's box
_HALF = 7.3  # of its width
_WITH_FACTORS = 11.7  # where products stand in it, each with what is multiplied
_ALONE = 5.6  # of a bias
_STATE = 312  # the line on which a state travels
_TOP = {"SimpleRNN": 262, "GRU": 356, "LSTM": 356}
_WRITABLE = 3  # numbers of a vector that have room in its strip
_TERM, _MOST_TERMS = 21, 4  # height of a product in its sum's box, and how many are written there
_LAST = 99.5
_SHADE = "rgba(128,128,128,0.1)"


# What the steps of a computation are called where parts of pictures are (`seqviz.plotly_kit.parts`).
_PART_OF = {
    **{name: f"{name}_gate" for name in ("input", "forget", "output", "update", "reset")},
    "h": "hidden",
    "c": "cell",
}


@drawn_of(Explanation, "explain")
def plot_cell(
    explanation: Explanation,
    *,
    token: str = "",
    step: int | None = None,
    palette: Palette = LIGHT,
    height: int = 400,
    controls: bool = True,
) -> go.Figure:
    """Draw how a cell is wired, with live numbers, lit in the order in which it computes.

    Args:
        explanation: From `seqviz.explain`: one unit at one timestep.
        token: The word read there.
        step: How many steps of the computation are done when it opens; all of them if None.
        palette: Colours of text and outlines.
        height: Of the figure, in pixels.
        controls: Whether to add Plotly's own slider and play button.
    """
    e = explanation
    wiring = _Wiring(e, palette)
    wiring.inputs(token)
    plan = {"SimpleRNN": _simple_rnn, "GRU": _gru, "LSTM": _lstm}[e.cell](wiring)
    if e.skipped:
        states = "h" if e.cell_state is None else "h and c"
        words = f"<b>skipped</b><br>by the mask:<br>{states}<br>carried over"
        wiring.word(8, 205, words, palette.text, 17, size=13)
    order = stages(e)
    veiled: list[tuple[int, Box]] = []
    lights: list[tuple[Box, Box]] = []
    nothing: Box = (0, 0, 0, 0)
    for position, name in enumerate(order, 1):
        part = plan[name]
        veiled += [(position, box) for box in part.veils]
        lights.append((part.lights[0], part.lights[1] if len(part.lights) > 1 else nothing))
    lights.insert(0, ((0.2, 2, 14.2, wiring.top_of_h + 24), nothing))
    steps = [
        [
            *({"opacity": 0.9 if position > k else 0} for position, _ in veiled),
            *(_place(box) for box in lights[k]),
        ]
        for k in range(len(order) + 1)
    ]
    lit = {_PART_OF.get(name, name): [Boxes(box) for box in plan[name].lights] for name in order}
    # Of a state the number before as well, and of h all that the sums read.
    lit["hidden"] = [*lit["hidden"], Boxes((0.2, _BUS_H - 12, 14, wiring.top_of_h + 18))]
    lit["input"] = [Boxes((0.2, 0, 14, _BUS_X + 12))]
    top = _TOP[e.cell] + _room_for_terms(e)
    layout = marks.framed((0, 100), (0, top), margin=2, **parts(lit))
    return animated(
        wiring.traces(),
        layout,
        together(
            [
                *(marks.veil(palette, **_place(box)) for _, box in veiled),
                marks.light(palette.timesteps),
                marks.light(palette.timesteps),
            ],
            steps,
        ),
        labels=["given", *(plain(name) for name in order)],
        look=Look(step, palette, height, controls),
    )


def _is_upright(e: Explanation) -> bool:
    """Whether the numbers of h stand one above the other: side by side they would have no room."""
    return _WRITABLE < len(e.state) <= _MOST_TERMS and bool(np.isfinite(e.state).all())


def _place(box: Box) -> dict[str, float]:
    return dict(zip(("x0", "y0", "x1", "y1"), box, strict=True))


def _room_for_terms(e: Explanation) -> float:
    """How much higher the boxes of a SimpleRNN are, whose products stand in them one by one."""
    if e.cell != "SimpleRNN":
        return 0
    count = max(map(e.sums["hidden"].weights.count, ("kernel", "recurrent_kernel")))
    return 8 + (count - 1) * _TERM if count <= _MOST_TERMS else 0


class _Part(NamedTuple):
    """What one step of the computation covers: hidden until then, lit at that step."""

    veils: list[Box]
    lights: list[Box]


class _Wiring:
    """Collects wires, chips of numbers, signs and words, and makes few traces of them."""

    def __init__(self, explanation: Explanation, palette: Palette) -> None:
        self.e = explanation
        self.palette = palette
        self._wires: dict[str, list[Sequence[tuple[float, float]]]] = defaultdict(list)
        self._heads: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        self._chips: list[Trace] = []
        self._numbers: dict[tuple[float, float, float], list[tuple[float, float, float, str]]] = (
            defaultdict(list)
        )
        self._boxes: dict[str, list[Box]] = defaultdict(list)  # of sums, shaded
        self._frames: dict[str, list[Box]] = defaultdict(list)  # of numbers
        self._words: dict[tuple[str, int, str], list[tuple[float, float, str, float, str]]] = (
            defaultdict(list)
        )
        self._signs: list[tuple[float, float, str]] = []
        self._curve: list[Trace] = []

    @property
    def top_of_h(self) -> float:
        """Upper edge of the numbers of h."""
        rows = len(self.e.state) if _is_upright(self.e) else 1
        return _BUS_H - 10 + 20 * rows

    def wire(self, color: str, *points: tuple[float, float], head: str = "") -> None:
        """A line through `points`; `head` is up, down, right or "" for none."""
        self._wires[color].append(points)
        if head:
            self._heads[color, head].append(points[-1])

    def sign(self, x: float, y: float, what: str) -> None:
        """An operation in a circle, such as ×."""
        self._signs.append((x, y, what))

    def word(
        self,
        x: float,
        y: float,
        text: str,
        color: str,
        room: float,
        *,
        position: str = "middle center",
        size: int = 12,
        group: str = "",
    ) -> None:
        """A word with `room` wide space; those of a group are shown or hidden together."""
        self._words[position, size, group].append((x, y, text, room, color))

    def chip(
        self, box: Box, values: NDArray[np.floating], limit: float, color: str, name: str
    ) -> None:
        """Numbers side by side, coloured by value, in a frame if a colour is given."""
        x0, y0, x1, y1 = box
        n = len(values)
        if color:
            self._frames[color].append(box)
        if not np.isfinite(values).any():
            # Of ∞ there is no colour, and Plotly draws nothing.
            word = in_box(float(values[0]))
            self.word(
                (x0 + x1) / 2, (y0 + y1) / 2, word, self.palette.text, x1 - x0, group="infinite"
            )
            return
        if n == 1:
            self._numbers[y0, y1, limit or 1.0].append((x0, x1, float(values[0]), plain(name)))
            return
        width = (x1 - x0) / n
        self._chips.append(
            marks.heatmap(
                np.where(np.isfinite(values), values, np.nan)[None],
                limit=limit or 1.0,
                cell=(width, y1 - y0) if n <= _WRITABLE else None,
                hover=f"{plain(name)}[%{{customdata}}] = %{{z:.6f}}<extra></extra>",
                y=[y0, y1],
                x0=x0 + width / 2,
                dx=width,
                customdata=[list(range(n))],
            )
        )

    def column(
        self,
        box: Box,
        values: NDArray[np.floating],
        limit: float,
        names: Sequence[str],
        *,
        gap: int = 0,
        finer: int = 0,
    ) -> None:
        """Numbers one above the other, the first on top, coloured by value."""
        x0, y0, x1, y1 = box
        self._chips.append(
            marks.heatmap(
                values[::-1, None],
                limit=limit,
                cell=(x1 - x0, (y1 - y0) / len(values)),
                gap=gap,
                finer=finer,
                hover="%{customdata} = %{z:.6f}<extra></extra>",
                x=[x0, x1],
                y=np.linspace(y0, y1, len(values) + 1).tolist(),
                customdata=[[name] for name in reversed(names)],
            )
        )

    def inputs(self, token: str) -> None:
        """The two vectors that every sum reads, on the left."""
        e, palette = self.e, self.palette
        h, x = subscript("h", e.step), subscript("x", e.timestep + 1)
        place = (1, _BUS_H - 10, 13, self.top_of_h)
        if _is_upright(e):
            names = [f"{plain(h)}[{k}]" for k in range(len(e.state))]
            self.column(place, e.state, e.limits["h"] or 1.0, names, finer=1)
            self._frames[palette.hidden].append(place)
        else:
            self.chip(place, e.state, e.limits["h"], palette.hidden, h)
        self.chip((1, _BUS_X - 10, 13, _BUS_X + 10), e.inputs, e.limits["x"], palette.features, x)
        self.word(7, self.top_of_h + 10, f"{h} ({len(e.state)})", palette.hidden, 13, group="names")
        word = f" “{plain(shorten(token, 8))}”" if token else ""
        self.word(7, _BUS_X - 20, f"{x}{word}", palette.features, 13, group="token")

    def buses(self, last_h: float, last_x: float) -> None:
        """The lines that carry h and x along."""
        self.wire(self.palette.hidden, (13, _BUS_H), (last_h, _BUS_H))
        self.wire(self.palette.features, (13, _BUS_X), (last_x, _BUS_X))

    def risers(self, x: float, *, h: bool = True, inputs: bool = True) -> None:
        """Up from the buses into a box."""
        if h:
            left = x - 1.6 if inputs else x
            self.wire(self.palette.hidden, (left, _BUS_H), (left, _BOX[0] - 4), head="up")
        if inputs:
            right = x + 1.6 if h else x
            self.wire(self.palette.features, (right, _BUS_X), (right, _BOX[0] - 4), head="up")

    def box(
        self,
        x: float,
        title: str,
        below: str,
        value: float,
        color: str,
        *,
        limit: float = 1.0,
        higher: float = 0,
        half: float = _HALF,
    ) -> _Part:
        """A sum with what it gives, at the right if its box is wider than usual."""
        low, high = _BOX[0], _BOX[1] + higher
        frame = (x - half, low, x + half, high)
        self._boxes[color].append(frame)
        self.word(x, high - 11, title, color, 2 * _HALF, group="box")
        if below:
            self.word(x, high - 29, below, self.palette.text, 2 * half + 1.5, group="below")
        x0, x1 = _results(x, half)
        self.chip((x0, low + 5, x1, low + 31), np.array([value]), limit, "", plain(_bare(title)))
        around = (x - half - 0.7, low - 3, x + half + 0.7, high + 3)
        return _Part([around], [around])

    def terms(self, x: float, terms: Sequence[Term], limit: float) -> None:
        """The products of a sum one above the other, over a line, as sums are written by hand.

        Left of each stands what is multiplied, where there is room.
        """
        low = _BOX[0] + 37
        x0, x1 = _results(x, _WITH_FACTORS)
        self.wire(self.palette.text, (x0, low - 3), (x1, low - 3))
        bottoms = [low + k * _TERM for k in range(len(terms))]
        products = np.array([term.product for term in terms])
        names = [term.name for term in terms]
        # Finer than their sum, so that they are seen to add up to it.
        self.column((x0, low, x1, low + len(terms) * _TERM), products, limit, names, gap=1, finer=1)
        left = x - _WITH_FACTORS
        for bottom, term in zip(bottoms, reversed(terms), strict=True):
            said = f"{in_factor(term.factor)} · {in_factor(term.value)}"
            self.word(
                (left + x0) / 2, bottom + _TERM / 2, said, self.palette.text, x0 - left - 1,
                size=11, group="factors",
            )  # fmt: skip

    def gate(self, x: float, s: WeightedSum) -> _Part:
        """A gate's box."""
        function = "σ" if s.activation == "sigmoid" else plain(shorten(s.activation, 12))
        below = f"{function}({in_box(s.pre_activation)})"
        if s.gate == "memory":
            below = "h·U + b′" if "bias" in s.weights else "h·U"
        title = f"<b>{s.symbol}</b> {s.gate}"
        limit = max(1.0, abs(s.value)) if np.isfinite(s.value) else 1.0
        if s.gate == "memory":  # no activation keeps it to 1
            limit = max(abs(s.value), self.e.limits["h"])
        return self.box(x, title, below, s.value, self.palette.gate(s.gate), limit=limit)

    def curve(self, s: WeightedSum, x0: float, top: float) -> bool:
        """What the activation makes of any sum, and of this one; whether it can be drawn.

        A dotted line is what would come out without it: the sum. It stands right of `x0`, up to `top`.
        """
        curve = compute_activation(s)
        if curve is None:
            return False
        y0, x1, y1 = _BOX[0] + 19, _LAST - 2, top - 14
        reach, high = float(curve.sums[-1]), max(1.0, float(np.abs(curve.values).max()))
        across, up = (x1 - x0) / (2 * reach), (y1 - y0) / (2 * high)
        middle, zero = (x0 + x1) / 2, (y0 + y1) / 2

        def at(sums: Floats, values: Floats) -> list[tuple[float, float]]:
            return list(zip(middle + sums * across, zero + values * up, strict=True))

        muted, color = self.palette.muted, self.palette.hidden
        axes = ((x0, zero), (x1, zero)), ((middle, y0), (middle, y1))
        same = np.array([-1.0, 1.0]) * min(reach, high)
        self.wire(self.palette.text, *at(curve.sums, curve.values))
        point = _marks(at(np.array([s.pre_activation]), np.array([s.value])), color, "circle", 11)
        told = f"{s.activation}({s.pre_activation:.6f}) = {s.value:.6f}"
        self._curve = [
            _lines(axes, muted, width=1),
            _lines([at(same, same)], muted, dash="dot"),
            point | {"hoverinfo": "text", "hovertext": [told]},
        ]
        for x, y, word, position in (
            (x0, y0 - 11, f"−{reach:.3g}", "middle center"),
            (x1, y0 - 11, f"{reach:.3g}", "middle center"),
            (middle, y0 - 11, "sum", "middle center"),
            (x0 - 0.6, y1, f"{high:.3g}", "middle left"),
            (x0 - 0.6, y0, f"−{high:.3g}", "middle left"),
        ):
            self.word(x, y, word, muted, 6, position=position, group="curve")
        return True

    def state(self, x: float, y: float, name: str, value: float, limit: float, color: str) -> None:
        """One number of a state, with its name above."""
        self.chip((x, y - 15, x + 11, y + 15), np.array([value]), limit, color, plain(name))
        self.word(x + 5.5, y + 26, name, color, 13, group="names")

    def traces(self) -> list[Trace]:
        """Everything, from the back to the front."""
        palette = self.palette
        every = chain.from_iterable(self._boxes.values())
        out = [marks.outline(every, color=palette.muted, width=0, fill="toself", fillcolor=_SHADE)]
        out += [marks.outline(boxes, color=color) for color, boxes in self._boxes.items()]
        out += [_lines(wires, color) for color, wires in self._wires.items()]
        out += self._curve
        heads = [(*end, color, way) for (color, way), ends in self._heads.items() for end in ends]
        tips = _marks([(x, y) for x, y, _, _ in heads], palette.text, "circle", 9)
        tips["marker"]["color"] = [color for _, _, color, _ in heads]
        tips["marker"]["symbol"] = [f"triangle-{way}" for *_, way in heads]
        out.append(tips)
        out += self._chips
        out += [_row(*place, numbers) for place, numbers in self._numbers.items()]
        out += [marks.outline(frames, color=color) for color, frames in self._frames.items()]
        if self._signs:
            circles = _marks([(x, y) for x, y, _ in self._signs], palette.background, "circle", 23)
            # A function's name is wider than a sign.
            circles["marker"]["size"] = [23 if len(sign) < 3 else 36 for *_, sign in self._signs]
            circles["marker"]["line"] = {"color": palette.text, "width": 1.5}
            out.append(circles)
            by_size: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
            for sign in self._signs:
                by_size[15 if len(sign[2]) == 1 else 12].append(sign)
            for size, signs in by_size.items():
                out.append(
                    marks.texts(
                        [s[0] for s in signs],
                        [s[1] for s in signs],
                        [plain(s[2]) for s in signs],
                        color=palette.text,
                        size=size,
                    )
                )
        for (position, size, _), words in self._words.items():
            room = min(room / _width(text) for _, _, text, room, _ in words)
            longest = max(len(line) for w in words for line in _bare(w[2]).split("<br>"))
            out.append(
                marks.texts(
                    [w[0] for w in words],
                    [w[1] for w in words],
                    [w[2] for w in words],
                    color=[w[4] for w in words],
                    size=size,
                    position=position,
                    room=(room * longest, 18),
                )
            )
        return out


def _row(
    y0: float, y1: float, limit: float, numbers: Sequence[tuple[float, float, float, str]]
) -> Trace:
    """Numbers at one height in one trace, with gaps between them."""
    numbers = sorted(numbers)
    gap = (np.nan, "")
    spaced = [part for *_, value, name in numbers for part in ((value, name), gap)][:-1]
    return marks.heatmap(
        np.array([[value for value, _ in spaced]]),
        limit=limit,
        cell=(min(x1 - x0 for x0, x1, *_ in numbers), y1 - y0),
        hover="%{customdata} = %{z:.6f}<extra></extra>",
        x=[x for x0, x1, *_ in numbers for x in (x0, x1)],
        y=[y0, y1],
        customdata=[[name for _, name in spaced]],
    )


def _results(x: float, half: float) -> tuple[float, float]:
    """Where in a box the numbers stand that come out of it: at the right of a wide one."""
    width = min(11, 2 * half - 1.2)
    right = x + max(half - (_HALF - 5.5), width / 2)
    return right - width, right


def _bare(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


def _width(text: str) -> float:
    """Characters that take space: marks over others do not, and in numbers signs take half of it."""
    lines = _bare(text).split("<br>")
    narrow = 0 if any(c.isalpha() for c in text) else 0.55
    return max(
        1, *(sum(1 - narrow * (c in " .·−") for c in line if not combining(c)) for line in lines)
    )


def _lines(
    lines: Sequence[Sequence[tuple[float, float]]], color: str, *, width: int = 2, dash: str = ""
) -> Trace:
    """Lines through points, with gaps between them."""
    gap = (None, None)
    points = [point for line in lines for point in (*line, gap)][:-1]
    return {
        "type": "scatter",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "mode": "lines",
        "line": {"color": color, "width": width} | ({"dash": dash} if dash else {}),
        "hoverinfo": "skip",
    }


def _marks(places: Sequence[tuple[float, float]], color: str, symbol: str, size: int) -> Trace:
    return {
        "type": "scatter",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "mode": "markers",
        "marker": {"symbol": symbol, "size": size, "color": color, "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _hop(x: float, y: float) -> list[tuple[float, float]]:
    """The points of a small bridge over another wire."""
    return [(x - 1.5, y), (x - 1, y + 8), (x, y + 11), (x + 1, y + 8), (x + 1.5, y)]


def _simple_rnn(w: _Wiring) -> dict[str, _Part]:
    e, palette = w.e, w.palette
    s = e.sums["hidden"]
    higher = _room_for_terms(e)
    line = 205 + higher
    half, alone = (_WITH_FACTORS, _ALONE) if higher else (_HALF, _HALF)
    xs = (25.9, 49.9, 67.8) if higher else (24, 42, 60)
    squash = 77.5 if higher else 75
    limit = max([abs(s.share(name)) for name in s.weights] + [0.01])
    if higher:
        limit = max(limit, float(np.abs(s.products).max()))
    w.buses(xs[1], xs[0])
    plan = {}
    for x, name, factor, symbol, color in zip(
        xs,
        ("kernel", "recurrent_kernel", "bias"),
        (subscript("x", e.timestep + 1), subscript("h", e.step), ""),
        ("W", "U", "b"),
        (palette.features, palette.hidden, palette.muted),
        strict=True,
    ):
        title = f"<b>{factor} · {symbol}</b>" if factor else f"<b>{symbol}</b> bias"
        count = s.weights.count(name)
        below = "" if higher else counted(count, "product") if factor else "1 number"
        if higher and factor and count:
            w.terms(x, [term for term in s.terms() if term.weight == name], limit)
        value = s.share(name) if count else 0.0
        plan[name] = w.box(
            x, title, below if count else "none", value, color,
            limit=limit, higher=higher, half=half if factor else alone,
        )  # fmt: skip
        w.wire(
            color,
            (x, _BOX[1] + higher),
            (x, line - (0 if name == "kernel" else 14)),
            head="" if name == "kernel" else "up",
        )
    w.risers(xs[0], h=False)
    w.risers(xs[1], inputs=False)
    w.wire(palette.text, (xs[0], line), (87.5, line), head="right")
    for x in xs[1:]:
        w.sign(x, line, "+")
    w.sign(squash, line, _sign_of(e.activation))
    w.word(squash - 9, line + 22, f"sum {in_strip(s.pre_activation)}", palette.text, 15)
    if e.activation != "tanh":  # which the sign says
        w.word(squash, line - 24, plain(shorten(e.activation, 12)), palette.muted, 12)
    w.state(
        88, line, f"{subscript('h', e.step + 1)}[{e.unit}]", e.hidden[1], e.limits["h"],
        palette.hidden,
    )  # fmt: skip
    edges = (xs[0] - half, (xs[0] + xs[1]) / 2, (xs[1] + xs[2]) / 2, squash - 2.5)
    for name, left, right in zip(plan, edges, edges[1:], strict=False):
        plan[name].veils.append((left, _BOX[1] + 4 + higher, right, line + 35))
    plan["bias"].lights.append((xs[2] - 3.5, line - 15, squash - 2.5, line + 35))
    bottom = _BOX[0] - 3 if w.curve(s, squash + 4.5, line - 40) else line - 40
    end = (squash - 2.5, bottom, _LAST, line + 40)
    plan["h"] = _Part([end], [end])
    return plan


def _sign_of(activation: str) -> str:
    return {"sigmoid": "σ", "linear": "id"}.get(activation, "tanh" if activation == "tanh" else "φ")


def _lstm(w: _Wiring) -> dict[str, _Part]:
    e, palette = w.e, w.palette
    assert e.cell_state is not None  # an LSTM's explanation always has it
    places = {"input": 24, "forget": 41, "candidate": 58, "output": 75}
    i, f, g, o = places.values()
    low, high = 225, _STATE
    w.buses(o - 1.6, o + 1.6)
    plan = {}
    for name, x in places.items():
        w.risers(x)
        plan[name] = w.gate(x, e.sums[name])
    c, _ = e.updates
    top = _BOX[1]
    gate = palette.gate
    w.wire(gate("forget"), (f, top), (f, high - 15), head="up")
    w.wire(gate("input"), (i, top), (i, low), *_hop(f, low), (g - 2.2, low), head="right")
    w.wire(gate("candidate"), (g, top), (g, low - 15), head="up")
    w.wire(palette.cell, (g, low), (g, high - 15), head="up")
    w.wire(palette.cell, (12, high), (87.5, high), head="right")
    w.wire(palette.cell, (o, high), (o, low + 15), head="down")
    w.wire(gate("output"), (o, top), (o, low - 15), head="up")
    w.wire(palette.hidden, (o, low), (87.5, low), head="right")
    for x, y, sign in (
        (f, high, "×"),
        (g, high, "+"),
        (g, low, "×"),
        (o, 270, _sign_of(e.activation)),
        (o, low, "×"),
    ):
        w.sign(x, y, sign)
    before, after = subscript("c", e.step), subscript("c", e.step + 1)
    w.state(1, high, f"{before}[{e.unit}]", e.cell_state[0], e.limits["c"], palette.cell)
    w.state(88, high, f"{after}[{e.unit}]", e.cell_state[1], e.limits["c"], palette.cell)
    name = f"{subscript('h', e.step + 1)}[{e.unit}]"
    w.state(88, low, name, e.hidden[1], e.limits["h"], palette.hidden)
    kept, added = c.products
    w.word(f, high + 24, f"f · {before} = {in_strip(kept.product)}", palette.text, 16)
    w.word(
        g + 2.4, low - 18, f"i · c̃ = {in_strip(added.product)}", palette.text, 13,
        position="middle right",
    )  # fmt: skip
    if e.activated is not None:
        w.word(o + 3.2, 270, f"= {in_strip(e.activated)}", palette.text, 9, position="middle right")
    plan["c"] = _Part(
        [(15.5, 157, 73, 350), (73, 288, _LAST, 350)],
        [(13, 291, _LAST, 350), (16.5, 160, 73, 291)],
    )
    end = (73, 157, _LAST, 288)
    plan["h"] = _Part([end], [end])
    return plan


def _gru(w: _Wiring) -> dict[str, _Part]:
    e, palette = w.e, w.palette
    z, r, m, g = 23, 41, 59, 79
    high, top, gate = _STATE, _BOX[1], palette.gate
    after = bool(e.reset_after)
    low = 192
    w.buses(m, g)
    plan = {}
    for name, x in (("update", z), ("reset", r)):
        w.risers(x)
        plan[name] = w.gate(x, e.sums[name])
    w.risers(g, h=False)
    plan["candidate"] = w.gate(g, e.sums["candidate"])
    if after:
        w.risers(m, inputs=False)
        plan["memory"] = w.gate(m, e.sums["memory"])
        w.wire(gate("reset"), (r, top), (r, low), (m - 2.2, low), head="right")
        w.wire(palette.hidden, (m, top), (m, low - 15), head="up")
        w.wire(palette.hidden, (m, low), (g - 4, low), (g - 4, top + 5), head="down")
        w.sign(m, low, "×")
        reset, memory = e.sums["reset"].value, e.sums["memory"].value
        w.word(
            m + 2.4, low + 17, f"r · m = {in_strip(reset * memory)}", palette.text, 14,
            position="middle right",
        )  # fmt: skip
        plan["candidate"].veils.append((33, 157, 85.7, 236))
        plan["candidate"].lights.append((56, 157, 76.8, 222))
    else:
        y = 116
        w.wire(gate("reset"), (r + _HALF, y), (m - 2.2, y), head="right")
        w.wire(palette.hidden, (m, _BUS_H), (m, y - 15), head="up")
        w.wire(palette.hidden, (m, y), (g - _HALF - 1.2, y), head="right")
        w.sign(m, y, "×")
        w.word(m, y + 26, "r ⊙ h, all units", palette.text, 14)
        plan["candidate"].veils.append((49.1, 66, 70.9, 157))
        plan["candidate"].lights.append((49.5, 78, 70.8, 155))
    branch = 252
    w.wire(gate("update"), (z, top), (z, high - 15), head="up")
    w.wire(gate("update"), (z, branch), (g - 2.2, branch), head="right")
    w.wire(gate("candidate"), (g, top), (g, branch - 15), head="up")
    w.wire(palette.hidden, (g, branch), (g, high - 15), head="up")
    w.wire(palette.hidden, (12, high), (87.5, high), head="right")
    for x, y, sign in (
        (z, high, "×"),
        (50, branch, "1−"),
        (g, branch, "×"),
        (g, high, "+"),
    ):
        w.sign(x, y, sign)
    before = f"{subscript('h', e.step)}[{e.unit}]"
    w.state(1, high, before, e.hidden[0], e.limits["h"], palette.hidden)
    name = f"{subscript('h', e.step + 1)}[{e.unit}]"
    w.state(88, high, name, e.hidden[1], e.limits["h"], palette.hidden)
    kept, added = e.updates[0].products
    w.word(
        z, high + 24, f"z · {subscript('h', e.step)} = {in_strip(kept.product)}", palette.text, 17
    )
    w.word(
        g + 2.4,
        branch - 2,
        f"= {in_strip(added.product)}",
        palette.text,
        9,
        position="middle right",
    )
    w.word(53, branch + 16, f"1 − z = {in_strip(added.left_value)}", palette.text, 16,
           position="middle right")  # fmt: skip
    plan["h"] = _Part(
        [(13, 240, _LAST, 352), (13, 157, 31.7, 240), (86 if after else 71, 157, _LAST, 240)],
        [(13, 238, _LAST, 350)],
    )
    return plan
