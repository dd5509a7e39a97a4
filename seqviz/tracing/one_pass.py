"""One pass over a model: a listener that records every layer call it hears."""

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

import keras

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace import AnyTrace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import LOOKS_UP_ANY_ID
from seqviz.tracing.build_weights import NotBuiltError
from seqviz.tracing.initial_states import InitialStates
from seqviz.tracing.intercept import Listener
from seqviz.tracing.records import (
    first_argument,
    is_concrete,
    is_lookup,
    is_reversed,
    opened_fields,
    record_of,
)
from seqviz.tracing.refusals import bad_ids
from seqviz.tracing.replay import Steps, can_replay, kind_of
from seqviz.tracing.selection import Selection
from seqviz.tracing.time_distributed import is_opened, merged, with_steps, without_marks
from seqviz.tracing.watch import Place, watch

_RNN = keras.layers.RNN
# Keras's own methods. A subclass that brings another one is not opened: it may do anything.
_CALLS = {c.call for c in (_RNN, keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM)}
_LOOPS = {c.inner_loop for c in (_RNN, keras.layers.GRU, keras.layers.LSTM)}


# (place, Keras's RNN.call, layer, sequences, initial state, mask, training) → what happened
GoThrough: TypeAlias = Callable[
    [Place, Callable[..., Any], keras.layers.RNN, Any, list[Any], Array | None, Any], Steps
]


class _Call:
    """A layer call that is under way."""

    def __init__(self, key: str, layer: keras.layers.Layer) -> None:
        self.key = key
        self.layer = layer
        self.opened: dict[str, Any] = {}  # all that a RecurrentTrace needs but the output


