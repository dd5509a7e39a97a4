"""Vectors trained elsewhere as the rows of an `Embedding`: which words are found, which are not."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seqviz.config import ModelConfig
from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.vectors.given import row_names, word_vectors
from seqviz.vectors.record import FilledEmbedding, WordVectors
from seqviz.word_list import words_by_id

# Rows that are no word, as here and in keras.layers.TextVectorization.
_RESERVED: Final = ("", "[PAD]", "[UNK]")


def fill_embedding(
    vocabulary: Any,
    vectors: Any,
    *,
    initializer: Any = "uniform",
    seed: int = 0,
    fold_case: bool = True,
) -> FilledEmbedding:
    """Make the matrix of an `Embedding`: a row per word, copied where the file has it.

    A row whose word is not in the file keeps what the initializer put there, and so do padding
    and the unknown word.

    Args:
        vocabulary: The word of each row. A `Vocabulary`, of `vocab_size` rows; the words from row
            0 on (a list, a tuple, an array, a pandas Series or Index), such as
            ``TextVectorization.get_vocabulary()``; or a mapping word → id in any order, such as
            ``Tokenizer.word_index``: there are as many rows as its largest id + 1, and those
            without a word keep what the initializer put there. (The reviews of
            ``keras.datasets.imdb`` hold the ids of ``get_word_index()`` + 3.)
        vectors: What `load_vectors` returned, gensim's `KeyedVectors`, a mapping word → vector, or
            a pandas DataFrame indexed by words.
        initializer: Name of a Keras initializer, or one; it fills the whole matrix first.
        seed: Of an initializer given by name.
        fold_case: Whether "The" may take the vector of "the" where it has none itself.

    Raises:
        SeqvizError: The vocabulary is empty, two of its words have one id, or an id is no row; the
            vectors are none, have no words, or one that is copied is not finite; or Keras knows no
            such initializer.
    """
    words, vectors = words_by_id(vocabulary), word_vectors(vectors)
    if not words or not vectors.dim:
        raise SeqvizError(
            f"A matrix of {len(words)} rows of {vectors.dim} numbers was asked for, but it needs "
            "one of each at least. Give some words, and vectors."
        )
    matrix = _initial(len(words), vectors.dim, initializer, seed)
    sources = np.full(len(words), -1)
    found, missing = [], []
    for row, word in enumerate(words):
        if word is None or word in _RESERVED:
            continue
        source = _row_of(word, vectors, fold_case)
        if source is None:
            missing.append(word)
        else:
            sources[row] = source
            found.append(word)
    copied = np.flatnonzero(sources >= 0)
    matrix[copied] = vectors.vectors[sources[copied]]
    broken = copied[~np.isfinite(matrix[copied]).all(axis=1)]
    if len(broken):
        raise SeqvizError(
            f"The vector of {words[broken[0]]!r} holds NaN or infinity, and whatever the layer "
            "computes with it would, too. Mend it, or leave that word out of the vectors."
        )
    return FilledEmbedding(matrix, row_names(words, "id"), sources, tuple(found), tuple(missing))


def _row_of(word: str, vectors: WordVectors, fold_case: bool) -> int | None:
    """The word itself, or the spelling of it that the file has."""
    spellings = (word, word.lower(), word.capitalize(), word.upper()) if fold_case else (word,)
    return next((vectors.index[s] for s in spellings if s in vectors.index), None)


@naming_extras()
def _initial(size: int, dim: int, initializer: Any, seed: int) -> NDArray[np.float32]:
    if isinstance(initializer, str):
        from seqviz.models.build import build_embedding

        config = ModelConfig(
            vocab_size=size, embedding_dim=dim, embeddings_initializer=initializer, seed=seed
        )
        (table,) = build_embedding(config).get_weights()
        return np.array(table, np.float32)
    import keras

    try:
        values = keras.initializers.get(initializer)((size, dim))
        return np.array(keras.ops.convert_to_numpy(values), np.float32).reshape(size, dim)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"initializer is {initializer!r}, but Keras makes no matrix of it. "
            "Write for example 'uniform', or keras.initializers.RandomNormal(seed=0)."
        ) from error
