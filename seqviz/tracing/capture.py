"""`capture`: one forward pass over a model, with every layer call recorded."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import keras
import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace import AnyTrace, EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
from seqviz.tracing.arguments import (
    check_takes_initial_state,
    mask_argument,
    model_inputs,
    state_argument,
)
from seqviz.tracing.arrays import to_array
from seqviz.tracing.build_weights import NotBuiltError, build, unmarked
from seqviz.tracing.intercept import listening
from seqviz.tracing.refusals import bad_ids, explain, is_keras_refusal
from seqviz.tracing.replay import Steps, can_replay, kind_of, replay
from seqviz.tracing.watch import watch

_RNN = keras.layers.RNN
# Keras's own methods. A subclass that brings another one is not opened: it may do anything.
_CALLS = {c.call for c in (_RNN, keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM)}
_LOOPS = {c.inner_loop for c in (_RNN, keras.layers.GRU, keras.layers.LSTM)}

# (Keras's RNN.call, layer, sequences, initial state, mask, training) → what happened
GoThrough: TypeAlias = Callable[
    [Callable[..., Any], keras.layers.RNN, Any, list[Any], Array | None, Any], Steps
]


def capture(
    model: keras.layers.Layer, inputs: Any, *, mask: Any = None, initial_state: Any = None
) -> Trace:
    """Run a model once and record what every layer did.

    Standard recurrent layers are replayed in NumPy, which shows their gates and is many times
    faster than TensorFlow's loop; the rest of the model runs in Keras as always. `seqviz.verify`
    is the proof that both agree. The model is left as it was: weights, states of stateful layers,
    random generators, losses of the last call.

    A recurrent layer is recorded from outside only, as a `LayerTrace`, where Keras alone knows what
    happens: in half precision (``mixed_float16``), where it drops out because the model calls it
    with ``training=True``, and in subclasses that bring a `call` of their own. There is no record
    of layers inside `TimeDistributed`, nor of those that a model calls inside tf.function.

    Args:
        model: Any Keras 3 model, or a single layer. If it is not built, it will be, which takes
            one ordinary call more.
        inputs: What the model takes: array, tensor or nested list; for several inputs a list or
            dict of these. Ids are `(batch, timesteps)`.
        mask: As for calling the model: `(batch, timesteps)` of bool, False is skipped.
        initial_state: For a layer, as for calling it: an array or a list of arrays
            `(batch, units)`. For a model, the same for its only recurrent layer, or a dict of
            these by key of the trace, in either spelling of the key.

    Returns:
        The records, in the order in which the layers were called.

    Raises:
        SeqvizError: If the model is not Keras's, or cannot be called on these inputs; Keras's own
            error is then its cause; or if all its layers run out of sight inside tf.function. Other
            errors of the model's own code pass unchanged.
    """
    return run(model, inputs, mask, initial_state, _replayed)


def run(
    model: keras.layers.Layer, inputs: Any, mask: Any, initial_state: Any, go_through: GoThrough
) -> Trace:
    """Make one pass, going through standard recurrent layers in the way given."""
    if not isinstance(model, keras.layers.Layer):
        raise SeqvizError(
            f"seqviz was given {type(model).__name__}, but needs a Keras 3 model or layer. "
            "Build one with seqviz.build_model, keras.Sequential or keras.Model."
        )
    tensors = model_inputs(model, inputs)
    if not _concrete(tensors):
        raise SeqvizError(
            "seqviz was called while a graph was being traced, where tensors have no values. "
            "Call it outside tf.function, on arrays."
        )
    arguments: dict[str, Any] = {}
    if mask is not None:
        arguments["mask"] = mask_argument(model, mask)
    given_states = None
    if initial_state is not None:
        if isinstance(model, keras.Model):
            given_states = initial_state
        else:
            check_takes_initial_state(model)
            arguments["initial_state"] = state_argument(initial_state)

    unbuilt: keras.layers.Layer | None = None
    check_built = True
    while True:
        one_pass = _Pass(model, go_through, given_states, check_built)
        try:
            if unbuilt is not None:
                one_pass.check_built = check_built = not build(model, unbuilt, tensors, arguments)
            # In this scope Keras keeps assignments to variables (states, random generators) aside.
            with keras.StatelessScope(), listening(one_pass), unmarked(model):
                output = model(tensors, **arguments)
            break
        except NotBuiltError as stop:
            unbuilt = stop.layer
        except Exception as error:
            if one_pass.error is not None:
                raise one_pass.error from error
            if is_keras_refusal(error) and not isinstance(error, SeqvizError):
                raise SeqvizError(explain(model, tensors, error, arguments)) from error
            raise
    records = one_pass.records()
    if not records:
        _check_nothing_was_called(model)
    one_pass.check_given_states()
    return Trace(records, _arrays(tensors), _arrays(output), one_pass.aliases)


def _check_nothing_was_called(model: keras.layers.Layer) -> None:
    """Raise SeqvizError if a model without any layer call has layers that could be called."""
    layers = getattr(model, "layers", [])
    if any(not isinstance(layer, keras.layers.InputLayer) for layer in layers):
        raise SeqvizError(
            f"{model.name!r} has layers, but none was seen when it was called. If its call runs "
            "inside tf.function, where tensors have no values, remove the decorator, or call "
            "tf.config.run_functions_eagerly(True) before."
        )


def _replayed(
    rnn_call: Callable[..., Any],
    layer: keras.layers.RNN,
    sequences: Any,
    states: list[Any],
    mask: Array | None,
    training: Any,
) -> Steps:
    return replay(layer, to_array(sequences), tuple(map(to_array, states)), mask)


class _Call:
    """A layer call that is under way."""

    def __init__(self, key: str, layer: keras.layers.Layer) -> None:
        self.key = key
        self.layer = layer
        self.opened: dict[str, Any] = {}  # all that a RecurrentTrace needs but the output


class _Pass:
    """One pass over a model: the layer calls under way, and what has been seen so far."""

    def __init__(
        self,
        model: keras.layers.Layer,
        go_through: GoThrough,
        given_states: Any,
        check_built: bool,
    ) -> None:
        self.error: SeqvizError | None = None  # a better one than what Keras will raise
        self.aliases: dict[str, str] = {}
        self.check_built = check_built  # whether to stop at a layer that is not built
        self._go_through = go_through
        self._given_states = given_states
        self._given_to: list[str] = []
        self._records: dict[str, AnyTrace | None] = {}
        self._calls: list[_Call] = []
        self._times: Counter[str] = Counter()
        self._carried: dict[int, list[Any]] = {}  # states of stateful layers, within this pass
        self._entered = not isinstance(model, keras.Model)  # a model is not a layer of its own
        self._silent = False  # inside a layer that is shown from outside only

    def records(self) -> dict[str, AnyTrace]:
        """What was seen, by key, in the order in which the calls began."""
        return {key: record for key, record in self._records.items() if record is not None}

    def layer_call(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Record a call of any layer."""
        concrete = _concrete((args, kwargs))
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
            output = layer_call(layer, *args, **kwargs)
        except Exception:
            self.error = self.error or bad_ids(layer, _first(args, kwargs))
            raise
        finally:
            self._calls.pop()
            self._silent = False
        if _concrete(output):
            self._records[call.key] = _record(call, _first(args, kwargs), output)
        return output

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
        was_silent, opened = self._silent, None
        try:
            if not was_silent and call is not None and call.layer is layer and _concrete(sequences):
                self._silent = True  # neither cells nor layers that serve as activations are shown
                opened = self._open(rnn_call, call, sequences, initial_state, mask, training)
            if opened is None:
                return rnn_call(layer, sequences, initial_state, mask, training)
        finally:
            self._silent = was_silent
        if layer.stateful:
            self._carried[id(layer)] = list(opened[1:])
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
        if kind is not None and not can_replay(layer, sequences, training):
            return None
        states = self._initial_state(call.key, layer, initial_state, sequences.shape[0])
        if states is None:
            return None
        go_through = watch if kind is None else self._go_through
        steps = go_through(rnn_call, layer, sequences, states, steps_mask, training)
        call.opened = _opened(layer, sequences, states, steps_mask, steps)
        return steps.returned

    def _initial_state(
        self, key: str, layer: Any, initial_state: Any, batch: int
    ) -> list[Any] | None:
        """The states to start from; None if they are not of the shape that the cell has."""
        if layer.stateful and layer.states is not None:
            expected = keras.tree.flatten(layer.states)[0].shape[0]
            if expected != batch:
                return None
        given = self._given(key) if initial_state is None else None
        if given is not None:
            initial_state = given
        elif initial_state is None and layer.stateful:
            initial_state = self._carried.get(id(layer), layer.states)
        if initial_state is None:
            initial_state = _zeros(layer, batch) or layer.get_initial_state(batch_size=batch)
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
            self.error = SeqvizError(
                f"initial_state for {key!r} has the shapes {shapes}, but needs {wanted}. "
                "Give one array (batch, units) for each state: h, and c for an LSTM."
            )
            raise self.error
        return None

    def _given(self, key: str) -> Any:
        """The initial state that the user gave for a layer inside a model."""
        given, name = self._given_states, key
        if isinstance(given, Mapping):
            names = [key, *(alias for alias, of in self.aliases.items() if of == key)]
            name = next((n for n in names if n in given), key)
            given = given.get(name)
        if given is None:
            return None
        self._given_to.append(name)
        return state_argument(given)

    def check_given_states(self) -> None:
        """Raise SeqvizError if an initial state was given that no layer, or more than one, took."""
        given = self._given_states
        opened = [k for k, record in self._records.items() if isinstance(record, RecurrentTrace)]
        if isinstance(given, Mapping):
            unused = [key for key in given if key not in self._given_to]
            if unused:
                raise SeqvizError(
                    f"initial_state is given for {unused[0]!r}, but no layer there takes it. "
                    f"The recurrent layers that seqviz can open in this model are {opened}."
                )
        elif given is not None and len(self._given_to) != 1:
            raise SeqvizError(
                f"One initial_state was given, but the model has {len(self._given_to)} recurrent "
                f"layers to take it: {self._given_to}. "
                f"Give a dict by key of the trace, for example {{{(opened or ['lstm'])[0]!r}: …}}."
            )

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


