"""What a cell computes, in words and formulas: the text twin of its picture."""

from collections.abc import Mapping
from typing import NamedTuple

from seqviz.lessons.cell.compute import Explanation, Update, WeightedSum
from seqviz.readout.numbers import in_formula
from seqviz.readout.table import Table
from seqviz.wording import subscript

_FEW = 10  # products that are written out one by one in a line of text
_LATEX: Mapping[str, Mapping[str, str]] = {
    "SimpleRNN": {"hidden": "h_t"},
    "GRU": {"update": "z_t", "reset": "r_t", "memory": "m_t", "candidate": r"\tilde h_t"},
    "LSTM": {"input": "i_t", "forget": "f_t", "candidate": r"\tilde c_t", "output": "o_t"},
}


class Formula(NamedTuple):
    """One line of the arithmetic.

    Attributes:
        stage: Name of the gate or the state it gives, see `stages`.
        latex: The formula, in LaTeX.
        numbers: The same with this step's numbers, plain text.
        value: What it gives.
    """

    stage: str
    latex: str
    numbers: str
    value: float


def what_is_summed(e: Explanation) -> str:
    """What a cell reads, and what it does with it; in Markdown."""
    cell = e.cell
    kept = {
        "GRU": "of the old state is read, or kept",
        "LSTM": "of the memory c is kept, written or shown",
    }
    x, before, after = (
        subscript("x", e.timestep + 1),
        subscript("h", e.step),
        subscript("h", e.step + 1),
    )
    makes = "This would make" if e.skipped else "This makes"
    gate = ""
    if cell in kept:
        gate = (
            " A **gate** is such a sum too, squeezed by σ between 0 and 1: it says how much "
            f"{kept[cell]}."
        )
    return (
        f"**{x}** is the vector of word {e.timestep + 1}, **{before}** the state before it. Each number of "
        f"{x} is multiplied by a weight of **W** (Keras: `kernel`), each of {before} by one of **U** "
        "(`recurrent_kernel`); all the products and a bias **b** are added up, and tanh squeezes the sum "
        f"between −1 and 1.{gate} {makes} {after}[{e.unit}]: number {e.unit}, counted from 0, of the state "
        f"after word {e.timestep + 1}. The other numbers are made of the same {x} and {before}, with weights of "
        f"their own."
    )


def stages(explanation: Explanation) -> tuple[str, ...]:
    """The order in which a cell computes, from its first sum to its new state."""
    if explanation.cell == "SimpleRNN":
        return ("kernel", "recurrent_kernel", "bias", "h")
    if explanation.cell == "LSTM":
        return ("input", "forget", "candidate", "c", "output", "h")
    return (*explanation.sums, "h")


def formulas(explanation: Explanation) -> list[Formula]:
    """Every formula of the step with its numbers, in the order of `stages`."""
    lines = {name: _sum_formula(explanation, s) for name, s in explanation.sums.items()}
    for update in explanation.updates:
        if update.products:
            lines[update.symbol] = _update_formula(explanation, update)
    order = [*(name for name in stages(explanation) if name in lines)] or list(lines)
    return [lines[name] for name in order]


def _sum_formula(e: Explanation, s: WeightedSum) -> Formula:
    latex = _LATEX[e.cell][s.gate]
    index = latex.split("_")[0] if s.gate != "hidden" else ""
    index = {r"\tilde c": "c", r"\tilde h": "h", "m": "h"}.get(index, index)
    sub = f"_{{{index}}}" if index else ""
    used = dict.fromkeys(s.weights)
    twice = e.reset_after and "bias" in e.sums["update"].weights
    parts = []
    if "kernel" in used:
        parts.append(f"x_t W{sub}")
    if "recurrent_kernel" in used:
        reset = (
            r"(r_t \odot h_{t-1})"
            if s.sources[-1 - s.weights[::-1].index("recurrent_kernel")].startswith("r[")
            else "h_{t-1}"
        )
        parts.append(f"{reset} U{sub}")
    if "bias" in used:
        both = f"b{sub} + b'{sub}" if s.weights.count("bias") == 2 else f"b{sub}"
        parts.append(f"b'{sub}" if twice and s.gate == "memory" else both)
    if "memory" in used:
        parts.append(r"r_t \odot m_t")
    inside = " + ".join(parts)
    function = _latex_name(s.activation)
    right = rf"{function}({inside})" if function else inside
    return Formula(s.gate, f"{latex} = {right}", _sum_numbers(s), s.value)


def _latex_name(activation: str) -> str:
    words = rf"\text{{{activation.replace('_', ' ')}}}"
    return {"sigmoid": r"\sigma", "tanh": r"\tanh", "linear": ""}.get(activation, words)


