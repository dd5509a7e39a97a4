"""What TensorFlow has compiled to train with, lent again to whoever asks for its like."""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Reused(Generic[_T]):
    """Lends what was trained before, made new again; for several threads.

    For a small model TensorFlow writes the graph of a training step for longer than it then trains,
    and holds Python's lock meanwhile. Where the graph is the same, it need not be written again: the
    same variables take other values.

    Args:
        variables: All that a training changes, in the same order for all of one key.
        most: How many that nobody trains are kept.
    """

    def __init__(self, variables: Callable[[_T], Sequence[Any]], most: int) -> None:
        self._variables, self._most = variables, most
        self._idle: list[tuple[Hashable, _T]] = []
        self._lock = threading.Lock()

    def take(self, graph: Hashable, fresh: _T) -> _T:
        """One to train with, for this caller alone: one of the same graph, or the fresh one.

        Args:
            graph: All that is written into the graph.
            fresh: Untrained, with the values to begin from, none of which was trained with yet.
        """
        found = self.find(graph)
        if found is None:
            return fresh
        for old, new in zip(self._variables(found), self._variables(fresh), strict=True):
            old.assign(new)
        return found

    def find(self, graph: Hashable) -> _T | None:
        """One of the same graph, for this caller alone, with the values it was left with."""
        with self._lock:
            found = next((kept for kept in reversed(self._idle) if kept[0] == graph), None)
            if found is None:
                return None
            self._idle.remove(found)
            return found[1]

    def give_back(self, graph: Hashable, trained: _T, *, if_room: bool = False) -> None:
        """Keep one for the next who asks for its like.

        Args:
            graph: All that is written into its graph.
            trained: What is kept; where there is no room, instead of the one that was longest there.
            if_room: Whether it comes behind all others, and drives none out.
        """
        with self._lock:
            kept = (graph, trained)
            idle = [kept, *self._idle] if if_room else [*self._idle, kept]
            self._idle = idle[-self._most :]
