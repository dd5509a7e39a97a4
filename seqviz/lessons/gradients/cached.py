"""Cached calls of the pages on what flows through a recurrent layer; each cache has a limit."""

from typing import NamedTuple

from seqviz.cells import GATES
from seqviz.lessons.gradients.code import gradients_code
from seqviz.lessons.gradients.data import Gradients
from seqviz.lessons.gradients.words import radii_text
from seqviz.trace import RecurrentTrace
from seqviz.ui.server import cached_models
from seqviz.ui.server.adjusted_layers import Adjusted, capture_one, count_numbers, layer_of
from seqviz.ui.server.cache import remembered


class GradientsRun(NamedTuple):
    """What flows back through a layer on one sentence."""

    trace: RecurrentTrace
    data: Gradients
    parameters: int
    radii: str
    code: str


@remembered(count_numbers)
def run_gradients(
    adjusted: Adjusted,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    output: str | int,
    step: int,
) -> GradientsRun:
    """Capture the layer on one sentence, and go back through it."""
    from seqviz.lessons.gradients.compute import compute_gradients
    from seqviz.models.recurrent_weights import spectral_radii

    layer = layer_of(adjusted)
    trace = capture_one(layer, cached_models.vectors_of(adjusted.config, [ids]))
    kernel = trace.weights["recurrent_kernel"]
    return GradientsRun(
        trace,
        compute_gradients(layer, trace, output=output, step=step - 1),
        layer.count_params(),
        radii_text(spectral_radii(kernel), GATES[trace.cell]),
        gradients_code(
            cached_models.embedding_of(adjusted.config),
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
    from seqviz.lessons.gradients.verify import verify_gradients

    run = run_gradients(adjusted, ids, tokens, output, step)
    return verify_gradients(layer_of(adjusted), run.trace, run.data, at_once=True)