class Pass(Listener):
    """The layer calls under way, and what has been seen so far.

    Args:
        model: What is called.
        go_through: How standard recurrent layers go through their sequences.
        given_states: Initial states for layers inside the model, as the user gave them.
        selection: What is to be kept.
        check_built: Whether to stop at a layer that is not built.
    """

    def __init__(
        self,
        model: keras.layers.Layer,
        go_through: GoThrough,
        given_states: Any,
        selection: Selection,
        check_built: bool,
    ) -> None:
        self.error: SeqvizError | None = None  # a better one than what Keras will raise
        self.aliases: dict[str, str] = {}
        self.check_built = check_built
        self.initial_states = InitialStates(given_states, self.aliases)
        self.keys: dict[str, None] = {}  # of every record that could be kept
        self._go_through = go_through
        self._selection = selection
        self._records: dict[str, AnyTrace | None] = {}
        self._calls: list[_Call] = []
        self._times: Counter[str] = Counter()
        self._entered = not isinstance(model, keras.Model)  # a model is not a layer of its own
        self._silent = False  # inside a layer that is shown from outside only
        self._rows = slice(0, None, 1)

    def records(self) -> dict[str, AnyTrace]:
        """What was seen, by key, in the order in which the calls began."""
        return {key: record for key, record in self._records.items() if record is not None}

    def layer_call(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Record a call of any layer."""
        concrete = is_concrete((args, kwargs))
        if self.check_built and concrete and not layer.built:
            raise NotBuiltError(layer)
        if self._silent or not concrete:
            return layer_call(layer, *args, **kwargs)
        if not self._entered:
            self._entered = True
            return layer_call(layer, *args, **kwargs)

        call = self._begin(layer)
        self._silent = _is_closed(layer)
        try:
            if LOOKS_UP_ANY_ID and is_lookup(layer, kwargs):
                _check_ids(layer, first_argument(args, kwargs))
            if is_opened(layer):
                output = self._by_timesteps(layer_call, layer, args, kwargs)
            else:
                output = layer_call(layer, *args, **kwargs)
        except Exception:
            if not is_reversed(kwargs):
                self.error = self.error or bad_ids(layer, first_argument(args, kwargs))
            raise
        finally:
            self._calls.pop()
            self._silent = False
        if is_concrete(output):
            self.keys[call.key] = None
            spellings = [call.key, *(a for a, key in self.aliases.items() if key == call.key)]
            if self._selection.keeps(spellings):
                record = record_of(layer, args, kwargs, output, call.opened)
                self._records[call.key] = self._selection.of(record)
        return output

    def _by_timesteps(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Call a `TimeDistributed` layer, and record what it wraps, all timesteps as one batch."""
        before, times, rows = self._records, self._times, self._rows
        batch, timesteps = first_argument(args, kwargs).shape[:2]
        steps: list[dict[str, AnyTrace | None]] = []

        def step(wrapped: Any, timestep: int, *step_args: Any, **step_kwargs: Any) -> Any:
            # Every timestep starts from the same numbering, so that all have the same keys.
            self._records, self._times = dict(before), times.copy()
            self._rows = _rows_of(rows, timestep, timesteps)
            output = self.layer_call(without_marks, wrapped, step_args, step_kwargs)
            new = {key: of for key, of in self._records.items() if key not in before}
            steps.append(new)
            return output

        try:
            return layer_call(with_steps(layer, step), *args, **kwargs)
        finally:
            self._records, self._rows = before, rows
            if len(steps) == timesteps:
                self._records.update(merged(steps, batch))

    def rnn_call(
        self,
        rnn_call: Callable[..., Any],
        layer: Any,
        sequences: Any,
        initial_state: Any,
        mask: Any,
        training: Any,
    ) -> Any:
        """Open a recurrent layer if that is possible, else let Keras run it."""
        call = self._calls[-1] if self._calls else None
        opened = None
        if not self._silent and call is not None and call.layer is layer and is_concrete(sequences):
            self._silent = True  # neither cells nor layers that serve as activations are shown
            opened = self._open(rnn_call, call, sequences, initial_state, mask, training)
        if opened is None:
            left_at = self.initial_states.hand_over(layer)
            start = left_at if initial_state is None else initial_state
            return rnn_call(layer, sequences, start, mask, training)
        if layer.stateful:
            self.initial_states.carry(layer, list(opened[1:]))
        returned = opened if layer.return_state else opened[0]
        return keras.tree.map_structure(keras.ops.convert_to_tensor, returned)

    def _open(
        self,
        rnn_call: Callable[..., Any],
        call: _Call,
        sequences: Any,
        initial_state: Any,
        mask: Any,
        training: Any,
    ) -> tuple[Any, ...] | None:
        """Go through the sequence step by step; None where only Keras knows what happens."""
        layer: Any = call.layer
        kind = kind_of(layer.cell)
        steps_mask = _steps_mask(mask, sequences)
        if mask is not None and steps_mask is None:
            return None
        if training and _drops(layer.cell):
            return None
        if kind is not None and not can_replay(layer, sequences):
            return None
        try:
            states = self.initial_states.start(call.key, layer, initial_state, sequences.shape[0])
        except SeqvizError as error:
            self.error = error
            raise
        if states is None:
            return None
        there: Any = (rnn_call, layer, sequences, states, steps_mask, training)
        if kind is None:
            steps = watch(*there)
        else:
            steps = self._go_through(Place(call.key, self._rows), *there)
        call.opened = opened_fields(layer, steps_mask, steps)
        return steps.returned

    def _begin(self, layer: keras.layers.Layer) -> _Call:
        path = "/".join([*(call.layer.name for call in self._calls), layer.name])
        key = self._numbered(path)
        if self._calls and "#" in self._calls[-1].key:
            self.aliases[self._numbered(f"{self._calls[-1].key}/{layer.name}")] = key
        self._records[key] = None  # holds the place
        call = _Call(key, layer)
        self._calls.append(call)
        return call

    def _numbered(self, path: str) -> str:
        while True:
            self._times[path] += 1
            key = path if self._times[path] == 1 else f"{path}#{self._times[path]}"
            if key not in self._records:  # a layer may itself be named "lstm#2"
                return key


def _check_ids(layer: Any, ids: Any) -> None:
    """Raise SeqvizError for ids outside a table, of which the backend would make up a row."""
    error = bad_ids(layer, ids)
    if error is not None:
        raise error


def _rows_of(rows: slice, timestep: int, timesteps: int) -> slice:
    """The rows of one more outer timestep, within those of the `TimeDistributed` around it."""
    return slice(rows.start * timesteps + timestep, None, rows.step * timesteps)


def _is_closed(layer: keras.layers.Layer) -> bool:
    """Whether what happens inside a layer is not shown.

    A recurrent layer of another make calls its cell, and a TimeDistributed what it wraps, once a
    timestep: these are not layer calls in the sense of a drawing of the model.
    """
    if isinstance(layer, keras.layers.TimeDistributed):
        return not is_opened(layer)
    if not isinstance(layer, _RNN):
        return False
    kind = type(layer)
    call = getattr(kind.call, "__wrapped__", kind.call)  # RNN.call is wrapped at this moment
    overridden = {"call", "inner_loop"} & set(vars(layer))
    return bool(overridden) or call not in _CALLS or kind.inner_loop not in _LOOPS


def _drops(cell: Any) -> bool:
    """Whether a cell, or one of those stacked in it, drops out when it is trained."""
    rates = (getattr(cell, name, None) for name in ("dropout", "recurrent_dropout"))
    return any(rates) or any(map(_drops, getattr(cell, "cells", ())))


def _steps_mask(mask: Any, sequences: Any) -> Array | None:
    """The mask as `(batch, timesteps)` of bool; None if there is none, or one of another shape."""
    masks = [m for m in keras.tree.flatten(mask) if m is not None]
    if len(masks) != 1:
        return None
    (only,) = masks
    array = to_array(only).astype(bool)
    if array.shape[2:] == (1,):
        array = array.reshape(array.shape[:2])
    return array if array.shape == tuple(sequences.shape[:2]) else None
