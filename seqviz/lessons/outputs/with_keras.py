"""What real Keras layers say to claims about outputs: differences, and Keras's own errors."""

from collections.abc import Callable
from typing import Any, NamedTuple

import keras

from seqviz.array_types import Floats
from seqviz.config import ModelConfig
from seqviz.errors import SeqvizError
from seqviz.models.build import build_head, recurrent_layer
from seqviz.tracing.arrays import largest_gap, to_array
from seqviz.tracing.watch import call_as


class Settings(NamedTuple):
    """What one recurrent layer returns under `return_sequences` × `return_state`.

    Attributes:
        shapes: ``shapes[return_sequences, return_state]``: name and shape of all that is returned.
        last_of_seq: Largest difference between `seq[:, -1]` and the output without
            `return_sequences`; 0 unless Keras changes.
        last_is_h: The same between that output and `h_T`.
    """

    shapes: dict[tuple[bool, bool], tuple[tuple[str, tuple[int, ...]], ...]]
    last_of_seq: float
    last_is_h: float


def compare_settings(layer: keras.layers.RNN, vectors: Floats) -> Settings:
    """Have Keras's own loop go through a recurrent layer as if its settings were others.

    Args:
        layer: Built, a SimpleRNN, GRU or LSTM that reads forwards; left alone.
        vectors: ``(1, timesteps, features)``, what it reads.
    """
    last = to_array(call_as(layer, vectors, return_sequences=False, return_state=False))
    seq, *states = map(to_array, call_as(layer, vectors, return_sequences=True, return_state=True))
    ends = tuple(zip(("h_T", "c_T"), (s.shape for s in states), strict=False))
    shapes = {
        (sequences, with_state): (
            ("seq", seq.shape) if sequences else ("output", last.shape),
            *(ends if with_state else ()),
        )
        for sequences in (False, True)
        for with_state in (False, True)
    }
    return Settings(shapes, largest_gap(seq[:, -1], last), largest_gap(states[0], last))


def compare_heads(config: ModelConfig, sequence: Floats) -> float:
    """Largest difference between `Dense` and `TimeDistributed(Dense)`, same weights, by Keras.

    Args:
        config: Its `classes`, `head_activation` and `seed` are used.
        sequence: ``(1, timesteps, units)``, what both are given.
    """
    dense = build_head(config)
    distributed = keras.layers.TimeDistributed(dense, name="time_distributed")
    return largest_gap(to_array(dense(sequence)), to_array(distributed(sequence)))


def sequential_refusal(config: ModelConfig) -> str:
    """What Keras says to a `Sequential` in which `Dense` follows a layer with `return_state`."""
    return _refusal(
        lambda: keras.Sequential(
            [
                keras.Input((None, config.embedding_dim), name="vectors"),
                recurrent_layer(
                    config, config.units[0], role="recurrent/0", name="layer", return_state=True
                ),
                build_head(config),
            ],
            name="sequential",
        )
    )


def time_distributed_refusal(config: ModelConfig) -> str:
    """What Keras says to `TimeDistributed` after a layer that returns no sequence."""
    last = keras.KerasTensor((None, config.units[0]), name="last")
    return _refusal(
        lambda: keras.layers.TimeDistributed(build_head(config), name="time_distributed")(last)
    )


def _refusal(build: Callable[[], Any]) -> str:
    try:
        build()
    except ValueError as error:
        return str(error)
    raise SeqvizError(
        "Keras was expected to refuse this model, but built it. Hint: this release of Keras may "
        "have learnt to do so; the lesson needs a new look."
    )
