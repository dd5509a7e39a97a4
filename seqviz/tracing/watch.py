"""Keras's own steps, watched: every state, and what every activation was given.

`watch` follows Keras's loop over timesteps; `watch_at_once` has Keras's cell do every step of a
record anew, all of them as one batch. Nothing is computed here. The unchanged code of
`keras.layers.RNN` and of the cell runs on a *view* of the layer: an object that stands in for
`self`, with a few attributes replaced. The layer itself is not touched, so threads may watch the
same one, and neither its states nor its random generators are written.
"""

from collections.abc import Callable, Iterable, Mapping
from inspect import isfunction, signature
from types import MethodType
from typing import Any, NamedTuple

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.cells import GATES
from seqviz.trace import AnyTrace, RecurrentTrace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import REPEATS_STATE, TRACES_LOOP
from seqviz.tracing.replay import Steps, kind_of, outputs_of, weights_of


class Place(NamedTuple):
    """Where in a trace a recurrent layer's call belongs.

    Attributes:
        key: Of its record.
        rows: Which rows of the record's batch are this call's: all of them, or inside
            `TimeDistributed` those of one outer timestep.
    """

    key: str
    rows: slice


class _View:
    """Stands in for `self` in the methods of an object, with some attributes replaced."""

    def __init__(self, target: Any, **replaced: Any) -> None:
        self.__dict__.update(replaced, _target=target)

    def __getattr__(self, name: str) -> Any:
        target = self.__dict__["_target"]
        method = getattr(type(target), name, None)
        if isfunction(method) and name not in vars(target):
            return MethodType(method, self)  # methods see the replaced attributes too
        return getattr(target, name)


