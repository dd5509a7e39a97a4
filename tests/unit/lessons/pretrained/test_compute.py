"""Files of the Embedding Projector, filled layers, and what training does to them."""

import io

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

import seqviz
from seqviz import ModelConfig, SeqvizError, Vocabulary, WordVectors
from seqviz.figures import plot_filling
from seqviz.lessons.pretrained.code import filling_code
from seqviz.lessons.pretrained.compute import compute_filling
from seqviz.lessons.pretrained.fine_tuning import compute_tuning
from seqviz.lessons.pretrained.words import filling_captions, filling_table
from seqviz.models.build import build_embedding
from tests.app.conftest import ROOT

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=40)
FILE = WordVectors(
    ("the", "groot", "am", "cat"),
    np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, -1, -2]], np.float32),
)
SENTENCE = Vocabulary(5, ("I", "am", "Groot"))


def files(pair):
    return io.BytesIO(pair.vectors.encode()), io.BytesIO(pair.metadata.encode())


def test_projector_files_by_hand(tmp_path):
    pair = seqviz.export_projector(FILE, folder=tmp_path / "new")
    assert pair.vectors == "1\t2\t3\n4\t5\t6\n7\t8\t9\n0\t-1\t-2\n"
    assert pair.metadata == "the\ngroot\nam\ncat\n"
    back = seqviz.load_projector(tmp_path / "new/vectors.tsv", tmp_path / "new/metadata.tsv")
    assert back.words == FILE.words
    np.testing.assert_array_equal(back.vectors, FILE.vectors)


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=6).filter(
    lambda word: word.strip() == word and word
)


@STEADY
@given(
    st.lists(words, min_size=1, max_size=6, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(names),
            arrays(
                np.float32,
                st.tuples(st.just(len(names)), st.integers(1, 4)),
                elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
            ),
        )
    )
)
def test_what_is_exported_is_loaded_bit_for_bit(table):
    names, rows = table
    back = seqviz.load_projector(*files(seqviz.export_projector(rows, words=names)))
    assert back.words == tuple(names)
    assert back.vectors.tobytes() == rows.tobytes()


def test_a_layer_or_a_trace_can_be_exported():
    layer = build_embedding(ModelConfig(vocab_size=4, embedding_dim=3))
    weights = layer.get_weights()[0]
    trace = seqviz.capture(layer, np.array([[1, 2]]))["embedding"]
    pair = seqviz.export_projector(layer)
    assert pair == seqviz.export_projector(trace) == seqviz.export_projector(weights)
    assert pair.metadata.splitlines()[3] == "row 3"
    np.testing.assert_array_equal(seqviz.load_projector(*files(pair)).vectors, weights)


@pytest.mark.parametrize("word", ["", "  ", "a\tb", "a\nb", "a\rb"])
def test_words_that_a_tsv_file_cannot_say(word):
    with pytest.raises(SeqvizError, match="row 1"):
        seqviz.export_projector(np.zeros((2, 2)), words=["a", word])


@pytest.mark.parametrize(
    ("vectors", "metadata", "said"),
    [
        (b"1\t2\n3\t4\n", b"a\n", "2 rows of vectors, but 1 lines"),
        (b"1\t2\n3\n", b"a\nb\n", "Line 2"),
        (b"1\t2\n3\tx\n", b"a\nb\n", "Line 2: number 2"),
        (b"", b"a\n", "empty"),
        (b"1\t2\n", b"\xe9\n", "Line 1 of the words"),
        (b"PK\x03\x04", b"a\n", "zip"),
    ],
)
def test_broken_projector_files(vectors, metadata, said):
    with pytest.raises(SeqvizError, match=said):
        seqviz.load_projector(io.BytesIO(vectors), io.BytesIO(metadata))
    with pytest.raises(SeqvizError, match="cannot be read"):
        seqviz.load_projector("no such file", io.BytesIO(metadata))


def test_metadata_of_several_columns():
    metadata = io.BytesIO(b"rank\tword\n1\tcat\n2\tdog\n")
    assert seqviz.load_projector(io.BytesIO(b"1 2\n3 4\n"), metadata).words == ("cat", "dog")


