"""What flows back through a recurrent layer: backpropagation through time, step by step.

The gradients are computed in NumPy from a trace: each step of `seqviz.cells` read backwards, from
the states and gates that it had. That takes a millisecond, so it can follow a slider.
`seqviz.lessons.gradients.verify` compares with TensorFlow's own tape around Keras's own cell.
Source of the method: Werbos, *Backpropagation through time: what it does and how to do it* (1990).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.cells import GATES
from seqviz.errors import SeqvizError
from seqviz.lessons.gradients.data import Gradients
from seqviz.models.recurrent_weights import standard_cell
from seqviz.readout.records import check_index, check_sample, record_of, skipped_steps
from seqviz.trace import RecurrentTrace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import BACKEND, ON_TENSORFLOW

# From the sum z, the activation y of it and the gradient with respect to y, that to z.
Backward: TypeAlias = Callable[[Array, Array, Array], Array]

OUTPUTS = ("sum", "norm")

_BACKWARD: dict[int, Backward] = {
    id(keras.activations.tanh): lambda z, y, dy: dy * (1 - y * y),
    id(keras.activations.sigmoid): lambda z, y, dy: dy * y * (1 - y),
    id(keras.activations.relu): lambda z, y, dy: dy * (z > 0),
    id(keras.activations.linear): lambda z, y, dy: dy,
}


def compute_gradients(
    layer: keras.layers.RNN,
    trace: RecurrentTrace | Mapping[str, Any],
    *,
    output: str | int = "sum",
    step: int | None = None,
    sample: int = 0,
) -> Gradients:
    """Follow the gradient of one number back through every step of a recurrent layer.

    Args:
        layer: The SimpleRNN, GRU or LSTM that was captured: its activations say how a gradient
            passes. Weights are those of the trace.
        trace: Its record in what `seqviz.capture` returned; or the whole trace, if it has only
            one such record.
        output: The number L: the ``"sum"`` or the Euclidean ``"norm"`` of a hidden state, or the
            index of one of its units.
        step: After which step the hidden state is taken, from 0 in the order of processing; the
            last if None.
        sample: Which sequence of the batch.

    Returns:
        The gradients. Where a mask skips a step they are handed on unchanged, and are zero with
        respect to the input. The gradient of a norm is taken as zero where the state is zero.

    Raises:
        SeqvizError: The layer is none of the three standard kinds or does not fit the trace, or
            there is no such output, step or sample.
    """
    trace = record_of(trace, RecurrentTrace)
    cell, kind = standard_cell(layer)
    check_fits(layer, kind, trace)
    sample = check_sample(sample, len(trace.inputs))
    count = len(trace.timesteps)
    taken_at = count if step is None else check_index("step", step, count) + 1
    states = [values[sample] for values in trace.history]
    flow = _Flow(cell, kind, trace, sample, states)
    skipped = skipped_steps(trace, sample)
    upstream = [np.zeros_like(values) for values in states]
    upstream[0][taken_at] = _seed(states[0][taken_at], output)
    inputs = np.zeros_like(trace.inputs[sample], dtype=states[0].dtype)
    # Gradients overflow to infinity where TensorFlow's do too, without a warning.
    with np.errstate(all="ignore"):
        for k in range(taken_at, 0, -1):
            later = [values[k] for values in upstream]
            if skipped[k - 1]:
                earlier = later
            else:
                inputs[k - 1], earlier = flow.back(k, later)
            for values, gradient in zip(upstream, earlier, strict=True):
                values[k - 1] = gradient
    return Gradients(
        cell=kind,
        hidden=upstream[0],
        cell_states=upstream[1] if kind == "LSTM" else None,
        inputs=inputs,
        taken_at=taken_at,
        output=output if isinstance(output, str) else f"unit {output}",
        timesteps=np.asarray(trace.timesteps),
        skipped=skipped,
    )


class _Flow:
    """The steps of one sample, each of which can be gone back."""

    def __init__(
        self, cell: Any, kind: str, trace: RecurrentTrace, sample: int, states: list[Array]
    ) -> None:
        self._states = states
        self._kernel = trace.weights["kernel"]
        self._recurrent = trace.weights["recurrent_kernel"]
        self._sums = {name: values[sample] for name, values in trace.pre_activations.items()}
        self._gates = {name: values[sample] for name, values in trace.gates.items()}
        self._activation = _backward(cell.activation)
        self._function = cell.activation
        if kind != "SimpleRNN":
            self._gate = _backward(cell.recurrent_activation)
        self._reset_after = kind == "GRU" and cell.reset_after
        self._bias = trace.weights.get("bias")
        self.back = {"SimpleRNN": self._simple_rnn, "GRU": self._gru, "LSTM": self._lstm}[kind]
        if kind == "LSTM":
            self._active = _forward(self._function, states[1])

    def _through(self, name: str, k: int, gradient: Array) -> Array:
        """Through the activation of a gate or candidate, at step k."""
        backward = self._activation if name == "candidate" else self._gate
        return backward(self._sums[name][k - 1], self._gates[name][k - 1], gradient)

    def _simple_rnn(self, k: int, later: list[Array]) -> tuple[Array, list[Array]]:
        """Backwards through h' = activation(z), z = x W + b + h U."""
        (dh,), (states,) = later, self._states
        dz = self._activation(self._sums["hidden"][k - 1], states[k], dh)
        return dz @ self._kernel.T, [dz @ self._recurrent.T]

    def _lstm(self, k: int, later: list[Array]) -> tuple[Array, list[Array]]:
        """Backwards through c' = forget * c + input * candidate, h' = output * activation(c')."""
        dh, dc = later
        c, c_new, active = self._states[1][k - 1], self._states[1][k], self._active[k]
        i, f, g, o = (self._gates[name][k - 1] for name in GATES["LSTM"])
        # In place: it belongs to the gradient of this step's c, which h' is made of.
        dc += self._activation(c_new, active, dh * o)
        by_gate = {"input": dc * g, "forget": dc * c, "candidate": dc * i, "output": dh * active}
        dz = np.concatenate([self._through(name, k, d) for name, d in by_gate.items()])
        return dz @ self._kernel.T, [dz @ self._recurrent.T, dc * f]

    def _gru(self, k: int, later: list[Array]) -> tuple[Array, list[Array]]:
        """Backwards through h' = update * h + (1 - update) * candidate."""
        (dh,), (states,) = later, self._states
        h, units = states[k - 1], len(dh)
        update, reset, candidate = (self._gates[name][k - 1] for name in GATES["GRU"])
        dz_update = self._through("update", k, dh * (h - candidate))
        dz_candidate = self._through("candidate", k, dh * (1 - update))
        of_candidate = self._recurrent[:, 2 * units :]
        if self._reset_after:  # the candidate's sum: x + reset * (h U + c)
            memory = h @ of_candidate
            if self._bias is not None:
                memory = memory + self._bias[1, 2 * units :]
            d_reset = dz_candidate * memory
            through_candidate = (dz_candidate * reset) @ of_candidate.T
        else:  # x + (reset * h) U
            d_product = dz_candidate @ of_candidate.T
            d_reset = d_product * h
            through_candidate = d_product * reset
        dz_reset = self._through("reset", k, d_reset)
        dz_gates = np.concatenate([dz_update, dz_reset])
        through_gates = dz_gates @ self._recurrent[:, : 2 * units].T
        dz = np.concatenate([dz_gates, dz_candidate])
        return dz @ self._kernel.T, [dh * update + through_gates + through_candidate]


