"""Plurals, subscripts and named words, as every sentence writes them."""

from collections.abc import Sequence

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(symbol: str, index: int) -> str:
    """`subscript("h", 12)` is ``h₁₂``."""
    return symbol + str(index).translate(_SUBSCRIPTS)


def counted(number: int, noun: str) -> str:
    """`counted(1, "call")` is ``1 call``, `counted(2000, "call")` ``2,000 calls``, of a class ``2 classes``."""
    return f"{number:,} {noun}{'' if number == 1 else 'es' if noun.endswith('s') else 's'}"


def first_of(words: Sequence[str], place: int) -> str:
    """`first_of(["not", "so", "Not"], 0)` is ``the first `` (“not”); of a word that stands there once, nothing."""
    several = [word.casefold() for word in words].count(words[place].casefold()) > 1
    return "the first " if several else ""


def named(token: str, id_: int) -> str:
    """A word with its id; an id that was typed as such is not said twice."""
    return token if token == f"id {id_}" else f"“{token}” (id {id_})"
