"""The arithmetic of one timestep of SimpleRNN, GRU and LSTM, in NumPy.

A cell reads one input `x` and its own last state, and returns its next state. Its weights are

- `kernel` W `(features, n * units)`, applied to the input,
- `recurrent_kernel` U `(units, n * units)`, applied to the last hidden state,
- `bias` b,

with n = 1, 3, 4 blocks of `units` columns, one a gate, in Keras's order (`GATES`). The input part
`x W + b` does not depend on the state, so `project` computes it for all timesteps in one product;
the step functions take its result as `x`, `(batch, n * units)`, and add the recurrent part.

Every step function returns `(states, pre_activations, gates)`: the next states, and the sums and
the gate values side by side in blocks of `units` columns. `*` is the elementwise product.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from seqviz.array_types import Array

Activation: TypeAlias = Callable[[Array], Array]
Step: TypeAlias = tuple[tuple[Array, ...], Array, Array | None]

# The blocks of columns of every kernel, in Keras's order.
GATES: dict[str, tuple[str, ...]] = {
    "SimpleRNN": (),
    "GRU": ("update", "reset", "candidate"),
    "LSTM": ("input", "forget", "candidate", "output"),
}


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z); for large negative z the power overflows to infinity, and 1 / inf is 0."""
    return 1 / (1 + np.exp(-z))


def relu(z: Array) -> Array:
    """max(z, 0)."""
    return np.maximum(z, 0)


def linear(z: Array) -> Array:
    """The sum itself: what `activation=None` means."""
    return z


# Those that act on each number alone, so that several gates can share one call.
ACTIVATIONS: dict[str, Activation] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "linear": linear,
}


def project(inputs: Array, kernel: Array, bias: Array | None) -> Array:
    """`x W + b` for a whole sequence: `(batch, timesteps, features)` → `(…, n * units)`."""
    projected = inputs @ kernel
    if bias is not None:
        projected += bias
    return projected


def simple_rnn_step(
    x: Array, states: tuple[Array, ...], recurrent_kernel: Array, activation: Activation
) -> Step:
    """H' = activation(x + h U).

    Source: Elman, *Finding Structure in Time* (1990).
    """
    (h,) = states
    pre_activation = x + h @ recurrent_kernel
    return (activation(pre_activation),), pre_activation, None


def gru_step(
    x: Array,
    states: tuple[Array, ...],
    recurrent_kernel: Array,
    recurrent_bias: Array | None,
    activation: Activation,
    recurrent_activation: Activation,
    reset_after: bool,
) -> Step:
    """One step of a GRU: h' = update * h + (1 - update) * candidate.

    With x = (x_z, x_r, x_h), U = (U_z, U_r, U_h) and the recurrent bias c = (c_z, c_r, c_h):

        update    = recurrent_activation(x_z + h U_z + c_z)
        reset     = recurrent_activation(x_r + h U_r + c_r)
        candidate = activation(x_h + reset * (h U_h + c_h))     if reset_after
                    activation(x_h + (reset * h) U_h)           otherwise

    `reset_after` is Keras's default and cuDNN's form; only it has a bias c of its own.
    Source: Cho et al., arXiv:1406.1078 (v3 resets before the product, v1 after it).
    """
    (h,) = states
    units = h.shape[-1]
    if reset_after:
        recurrent = h @ recurrent_kernel
        if recurrent_bias is not None:
            recurrent += recurrent_bias
    else:
        recurrent = h @ recurrent_kernel[:, : 2 * units]

    pre_activations, gates = np.empty_like(x), np.empty_like(x)
    np.add(x[:, : 2 * units], recurrent[:, : 2 * units], out=pre_activations[:, : 2 * units])
    gates[:, : 2 * units] = recurrent_activation(pre_activations[:, : 2 * units])
    update, reset = gates[:, :units], gates[:, units : 2 * units]

    if reset_after:
        memory = reset * recurrent[:, 2 * units :]
    else:
        memory = (reset * h) @ recurrent_kernel[:, 2 * units :]
    np.add(x[:, 2 * units :], memory, out=pre_activations[:, 2 * units :])
    gates[:, 2 * units :] = activation(pre_activations[:, 2 * units :])
    candidate = gates[:, 2 * units :]

    return (update * h + (1 - update) * candidate,), pre_activations, gates


def lstm_step(
    x: Array,
    states: tuple[Array, ...],
    recurrent_kernel: Array,
    activation: Activation,
    recurrent_activation: Activation,
) -> Step:
    """One step of an LSTM, with z = x + h U in the four blocks i, f, g, o.

        input, forget, output = recurrent_activation(z_i, z_f, z_o)
        candidate = activation(z_g)
        c' = forget * c + input * candidate
        h' = output * activation(c')

    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).
    """
    h, c = states
    units = h.shape[-1]
    pre_activations = x + h @ recurrent_kernel
    # One call for all four blocks, and the candidate's done again with its own activation.
    gates = recurrent_activation(pre_activations)
    if gates is pre_activations:
        gates = gates.copy()
    gates[:, 2 * units : 3 * units] = activation(pre_activations[:, 2 * units : 3 * units])

    i, f, g, o = (gates[:, n * units : (n + 1) * units] for n in range(4))
    c = f * c + i * g
    h = o * activation(c)
    return (h, c), pre_activations, gates
