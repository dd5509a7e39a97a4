"""What a picture is made of: one record of a trace, and one sample of its batch."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.trace import AnyTrace, RecurrentTrace

Kind = TypeVar("Kind")
Made = TypeVar("Made")


def computed(
    data: Any,
    kind: type[Kind],
    compute: Callable[[Kind], Made],
    *,
    fits: Callable[[Kind], bool] = lambda record: True,
) -> Made:
    """What a picture is drawn from, made of whatever it was given.

    Args:
        data: A whole trace, one record, or what `compute` returns.
        kind: Class of the records that can be drawn, such as `RecurrentTrace`.
        compute: Makes of such a record what is drawn.
        fits: Tells among several records of a trace those that can be drawn.

    Raises:
        SeqvizError: The trace has no such record, or several, or this is a record of another kind.
    """
    if isinstance(data, Mapping):
        data = _only(data, kind, fits)
    if isinstance(data, kind):
        return compute(data)
    if isinstance(data, AnyTrace):
        raise SeqvizError(
            f"This picture is drawn of a {kind.__name__}, but was given the "
            f"{type(data).__name__} of {data.name!r}. Hint: take another record of the trace."
        )
    return cast("Made", data)


def _only(trace: Mapping[str, Any], kind: type[Kind], fits: Callable[[Kind], bool]) -> Kind:
    """The only record of a trace that can be drawn."""
    of_kind = {key: record for key, record in trace.items() if isinstance(record, kind)}
    fitting = {key: record for key, record in of_kind.items() if fits(record)} or of_kind
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    keys = list(fitting or trace)
    what = f"has {len(fitting)} records" if fitting else "has no record"
    hint = f"for example trace[{keys[0]!r}]" if fitting else "capture a model with such a layer"
    raise SeqvizError(
        f"This trace {what} that can be drawn here ({kind.__name__}), but exactly one is needed. "
        f"Its keys are {keys}. Hint: {hint}."
    )


def check_sample(sample: int, batch: int) -> None:
    """Raise SeqvizError if a batch has no such sample."""
    if not 0 <= sample < batch:
        raise SeqvizError(
            f"There is no sample {sample} in this trace: it holds {batch}. "
            f"Hint: samples count from 0 to {batch - 1}."
        )


def skipped_steps(trace: RecurrentTrace, sample: int) -> NDArray[np.bool_]:
    """`(timesteps,)`, in the order of processing: steps that the mask told the layer to skip."""
    if trace.mask is None:
        return np.zeros(len(trace.timesteps), bool)
    return ~trace.mask[sample, trace.timesteps].astype(bool)
