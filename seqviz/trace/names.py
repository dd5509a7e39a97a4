"""Names that a trace, a record or its gates do not have: errors that say which there are."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from seqviz.array_types import Array
from seqviz.errors import NoSuchKeyError
from seqviz.trace.summary import write_arrays


class ByName(dict[str, Array]):
    """Arrays by name, that say which there are when asked for another.

    Attributes:
        what: What one of them is: ``"gate of this LSTM"``.
    """

    def __init__(self, arrays: Mapping[str, Array], what: str) -> None:
        super().__init__(arrays)
        self.what = what

    def __missing__(self, key: object) -> Array:
        there = f"They are {listed(self)}." if self else "It has none."
        raise NoSuchKeyError(f"{key!r} is no {self.what}. {there}{did_you_mean(key, self)}")

    def __repr__(self) -> str:
        return write_arrays(self)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


def listed(names: Iterable[str], most: int = 20) -> str:
    """Names as a list, not too many of them."""
    every = list(names)
    more = f", … and {len(every) - most:,} more" if len(every) > most else ""
    return f"[{', '.join(map(repr, every[:most]))}{more}]"


def did_you_mean(name: object, names: Iterable[str]) -> str:
    """`` Did you mean 'forget'?``, if one of `names` begins or is written much like `name`."""
    every, wanted = list(names), str(name)
    begin = [other for other in every if wanted and other.startswith(wanted)]
    close = begin or get_close_matches(wanted, every, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
