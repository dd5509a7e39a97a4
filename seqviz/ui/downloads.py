"""What stands below every picture: the proof, the numbers, the code, and what to take home."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import streamlit as st

from seqviz import EmbeddingTrace, RecurrentTrace
from seqviz.readout.table import Table, to_csv
from seqviz.ui.note import note

WIDEST = 8  # numbers of one vector that the table on the page shows; the file has them all
# What `verify(…, at_once=True)` proves.
BY_STEP: Final = "Computed by real Keras layers, each state made anew of the one before it"
NARROW = 5  # the same where a row of the table has four or five vectors
_LARGE = 10.0  # from here on a difference is given beside the number


def numbers(table: Table, *, cut: bool, widest: int = WIDEST) -> None:
    """Show the picture's numbers as a table, its twin for whoever reads rather than looks.

    Args:
        table: Its columns.
        cut: Whether vectors have more numbers than it shows.
        widest: Numbers of one vector that it shows then.
    """
    st.header("The numbers", anchor=False)
    show_table(table, alt="The numbers of the picture, one row a step")
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
    # As Keras computes: half the bytes, and no digit less than is shown.
    return column.cast(pa.float32()) if pa.types.is_float64(column.type) else column


def _format(column: pa.Array) -> str:
    """Four decimals, or six digits where some number would read 0.0000 and is not 0."""
    values = np.abs(column.to_numpy(zero_copy_only=False))
    return "%.6g" if np.any((values > 0) & (values < 0.5e-4)) else "%.4f"


# Streamlit's colours of code have a contrast of 2.2:1 and more, where WCAG AA asks for 4.5:1, and
# no setting. Mixed with the colour of the text around them they are readable in both themes.
_HUES: Final = {
    "": "#1c83e1",  # keywords, names, and whatever else is marked
    ".string": "#09ab3b",
    ":is(.number, .boolean)": "#29b09d",
    ".operator": "#ed6f13",
    ":is(.comment, .punctuation)": "#808495",
}
_READABLE: Final = "\n".join(
    [
        "<style>",
        *(
            # Twice, to weigh more than Streamlit's own.
            f"[data-testid=stCode] code .token.token{kind} "
            f"{{ color: color-mix(in srgb, {hue} 45%, currentColor) }}"
            for kind, hue in _HUES.items()
        ),
        "</style>",
    ]
)


def code(source: str) -> None:
    """Show the equivalent Keras code."""
    st.header("The same in Keras", anchor=False)
    st.markdown("Runs as it stands, and computes the numbers above: the seeds are the same.")
    # Wrapped where it is too wide: what scrolls sideways is out of reach for a keyboard.
    st.code(source, language="python", line_numbers=False, wrap_lines=True)
    st.html(_READABLE)


def downloads(
    page: str,
    *,
    html: Callable[[], str],
    table: Callable[[], Table],
    arrays: Callable[[], Mapping[str, np.ndarray]],
    source: str,
    model: Callable[[], Any] | None = None,
) -> None:
    """Offer everything on the page as a file, each made only when it is asked for.

    The list is closed, and empty until it is opened: half a dozen buttons that are sent again with
    every step of a slider cost the server a tenth of it.
    """
    home = st.expander(
        "**Take it home**: picture, numbers, script, notebook" + (", model" if model else ""),
        icon=":material/download:",
        on_change="rerun",
        key=f"{page}_take_home",
    )
    if not home.open:
        return
    files: list[tuple[str, str, str, str, Callable[[], str | bytes]]] = [
        ("Picture (HTML)", "html", "text/html", ":material/movie:", html),
        (
            "Numbers (CSV)",
            "csv",
            "text/csv",
            ":material/table:",
            lambda: "\ufeff" + to_csv(table()),
        ),
        ("Arrays (NPZ)", "npz", "application/zip", ":material/dataset:", lambda: _npz(arrays())),
        ("Script (.py)", "py", "text/x-python", ":material/code:", lambda: source),
        (
            "Notebook",
            "ipynb",
            "application/x-ipynb+json",
            ":material/book:",
            lambda: notebook(source),
        ),
    ]
    if model is not None:
        files.append(
            (
                "Model (.keras)",
                "keras",
                "application/zip",
                ":material/deployed_code:",
                lambda: _keras_file(model()),
            )
        )
    with home, st.container(horizontal=True):
        for label, ending, mime, icon, make in files:
            st.download_button(
                label,
                make,
                file_name=f"seqviz_{page}.{ending}",
                mime=mime,
                icon=icon,
                key=f"{page}_download_{ending}",
                on_click="ignore",
            )
    note(
        "The HTML file plays without a network. The address of this page is a link to exactly "
        "this state; the player's link button copies it.",
        home,
    )


def arrays_of(trace: EmbeddingTrace | RecurrentTrace) -> dict[str, np.ndarray]:
    """All arrays of a layer's trace by name, for a file."""
    if isinstance(trace, EmbeddingTrace):
        return {"ids": trace.ids, "weights": trace.weights, "vectors": trace.vectors}
    arrays = {"inputs": trace.inputs, "hidden_states": trace.hidden_states, **trace.weights}
    if trace.cell_states is not None:
        arrays["cell_states"] = trace.cell_states
    arrays |= {f"gate_{name}": values for name, values in trace.gates.items()}
    return arrays | {"output": trace.main_output}


