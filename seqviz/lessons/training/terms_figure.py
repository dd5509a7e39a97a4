"""How an answer adds up: what each number of a state adds to it, beside the state."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.training.compute import WatchedTraining, terms_of
from seqviz.plotly_kit import fitting, marks
from seqviz.plotly_kit.animation import Changing
from seqviz.plotly_kit.palette import Palette
from seqviz.readout.numbers import with_minus

_MOST_STEPS: Final = 14  # timesteps beside which there is room
_MOST_NUMBERS: Final = 15_000  # of all frames, up to which they are sent as they are
_BESIDE: Final = 8  # pixels of a column that are left free
_CLEAR: Final = "rgba(0,0,0,0)"


class Columns(NamedTuple):
    """Where what is drawn of a sequence stands from left to right, counted from 0.

    Attributes:
        steps: Timesteps, each with a column: 0, 1, …
        other: Column of the end of the sequence without a timestep; None if it is not drawn.
        has_terms: Whether right of each end is a column of what its state adds to the answer.
        total: Columns in all, with an empty one left of `other`.
    """

    steps: int
    other: int | None
    has_terms: bool
    total: int

    @property
    def ends(self) -> list[int]:
        """Those of which the answer was trained."""
        return [self.steps - 1, *([] if self.other is None else [self.other])]

    def placed(self, values: Floats, others: Floats | None) -> Floats:
        """``(E, T, rows)`` as ``(E, rows, total)``, with the last of `others`; NaN elsewhere."""
        moments, _, rows = values.shape
        placed = np.full((moments, rows, self.total), np.nan, values.dtype)
        placed[..., : self.steps] = values.swapaxes(1, 2)
        if others is not None and self.other is not None:
            placed[..., self.other] = others[:, -1]
        return placed


def columns_of(steps: int, *, other: bool, terms: bool) -> Columns:
    """Where what stands; see `Columns`."""
    end = steps + int(terms)
    if not other:
        return Columns(steps, None, terms, end)
    return Columns(steps, end + 1, terms, end + 2 + int(terms))


def has_terms(data: WatchedTraining, show: str, *, difference: bool) -> bool:
    """Whether it is drawn what each number of the last state adds to an answer that is given at the end.

    It is where the head has one output, the state is drawn to which it answers, and columns are wide
    enough and are sent as they are: of very many numbers only colours are.

    Args:
        data: What is drawn.
        show: As of `plot_watched_training`.
        difference: Likewise.
    """
    if data.head is None or not data.is_top or show != "states" or difference:
        return False
    moments, units = data.head.kernel.shape
    steps = len(data.layer.timesteps)
    most = columns_of(steps, other=True, terms=True).total
    return steps <= _MOST_STEPS and moments * most * 2 * (units + 1) <= _MOST_NUMBERS


def draw_terms(
    data: WatchedTraining, columns: Columns, names: Sequence[str], palette: Palette
) -> list[Changing]:
    """Beside each end what its state adds to the answer, level with it, and of two classes over it the sum.

    Args:
        data: What is drawn.
        columns: Where what stands.
        names: ``(columns,)``, by which the axis tells them apart.
        palette: Colours of words.
    """
    layers = [data.layer, *([] if data.left_out is None else [data.left_out.layer])]
    places = [end + 1 for end in columns.ends]
    drawn = [terms_of(data, layer) for layer in layers]
    terms = np.full((*drawn[0].terms.shape, len(names)), np.nan, np.float32)
    for place, one in zip(places, drawn, strict=True):
        terms[..., place] = one.terms
    limit = marks.symmetric_limit(terms)
    hover = "h × w, unit %{y}: %{z:.4f}<extra></extra>"
    cells = marks.heatmap(
        terms[0], limit=limit, hover=hover, gap=_BESIDE, x=list(names), y0=0, dy=1, yaxis="y2"
    )
    changing = [Changing(cells | {"ygap": 0}, lambda k: {"z": terms[k]})]
    if not data.classes:  # the answer is the sum
        return changing
    texts = [[_sum(float(one.sums[k])) for one in drawn] for k in range(len(terms))]
    # Of two rows the lower one is of now. A heatmap, since frames change nothing else that is written.
    here = np.full((2, len(names)), np.nan, np.float32)
    here[1, places] = 0

    def at(k: int) -> dict[str, Any]:
        row = [""] * len(names)
        for place, text in zip(places, texts[k], strict=True):
            row[place] = text
        return {"text": [[""] * len(names), row]}

    longest = max((text for moment in texts for text in moment), key=len)
    template = "%{text}"
    sums = {
        **{"type": "heatmap", "x": list(names), "y0": 0, "dy": 1, "z": here, "yaxis": "y"},
        **{"colorscale": [[0, _CLEAR], [1, _CLEAR]], "showscale": False},
        **{"hoverongaps": False, "hovertemplate": "with the bias: %{text}<extra></extra>"},
        "texttemplate": template,
        "textfont": {"size": marks.VALUE_SIZE, "color": palette.text},
        "meta": fitting.of_numbers((1, 1), longest, marks.VALUE_SIZE, template),
        **at(0),
    }
    return [*changing, Changing(sums, at)]


def _sum(value: float) -> str:
    return f"sum {with_minus(f'{value:z.3g}')}" if np.isfinite(value) else ""


def names_of_terms(
    columns: Columns, axis: Mapping[str, Any], foot: float, palette: Palette
) -> list[dict[str, Any]]:
    """What these columns are, under them.

    Args:
        columns: Where what stands.
        axis: The picture's `time_axis`.
        foot: Where they end, as a share of the picture's height.
        palette: Colour of the words.
    """
    low, high = axis["range"]
    return [
        {
            "text": "<b>h × w</b>",
            **{"x": (end + 1 - low) / (high - low), "y": foot, "xref": "paper", "yref": "paper"},
            **{"xanchor": "center", "yanchor": "top", "showarrow": False},
            "font": {"size": 12, "color": palette.text},
        }
        for end in columns.ends
    ]
