"""Norms that span many orders of magnitude, on a scale of powers of ten."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.plotly_kit.palette import Palette

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GRID = "rgba(128,128,128,0.3)"
_MOST_TICKS = 7
_LEAST_DECADES = 2


class LogScale(NamedTuple):
    """Powers of ten from `low` to `high`; what is zero or infinite stands at an end.

    A plain axis of exponents rather than Plotly's log axis: shapes and bars then need no logs of
    their own, and zero has a place.
    """

    low: int
    high: int

    def heights(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Where each value stands: its exponent; the bottom for zero, the top for infinity."""
        with np.errstate(divide="ignore"):
            exponents = np.log10(np.asarray(values, "float64"))
        return np.clip(np.nan_to_num(exponents, nan=self.high), self.low, self.high)

    def axis(self, domain: tuple[float, float], palette: Palette, **more: Any) -> dict[str, Any]:
        """The axis, as Plotly takes it."""
        apart = math.ceil((self.high - self.low) / _MOST_TICKS)
        # Counted from 1 = 10⁰, so that it has a tick whenever it is in range.
        ticks = [e for e in range(self.low, self.high + 1) if e % apart == 0]
        return {
            "domain": list(domain),
            "range": [self.low - 0.2, self.high + 0.2],
            "tickvals": ticks,
            "ticktext": [f"10{str(e).translate(_SUPERSCRIPTS)}" if e else "1" for e in ticks],
            "tickfont": {"size": 12, "color": palette.text},
            "ticks": "",
            "gridcolor": _GRID,
            "zeroline": False,
            "fixedrange": True,
            **more,
        }


def log_scale(*values: NDArray[np.floating] | None) -> LogScale:
    """The powers of ten that hold all of `values` that are finite and not zero."""
    given = [_exponents(array) for array in values if array is not None]
    exponents = np.concatenate([np.empty(0), *given])
    if not exponents.size:
        return LogScale(-_LEAST_DECADES, 0)
    low, high = math.floor(exponents.min()), math.ceil(exponents.max())
    return LogScale(min(low, high - _LEAST_DECADES), high)


def _exponents(values: Iterable[float]) -> NDArray[np.floating]:
    array = np.asarray(values, "float64")
    return np.log10(array[np.isfinite(array) & (array > 0)])
