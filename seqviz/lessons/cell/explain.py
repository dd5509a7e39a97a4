"""Writing out the sums inside a cell: from a trace to its `Explanation`.

Apart from `seqviz.lessons.cell.compute` since an activation of one's own may have to be asked of Keras, and
pictures know neither.
"""

from typing import Any

import numpy as np

from seqviz.cells import ACTIVATIONS, GATES
from seqviz.errors import SeqvizError
from seqviz.lessons.cell.compute import (
    SYMBOLS,
    Explanation,
    Floats,
    Product,
    Update,
    WeightedSum,
)
from seqviz.readout.records import check_index, check_sample, record_of, skipped_steps
from seqviz.trace import RecurrentTrace, Trace


def explain(trace: RecurrentTrace | Trace, *, step: int, unit: int, sample: int = 0) -> Explanation:
    """Write out the sums that made one number of a state.

    Args:
        trace: Trace of a SimpleRNN, GRU or LSTM layer, whatever its arguments, or a whole trace
            with one such.
        step: Which step, as processed, from 0.
        unit: Which number of the state, from 0.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: This is not the trace of such a layer, or there is no such step, unit or
            sample.
    """
    trace = record_of(trace, RecurrentTrace)
    check_standard(trace)
    sample = check_sample(sample, len(trace.inputs))
    _, count, units = trace.hidden_states.shape
    step = check_index("step", step, count)
    unit = check_index("unit", unit, units)
    with np.errstate(all="ignore"):  # as in Keras, which does not warn of infinities
        return _explain(trace, step, unit, sample)


def _explain(trace: RecurrentTrace, step: int, unit: int, sample: int) -> Explanation:
    def before(state: int, history: Floats) -> Floats:
        return history[sample, step - 1] if step else trace.initial_state[state][sample]

    timestep = int(trace.timesteps[step])
    x, h = trace.inputs[sample, timestep], before(0, trace.hidden_states)
    reset_after = _resets_after(trace) if trace.cell == "GRU" else None
    gates = {name: values[sample, step] for name, values in trace.gates.items()}
    sums = {
        name: _sum(trace, name, x, h, unit, step, sample, reset_after, gates)
        for name in _sum_names(trace.cell, reset_after)
    }
    skipped = bool(skipped_steps(trace, sample)[step])
    after = float(trace.hidden_states[sample, step, unit])
    cell_state = activated = None
    hidden = float(h[unit])
    if trace.cell == "LSTM" and trace.cell_states is not None:
        c = before(1, trace.cell_states)
        cell_state = float(c[unit]), float(trace.cell_states[sample, step, unit])
        new = gates["forget"] * c + gates["input"] * gates["candidate"]
        vector = _activate(trace.activation, new)
        shown = trace.hidden_states[sample, step]
        if vector is None or not (skipped or np.allclose(gates["output"] * vector, shown, 1e-4)):
            # A function of one's own: what it gave is in h = o * activation(c).
            with np.errstate(all="ignore"):
                vector = np.full_like(c, np.nan) if skipped else shown / gates["output"]
        activated = float(vector[unit])
        updates = _lstm_updates(trace, gates, c, new, vector, unit)
    elif trace.cell == "GRU":
        z, candidate = gates["update"][unit], gates["candidate"][unit]
        products = (
            _product("z", z, "h₍ₜ₋₁₎", h[unit]),
            _product("(1 − z)", 1 - z, "h̃", candidate),
        )
        updates = (Update("h", products, float(z * h[unit] + (1 - z) * candidate)),)
    else:
        updates = (Update("h", (), sums["hidden"].value),)
    return Explanation(
        cell=trace.cell,
        step=step,
        timestep=timestep,
        unit=unit,
        skipped=skipped,
        inputs=x,
        state=h,
        sums=sums,
        updates=updates,
        hidden=(hidden, after),
        cell_state=cell_state,
        activated=activated,
        activation=trace.activation,
        recurrent_activation=trace.recurrent_activation,
        reset_after=reset_after,
        limits={
            name: float(np.abs(values[sample]).max(initial=0))
            for name, values in (
                ("x", trace.inputs),
                ("h", trace.hidden_states),
                ("c", trace.cell_states),
            )
            if values is not None
        },
    )


def check_standard(trace: RecurrentTrace) -> None:
    """Raise SeqvizError if the arithmetic of a trace's cell is not known here."""
    names = set(GATES.get(trace.cell, ("?",))) or {"hidden"}
    if set(trace.pre_activations) != names or "kernel" not in trace.weights:
        raise SeqvizError(
            f"The sums inside a {trace.cell!r} cell cannot be written out: its arithmetic is its "
            "own. Hint: take the trace of a SimpleRNN, GRU or LSTM layer of Keras."
        )


def _sum_names(cell: str, reset_after: bool | None) -> tuple[str, ...]:
    if cell == "GRU":
        memory = ("memory",) if reset_after else ()
        return ("update", "reset", *memory, "candidate")
    return GATES[cell] or ("hidden",)


