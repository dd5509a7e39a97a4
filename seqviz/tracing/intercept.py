"""Listening to the layer calls of one thread, for a while.

Keras has no hook that can look into a layer, so two methods of its classes are wrapped:
`Layer.__call__`, to see each call, and `RNN.call`, to go through the sequence ourselves. The
wrappers act only in contexts that listen; every other thread runs straight through them, and they
are taken off when the last listener leaves. Layers and models themselves are never changed.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras

_Layer = keras.layers.Layer
_RNN = keras.layers.RNN


class Listener:
    """What is called in place of the two methods, with Keras's own as the first argument.

    This one leaves both to Keras.
    """

    def layer_call(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Stand in for `Layer.__call__`."""
        return layer_call(layer, *args, **kwargs)

    def rnn_call(
        self,
        rnn_call: Callable[..., Any],
        layer: Any,
        sequences: Any,
        initial_state: Any,
        mask: Any,
        training: Any,
    ) -> Any:
        """Stand in for `RNN.call`."""
        return rnn_call(layer, sequences, initial_state, mask, training)


_listener: ContextVar[Listener | None] = ContextVar("seqviz_listener", default=None)
_lock = threading.Lock()
_listening_now = 0
_originals: tuple[Any, Any] | None = None


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let a listener take the layer calls of this context."""
    global _listening_now
    with _lock:
        if not _listening_now:
            _wrap()
        _listening_now += 1
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
        with _lock:
            _listening_now -= 1
            if not _listening_now:
                _unwrap()


def _wrap() -> None:
    global _originals
    layer_call, rnn_call = _Layer.__call__, _RNN.call
    _originals = (layer_call, rnn_call)

    # Layers made meanwhile read these signatures, so they must look like Keras's.
    @functools.wraps(layer_call)
    def heard_layer_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        listener = _listener.get()
        if listener is None:
            return layer_call(self, *args, **kwargs)
        return listener.layer_call(layer_call, self, args, kwargs)

    @functools.wraps(rnn_call)
    def heard_rnn_call(
        self: Any,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: Any = False,
    ) -> Any:
        listener = _listener.get()
        if listener is None:
            return rnn_call(self, sequences, initial_state, mask, training)
        return listener.rnn_call(rnn_call, self, sequences, initial_state, mask, training)

    _Layer.__call__ = heard_layer_call
    _RNN.call = heard_rnn_call


def _unwrap() -> None:
    global _originals
    if _originals is not None:
        _Layer.__call__, _RNN.call = _originals
    _originals = None
