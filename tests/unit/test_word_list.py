"""Words in every form that people have them in: the word of each id."""

from collections import Counter
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings, strategies as st
from keras.src.legacy.preprocessing.text import Tokenizer

from seqviz import SeqvizError, Vocabulary, WordVectors
from seqviz.word_list import brings_ids, words_by_id

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=60)
WORDS = ("", "[UNK]", "the", "cat")


def layer(kind):
    made = kind(vocabulary=["the", "cat"], **({} if kind is TEXT else {"mask_token": ""}))
    assert [int(i) for i in np.ravel(made(["cat"]))] == [3]
    return made


TEXT, LOOKUP = keras.layers.TextVectorization, keras.layers.StringLookup


KEYED = SimpleNamespace(index_to_key=list(WORDS), vectors=np.ones((4, 2)))  # as gensim's is


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(list(WORDS), id="list"),
        pytest.param(WORDS, id="tuple"),
        pytest.param(iter(WORDS), id="iterator"),
        pytest.param(np.array(WORDS), id="array of text"),
        pytest.param(np.array(WORDS, object), id="array of objects"),
        pytest.param(np.array(WORDS, "S"), id="array of bytes"),
        pytest.param([word.encode() for word in WORDS], id="bytes"),
        pytest.param([np.str_(word) for word in WORDS], id="NumPy's text"),
        pytest.param(tf.constant(WORDS), id="tensor"),
        pytest.param(pd.Series(WORDS), id="Series"),
        pytest.param(pd.Series(WORDS, index=[9, 2, 7, 0]), id="Series, sorted otherwise"),
        pytest.param(pd.Series(WORDS, dtype="category"), id="Series of categories"),
        pytest.param(pd.Index(WORDS), id="Index"),
        pytest.param(layer(TEXT).get_vocabulary(), id="get_vocabulary of TextVectorization"),
        pytest.param(layer(LOOKUP).get_vocabulary(), id="get_vocabulary of StringLookup"),
        pytest.param(layer(TEXT), id="TextVectorization"),
        pytest.param(layer(LOOKUP), id="StringLookup"),
        pytest.param({"cat": 3, "": 0, "the": 2, "[UNK]": 1}, id="word to id"),
        pytest.param(pd.Series({"cat": 3, "": 0, "the": 2, "[UNK]": 1}), id="Series of ids"),
        pytest.param({3: "cat", 0: "", 2: "the", 1: "[UNK]"}, id="id to word"),
        pytest.param({b"cat": np.int64(3), "": 0, "the": 2, "[UNK]": 1}, id="NumPy's ids"),
        pytest.param(KEYED, id="KeyedVectors"),
        pytest.param(WordVectors(WORDS, np.ones((4, 2), np.float32)), id="WordVectors"),
    ],
)
def test_every_form_gives_the_same(words):
    got = words_by_id(words)
    assert got == WORDS
    assert all(type(word) is str for word in got)


def test_the_ids_of_kerass_tokenizer():
    tokenizer = Tokenizer()
    tokenizer.fit_on_texts(["the cat the mat the cat"])
    assert tokenizer.texts_to_sequences(["mat the cat"]) == [[3, 1, 2]]
    want = (None, "the", "cat", "mat")
    assert words_by_id(tokenizer.word_index) == words_by_id(tokenizer.index_word) == want
    # As many have it after loading it from a file sorted by word.
    assert words_by_id(dict(sorted(tokenizer.word_index.items()))) == want
    assert words_by_id(tokenizer.word_index, rows=6) == (*want, None, None)


def test_a_vocabulary_has_a_word_for_each_id_that_is_taken():
    assert words_by_id(Vocabulary(5, ("the", "cat"))) == ("[PAD]", "[UNK]", "the", "cat", None)
    with pytest.raises(SeqvizError, match=r"size 5, but there are 4 rows"):
        words_by_id(Vocabulary(5, ("the", "cat")), rows=4)


def test_labels_that_are_no_text():
    got = words_by_id(
        [7, np.int64(8), np.float32(9), 2.5, True, None, float("nan"), pd.NA, b"\xc3\xa9"]
    )
    assert got == ("7", "8", "9", "2.5", "True", None, None, None, "é")
    assert words_by_id(np.array([3, 0, 3])) == ("3", "0", "3")
    assert words_by_id(pd.Series([3, 0, 3])) == ("3", "0", "3")
    assert words_by_id({7: 0, 3: 1}) == ("7", "3")


