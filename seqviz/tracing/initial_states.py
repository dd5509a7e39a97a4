"""The states that the recurrent layers of one pass start from."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.tracing.arguments import state_argument
from seqviz.tracing.backend import dtype_of_tensors
from seqviz.tracing.replay import kind_of


class InitialStates:
    """Where each layer starts: as its call says, as the user gave it, where it was left, or at 0.

    Args:
        given: What the user gave for layers inside a model: a state for the only recurrent layer,
            or a mapping by key of the trace.
        aliases: Further spellings of keys, filled in as the pass goes on.
    """

    def __init__(self, given: Any, aliases: Mapping[str, str]) -> None:
        self._given = given
        self._aliases = aliases
        self._given_to: dict[str, None] = {}  # in this order
        self._called_with: dict[str, None] = {}  # keys of layers that got a state from the model
        self._opened: dict[str, None] = {}
        # States of stateful layers, within this pass. Keras would keep them in its StatelessScope,
        # which `clear_session` in another thread ends: they would be written to the model.
        self._carried: dict[int, list[Any]] = {}

    def carry(self, layer: Any, states: list[Any]) -> None:
        """Keep where a stateful layer was left, for its next call in this pass."""
        self._carried[id(layer)] = states

    def hand_over(self, layer: Any) -> list[Any] | None:
        """Where a stateful layer was left, if Keras does not know; from now on Keras keeps it."""
        return self._carried.pop(id(layer), None)

    def start(self, key: str, layer: Any, initial_state: Any, batch: int) -> list[Any] | None:
        """The states to start from, as tensors or arrays; None if Keras would refuse to.

        Raises:
            SeqvizError: If the user gave some of another shape.
        """
        if layer.stateful and layer._expected_batch_size != batch:
            return None
        self._opened[key] = None
        given = None
        if initial_state is None:
            given = self._given_for(key)
        else:
            self._called_with[key] = None
        if given is not None:
            initial_state = given
        elif initial_state is None and layer.stateful:
            initial_state = self._carried.get(id(layer), layer.states)
        if initial_state is None:
            zeros = _zeros(layer, batch)
            if zeros:
                return zeros
            initial_state = layer.get_initial_state(batch_size=batch)
        if not keras.tree.is_nested(initial_state):
            initial_state = [initial_state]
        states = keras.tree.map_structure(
            lambda state: keras.ops.convert_to_tensor(state, dtype=layer.cell.compute_dtype),
            list(initial_state),
        )
        if kind_of(layer.cell) is None:
            return states
        wanted = [(batch, units) for units in layer.state_size]
        shapes = [tuple(state.shape) for state in keras.tree.flatten(states)]
        if shapes == wanted:
            return states
        if given is not None:
            raise SeqvizError(
                f"initial_state for {key!r} has the shapes {shapes}, but needs {wanted}. "
                "Give one array (batch, units) for each state: h, and c for an LSTM."
            )
        return None

    def _given_for(self, key: str) -> Any:
        """The initial state that the user gave for a layer inside a model."""
        given, name = self._given, key
        if isinstance(given, Mapping):
            names = [key, *(alias for alias, of in self._aliases.items() if of == key)]
            name = next((n for n in names if n in given), key)
            given = given.get(name)
        if given is None:
            return None
        self._given_to[name] = None
        return state_argument(given)

    def check_given(self) -> None:
        """Raise SeqvizError if a state was given that no layer, or more than one, took."""
        given = self._given
        if isinstance(given, Mapping):
            for key in given:
                if key not in self._given_to:
                    self._refuse(key)
        elif given is not None and len(self._given_to) != 1:
            self._refuse_single()

    def _refuse(self, key: str) -> None:
        if self._aliases.get(key, key) in self._called_with:
            raise SeqvizError(
                f"initial_state is given for {key!r}, but the model itself gives that layer its "
                "state, when it calls it. Give the model what it makes that state of, as inputs."
            )
        free = [k for k in self._opened if k not in self._called_with]
        raise SeqvizError(
            f"initial_state is given for {key!r}, but no layer there takes it. "
            f"The recurrent layers that seqviz can open in this model are {free}."
        )

    def _refuse_single(self) -> None:
        if not self._given_to and self._called_with:
            raise SeqvizError(
                "One initial_state was given, but the model itself gives its recurrent layers "
                f"{list(self._called_with)} their states, when it calls them. "
                "Give the model what it makes these states of, as inputs."
            )
        raise SeqvizError(
            f"One initial_state was given, but the model has {len(self._given_to)} recurrent "
            f"layers to take it: {list(self._given_to)}. Give a dict by key of the trace, "
            f"for example {{{next(iter(self._opened), 'lstm')!r}: …}}."
        )


def _zeros(layer: Any, batch: int) -> list[Array]:
    """The zeros that a standard cell starts from, which TensorFlow would take its time to make.

    Empty where the layer or the cell has a start of its own.
    """
    own = any("get_initial_state" in vars(of) for of in (layer, layer.cell))
    inherited = type(layer).get_initial_state is keras.layers.RNN.get_initial_state
    if own or not inherited or kind_of(layer.cell) is None:
        return []
    dtype = dtype_of_tensors(layer.cell.compute_dtype)
    return [np.zeros((batch, units), dtype) for units in layer.state_size]
