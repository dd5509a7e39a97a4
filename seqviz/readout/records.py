"""What a picture is made of: one record of a trace, and one sample of its batch."""

import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.trace import RecurrentTrace
from seqviz.trace.only import closed_hint, only

Kind = TypeVar("Kind")
Made = TypeVar("Made")
Arguments = ParamSpec("Arguments")


def computed(
    data: Any,
    kind: type[Kind],
    compute: Callable[..., Made],
    made: type[Made],
    sample: int | None,
    *,
    fits: Callable[[Kind], bool] = lambda record: True,
) -> Made:
    """What a picture is drawn from, made of whatever it was given.

    Args:
        data: A whole trace, one record, or what `compute` returns.
        kind: Class of the records that can be drawn, such as `RecurrentTrace`.
        compute: Makes of such a record what is drawn.
        made: Class of that.
        sample: Which sequence of the batch; the first if None.
        fits: Tells among several records of a trace those that can be drawn.

    Raises:
        SeqvizError: The trace has no such record, or several, or this is something else.
    """
    if isinstance(data, made):
        return of_one_sample(data, sample)
    record = record_of(data, kind, fits=fits)
    return compute(record, sample=sample_to_draw(record, sample))


def of_one_sample(data: Made, sample: int | None) -> Made:
    """What was computed of one sample already; SeqvizError if another is asked for."""
    if sample is not None:
        raise SeqvizError(
            f"sample is {sample!r}, but {type(data).__name__} holds one sample already. "
            "Hint: give sample to the function that made it, or give the picture the trace."
        )
    return data


def sample_to_draw(data: Any, sample: int | None) -> int:
    """The sample that was asked for; where none was, the first of a batch, which is said."""
    if sample is not None:
        return sample
    record = next(iter(data.values()), None) if isinstance(data, Mapping) else data
    batch = next(iter(getattr(getattr(record, "inputs", None), "shape", ())), 1)
    if batch > 1:
        warnings.warn(
            f"Sample 0 of a batch of {batch} is drawn. Give sample=, from 0 to {batch - 1}, for "
            "another, or sample=0 for this one without a warning.",
            stacklevel=4,
        )
    return 0


def record_of(
    data: Any, kind: type[Kind], *, fits: Callable[[Kind], bool] = lambda record: True
) -> Kind:
    """The one record of a kind: what was given, or the only such one of a whole trace.

    Raises:
        SeqvizError: It is of another kind, or kept in part, or the trace has none, or several.
    """
    if isinstance(data, Mapping):
        data = only(data, kind, fits=fits)
    if isinstance(data, kind):
        _check_whole(data)
        return data
    name = getattr(data, "name", "")
    what = f"the {type(data).__name__} of {name!r}" if name else f"{type(data).__name__}"
    raise SeqvizError(
        f"{kind.__name__} is needed, but {what} was given. Hint: {closed_hint(data, kind)}take such a "
        "record of what seqviz.capture returned, by its layer's name."
    )


def _check_whole(record: Any) -> None:
    """Raise SeqvizError if capture was told to keep a part of the record only."""
    needed = ("inputs", "hidden_states", "states", "initial_state", "vectors", "weights")
    # Asked for what it has not, a record would look for names that are like it.
    has = {field.name for field in fields(record)}
    missing = [name for name in needed if name in has and getattr(record, name) is None]
    if missing:
        raise SeqvizError(
            f"{record.name!r} was captured without {', '.join(missing)}. Hint: leave record out of "
            "capture's arguments; layers alone keeps all of the layers that it names."
        )


def drawn_of(
    kind: type, by: str
) -> Callable[[Callable[Arguments, Made]], Callable[Arguments, Made]]:
    """Have a picture say what it is drawn from when its first argument is something else.

    Args:
        kind: Class of that argument.
        by: The function of `seqviz` that makes one.
    """

    def decorate(plot: Callable[Arguments, Made]) -> Callable[Arguments, Made]:
        @wraps(plot)
        def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Made:
            if args and not isinstance(args[0], kind):
                raise not_drawn_of(args[0], by)
            return plot(*args, **kwargs)

        return checked

    return decorate


def not_drawn_of(data: Any, by: str) -> SeqvizError:
    """The error for a picture that was given anything but what `by` returns."""
    return SeqvizError(
        f"This picture is drawn from what seqviz.{by} returns, but was given "
        f"{type(data).__name__}. Hint: call seqviz.{by} first."
    )


def check_trace(data: Any) -> None:
    """Raise SeqvizError if this is not a whole trace, by whose keys layers can be told apart."""
    if not isinstance(data, Mapping):
        raise SeqvizError(
            f"A whole trace is needed, but {type(data).__name__} was given. "
            "Hint: give all that seqviz.capture returned, not one of its records."
        )


def check_index(what: str, index: Any, count: int) -> int:
    """The index as an int, of which there are `count`.

    Raises:
        SeqvizError: It is no whole number, or there is no such one.
    """
    try:
        number = None if isinstance(index, bool | np.bool_) else operator.index(index)
    except TypeError:
        number = None
    if number is None or not 0 <= number < count:
        raise SeqvizError(
            f"There is no {what} {repr(index) if number is None else number} in this trace: it holds {count}. "
            f"Hint: {what}s count from 0 to {count - 1}."
        )
    return number


def check_sample(sample: Any, batch: int) -> int:
    """The sample as an int; SeqvizError if a batch has no such one."""
    return check_index("sample", sample, batch)


def skipped_steps(trace: RecurrentTrace, sample: int) -> NDArray[np.bool_]:
    """`(timesteps,)`, in the order of processing: steps that the mask told the layer to skip."""
    if trace.mask is None:
        return np.zeros(len(trace.timesteps), bool)
    return ~trace.mask[sample, trace.timesteps].astype(bool)
