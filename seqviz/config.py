"""A validated, hashable description of a model: ids → Embedding → recurrent layers → head."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import wraps
from operator import index
from typing import Any, TypeVar

from seqviz.errors import SeqvizError

# What Keras calls a layer of each class that is given no name.
LAYER_NAMES = {"SimpleRNN": "simple_rnn", "GRU": "gru", "LSTM": "lstm"}
CELLS = tuple(LAYER_NAMES)
HEADS = ("none", "dense", "time_distributed")
_SIZES = ("vocab_size", "embedding_dim", "classes")
_FLAGS = (
    "return_sequences",
    "return_state",
    "bidirectional",
    "go_backwards",
    "mask_zero",
    "use_bias",
    "unit_forget_bias",
    "reset_after",
)
_NAMES = {  # with an example of each
    "embeddings_initializer": "uniform",
    "activation": "tanh",
    "head_activation": "softmax",
    "recurrent_activation": "sigmoid",
    "kernel_initializer": "glorot_uniform",
    "recurrent_initializer": "orthogonal",
}
# What Keras's layers, and other libraries, call the same.
_OTHER_NAMES = {
    "input_dim": "vocab_size",
    "num_embeddings": "vocab_size",
    "output_dim": "embedding_dim",
    "hidden_size": "units",
    "hidden_dim": "units",
    "num_classes": "classes",
}

_Config = TypeVar("_Config")


def names_checked(config: type[_Config]) -> type[_Config]:
    """Have a dataclass say which fields there are where it is given one that it has not."""
    init: Any = config.__init__
    names = [field.name for field in fields(config)]  # type: ignore[arg-type]

    @wraps(init)
    def checked(self: _Config, *values: Any, **named: Any) -> None:
        for name in named:
            if name not in names:
                near = [_OTHER_NAMES.get(name), *get_close_matches(name, names, n=1)]
                found = next((n for n in near if n in names), None)
                hint = f"Did you mean {found}?" if found else f"It has {', '.join(names)}."
                raise SeqvizError(
                    f"{config.__name__} was given {name}, which it does not have. {hint}"
                )
        init(self, *values, **named)

    made: Any = config
    made.__init__ = checked
    return config


@names_checked
@dataclass(frozen=True)
class ModelConfig:
    """What `seqviz.build_model` builds. Equal configs give bitwise equal weights.

    Lists and NumPy numbers are accepted and stored as tuples and ints, so a config can always
    serve as a cache key.

    Attributes:
        vocab_size: Rows of the embedding table: the largest id + 1 (Keras's `input_dim`).
        embedding_dim: Length of a word's vector (Keras's `output_dim`).
        cell: `"SimpleRNN"`, `"GRU"` or `"LSTM"`.
        units: Width of each stacked recurrent layer, the first one first; an int means one layer.
        return_sequences: Of the last recurrent layer. Those below it always return sequences.
        return_state: Of the last recurrent layer. The model then returns a list: what the head
            (or the layer) returned, and the final states.
        bidirectional: Wrap every recurrent layer in `Bidirectional`.
        go_backwards: Of every recurrent layer.
        mask_zero: Of the embedding: id 0 is padding, and steps that read it are skipped.
        head: `"none"`, `"dense"` (to `classes` numbers, on every timestep if it is given a
            sequence, as in Keras), or `"time_distributed"` (the same inside `TimeDistributed`).
        classes: Width of the head; unused without one.
        seed: Seed of every initial weight.
        embeddings_initializer: Name of a Keras initializer for the embedding table.
        activation: Name of a Keras activation for the state (and candidate) of every cell.
        head_activation: Name of a Keras activation for the head; unused without one.
        recurrent_activation: Name of a Keras activation for the gates of a GRU or an LSTM.
        use_bias: Whether every recurrent layer has a bias.
        unit_forget_bias: Of every LSTM: the forget gate's bias starts at 1.
        reset_after: Of every GRU: the reset gate acts after the product with the recurrent
            kernel, which then has a bias of its own.
        kernel_initializer: Name of a Keras initializer for the kernel of every recurrent layer.
        recurrent_initializer: The same for its recurrent kernel.

    Raises:
        SeqvizError: If there is no such field, a value is not what is said above, or two do not go
            together:
            `time_distributed` needs `return_sequences`, and `Bidirectional` takes no layer that
            goes backwards already.
    """

    vocab_size: int = 50
    embedding_dim: int = 2
    cell: str = "SimpleRNN"
    units: tuple[int, ...] = (4,)
    return_sequences: bool = False
    return_state: bool = False
    bidirectional: bool = False
    go_backwards: bool = False
    mask_zero: bool = False
    head: str = "none"
    classes: int = 4
    seed: int = 0
    embeddings_initializer: str = "uniform"
    activation: str = "tanh"
    head_activation: str = "softmax"
    recurrent_activation: str = "sigmoid"
    use_bias: bool = True
    unit_forget_bias: bool = True
    reset_after: bool = True
    kernel_initializer: str = "glorot_uniform"
    recurrent_initializer: str = "orthogonal"

    def __post_init__(self) -> None:
        store: Any = object.__setattr__  # the way to normalise the fields of a frozen dataclass
        for size in _SIZES:
            store(self, size, _integer(size, getattr(self, size), at_least=1))
        store(self, "seed", _integer("seed", self.seed, at_least=0))
        store(self, "units", _widths(self.units))
        for flag in _FLAGS:
            store(self, flag, _flag(flag, getattr(self, flag)))
        _one_of("cell", self.cell, CELLS)
        _one_of("head", self.head, HEADS)
        for name, example in _NAMES.items():
            value: Any = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise SeqvizError(
                    f"{name} is {value!r}, but it must be the name of what Keras calls so. "
                    f"Write for example {name}={example!r}."
                )
        if self.head == "time_distributed" and not self.return_sequences:
            raise SeqvizError(
                "head='time_distributed' was asked for with return_sequences=False, but "
                "TimeDistributed needs a sequence (batch, timesteps, features). "
                "Set return_sequences=True, or use head='dense'."
            )
        if self.bidirectional and self.go_backwards:
            raise SeqvizError(
                "bidirectional=True was asked for with go_backwards=True, but Bidirectional needs "
                "a layer that goes forwards, and makes the backward one itself. "
                "Set one of the two to False."
            )


def _integer(name: str, value: Any, *, at_least: int) -> int:
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or number < at_least:
        raise SeqvizError(
            f"{name} is {value!r}, but it must be an integer of {at_least} or more. "
            f"Write for example {name}={max(at_least, 4)}."
        )
    return number


def _widths(value: Any) -> tuple[int, ...]:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | dict | set)
    # A 0-d array claims to be iterable, and is not.
    widths = list(value) if several and getattr(value, "ndim", True) else [value]
    if not widths:
        raise SeqvizError(
            f"units is {value!r}, but it must be one width or more, one for each recurrent layer. "
            "Write for example units=(4,)."
        )
    return tuple(_integer("units", width, at_least=1) for width in widths)


def _flag(name: str, value: Any) -> bool:
    if type(value).__name__ not in ("bool", "bool_"):  # NumPy's bool prints as either
        raise SeqvizError(
            f"{name} is {value!r}, but it must be True or False. Write {name}=True or leave it out."
        )
    return bool(value)


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if isinstance(value, str) and value in choices:
        return
    near = [c for c in choices if isinstance(value, str) and c.lower() == value.lower()]
    hint = f"Did you mean {near[0]!r}?" if near else f"Write for example {name}={choices[0]!r}."
    raise SeqvizError(
        f"{name} is {value!r}, but it must be one of {', '.join(map(repr, choices))}. {hint}"
    )