def _resets_after(trace: RecurrentTrace) -> bool:
    """The argument of that name, told by the weights if the trace does not say it."""
    if trace.reset_after is not None:
        return trace.reset_after
    bias = trace.weights.get("bias")
    if bias is not None:
        return bias.ndim == 2
    # Without a bias both forms have the same weights: so by which of them gives the sums.
    units = trace.hidden_states.shape[-1]
    start = np.zeros_like(trace.hidden_states[:, :1]) + trace.initial_state[0][:, None]
    h = np.concatenate([start, trace.hidden_states[:, :-1]], axis=1)
    u = trace.weights["recurrent_kernel"][:, 2 * units :]
    r = trace.gates["reset"]
    x = trace.inputs[:, trace.timesteps] @ trace.weights["kernel"][:, 2 * units :]
    wanted = trace.pre_activations["candidate"] - x
    return bool(np.abs(r * (h @ u) - wanted).max() <= np.abs((r * h) @ u - wanted).max())


def _sum(
    trace: RecurrentTrace,
    name: str,
    x: Floats,
    h: Floats,
    unit: int,
    step: int,
    sample: int,
    reset_after: bool | None,
    gates: dict[str, Floats],
) -> WeightedSum:
    """The sum of gate `name`: its column of every weight, times what that is multiplied by."""
    units = len(h)
    order = GATES[trace.cell] or ("hidden",)
    block = order.index("candidate" if name == "memory" else name)
    column = block * units + unit
    kernel, recurrent = trace.weights["kernel"], trace.weights["recurrent_kernel"]
    bias = trace.weights.get("bias")
    biases = [] if bias is None else [(i,) for i in range(len(bias))] if bias.ndim == 2 else [()]
    after = bool(reset_after) and name == "candidate"

    parts: list[tuple[list[str], str, list[tuple[int, ...]], Any, Any]] = []
    if name != "memory":
        sources = [f"x[{i}]" for i in range(len(x))]
        places: list[tuple[int, ...]] = [(i, column) for i in range(len(x))]
        parts.append((sources, "kernel", places, x, kernel[:, column]))
    if not after:
        reset = trace.cell == "GRU" and not reset_after and name == "candidate"
        sources = [f"r[{j}]·h[{j}]" if reset else f"h[{j}]" for j in range(units)]
        factors = gates["reset"] * h if reset else h
        places = [(j, column) for j in range(units)]
        parts.append((sources, "recurrent_kernel", places, factors, recurrent[:, column]))
    # Of two biases the first belongs to the input's product, the second to the state's.
    if len(biases) == 2:
        biases = biases[1:] if name == "memory" else biases[:1] if after else biases
    if bias is not None and biases:
        places = [(*row, column) for row in biases]
        numbers = [bias[place] for place in places]
        parts.append((["1"] * len(places), "bias", places, np.ones(len(places)), numbers))
    if after:
        memory = _sum(trace, "memory", x, h, unit, step, sample, reset_after, gates)
        parts.append((["r"], "memory", [()], [gates["reset"][unit]], [memory.value]))

    kind = kernel.dtype
    factors = np.concatenate([np.asarray(part[3], kind) for part in parts])
    values = np.concatenate([np.asarray(part[4], kind) for part in parts])
    products = factors * values
    totals = np.cumsum(products, dtype=kind)
    if name == "memory":
        pre_activation = value = float(totals[-1])
        activation = "linear"
    else:
        pre_activation = float(trace.pre_activations[name][sample, step, unit])
        kept = name in ("candidate", "hidden")
        activation = (trace.activation if kept else trace.recurrent_activation) or "activation"
        value = float(gates[name][unit]) if gates else _hidden_value(trace, step, sample, unit)
    return WeightedSum(
        gate=name,
        symbol=SYMBOLS[trace.cell][name],
        sources=tuple(source for part in parts for source in part[0]),
        weights=tuple(part[1] for part in parts for _ in part[0]),
        places=tuple(place for part in parts for place in part[2]),
        factors=factors,
        values=values,
        products=products,
        totals=totals,
        pre_activation=pre_activation,
        activation=activation,
        value=value,
    )


def _hidden_value(trace: RecurrentTrace, step: int, sample: int, unit: int) -> float:
    """What a SimpleRNN computed, which is its state unless a mask dropped it."""
    if not skipped_steps(trace, sample)[step]:
        return float(trace.hidden_states[sample, step, unit])
    vector = _activate(trace.activation, trace.pre_activations["hidden"][sample, step])
    return float("nan") if vector is None else float(vector[unit])


def _activate(name: str, vector: Floats) -> Floats | None:
    """An activation by name, of all units of a gate at once; None if it has no known name."""
    if name in ACTIVATIONS:
        with np.errstate(all="ignore"):
            return ACTIVATIONS[name](vector)
    try:
        import keras

        tensor = keras.ops.convert_to_tensor(vector[None])
        return keras.ops.convert_to_numpy(keras.activations.get(name or "?")(tensor))[0]
    except (ImportError, ValueError, TypeError):
        return None


def _lstm_updates(
    trace: RecurrentTrace,
    gates: dict[str, Floats],
    c: Floats,
    new: Floats,
    activated: Floats,
    unit: int,
) -> tuple[Update, ...]:
    made = float(new[unit])
    function = trace.activation or "activation"
    return (
        Update(
            "c",
            (
                _product("f", gates["forget"][unit], "c₍ₜ₋₁₎", c[unit]),
                _product("i", gates["input"][unit], "c̃", gates["candidate"][unit]),
            ),
            made,
        ),
        Update(
            "h",
            (_product("o", gates["output"][unit], f"{function}(c)", activated[unit]),),
            float(gates["output"][unit] * activated[unit]),
        ),
    )


def _product(left: str, left_value: Any, right: str, right_value: Any) -> Product:
    return Product(
        left, float(left_value), right, float(right_value), float(left_value * right_value)
    )
