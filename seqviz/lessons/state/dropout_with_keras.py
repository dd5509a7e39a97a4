"""What dropout in a recurrent layer hits, by Keras's own masks."""

from typing import Any

import numpy as np

from seqviz.array_types import Floats
from seqviz.cells import GATES
from seqviz.errors import SeqvizError
from seqviz.lessons.state.compute import Dropped
from seqviz.lessons.state.with_keras import copy_of
from seqviz.trace import RecurrentTrace


def compute_dropout(
    layer: Any,
    inputs: Floats,
    *,
    dropout: float,
    recurrent_dropout: float,
    seed: int = 0,
    call: int = 1,
) -> Dropped:
    """Read a sequence with ``training=True`` and show the masks that were used.

    Keras draws a mask for the cell's inputs and one for the state that is fed back when the layer
    is called, and uses them at every step of that call (keras/src/layers/rnn/dropout_rnn_cell.py).
    With `recurrent_dropout` a GRU or LSTM draws one of each for every gate. Here the cell is asked
    for its masks just before the call, which then uses those; the difference to the same sum
    worked out by hand with them proves it.

    Args:
        layer: A built SimpleRNN, GRU or LSTM, for its weights; it is left alone.
        inputs: ``(timesteps, features)``, one sequence.
        dropout: Of the layer, at least 0 and below 1.
        recurrent_dropout: Likewise.
        seed: Of the layer.
        call: Which call of the layer in training, from 1: each draws other masks.

    Raises:
        SeqvizError: The layer is of another kind, or not built, or of two dtypes (mixed
            precision); or a number is out of range.
    """
    from seqviz.tracing.capture import capture

    inputs = np.asarray(inputs, np.float32)
    if inputs.ndim != 2 or not len(inputs):
        raise SeqvizError(
            f"inputs have the shape {inputs.shape}, but (timesteps, features) is needed. "
            "Hint: one sequence, such as trace.inputs[0]."
        )
    for name, rate in (("dropout", dropout), ("recurrent_dropout", recurrent_dropout)):
        if not 0 <= rate < 1:
            raise SeqvizError(
                f"{name} is {rate}, but must be at least 0 and below 1. Hint: {name}=0.5."
            )
    if call < 1:
        raise SeqvizError(f"call is {call}, but calls count from 1. Hint: call=1.")

    rates = {"dropout": dropout, "recurrent_dropout": recurrent_dropout, "seed": int(seed)}
    dropping = copy_of(layer, **rates)
    blocks = GATES[type(layer).__name__] or ("",)
    input_masks, state_masks, returned = _call(dropping, inputs, call)
    gates = blocks if max(len(input_masks), len(state_masks)) > 1 else ("",)
    input_masks = np.broadcast_to(input_masks, (len(gates), input_masks.shape[1]))
    state_masks = np.broadcast_to(state_masks, (len(gates), state_masks.shape[1]))

    # By hand: (x * mask) @ W is x @ (W with row i times mask[i]), so a layer without dropout whose
    # rows are so scaled must give the same.
    by_hand = copy_of(layer, dropout=0.0, recurrent_dropout=0.0)
    plain = capture(by_hand, inputs[None])[by_hand.name]
    kernel, recurrent_kernel, *bias = by_hand.cell.get_weights()
    by_hand.cell.set_weights(
        [_scaled(kernel, input_masks), _scaled(recurrent_kernel, state_masks), *bias]
    )
    trained = capture(by_hand, inputs[None])[by_hand.name]
    assert isinstance(plain, RecurrentTrace)
    assert isinstance(trained, RecurrentTrace)
    return Dropped(
        cell=type(layer).__name__,
        gates=gates,
        inputs=inputs,
        input_masks=input_masks,
        state_masks=state_masks,
        training=np.vstack([plain.initial_state[0], returned]),
        inference=plain.history[0][0],
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        keras_difference=float(np.abs(trained.hidden_states[0] - returned).max()),
    )


def _call(layer: Any, inputs: Floats, call: int) -> tuple[Floats, Floats, Floats]:
    """The masks of the n-th call in training, each `(1 or gates, …)`, and the states it gave."""
    import keras

    x = keras.ops.convert_to_tensor(inputs[None])
    h = keras.ops.zeros((1, layer.units))
    cell = layer.cell
    for _ in range(call):  # each draw is what one call of the layer would draw
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()
        masks = cell.get_dropout_mask(x[:, 0]), cell.get_recurrent_dropout_mask(h)
    read, fed = (
        np.ones((1, width), np.float32) if mask is None else _rows(mask)
        for mask, width in zip(masks, (inputs.shape[1], layer.units), strict=True)
    )
    returned = layer(x, training=True)[0]
    return read, fed, keras.ops.convert_to_numpy(returned)[0]


def _rows(mask: Any) -> Floats:
    import keras

    several = mask if isinstance(mask, list) else [mask]
    return np.concatenate([keras.ops.convert_to_numpy(one) for one in several])


def _scaled(kernel: Floats, masks: Floats) -> Floats:
    """Scale the rows of each gate's block of columns by its mask; one mask serves all blocks."""
    blocks = np.split(kernel, len(masks), axis=1)
    return np.concatenate(
        [block * mask[:, None] for block, mask in zip(blocks, masks, strict=True)], axis=1
    )
