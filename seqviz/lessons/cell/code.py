"""The lesson's Keras script: a model's own, and below it the sums of one unit at one timestep."""

from collections.abc import Mapping
from typing import Final

from seqviz.lessons.cell.compute import Explanation
from seqviz.trace import RecurrentTrace

# The block of each gate in the kernels, and what the script calls the function that squeezes it.
_GATE: Final = "recurrent_activation"
_GATES: Final[Mapping[str, Mapping[str, str]]] = {
    "SimpleRNN": {"hidden": "activation"},
    "GRU": {"update": _GATE, "reset": _GATE},
    "LSTM": {"input": _GATE, "forget": _GATE, "candidate": "activation", "output": _GATE},
}

_SUMS = '''
def sums(name, factors, weights, activation):
    """One gate of all units: print the products of our unit, and what they add up to."""
    products = factors * weights[:, unit]
    values = np.array(activation(factors[None] @ weights))[0]
    print(name, "of unit", unit)
    print("  factors", factors)
    print("  weights", weights[:, unit])
    print("  products", products)
    print("  sums so far", np.cumsum(products), "then", values[unit])
    return values
'''
_LSTM = """
memory, news = forget * c, input_ * candidate
squeezed = np.array(layer.cell.activation(memory + news))
print("c: forget", forget[unit], "* last c", c[unit], "=", memory[unit])
print("  + input", input_[unit], "* candidate", candidate[unit], "=", news[unit])
print("  = new c", (memory + news)[unit])
print("h: output", output_[unit], "* activation(c)", squeezed[unit])
print("  = new h", (output_ * squeezed)[unit])
"""
_GRU = """
memory, news = update * h, (1 - update) * candidate
print("h: update", update[unit], "* last h", h[unit], "=", memory[unit])
print("  + (1 - update)", 1 - update[unit], "* candidate", candidate[unit], "=", news[unit])
print("  = new h", (memory + news)[unit])
"""


def cell_code(model_code: str, trace: RecurrentTrace, explanation: Explanation) -> str:
    """`model_code` with the sums inside the cell.

    Args:
        model_code: What `seqviz.models.keras_code` makes of a model with one recurrent layer.
        trace: Of that layer.
        explanation: Of one unit at one timestep of it.

    Returns:
        Python source. Run, it prints every factor, weight, product and sum of the explanation.
    """
    cell, step = trace.cell, explanation.step
    biased = "bias" in trace.weights
    before = [int(t) for t in trace.timesteps[:step]]
    done = f"range({step})" if before == list(range(step)) else str(before)
    masked = "mask = " in model_code
    lines = [
        "",
        f"# How unit {explanation.unit} of the state comes about at timestep {explanation.timestep + 1}.",
        f"unit, units = {explanation.unit}, {len(explanation.state)}",
        "states = layer.get_initial_state(batch_size=1)",
        f"for t in {done}:  # the steps before",
        *(["    if mask[t]:"] if masked else []),
        f"{'        ' if masked else '    '}_, states = layer.cell(x[:, t], states)",
        "h" + (", c" if cell == "LSTM" else ",") + " = [state[0].numpy() for state in states]",
        f"x = x[0, {explanation.timestep}].numpy()",
        f"W, U{', b' if biased else ''} = layer.get_weights()  # a block of columns for each gate",
        "one = np.ones(1, x.dtype)",
        "",
        _SUMS,
    ]
    twice = biased and trace.weights["bias"].ndim == 2
    ones = ", one" * (2 if twice else int(biased))
    bias = "" if not biased else ", b[:, block]" if twice else ", b[None, block]"
    for place, (name, function) in enumerate(_GATES[cell].items()):
        lines += [
            _block(place),
            f"{_name(name)} = sums(",
            f'    "{name}",',
            f"    np.concatenate([x, h{ones}]),",
            f"    np.concatenate([W[:, block], U[:, block]{bias}]),",
            f"    layer.cell.{function},",
            ")",
        ]
    if cell == "GRU":
        lines += _gru_candidate(bool(explanation.reset_after), biased)
    lines.append({"GRU": _GRU, "LSTM": _LSTM}.get(cell, ""))
    if explanation.skipped:
        lines.append('print("This step is masked: h stays", h[unit])')
    return model_code + "\n".join(lines).rstrip() + "\n"


def _block(place: int) -> str:
    return f"block = slice({place} * units, {place + 1} * units)"


def _name(gate: str) -> str:
    """What the script calls a gate: not by a name that Python or the script has already."""
    return {"input": "input_", "output": "output_"}.get(gate, gate)


def _gru_candidate(reset_after: bool, biased: bool) -> list[str]:
    """Lines that sum up a GRU's candidate, whose reset gate acts before or after the product."""
    if not reset_after:
        bias = ", b[None, block]" if biased else ""
        return [
            _block(2),
            "candidate = sums(",
            '    "candidate",',
            f"    np.concatenate([x, reset * h{', one' if biased else ''}]),",
            f"    np.concatenate([W[:, block], U[:, block]{bias}]),",
            "    layer.cell.activation,",
            ")",
        ]
    first, second = (", b[:1, block]", ", b[1:, block]") if biased else ("", "")
    one = ", one" if biased else ""
    return [
        _block(2),
        "# reset_after=True: the reset gate acts on the product of h, not on h.",
        "memory = sums(",
        '    "memory",',
        f"    np.concatenate([h{one}]),",
        f"    np.concatenate([U[:, block]{second}]),",
        "    keras.activations.linear,",
        ")",
        "print('  reset', reset[unit], '* memory', memory[unit], '=', (reset * memory)[unit])",
        "candidate = sums(",
        '    "candidate",',
        f"    np.concatenate([x{one}, one]),",
        f"    np.concatenate([W[:, block]{first}, (reset * memory)[None]]),",
        "    layer.cell.activation,",
        ")",
    ]
