"""Words in bins, by the real Hashing layer; the probability of a collision, by counting."""

import itertools
import threading

import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError
from seqviz.figures import plot_word_bins
from seqviz.lessons.ids.hashing import word_bins_code, word_bins_table
from tests.unit.drawn import texts, words as words_of

WORDS = ["I", "am", "Groot", "and", "you", "are", "Rocket"]


def test_bins_are_those_of_keras():
    import keras

    data = seqviz.compute_word_bins([*WORDS, "Groot"], 8)
    assert data.words == tuple(WORDS)
    theirs = [int(keras.layers.Hashing(num_bins=8, name="hashing")([[w]])[0, 0]) for w in WORDS]
    assert data.bins.tolist() == theirs
    # Seen on Keras 3.15.1 (FarmHash64, the same on every machine).
    assert theirs == [4, 4, 7, 5, 4, 6, 5]
    assert data.collides.tolist() == [True, True, False, True, True, False, True]
    assert data.pairs == 4  # I–am, I–you, am–you; and–Rocket


@pytest.mark.parametrize(
    ("words", "bins"), [(0, 1), (1, 1), (2, 1), (2, 5), (3, 4), (5, 4), (4, 6)]
)
def test_probability_by_counting_all_ways(words, bins):
    ways = list(itertools.product(range(bins), repeat=words))
    collide = sum(len(set(way)) < words for way in ways)
    assert seqviz.collision_probability(words, bins) == pytest.approx(collide / len(ways))


def test_birthday_problem():
    # 23 people, 365 days: the textbook's 0.507.
    assert seqviz.collision_probability(23, 365) == pytest.approx(0.5073, abs=1e-4)


def test_probability_against_counted_collisions_of_real_hashes():
    import keras

    # 400 groups of 5 different made-up words in 20 bins.
    words = np.array([f"word{i}" for i in range(2_000)]).reshape(400, 5)
    bins = np.asarray(keras.layers.Hashing(num_bins=20, name="hashing")(words))
    collided = np.mean([len(set(group)) < 5 for group in bins.tolist()])
    assert collided == pytest.approx(seqviz.collision_probability(5, 20), abs=0.08)
    pairs = np.mean([sum(a == b for a, b in itertools.combinations(g, 2)) for g in bins.tolist()])
    expected = seqviz.compute_word_bins(["a", "b", "c", "d", "e"], 20).expected_pairs
    assert expected == 0.5
    assert pairs == pytest.approx(expected, abs=0.12)


def test_folds_of_the_same_length_have_a_place_each():
    data = seqviz.compute_word_bins(["a", "b"], 100)._replace(bins=np.array([33, 66]))
    folds = [word for word in words_of(plot_word_bins(data)) if word.text == "⋮ 32"]
    assert len(folds) == len({fold.y for fold in folds}) == 2


def test_one_bin_takes_all_and_no_word_none():
    assert seqviz.compute_word_bins(WORDS, 1).bins.tolist() == [0] * 7
    empty = seqviz.compute_word_bins([], 8)
    assert (empty.words, empty.pairs, empty.probability) == ((), 0, 0.0)
    plot_word_bins(empty)


@pytest.mark.parametrize("bins", [0, -1, 2**31])
def test_bad_number_of_bins(bins):
    with pytest.raises(SeqvizError, match=f"num_bins is {bins}, .*Write"):
        seqviz.compute_word_bins(["a"], bins)


def test_bad_counts_and_words():
    with pytest.raises(SeqvizError, match="-1 words and 8 bins"):
        seqviz.collision_probability(-1, 8)
    with pytest.raises(SeqvizError, match=r"UTF-8.*Hint"):
        seqviz.compute_word_bins(["\ud800"], 8)


@pytest.mark.parametrize("words", [WORDS, ["আমি", "👩‍👩‍👧", "'); import os #", '"', "\\n"]])
def test_script_finds_the_same_bins(words):
    data = seqviz.compute_word_bins(words, 8)
    left: dict = {}
    exec(compile(word_bins_code(data), "script.py", "exec"), left)
    assert left["bins"].tolist() == data.bins.tolist()


def test_table_names_who_shares():
    table = word_bins_table(seqviz.compute_word_bins(WORDS, 8))
    assert table["shares its row with"][:3] == ["am, you", "I, you", ""]


def test_hashing_from_many_threads():
    found = []
    threads = [
        threading.Thread(
            target=lambda: found.append(seqviz.compute_word_bins(WORDS, 8).bins.tolist())
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[4, 4, 7, 5, 4, 6, 5]] * 20


def test_picture_says_which_bins_are_shared():
    figure = plot_word_bins(seqviz.compute_word_bins(WORDS, 8))
    words = texts(figure)
    assert "<b>3 words, 1 row</b>" in words
    assert "<b>2 words, 1 row</b>" in words
    assert {"<b>Rocket</b>", "Groot"} <= set(words)


@pytest.mark.parametrize("bins", [1, 12, 13, 10_000])
def test_picture_of_many_bins_stays_small(bins):
    figure = plot_word_bins(seqviz.compute_word_bins([f"<b>{i}" for i in range(16)], bins))
    assert len(figure.to_json()) < 60_000
    assert all("<b><b>" not in word for word in texts(figure))
