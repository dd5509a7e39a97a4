"""The cached calls of the page about states: arrays and text only, since its layers keep state.

A layer that is stateful must never be shared between sessions, so none is cached here: each
computation makes its own, and drops it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.config import ModelConfig
from seqviz.lessons.state.compute import Dropped, Runs
from seqviz.ui.server import cached_models
from seqviz.ui.server.cache import kept, remembered


class RunsAndCode(NamedTuple):
    """What was computed, the inputs it was computed of, and the code that does the same."""

    data: Runs
    inputs: Floats  # (timesteps, features)
    code: str


class DroppedAndCode(NamedTuple):
    """The same with dropout."""

    data: Dropped
    code: str


def _numbers(config: ModelConfig, ids: tuple[int, ...], *_: Any) -> int:
    """About how many one run holds: h, c, and with dropout the gates, of two runs."""
    return 12 * sum(config.units) * len(ids)


@remembered(_numbers)
def stateful(
    config: ModelConfig,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    chunk_length: int,
    resets: tuple[int, ...],
) -> RunsAndCode:
    """Feed a sentence in chunks."""
    from seqviz.lessons.state.code import stateful_code
    from seqviz.lessons.state.with_keras import compute_stateful

    embedding, layer, inputs, mask = _layers(config, ids)
    data = compute_stateful(layer, inputs, chunk_length=chunk_length, resets=resets, mask=mask)
    code = stateful_code(embedding, layer, ids, tokens, chunk_length=chunk_length, resets=resets)
    return RunsAndCode(data, inputs, code)


@remembered(_numbers)
def initial_state(
    config: ModelConfig,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    states: tuple[tuple[float, ...], ...],
) -> RunsAndCode:
    """Start a sentence from given states."""
    from seqviz.lessons.state.code import initial_state_code
    from seqviz.lessons.state.with_keras import compute_initial_state

    embedding, layer, inputs, mask = _layers(config, ids)
    data = compute_initial_state(
        layer, inputs, [np.array(s, np.float32) for s in states], mask=mask
    )
    return RunsAndCode(data, inputs, initial_state_code(embedding, layer, ids, tokens, states))


@remembered(1)
def difference_from_keras(
    config: ModelConfig, ids: tuple[int, ...], settings: tuple[Any, ...], _runs: Runs
) -> float:
    """How far `_runs` are from what Keras's own layers return.

    Args:
        config: Of the layer.
        ids: Of the sentence.
        settings: What else the runs were made of.
        _runs: From `stateful` or `initial_state`.
    """
    from seqviz.lessons.state import with_keras

    _, layer, inputs, mask = _layers(config, ids)
    return with_keras.difference_from_keras(layer, inputs, _runs, mask=mask)


@remembered(_numbers)
def dropped(
    config: ModelConfig,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    dropout: float,
    recurrent_dropout: float,
    call: int,
) -> DroppedAndCode:
    """Read a sentence with dropout."""
    from seqviz.lessons.state.code import dropout_code
    from seqviz.lessons.state.dropout_with_keras import compute_dropout

    embedding, layer, inputs, _ = _layers(config, ids)
    data = compute_dropout(
        layer,
        inputs,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        seed=config.seed,
        call=call,
    )
    code = dropout_code(
        embedding,
        layer,
        ids,
        tokens,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        seed=config.seed,
        call=call,
    )
    return DroppedAndCode(data, code)


@kept(4)
def old_tutorial_messages(cell: str) -> tuple[str, str]:
    """What Keras itself says to what old tutorials do."""
    from seqviz.lessons.state import with_keras

    return with_keras.old_tutorial_messages(cell)


def _layers(
    config: ModelConfig, ids: tuple[int, ...]
) -> tuple[Any, Any, Floats, NDArray[np.bool_] | None]:
    """The embedding and recurrent layer of `config`, what the latter reads, and the mask."""
    embedding = cached_models.embedding_of(config)
    mask = np.array(ids) != 0 if config.mask_zero else None
    return (
        embedding,
        cached_models.first_recurrent_of(config),
        cached_models.vectors_of(config, ids),
        mask,
    )
