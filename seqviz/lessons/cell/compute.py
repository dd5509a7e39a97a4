"""The sums inside one cell: where a number of a state comes from, term by term.

Source of the formulas: `seqviz.cells`, which is Keras's own arithmetic.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.cells import ACTIVATIONS
from seqviz.errors import SeqvizError
from seqviz.readout.numbers import in_formula
from seqviz.readout.records import check_index, check_sample, record_of, skipped_steps
from seqviz.short_repr import short_repr
from seqviz.trace import RecurrentTrace, Trace

# What a gate is called in a formula. "memory" is what a GRU remembers of h before the reset gate
# acts on it; only with `reset_after` it is a sum of its own.
SYMBOLS = {
    "SimpleRNN": {"hidden": "h"},
    "GRU": {"update": "z", "reset": "r", "memory": "m", "candidate": "h̃"},
    "LSTM": {"input": "i", "forget": "f", "candidate": "c̃", "output": "o"},
}
LETTERS = {"kernel": "W", "recurrent_kernel": "U", "bias": "b", "memory": "m"}
MAX_TERMS = 12  # terms of a sum that are drawn before the smallest are folded
_REACH = 3.0  # sums up to which an activation is drawn: tanh has all but reached ±1 there


class Term(NamedTuple):
    """One product of a sum.

    Attributes:
        source: What the weight is multiplied by: ``"x[0]"``, ``"h[1]"``, ``"r[1]·h[1]"``, ``"r"``,
            or ``"1"`` for a bias.
        weight: ``"kernel"``, ``"recurrent_kernel"``, ``"bias"``, or ``"memory"``, a sum itself.
        place: Where in that weight: row and column; of a bias of one dimension the column.
        factor: The value of `source`.
        value: The value of the weight.
        product: ``factor * value``.
        total: The sum of the products so far.
    """

    source: str
    weight: str
    place: tuple[int, ...]
    factor: float
    value: float
    product: float
    total: float

    @property
    def name(self) -> str:
        """How the product is written: ``"x[0] · W[0, 4]"``."""
        index = f"[{', '.join(map(str, self.place))}]" if self.place else ""
        letter = f"{LETTERS[self.weight]}{index}"
        return letter if self.source == "1" else f"{self.source} · {letter}"


@short_repr
class WeightedSum(NamedTuple):
    """A sum of `n` products, and what the activation makes of it.

    Attributes:
        gate: Name of the gate as in the trace; ``"hidden"`` of a SimpleRNN, ``"memory"`` of a GRU.
        symbol: What it is called in a formula.
        sources: ``(n,)``, see `Term`; as are the next two.
        weights: ``(n,)``.
        places: ``(n,)``.
        factors: ``(n,)`` floats of the layer's own type, as are the next three.
        values: ``(n,)``.
        products: ``(n,)``.
        totals: ``(n,)``.
        pre_activation: The sum as the trace has it. The last of `totals` is equal to it but for
            rounding: a matrix product adds up in another order.
        activation: Name of the function applied to it; ``"linear"`` where there is none.
        value: What that gives: the trace's own number.
    """

    gate: str
    symbol: str
    sources: tuple[str, ...]
    weights: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    factors: Floats
    values: Floats
    products: Floats
    totals: Floats
    pre_activation: float
    activation: str
    value: float

    def terms(self) -> list[Term]:
        """The products one by one."""
        return [
            Term(*term)
            for term in zip(
                self.sources,
                self.weights,
                self.places,
                self.factors.tolist(),
                self.values.tolist(),
                self.products.tolist(),
                self.totals.tolist(),
                strict=True,
            )
        ]

    def share(self, weight: str) -> float:
        """The sum of the products with one weight, such as ``"kernel"``."""
        with np.errstate(all="ignore"):  # infinities may meet, as they do in Keras
            return float(self.products[[w == weight for w in self.weights]].sum())


class Product(NamedTuple):
    """A gate times what it lets through: ``left_value * right_value == product``."""

    left: str
    left_value: float
    right: str
    right_value: float
    product: float


class Update(NamedTuple):
    """How a state is made: the sum of `products`; without any it is the activation's result."""

    symbol: str
    products: tuple[Product, ...]
    value: float


@short_repr
class Explanation(NamedTuple):
    """Everything that made one number of a state.

    Attributes:
        cell: ``"SimpleRNN"``, ``"GRU"`` or ``"LSTM"``.
        step: Which step, as processed, from 0.
        timestep: The timestep of the input that it read, from 0.
        unit: Which number of the state.
        skipped: Whether a mask told the layer to drop this step: then it was computed, and the
            state carried over.
        inputs: ``(features,)``, what the step read.
        state: ``(units,)``, the hidden state before it.
        sums: One a gate, in the order in which they are computed.
        updates: The new cell state of an LSTM, then the new hidden state.
        hidden: That number of h before and after the step.
        cell_state: Likewise of c; None for others than LSTM.
        activated: ``activation(c)`` of an LSTM's new c; None for others.
        activation: Name of the activation.
        recurrent_activation: Name of the gates' activation.
        reset_after: Of a GRU; None for others.
        limits: Largest magnitude of ``"x"``, ``"h"`` and, of an LSTM, ``"c"`` over all steps of
            the sample, so that a colour means the same at every step.
    """

    cell: str
    step: int
    timestep: int
    unit: int
    skipped: bool
    inputs: Floats
    state: Floats
    sums: dict[str, WeightedSum]
    updates: tuple[Update, ...]
    hidden: tuple[float, float]
    cell_state: tuple[float, float] | None
    activated: float | None
    activation: str
    recurrent_activation: str
    reset_after: bool | None
    limits: dict[str, float]


