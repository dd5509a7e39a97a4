"""What happens at each step of a picture, in one sentence: its twin for whoever cannot see it."""

import numpy as np

_MOST_ZEROS = 8
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(symbol: str, index: int) -> str:
    """`subscript("h", 12)` is ``h₁₂``."""
    return symbol + str(index).translate(_SUBSCRIPTS)


def counted(number: int, noun: str) -> str:
    """`counted(1, "call")` is ``1 call``, `counted(2000, "call")` ``2,000 calls``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def named(token: str, id_: int) -> str:
    """A word with its id; an id that was typed as such is not said twice."""
    return token if token == f"id {id_}" else f"“{token}” (id {id_})"


def number(value: float) -> str:
    """`number(0.000012)` is ``0.000012``, and of 1.2e-9 ``1.2e-9``: short, and zero is ``0``."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}".replace("inf", "infinity")
    text = f"{value:.2g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    if 0 < int(exponent) < 6:
        return f"{value:.0f}"
    return f"{mantissa}e{int(exponent)}"


def scientific(number: float) -> str:
    """`scientific(6e-8)` is ``6 × 10⁻⁸``, on one line; zero is ``0``."""
    if number == 0:
        return "0"
    mantissa, exponent = f"{number:.0e}".split("e")
    superscript = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa}\u00a0×\u00a010{superscript}"
