"""A matrix as a small static picture: inline SVG without scripts, for notebooks."""

from typing import Final

import numpy as np

from seqviz.array_types import Array, Bools

COLUMNS: Final = 40  # at most, and rows
ROWS: Final = 16
LEVELS: Final = 6  # of magnitude

# The diverging scale of the pictures. What is near zero lets the page's own background through, be
# it light or dark; the full hues have a contrast of 3:1 to either.
BELOW, ABOVE, STRANGE = "#3c88b8", "#d9624b", "#7f7f7f"
_CELL: Final = 10  # pixels


def heatmap(values: Array, skipped: Bools | None = None) -> str:
    """Draw the first numbers of a matrix.

    Args:
        values: ``(columns, rows)`` of real numbers.
        skipped: ``(columns,)``, those to be struck through.
    """
    shown = np.asarray(values[:COLUMNS, :ROWS], np.float64)
    width, height = shown.shape
    levels = _levels(shown)
    paths = [
        f'<path fill="{colour}" fill-opacity="{opacity:.2g}" d="{_cells(levels == level)}"/>'
        for level, colour, opacity in _scale()
        if (levels == level).any()
    ]
    struck = [] if skipped is None else np.flatnonzero(skipped[:width]).tolist()
    if struck:
        lines = "".join(f"M{x + 0.5:g} 0v{height}" for x in struck)
        paths.append(f'<path stroke="{STRANGE}" stroke-width=".15" d="{lines}"/>')
    frame = (
        f'<path fill="none" stroke="{STRANGE}" stroke-width=".08" d="M0 0h{width}v{height}H0z"/>'
    )
    return (
        f'<svg role="img" aria-label="heatmap" width="{width * _CELL}" height="{height * _CELL}" '
        f'viewBox="0 0 {width} {height}" shape-rendering="crispEdges">{"".join(paths)}{frame}</svg>'
    )


def _levels(values: Array) -> Array:
    """From -6 for the largest magnitude below zero to 6, and 7 for what is not finite."""
    finite = np.isfinite(values)
    largest = np.abs(values[finite]).max(initial=0) or 1
    shares = np.where(finite, values, 0) / largest
    levels = np.sign(shares) * np.ceil(np.abs(shares) * LEVELS)
    return np.where(finite, levels, LEVELS + 1).astype(int)


def _scale() -> list[tuple[int, str, float]]:
    """Each level but zero with its colour and how much of it there is."""
    magnitudes = range(1, LEVELS + 1)
    below = [(-level, BELOW, level / LEVELS) for level in magnitudes]
    above = [(level, ABOVE, level / LEVELS) for level in magnitudes]
    return [*below, *above, (LEVELS + 1, STRANGE, 1.0)]


def _cells(chosen: Bools) -> str:
    """Squares as one path."""
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in np.argwhere(chosen).tolist())
