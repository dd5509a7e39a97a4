"""Following the layer calls of a model, numbered in their order, which is the same every time."""

from collections.abc import Callable
from typing import Any

import keras

from seqviz.tracing.intercept import Listener
from seqviz.tracing.records import is_concrete, is_reversed
from seqviz.tracing.time_distributed import is_opened, with_steps, without_marks


class Calls(Listener):
    """A listener that leaves to a subclass what layers are given."""

    def __init__(self) -> None:
        self._begun = 0
        self._silent = False

    def layer_call(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Number a call, and have lookups and masks done by the subclass."""
        if self._silent or not is_concrete((args, kwargs)):
            return layer_call(layer, *args, **kwargs)
        number, self._begun = self._begun, self._begun + 1
        return self.numbered(number, layer_call, layer, args, kwargs)

    def numbered(
        self,
        number: int,
        layer_call: Callable[..., Any],
        layer: Any,
        args: tuple[Any, ...],
        kwargs: dict,
    ) -> Any:
        """Do a call that has a number."""
        if is_opened(layer):
            return self.by_timesteps(layer_call, layer, args, kwargs)
        if isinstance(layer, keras.layers.Embedding) and not is_reversed(kwargs):
            do = self.lookup
        elif isinstance(layer, keras.layers.Masking):
            do = self.masking
        else:
            return layer_call(layer, *args, **kwargs)
        self._silent = True  # what such a layer calls inside belongs to it
        try:
            return do(layer_call, layer, args, kwargs)
        finally:
            self._silent = False

    def lookup(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Do a call of an Embedding."""
        raise NotImplementedError

    def masking(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Do a call of a Masking layer."""
        raise NotImplementedError

    def by_timesteps(
        self, layer_call: Callable[..., Any], layer: Any, args: tuple[Any, ...], kwargs: dict
    ) -> Any:
        """Do a call of a TimeDistributed layer, each outer timestep as a call of what it wraps."""

        def step(wrapped: Any, timestep: int, *step_args: Any, **step_kwargs: Any) -> Any:
            self.begin_timestep()
            return self.layer_call(without_marks, wrapped, step_args, step_kwargs)

        return layer_call(with_steps(layer, step), *args, **kwargs)

    def begin_timestep(self) -> None:
        """An outer timestep begins."""

    def rnn_call(
        self,
        rnn_call: Callable[..., Any],
        layer: Any,
        sequences: Any,
        initial_state: Any,
        mask: Any,
        training: Any,
    ) -> Any:
        """Leave a recurrent layer's loop over timesteps to Keras."""
        was_silent, self._silent = self._silent, True  # its cell is called once a timestep
        try:
            return rnn_call(layer, sequences, initial_state, mask, training)
        finally:
            self._silent = was_silent
