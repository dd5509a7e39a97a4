"""Proofs of gradients by TensorFlow's tape around Keras's own cell; no arithmetic of seqviz."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.lessons.gradients.compute import check_fits
from seqviz.lessons.gradients.data import Gradients
from seqviz.models.recurrent_weights import standard_cell, without_dropout
from seqviz.readout.records import record_of
from seqviz.trace import RecurrentTrace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import need_tensorflow


def verify_gradients(
    layer: keras.layers.RNN,
    trace: RecurrentTrace | Mapping[str, Any],
    gradients: Gradients,
    *,
    sample: int = 0,
    at_once: bool = False,
) -> float:
    """Let TensorFlow's tape go back through Keras's own cell, and return the largest difference.

    The cell is called once a step, in eager mode; none of seqviz's arithmetic takes part.

    Args:
        layer: The layer that was captured, with the weights it had then.
        trace: The trace that `gradients` were computed from.
        gradients: What `compute_gradients` returned.
        sample: Which sequence of the batch.
        at_once: Go one step back from each of the *computed* gradients, all steps as one batch,
            instead of all the way back. By induction all are right where each is what the cell
            makes of the one after it, up to the rounding of every step. It takes as long for two
            hundred timesteps as for three. Left out where a gradient is not finite.

    Returns:
        The largest difference as a share of the largest gradient at the same step, since
        gradients span many orders of magnitude; about 1e-6 for float32. Infinite where only one
        of the two is a finite number.

    Raises:
        SeqvizError: Keras does not run on TensorFlow, or the layer does not fit the trace.
    """
    trace, cell = _checked(layer, trace)
    parts = _parts(gradients)
    finite = all(np.isfinite(values).all() for values in parts)
    proof = (_steps if at_once and finite else _tape)(cell, trace, gradients, sample)
    return max(map(_difference, parts, proof), default=0.0)


def _checked(
    layer: keras.layers.RNN, trace: RecurrentTrace | Mapping[str, Any]
) -> tuple[RecurrentTrace, Any]:
    """The record, and the layer's cell without its dropout."""
    trace = record_of(trace, RecurrentTrace)
    cell, kind = standard_cell(layer)
    check_fits(layer, kind, trace)
    need_tensorflow("the proof")
    return trace, without_dropout(cell, trace.inputs.shape[-1])


def _parts(gradients: Gradients) -> list[Floats]:
    """Those of inputs, of h and, for an LSTM, of c."""
    cells = [] if gradients.cell_states is None else [gradients.cell_states]
    return [gradients.inputs, gradients.hidden, *cells]


def _steps(cell: Any, trace: RecurrentTrace, gradients: Gradients, sample: int) -> list[Floats]:
    """What each gradient must be, given the one after it; a row of the batch is a step."""
    import tensorflow as tf

    last = gradients.taken_at
    dtype = trace.hidden_states.dtype
    skipped = gradients.skipped[:last, None]
    x = tf.convert_to_tensor(trace.inputs[sample, trace.timesteps[:last]].astype(dtype))
    before = [tf.convert_to_tensor(states[sample, :last]) for states in trace.history]
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch([x, *before])
        _, after = cell(x, before, training=False)

    def back(target: Any, sources: list[Any], upstream: Floats) -> list[Floats]:
        zero = tf.UnconnectedGradients.ZERO
        return [
            np.where(skipped, 0, to_array(found))
            for found in tape.gradient(target, sources, tf.convert_to_tensor(upstream), zero)
        ]

    parts = _parts(gradients)
    later = [part[1 : last + 1] for part in parts[1:]]  # of h and c after each step
    made = [back(after[0], [x, *before], later[0])]
    via_h = []
    if gradients.cell_states is not None:
        # The gradient of c is a sum: through the h made of it, and through what comes later. Only
        # the second goes on from here: the first is in that of h already.
        via_h = back(after[0], [after[1]], later[0])
        later[1] = later[1] - via_h[0]
        made.append(back(after[1], [x, *before], later[1]))
    inputs, *states = (sum(found) for found in zip(*made, strict=True))

    proof = [np.zeros_like(part) for part in parts]
    proof[0][:last] = inputs
    for rows, made_of, handed_on in zip(proof[1:], states, later, strict=True):
        rows[:last] = np.where(skipped, handed_on, made_of)
    proof[1][last] = gradients.hidden[last]  # where L is taken: what all the others follow from
    for rows, found in zip(proof[2:], via_h, strict=True):
        rows[1 : last + 1] += found
    return proof


def _tape(
    cell: Any, trace: RecurrentTrace, gradients: Gradients, sample: int
) -> list[NDArray[np.floating]]:
    """Gradients of inputs and of each state, by TensorFlow."""
    import tensorflow as tf

    dtype = trace.hidden_states.dtype
    rows = trace.inputs[sample, trace.timesteps, None].astype(dtype)
    inputs = [tf.convert_to_tensor(row) for row in rows]
    history = [[tf.convert_to_tensor(state[sample, None]) for state in trace.initial_state]]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        tape.watch(history[0])
        for x, skipped in zip(
            inputs[: gradients.taken_at], gradients.skipped.tolist(), strict=False
        ):
            if skipped:
                states = [tf.identity(state) for state in history[-1]]
            else:
                _, states = cell(x, history[-1], training=False)
            history.append(list(states))
    sources = [inputs[: gradients.taken_at], *map(list, zip(*history, strict=True))]
    seed = tf.convert_to_tensor(gradients.hidden[gradients.taken_at, None])
    found = tape.gradient(
        history[-1][0],
        sources,
        output_gradients=seed,
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    proof = []
    for values, count in zip(
        found, [len(inputs), *[len(inputs) + 1] * len(history[0])], strict=True
    ):
        rows = np.zeros((count, values[0].shape[-1]), dtype)
        rows[: len(values)] = np.concatenate([to_array(value) for value in values])
        proof.append(rows)
    return proof


def _difference(ours: Floats, proof: Floats) -> float:
    info = np.finfo(ours.dtype)
    a, b = ours.astype("float64"), proof.astype("float64")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(all="ignore"):
        gap = np.where(same, 0, np.abs(a - b)).max(axis=-1)
        # Below the smallest normal numbers precision is lost, and TensorFlow rounds to zero.
        size = np.maximum(np.abs(b).max(axis=-1), info.tiny / info.eps)
        share = gap / size
    return float(np.nan_to_num(share, nan=np.inf, posinf=np.inf).max(initial=0))