class _WatchedCell:
    """Calls a cell and keeps the states it was given and what its activations saw."""

    def __init__(self, cell: Any, training: Any) -> None:
        self._cell = cell
        self._training = training
        is_layer = isinstance(cell, keras.layers.Layer)
        self._takes_training = is_layer and "training" in signature(cell.call).parameters
        self.states: list[tuple[Any, ...]] = []
        self.activations: list[list[tuple[Any, Any]]] = []
        if kind_of(cell) is None:
            self._call: Callable[..., Any] = cell
        else:
            replaced = {
                # SimpleRNNCell draws a mask even where dropout is off, which would advance the
                # model's random generator.
                "get_dropout_mask": lambda step_input: None,
                "get_recurrent_dropout_mask": lambda step_input: None,
                "activation": self._watch(cell.activation),
                # Read once instead of at every step.
                "kernel": cell.kernel.value,
                "recurrent_kernel": cell.recurrent_kernel.value,
                "bias": None if cell.bias is None else cell.bias.value,
            }
            if hasattr(cell, "recurrent_activation"):
                replaced["recurrent_activation"] = self._watch(cell.recurrent_activation)
            self._call = _View(cell, **replaced).call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cell, name)

    def __call__(self, inputs: Any, states: Any) -> Any:
        self.states.append(tuple(keras.tree.flatten(states)))
        self.activations.append([])
        training = {"training": self._training} if self._takes_training else {}
        return self._call(inputs, states, **training)

    def _watch(self, activation: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def watched(z: Any) -> Any:
            value = activation(z)
            self.activations[-1].append((z, value))
            return value

        return watched


def watch(
    rnn_call: Callable[..., Any],
    layer: keras.layers.RNN,
    sequences: Any,
    initial_state: list[Any],
    mask: Array | None,
    training: Any,
) -> Steps:
    """Run a recurrent layer by Keras's own code, and keep what it went through.

    Args:
        rnn_call: The unchanged `keras.layers.RNN.call`.
        layer: A layer that overrides neither `call` nor the loop.
        sequences: Eager tensor `(batch, timesteps, features)`.
        initial_state: The states to start from, in Keras's nesting.
        mask: `(batch, timesteps)` of bool, or None.
        training: As Keras passes it.
    """
    kind = kind_of(layer.cell)
    cell = _WatchedCell(layer.cell, training)
    # Without a mask Keras's two loops do the same; the unrolled one is a third faster here.
    unroll = layer.unroll or TRACES_LOOP or (kind is not None and mask is None)
    view = _view(layer, cell, return_state=True, unroll=unroll)
    mask_tensor = None if mask is None else keras.ops.convert_to_tensor(mask)
    returned = rnn_call(view, sequences, initial_state, mask_tensor, training)
    last_states = returned[1:]
    if TRACES_LOOP and mask is not None and not layer.unroll:
        # What it returns under a mask differs from that of the unrolled loop: let it run too.
        view = _view(layer, _WatchedCell(layer.cell, training), return_state=True)
        returned = rnn_call(view, sequences, initial_state, mask_tensor, training)

    # The other loop calls the cell once before the first step, to learn the shape of its output.
    steps = sequences.shape[1]
    before = cell.states[-steps:]
    after = [*before[1:], tuple(keras.tree.flatten(list(last_states)))]
    if kind is None:
        names: tuple[str, ...] = ()
        weights = {w.path: to_array(w) for w in getattr(layer.cell, "weights", ())}
    else:
        names = _names(kind)
        weights = weights_of(layer.cell)
    seen = {name: [step[n] for step in cell.activations[-steps:]] for n, name in enumerate(names)}
    return Steps(
        inputs=to_array(sequences),
        initial_state=keras.tree.map_structure(to_array, initial_state),
        states=tuple(_stack(history) for history in zip(*after, strict=True)),
        gates=_gates({name: _stack(value for _, value in pairs) for name, pairs in seen.items()}),
        pre_activations={name: _stack(z for z, _ in pairs) for name, pairs in seen.items()},
        returned=tuple(returned),
        weights=weights,
    )


def call_as(
    layer: keras.layers.RNN,
    sequences: Any,
    mask: Array | None = None,
    initial_state: list[Any] | None = None,
    **settings: Any,
) -> Any:
    """What Keras's own loop returns if the layer had other settings, without making another.

    It is quicker than calling the layer, too: weights are read once, not at every step.

    Args:
        layer: Built, with a standard cell, of one dtype (no mixed precision); left alone, but for
            the states that it keeps if ``stateful=True`` is among the settings.
        sequences: ``(batch, timesteps, features)``.
        mask: ``(batch, timesteps)`` of bool, or None.
        initial_state: The states to start from; as Keras has it if None.
        settings: Attributes that Keras reads at each call, such as ``return_sequences``.
    """
    cell = _WatchedCell(layer.cell, training=False)
    # Where the mask makes a difference between Keras's two loops, it is the layer's own.
    unroll = layer.unroll or mask is None or not REPEATS_STATE
    view = _view(layer, cell, unroll=unroll, **settings)
    mask_tensor = None if mask is None else keras.ops.convert_to_tensor(mask)
    sequences = keras.ops.convert_to_tensor(sequences)
    return keras.layers.RNN.call(view, sequences, initial_state, mask_tensor)


def _view(layer: keras.layers.RNN, cell: _WatchedCell, **replaced: Any) -> _View:
    """The layer with a watched cell, to call `keras.layers.RNN.call` on."""
    if kind_of(layer.cell) is None:
        replaced["_maybe_config_dropout_masks"] = lambda _, *seen: (
            layer._maybe_config_dropout_masks(layer.cell, *seen)
        )
        replaced["_maybe_reset_dropout_masks"] = lambda _: layer._maybe_reset_dropout_masks(
            layer.cell
        )
    else:
        replaced["_maybe_config_dropout_masks"] = lambda *_: None
        replaced["_maybe_reset_dropout_masks"] = lambda *_: None
    view = _View(layer, cell=cell, **{"stateful": False, **replaced})
    # GRU and LSTM look for a fused kernel first, which would hide the states.
    vars(view)["inner_loop"] = MethodType(keras.layers.RNN.inner_loop, view)
    return view


def watch_at_once(trace: Mapping[str, AnyTrace]) -> Callable[..., Steps]:
    """What stands in for `watch`: each step is made of the state before it that a record has.

    A layer whose record does not fit, or has no states, is watched step by step.

    Args:
        trace: The records by key.
    """

    def go_through(
        place: Place,
        rnn_call: Callable[..., Any],
        layer: Any,
        sequences: Any,
        initial_state: list[Any],
        mask: Array | None,
        training: Any,
    ) -> Steps:
        record = trace.get(place.key)
        known = record.states if isinstance(record, RecurrentTrace) else None
        captured = tuple(states[place.rows] for states in known or ())
        starts = [to_array(state) for state in initial_state]
        kind = kind_of(layer.cell)
        shape = tuple(sequences.shape[:2])
        expected = [(*shape, start.shape[-1]) for start in starts]
        if kind is None or [states.shape for states in captured] != expected:
            return watch(rnn_call, layer, sequences, initial_state, mask, training)

        def rows(array: Array) -> Any:
            flat = array.reshape(-1, array.shape[-1]).astype(starts[0].dtype, copy=False)
            return keras.ops.convert_to_tensor(flat)

        def steps(tensor: Any) -> Array:
            return to_array(tensor).reshape(*shape, -1)

        order = slice(None, None, -1 if layer.go_backwards else 1)
        before = [
            np.concatenate([start[:, None], states[:, :-1]], axis=1)
            for start, states in zip(starts, captured, strict=True)
        ]
        cell = _WatchedCell(layer.cell, training)
        inputs = to_array(sequences)
        _, made = cell(rows(inputs[:, order]), list(map(rows, before)))
        states = tuple(map(steps, made))
        mask = None if mask is None else mask[:, order]
        if mask is not None:
            kept = mask[..., None]
            states = tuple(
                np.where(kept, new, old) for new, old in zip(states, before, strict=True)
            )
        # The fifth of an LSTM is that of c.
        seen = dict(zip(_names(kind), cell.activations[0], strict=False))
        outputs, last = outputs_of(layer, states[0], mask)
        return Steps(
            inputs=inputs,
            initial_state=starts,
            states=states,
            gates=_gates({name: steps(value) for name, (_, value) in seen.items()}),
            pre_activations={name: steps(z) for name, (z, _) in seen.items()},
            returned=(
                outputs if layer.return_sequences else last,
                *(state[:, -1].copy() for state in states),
            ),
            weights=weights_of(layer.cell),
        )

    return go_through


def _names(kind: str) -> tuple[str, ...]:
    """Of what a standard cell's activations are called on, in that order."""
    return GATES[kind] or ("hidden",)


def _gates(values: dict[str, Array]) -> dict[str, Array]:
    return {name: value for name, value in values.items() if name != "hidden"}


def _stack(tensors: Iterable[Any]) -> Array:
    return np.stack([to_array(tensor) for tensor in tensors], axis=1)