def _backward(function: Any) -> Backward:
    known = _BACKWARD.get(id(function))
    if known is not None:
        return known
    if BACKEND != "tensorflow":
        name = getattr(function, "__name__", function)
        raise SeqvizError(
            f"The activation {name!r} has no derivative here, but one of tanh, sigmoid, relu and "
            f"linear does. Hint: use one of these, or {ON_TENSORFLOW}"
        )

    def through_tensorflow(z: Array, y: Array, dy: Array) -> Array:
        import tensorflow as tf

        # A batch of one: softmax, for one, mixes the units of it.
        sums = tf.convert_to_tensor(z[None])
        with tf.GradientTape() as tape:
            tape.watch(sums)
            values = function(sums)
        return to_array(tape.gradient(values, sums, tf.convert_to_tensor(dy[None])))[0]

    return through_tensorflow


def _forward(function: Any, values: Array) -> Array:
    if function is keras.activations.tanh:
        return np.tanh(values)
    return to_array(function(keras.ops.convert_to_tensor(values)))


def _seed(hidden: Array, output: str | int) -> Array:
    """dL/dh of the state that L is taken of."""
    if output == "sum":
        return np.ones_like(hidden)
    if output == "norm":
        length = np.linalg.norm(hidden)
        return hidden / length if length else np.zeros_like(hidden)
    if isinstance(output, str | bool) or not 0 <= output < len(hidden):
        raise SeqvizError(
            f"The output is {output!r}, but it must be 'sum', 'norm', or one of the units "
            f"0 … {len(hidden) - 1}. Hint: units count from 0."
        )
    seed = np.zeros_like(hidden)
    seed[output] = 1
    return seed


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