def notebook(source: str) -> str:
    """A Jupyter notebook (format 4.5) with `source` as its one cell."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "seqviz",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False
    )


def proof(slot: Any, difference: float, what: str = BY_STEP, *, largest: float = 1.0) -> None:
    """Say under the picture how far it is from Keras's own forward pass.

    Args:
        slot: Where to say it.
        difference: The largest one between two numbers.
        what: What was computed, and how.
        largest: Of the numbers compared, see `largest_of`: float32 has seven digits, so beside
            large ones a difference is large too.
    """
    if not np.isfinite(largest):
        note(
            ":material/warning: The numbers are too large for float32, in Keras as in the picture: "
            "from there on they are infinite, or not a number.",
            slot,
        )
        return
    how = "bit for bit" if difference == 0 else f"within {scientific(difference)}"
    if difference and largest >= _LARGE:
        how = f"within {scientific(difference / largest)} of the largest number ({largest:.2g})"
    note(
        f":material/verified: {what}: equal to Keras {how}. "
        "Blue is negative, red positive; each kind of box has its own scale.",
        slot,
    )


def largest_of(traces: Iterable[RecurrentTrace]) -> float:
    """The largest number of all that the states were made of; not finite where one is not."""
    arrays = [
        array
        for trace in traces
        for array in (*trace.states, *trace.pre_activations.values())
        if array.size
    ]
    return float(np.max([np.abs(array).max() for array in arrays]))


def scientific(number: float) -> str:
    """`scientific(6e-8)` is ``6 × 10⁻⁸``, on one line."""
    mantissa, exponent = f"{number:.0e}".split("e")
    superscript = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa}\u00a0×\u00a010{superscript}"


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **{name.replace("/", "."): value for name, value in arrays.items()})  # type: ignore[arg-type]
    return out.getvalue()


class _MemoryFile(io.BytesIO):
    """A file in memory with a name, from which Keras tells the format."""

    def __str__(self) -> str:
        return "model.weights.h5"


def _keras_file(model: Any) -> bytes:
    """The model as `model.save` writes it, but on a disk that is full or read-only too.

    Keras makes a temporary folder for it; the three files of the format need none.
    """
    import keras

    weights = _MemoryFile()
    model.save_weights(weights)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": keras.__version__}))
        archive.writestr("config.json", json.dumps(keras.saving.serialize_keras_object(model)))
        archive.writestr(str(weights), weights.getvalue())
    return out.getvalue()