def _is_closed(layer: keras.layers.Layer) -> bool:
    """Whether what happens inside a layer is not shown.

    TimeDistributed calls what it wraps once a timestep, and a recurrent layer of another make its
    cell: these are not layer calls in the sense of a drawing of the model.
    """
    if isinstance(layer, keras.layers.TimeDistributed):
        return True
    if not isinstance(layer, _RNN):
        return False
    kind = type(layer)
    call = getattr(kind.call, "__wrapped__", kind.call)  # RNN.call is wrapped at this moment
    overridden = {"call", "inner_loop"} & set(vars(layer))
    return bool(overridden) or call not in _CALLS or kind.inner_loop not in _LOOPS


def _record(call: _Call, inputs: Any, output: Any) -> AnyTrace:
    layer = call.layer
    names = {"name": layer.name, "layer": type(layer).__name__}
    if call.opened:
        return RecurrentTrace(**call.opened, output=_arrays(output), **names)
    plain = type(layer).call is keras.layers.Embedding.call and "call" not in vars(layer)
    if plain and layer.quantization_mode is None:
        ids = to_array(inputs)
        mask = getattr(output, "_keras_mask", None)
        return EmbeddingTrace(
            ids=ids if ids.dtype.kind in "iu" else ids.astype("int32"),
            weights=to_array(layer.embeddings),
            vectors=to_array(output),
            mask=None if mask is None else to_array(mask),
            **names,
        )
    return LayerTrace(_arrays(inputs), _arrays(output), **names)


