"""Files of the Embedding Projector as others write them."""

import io

import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError
from seqviz.vectors import text_lines

NUMBERS = b"5.1\t3.5\n4.9\t3.0\n6.3\t3.3\n5.1\t2.5\n"
ROWS = np.array([[5.1, 3.5], [4.9, 3], [6.3, 3.3], [5.1, 2.5]], np.float32)


def load(metadata, numbers=NUMBERS):
    return seqviz.load_projector(io.BytesIO(numbers), io.BytesIO(metadata))


def test_the_iris_of_the_projector():
    # As iris_labels.tsv of projector.tensorflow.org: the measures, and the species last.
    lines = ["sepal_length\tsepal_width\tspecies"]
    species = ("Iris-setosa", "Iris-setosa", "Iris-virginica", "Iris-virginica")
    lines += [f"{a:.1f}\t{b:.1f}\t{name}" for (a, b), name in zip(ROWS, species, strict=True)]
    for end in ("\n", "\r\n"):
        got = load((end.join(lines) + end).encode())
        assert got.words == species
        np.testing.assert_array_equal(got.vectors, ROWS)
        (notice,) = got.notices
        assert notice.startswith("Labels repeat: 2 different ones in 4 rows.")
    assert got.index == {"Iris-setosa": 0, "Iris-virginica": 2}
    assert got["Iris-virginica"].tolist() == ROWS[2].tolist()
    assert seqviz.nearest(got, "Iris-setosa").query == 0
    back = seqviz.export_projector(got)
    again = load(back.metadata.encode(), back.vectors.encode())
    assert again.words == species
    np.testing.assert_array_equal(again.vectors, ROWS)


def test_the_digits_of_the_projector():
    digits = np.random.default_rng(0).integers(0, 10, 10_000)
    numbers = b"".join(b"%d\t1\n" % i for i in range(10_000))
    got = load(b"".join(b"%d\n" % digit for digit in digits), numbers)
    assert got.words == tuple(map(str, digits))
    np.testing.assert_array_equal(got.vectors[:, 0], np.arange(10_000))
    assert "10 different ones in 10,000 rows" in got.notices[0]


@pytest.mark.parametrize(
    ("head", "row", "word"),
    [
        ("word\tcount", "cat\t7", "cat"),
        ("count\tWord", "7\tcat", "cat"),
        ("label\tname", "7\tcat", "cat"),
        ("digit\tlabel", "7\t3", "3"),
        ("colour\tlabel", "red\t3", "3"),
        ("x\ty\tspecies\tplace", "1\t-2.5e3\tcat\there", "cat"),
        ("x\ty", "1\t2", "1"),
        ("count\tclass", "2,276\tlow", "2,276"),
        ("x\tspecies", "\tcat", "cat"),
        ("größe\tword".encode("latin-1"), "1\tcat", "cat"),
    ],
)
def test_the_column_of_words(head, row, word):
    head = head if isinstance(head, bytes) else head.encode()
    assert load(head + f"\n{row}\n".encode(), b"1\t2\n").words == (word,)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        pytest.param("a\nb\nc\nd\n", "abcd", id="no title"),
        pytest.param("a\nb\nc\nd", "abcd", id="no line end"),
        pytest.param("a\nb\nc\nd\n\n\n", "abcd", id="blank lines at the end"),
        pytest.param("title\na\nb\nc\nd\n", "abcd", id="a title"),
        pytest.param("a\n\nb\nc\nd\n", "abcd", id="a blank line, which the projector skips"),
        pytest.param("a\t1\nb\t2\nc\t3\nd\t4\n", "abcd", id="columns without names"),
        pytest.param("\n[UNK]\nc\nd\n", ("[PAD]", "[UNK]", "c", "d"), id="blank padding"),
        pytest.param("word\n\nb\nc\nd\n", ("[PAD]", *"bcd"), id="a title, and blank padding"),
        pytest.param("w\tn\na\t1\n\t2\nc\t3\nd\t4\n", ("a", "row 1", "c", "d"), id="blank label"),
        pytest.param("w\tn\na\t1\n\nc\t3\nd\t4\n", ("a", "row 1", "c", "d"), id="blank line"),
        pytest.param("a\n\u3000\nc\nd\n", ("a", "row 1", "c", "d"), id="label of a wide space"),
        pytest.param("n\tk\n1\t7\n2\n3\tc\n4\td\n", ("7", "row 1", "c", "d"), id="short line"),
        pytest.param("n\tword\n1\ta\n2\n3\tc\n4\td\n", ("a", "row 1", "c", "d"), id="no word"),
    ],
)
def test_a_label_for_each_row(metadata, words):
    got = load(metadata.encode())
    assert got.words == tuple(words)
    assert len(got.vectors) == 4
    assert seqviz.export_projector(got).metadata.splitlines() == list(words)


