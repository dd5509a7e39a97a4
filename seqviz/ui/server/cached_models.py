"""Calls into the core that are worth remembering from one rerun to the next.

Every cache has a limit: a class of two hundred moves sliders all lesson long.
"""

from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from seqviz.cells import GATES
from seqviz.config import ModelConfig
from seqviz.models.keras_code import embedding_code, layers_code, model_code
from seqviz.models.stack_config import StackConfig
from seqviz.trace import EmbeddingTrace, RecurrentTrace, Trace
from seqviz.ui.server.cache import built, remembered


class EmbeddingRun(NamedTuple):
    """What an embedding layer did with one sentence."""

    trace: EmbeddingTrace
    parameters: int
    code: str


class ModelRun(NamedTuple):
    """What a model did with one sentence."""

    trace: Trace  # without the embedding where the recurrent layer is all that follows it
    recurrent: RecurrentTrace  # of the last recurrent layer
    parameters: int  # of the same layer
    code: str


def weights(config: ModelConfig | StackConfig) -> int:
    """About how many numbers a model of `config` has, were all its layers LSTMs."""
    if isinstance(config, StackConfig):
        widths = tuple(layer.units for layer in config.layers)
    else:
        widths = config.units
    directions = 2 if config.bidirectional else 1
    width = config.embedding_dim
    count = config.vocab_size * width
    for units in widths:
        count += 4 * directions * units * (width + units)
        width = directions * units
    return count


@built(weights)
def model_of(config: ModelConfig) -> Any:
    """The model of `config`, which its sentence does not change."""
    from seqviz.models.build import build_model

    return build_model(config)


def embedding_of(config: ModelConfig) -> Any:
    """The embedding layer of `config`; one for all configs that differ in other things."""
    return _embedding_of(
        ModelConfig(
            vocab_size=config.vocab_size,
            embedding_dim=config.embedding_dim,
            mask_zero=config.mask_zero,
            embeddings_initializer=config.embeddings_initializer,
            seed=config.seed,
        )
    )


@built(lambda config: config.vocab_size * config.embedding_dim)
def _embedding_of(config: ModelConfig) -> Any:
    from seqviz.models.build import build_embedding

    return build_embedding(config)


def vectors_of(config: ModelConfig, ids: ArrayLike) -> np.ndarray:
    """The rows that the embedding of `config` holds for ids: their shape, then the features.

    Taken from its table: calling the layer takes longer than all that is done with them.
    """
    (table,) = embedding_of(config).get_weights()
    return np.asarray(table)[np.asarray(ids)]


@remembered(lambda config, ids, _: (config.vocab_size + len(ids)) * config.embedding_dim)
def run_embedding(
    config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]
) -> EmbeddingRun:
    """Capture the embedding layer of `config` on one sentence."""
    from seqviz.tracing.capture import capture

    layer = embedding_of(config)
    trace = cast(EmbeddingTrace, capture(layer, np.array([ids], np.int32))["embedding"])
    return EmbeddingRun(trace, layer.count_params(), embedding_code(layer, ids, tokens))


def _numbers(config: ModelConfig, ids: tuple[int, ...], _: Any) -> int:
    """About how many: weights, what is read, and of an LSTM h, c, four gates before and after."""
    if not _is_one_layer(config):
        return weights(config) + 10 * sum(config.units) * len(ids)
    (units,) = config.units
    products = max(1, len(GATES[config.cell]))
    features = config.embedding_dim
    return products * units * (features + units + 1) + (features + 10 * units) * len(ids)


@remembered(_numbers)
def run_model(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> ModelRun:
    """Capture the model of `config` on one sentence."""
    from seqviz.tracing.capture import capture

    model, inputs, mask = _model_and_inputs(config, ids)
    trace = capture(model, inputs, mask=mask)
    *_, (name, recurrent) = (
        (name, layer) for name, layer in trace.items() if isinstance(layer, RecurrentTrace)
    )
    if _is_one_layer(config):
        code = layers_code(embedding_of(config), [model], ids, tokens)
        return ModelRun(trace, recurrent, model.count_params(), code)
    parameters = model.get_layer(name).count_params()
    return ModelRun(trace, recurrent, parameters, model_code(model, ids, tokens))


def _is_one_layer(config: ModelConfig) -> bool:
    """Whether a model is an embedding and one recurrent layer.

    Then the layer is run on the rows of the embedding's table. It has half of the weights to make,
    and nothing of the model but the embedding changes with the vocabulary: making all of it takes
    twice as long, which whoever moves a slider waits for.
    """
    return len(config.units) == 1 and config.head == "none" and not config.bidirectional


def recurrent_of(config: ModelConfig, name: str) -> Any:
    """The recurrent layer of that name of what `run_model` runs."""
    return first_recurrent_of(config) if _is_one_layer(config) else model_of(config).get_layer(name)


def first_recurrent_of(config: ModelConfig) -> Any:
    """The first recurrent layer of `config`; one for all that differ in the embedding only.

    Sessions share it, so it must not be called with `stateful`, nor its weights be set.
    """
    return _recurrent_of(
        replace(
            config,
            vocab_size=1,
            mask_zero=False,
            embeddings_initializer=ModelConfig.embeddings_initializer,
        )
    )


@built(weights)
def _recurrent_of(config: ModelConfig) -> Any:
    from seqviz.models.build import build_recurrent

    return build_recurrent(config)


def _model_and_inputs(config: ModelConfig, ids: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """What to run, on what, and under which mask."""
    batch = np.array([ids], np.int32)
    if not _is_one_layer(config):
        return model_of(config), batch, None
    mask = batch != 0 if config.mask_zero else None
    return first_recurrent_of(config), vectors_of(config, batch), mask


@remembered(1)
def verify_embedding(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of an embedding and Keras's own forward pass."""
    from seqviz.tracing.verify import verify

    run = run_embedding(config, ids, tokens)
    return verify(embedding_of(config), np.array([ids], np.int32), {"embedding": run.trace})


@remembered(1)
def verify_model(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of a model and Keras's own forward pass."""
    from seqviz.tracing.verify import verify

    run = run_model(config, ids, tokens)
    model, inputs, mask = _model_and_inputs(config, ids)
    difference = verify(model, inputs, run.trace, mask=mask, at_once=True)
    if not _is_one_layer(config):
        return difference
    # The rows were taken from the table, and the mask was made, without Keras: both are asked for.
    embedding, batch = embedding_of(config), np.array([ids], np.int32)
    kept = embedding.compute_mask(batch)
    if (kept is None) != (mask is None) or not np.array_equal(np.asarray(kept), np.asarray(mask)):
        return np.inf
    return max(difference, float(np.abs(np.asarray(embedding(batch)) - inputs).max()))
