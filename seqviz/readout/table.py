"""A picture's numbers as a table: its text twin on the page, and the CSV file."""

import csv
import io
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from seqviz.readout.unrolled import Unrolled

Table = dict[str, list[object]]

# A sign that starts a formula (full-width ones too), after what a spreadsheet drops; a tab or an
# apostrophe at the very start, where it would be taken for one of ours.
_FORMULA = re.compile(
    r"^(?=['\t\r])|(?:^|(?<=[;\t\r\n]))(?=[\s\x00-\x1f\u200b\ufeff\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)


def to_csv(table: Mapping[str, Sequence[object]]) -> str:
    """The table as CSV, with numbers in full and nothing that a spreadsheet would run.

    Text that starts like a formula gets an apostrophe in front (OWASP, "CSV Injection"), and so
    does what follows a semicolon or the end of a line in it: spreadsheets of many countries split
    there. Names of columns are treated alike.
    """
    out = io.StringIO()
    writer = csv.writer(out)  # lines end in CR LF (RFC 4180), so it quotes text with either
    writer.writerow(map(_cell, table))
    writer.writerows(zip(*([_cell(v) for v in column] for column in table.values()), strict=True))
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return _FORMULA.sub("'", value)
    return "" if value is None or value != value else value  # NaN is not equal to itself


def vector_columns(name: str, values: NDArray[np.floating], widest: int | None) -> Table:
    """Columns ``x[0]``, ``x[1]``, … of `values` ``(rows, numbers)``; the first `widest` if given."""
    return {f"{name}[{i}]": values[:, i].tolist() for i in range(values.shape[1])[:widest]}


def timestep_columns(tokens: Sequence[str], ids: Sequence[int]) -> Table:
    """The head of a table with one row per timestep."""
    return {
        "timestep": list(range(1, len(tokens) + 1)),
        "token": list(tokens),
        "id": [int(i) for i in ids],
    }


def processed_columns(timesteps: Sequence[int], tokens: Sequence[str], ids: Sequence[int]) -> Table:
    """The head of a table in the order of processing, where -1 is a state before any timestep."""
    return {
        "timestep": [None if t < 0 else t + 1 for t in timesteps],
        "token": ["" if t < 0 else tokens[t] for t in timesteps],
        "id": [None if t < 0 else int(ids[t]) for t in timesteps],
    }


def state_columns(prefix: str, data: Unrolled, widest: int | None) -> Table:
    """States in the order of the sentence, whichever way the layer read it."""
    place = np.argsort(data.timesteps)
    table = vector_columns(f"{prefix}h", data.hidden[1:][place], widest)
    if data.cell_states is not None:
        table |= vector_columns(f"{prefix}c", data.cell_states[1:][place], widest)
    return table


def at_the_end(values: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """Rows for all timesteps; where only the last one has something, NaN before it."""
    missing = np.full((count - len(values), values.shape[1]), np.nan, values.dtype)
    return np.vstack([missing, values])
