"""After which epochs a training is looked at."""

from collections.abc import Iterable
from math import log10
from operator import index
from typing import Any, Final

from seqviz.errors import SeqvizError

_EACH: Final = 10  # so many first epochs are all kept
_A_DECADE: Final = 10  # of later ones, so many of each power of ten: Renard's series R10


def chosen_epochs(epochs: Any) -> frozenset[int] | None:
    """The epochs that a user asks for; None for ``"auto"``.

    Raises:
        SeqvizError: They are no whole numbers of 0 or more, or there are none.
    """
    if isinstance(epochs, str) and epochs == "auto":
        return None
    try:
        if isinstance(epochs, str | bytes) or not isinstance(epochs, Iterable):
            raise TypeError
        numbers = frozenset(_whole(epoch) for epoch in epochs)
    except TypeError:
        numbers = frozenset()
    if not numbers or min(numbers) < 0:
        raise SeqvizError(
            f"epochs is {epochs!r}, but it must be 'auto' or whole numbers of epochs done, 0 for "
            "before training. Write for example epochs=range(0, 101, 5)."
        )
    return numbers


def is_regular(epoch: int) -> bool:
    """Whether ``"auto"`` keeps an epoch whatever else comes: the first, then fewer and fewer."""
    if epoch <= _EACH:
        return True
    nearest = round(_A_DECADE * log10(epoch))
    return round(10 ** (nearest / _A_DECADE)) == epoch


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError
    return index(value)
