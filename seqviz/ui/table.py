"""The picture's numbers as a table."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from seqviz.readout.table import Table
from seqviz.ui.markdown import note

WIDEST = 8  # numbers of one vector that the table on the page shows; the file has them all


NARROW = 5  # the same where a row of the table has four or five vectors


def numbers(table: Table, *, cut: bool, widest: int = WIDEST) -> None:
    """Show the picture's numbers as a table, its twin for whoever reads rather than looks.

    Args:
        table: Its columns.
        cut: Whether vectors have more numbers than it shows.
        widest: Numbers of one vector that it shows then.
    """
    show_table(table, alt="The numbers of the picture, one row per step")
    if cut:
        note(f"Vectors are cut to {widest} numbers here; the CSV file has them all.")


def show_table(table: Table, *, alt: str) -> None:
    """Show a table that can be sorted and searched; `alt` says what it is of."""
    columns = {name: _column(values) for name, values in table.items()}
    formats = {
        name: st.column_config.NumberColumn(format=_format(values))
        for name, values in columns.items()
        if pa.types.is_float32(values.type)
    }
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        lazy=False,  # to find out whether it should be, Streamlit would load pandas
        alt=alt,
        column_config=formats,
    )


def _column(values: list[object]) -> pa.Array:
    """As Arrow, the form in which Streamlit sends it: pandas takes a quarter of a rerun for that."""
    column = pa.array(values, from_pandas=True)  # NaN is a cell without a number
    if pa.types.is_float64(column.type):
        column = pc.add(column, 0.0)  # which makes 0 of -0
    # As Keras computes: half the bytes, and no digit less than is shown.
    return column.cast(pa.float32()) if pa.types.is_float64(column.type) else column


def _format(column: pa.Array) -> str:
    """Four decimals, or six digits where some number would read 0.0000 and is not 0."""
    values = np.abs(column.to_numpy(zero_copy_only=False))
    return "%.6g" if np.any((values > 0) & (values < 0.5e-4)) else "%.4f"