def test_not_finite_is_not_exported():
    with pytest.raises(SeqvizError, match="Row 1"):
        seqviz.export_projector(np.array([[1.0], [np.nan]]))


def test_filling_by_hand():
    filled = seqviz.fill_embedding(SENTENCE, FILE, seed=3)
    fresh = build_embedding(ModelConfig(vocab_size=5, embedding_dim=3, seed=3)).get_weights()[0]
    assert filled.found == ("am", "Groot")
    assert filled.missing == ("I",)
    assert filled.sources.tolist() == [-1, -1, -1, 2, 1]
    assert filled.words == ("[PAD]", "[UNK]", "I", "am", "Groot")
    np.testing.assert_array_equal(filled.matrix[3:], [[7, 8, 9], [4, 5, 6]])
    np.testing.assert_array_equal(filled.matrix[:3], fresh[:3])
    assert filled.matrix.dtype == np.float32
    exact = seqviz.fill_embedding(SENTENCE, FILE, fold_case=False, initializer="zeros")
    assert exact.missing == ("I", "Groot")
    assert not exact.matrix[4].any()


def test_filling_of_a_list_such_as_of_text_vectorization():
    given_ = ["", "[UNK]", "cat", "dog"]
    ones = keras.initializers.Ones()
    filled = seqviz.fill_embedding(given_, FILE, initializer=ones)
    assert (filled.found, filled.missing) == (("cat",), ("dog",))
    np.testing.assert_array_equal(filled.matrix, [[1] * 3, [1] * 3, [0, -1, -2], [1] * 3])
    with pytest.raises(SeqvizError, match="0 rows"):
        seqviz.fill_embedding([], FILE)
    with pytest.raises(SeqvizError, match="no such"):
        seqviz.fill_embedding(["a"], FILE, initializer="no such")


def test_picture_text_and_table_of_a_filled_layer():
    filled = seqviz.fill_embedding(SENTENCE, FILE)
    data = compute_filling(filled, FILE)
    figure = plot_filling(data, step=4)
    assert len(figure.frames) == len(filling_captions(data)) == 6
    file, copied, initial = figure.data[:3]
    from_file = np.array([False, False, False, True, True])[:, None]
    np.testing.assert_array_equal(copied.z[::-1], np.where(from_file, filled.matrix, np.nan))
    np.testing.assert_array_equal(initial.z[::-1], np.where(from_file, np.nan, filled.matrix))
    # As small as they are, they would be white in the colours of the file.
    assert initial.zmax == np.abs(filled.matrix[:3]).max() < copied.zmax == file.zmax
    np.testing.assert_array_equal(file.z[::-1], FILE.vectors)
    assert "file row 2" in filling_captions(data)[4]
    assert "is not in the file" in filling_captions(data)[3]
    table = filling_table(filled, widest=2)
    assert table["from"] == ["initializer"] * 3 + ["file row 2", "file row 1"]
    assert [name for name in table if name.startswith("W")] == ["W[0]", "W[1]"]
    # A link is off the picture until its row is filled.
    link = len(figure.frames[0].layout.shapes) - 1
    assert figure.frames[4].layout.shapes[link].y0 < 0
    assert figure.frames[5].layout.shapes[link].y0 > 0


def test_a_large_file_and_a_large_layer_are_folded():
    rng = np.random.default_rng(0)
    many = WordVectors(
        tuple(f"w{i}" for i in range(5000)), rng.normal(size=(5000, 300)).astype("f")
    )
    filled = seqviz.fill_embedding([f"w{i * 97}" for i in range(40)], many)
    data = compute_filling(filled, many)
    assert data.left_out == 28
    assert len(plot_filling(data).to_json()) < 200_000


