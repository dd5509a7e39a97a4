"""Products with a kernel that BLAS does on the thread that asks for them.

A recurrent layer asks for one at every timestep. For a larger product BLAS wakes threads of its
own, which costs as much as the product where cores are free, a hundred times as much where they
are not, and a core in any case: the threads spin while they wait for the next one.
"""

from collections.abc import Callable

import numpy as np

from seqviz.array_types import Array

_AT_ONCE = 2**18  # multiplications; up to here OpenBLAS, which NumPy brings, wakes nobody
_FEW_ROWS = 4  # with fewer at a time, reading the kernel takes longer than the multiplying


def blocks(columns: Array, units: int) -> Array:
    """`(rows, n * units)` → `(n, rows, units)`, a view."""
    rows, width = columns.shape
    return columns.reshape(rows, width // units, units).swapaxes(0, 1)


class Product:
    """`rows @ kernel` for a number of rows, the columns in blocks of `units`.

    Args:
        kernel: `(features, n * units)`.
        units: Columns of a block.
        rows: How many there will be.
    """

    def __init__(self, kernel: Array, units: int, rows: int) -> None:
        a_row = max(len(kernel), 1)  # multiplications for one column
        width = min(units, _AT_ONCE // (a_row * max(min(rows, _FEW_ROWS), 1)) or 1)
        self._columns = [slice(start, start + width) for start in range(0, units, width)]
        self._rows = _AT_ONCE // (a_row * width) or 1
        self._kernel = kernel
        self._blocks = blocks(kernel, units)

    def into(self, out: Array) -> Callable[[Array], Array]:
        """A function of `rows` that writes the product to `out` each time, and returns that.

        Args:
            out: `(n, rows, units)`, in one piece of memory.
        """
        if out.shape[1] == 1 and self._kernel.size <= _AT_ONCE:
            row = out.reshape(1, -1)  # a single row has its blocks side by side in any case

            def multiply_row(rows: Array) -> Array:
                np.dot(rows, self._kernel, row)
                return out

            return multiply_row

        def multiply(rows: Array) -> Array:
            self.multiply(rows, out)
            return out

        return multiply

    def multiply(self, rows: Array, out: Array) -> None:
        """Write the product of `rows` `(rows, features)` to `out` `(n, rows, units)`."""
        for columns in self._columns:
            self._multiply(rows, self._blocks[..., columns], out[..., columns])

    def _multiply(self, rows: Array, kernels: Array, out: Array) -> None:
        number, at_once = len(rows), self._rows
        if number <= at_once:
            np.matmul(rows, kernels, out)
            return
        even = number - number % at_once
        np.matmul(
            rows[:even].reshape(-1, at_once, rows.shape[1]),
            kernels[:, None],
            out[:, :even].reshape(len(out), -1, at_once, out.shape[2]),
        )
        if even < number:
            np.matmul(rows[even:], kernels, out[:, even:])
