"""A trace as JSON and arrays apart from it, and back. No pickle: nothing in it can be run.

What JSON knows stands for itself; everything else is an object with one telling key:

- ``{"array": "7", "dtype": "<f4", "shape": [2, 3]}``: that array, which is stored elsewhere,
- ``{"objects": […], "shape": [2]}``: an array of Python objects, as text comes out of Keras,
- ``{"scalar": …}``: a NumPy scalar, as an array without dimensions,
- ``{"float": "7ff8000000000000"}``: one that JSON has no number for, by its bits,
- ``{"list": […]}``, ``{"tuple": […]}``, ``{"dict": [[key, value], …]}``, ``{"bytes": "…"}``,
- ``{"record": "LayerTrace", "fields": {…}}``.
"""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace.records import ARRAYS, EmbeddingTrace, LayerTrace, RecurrentTrace
from seqviz.trace.whole import Trace

Json: TypeAlias = Any

_RECORDS: Final = {kind.__name__: kind for kind in (EmbeddingTrace, LayerTrace, RecurrentTrace)}
_PLAIN: Final = (type(None), bool, int, float, str)


class Writer:
    """Makes JSON of values, and keeps their arrays by the names that the JSON has for them.

    Raises:
        SeqvizError: In each method: a value is neither an array nor a number or text, nor a list,
            tuple or dict of these; the message says where it is.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        # An array that stands in two places is stored once, and is one array again later.
        self._known: dict[int, Json] = {}
        self._kept: list[Array] = []  # so that no other array gets the id of one of these

    def trace(self, trace: Trace) -> Json:
        """A whole trace."""
        return {
            "layers": [[key, self.encode(record, key)] for key, record in trace.layers.items()],
            "inputs": self.encode(trace.inputs, "the model's inputs"),
            "output": self.encode(trace.output, "the model's output"),
            "aliases": dict(trace.aliases),
        }

    def encode(self, value: Any, where: str) -> Json:
        """Any value; `where` it is, for a message."""
        if isinstance(value, np.generic):
            return {"scalar": self._array(np.asarray(value), where)}
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": struct.pack(">d", value).hex()}
        if type(value) in _PLAIN:
            return value
        if type(value) is np.ndarray:
            if id(value) not in self._known:
                self._known[id(value)] = self._array(value, where)
                self._kept.append(value)
            return self._known[id(value)]
        if type(value) in _RECORDS.values():
            return self._record(value, where)
        if isinstance(value, bytes):
            return {"bytes": value.decode("latin-1")}
        if isinstance(value, Mapping):
            pairs = [[self.encode(k, where), self.encode(v, where)] for k, v in value.items()]
            return {"dict": pairs}
        if isinstance(value, list | tuple):
            kind = "list" if isinstance(value, list) else "tuple"
            return {kind: [self.encode(part, where) for part in value]}
        raise SeqvizError(
            f"{where!r} holds {type(value).__name__}, which cannot be saved: only arrays, numbers "
            "and text, and lists, tuples and dicts of these can. Save the records of the other "
            "layers: Trace({key: record, …}).save(path)."
        )

    def _record(self, record: Any, where: str) -> Json:
        _check_record(record, where)
        values = {
            field.name: self.encode(getattr(record, field.name), where) for field in fields(record)
        }
        return {"record": type(record).__name__, "fields": values}

    def _array(self, array: Array, where: str) -> Json:
        shape = list(array.shape)
        if array.dtype == object:
            return {"objects": [self.encode(one, where) for one in array.flat], "shape": shape}
        name, stored, dtype = str(len(self.arrays)), array, array.dtype.str
        if not _is_numpys_own(array.dtype):
            dtype = array.dtype.name
            if _foreign(dtype) != array.dtype:
                raise SeqvizError(f"{where!r} holds an array of {dtype}, which cannot be saved.")
            stored = array.view(f"u{array.dtype.itemsize}")
        self.arrays[name] = stored
        return {"array": name, "dtype": dtype, "shape": shape}


class Reader:
    """Makes values of what a `Writer` made.

    Args:
        array: Gives an array by its name; it has this dtype and shape.

    Raises:
        SeqvizError, ValueError, KeyError, TypeError: In each method: it is not what a `Writer`
            makes.
    """

    def __init__(self, array: Callable[[str, str, tuple[int, ...]], Array]) -> None:
        self._array = array
        self._known: dict[tuple[str, str], Array] = {}

    def trace(self, json: Json) -> Trace:
        """A whole trace."""
        layers = {}
        for key, encoded in json["layers"]:
            layers[key] = self.decode(encoded)
            if not isinstance(key, str) or type(layers[key]) not in _RECORDS.values():
                raise ValueError(f"{key!r} is no record of a layer")
        check_type("aliases", json["aliases"], dict[str, str])
        return Trace(
            layers, self.decode(json["inputs"]), self.decode(json["output"]), json["aliases"]
        )

    def decode(self, json: Json) -> Any:
        """Any value."""
        if type(json) in _PLAIN:
            return json
        match json:
            case {"array": str(name), "dtype": str(dtype), "shape": list(shape)}:
                return self._stored(name, dtype, tuple(shape))
            case {"float": str(bits)}:
                return struct.unpack(">d", bytes.fromhex(bits))[0]
            case {"scalar": encoded}:
                return self.decode(encoded)[()]
            case {"objects": list(parts), "shape": list(shape)}:
                return self._objects(parts, tuple(shape))
            case {"list": list(parts)}:
                return [self.decode(part) for part in parts]
            case {"tuple": list(parts)}:
                return tuple(self.decode(part) for part in parts)
            case {"dict": list(pairs)}:
                return {self.decode(key): self.decode(value) for key, value in pairs}
            case {"bytes": str(text)}:
                return text.encode("latin-1")
            case {"record": str(kind), "fields": dict(values)}:
                record = _RECORDS[kind](**{n: self.decode(v) for n, v in values.items()})
                _check_record(record, kind)
                return record
        raise ValueError(f"{str(json)[:80]} is nothing that is stored")

    def _stored(self, name: str, dtype: str, shape: tuple[int, ...]) -> Array:
        if (name, dtype) not in self._known:
            foreign = _foreign(dtype)
            if foreign is None:
                array = self._array(name, dtype, shape)
            else:
                array = self._array(name, np.dtype(f"u{foreign.itemsize}").str, shape).view(foreign)
            self._known[name, dtype] = array
        array = self._known[name, dtype]
        if array.shape != shape:
            raise ValueError(f"array {name} is asked for in two shapes")
        return array

    def _objects(self, parts: list[Json], shape: tuple[int, ...]) -> Array:
        if math.prod(shape) != len(parts):
            raise ValueError(f"{len(parts)} objects are given for the shape {shape}")
        array = np.empty(len(parts), object)
        for index, part in enumerate(parts):
            array[index] = self.decode(part)
        return array.reshape(shape)


def _is_numpys_own(dtype: np.dtype) -> bool:
    """Whether NumPy knows a type by how a file names it."""
    try:
        return np.dtype(dtype.str) == dtype
    except TypeError:
        return False


def _foreign(name: str) -> np.dtype | None:
    """A type that ml_dtypes adds to NumPy, such as ``bfloat16``; None if it is not one of these."""
    if not name.isidentifier():  # as "<f4"
        return None
    try:
        import ml_dtypes
    except ImportError as error:
        raise SeqvizError(
            f"The trace holds an array of {name}, which NumPy does not know by itself. "
            "Hint: pip install ml_dtypes."
        ) from error
    try:
        dtype = np.dtype(getattr(ml_dtypes, name, None) or "invalid")
    except TypeError:
        return None
    return None if _is_numpys_own(dtype) else dtype


def _check_record(record: Any, where: str) -> None:
    """Raise SeqvizError if a field of a record is of another type than it is declared with."""
    for name, hint in get_type_hints(type(record)).items():
        value = getattr(record, name)
        if value is not None or name not in ARRAYS:
            check_type(f"{name} of {where!r}", value, hint)


def check_type(what: str, value: Any, hint: Any) -> None:
    """Raise SeqvizError if a value is of another type than this, its parts included."""
    if not _fits(value, hint):
        raise SeqvizError(f"{what} is {type(value).__name__}, but it must be {hint}.")


def _fits(value: Any, hint: Any) -> bool:
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind is Any:
        return True
    if kind in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if kind is dict:
        return all(_fits(k, parts[0]) and _fits(v, parts[1]) for k, v in value.items())
    return kind is not tuple or all(_fits(part, parts[0]) for part in value)
