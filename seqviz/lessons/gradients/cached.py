"""Cached calls of the pages on what flows through a recurrent layer; each cache has a limit."""

from typing import Any, NamedTuple, cast

import numpy as np

import seqviz
from seqviz import ModelConfig, RecurrentTrace
from seqviz.cells import GATES
from seqviz.lessons.gradients.code import gradients_code
from seqviz.lessons.gradients.data import Gradients
from seqviz.lessons.gradients.words import radii_text
from seqviz.ui.server import cached_models as cached
from seqviz.ui.server.cache import built, remembered


class Adjusted(NamedTuple):
    """A layer to build, and how to set its weights then."""

    config: ModelConfig
    radius: float | None  # of the recurrent kernel; None leaves it
    gate_bias: int


class GradientsRun(NamedTuple):
    """What flows back through a layer on one sentence."""

    trace: RecurrentTrace
    data: Gradients
    parameters: int
    radii: str
    code: str


@built(lambda adjusted: cached.weights(adjusted.config))
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


def _numbers(adjusted: Adjusted, ids: tuple[int, ...], *_: Any) -> int:
    """About how many one run holds: all that an LSTM computes at a timestep, and its gradients."""
    return 15 * sum(adjusted.config.units) * len(ids)


@remembered(_numbers)
def run_gradients(
    adjusted: Adjusted,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    output: str | int,
    step: int,
) -> GradientsRun:
    """Capture the layer on one sentence, and go back through it."""
    from seqviz.models.recurrent_weights import spectral_radii

    layer = layer_of(adjusted)
    trace = _captured(layer, cached.vectors_of(adjusted.config, [ids]))
    kernel = trace.weights["recurrent_kernel"]
    return GradientsRun(
        trace,
        seqviz.compute_gradients(layer, trace, output=output, step=step),
        layer.count_params(),
        radii_text(spectral_radii(kernel), GATES[trace.cell]),
        gradients_code(
            cached.embedding_of(adjusted.config),
            layer,
            ids,
            tokens,
            output=output,
            step=step,
            radius=adjusted.radius,
            gate_bias=adjusted.gate_bias,
        ),
    )


@remembered(1)
def verify_gradients(
    adjusted: Adjusted,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    output: str | int,
    step: int,
) -> float:
    """Largest difference from what TensorFlow's tape makes, step by step, of Keras's own cell."""
    run = run_gradients(adjusted, ids, tokens, output, step)
    return seqviz.verify_gradients(layer_of(adjusted), run.trace, run.data, at_once=True)


def _captured(layer: Any, vectors: np.ndarray) -> RecurrentTrace:
    (trace,) = seqviz.capture(layer, vectors).values()
    return cast(RecurrentTrace, trace)
