"""What `seqviz.capture` returns: one record a layer call, all NumPy.

Shapes use Keras's words: `batch`, `timesteps`, `features`, `units`. The module needs NumPy only,
so a trace can be stored, sent and drawn where Keras is not installed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError

# An array, or a list, tuple or dict of them, nested as the layer took or returned them.
Arrays: TypeAlias = Any


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One call of a layer that is shown from outside only.

    Attributes:
        inputs: What the layer was given: an array, or several in the structure of the call.
        output: What the layer returned, likewise.
        name: The layer's name in Keras.
        layer: The name of its class, for example `"Dense"`.
    """

    inputs: Arrays
    output: Arrays
    name: str = ""
    layer: str = ""


@dataclass(frozen=True, eq=False)
class EmbeddingTrace:
    """One call of an `Embedding` layer: `vectors[b, t] == weights[ids[b, t]]`.

    Attributes:
        ids: `(batch, timesteps)`, the integers looked up, after Keras's own rounding to int.
        weights: `(vocab_size, embedding_dim)`, the table.
        vectors: `(batch, timesteps, embedding_dim)`, what the layer returned.
        mask: `(batch, timesteps)` of bool where `mask_zero=True` (False where the id is 0), else
            None.
        name: The layer's name in Keras.
        layer: The name of its class.
    """

    ids: Array
    weights: Array
    vectors: Array
    mask: Array | None = None
    name: str = ""
    layer: str = "Embedding"

    @property
    def inputs(self) -> Array:
        """The ids, under the name that every trace has."""
        return self.ids

    @property
    def output(self) -> Array:
        """The vectors, under the name that every trace has."""
        return self.vectors


@dataclass(frozen=True, eq=False)
class RecurrentTrace:
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
    """

    inputs: Array
    mask: Array | None
    initial_state: tuple[Array, ...]
    hidden_states: Array
    cell_states: Array | None
    gates: dict[str, Array]
    pre_activations: dict[str, Array]
    timesteps: Array
    output: Arrays
    weights: dict[str, Array]
    states: tuple[Array, ...] = ()
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

    @property
    def history(self) -> tuple[Array, ...]:
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
    def main_output(self) -> Array:
        """The output without the states that `return_state` appends to it."""
        return self.output[0] if self.return_state and self.output is not None else self.output

    @property
    def returned_states(self) -> tuple[Array, ...]:
        """The final states that the layer returned: empty without `return_state`."""
        return tuple(self.output[1:]) if self.return_state and self.output is not None else ()


AnyTrace: TypeAlias = EmbeddingTrace | RecurrentTrace | LayerTrace


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Mapping[str, AnyTrace]):
    """One forward pass, in the order in which layers were called.

    A key is the layer's name, below a wrapper or a nested model its path
    (`bidirectional/forward_lstm`). A layer called again gets `name#2`. What is inside a layer
    called again can be looked up in two ways: `encoder/gru#2` (its key, the second call of that
    GRU) and `encoder#2/gru` (inside the second call of the encoder).

    Attributes:
        layers: The records by key.
        inputs: What the model was given.
        output: What the model returned.
        aliases: Further spellings of keys.
    """

    layers: dict[str, AnyTrace]
    inputs: Arrays = None
    output: Arrays = None
    aliases: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> AnyTrace:
        try:
            return self.layers[key if key in self.layers else self.aliases[key]]
        except (KeyError, TypeError):
            raise KeyError(f"{key!r}: the layers of this trace are {list(self.layers)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        lines = [f"  {key}: {_shapes(t.inputs)} → {_shapes(t.output)}" for key, t in self.items()]
        return "\n".join(["Trace(", *lines, ")"])


def _shapes(arrays: Arrays) -> str:
    if isinstance(arrays, Mapping):
        return "{" + ", ".join(f"{k}: {_shapes(a)}" for k, a in arrays.items()) + "}"
    if isinstance(arrays, list | tuple):
        return "[" + ", ".join(map(_shapes, arrays)) + "]"
    return str(getattr(arrays, "shape", arrays))
