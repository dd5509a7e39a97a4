"""The record of a kind in a trace."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from seqviz.cells import GATES
from seqviz.errors import SeqvizError
from seqviz.trace.names import listed
from seqviz.trace.records import LayerTrace, RecurrentTrace

Kind = TypeVar("Kind")


def only(
    trace: Mapping[str, Any],
    kind: type[Kind],
    *,
    fits: Callable[[Kind], bool] = lambda record: True,
) -> Kind:
    """The only record of a kind.

    Args:
        trace: Records by key.
        kind: Their class.
        fits: Tells among several of the kind those that are meant.

    Raises:
        SeqvizError: There is none, or there are several.
    """
    of_kind = _all(trace, kind)
    fitting = {key: record for key, record in of_kind.items() if fits(record)} or of_kind
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    keys = list(fitting or trace)
    what = f"has {len(fitting)} records" if fitting else "has no record"
    hint = f"take one, for example trace[{keys[0]!r}]" if fitting else ""
    closed = next(filter(None, (closed_hint(record, kind) for record in trace.values())), "")
    raise SeqvizError(
        f"This trace {what} of the kind {kind.__name__}, but exactly one is needed. "
        f"Its keys are {listed(keys)}. "
        f"Hint: {hint or closed + 'capture a model with such a layer'}."
    )


def of_kind(trace: Mapping[str, Any], key: str, kind: type[Kind]) -> Kind:
    """The record under a key, which must be of a kind.

    Raises:
        SeqvizError: There is nothing under the key (a KeyError too), or it is of another kind.
    """
    record = trace[key]
    if isinstance(record, kind):
        return record
    raise SeqvizError(
        f"{key!r} is the {type(record).__name__} of a layer of the class {record.layer!r}, but "
        f"{kind.__name__} is needed. Hint: {closed_hint(record, kind)}"
        f"such records of this trace are {listed(_all(trace, kind))}."
    )


def closed_hint(record: Any, kind: type) -> str:
    """What to do about a recurrent layer that Keras has run out of sight, if one is needed."""
    closed = isinstance(record, LayerTrace) and record.layer in GATES
    if not closed or kind is not RecurrentTrace:
        return ""
    return (
        f"{record.name!r} was run by Keras as a whole, as layers in half precision are, and layers "
        "that drop out while they are called with training=True; build it with dtype='float32'. "
        "Or "
    )


def _all(trace: Mapping[str, Any], kind: type[Kind]) -> dict[str, Kind]:
    return {key: record for key, record in trace.items() if isinstance(record, kind)}
