"""A proof of recurrent states that takes one call of Keras's cell, however long the sequence."""

from typing import Any

import keras
import numpy as np

from seqviz.adjusting import standard_cell, without_dropout
from seqviz.arrays import to_array
from seqviz.cells import Array
from seqviz.errors import SeqvizError
from seqviz.trace import RecurrentTrace


def verify_steps(layer: keras.layers.RNN, trace: RecurrentTrace) -> float:
    """Let Keras's own cell make each state anew of the one before, and return the largest gap.

    All steps of all samples go through the cell as one batch: about 1 ms, where Keras's loop over
    20 timesteps takes 20. By induction the whole sequence is right where every step is, up to the
    rounding of each step. `seqviz.verify` runs the loop itself.

    Args:
        layer: The SimpleRNN, GRU or LSTM that was captured, with the weights it had then.
        trace: Its record in what `seqviz.capture` returned.

    Returns:
        The largest absolute difference; infinite where only one of both is a number.

    Raises:
        SeqvizError: The layer is none of the three kinds, or does not fit the trace.
    """
    cell, kind = standard_cell(layer)
    check_fits(layer, kind, trace)
    cell = without_dropout(cell, trace.inputs.shape[-1])
    dtype = trace.hidden_states.dtype
    inputs = _flat(trace.inputs[:, trace.timesteps]).astype(dtype)
    before = [
        np.concatenate([initial[:, None], states[:, :-1]], axis=1)
        for initial, states in zip(trace.initial_state, trace.states, strict=True)
    ]
    _, made = cell(
        keras.ops.convert_to_tensor(inputs),
        [keras.ops.convert_to_tensor(_flat(states)) for states in before],
        training=False,
    )
    kept = None if trace.mask is None else _flat(trace.mask[:, trace.timesteps, None]).astype(bool)
    return max(
        _gap(states, to_array(new) if kept is None else np.where(kept, to_array(new), _flat(old)))
        for states, old, new in zip(trace.states, before, made, strict=True)
    )


def check_fits(layer: Any, kind: str, trace: RecurrentTrace) -> None:
    """Raise SeqvizError if a trace is not of this layer, as far as its cell and shapes say."""
    shape = tuple(layer.cell.recurrent_kernel.shape)
    recurrent = trace.weights.get("recurrent_kernel")
    captured = None if recurrent is None else recurrent.shape
    if (kind, shape) != (trace.cell, captured):
        raise SeqvizError(
            f"The trace is of a {trace.cell} whose recurrent kernel has the shape {captured}, but "
            f"{layer.name!r} is a {kind} with {shape}. Hint: give the layer that was captured."
        )


def _flat(array: Array) -> Array:
    """`(batch, timesteps, …)` → `(batch * timesteps, …)`."""
    return array.reshape(-1, array.shape[-1])


def _gap(ours: Array, keras_own: Array) -> float:
    a, b = _flat(ours).astype("float64"), keras_own.astype("float64")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0, np.abs(a - b))
    return float(np.nan_to_num(gap, nan=np.inf, posinf=np.inf).max(initial=0))
