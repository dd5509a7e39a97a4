"""How a task is learned: the model's sizes and how it is trained, as one hashable value."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from typing import Any, Final

from seqviz.config import CELLS, names_checked
from seqviz.errors import SeqvizError
from seqviz.training.train import OPTIMIZERS


@names_checked
@dataclass(frozen=True)
class TaskSettings:
    """A model for a task of `seqviz.tasks`, and how it is trained.

    Equal settings on equal tasks give the same weights to the last bit, whatever else is trained at
    the same time. NumPy's numbers are taken and stored as Python's own.

    Attributes:
        cell: ``"SimpleRNN"``, ``"GRU"`` or ``"LSTM"``.
        units: Width of the state of each recurrent layer.
        embedding_dim: Length of a row; unused where a task reads numbers.
        layers: Recurrent layers on top of each other, 1 or 2.
        optimizer: One of `seqviz.training.train.OPTIMIZERS`, such as ``"Adam"`` or ``"SGD"``.
        learning_rate: Above 0.
        batch_size: Samples of a gradient step.
        epochs: Times that all samples are learned.
        clipping: The longest that a gradient may be (all weights together, Keras's
            ``global_clipnorm``): a longer one is made so long. None clips nothing.
        dropout: Share of what a recurrent layer reads that is set to 0 while it trains, from 0 to
            below 1.
        seed: Of the first weights, of the samples' order and of the dropout.

    Raises:
        SeqvizError: A value is not what is said above, or there is no such setting.
    """

    cell: str = "LSTM"
    units: int = 16
    embedding_dim: int = 8
    layers: int = 1
    optimizer: str = "Adam"
    learning_rate: float = 0.01
    batch_size: int = 32
    epochs: int = 20
    clipping: float | None = 1.0
    dropout: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        store: Any = object.__setattr__  # the way to normalise the fields of a frozen dataclass
        for name, choices in (("cell", CELLS), ("optimizer", tuple(OPTIMIZERS))):
            value = getattr(self, name)
            if not isinstance(value, str) or value not in choices:
                raise SeqvizError(
                    f"{name} is {value!r}, but it must be one of {', '.join(map(repr, choices))}. "
                    f"Write {name}={choices[-1]!r}."
                )
        for name in ("units", "embedding_dim", "layers", "batch_size", "epochs", "seed"):
            store(self, name, _whole(name, getattr(self, name)))
        if self.layers > 2:
            raise SeqvizError(f"layers is {self.layers}, but it must be 1 or 2. Write layers=2.")
        store(self, "learning_rate", _number("learning_rate", self.learning_rate))
        if self.clipping is not None:
            store(self, "clipping", _number("clipping", self.clipping))
        store(self, "dropout", _number("dropout", self.dropout, zero=True))
        if self.dropout >= 1:
            raise SeqvizError(
                f"dropout is {self.dropout}, but it must be below 1: at 1 nothing is left to read. "
                "Write for example dropout=0.2."
            )


# By which each task is learned in some seconds; anything else is as `TaskSettings` has it.
_DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sentiment": {"epochs": 16},
    "names": {"epochs": 12},
    "first word": {"epochs": 24, "batch_size": 64},
    "next character": {"epochs": 10, "units": 32},
    "series": {},
    "csv": {},
}


def default_settings(task: str, **changes: Any) -> TaskSettings:
    """Settings by which a task is learned in some seconds.

    Args:
        task: Its name, such as ``"sentiment"``.
        changes: Settings that are to be others.

    Raises:
        SeqvizError: There is no task of that name, or no such setting, or it is not what
            `TaskSettings` takes.
    """
    if task not in _DEFAULTS:
        raise SeqvizError(
            f"default_settings was given {task!r}, but it must be the name of a task: "
            f"{', '.join(map(repr, _DEFAULTS))}. Write default_settings(task.name)."
        )
    return TaskSettings(**{**_DEFAULTS[task], **changes})


def _whole(name: str, value: Any) -> int:
    try:
        number = -1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = -1
    least = 0 if name == "seed" else 1
    if number < least:
        raise SeqvizError(
            f"{name} is {value!r}, but it must be a whole number of {least} or more. "
            f"Write for example {name}={TaskSettings.__dataclass_fields__[name].default}."
        )
    return number


def _number(name: str, value: Any, *, zero: bool = False) -> float:
    try:
        number = float("nan") if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not (0 < number < float("inf") or (zero and number == 0)):
        least = "0 or more" if zero else "above 0"
        raise SeqvizError(
            f"{name} is {value!r}, but it must be a number {least}. "
            f"Write for example {name}={TaskSettings.__dataclass_fields__[name].default}."
        )
    return number
