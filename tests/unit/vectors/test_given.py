"""Vectors and words in every form that people have them in: rows of the right words."""

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from keras.src.legacy.preprocessing.text import Tokenizer

import seqviz
from seqviz import EmbeddingTrace, SeqvizError, Vocabulary, WordVectors
from seqviz.vectors.given import matrix_of, word_vectors

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=40)
WORDS = ("the", "cat", "mat")
ROWS = np.array([[1, 0], [0, 2], [3, 4]], np.float32)
FILE = WordVectors(WORDS, ROWS)


class Keyed:
    """As gensim's `KeyedVectors` is: its words are in `index_to_key`."""

    vectors, index_to_key = ROWS, list(WORDS)

    def __len__(self):
        return 3


class Word2Vec:
    """As gensim's `Word2Vec` is: its vectors are in `wv`."""

    wv = Keyed()


VECTORS = [
    pytest.param(FILE, id="load_vectors"),
    pytest.param(Keyed(), id="KeyedVectors"),
    pytest.param(Word2Vec(), id="Word2Vec"),
    pytest.param(dict(zip(WORDS, ROWS, strict=True)), id="word to array"),
    pytest.param({b"the": [1, 0], "cat": (0, 2), "mat": np.array([3, 4.0])}, id="word to list"),
    pytest.param(pd.DataFrame(ROWS, index=WORDS), id="DataFrame"),
]


@pytest.mark.parametrize("vectors", VECTORS)
def test_vectors_of_every_form_are_the_same(vectors):
    matrix, words = matrix_of(vectors)
    assert words == WORDS
    np.testing.assert_array_equal(matrix, ROWS)
    got = word_vectors(vectors)
    assert got.words == tuple(got) == WORDS
    assert got.vectors.dtype == np.float32
    assert got["mat"].tolist() == [3, 4]
    near = seqviz.nearest(vectors, "cat", k=2)
    assert near.words == ("mat", "the")
    np.testing.assert_allclose(near.similarities, [0.8, 0])
    assert seqviz.export_projector(vectors).metadata == "the\ncat\nmat\n"
    filled = seqviz.fill_embedding(["", "[UNK]", "mat", "dog"], vectors, initializer="zeros")
    np.testing.assert_array_equal(filled.matrix, [[0, 0], [0, 0], [3, 4], [0, 0]])
    assert (filled.found, filled.missing) == (("mat",), ("dog",))
    assert len(seqviz.compute_projection(vectors).points) == 3


def test_what_load_vectors_returned_is_taken_as_it_is():
    assert word_vectors(FILE) is FILE


def test_of_a_word_that_is_not_there_it_is_said_whether_a_small_letter_would_do():
    got = word_vectors(dict(zip(WORDS, ROWS, strict=True)))
    with pytest.raises(KeyError, match=r"'Cat' is none of these 3 words\. Hint: 'cat' is\."):
        got["Cat"]
    for word in ("Dog", "dog", 7):
        with pytest.raises(KeyError, match=r"Hint: Ask with `in` first\."):
            got[word]


def test_gensims_own():
    models = pytest.importorskip("gensim.models")
    keyed = models.KeyedVectors(2)
    keyed.add_vectors(list(WORDS), ROWS)
    assert word_vectors(keyed).words == WORDS
    assert seqviz.nearest(keyed, "cat", k=1).words[0] == keyed.most_similar("cat")[0][0]
    np.testing.assert_array_equal(
        seqviz.fill_embedding(keyed.key_to_index, keyed, initializer="zeros").matrix, ROWS
    )
    model = models.Word2Vec([list(WORDS)] * 3, vector_size=2, min_count=1, seed=0)
    assert set(word_vectors(model).words) == set(WORDS)


class Frame:
    """As a DataFrame of polars is: it has columns, but no index."""

    columns = ("x", "y")

    def __array__(self, dtype=None, copy=None):
        return ROWS


