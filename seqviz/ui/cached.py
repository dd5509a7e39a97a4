"""Calls into the core that are worth remembering from one rerun to the next.

Every cache has a limit: a class of two hundred moves sliders all lesson long.
"""

from typing import Any, NamedTuple, cast

import numpy as np
import streamlit as st

import seqviz
from seqviz import EmbeddingTrace, ModelConfig, RecurrentTrace, Trace
from seqviz.code import embedding_code, model_code


class EmbeddingRun(NamedTuple):
    """What an embedding layer did with one sentence."""

    trace: EmbeddingTrace
    parameters: int
    code: str


class ModelRun(NamedTuple):
    """What a model did with one sentence."""

    trace: Trace
    recurrent: RecurrentTrace  # of the last recurrent layer
    parameters: int  # of the same layer
    code: str


# What one sentence gave is remembered generously where it is small: a class moves the same few
# sliders from the same defaults, and each setting is then computed once.
_SMALL = 10_000  # numbers, 40 kB
_MANY, _FEW = 256, 8


# Only as many models as one rerun needs: each is thousands of objects for the garbage collector.
@st.cache_resource(max_entries=2, show_spinner=False)
def model_of(config: ModelConfig) -> Any:
    """The model of `config`, which its sentence does not change."""
    return seqviz.build_model(config)


@st.cache_resource(max_entries=2, show_spinner=False)
def embedding_of(config: ModelConfig) -> Any:
    """The embedding layer of `config`."""
    from seqviz.models import build_embedding

    return build_embedding(config)


def run_embedding(
    config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]
) -> EmbeddingRun:
    """Capture the embedding layer of `config` on one sentence."""
    is_small = (config.vocab_size + len(ids)) * config.embedding_dim <= _SMALL
    return (_small_embedding if is_small else _large_embedding)(config, ids, tokens)


@st.cache_resource(max_entries=_MANY, show_spinner=False)
def _small_embedding(*what: Any) -> EmbeddingRun:
    return _run_embedding(*what)


@st.cache_resource(max_entries=_FEW, show_spinner=False)
def _large_embedding(*what: Any) -> EmbeddingRun:
    return _run_embedding(*what)


def _run_embedding(
    config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]
) -> EmbeddingRun:
    layer = embedding_of(config)
    trace = cast(EmbeddingTrace, seqviz.capture(layer, np.array([ids], np.int32))["embedding"])
    return EmbeddingRun(trace, layer.count_params(), embedding_code(layer, ids, tokens))


def run_model(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> ModelRun:
    """Capture the model of `config` on one sentence."""
    states = 10 * sum(config.units) * len(ids)  # an LSTM's: h, c, four gates before and after
    is_small = config.vocab_size * config.embedding_dim + states <= _SMALL
    return (_small_run if is_small else _large_run)(config, ids, tokens)


@st.cache_resource(max_entries=_MANY, show_spinner=False)
def _small_run(*what: Any) -> ModelRun:
    return _run_model(*what)


@st.cache_resource(max_entries=_FEW, show_spinner=False)
def _large_run(*what: Any) -> ModelRun:
    return _run_model(*what)


def _run_model(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> ModelRun:
    model = model_of(config)
    trace = seqviz.capture(model, np.array([ids], np.int32))
    *_, (name, recurrent) = (
        (name, layer) for name, layer in trace.items() if isinstance(layer, RecurrentTrace)
    )
    parameters = model.get_layer(name).count_params()
    return ModelRun(trace, recurrent, parameters, model_code(model, ids, tokens))


@st.cache_data(max_entries=512, show_spinner=False)
def verify_embedding(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of an embedding and Keras's own forward pass."""
    run = run_embedding(config, ids, tokens)
    return seqviz.verify(embedding_of(config), np.array([ids], np.int32), {"embedding": run.trace})


@st.cache_data(max_entries=512, show_spinner=False)
def verify_model(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of a model and Keras's own forward pass."""
    run = run_model(config, ids, tokens)
    return seqviz.verify(model_of(config), np.array([ids], np.int32), run.trace)
