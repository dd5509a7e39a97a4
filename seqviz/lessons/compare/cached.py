"""What the lesson keeps from one rerun to the next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from seqviz.config import CELLS
from seqviz.lessons.compare.code import memory_code
from seqviz.lessons.compare.compute import Memory, compute_memory
from seqviz.trace import RecurrentTrace
from seqviz.ui.server import cached_models
from seqviz.ui.server.adjusted_layers import Adjusted, capture_one, count_numbers, layer_of
from seqviz.ui.server.cache import remembered


class MemoryRun(NamedTuple):
    """What several layers make of two sentences."""

    traces: Mapping[str, RecurrentTrace]
    data: tuple[Memory, ...]
    code: str


# Three cells read two sentences.
@remembered(lambda *what: 6 * count_numbers(*what))
def run_memory(
    adjusted: Adjusted, ids: tuple[int, ...], changed: tuple[int, ...], tokens: tuple[str, ...]
) -> MemoryRun:
    """Capture each kind of layer on two sentences."""
    each = {cell: _with_cell(adjusted, cell) for cell in CELLS}
    layers = {cell: layer_of(one) for cell, one in each.items()}
    vectors = cached_models.vectors_of(adjusted.config, [ids, changed])
    traces = {cell: capture_one(layer, vectors) for cell, layer in layers.items()}
    return MemoryRun(
        traces,
        tuple(compute_memory(trace) for trace in traces.values()),
        memory_code(
            cached_models.embedding_of(adjusted.config),
            layers,
            ids,
            changed,
            tokens,
            radius=adjusted.radius,
            gate_bias=adjusted.gate_bias,
        ),
    )


@remembered(1)
def verify_memory(
    adjusted: Adjusted, ids: tuple[int, ...], changed: tuple[int, ...], tokens: tuple[str, ...]
) -> float:
    """Largest difference from what Keras's own cells make of each state, over the three layers."""
    from seqviz.tracing.verify import verify

    run = run_memory(adjusted, ids, changed, tokens)
    layers = {cell: layer_of(_with_cell(adjusted, cell)) for cell in run.traces}
    return max(
        verify(layers[cell], trace.inputs, {trace.name: trace}, at_once=True)
        for cell, trace in run.traces.items()
    )


def _with_cell(adjusted: Adjusted, cell: str) -> Adjusted:
    return adjusted._replace(config=replace(adjusted.config, cell=cell))
