"""What the page on gathering and multiplying remembers from one rerun to the next."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from seqviz.config import ModelConfig
from seqviz.lessons.gather.code import gather_code
from seqviz.lessons.gather.compute import GatherOrMultiply, gather
from seqviz.lessons.gather.costs import LookupTimes
from seqviz.ui.server.cache import remembered
from seqviz.ui.server.cached_models import embedding_of

TIMED_IDS = 32  # a small batch; its one-hot rows of 100,000 columns take 13 MB
WIDEST = 32  # features on this page: 100,000 rows to be timed take 13 MB too


class GatherRun(NamedTuple):
    """One sentence looked up in three ways."""

    data: GatherOrMultiply
    difference: float  # the largest of any way, NumPy's included, to the Embedding layer
    code: str


# The table, and the rows of zeros and ones that it is multiplied by.
@remembered(lambda config, ids, _: config.vocab_size * (config.embedding_dim + len(ids)))
def run_gather(config: ModelConfig, ids: tuple[int, ...], tokens: tuple[str, ...]) -> GatherRun:
    """Look one sentence up in three ways with real Keras."""
    from seqviz.lessons.gather.with_keras import compute_gather_or_multiply

    layer = embedding_of(config)
    data = compute_gather_or_multiply(layer, ids)
    ours = np.abs(gather(data.weights, data.ids) - data.gathered).max(initial=0)
    return GatherRun(data, max(data.difference, float(ours)), gather_code(layer, ids, tokens))


@st.cache_data(max_entries=16, ttl=30, show_spinner="Measuring …")
def measure(timesteps: int, embedding_dim: int) -> LookupTimes:
    """Time both ways for less than a second; a class that presses together measures once."""
    from seqviz.lessons.gather.timing import measure_lookup

    return measure_lookup(timesteps, embedding_dim, seconds=0.6)
