"""Weights of a recurrent layer set on purpose: how large its recurrent kernel is, how open a gate.

Both decide how long a state lasts, and how far a gradient gets. The layer is changed in place.
"""

from typing import Any

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.cells import GATES
from seqviz.errors import SeqvizError
from seqviz.tracing.arrays import to_array
from seqviz.tracing.replay import kind_of

# The gate that keeps the last state, by its place among the blocks of columns.
_KEEPING = {"GRU": GATES["GRU"].index("update"), "LSTM": GATES["LSTM"].index("forget")}


def standard_cell(layer: Any) -> tuple[Any, str]:
    """The cell of a layer and its kind: `"SimpleRNN"`, `"GRU"` or `"LSTM"`.

    Raises:
        SeqvizError: The layer is none of the three, or has no weights yet.
    """
    cell = getattr(layer, "cell", None)
    kind = None if cell is None else kind_of(cell)
    if cell is None or kind is None:
        raise SeqvizError(
            f"{getattr(layer, 'name', layer)!r} is a {type(layer).__name__}, but a SimpleRNN, GRU "
            "or LSTM layer is needed. Hint: of a Bidirectional take its forward_layer or its "
            "backward_layer, of a model one of its layers."
        )
    if not cell.built:
        raise SeqvizError(
            f"{layer.name!r} has no weights yet, but a built layer is needed. "
            "Hint: call it once, or layer.build((None, None, features))."
        )
    return cell, kind


def spectral_radii(recurrent_kernel: Array) -> list[float]:
    """The largest |eigenvalue| of each square block of a recurrent kernel.

    Args:
        recurrent_kernel: `(units, n * units)`, n blocks of columns: one of a SimpleRNN, three of
            a GRU (`update`, `reset`, `candidate`), four of an LSTM (`input`, `forget`,
            `candidate`, `output`).
    """
    kernel = np.asarray(recurrent_kernel, "float64")
    blocks = np.split(kernel, kernel.shape[1] // len(kernel), axis=1)
    return [float(np.abs(np.linalg.eigvals(block)).max()) for block in blocks]


def set_spectral_radius(layer: keras.layers.RNN, radius: float) -> None:
    """Scale the recurrent kernel of a layer, so that its spectral radius is `radius`.

    A SimpleRNN has one square matrix. A GRU has three and an LSTM four side by side, one per gate:
    each of them is scaled by a factor of its own, so that all have this radius.

    Args:
        layer: A built SimpleRNN, GRU or LSTM; its recurrent kernel is changed in place.
        radius: The largest |eigenvalue| that each block is to have, 0 or more.

    Raises:
        SeqvizError: The layer is no such layer or is not built, the radius is no number of 0 or
            more, or a block has the radius 0, which no factor changes.
    """
    cell, _ = standard_cell(layer)
    if not (np.isfinite(radius) and radius >= 0):
        raise SeqvizError(
            f"The spectral radius is {radius}, but it must be a number of 0 or more. "
            "Hint: below 1 a state dies away, above 1 it grows."
        )
    kernel = to_array(cell.recurrent_kernel)
    radii = spectral_radii(kernel)
    if not all(np.isfinite(radii)) or not all(radii):
        raise SeqvizError(
            f"The recurrent kernel of {layer.name!r} has blocks with the spectral radii {radii}, "
            "but only one that is finite and not 0 can be scaled. "
            "Hint: fill it anew, for example with recurrent_initializer='orthogonal'."
        )
    factors = np.repeat([radius / found for found in radii], len(kernel))
    cell.recurrent_kernel.assign((kernel * factors).astype(kernel.dtype))


def add_gate_bias(layer: keras.layers.RNN, amount: float) -> None:
    """Add `amount` to the bias of the gate that keeps the last state.

    That is the forget gate of an LSTM and the update gate of a GRU (in Keras, update = 1 keeps
    all). A SimpleRNN has no such gate and stays as it is.

    Args:
        layer: A built SimpleRNN, GRU or LSTM; its bias is changed in place.
        amount: What to add; Keras starts an LSTM's forget bias at 1, all others at 0.

    Raises:
        SeqvizError: The layer is no such layer, is not built, or has a gate but no bias; or the
            amount is no finite number.
    """
    cell, kind = standard_cell(layer)
    if not np.isfinite(amount):
        raise SeqvizError(
            f"{amount} was to be added to a bias, but it must be a finite number. "
            "Hint: 4 opens a gate nearly all the way."
        )
    if kind not in _KEEPING:
        return
    if cell.bias is None:
        raise SeqvizError(
            f"{layer.name!r} was made with use_bias=False, but a bias is needed to open a gate. "
            "Hint: make the layer with use_bias=True."
        )
    bias = to_array(cell.bias)
    place = _KEEPING[kind] * cell.units
    # With reset_after a GRU has two rows of biases; of an update gate only their sum matters.
    np.atleast_2d(bias)[0, place : place + cell.units] += amount
    cell.bias.assign(bias)


def without_dropout(cell: Any, features: int) -> Any:
    """The cell itself, or, if it drops out, a copy of it that does not.

    Even at inference Keras's cells draw a mask, which would advance the model's generator.
    """
    if not (cell.dropout or cell.recurrent_dropout):
        return cell
    copy = type(cell).from_config({**cell.get_config(), "dropout": 0, "recurrent_dropout": 0})
    copy.build((None, features))
    copy.set_weights(cell.get_weights())
    return copy
