"""How a number is written: one function for each place that it may stand in.

None is ever a negative zero, such as -0.00: ``z`` in a format takes its sign away.
"""

import numpy as np

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def with_minus(text: str) -> str:
    """Digits with a real minus sign instead of a hyphen."""
    return text.replace("-", "−")


def whole(value: int) -> str:
    """`whole(-1234)` is ``−1,234``."""
    return with_minus(f"{value:,}")


def magnitude(value: float) -> str:
    """`magnitude(0.00012)` is ``0.00012``, and of 1.2e-9 ``1.2e-9``: short, and zero is ``0``."""
    if value == 0 or not np.isfinite(value):
        return f"{value:zg}".replace("inf", "infinity")
    text = f"{value:.2g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    if 0 < int(exponent) < 6:
        return f"{value:.0f}"
    return f"{mantissa}e{int(exponent)}"


def power(base: float, exponent: int) -> str:
    """`power(0.7, 19)` is ``0.7¹⁹``."""
    return with_minus(f"{base:g}") + str(exponent).translate(_SUPERSCRIPTS)


def power_of_ten(exponent: int) -> str:
    """`power_of_ten(-8)` is ``10⁻⁸``."""
    return power(10, exponent)


def scientific(value: float) -> str:
    """`scientific(6e-8)` is ``6 × 10⁻⁸``, on one line; zero is ``0``."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}\u00a0×\u00a0{power_of_ten(int(exponent))}"


def distance(value: float) -> str:
    """`distance(0.25)` is ``0.2500``, and what these digits would hide ``6 × 10⁻⁸``."""
    return scientific(value) if value < 1e-4 else f"{value:.4f}"


def in_formula(value: float) -> str:
    """A number as it is written in a formula: ``−0.0412``, ``1``, ``1.0e−7``, ``∞``."""
    if not np.isfinite(value):
        return "?" if np.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size in (0, 1):
        return with_minus(f"{value:.0f}") if size else "0"
    exponent = size >= 10_000 or size < 1e-6
    return with_minus(f"{value:.1e}" if exponent else f"{value:.{4 if size >= 1e-4 else 6}f}")


def in_box(value: float) -> str:
    """A number with two decimals, for a box of a drawing."""
    if not np.isfinite(value) or abs(value) >= 1000:
        return in_formula(value)
    return with_minus(f"{value:z.2f}")


def in_strip(value: float) -> str:
    """A number in as few characters as tell something, for a narrow cell."""
    if not np.isfinite(value) or abs(value) >= 100:
        return in_formula(value)
    return with_minus(f"{value:z.{2 if abs(value) >= 0.1 or value == 0 else 3}f}")


def in_factor(value: float) -> str:
    """A factor of a product, by which the product can be checked: two digits that count."""
    return with_minus(magnitude(value)) if np.isfinite(value) else in_formula(value)


def in_cell(value: float, places: int) -> str:
    """`in_cell(-2.1e-05, 2)` is ``-2e-5``: as wide as -0.02, and not 0. NaN has no text.

    With a hyphen, as Plotly writes the numbers of a heatmap itself.
    """
    if np.isnan(value):
        return ""
    if value == 0 or abs(value) >= 0.5 * 10.0**-places:
        return f"{value:z.{places}f}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"