@short_repr
class Terms(NamedTuple):
    """What the picture of a sum shows: `n` rows, the smallest products folded into one.

    Attributes:
        sum: The whole of it.
        names: ``(n,)``, such as ``"x[0] · W[0, 4]"``.
        numbers: ``(n,)``, such as ``"0.03 × −0.41"``; ``""`` for a bias and the folded row.
        kinds: ``(n,)``, name of the weight, or ``"rest"``.
        products: ``(n,)``.
        starts: ``(n,)``, the sum of all rows above.
        folded: How many terms are folded into the last row; 0 for none.
    """

    sum: WeightedSum
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    kinds: tuple[str, ...]
    products: Floats
    starts: Floats
    folded: int


def compute_terms(whole: WeightedSum, *, most: int = MAX_TERMS) -> Terms:
    """Choose the rows to draw of a sum: the largest products, and the rest as one.

    Args:
        whole: One of `Explanation.sums`.
        most: Rows at most; above that the smallest are folded into the last row.

    Raises:
        SeqvizError: `most` is less than 1.
    """
    if most < 1:
        raise SeqvizError(f"most is {most}, but at least one row is needed. Hint: most=12.")
    count = len(whole.products)
    kept = np.arange(count)
    if count > most:
        largest = np.argsort(-np.abs(whole.products), kind="stable")[: most - 1]
        kept = np.sort(largest)
    folded = count - len(kept)
    every = whole.terms()
    terms = [every[i] for i in kept]
    products = [term.product for term in terms]
    names = [term.name for term in terms]
    kinds = [term.weight for term in terms]
    numbers = [
        "" if term.source == "1" else f"{in_formula(term.factor)} × {in_formula(term.value)}"
        for term in terms
    ]
    if folded:
        rest = np.delete(whole.products, kept)
        products.append(float(rest.sum()))
        names.append(f"{folded} smaller terms")
        kinds.append("rest")
        numbers.append("")
    rows = np.asarray(products, whole.products.dtype)
    with np.errstate(all="ignore"):
        ends = np.cumsum(rows)
    return Terms(
        sum=whole,
        names=tuple(names),
        numbers=tuple(numbers),
        kinds=tuple(kinds),
        products=rows,
        starts=np.concatenate([np.zeros(1, rows.dtype), ends[:-1]]),
        folded=folded,
    )


@short_repr
class ActivationCurve(NamedTuple):
    """What an activation makes of `n` sums around 0, as far as the one in question.

    Attributes:
        sums: ``(n,)``, ascending, as far to the left of 0 as to the right.
        values: ``(n,)``.
    """

    sums: Floats
    values: Floats


def compute_activation(whole: WeightedSum, *, points: int = 61) -> ActivationCurve | None:
    """Apply the activation of `whole` to sums from -3 to 3, or as far as its own.

    None of an activation that is not in `seqviz.cells.ACTIVATIONS`, and of a sum beyond all numbers.
    """
    activation = ACTIVATIONS.get(whole.activation)
    if activation is None or not np.isfinite(whole.pre_activation):
        return None
    reach = max(_REACH, abs(whole.pre_activation))
    sums = np.linspace(-reach, reach, points)
    return ActivationCurve(sums, np.array(activation(sums)))


@short_repr
class UnitHistory(NamedTuple):
    """One unit over time, in the order the steps were processed.

    Attributes:
        cell: Kind of the cell.
        unit: Which number of the state.
        series: By name, each ``(timesteps,)``: the gates, then ``"c"`` of an LSTM, and ``"h"``.
        states: ``(timesteps, units)``, the hidden state of all units.
        timesteps: ``(timesteps,)`` int, the timestep of the input that step k read.
        skipped: ``(timesteps,)`` bool, steps that the mask told the layer to pass over.
    """

    cell: str
    unit: int
    series: dict[str, Floats]
    states: Floats
    timesteps: NDArray[np.integer]
    skipped: NDArray[np.bool_]


def compute_unit_history(
    trace: RecurrentTrace | Trace, *, unit: int, sample: int = 0
) -> UnitHistory:
    """Take one unit of one sample out of `trace`, which may be a whole one with one such record.

    Raises:
        SeqvizError: This is not the trace of a recurrent layer, or there is no such unit or
            sample.
    """
    trace = record_of(trace, RecurrentTrace)
    sample = check_sample(sample, len(trace.inputs))
    unit = check_index("unit", unit, trace.hidden_states.shape[-1])
    series = {name: values[sample, :, unit] for name, values in trace.gates.items()}
    if trace.cell_states is not None:
        series["c"] = trace.cell_states[sample, :, unit]
    series["h"] = trace.hidden_states[sample, :, unit]
    return UnitHistory(
        cell=trace.cell,
        unit=unit,
        series=series,
        states=trace.hidden_states[sample],
        timesteps=np.asarray(trace.timesteps),
        skipped=skipped_steps(trace, sample),
    )
