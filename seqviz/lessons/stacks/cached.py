"""Cached calls of the pages on stacks and on outputs."""

from typing import Any, NamedTuple

import numpy as np

from seqviz.models.stack_config import StackConfig
from seqviz.trace import Trace
from seqviz.ui.server.cache import built, remembered
from seqviz.ui.server.cached_models import weights


class StackRun(NamedTuple):
    """What a stack, or as much of it as Keras accepts, did with one sentence."""

    trace: Trace
    names: tuple[str, ...]  # of all layers, the refused ones too
    refused: int | None
    error: str
    parameters: tuple[int, ...]  # of the layers that were accepted
    code: str


@built(weights)
def stack_of(config: StackConfig) -> Any:
    """As much of a stack as Keras accepts, which its sentence does not change."""
    from seqviz.models.build_stack import build_until_refused

    return build_until_refused(config)


def _numbers(config: StackConfig, ids: tuple[int, ...], _: Any) -> int:
    """About how many: of the table, and of each LSTM its h, c and four gates before and after."""
    directions = 2 if config.bidirectional else 1
    units = directions * sum(layer.units for layer in config.layers)
    return config.vocab_size * config.embedding_dim + 10 * units * len(ids)


@remembered(_numbers)
def run_stack(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> StackRun:
    """Capture the stack of `config` on one sentence."""
    from seqviz.lessons.stacks.code import stack_code
    from seqviz.tracing.capture import capture

    built = stack_of(config)
    accepted = built.names[: built.refused]
    return StackRun(
        capture(built.model, np.array([ids], np.int32)),
        built.names,
        built.refused,
        built.error,
        tuple(built.model.get_layer(name).count_params() for name in accepted),
        stack_code(config, built, ids, tokens),
    )


@remembered(1)
def verify_stack(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of a stack and Keras's own forward pass."""
    from seqviz.tracing.verify import verify

    run = run_stack(config, ids, tokens)
    return verify(stack_of(config).model, np.array([ids], np.int32), run.trace, at_once=True)


@remembered(1)
def compare_ends(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> Any:
    """Where the last of each direction stands in the sequence, by Keras alone."""
    from seqviz.lessons.stacks import with_keras

    run = run_stack(config, ids, tokens)
    return with_keras.compare_ends(config, run.trace["embedding"].output)