def _sum_numbers(s: WeightedSum) -> str:
    """`σ(0.1·0.2 + … ) = σ(0.5)`, or the parts' sums where there are too many products."""
    parts = []
    few = len(s.products) <= _FEW
    for term in s.terms() if few else []:
        product = f"{bracketed(term.factor)}·{bracketed(term.value)}"
        parts.append(bracketed(term.value) if term.source == "1" else product)
    if not few:
        words = {"kernel": "x·W", "recurrent_kernel": "h·U", "bias": "b", "memory": "r·m"}
        parts += [f"{bracketed(s.share(w))} ({words[w]})" for w in dict.fromkeys(s.weights)]
    inside = " + ".join(parts)
    if s.activation == "linear":
        return inside
    name = "σ" if s.activation == "sigmoid" else s.activation
    return f"{name}({inside}) = {name}({in_formula(s.pre_activation)})"


def bracketed(value: float) -> str:
    """A number, in brackets if it is negative: to stand behind a sign."""
    return f"({in_formula(value)})" if value < 0 else in_formula(value)


def _update_formula(e: Explanation, update: Update) -> Formula:
    if update.symbol == "c":
        latex = r"c_t = f_t\, c_{t-1} + i_t\, \tilde c_t"
    elif e.cell == "LSTM":
        name = _latex_name(e.activation)
        latex = rf"h_t = o_t\, {name}(c_t)"
    else:
        latex = r"h_t = z_t\, h_{t-1} + (1 - z_t)\, \tilde h_t"
    products = [f"{bracketed(p.left_value)}·{bracketed(p.right_value)}" for p in update.products]
    return Formula(update.symbol, latex, " + ".join(products), update.value)


_VERBS = {
    "input": "how much of the candidate to let in",
    "forget": "how much of the last c to keep",
    "candidate": "what could be written",
    "output": "how much of c to show as h",
    "update": "how much of the last h to keep",
    "reset": "how much of the last h the candidate may see",
    "memory": "what the last h says, before the reset gate",
}


def cell_captions(explanation: Explanation) -> list[str]:
    """Say what each step of the computation gives; step 0 is before the first."""
    e = explanation
    order = stages(e)
    states = "h" if e.cell_state is None else "h and c"
    captions = [
        f"Given: the vector x of {len(e.inputs)}, and {states} from the step before "
        f"(unit {e.unit} of h: {in_formula(e.hidden[0])})."
    ]
    for k, name in enumerate(order, 1):
        captions.append(f"Step {k} of {len(order)}: {_stage_caption(e, name)}")
    if e.skipped:
        captions[-1] += (
            f" The mask skips this timestep: all that is dropped, and {states} carried over."
        )
    return captions


def _stage_caption(e: Explanation, name: str) -> str:
    if e.cell == "SimpleRNN":
        s = e.sums["hidden"]
        if name == "h":
            squashed = " Small sums stay nearly what they are (the dotted line), large ones end near 1 or −1."
            return (
                f"{'h' if e.skipped else subscript('h', e.step + 1)}[{e.unit}] = {s.activation}({in_formula(s.pre_activation)}) = "
                f"{in_formula(s.value)}.{squashed if s.activation == 'tanh' else ''}"
            )
        bias = in_formula(s.share("bias")) if "bias" in s.weights else "none: use_bias=False"
        return {
            "kernel": f"the word's share, {subscript('x', e.timestep + 1)}·W = {in_formula(s.share('kernel'))}.",
            "recurrent_kernel": f"the last state's share, {subscript('h', e.step)}·U = "
            f"{in_formula(s.share('recurrent_kernel'))}.",
            "bias": f"the bias, {bias}; together {in_formula(s.pre_activation)}.",
        }[name]
    if name in e.sums:
        s = e.sums[name]
        if s.activation == "linear" and name == "memory":
            return f"{s.symbol} = {in_formula(s.value)}: {_VERBS[name]}."
        function = "σ" if s.activation == "sigmoid" else s.activation
        gate = name if name == "candidate" else f"{name} gate"
        return (
            f"{gate} {s.symbol} = {function}({in_formula(s.pre_activation)}) = {in_formula(s.value)}: "
            f"{_VERBS[name]}."
        )
    (update,) = (u for u in e.updates if u.symbol == name)
    parts = " + ".join(f"{p.left} · {p.right}".replace("₍ₜ₋₁₎", " before") for p in update.products)
    return f"{name} = {parts} = {in_formula(update.value)}."


def explanation_table(explanation: Explanation) -> Table:
    """One row per product of every sum, then what the gates make of the states: nothing folded."""
    rows: list[tuple[object, ...]] = []
    for s in explanation.sums.values():
        rows += [(s.gate, t.name, t.factor, t.value, t.product, t.total) for t in s.terms()]
        rows.append((s.gate, "sum", None, None, None, s.pre_activation))
        if s.gate != "memory":
            rows.append((s.gate, f"{s.activation}(sum) = {s.symbol}", None, None, None, s.value))
    for update in explanation.updates:
        total = 0.0
        for p in update.products:
            total += p.product
            name = f"{p.left} · {p.right}"
            rows.append((update.symbol, name, p.left_value, p.right_value, p.product, total))
        if update.products:
            rows.append((update.symbol, f"new {update.symbol}", None, None, None, update.value))
    if explanation.skipped:
        rows.append(("h", "skipped: carried over", None, None, None, explanation.hidden[1]))
    names = ("of", "term", "factor", "weight", "product", "sum so far")
    return {
        name: [float("nan") if v is None else v for v in column]
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }
