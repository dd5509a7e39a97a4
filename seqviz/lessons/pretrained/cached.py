"""What the page on pretrained vectors remembers from one rerun to the next."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import streamlit as st

from seqviz.config import ModelConfig
from seqviz.lessons.pretrained.code import filling_code
from seqviz.lessons.pretrained.compute import Filling, compute_filling
from seqviz.lessons.pretrained.fine_tuning import MAX_STEPS, BothWays, compute_tuning
from seqviz.lessons.pretrained.upload import Loaded
from seqviz.plotly_kit.palette import token_colors
from seqviz.training.control import Control
from seqviz.ui.server.cached_models import embedding_of
from seqviz.ui.server.trainings import train_briefly
from seqviz.vectors.fill_embedding import fill_embedding
from seqviz.vectors.neighbours import Neighbours, nearest
from seqviz.vectors.projection import Projection, compute_projection, project
from seqviz.vectors.record import FilledEmbedding
from seqviz.vocabulary import Vocabulary

MAX_POINTS = 600  # words of the file on the map
_ONE: Final[dict[str | type[Any], Callable[[Any], Any]]] = {Loaded: lambda loaded: loaded.digest}


class FilledRun(NamedTuple):
    """A real Keras layer that was filled from a file."""

    filled: FilledEmbedding
    picture: Filling
    output: np.ndarray  # (1, timesteps, dim), what the layer gives
    difference: float  # between its rows and the matrix
    parameters: int
    code: str


class WordMap(NamedTuple):
    """The file's words and the layer's rows on one map."""

    data: Projection
    before: np.ndarray
    words: tuple[str, ...]
    colors: tuple[str | None, ...]
    query: int | None
    neighbours: tuple[int, ...]
    marked: tuple[int, ...]


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_ONE)
def fill(
    loaded: Loaded,
    entries: tuple[str, ...],
    ids: tuple[int, ...],
    initializer: str,
    seed: int,
    trainable: bool,
) -> FilledRun:
    """Fill a layer with a row for each word of the sentence, and look the sentence up."""
    import keras

    vocabulary = Vocabulary(len(entries) + 2, entries)
    filled = fill_embedding(vocabulary, loaded.vectors, initializer=initializer, seed=seed)
    size, dim = filled.matrix.shape
    layer: Any = keras.layers.Embedding(
        size,
        dim,
        embeddings_initializer=keras.initializers.Constant(filled.matrix),
        trainable=trainable,
        name="embedding",
    )
    output = np.array(layer(np.array([ids], np.int32)))
    difference = float(np.abs(output[0] - filled.matrix[list(ids)]).max(initial=0))
    config = ModelConfig(
        vocab_size=size, embedding_dim=dim, embeddings_initializer=initializer, seed=seed
    )
    return FilledRun(
        filled,
        compute_filling(filled, loaded.vectors),
        output,
        difference,
        layer.count_params(),
        filling_code(embedding_of(config), filled, ids, trainable=trainable),
    )


@st.cache_resource(max_entries=8, show_spinner="Training …", hash_funcs=_ONE)
def tune(
    loaded: Loaded,
    _filled: FilledEmbedding,
    what: tuple[Any, ...],
    ids: tuple[int, ...],
    learning_rate: float,
) -> BothWays:
    """Train twice, frozen and not, for as many steps as the page offers. `what` tells layers apart."""

    def train(control: Control) -> BothWays:
        return BothWays(
            *(
                compute_tuning(
                    _filled.matrix, ids, trainable=on, steps=MAX_STEPS, learning_rate=learning_rate
                )
                for on in (False, True)
            )
        )

    return train_briefly(("pretrained", loaded.digest, what, ids, learning_rate), train)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=_ONE)
def near(loaded: Loaded, word: str, k: int) -> Neighbours:
    """The neighbours of a word of the file."""
    return nearest(loaded.vectors, word, k=k)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_ONE)
def _projection(loaded: Loaded, keep: tuple[int, ...]) -> Projection:
    return compute_projection(loaded.vectors, max_rows=MAX_POINTS, keep=keep)


def word_map(
    loaded: Loaded, filled: FilledEmbedding, rows: np.ndarray, neighbours: Neighbours | None
) -> WordMap:
    """Put the file's words and the layer's `rows` (as trained so far) on one map."""
    near = [] if neighbours is None else neighbours.rows.tolist()
    query = None if neighbours is None else neighbours.query
    copied = [source for source in filled.sources.tolist() if source >= 0]
    keep = tuple(sorted({*copied, *near, *([] if query is None else [query])}))
    few = len(loaded.vectors) <= MAX_POINTS
    base = _projection(loaded, () if few else keep)
    place = {row: i for i, row in enumerate(base.rows.tolist())}
    start = project(base, filled.matrix[2:])
    count = len(place)
    points = np.concatenate([base.points, project(base, rows[2:])])
    # A word that the layer has is written once, at the layer's row.
    names = [loaded.vectors.words[row] for row in place]
    for source in copied:
        if source not in (query, *near):
            names[place[source]] = ""
    return WordMap(
        base._replace(points=points, rows=np.arange(len(points))),
        np.concatenate([base.points, start]),
        (*names, *filled.words[2:]),
        (*[None] * count, *token_colors(list(range(2, len(filled.words))))),
        None if query is None else place[query],
        tuple(place[row] for row in near),
        tuple(range(count, len(points))),
    )
