"""Recurrent layers with changed weights, kept for all sessions."""

from typing import Any, NamedTuple, cast

import numpy as np

from seqviz.config import ModelConfig
from seqviz.trace import RecurrentTrace
from seqviz.ui.server import cached_models
from seqviz.ui.server.cache import built


class Adjusted(NamedTuple):
    """A layer to build, and how to set its weights then."""

    config: ModelConfig
    radius: float | None  # of the recurrent kernel; None leaves it
    gate_bias: int


@built(lambda adjusted: cached_models.weights(adjusted.config))
def layer_of(adjusted: Adjusted) -> Any:
    """The recurrent layer, built and with its weights set."""
    # Inside, as everything that imports Keras: a page says so if that fails.
    from seqviz.models.build import build_recurrent
    from seqviz.models.recurrent_weights import add_gate_bias, set_spectral_radius

    layer = build_recurrent(adjusted.config)
    if adjusted.radius is not None:
        set_spectral_radius(layer, adjusted.radius)
    if adjusted.gate_bias:
        add_gate_bias(layer, adjusted.gate_bias)
    return layer


def count_numbers(adjusted: Adjusted, ids: tuple[int, ...], *_: Any) -> int:
    """About how many one run holds: all that an LSTM computes at a timestep, and its gradients."""
    return 15 * sum(adjusted.config.units) * len(ids)


def capture_one(layer: Any, vectors: np.ndarray) -> RecurrentTrace:
    """The trace of a layer called by itself on `vectors` ``(batch, timesteps, features)``."""
    from seqviz.tracing.capture import capture

    (trace,) = capture(layer, vectors).values()
    return cast(RecurrentTrace, trace)
