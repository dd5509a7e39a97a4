"""The arithmetic of one timestep of SimpleRNN, GRU and LSTM, in NumPy.

A cell reads one input `x` and its own last state, and makes its next state. Its weights are

- `kernel` W `(features, n * units)`, applied to the input,
- `recurrent_kernel` U `(units, n * units)`, applied to the last hidden state,
- `bias` b,

with n = 1, 3, 4 blocks of `units` columns, one per gate, in Keras's order (`GATES`). `*` is the
elementwise product.

A sequence takes hundreds of steps, so the step functions make no arrays; they write to those that
they are given:

- `sums` `(n, batch, units)`: holds `x W + b`, and is left with the sums below the gates,
- `gates` `(n, batch, units)`: is left with the values of the gates,
- `before`, `after`: the states `(batch, units)` that the step starts from, and where the next go,
- `recurrent`: gives `h U` `(n, batch, units)` in an array that the step may write over.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from seqviz.array_types import Array

# Of an array; the values go to the second argument if there is one, and are returned.
Activation: TypeAlias = Callable[..., Array]
Product: TypeAlias = Callable[[Array], Array]

# The blocks of columns of every kernel, in Keras's order.
GATES: dict[str, tuple[str, ...]] = {
    "SimpleRNN": (),
    "GRU": ("update", "reset", "candidate"),
    "LSTM": ("input", "forget", "candidate", "output"),
}


_ONE = {kind: np.ones((), kind) for kind in "fd"}  # quicker to add than Python's 1


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + e^-z); for large negative z the power overflows to infinity, and 1 / inf is 0."""
    out = np.empty_like(z) if out is None else out
    one = _ONE.get(z.dtype.char, 1)
    np.negative(z, out)
    np.exp(out, out)
    np.add(out, one, out)
    return np.divide(one, out, out)


def relu(z: Array, out: Array | None = None) -> Array:
    """max(z, 0)."""
    return np.maximum(z, 0, out=out)


def linear(z: Array, out: Array | None = None) -> Array:
    """The sum itself: what `activation=None` means."""
    if out is None:
        return z
    np.copyto(out, z)
    return out


# Those that act on each number alone, so that several gates can share one call.
ACTIVATIONS: dict[str, Activation] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "linear": linear,
}


def project(
    x: Array, multiply: Callable[[Array, Array], None], bias: Array | None, sums: Array
) -> None:
    """Write `x W + b` to `sums`.

    Args:
        x: `(rows, features)`, the inputs of all samples at one timestep.
        multiply: Writes `x W` `(n, rows, units)` to its second argument.
        bias: `(n, 1, units)` or `(n, rows, units)`, or None.
        sums: `(n, rows, units)`.
    """
    multiply(x, sums)
    if bias is not None:
        np.add(sums, bias, sums)


def simple_rnn_step(
    sums: Array,
    gates: None,
    before: tuple[Array, ...],
    after: tuple[Array, ...],
    recurrent: Product,
    activation: Activation,
) -> None:
    """H' = activation(x W + b + h U).

    Source: Elman, *Finding Structure in Time* (1990).
    """
    (h,), (next_h,), (hidden,) = before, after, sums
    np.add(sums, recurrent(h), sums)
    activation(hidden, next_h)


def gru_step(
    sums: Array,
    gates: Array,
    before: tuple[Array, ...],
    after: tuple[Array, ...],
    recurrent: Product,
    activation: Activation,
    recurrent_activation: Activation,
    recurrent_bias: Array | None = None,
    recurrent_candidate: Product | None = None,
) -> None:
    """One step of a GRU: h' = update * h + (1 - update) * candidate.

    With x W + b = (x_z, x_r, x_h), U = (U_z, U_r, U_h) and the recurrent bias c = (c_z, c_r, c_h):

        update    = recurrent_activation(x_z + h U_z + c_z)
        reset     = recurrent_activation(x_r + h U_r + c_r)
        candidate = activation(x_h + reset * (h U_h + c_h))     if reset_after
                    activation(x_h + (reset * h) U_h)           otherwise

    `reset_after` is Keras's default and cuDNN's form; only it has a bias c of its own,
    `recurrent_bias` `(3, 1, units)`. Otherwise `recurrent` gives the first two blocks, and
    `recurrent_candidate` the third.
    Source: Cho et al., arXiv:1406.1078 (v3 resets before the product, v1 after it).
    """
    (h,), (next_h,) = before, after
    parts = recurrent(h)
    if recurrent_bias is not None:
        np.add(parts, recurrent_bias, parts)

    np.add(sums[:2], parts[:2], sums[:2])
    recurrent_activation(sums[:2], gates[:2])
    update, reset, candidate = gates

    if recurrent_candidate is None:
        memory = np.multiply(reset, parts[2], parts[2])
    else:
        (memory,) = recurrent_candidate(np.multiply(reset, h, parts[1]))
    np.add(sums[2], memory, sums[2])
    activation(sums[2], candidate)

    rest = np.subtract(_ONE[update.dtype.char], update, parts[0])
    np.multiply(rest, candidate, rest)
    np.multiply(update, h, next_h)
    np.add(next_h, rest, next_h)


def lstm_step(
    sums: Array,
    gates: Array,
    before: tuple[Array, ...],
    after: tuple[Array, ...],
    recurrent: Product,
    activation: Activation,
    recurrent_activation: Activation,
) -> None:
    """One step of an LSTM, with z = x W + b + h U in the four blocks i, f, g, o.

        input, forget, output = recurrent_activation(z_i, z_f, z_o)
        candidate = activation(z_g)
        c' = forget * c + input * candidate
        h' = output * activation(c')

    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).
    """
    (h, c), (next_h, next_c) = before, after
    parts = recurrent(h)
    np.add(sums, parts, sums)
    # One call for all four blocks, and the candidate's done again with its own activation.
    recurrent_activation(sums, gates)
    i, f, g, o = gates
    activation(sums[2], g)

    added = np.multiply(i, g, parts[0])
    np.multiply(f, c, next_c)
    np.add(next_c, added, next_c)
    np.multiply(o, activation(next_c, parts[1]), next_h)
