"""What a notebook shows of a trace and of its records: static HTML, small whatever they hold."""

import re
from collections.abc import Mapping
from html import escape
from typing import Final

import numpy as np

from seqviz.array_types import Array, Bools
from seqviz.short_repr import values_range
from seqviz.trace.heatmap import COLUMNS, ROWS, heatmap
from seqviz.trace.records import AnyTrace, EmbeddingTrace, RecurrentTrace
from seqviz.trace.summary import Rows, layer_rows, title_of
from seqviz.wording import counted

_PICTURES: Final = 2  # of a whole trace, at most
_LENGTH: Final = 100  # characters of a cell of the table, at most
# Halves of a character, which no page can hold, and controls that turn text around.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def trace_html(layers: Mapping[str, AnyTrace]) -> str:
    """The layers of a trace with their shapes, and the states of the first recurrent ones."""
    recurrent = {k: r for k, r in layers.items() if isinstance(r, RecurrentTrace)}
    pictures = [_picture(record, f"{key}: ") for key, record in list(recurrent.items())[:_PICTURES]]
    return _block(f"Trace of {len(layers):,} layer calls", layer_rows(layers), pictures)


def record_html(record: AnyTrace, rows: Rows) -> str:
    """What a record holds, and its states or its output of the first sample as a heatmap."""
    return _block(title_of(record), rows, [_picture(record)])


def _block(title: str, rows: Rows, pictures: list[str]) -> str:
    lines = "".join(
        f'<tr><th style="text-align:left">{_text(name)}</th>'
        f'<td style="text-align:left">{_text(told)}</td></tr>'
        for name, told in rows
    )
    # The classes keep MathJax from reading names with dollar signs as formulas.
    return (
        f'<div class="tex2jax_ignore mathjax_ignore"><b>{_text(title)}</b>'
        f"<table>{lines}</table>{''.join(pictures)}</div>"
    )


def _picture(record: AnyTrace, before: str = "") -> str:
    """A heatmap under its caption; empty where there are no numbers of timesteps and units."""
    name, values, skipped = _shown(record)
    if values is None or values.dtype.kind not in "biufV":
        return ""
    try:
        drawn = heatmap(values, skipped)
    except (TypeError, ValueError):  # types that are no numbers
        return ""
    count, units = values.shape
    of_steps = (
        f"{counted(count, 'timestep')} →"
        if count <= COLUMNS
        else f"{COLUMNS} of {count:,} timesteps →"
    )
    of_units = f"{counted(units, 'unit')} ↓" if units <= ROWS else f"{ROWS} of {units:,} units ↓"
    struck = "; skipped steps are struck through" if skipped is not None and skipped.any() else ""
    caption = (
        f"{name} of sample 0, {of_steps}, {of_units}, {values_range(values[:COLUMNS, :ROWS])}: "
        f"blue below zero, red above{struck}"
    )
    return f'<div style="margin-top:.5em">{_text(before)}{escape(caption)}<br>{drawn}</div>'


def _shown(record: AnyTrace) -> tuple[str, Array | None, Bools | None]:
    """What of a record is drawn: its name, ``(timesteps, units)`` of the first sample, skipped."""
    if isinstance(record, RecurrentTrace):
        skipped = None if record.mask is None else ~record.mask[0, record.timesteps].astype(bool)
        return "hidden_states", _first(record.hidden_states), skipped
    if isinstance(record, EmbeddingTrace):
        mask = record.mask
        skipped = ~mask[0].astype(bool) if mask is not None and mask.ndim == 2 else None
        return "vectors", _first(record.vectors), skipped
    return "output", _first(record.output), None


def _first(values: object) -> Array | None:
    """The first sample; None where it is not ``(timesteps, units)`` or ``(units,)``."""
    if not isinstance(values, np.ndarray) or values.ndim not in (2, 3) or not values.size:
        return None
    return values[0].reshape(-1, values.shape[-1])


def _text(text: str) -> str:
    """Text that is only text, and not too long."""
    seen = _UNSEEN.sub("\ufffd", text)
    return escape(seen if len(seen) <= _LENGTH else seen[: _LENGTH - 1] + "…")
