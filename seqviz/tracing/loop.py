"""The loop over timesteps: the arithmetic of `cells` with the weights of one cell, in NumPy.

It is as quick as Keras's compiled loop, although it keeps every number: a step makes no arrays, no
product wakes the threads of BLAS (`products`), and threads share a large batch. Nothing here runs
Keras, except for an activation that `cells` does not have.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import keras
import numpy as np

from seqviz import cells
from seqviz.array_types import Array
from seqviz.cells import Activation
from seqviz.tracing.arrays import to_array
from seqviz.tracing.products import Product, blocks

_STEPS: dict[str, Callable[..., None]] = {
    "SimpleRNN": cells.simple_rnn_step,
    "GRU": cells.gru_step,
    "LSTM": cells.lstm_step,
}
# Keras resolves a name to these very functions, so they can be told by identity.
_ACTIVATIONS = {
    id(getattr(keras.activations, name)): function for name, function in cells.ACTIVATIONS.items()
}

_FEW_SAMPLES = 16  # of which each has its inputs multiplied at all timesteps at once
# NumPy lets go of Python's lock in every call, but with less work in a call, or more threads, they
# wait for the lock more than they work.
_NUMBERS_OF_A_THREAD, _MOST_THREADS = 2**13, 4  # numbers: of a state


class Cell(NamedTuple):
    """What a step needs to know of a SimpleRNN, GRU or LSTM cell.

    Attributes:
        kind: Which of the three.
        kernel: `(features, n * units)`.
        recurrent_kernel: `(units, n * units)`.
        bias: `(n, 1, units)` or None.
        recurrent_bias: Likewise; of a GRU with `reset_after`.
        reset_after: Of a GRU; else False.
        activations: The arguments of the step function of these names.
        uses_keras: Whether one of them asks Keras.
    """

    kind: str
    kernel: Array
    recurrent_kernel: Array
    bias: Array | None
    recurrent_bias: Array | None
    reset_after: bool
    activations: dict[str, Activation]
    uses_keras: bool

    @classmethod
    def of(cls, cell: Any, kind: str, weights: dict[str, Array]) -> "Cell":
        """Of one of Keras's cells and copies of its weights."""
        units = len(weights["recurrent_kernel"])
        # Under `reset_after` the bias has two rows.
        rows = blocks(np.atleast_2d(weights["bias"]), units) if "bias" in weights else None
        functions = {
            name: getattr(cell, name)
            for name in ("activation", "recurrent_activation")
            if hasattr(cell, name)
        }
        return cls(
            kind,
            weights["kernel"],
            weights["recurrent_kernel"],
            None if rows is None else rows[:, :1],
            None if rows is None or rows.shape[1] == 1 else rows[:, 1:],
            kind == "GRU" and bool(cell.reset_after),
            {name: _activation(function) for name, function in functions.items()},
            not all(id(function) in _ACTIVATIONS for function in functions.values()),
        )


class Tape(NamedTuple):
    """All that the steps wrote; time comes first, so that each used one block of memory.

    Attributes:
        sums: The sums below the gates, `(timesteps, n, batch, units)`.
        gates: The values of the gates, likewise; None for a cell without.
        states: The states after each step, each `(timesteps, batch, units)`.
    """

    sums: Array
    gates: Array | None
    states: tuple[Array, ...]


def run(cell: Cell, inputs: Array, states: tuple[Array, ...], mask: Array | None) -> Tape:
    """Run a cell over time.

    Args:
        cell: The cell.
        inputs: `(batch, timesteps, features)` in the order of processing.
        states: To start from, each `(batch, units)`.
        mask: `(batch, timesteps)` of bool, in the same order, or None.
    """
    tape = _blank(len(cells.GATES[cell.kind]), inputs, states)

    def run_part(part: slice) -> None:
        _run(
            cell,
            inputs[part],
            tuple(state[part] for state in states),
            None if mask is None else mask[part],
            Tape(
                tape.sums[:, :, part],
                None if tape.gates is None else tape.gates[:, :, part],
                tuple(state[:, part] for state in tape.states),
            ),
        )

    parts = [slice(None)] if cell.uses_keras else _parts(*states[0].shape)
    if len(parts) == 1:
        run_part(*parts)
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            list(pool.map(run_part, parts))
    return tape


