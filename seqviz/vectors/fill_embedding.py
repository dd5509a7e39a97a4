"""Vectors trained elsewhere as the rows of an `Embedding`: which words are found, which are not."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seqviz.config import ModelConfig
from seqviz.errors import SeqvizError
from seqviz.vectors.record import FilledEmbedding, WordVectors
from seqviz.vocabulary import Vocabulary

# Rows that are no word, as here and in keras.layers.TextVectorization.
_RESERVED: Final = ("", "[PAD]", "[UNK]")


def fill_embedding(
    vocabulary: Vocabulary | Sequence[str],
    vectors: WordVectors,
    *,
    initializer: Any = "uniform",
    seed: int = 0,
    fold_case: bool = True,
) -> FilledEmbedding:
    """Make the matrix of an `Embedding`: a row a word, copied where the file has it.

    A row whose word is not in the file keeps what the initializer put there, and so do padding
    and the unknown word.

    Args:
        vocabulary: Of `vocab_size` rows; or the word of each row from row 0 on, such as
            ``TextVectorization.get_vocabulary()``.
        vectors: What `load_vectors` returned.
        initializer: Name of a Keras initializer, or one; it fills the whole matrix first.
        seed: Of an initializer given by name.
        fold_case: Whether "The" may take the vector of "the" where it has none itself.

    Raises:
        SeqvizError: The vocabulary is empty, or Keras knows no such initializer.
    """
    if isinstance(vocabulary, Vocabulary):
        words = vocabulary.decode(range(vocabulary.size))
        named = range(len(words) - vocabulary.size, len(vocabulary) + 2)
    else:
        words = tuple(str(word) for word in vocabulary)
        named = range(len(words))
    if not words or not vectors.dim:
        raise SeqvizError(
            f"A matrix of {len(words)} rows of {vectors.dim} numbers was asked for, but it needs "
            "one of each at least. Give some words, and vectors."
        )
    matrix = _initial(len(words), vectors.dim, initializer, seed)
    sources = np.full(len(words), -1)
    found, missing = [], []
    for row in named:
        word = words[row]
        if word in _RESERVED:
            continue
        source = _row_of(word, vectors, fold_case)
        if source is None:
            missing.append(word)
        else:
            sources[row] = source
            found.append(word)
    copied = np.flatnonzero(sources >= 0)
    matrix[copied] = vectors.vectors[sources[copied]]
    return FilledEmbedding(matrix, words, sources, tuple(found), tuple(missing))


def _row_of(word: str, vectors: WordVectors, fold_case: bool) -> int | None:
    """The word itself, or the spelling of it that the file has."""
    spellings = (word, word.lower(), word.capitalize(), word.upper()) if fold_case else (word,)
    return next((vectors.index[s] for s in spellings if s in vectors.index), None)


def _initial(size: int, dim: int, initializer: Any, seed: int) -> NDArray[np.float32]:
    if isinstance(initializer, str):
        from seqviz.models.build import build_embedding

        config = ModelConfig(
            vocab_size=size, embedding_dim=dim, embeddings_initializer=initializer, seed=seed
        )
        return np.array(build_embedding(config).get_weights()[0], np.float32)
    import keras

    try:
        values = keras.initializers.get(initializer)((size, dim))
        return np.array(keras.ops.convert_to_numpy(values), np.float32).reshape(size, dim)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"initializer is {initializer!r}, but Keras makes no matrix of it. "
            "Write for example 'uniform', or keras.initializers.RandomNormal(seed=0)."
        ) from error
