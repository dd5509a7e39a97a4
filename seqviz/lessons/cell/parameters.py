"""The weights of a recurrent layer as blocks: which columns belong to which gate, and how many."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.cells import GATES
from seqviz.errors import SeqvizError
from seqviz.lessons.cell.compute import SYMBOLS
from seqviz.short_repr import short_repr
from seqviz.trace import RecurrentTrace


@short_repr
class Block(NamedTuple):
    """The columns of one weight that belong to one gate.

    Attributes:
        weight: ``"kernel"``, ``"recurrent_kernel"`` or ``"bias"``.
        gate: As in a trace; ``"hidden"`` of a SimpleRNN.
        symbol: The gate in a formula.
        first: Its first column.
        values: ``(rows, units)``; of a bias one row, or two under ``reset_after``.
    """

    weight: str
    gate: str
    symbol: str
    first: int
    values: NDArray[np.floating]


@short_repr
class ParameterBlocks(NamedTuple):
    """All weights of a layer, cut into blocks of `units` columns.

    Attributes:
        cell: ``"SimpleRNN"``, ``"GRU"`` or ``"LSTM"``.
        features: Rows of the kernel.
        units: Columns of one block.
        gates: In Keras's order, the order of the columns.
        biases: Rows of the bias: 0 without one, 2 for a GRU that resets after the product.
        blocks: Kernel first, then recurrent kernel, then bias.
        parameters: Numbers in all of them: what Keras's `count_params()` says.
    """

    cell: str
    features: int
    units: int
    gates: tuple[str, ...]
    biases: int
    blocks: tuple[Block, ...]
    parameters: int

    @property
    def formula(self) -> str:
        """Why there are so many: ``"4 · (units · (features + units) + units)"``."""
        return self._formula("features", "units")

    @property
    def numbers(self) -> str:
        """The same with numbers, and the result."""
        return f"{self._formula(str(self.features), str(self.units))} = {self.parameters:,}"

    def _formula(self, features: str, units: str) -> str:
        bias = {0: "", 1: f" + {units}"}.get(self.biases, f" + {self.biases} · {units}")
        inside = f"{units} · ({features} + {units}){bias}"
        return inside if len(self.gates) == 1 else f"{len(self.gates)} · ({inside})"


def compute_parameter_blocks(source: Any) -> ParameterBlocks:
    """Cut the weights of a layer into the blocks of its gates.

    Args:
        source: A `RecurrentTrace`, or a built SimpleRNN, GRU or LSTM layer (or cell) of Keras.

    Raises:
        SeqvizError: It is of another kind, or the layer is not built yet.
    """
    if isinstance(source, RecurrentTrace):
        kind, weights = source.cell, source.weights
    else:
        cell = getattr(source, "cell", source)
        kind = type(cell).__name__.removesuffix("Cell")
        names = ("kernel", "recurrent_kernel", "bias")
        found = {name: getattr(cell, name, None) for name in names}
        weights = {name: np.asarray(w) for name, w in found.items() if w is not None}
    if kind not in GATES or "kernel" not in weights:
        raise SeqvizError(
            f"The weights of this {kind} cannot be cut into gates: a built SimpleRNN, GRU or LSTM "
            "is needed. Hint: call the layer once, or capture it."
        )
    gates = GATES[kind] or ("hidden",)
    units = len(weights["recurrent_kernel"])
    matrices = {name: w if w.ndim == 2 else w[None] for name, w in weights.items()}
    return ParameterBlocks(
        cell=kind,
        features=len(weights["kernel"]),
        units=units,
        gates=gates,
        biases=len(matrices["bias"]) if "bias" in matrices else 0,
        blocks=tuple(
            Block(
                weight=name,
                gate=gate,
                symbol=SYMBOLS[kind][gate],
                first=i * units,
                values=matrix[:, i * units : (i + 1) * units],
            )
            for name, matrix in matrices.items()
            for i, gate in enumerate(gates)
        ),
        parameters=sum(w.size for w in weights.values()),
    )
