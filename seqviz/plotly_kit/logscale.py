"""Norms that span many orders of magnitude, on a scale of powers of ten."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.plotly_kit.palette import Palette
from seqviz.readout.numbers import power_of_ten

# For an axis of few powers, as who reads no exponents says them.
_PLAIN = {2: "100", 1: "10", 0: "1", -1: "1/10", -2: "1/100", -3: "1/1,000", -4: "1/10,000"}
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

    @property
    def apart(self) -> int:
        """Powers of ten from a tick of the axis to the next."""
        return max(math.ceil((self.high - self.low) / _MOST_TICKS), 1)

    def heights(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Where each value stands: its exponent; the bottom for zero, the top for infinity."""
        with np.errstate(divide="ignore"):
            exponents = np.log10(np.asarray(values, "float64"))
        return np.clip(np.nan_to_num(exponents, nan=self.high), self.low, self.high)

    def axis(self, domain: tuple[float, float], palette: Palette, **more: Any) -> dict[str, Any]:
        """The axis, as Plotly takes it."""
        # Counted from 1 = 10⁰, so that it has a tick whenever it is in range.
        ticks = [e for e in range(self.low, self.high + 1) if e % self.apart == 0]
        return {
            "domain": list(domain),
            "range": [self.low - 0.2, self.high + 0.2],
            "tickvals": ticks,
            "ticktext": _in_words(ticks),
            "tickfont": {"size": 12, "color": palette.text},
            "ticks": "",
            "gridcolor": _GRID,
            "zeroline": False,
            "fixedrange": True,
            **more,
        }


def _in_words(ticks: Sequence[int]) -> list[str]:
    """Powers of ten, all of them written in one way."""
    if _PLAIN.keys() >= set(ticks):
        return [_PLAIN[e] for e in ticks]
    return [power_of_ten(e) if e else "1" for e in ticks]


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
