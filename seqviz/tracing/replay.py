"""A whole recurrent layer in NumPy: what Keras does before, and makes of, the loop over timesteps.

This is what makes `seqviz.capture` fast. Nothing here runs Keras.
"""

from typing import Any, NamedTuple

import keras
import numpy as np

from seqviz import cells
from seqviz.array_types import Array
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import REPEATS_STATE
from seqviz.tracing.loop import Cell, run

_STANDARD: dict[type, str] = {
    keras.layers.SimpleRNNCell: "SimpleRNN",
    keras.layers.GRUCell: "GRU",
    keras.layers.LSTMCell: "LSTM",
}
# Half precision is left to Keras: NumPy rounds it at other places than TensorFlow.
_DTYPES = ("float32", "float64")


class Steps(NamedTuple):
    """A sequence as a recurrent layer went through it; step k is the k-th processed.

    Attributes:
        inputs: What was read, `(batch, timesteps, features)`, in the order of the sentence.
        initial_state: What it started from, in Keras's nesting.
        states: Each state after each step, `(batch, timesteps, ...)`.
        gates: Gate values by name, `(batch, timesteps, units)`.
        pre_activations: The sums below them, likewise.
        returned: The output, then the final states in Keras's nesting, as if `return_state`.
        weights: Of the cell.
    """

    inputs: Array
    initial_state: list[Any]
    states: tuple[Array, ...]
    gates: dict[str, Array]
    pre_activations: dict[str, Array]
    returned: tuple[Any, ...]
    weights: dict[str, Array]


def kind_of(cell: Any) -> str | None:
    """`"SimpleRNN"`, `"GRU"`, `"LSTM"`, or None for a cell with arithmetic of its own."""
    return None if "call" in vars(cell) else _STANDARD.get(type(cell))


def can_replay(layer: keras.layers.RNN, sequences: Any) -> bool:
    """Whether a layer around a standard cell that drops nothing computes what `cells` says."""
    cell = layer.cell
    if not cell.built or tuple(sequences.shape[2:]) != (cell.kernel.shape[0],):
        return False
    dtypes = {layer.compute_dtype, cell.compute_dtype, cell.variable_dtype}
    fused_only = getattr(layer, "use_cudnn", "auto") is True  # Keras may have to refuse
    return len(dtypes) == 1 and dtypes <= set(_DTYPES) and not fused_only


def weights_of(cell: Any) -> dict[str, Array]:
    """Kernel, recurrent kernel and, if there is one, bias of a standard cell, as copies."""
    weights = {"kernel": cell.kernel, "recurrent_kernel": cell.recurrent_kernel}
    if cell.bias is not None:
        weights["bias"] = cell.bias
    return {name: to_array(weight) for name, weight in weights.items()}


def replay(
    layer: keras.layers.RNN,
    inputs: Array,
    initial_state: list[Array],
    mask: Array | None,
) -> Steps:
    """Go through a sequence as a SimpleRNN, GRU or LSTM layer would.

    Args:
        layer: The layer, for its arguments and weights.
        inputs: `(batch, timesteps, features)`.
        initial_state: `[h]` or `[h, c]`, each `(batch, units)`.
        mask: `(batch, timesteps)` of bool, or None.
    """
    kind = _STANDARD[type(layer.cell)]
    weights = weights_of(layer.cell)
    order = slice(None, None, -1 if layer.go_backwards else 1)
    mask = None if mask is None else mask[:, order]  # from here on in the order of processing
    # Keras multiplies integers in the type of the weights; NumPy would make float64 of them.
    numbers = inputs.astype(weights["kernel"].dtype, copy=False)[:, order]
    tape = run(Cell.of(layer.cell, kind, weights), numbers, tuple(initial_state), mask)

    states = tuple(map(_batch_first, tape.states))
    names = cells.GATES[kind]
    outputs, last = outputs_of(layer, states[0], mask)
    final = tuple(state[:, -1].copy() for state in states)
    return Steps(
        inputs,
        initial_state,
        states,
        {} if tape.gates is None else _by_gate(tape.gates, names),
        _by_gate(tape.sums, names or ("hidden",)),
        (outputs if layer.return_sequences else last, *final),
        weights,
    )


def outputs_of(layer: keras.layers.RNN, hidden: Array, mask: Array | None) -> tuple[Array, Array]:
    """The sequence and the last output as Keras gives them, which a mask tells from the state.

    Args:
        layer: For its arguments.
        hidden: `(batch, timesteps, units)`, h after each step processed.
        mask: `(batch, timesteps)` of bool in the same order, or None.
    """
    if mask is None:
        return hidden, hidden[:, -1].copy()
    if REPEATS_STATE and not layer.unroll:
        outputs = np.where(mask[..., None], hidden, 0) if layer.zero_output_for_mask else hidden
        return outputs, outputs[:, -1].copy()
    # Where a step is skipped Keras repeats the last *output*, and before the first one that is
    # zero, not the initial state.
    carried = np.where(np.logical_or.accumulate(mask, axis=1)[..., None], hidden, 0)
    unheeded = REPEATS_STATE  # Keras 3.15: unrolled, these backends never write zeros
    if unheeded or not layer.zero_output_for_mask:
        return carried, carried[:, -1].copy()
    # Keras 3.15, unrolled: the mask that zeroes the sequence is not turned round by go_backwards.
    zeroing = mask[:, ::-1] if layer.unroll and layer.go_backwards else mask
    last = np.where(mask[:, -1, None], carried[:, -1], 0)
    return np.where(zeroing[..., None], carried, 0), last


def _by_gate(columns: Array, names: tuple[str, ...]) -> dict[str, Array]:
    """`(timesteps, n, batch, units)` → for each gate `(batch, timesteps, units)`."""
    return {name: _batch_first(columns[:, n]) for n, name in enumerate(names)}


def _batch_first(array: Array) -> Array:
    return array.swapaxes(0, 1)