@pytest.mark.parametrize("trainable", [True, False])
def test_the_code_runs_as_shown_and_gives_the_layer(tmp_path, monkeypatch, trainable):
    sample = seqviz.load_vectors(ROOT / "seqviz/lessons/pretrained/sample_vectors.vec")
    seqviz.export_projector(sample, folder=tmp_path)
    filled = seqviz.fill_embedding(SENTENCE, sample, seed=1)
    layer = build_embedding(ModelConfig(vocab_size=5, embedding_dim=sample.dim, seed=1))
    monkeypatch.chdir(tmp_path)
    made = {}
    exec(filling_code(layer, filled, (2, 3, 4), trainable=trainable), made)
    assert made["layer"].trainable is trainable
    assert made["missing"] == ["Groot"]
    np.testing.assert_array_equal(made["layer"].get_weights()[0], filled.matrix)
    np.testing.assert_array_equal(made["output"], filled.matrix[[[2, 3, 4]]])


def test_the_code_takes_the_first_of_equal_labels_as_the_picture_does(tmp_path, monkeypatch):
    labels = seqviz.load_projector(b"1\t2\n3\t4\n5\t6\n", b"am\ncat\nam\n")
    seqviz.export_projector(labels, folder=tmp_path)
    filled = seqviz.fill_embedding(SENTENCE, labels, seed=1)
    assert filled.matrix[3].tolist() == [1, 2]
    layer = build_embedding(ModelConfig(vocab_size=5, embedding_dim=2, seed=1))
    monkeypatch.chdir(tmp_path)
    made = {}
    exec(filling_code(layer, filled, (3,), trainable=True), made)
    np.testing.assert_array_equal(made["layer"].get_weights()[0], filled.matrix)


def test_frozen_rows_stay_and_read_rows_move():
    matrix = np.random.default_rng(0).normal(size=(6, 3)).astype("f")
    frozen = compute_tuning(matrix, (2, 3, 4), trainable=False, steps=5)
    tuned = compute_tuning(matrix, (2, 3, 4), trainable=True, steps=5)
    assert not frozen.moved().any()
    # Row 4 is only ever a target; 0, 1 and 5 are never read.
    assert (tuned.moved() > 0).tolist() == [False, False, True, True, False, False]
    assert frozen.losses[0] == tuned.losses[0] == pytest.approx(np.log(6))
    assert tuned.losses[-1] < frozen.losses[-1] < frozen.losses[0]
    assert tuned.path.shape == (6, 6, 3)
    np.testing.assert_array_equal(tuned.path[0], matrix)


def test_one_step_by_hand():
    # From zeros the Dense layer gives 1/V each, and hands no gradient to the embedding: its rows
    # move from the second step on. After step one its kernel is lr · x (onehot − 1/V).
    matrix = np.array([[0, 0], [1, 0], [0, 2]], np.float32)
    tuned = compute_tuning(matrix, (1, 2), trainable=True, steps=2, learning_rate=0.5)
    np.testing.assert_array_equal(tuned.path[1], matrix)
    error = np.array([-1, -1, 2]) / 3
    kernel = 0.5 * np.outer([1, 0], error)
    logits = kernel[0] + 0.5 * error
    share = np.exp(logits) / np.exp(logits).sum()
    want = matrix[1] - 0.5 * kernel @ (share - [0, 0, 1])
    np.testing.assert_allclose(tuned.path[2][1], want, rtol=1e-6)
    np.testing.assert_allclose(tuned.losses[1], -np.log(share[2]), rtol=1e-6)


@pytest.mark.parametrize(("ids", "steps"), [((1,), 3), ((), 3), ((1, 2), 31), ((1, 2), -1)])
def test_what_cannot_be_trained(ids, steps):
    with pytest.raises(SeqvizError):
        compute_tuning(np.ones((3, 2), "f"), ids, trainable=True, steps=steps)


def test_the_sample_is_what_its_script_makes():
    import runpy

    made = runpy.run_path(str(ROOT / "scripts/make_sample_vectors.py"))
    words, vectors = made["train"](made["sentences"](np.random.default_rng(0)))
    sample = seqviz.load_vectors(ROOT / "seqviz/lessons/pretrained/sample_vectors.vec")
    assert sample.words == tuple(words)
    assert not sample.notices
    np.testing.assert_allclose(sample.vectors, vectors, atol=1e-3)
    assert set(seqviz.nearest(sample, "milk", k=3).words) == {"water", "tea", "juice"}