def _blank(gates: int, inputs: Array, states: tuple[Array, ...]) -> Tape:
    """A tape to write on, for a cell with so many gates."""
    timesteps = inputs.shape[1]
    # One array for both: its memory is new to the process, and the system hands that out quicker in
    # large pieces, for which NumPy asks from 4 MB on. It is a third of the time of a batch of 32.
    both = np.empty((timesteps, 2 * gates or 1, *states[0].shape), inputs.dtype)
    return Tape(
        both[:, : gates or 1],
        both[:, gates:] if gates else None,
        tuple(np.empty((timesteps, *state.shape), state.dtype) for state in states),
    )


def _parts(batch: int, units: int) -> list[slice]:
    """The batch in slices, one for each thread that is worth its while."""
    threads = min(_MOST_THREADS, batch * units // _NUMBERS_OF_A_THREAD)
    if threads < 2:
        return [slice(0, batch)]
    # The system is asked last, which takes as long as a timestep.
    threads = min(threads, os.cpu_count() or 1)
    edges = [batch * n // threads for n in range(threads + 1)]
    return [slice(start, stop) for start, stop in pairwise(edges)]


def _run(
    cell: Cell, inputs: Array, states: tuple[Array, ...], mask: Array | None, tape: Tape
) -> None:
    """Run a cell over time, onto a tape."""
    step = _step(cell, *states[0].shape)
    gates = repeat(None) if tape.gates is None else tape.gates
    skipped = repeat(None) if mask is None else ~mask.T[..., None]
    after = zip(*tape.states, strict=True)
    # Activations may overflow to infinity where Keras's do too; Keras does not warn.
    with np.errstate(all="ignore"):
        projected = _projected(cell, inputs, tape.sums)
        for sums, values, new, skip in zip(projected, gates, after, skipped, strict=False):
            step(sums, values, states, new)
            if skip is not None:
                for old, kept in zip(states, new, strict=True):
                    np.copyto(kept, old, where=skip)
            states = new


def _step(cell: Cell, batch: int, units: int) -> Callable[..., None]:
    """The step function of `cells` for a cell and a number of samples."""

    def product(kernel: Array) -> cells.Product:
        out = np.empty((kernel.shape[1] // units, batch, units), kernel.dtype)
        return Product(kernel, units, batch).into(out)

    kernel, options = cell.recurrent_kernel, dict[str, Any]()
    if cell.reset_after:
        options["recurrent_bias"] = cell.recurrent_bias
    elif cell.kind == "GRU":
        options["recurrent_candidate"] = product(kernel[:, 2 * units :])
        kernel = kernel[:, : 2 * units]
    return partial(_STEPS[cell.kind], recurrent=product(kernel), **options, **cell.activations)


def _projected(cell: Cell, inputs: Array, sums: Array) -> Iterator[Array]:
    """Write `x W + b` to `sums`, and give `sums` timestep by timestep."""
    batch, timesteps, _ = inputs.shape
    units = sums.shape[-1]
    if batch < _FEW_SAMPLES:
        product = Product(cell.kernel, units, timesteps)
        for x, of_sample in zip(inputs, sums.transpose(2, 1, 0, 3), strict=True):
            # Turned round by `go_backwards` it is nothing that BLAS can read.
            product.multiply(np.ascontiguousarray(x), of_sample)
        if cell.bias is not None:
            for gate, bias in enumerate(cell.bias):  # NumPy would make copies to add all at once
                np.add(sums[:, gate], bias, sums[:, gate])
        yield from sums
        return
    product = Product(cell.kernel, units, batch)
    # Written out for every sample, it is added in half the time.
    bias = None if cell.bias is None else np.repeat(cell.bias, batch, axis=1)
    for x, of_step in zip(inputs.swapaxes(0, 1), sums, strict=True):
        cells.project(x, product.multiply, bias, of_step)
        yield of_step


def _activation(function: Any) -> Activation:
    known = _ACTIVATIONS.get(id(function))
    if known is not None:
        return known

    # Others are asked of Keras, a gate at a time, as Keras does.
    def through_keras(z: Array, out: Array) -> Array:
        for index in np.ndindex(z.shape[:-2]):
            out[index] = to_array(function(keras.ops.convert_to_tensor(z[index])))
        return out

    return through_keras