def test_rows_with_broken_labels_are_left_out_and_said():
    got = load("né\n".encode() + b"b\xff\nc\nd\n")
    assert got.words == ("né", "c", "d")
    np.testing.assert_array_equal(got.vectors, ROWS[[0, 2, 3]])
    assert got.notices == (
        "1 line was left out, since the word is not utf-8 (the first is line 2 of the words).",
    )
    titled = load("word\tx\nné\t1\n".encode() + b"b\xff\t2\nc\t3\nd\t4\n")
    assert titled.words == ("né", "c", "d")
    assert "(the first is line 3 of the words)" in titled.notices[0]
    # Other columns are not asked.
    assert load(b"word\tx\na\t\xff\nb\t1\nc\t1\nd\t1\n").words == tuple("abcd")
    with pytest.raises(SeqvizError, match=r"Line 1 of the words .*3 of 4 words"):
        load(b"\xe9\n\xe8\n\xe4\nd\n")


def test_padding_is_named_only_if_its_row_is_kept():
    assert load("né\n".encode() + b"\xff\n\nd\n").words == ("né", "row 2", "d")
    assert load(b"\xff\n\nc\nd\n").words == ("row 1", "c", "d")


def test_words_that_are_all_blank_are_none():
    with pytest.raises(SeqvizError, match="0 lines of words"):
        load(b"\n\n")


def test_the_last_row_of_a_file_of_vectors_that_was_cut_off_is_told():
    with pytest.raises(SeqvizError, match=r"Line 4 has 1 number .*the file was cut off"):
        load(b"a\nb\nc\nd\n", NUMBERS[:-5])
    with pytest.raises(SeqvizError, match="Line 1 of the vectors is blank"):
        load(b"a\nb\nc\nd\n", b"\n" + NUMBERS)


def test_whatever_is_read_at_once_the_rows_are_the_same(monkeypatch):
    monkeypatch.setattr(text_lines, "_BLOCK", 10)
    got = load(b"a\nb\nc\nd\n")
    assert got.words == tuple("abcd")
    np.testing.assert_array_equal(got.vectors, ROWS)


def test_numbers_are_written_with_as_many_digits_as_tell_them_apart():
    tenth = [[0.1]]
    assert seqviz.export_projector(np.array(tenth, np.float32)).vectors == "0.100000001\n"
    assert seqviz.export_projector(np.array(tenth, np.float64)).vectors == "0.10000000000000001\n"


def test_the_first_row_that_is_not_finite_is_told():
    with pytest.raises(SeqvizError, match="Row 1 holds NaN or infinity"):
        seqviz.export_projector([[1, 1], [1, np.nan], [np.inf, np.nan]])


def test_the_files_are_written_into_a_folder_that_is_made_if_need_be(tmp_path):
    folder = tmp_path / "a/b"
    for words in (["é"], ["ü"]):
        seqviz.export_projector([[0.5]], words=words, folder=folder)
        assert (folder / "metadata.tsv").read_bytes() == f"{words[0]}\n".encode()
    with pytest.raises(SeqvizError, match=r"'.*metadata\.tsv' cannot be written: .+\. Name a fold"):
        seqviz.export_projector([[0.5]], folder=folder / "metadata.tsv")
