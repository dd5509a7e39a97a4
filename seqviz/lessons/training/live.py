"""Loss and accuracy while they come, as a small drawing that is sent again and again.

Streamlit shows it as a picture, so it knows no theme: its colours can be told on light and dark.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from seqviz.plotly_kit.palette import NOT_A_WORD, TOKENS

_WIDE, _HIGH, _APART = 300, 84, 40  # of a panel, and between two, in units of the drawing


def live_curves(history: Mapping[str, Sequence[float]], of: int) -> str:
    """An ``<svg>`` of the loss and one metric so far: what is learned solid, what is held out dotted.

    Args:
        history: Of each metric, its value after every epoch so far.
        of: Epochs that were asked for; as wide as the drawing is.
    """
    metric = next((n for n in history if n != "loss" and not n.startswith("val_")), None)
    shown = ["loss", *([metric] if metric else [])]
    panels = [_panel(history, name, of, k * (_WIDE + _APART)) for k, name in enumerate(shown)]
    wide, high = 2 * _WIDE + _APART, _HIGH + 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -16 {wide} {high}" width="{wide}" '
        f'height="{high}" fill="none" stroke="{TOKENS[0]}" font-family="sans-serif" '
        f'font-size="13">{"".join(panels)}</svg>'
    )


def live_text(history: Mapping[str, Sequence[float]]) -> str:
    """The last numbers, for whoever cannot see the drawing."""
    shown = [name for name in history if not name.startswith("val_") and history[name]]
    return ", ".join(f"{name.replace('_', ' ')} {history[name][-1]:.3f}" for name in shown)


def _panel(history: Mapping[str, Sequence[float]], name: str, of: int, left: int) -> str:
    pairs = [
        (history.get(name, ()), ""),
        (history.get(f"val_{name}", ()), ' stroke-dasharray="2 4"'),
    ]
    known = [v for values, _ in pairs for v in values if np.isfinite(v)]
    top = 1.0 if "accuracy" in name else max([*known, 1e-9])
    lines = "".join(
        f'<polyline stroke-width="2"{dash} points="{_points(values, of, top, left)}"/>'
        for values, dash in pairs
        if len(values)
    )
    title = f"{name.replace('_', ' ')} 0 – {top:.3g}"
    return (
        f'<text x="{left}" y="-4" stroke="none" fill="{NOT_A_WORD}">{escape(title)}</text>'
        f'<path stroke="{NOT_A_WORD}" d="M{left} 0V{_HIGH}H{left + _WIDE}"/>{lines}'
    )


def _points(values: Sequence[float], of: int, top: float, left: int) -> str:
    return " ".join(
        f"{left + _WIDE * k / max(of, 1):.1f},{_HIGH * (1 - min(v, top) / top):.1f}"
        for k, v in enumerate(values, 1)
        if np.isfinite(v)
    )
