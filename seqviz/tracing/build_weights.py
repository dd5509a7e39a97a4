"""Making the weights of what has never been called, and leaving everything else as it was."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras

from seqviz.tracing.arguments import Arguments
from seqviz.tracing.arrays import to_array
from seqviz.tracing.intercept import Listener, listening
from seqviz.tracing.records import is_reversed
from seqviz.tracing.refusals import bad_ids

_RNN = keras.layers.RNN
_lock = threading.RLock()  # two threads that build one layer would each make its weights


class NotBuiltError(BaseException):
    """A layer is about to be called that is not built. Neither Keras nor a model catches this."""

    def __init__(self, layer: keras.layers.Layer) -> None:
        super().__init__(f"{layer.name!r} is not built")
        self.layer = layer


def build(model: keras.layers.Layer, layer: keras.layers.Layer, arguments: Arguments) -> bool:
    """Build what is called in a model by calling it once, for real.

    Only that is sure to build any model: a pass by shapes alone fails for many, and then breaks
    Keras for the rest of the thread. What the call changes is put back: variables, the states of
    stateful layers, random generators, losses.

    Args:
        model: The model.
        layer: The layer that was found to be not built.
        arguments: For calling the model.

    Returns:
        Whether it was called: not if another thread has built the layer in the meantime.
    """
    with _lock:
        if layer.built:
            return False
        before = _snapshot(model)
        losses = {id(of): (list(of._losses), set(of._loss_ids)) for of in model._flatten_layers()}
        first = _FirstCall()
        try:
            with listening(first), unmarked(model):
                model(*arguments.positional, **arguments.named)
        except Exception as error:
            if first.error is not None:
                raise first.error from error
            raise
        finally:
            _restore(model, before, losses)
        return True


class _FirstCall(Listener):
    """Listens to a call only to explain ids that are outside a table."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def layer_call(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        try:
            return layer_call(layer, *args, **kwargs)
        except Exception:
            if args and not is_reversed(kwargs):
                self.error = self.error or bad_ids(layer, args[0])
            raise


def _state_variables(layer: Any) -> list[Any]:
    """The states of a stateful recurrent layer, which Keras does not count as its variables."""
    states = layer.states if isinstance(layer, _RNN) and layer.stateful else None
    return [] if states is None else keras.tree.flatten(states)


def _snapshot(model: keras.layers.Layer) -> dict[int, tuple[Any, Any]]:
    states = [v for layer in model._flatten_layers() for v in _state_variables(layer)]
    return {id(v): (v, to_array(v)) for v in [*model.variables, *states]}


def _restore(
    model: keras.layers.Layer,
    before: dict[int, tuple[Any, Any]],
    losses: dict[int, tuple[list[Any], set[int]]],
) -> None:
    for variable, value in before.values():
        variable.assign(value)
    # What the call has made starts as Keras would start it.
    for layer in model._flatten_layers():
        new = [v for v in _state_variables(layer) if id(v) not in before]
        if new:
            start = keras.tree.flatten(layer.get_initial_state(new[0].shape[0]))
            for variable, value in zip(new, start, strict=True):
                variable.assign(value)
        layer._losses[:], ids = losses.get(id(layer), ([], set()))
        layer._loss_ids.intersection_update(ids)
        for generator in getattr(layer, "_seed_generators", ()):
            seed = generator.get_config()["seed"]
            if seed is not None and id(generator.state) not in before:
                generator.state.assign([seed, 0])


class _Outermost:
    """Stands as the outermost layer call of this thread, with no layers inside.

    The outermost call is the one that Keras begins by dropping the losses of all layers inside.
    """

    def _clear_losses(self) -> None:
        pass


@contextmanager
def unmarked(model: keras.layers.Layer) -> Iterator[None]:
    """Call a model without the marks that being called leaves on its layers.

    These are the losses of the last call, which Keras would drop, and the note that a layer has
    been called, after which Keras takes no new call-context arguments for it.
    """
    called = [(layer, layer._called) for layer in model._flatten_layers()]
    outermost: Any = _Outermost()
    keras.layers.Layer._get_call_context(outermost)
    try:
        yield
    finally:
        keras.layers.Layer._maybe_reset_call_context(outermost)
        for layer, was_called in called:
            layer._called = was_called
