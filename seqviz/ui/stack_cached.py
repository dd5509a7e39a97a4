"""Cached calls of the pages on stacks and on outputs."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

import seqviz
from seqviz import ModelConfig, StackConfig, Trace


class StackRun(NamedTuple):
    """What a stack, or as much of it as Keras accepts, did with one sentence."""

    trace: Trace
    names: tuple[str, ...]  # of all layers, the refused ones too
    refused: int | None
    error: str
    parameters: tuple[int, ...]  # of the layers that were accepted
    code: str


@st.cache_resource(max_entries=2, show_spinner=False)
def stack_of(config: StackConfig) -> Any:
    """As much of a stack as Keras accepts, which its sentence does not change."""
    from seqviz.stack_models import build_until_refused

    return build_until_refused(config)


@st.cache_resource(max_entries=16, show_spinner=False)
def run_stack(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> StackRun:
    """Capture the stack of `config` on one sentence."""
    from seqviz.stack_code import stack_code

    built = stack_of(config)
    accepted = built.names[: built.refused]
    return StackRun(
        seqviz.capture(built.model, np.array([ids], np.int32)),
        built.names,
        built.refused,
        built.error,
        tuple(built.model.get_layer(name).count_params() for name in accepted),
        stack_code(config, built, ids, tokens),
    )


@st.cache_data(max_entries=512, show_spinner=False)
def verify_stack(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> float:
    """Largest difference between the picture of a stack and Keras's own forward pass."""
    run = run_stack(config, ids, tokens)
    return seqviz.verify(stack_of(config).model, np.array([ids], np.int32), run.trace)


@st.cache_data(max_entries=512, show_spinner=False)
def compare_ends(config: StackConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> Any:
    """Where the last of each direction stands in the sequence, by Keras alone."""
    from seqviz import output_proofs

    run = run_stack(config, ids, tokens)
    return output_proofs.compare_ends(config, run.trace["embedding"].output)


@st.cache_data(max_entries=512, show_spinner=False)
def compare_settings(config: ModelConfig, _vectors: Any, ids: tuple[int, ...]) -> Any:
    """What the layer returns under all settings; `_vectors` are those of `ids`."""
    from seqviz import output_proofs

    return output_proofs.compare_settings(config, _vectors)


@st.cache_data(max_entries=512, show_spinner=False)
def compare_heads(config: ModelConfig, _sequence: Any, ids: tuple[int, ...]) -> float:
    """How far Dense and TimeDistributed(Dense) are apart; `_sequence` is that of `ids`."""
    from seqviz import output_proofs

    return output_proofs.compare_heads(config, _sequence)


@st.cache_data(max_entries=64, show_spinner=False)
def refusal(config: ModelConfig, what: str) -> str:
    """Keras's own words against ``"sequential"`` or ``"time_distributed"``."""
    from seqviz import output_proofs

    if what == "sequential":
        return output_proofs.sequential_refusal(config)
    return output_proofs.time_distributed_refusal(config)
