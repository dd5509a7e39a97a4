"""What of a pass is kept: which layers, and which of their arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace import AnyTrace, EmbeddingTrace
from seqviz.trace.records import ARRAYS

# What every record calls so, and an EmbeddingTrace otherwise.
_OF_EMBEDDING = {"inputs": "ids", "output": "vectors"}


class Selection:
    """The layers and arrays that a user asked for; None means all.

    Args:
        layers: Keys of the trace.
        record: Names of arrays in its records.

    Raises:
        SeqvizError: If one of them is no collection of names, or there is no such array.
    """

    def __init__(self, layers: Any = None, record: Any = None) -> None:
        self._layers = _names("layers", layers, "lstm")
        self._arrays = _names("record", record, "hidden_states")
        unknown = sorted((self._arrays or frozenset()) - set(ARRAYS))
        if unknown:
            raise SeqvizError(
                f"record asks for {unknown[0]!r}, but no record has an array of that name. "
                f"There are {list(ARRAYS)}."
            )

    def keeps(self, spellings: Iterable[str]) -> bool:
        """Whether the layer of a key is kept, which may be spelt in several ways."""
        return self._layers is None or any(key in self._layers for key in spellings)

    def of(self, record: AnyTrace) -> AnyTrace:
        """The record with None, or an empty mapping, for what is not kept.

        What is kept holds nothing else in memory: it is copied out of an array of which not all is
        kept, as the gates are, which stand in one array with the sums below them.
        """
        if self._arrays is None:
            return record
        kept = set(self._arrays)
        if isinstance(record, EmbeddingTrace):
            kept |= {_OF_EMBEDDING[name] for name in kept & set(_OF_EMBEDDING)}
        values = {of.name: getattr(record, of.name) for of in fields(record) if of.name in ARRAYS}
        kept_values = {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in values.items()
            if name in kept
        }
        dropped: dict[str, Any] = {
            name: {} if isinstance(value, Mapping) else None
            for name, value in values.items()
            if name not in kept
        }
        return replace(record, **_by_themselves(kept_values), **dropped)

    def check_layers(self, keys: Iterable[str], aliases: Iterable[str]) -> None:
        """Raise SeqvizError if a layer was asked for that was not seen."""
        there = list(keys)
        unknown = sorted((self._layers or frozenset()) - {*there, *aliases})
        if unknown:
            raise SeqvizError(
                f"layers asks for {unknown[0]!r}, but no layer of that key was called. "
                f"There are {there}."
            )


def _by_themselves(values: Any) -> Any:
    """The same, with copies of those arrays whose memory is not kept as a whole."""
    arrays = {id(a): a for a in keras.tree.flatten(values) if isinstance(a, np.ndarray)}
    unused: dict[int, int] = {}  # bytes, by the array that has the memory
    for array in arrays.values():
        owner = _owner(array)
        unused[id(owner)] = unused.get(id(owner), owner.nbytes) - array.nbytes
    copies = {at: array.copy() for at, array in arrays.items() if unused[id(_owner(array))] > 0}
    return keras.tree.map_structure(lambda value: copies.get(id(value), value), values)


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _names(argument: str, value: Any, example: str) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, Iterable) and not isinstance(value, str):
        names = list(value)
        if all(isinstance(name, str) for name in names):
            return frozenset(names)
    raise SeqvizError(
        f"{argument} is {value!r}, but it must be a list of names, or None for all. "
        f"Write for example {argument}=[{example!r}]."
    )