@STEADY
@given(
    st.dictionaries(st.integers(0, 40), st.text(max_size=3), max_size=8).filter(
        lambda words: len(set(words.values())) == len(words)
    ),
    st.randoms(use_true_random=False),
)
def test_a_mapping_in_any_order_is_the_list_by_id(words, random):
    pairs = [(word, number) for number, word in words.items()]
    random.shuffle(pairs)
    want = tuple(words.get(number) for number in range(max(words, default=-1) + 1))
    assert words_by_id(dict(pairs)) == want
    assert words_by_id({number: word for word, number in pairs}) == want
    assert words_by_id(list(want)) == want


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"cat": 1, "the": 1}, "'cat' and 'the' both have the id 1"),
        ({"cat": -1}, "'cat' has the id -1"),
        ({"cat": 1.0}, r"'cat' has the id 1\.0, but ids are whole numbers"),
        ({"cat": True}, "'cat' has the id True"),
        ({"cat": None}, "'cat' has the id None"),
        ({"cat": np.ones(3)}, "'cat' has the id array"),
        ({1: "a", "b": 2}, "1 has the id 'a'"),
        ({"cat": 10**12}, "1,000,000,000,000"),
        (Counter(["cat"]), r"most_common\(\)"),
        ({"cat", "the"}, r"sorted\(words\)"),
        (frozenset(["cat"]), "no order"),
        ("the cat", r"one piece of text.*tokenize"),
        (b"the cat", "one piece of text"),
        (None, "NoneType was given"),
        (7, "int was given"),
        (pd.DataFrame({"word": ["cat"]}), "its column of words"),
        ([["cat"]], "Word 0 is of type list"),
        (np.array([["cat", "the"]]), "Word 0 is of type list"),
        ([("cat", 1)], r"Word 0 is of type tuple.*dict\(pairs\)"),
        (["cat", b"\xff"], "Word 1 is .*not UTF-8"),
        ([np.ones(3)], "Word 0 is of type ndarray"),
    ],
)
def test_what_are_no_words_by_id(words, said):
    with pytest.raises(SeqvizError, match=said) as caught:
        words_by_id(words)
    assert len(str(caught.value)) < 300


def test_as_many_as_there_are_rows():
    assert words_by_id(["the", "cat"], rows=2) == ("the", "cat")
    assert words_by_id(layer(LOOKUP), rows=6) == (*WORDS, None, None)
    with pytest.raises(SeqvizError, match="4 words for 3 rows"):
        words_by_id(layer(LOOKUP), rows=3)
    with pytest.raises(SeqvizError, match=r"'the' has the id 7.*there are 5 rows: 0 to 4.*i < 5"):
        words_by_id({"cat": 1, "the": 7}, rows=5)
    for words in (["cat"], ["cat"] * 6, {}, pd.Series([], dtype=object)):
        with pytest.raises(SeqvizError, match=f"{len(words)} words for 5 rows"):
            words_by_id(words, rows=5)


def test_what_brings_its_ids_along():
    assert brings_ids(layer(LOOKUP))
    assert brings_ids({"cat": 1})
    assert not brings_ids(["cat"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"cat": 10**12}, "no more than 50,000,000 ids"),
        (bytearray(b"cat"), "one piece of text"),
        (pd.DataFrame(), "A whole table"),
        ([tf.constant("cat")], "is of type EagerTensor"),
    ],
)
def test_what_are_no_words_is_said(words, said):
    with pytest.raises(SeqvizError, match=said):
        words_by_id(words)


def test_the_first_id_beyond_the_rows_is_refused():
    assert words_by_id({"cat": 2}, rows=3) == (None, None, "cat")
    with pytest.raises(SeqvizError, match="has the id 3, but there are 3 rows"):
        words_by_id({"cat": 3}, rows=3)


@pytest.mark.parametrize("values", [["the", "cat"], [1, "cat"]])
def test_a_series_of_words_under_names_is_a_list_of_words(values):
    assert words_by_id(pd.Series(values, index=["a", "b"])) == (str(values[0]), "cat")


@pytest.mark.parametrize("name", ["items", "to_dict"])
def test_a_list_that_can_do_more_is_a_list(name):
    kind = type("List", (list,), {name: lambda self: [("cat", 1)]})
    assert words_by_id(kind(["the"])) == ("the",)