def _opened(
    layer: keras.layers.RNN,
    sequences: Any,
    initial_state: list[Any],
    mask: Array | None,
    steps: Steps,
) -> dict[str, Any]:
    cell = layer.cell
    kind = kind_of(cell)
    # Of stacked cells the top one is the layer's face: its states come after those below it.
    top = len(keras.tree.flatten(initial_state[:-1])) if hasattr(cell, "cells") else 0
    timesteps = np.arange(sequences.shape[1])
    return {
        "inputs": to_array(sequences),
        "mask": mask,
        "initial_state": tuple(to_array(state) for state in keras.tree.flatten(initial_state)),
        "hidden_states": steps.states[top],
        "cell_states": steps.states[1] if kind == "LSTM" else None,
        "gates": steps.gates,
        "pre_activations": steps.pre_activations,
        "timesteps": timesteps[::-1].copy() if layer.go_backwards else timesteps,
        "weights": steps.weights,
        "states": steps.states,
        "hidden_index": top,
        "cell": kind or type(cell).__name__,
        "return_sequences": bool(layer.return_sequences),
        "return_state": bool(layer.return_state),
        "go_backwards": bool(layer.go_backwards),
        "activation": _name_of(cell, "activation"),
        "recurrent_activation": _name_of(cell, "recurrent_activation"),
        "reset_after": bool(cell.reset_after) if kind == "GRU" else None,
    }


def _zeros(layer: Any, batch: int) -> list[Array]:
    """The zeros that a standard cell starts from, which TensorFlow would take its time to make.

    Empty where the layer or the cell has a start of its own.
    """
    own = any("get_initial_state" in vars(of) for of in (layer, layer.cell))
    inherited = type(layer).get_initial_state is _RNN.get_initial_state
    if own or not inherited or kind_of(layer.cell) is None:
        return []
    return [np.zeros((batch, units), layer.cell.compute_dtype) for units in layer.state_size]


def _name_of(cell: Any, argument: str) -> str:
    """Name of one of a cell's functions, `""` if it has none."""
    return str(getattr(getattr(cell, argument, None), "__name__", ""))


def _steps_mask(mask: Any, sequences: Any) -> Array | None:
    """The mask as `(batch, timesteps)` of bool; None if there is none, or one of another shape."""
    masks = [m for m in keras.tree.flatten(mask) if m is not None]
    if len(masks) != 1:
        return None
    array = to_array(masks[0]).astype(bool)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    return array if array.shape == tuple(sequences.shape[:2]) else None


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a layer was called on, in the shape in which it was written."""
    if args:
        return args[0] if len(args) == 1 else args
    tensors = {k: v for k, v in kwargs.items() if keras.ops.is_tensor(v) and k != "mask"}
    return next(iter(tensors.values())) if len(tensors) == 1 else tensors


def _arrays(values: Any) -> Any:
    return keras.tree.map_structure(lambda v: to_array(v) if hasattr(v, "shape") else v, values)


def _concrete(values: Any) -> bool:
    """Whether every tensor has a value: none is symbolic, of Keras or of a graph."""
    return all(
        hasattr(v, "numpy") if keras.ops.is_tensor(v) else not isinstance(v, keras.KerasTensor)
        for v in keras.tree.flatten(values)
    )