def test_a_table_without_words():
    layer = keras.layers.Embedding(3, 2, weights=[ROWS])
    layer.build()
    trace = EmbeddingTrace(ids=np.array([[1]]), weights=ROWS, vectors=ROWS[[[1]]])
    some_named = pd.DataFrame(ROWS, index=["the", 1, "mat"])
    for table in (
        *(ROWS, ROWS.tolist(), layer, layer.embeddings, trace),
        *(pd.DataFrame(ROWS), some_named, Frame()),
    ):
        matrix, words = matrix_of(table)
        assert words is None
        np.testing.assert_array_equal(matrix, ROWS)
        with pytest.raises(SeqvizError, match="have no words"):
            seqviz.fill_embedding(["cat"], table)


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        ({}, "mapping without words"),
        ({"cat": 1, "the": 2}, r"The vector of 'cat' has the shape \(\)"),
        ({"cat": [1, 2], "the": [1]}, "'the' has 1 numbers, but that of 'cat' has 2"),
        ({"cat": ["x"]}, "'cat' has the shape"),
        (None, "numbers"),
        ("glove.txt", "numbers"),
        ([["the", "cat"]], "numbers"),
        (ROWS > 0, "numbers"),
        (keras.layers.LSTM(2, name="lstm"), "'lstm' has 0 weights"),
    ],
)
def test_what_are_no_vectors(vectors, said):
    for call in (
        lambda: seqviz.fill_embedding(["cat"], vectors),
        lambda: seqviz.nearest(vectors, "cat"),
        lambda: seqviz.export_projector(vectors),
    ):
        with pytest.raises(SeqvizError, match=said):
            call()


def test_a_vector_that_is_not_finite_is_not_copied():
    vectors = {"cat": [1, np.nan], "the": [1, 2]}
    with pytest.raises(SeqvizError, match="vector of 'cat' holds NaN"):
        seqviz.fill_embedding(["cat", "the"], vectors)
    assert seqviz.fill_embedding(["the"], vectors).matrix.tolist() == [[1, 2]]


# ---------------------------------------------------------------------------------------------
# Words by id: what Keras looks up in the filled layer is the vector of the word that was read


def looked_up(filled, ids):
    layer = keras.layers.Embedding(
        *filled.matrix.shape, embeddings_initializer=keras.initializers.Constant(filled.matrix)
    )
    return np.array(layer(np.array(ids)))


def test_a_layer_filled_by_kerass_tokenizer_looks_its_words_up():
    tokenizer = Tokenizer()
    tokenizer.fit_on_texts(["mat mat mat the the cat"])
    (ids,) = tokenizer.texts_to_sequences(["the cat mat"])
    by_name = dict(sorted(tokenizer.word_index.items()))
    for words in (tokenizer.word_index, by_name, tokenizer.index_word):
        filled = seqviz.fill_embedding(words, FILE, initializer="ones")
        np.testing.assert_array_equal(looked_up(filled, ids), ROWS)
        np.testing.assert_array_equal(filled.matrix[0], [1, 1])
        assert filled.words == ("id 0", "mat", "the", "cat")
        assert filled.missing == ()


@pytest.mark.parametrize(
    "layer",
    [
        keras.layers.TextVectorization(),
        keras.layers.TextVectorization(vocabulary=["cat", "mat", "the"]),
        keras.layers.StringLookup(vocabulary=["mat", "the", "cat"]),
        keras.layers.StringLookup(vocabulary=["mat", "the", "cat"], mask_token=""),
        keras.layers.StringLookup(vocabulary=["mat", "the", "cat"], num_oov_indices=3),
    ],
)
def test_a_layer_filled_by_a_keras_layer_looks_its_words_up(layer):
    if len(layer.get_vocabulary()) < 3:
        layer.adapt(["the cat", "the mat mat"])
    ids = np.array(layer(list(WORDS))).ravel()
    listed = layer.get_vocabulary()
    mapping = {w: i for i, w in reversed(list(enumerate(listed))) if w not in ("", "[UNK]")}
    for words in (layer, listed, np.array(listed), pd.Series(listed), mapping):
        filled = seqviz.fill_embedding(words, FILE, initializer="zeros")
        assert len(filled.matrix) == layer.vocabulary_size()
        np.testing.assert_array_equal(looked_up(filled, ids), ROWS)
        assert not filled.missing


