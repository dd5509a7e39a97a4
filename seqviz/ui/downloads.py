"""What is to take home of a lesson, each file made when it is asked for."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from seqviz.readout.table import Table, to_csv
from seqviz.trace import EmbeddingTrace, RecurrentTrace
from seqviz.ui.markdown import note


def downloads(
    page: str,
    *,
    html: Callable[[], str],
    plotly_html: Callable[[], str],
    notebook: Callable[[], str],
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
        ("Picture (HTML, 0.1 MB)", "html", "text/html", ":material/movie:", html),
        (
            "Picture with Plotly (HTML, 5 MB)",
            "plotly.html",
            "text/html",
            ":material/zoom_in:",
            plotly_html,
        ),
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
            notebook,
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
        "Both HTML files play without a network; Plotly's can also be zoomed, and shows values where "
        "the mouse is. The address of this page is a link to exactly "
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
