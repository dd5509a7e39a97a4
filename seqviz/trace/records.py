"""The records of a trace: what one call of a layer did."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import numpy as np

from seqviz.array_types import Bools, Floats, Ints
from seqviz.errors import NoSuchAttributeError, SeqvizError
from seqviz.short_repr import written
from seqviz.trace import summary
from seqviz.trace.names import ByName, did_you_mean

if TYPE_CHECKING:
    import pandas

    from seqviz.trace.frame import Tokens

# An array, or a list, tuple or dict of them, nested as the layer took or returned them.
Arrays: TypeAlias = Any


# What `capture(…, record=…)` may leave out of a record; all else in it is small, or tells how to read
# the rest.
ARRAYS: Final = (
    *("inputs", "output", "mask", "initial_state", "hidden_states", "cell_states", "states"),
    *("gates", "pre_activations", "weights", "ids", "vectors"),
)


class _Record:
    """What all records have in common."""

    if not TYPE_CHECKING:  # it would make a type checker accept every name

        def __getattr__(self, name: str) -> Any:
            if hasattr(type(self), name):  # a property failed: let it say why
                return object.__getattribute__(self, name)
            names = list(_public_names(type(self)))
            raise NoSuchAttributeError(
                f"{type(self).__name__} has no attribute {name!r}. It has {', '.join(names)}."
                + did_you_mean(name, names)
            )

    def to_frame(self, tokens: "Tokens | None" = None) -> "pandas.DataFrame":
        """A long table of pandas, one number a row.

        Its columns are `sample`; `timestep`, the one of the input that was read, from 0, or NA
        where the numbers have no timesteps; `token`, NA where none is known; `skipped`, whether
        the mask told the layer to pass over it: gates are then what the cell computed, states are
        carried over; `unit`; `variable`; and `value`. Rows are in the order of processing.

        `variable` is of an `Embedding` `vector`; of a recurrent layer `hidden_state`, `cell_state`
        and the name of each gate; of any other layer `output`, or `output[0]` and so on where it
        returns several.

        Args:
            tokens: The text of each timestep, padding included, of the one sample; of several
                samples a list for each.

        Raises:
            ImportError: pandas is not installed; ``pip install "seqviz[pandas]"`` brings it.
            SeqvizError: There are tokens of more or fewer samples.
        """
        from seqviz.trace.frame import record_frame

        return record_frame(cast("AnyTrace", self), tokens)

    def _rows(self) -> summary.Rows:
        return summary.record_rows(self, _values(self))

    def __repr__(self) -> str:
        return written(summary.title_of(self), self._rows())

    def _repr_html_(self) -> str:
        from seqviz.trace.html import record_html

        return record_html(cast("AnyTrace", self), self._rows())


@dataclass(frozen=True, eq=False, repr=False)
class LayerTrace(_Record):
    """One call of a layer that is shown from outside only.

    Attributes:
        inputs: What the layer was given: an array, or several in the structure of the call.
        output: What the layer returned, likewise.
        name: The layer's name in Keras.
        layer: The name of its class, for example `"Dense"`.
        outer_shape: Inside `TimeDistributed`, `(batch, outer timesteps)`, into which the first axis
            of every array unfolds; else empty.
    """

    inputs: Arrays
    output: Arrays
    name: str = ""
    layer: str = ""
    outer_shape: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class EmbeddingTrace(_Record):
    """One call of an `Embedding` layer: `vectors[b, t] == weights[ids[b, t]]`.

    Attributes:
        ids: `(batch, timesteps)`, the integers looked up, after Keras's own rounding to int.
        weights: `(vocab_size, embedding_dim)`, the table.
        vectors: `(batch, timesteps, embedding_dim)`, what the layer returned.
        mask: `(batch, timesteps)` of bool where `mask_zero=True` (False where the id is 0), else
            None.
        name: The layer's name in Keras.
        layer: The name of its class.
        outer_shape: Inside `TimeDistributed`, `(batch, outer timesteps)`, into which the first axis
            of every array unfolds; else empty.
    """

    ids: Ints
    weights: Floats
    vectors: Floats
    mask: Bools | None = None
    name: str = ""
    layer: str = "Embedding"
    outer_shape: tuple[int, ...] = ()

    @property
    def inputs(self) -> Ints:
        """The ids, under the name that every trace has."""
        return self.ids

    @property
    def output(self) -> Floats:
        """The vectors, under the name that every trace has."""
        return self.vectors


@dataclass(frozen=True, eq=False, repr=False)
class RecurrentTrace(_Record):
    """One call of a recurrent layer, opened: every state, every gate.

    Index `k` of the second axis of `hidden_states`, `cell_states`, `states`, `gates` and
    `pre_activations` is the k-th step *processed*. It read `inputs[:, timesteps[k]]`, which
    under `go_backwards` is not `inputs[:, k]`.

    Under a mask a step is computed and then dropped: `gates` and `pre_activations` hold what the
    cell computed there, while the states are carried over unchanged.

    Attributes:
        inputs: `(batch, timesteps, features)`, in the order of the sentence.
        mask: `(batch, timesteps)` of bool in the order of the sentence, False where the step is
            skipped; or None.
        initial_state: The states before the first step, a tuple of `(batch, units)`: `(h,)` for
            SimpleRNN and GRU, `(h, c)` for LSTM.
        hidden_states: `(batch, timesteps, units)`, the state h after each step. For stacked
            cells, that of the top cell.
        cell_states: The same for c of an LSTM; None for every other cell.
        gates: Values of the gates, each `(batch, timesteps, units)`. LSTM: `input`, `forget`,
            `candidate`, `output`. GRU: `update`, `reset`, `candidate`. Otherwise empty.
        pre_activations: What the activation was applied to, same keys and shapes; SimpleRNN has
            the one key `hidden`. For a GRU the candidate's includes the reset gate's effect, for
            example `x W + b + reset * (h U + c)` under `reset_after`.
        timesteps: `(timesteps,)`, which input timestep step k read.
        output: What the layer returned: an array, or with `return_state` the tuple
            `(out, h[, c])`.
        weights: `kernel`, `recurrent_kernel` and, with `use_bias`, `bias`, for the three standard
            cells; for any other cell its weights by their path.
        states: Every state of the cell after each step, each `(batch, timesteps, ...)`, in the
            order of Keras: `(h,)`, `(h, c)`, or for stacked cells all of them from the bottom up.
        name: The layer's name in Keras.
        layer: The name of the layer's class.
        cell: `"SimpleRNN"`, `"GRU"`, `"LSTM"`, or the class name of any other cell.
        return_sequences: The argument of that name.
        return_state: The argument of that name.
        go_backwards: The argument of that name.
        hidden_index: Which of `states` and of `initial_state` is h; above 0 for stacked cells.
        activation: Name of the cell's activation, `""` where it has none.
        recurrent_activation: Name of the gates' activation, likewise.
        reset_after: The argument of that name of a GRU; None for any other cell.
        outer_shape: Inside `TimeDistributed`, `(batch, outer timesteps)`, into which the first axis
            of every array unfolds; else empty.
    """

    inputs: Floats
    mask: Bools | None
    initial_state: tuple[Floats, ...]
    hidden_states: Floats
    cell_states: Floats | None
    gates: dict[str, Floats]
    pre_activations: dict[str, Floats]
    timesteps: Ints
    output: Arrays
    weights: dict[str, Floats]
    states: tuple[Floats, ...] = ()
    name: str = ""
    layer: str = ""
    cell: str = ""
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    hidden_index: int = 0
    activation: str = ""
    recurrent_activation: str = ""
    reset_after: bool | None = None
    outer_shape: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, what in (("gates", "gate"), ("pre_activations", "sum"), ("weights", "weight")):
            arrays = ByName(getattr(self, name), f"{what} of this {self.cell or 'cell'}")
            object.__setattr__(self, name, arrays)

    def _rows(self) -> summary.Rows:
        return summary.recurrent_rows(self)

    @property
    def history(self) -> tuple[Floats, ...]:
        """Each of `states` from before the first step on: `(batch, 1 + timesteps, ...)`.

        Index `k` of the second axis is what the k-th step processed started from.

        Raises:
            SeqvizError: If they, or the initial state, were not kept.
        """
        if self.states is None or self.initial_state is None:
            raise SeqvizError(
                "The history needs 'states' and 'initial_state', which were not recorded. "
                "Give capture both of them in record."
            )
        return tuple(
            np.concatenate([initial[:, None], values], axis=1)
            for initial, values in zip(self.initial_state, self.states, strict=True)
        )

    @property
    def main_output(self) -> Floats:
        """The output without the states that `return_state` appends to it."""
        return self.output[0] if self.return_state and self.output is not None else self.output

    @property
    def returned_states(self) -> tuple[Floats, ...]:
        """The final states that the layer returned: empty without `return_state`."""
        return tuple(self.output[1:]) if self.return_state and self.output is not None else ()


AnyTrace: TypeAlias = EmbeddingTrace | RecurrentTrace | LayerTrace


def _values(record: Any) -> dict[str, Any]:
    """The fields of a record that hold values, by name."""
    names = [field.name for field in fields(record)]
    return {name: getattr(record, name) for name in names if name not in ("name", "layer")}


def _public_names(kind: type) -> Iterator[str]:
    """Fields, properties and methods of a class of records."""
    own = [field.name for field in fields(kind)]
    yield from own
    yield from (name for name in dir(kind) if not name.startswith("_") and name not in own)
