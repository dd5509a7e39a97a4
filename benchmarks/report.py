"""What a measurement says, and whether it holds."""

from collections.abc import Sequence
from typing import NamedTuple

_NAME, _FIGURE = 66, 12


class Result(NamedTuple):
    """One figure, and the most it may be.

    Attributes:
        name: What was measured.
        figure: The result.
        budget: The most it may be; None for a figure that is only good to know.
        unit: Of both.
    """

    name: str
    figure: float
    budget: float | None
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is within its budget. Not a number is not."""
        return self.budget is None or self.figure <= self.budget

    def __str__(self) -> str:
        if self.budget is None:
            return f"{self.name:{_NAME}} {self._in_unit(self.figure):>{_FIGURE}}"
        return (
            f"{self.name:{_NAME}} {self._in_unit(self.figure):>{_FIGURE}} "
            f"{'≤ ' + self._in_unit(self.budget):>{_FIGURE}}  {'ok' if self.holds else 'NOT OK'}"
        )

    def _in_unit(self, number: float) -> str:
        digits = 0 if number == int(number) or abs(number) >= 1000 else 1
        if abs(number) < 10 and digits:
            digits = 3 if abs(number) < 0.1 else 2
        return f"{number:,.{digits}f}{' ' + self.unit if self.unit else ''}"


class Case(NamedTuple):
    """Several figures of one case, in one row.

    Attributes:
        name: What was measured.
        results: Its figures, by their names in the row.
    """

    name: str
    results: tuple[Result, ...]

    @property
    def holds(self) -> bool:
        """Whether every figure is within its budget."""
        return all(result.holds for result in self.results)

    def __str__(self) -> str:
        figures = (
            f"{r.name} {r.figure:5.2f} ≤ {r.budget} {'ok  ' if r.holds else 'over'}"
            for r in self.results
        )
        return f"{self.name:{_NAME}} {'  '.join(figures)}".rstrip()


def percentile(numbers: Sequence[float], percent: float) -> float:
    """The smallest of `numbers` that at least `percent` of them do not exceed."""
    ordered = sorted(numbers)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank) - 1, 0)]