@STEADY
@given(st.permutations([*WORDS, None, None, "dog"]), st.randoms(use_true_random=False))
def test_a_mapping_in_any_order_fills_as_the_list_by_id(words, random):
    pairs = [(word, number) for number, word in enumerate(words) if word is not None]
    last = pairs[-1][1]
    random.shuffle(pairs)
    table = np.arange(2.0 * (last + 1)).reshape(-1, 2)
    one, other = (
        (
            seqviz.fill_embedding(given_, FILE, initializer="ones"),
            seqviz.nearest(table, 0, words=given_),
            seqviz.export_projector(table, words=given_),
        )
        for given_ in (dict(pairs), words[: last + 1])
    )
    for a, b in zip(one, other, strict=True):
        for mine, theirs in zip(a, b, strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_rows_without_a_word_are_called_by_their_number():
    table = np.array([[0, 1], [1, 0], [1, 0.1], [1, 0.2]])
    words = {"cat": 1, "dog": 3}
    near = seqviz.nearest(table, "cat", words=words)
    assert near.query == 1
    assert near.words == ("row 2", "dog", "row 0")
    assert seqviz.export_projector(table, words=words).metadata == "row 0\ncat\nrow 2\ndog\n"
    filled = seqviz.fill_embedding(words, FILE)
    assert filled.words == ("id 0", "cat", "id 2", "dog")
    assert filled.sources.tolist() == [-1, 1, -1, -1]
    assert filled.missing == ("dog",)


def test_a_vocabulary_names_the_rows_of_its_layer():
    table = np.array([[0, 1], [1, 0], [1, 0.1], [1, 0.2], [0, 3]])
    words = Vocabulary(5, ("cat", "dog"))
    assert seqviz.nearest(table, b"cat", words=words, k=1).words == ("dog",)
    pair = seqviz.export_projector(table, words=words)
    assert pair.metadata == "[PAD]\n[UNK]\ncat\ndog\nrow 4\n"
    with pytest.raises(SeqvizError, match="size 5, but there are 4 rows"):
        seqviz.export_projector(table[:4], words=words)


def test_words_beyond_the_table_are_named():
    # Tokenizer.word_index has all words, whatever its num_words.
    for call in (seqviz.export_projector, lambda t, **o: seqviz.nearest(t, 0, **o)):
        with pytest.raises(SeqvizError, match=r"'mat' has the id 4.*3 rows.*if i < 3"):
            call(ROWS, words={"cat": 1, "mat": 4})
        with pytest.raises(SeqvizError, match="both have the id 1"):
            call(ROWS, words={"cat": 1, "mat": 1})


def test_labels_may_be_numbers_and_may_repeat():
    labels = np.array([7, 3, 7])
    assert seqviz.export_projector(ROWS, words=labels).metadata == "7\n3\n7\n"
    assert seqviz.export_projector(ROWS, words=[7, None, b"cat"]).metadata == "7\nrow 1\ncat\n"
    near = seqviz.nearest(ROWS, "7", words=labels, k=1)
    assert (near.query, near.words) == (0, ("7",))


def test_the_blank_row_of_kerass_vocabulary_is_padding():
    listed = keras.layers.TextVectorization(vocabulary=["cat"]).get_vocabulary()
    assert seqviz.export_projector(ROWS, words=listed).metadata == "[PAD]\n[UNK]\ncat\n"
    assert seqviz.nearest(ROWS, "cat", words=listed).words == ("[UNK]", "")
