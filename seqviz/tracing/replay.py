"""A whole recurrent layer in NumPy: Keras's loop over timesteps around the arithmetic of `cells`.

This is what makes `seqviz.capture` fast. Nothing here runs Keras, except for an activation that
`cells` does not have.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np

from seqviz import cells
from seqviz.array_types import Array
from seqviz.cells import Activation
from seqviz.tracing.arrays import to_array

_STANDARD: dict[type, str] = {
    keras.layers.SimpleRNNCell: "SimpleRNN",
    keras.layers.GRUCell: "GRU",
    keras.layers.LSTMCell: "LSTM",
}
_STEPS: dict[str, Callable[..., cells.Step]] = {
    "SimpleRNN": cells.simple_rnn_step,
    "GRU": cells.gru_step,
    "LSTM": cells.lstm_step,
}
# Keras resolves a name to these very functions, so they can be told by identity.
_ACTIVATIONS = {
    id(getattr(keras.activations, name)): function for name, function in cells.ACTIVATIONS.items()
}
# Half precision is left to Keras: NumPy rounds it at other places than TensorFlow.
_DTYPES = ("float32", "float64")


class Steps(NamedTuple):
    """A sequence as a recurrent layer went through it; step k is the k-th processed.

    Attributes:
        states: Each state after each step, `(batch, timesteps, ...)`.
        gates: Gate values by name, `(batch, timesteps, units)`.
        pre_activations: The sums below them, likewise.
        returned: The output, then the final states in Keras's nesting, as if `return_state`.
        weights: Of the cell.
    """

    states: tuple[Array, ...]
    gates: dict[str, Array]
    pre_activations: dict[str, Array]
    returned: tuple[Any, ...]
    weights: dict[str, Array]


def kind_of(cell: Any) -> str | None:
    """`"SimpleRNN"`, `"GRU"`, `"LSTM"`, or None for a cell with arithmetic of its own."""
    return None if "call" in vars(cell) else _STANDARD.get(type(cell))


def can_replay(layer: keras.layers.RNN, sequences: Any, training: Any) -> bool:
    """Whether a layer around a standard cell computes what `cells` says, here and now."""
    cell = layer.cell
    if not cell.built or tuple(sequences.shape[2:]) != (cell.kernel.shape[0],):
        return False
    dtypes = {layer.compute_dtype, cell.compute_dtype, cell.variable_dtype}
    dropping = bool(training) and bool(cell.dropout or cell.recurrent_dropout)
    fused_only = getattr(layer, "use_cudnn", "auto") is True  # Keras may have to refuse
    return len(dtypes) == 1 and dtypes <= set(_DTYPES) and not dropping and not fused_only


def weights_of(cell: Any) -> dict[str, Array]:
    """Kernel, recurrent kernel and, if there is one, bias of a standard cell, as copies."""
    weights = {"kernel": cell.kernel, "recurrent_kernel": cell.recurrent_kernel}
    if cell.bias is not None:
        weights["bias"] = cell.bias
    return {name: to_array(weight) for name, weight in weights.items()}


def replay(
    layer: keras.layers.RNN,
    inputs: Array,
    initial_state: tuple[Array, ...],
    mask: Array | None,
) -> Steps:
    """Go through a sequence as a SimpleRNN, GRU or LSTM layer would.

    Args:
        layer: The layer, for its arguments and weights.
        inputs: `(batch, timesteps, features)`.
        initial_state: `(h,)` or `(h, c)`, each `(batch, units)`.
        mask: `(batch, timesteps)` of bool, or None.
    """
    order = slice(None, None, -1 if layer.go_backwards else 1)
    mask = None if mask is None else mask[:, order]  # from here on in the order of processing
    kind = _STANDARD[type(layer.cell)]
    weights = weights_of(layer.cell)
    # Keras multiplies integers in the type of the weights; NumPy would make float64 of them.
    inputs = inputs.astype(weights["kernel"].dtype, copy=False)
    # Activations may overflow to infinity where Keras's do too; Keras does not warn.
    with np.errstate(all="ignore"):
        states, sums, values = _loop(kind, layer, weights, inputs[:, order], initial_state, mask)

    units = initial_state[0].shape[-1]
    names = cells.GATES[kind]
    gates = {} if values is None else _by_gate(values, names, units)
    outputs, last = outputs_of(layer, states[0], mask)
    final = tuple(state[:, -1].copy() for state in states)
    return Steps(
        states,
        gates,
        _by_gate(sums, names or ("hidden",), units),
        (outputs if layer.return_sequences else last, *final),
        weights,
    )


def _loop(
    kind: str,
    layer: keras.layers.RNN,
    weights: dict[str, Array],
    inputs: Array,
    states: tuple[Array, ...],
    mask: Array | None,
) -> tuple[tuple[Array, ...], Array, Array | None]:
    """Run the cell over time; everything returned is `(batch, timesteps, columns)`."""
    units = states[0].shape[-1]
    bias = weights.get("bias")
    options: dict[str, Any] = {"activation": _activation(layer.cell.activation, units)}
    if kind != "SimpleRNN":
        options["recurrent_activation"] = _activation(layer.cell.recurrent_activation, units)
    if kind == "GRU":
        options["reset_after"] = layer.cell.reset_after
        options["recurrent_bias"] = None
        if layer.cell.reset_after and bias is not None:
            bias, options["recurrent_bias"] = bias
    step = _STEPS[kind]

    # Time first, so that a step reads and writes one block of memory.
    projected = np.ascontiguousarray(cells.project(inputs, weights["kernel"], bias).swapaxes(0, 1))
    history = [np.empty((len(projected), *state.shape), state.dtype) for state in states]
    sums = np.empty_like(projected)
    values = np.empty_like(projected) if cells.GATES[kind] else None
    for k, x in enumerate(projected):
        new, sums[k], gates = step(x, states, weights["recurrent_kernel"], **options)
        if values is not None:
            values[k] = gates
        if mask is not None:
            kept = mask[:, k, None]
            new = tuple(np.where(kept, n, old) for n, old in zip(new, states, strict=True))
        states = new
        for record, state in zip(history, states, strict=True):
            record[k] = state
    return tuple(map(_batch_first, history)), sums, values


def outputs_of(layer: keras.layers.RNN, hidden: Array, mask: Array | None) -> tuple[Array, Array]:
    """The sequence and the last output as Keras gives them, which a mask tells from the state.

    Args:
        layer: For its arguments.
        hidden: `(batch, timesteps, units)`, h after each step processed.
        mask: `(batch, timesteps)` of bool in the same order, or None.
    """
    if mask is None:
        return hidden, hidden[:, -1].copy()
    # Where a step is skipped Keras repeats the last *output*, and before the first one that is
    # zero, not the initial state.
    carried = np.where(np.logical_or.accumulate(mask, axis=1)[..., None], hidden, 0)
    if not layer.zero_output_for_mask:
        return carried, carried[:, -1].copy()
    # Keras 3.15, unrolled: the mask that zeroes the sequence is not turned round by go_backwards.
    zeroing = mask[:, ::-1] if layer.unroll and layer.go_backwards else mask
    last = np.where(mask[:, -1, None], carried[:, -1], 0)
    return np.where(zeroing[..., None], carried, 0), last


def _by_gate(columns: Array, names: tuple[str, ...], units: int) -> dict[str, Array]:
    """`(timesteps, batch, n * units)` → for each gate `(batch, timesteps, units)`."""
    return {
        name: _batch_first(columns[..., n * units : (n + 1) * units])
        for n, name in enumerate(names)
    }


def _batch_first(array: Array) -> Array:
    return np.ascontiguousarray(array.swapaxes(0, 1))


def _activation(function: Any, units: int) -> Activation:
    known = _ACTIVATIONS.get(id(function))
    if known is not None:
        return known

    # Others are asked of Keras, a gate at a time: softmax, for one, mixes the units of a gate.
    def through_keras(z: Array) -> Array:
        blocks = [
            to_array(function(keras.ops.convert_to_tensor(block)))
            for block in np.split(z, z.shape[-1] // units, axis=-1)
        ]
        return np.concatenate(blocks, axis=-1)

    return through_keras
