"""Results that are kept, as many as fit into so many bytes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Set
from typing import Any, Final

import numpy as np

_OF_ALL: Final = 4  # the largest result that is kept takes a fourth of all


class Shelf:
    """What was used last, within a bound.

    The module's that makes it, not Streamlit's: no message of a browser empties it.

    Args:
        most: Bytes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    def find(self, key: Hashable) -> tuple[Any] | None:
        """What was kept under a key, in a tuple of its own."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][:1]

    def keep(self, key: Hashable, result: Any) -> None:
        """Keep a result for as long as there is room; one that would take most of it is not."""
        size = bytes_of(result)
        with self._lock:
            self._drop(key)
            if size * _OF_ALL > self._most:
                return
            self._kept[key] = result, size
            self._bytes += size
            while self._bytes > self._most:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Keep nothing of what there is."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        _, size = self._kept.pop(key, (None, 0))
        self._bytes -= size


def bytes_of(value: Any) -> int:
    """About how much memory a value takes: its arrays, texts and numbers, each object once."""
    seen: set[int] = set()
    waiting, size = [value], 0
    while waiting:
        item = waiting.pop()
        if id(item) in seen or isinstance(item, type):
            continue
        seen.add(id(item))
        if isinstance(item, np.ndarray):
            if isinstance(item.base, np.ndarray):  # which stays, however little is seen of it
                waiting.append(item.base)
            else:
                size += max(sys.getsizeof(item), item.nbytes)
            continue
        size += sys.getsizeof(item)
        if isinstance(item, Mapping):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, tuple | list | Set):
            waiting += item
        elif not isinstance(item, str | bytes | int | float | complex):
            waiting += getattr(item, "__dict__", {}).values()
            for kind in type(item).__mro__:
                slots = vars(kind).get("__slots__", ())
                names = (slots,) if isinstance(slots, str) else slots
                waiting += [getattr(item, name) for name in names if hasattr(item, name)]
    return size
