"""Word vectors from files of every kind, whole and broken."""

import gzip
import io
import re
import warnings
import zipfile
import zlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.vectors import text_lines
from seqviz.vectors.load import load_vectors

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=60)


def load(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return load_vectors(io.BytesIO(data), **options)


CAT = (("cat", "dog"), [[1, 2.5, -3], [0, 0.001, 4]])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cat 1 2.5 -3\ndog 0 1e-3 4\n", id="GloVe"),
        pytest.param("2 3\ncat 1 2.5 -3\ndog 0 1e-3 4\n", id="word2vec, fastText"),
        pytest.param("2 3\ncat 1 2.5 -3 \ndog 0 1e-3 4 \n", id="original word2vec: spaces at ends"),
        pytest.param("cat\t1\t2.5\t-3\ndog\t0\t1e-3\t4\n", id="TSV"),
        pytest.param("cat\t1 2.5 -3\ndog\t0 1e-3 4\n", id="tab, then spaces"),
        pytest.param("word\tx\ty\tz\ncat\t1\t2.5\t-3\ndog\t0\t1e-3\t4\n", id="names of columns"),
        pytest.param("cat 1 2.5 -3\ndog\t0\t1e-3\t4\n", id="tabs in the last line"),
        pytest.param("cat 1 2.5 -3\r\ndog 0 1e-3 4\r\n", id="Windows"),
        pytest.param("cat 1 2.5 -3\r\r\ndog 0 1e-3 4\r\r\n", id="Windows, twice over"),
        pytest.param("cat 1 2.5 -3\n\n\ndog 0 1e-3 4\n\n", id="blank lines"),
        pytest.param("cat  1  2.5 -3\ndog 0 1e-3   4\n", id="several spaces"),
        pytest.param("\ufeffcat 1 2.5 -3\ndog 0 1e-3 4\n", id="byte order mark"),
        pytest.param("2 3\ncat 1 2.5 -3\ndog 0 1e-3 4", id="no line end"),
        pytest.param(gzip.compress(b"2 3\ncat 1 2.5 -3\ndog 0 1e-3 4\n"), id="gzip"),
        pytest.param(
            gzip.compress(b"cat 1 2.5 -3\n") + gzip.compress(b"dog 0 1e-3 4\n"),
            id="gzip, two parts",
        ),
    ],
)
def test_every_form_gives_the_same(text):
    got = load(text)
    assert got.words == CAT[0]
    np.testing.assert_array_equal(got.vectors, np.array(CAT[1], np.float32))
    assert got.vectors.dtype == np.float32
    assert got.dim == 3
    assert "dog" in got
    assert got["cat"].tolist() == [1, 2.5, -3]


def test_gzip_is_told_by_its_bytes_not_by_its_name(tmp_path):
    for name, data in (("a.txt", gzip.compress(b"cat 1 2\n")), ("a.gz", b"cat 1 2\n")):
        (tmp_path / name).write_bytes(data)
        assert load_vectors(tmp_path / name).words == ("cat",)
        assert load_vectors(str(tmp_path / name)).vectors.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "text",
    [
        "2 2\n. . . 1 2\nat name@domain.com 3 4\n",
        "the 5 6\n. . . 1 2\nat name@domain.com 3 4\na 5 6\nof 7 8\n",
        ". . .\t1\t2\nat name@domain.com\t3\t4\n",
    ],
)
def test_words_may_hold_spaces(text):
    got = load(text)
    assert got[". . ."].tolist() == [1, 2]
    assert got["at name@domain.com"].tolist() == [3, 4]


def test_of_two_widths_that_are_as_frequent_numbers_tell():
    assert load("new york 1 2\ncat 3 4\n").words == ("new york", "cat")


def test_a_word_that_is_a_number_is_no_header():
    assert load("5 3\n6 2\n").words == ("5", "6")
    assert load("1 3\n6 2\n").words == ("1", "6")
    assert load("1999 0.5 1\n2000 0.25 2\n").words == ("1999", "2000")
    assert load("5 3 1\n6 2 4\n").words == ("5", "6")
    assert load("2 1\n5 3\n6 2\n").words == ("5", "6")  # a header, by its 1


def test_words_may_hold_points():
    assert load("cat 0.5 1.5\ndog 0.25 2.5\n").words == ("cat", "dog")
    assert load("0.5 1 2\ncat 3 4\n").words == ("0.5", "cat")
    assert load(". 1 2\ne.g. 3 4\n").words == (".", "e.g.")
    assert load("0.5 1 2\n").words == ("0.5",)


def test_the_first_of_a_word_that_comes_twice_is_kept_and_said():
    got = load("cat 1 2\ndog 3 4\ncat 5 6\n")
    assert got.words == ("cat", "dog")
    assert got["cat"].tolist() == [1, 2]
    assert "1 word comes more than once" in got.notices[0]


def test_rows_without_a_word_are_left_out_and_said():
    got = load("2 2\n 1 2\ndog 3 4\n")
    assert got.words == ("dog",)
    assert got.notices == ("1 row without a word was left out.",)
    got = load("3 2\n\u3000 1 2\ndog 3 4\n\u00a0 5 6\n")
    assert got.words == ("dog",)
    assert got.notices == ("2 rows without a word were left out.",)


def test_only_wanted_words_and_only_so_many_lines():
    text = "4 1\na 1\nb 2\n\nc 3\nd nonsense\n"
    assert load(text, words=["c", "a", "zebra"]).words == ("a", "c")
    assert load(text, limit=3).words == ("a", "b", "c")
    assert load(text, limit=2, words=["b", "c"]).words == ("b",)


def test_encodings():
    assert load("é 1 2\n".encode("latin-1"), encoding="latin-1").words == ("é",)
    assert load("é 1 2\n".encode()).words == ("é",)
    for bad in ("utf-16", "no such", "a\0b", None):
        with pytest.raises(SeqvizError, match="encoding"):
            load("a 1\n", encoding=bad)


def test_a_few_broken_words_are_left_out_and_said():
    lines = ["the 1 2", "né 3 4", "für 5 6", "日本 7 8"] + [f"w{i} {i} 0.5" for i in range(6)]
    data = [line.encode() for line in lines]
    data[4] = b"caf\xc3 9 9"  # cut within a character
    data[7] = b"\xff\xfe 9 9"
    assert load(b"a 1\n\n\xc3\xa9 2\n\xff 3\nd 4\n", limit=3).words == ("a", "é")
    got = load(b"10 2\n" + b"\n".join(data) + b"\n")
    assert got.words == ("the", "né", "für", "日本", "w1", "w2", "w4", "w5")
    np.testing.assert_array_equal(got.vectors[[0, 3, 4, 7]], [[1, 2], [7, 8], [1, 0.5], [5, 0.5]])
    (notice,) = got.notices
    assert notice == ("2 lines were left out, since the words are not utf-8 (the first is line 6).")
    # Where most words are no ASCII, many may be broken; where none are, a few of many.
    assert load(b"a 1\n\xff 2\nc 3\n").words == ("a", "c")
    much = b"".join(b"w%d 1\n" % i for i in range(2000))
    broken = b"".join(b"\xff%d 1\n" % i for i in range(20))
    assert len(load(much + broken)) == 2000
    assert "20 lines were left out" in load(broken[:-1] + b"\n" + much).notices[0]


@pytest.mark.parametrize(
    ("ascii_words", "others", "broken", "is_read"),
    [
        # Ten, in any file of which they are not the half.
        *((90, 0, 10, True), (90, 0, 11, False), (11, 0, 10, True), (10, 0, 10, False)),
        *((2, 0, 1, True), (1, 0, 1, False)),
        # One in a hundred of a large one.
        *((1980, 0, 20, True), (9900, 0, 100, True), (9899, 0, 100, False)),
        # As many as there are words of another script that are whole.
        *((0, 11, 11, True), (0, 10, 11, False)),
    ],
)
def test_how_many_words_may_be_broken(ascii_words, others, broken, is_read):
    lines = [b"w%d 1\n" % i for i in range(ascii_words)]
    lines += [b"\xc3\xa9%d 1\n" % i for i in range(others)]
    lines += [b"\xff%d 1\n" % i for i in range(broken)]
    if is_read:
        assert len(load(b"".join(lines))) == ascii_words + others
    else:
        with pytest.raises(SeqvizError, match=f"{broken:,} of {len(lines):,} words are so"):
            load(b"".join(lines))


@pytest.mark.parametrize(("size", "is_read"), [(2000, True), (1999, False)])
def test_of_two_hundred_bytes_one_may_be_a_control_character(size, is_read):
    starts = b"\x01\x1f" * 5 + b"w" * 190
    data = b"".join(b"%c%04d 1 2\n" % (start, i) for i, start in enumerate(starts))
    data = data[: size - 1] + b"\n"
    if is_read:
        assert len(load(data)) == 200
    else:
        with pytest.raises(SeqvizError, match=r"Line 1 holds bytes that no text has .*0x01"):
            load(data)


def test_where_the_bytes_are_that_no_text_has():
    for data, said in (
        (b"a b\nc \0\n", "Line 2 holds bytes"),
        (b"\na \0\n", "Line 2 holds bytes"),
        (b"2 3 4\nc \0\n", "Line 2 holds bytes"),
        (b"2 x\nc \0\n", "Line 2 holds bytes"),
        (b"2 3\nc \0\n", "Line 2 is not text: this is word2vec's binary format"),
        (b"2 3\n" + b"c 1 2 3\n" * 200_000 + b"\0\n", "Line 200,002 holds bytes"),
        (b"a 1\rb 2\r", "carriage return"),
    ):
        with pytest.raises(SeqvizError, match=said):
            load(data)


def test_how_long_a_line_may_be():
    megabytes = 1 << 20
    assert load(b"x" * (4 * megabytes + 10) + b" 1\n").vectors.tolist() == [[1]]
    with pytest.raises(SeqvizError, match="Line 2 is longer than 4 MB"):
        load(b"a 1\n" + b"x" * (5 * megabytes + 10) + b" 1\n")


def test_how_well_a_file_may_be_packed(monkeypatch):
    monkeypatch.setattr(text_lines, "_RATIO_FROM", 0)
    packed = gzip.compress(b"a 1\n" * 64).ljust(64, b"\0")
    assert len(load(packed, max_ratio=4)) == 1  # 256 bytes of 64
    with pytest.raises(SeqvizError, match=r"more than 3\.99 times its size by line 65,"):
        load(packed, max_ratio=3.99)
    monkeypatch.setattr(text_lines, "_RATIO_FROM", 256)
    assert len(load(packed, max_ratio=3.99)) == 1


def test_how_well_a_small_file_may_be_packed():
    line = b"word 0 0 0 0 0 0\n"
    packed = [
        gzip.compress(line * (int(megabytes * 2**20) // len(line))) for megabytes in (3.5, 4.5)
    ]
    assert len(load(packed[0], max_ratio=40)) == 1
    with pytest.raises(SeqvizError, match="unpacks to more than 40 times its size"):
        load(packed[1], max_ratio=40)


def test_as_much_text_as_is_allowed():
    for data in (b"a 1 2\nb 3 4\n", gzip.compress(b"a 1 2\nb 3 4\n")):
        assert len(load(data, max_bytes=12)) == 2
        with pytest.raises(SeqvizError, match="more than 0 MB of text"):
            load(data, max_bytes=11)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n2 2\na 1 2\nb 3\n", 5),
        ("\n\na 1 2\nb 3 4\nc 3\n", 5),
        ("\nword\tx\ty\na\t1\t2\n\nb\t3\n", 5),
        ("2 2\na 1 2\n\n\nb 3\n", 5),
    ],
)
def test_lines_are_counted_from_the_first(text, line):
    with pytest.raises(SeqvizError, match=f"Line {line} has 1 number after '[bc]'"):
        load(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 0\na\n", "Line 1 makes vectors of 0 numbers"),
        ("1 100001\na 1\n", "Line 1 makes vectors of 100,001 numbers"),
        ("1 100000\na 1\n", "Line 2 has 1 number after 'a', but the header in line 1 says 100,000"),
        ("1 " + "9" * 5000 + "\na 1\n", "Line 1 makes vectors of 999,999"),
        ("\n2 2\n", "Line 2 is a header"),
        ("x a b\ny c\n", "Line 2 has 1 number after 'y'"),
        ("x a\ny 1 2\nz 3 4\n", "Line 1 has 1 number after 'x'"),
        ("a 1,5 2,5\nb 2,5 3\n", "Line 1: number 1 of 'a' is '1,5'"),
        ("cat\ndog\n", "Line 1 is 'cat', but a word and its numbers are needed"),
        ("x\ty\n0.1\t0.2\n0.3\t0.4\n", "Line 2 starts with a number, and so do all"),
        ("a 1 2 3\n b 3\n", "Line 2 has 1 number after 'b'.*Mend or delete"),
        ("a 1 2\n b 3 4 5\n", "Line 2 has 3 numbers after 'b'.*Mend or delete"),
        ("a 1 2\nnew york 3 4 5\nc 6 7\n", "Line 2 has 4 numbers after 'new'.*Mend or delete"),
        ("a 1 2\nb 3 4\nc 5", "Line 3 has 1 number after 'c'.*the file was cut off"),
        ("a\t1\t2\n\t3\n", "Line 2 has 1 number after ''"),
        ("2 3\na 1  2\nb 1 2 3\n", "Line 2 has 2 numbers after 'a'"),
        ("2 2\na  5\nb 1\v2 3\n", "Line 2 has 1 number after 'a'"),
        ("a 1 2\nb 3 -\n", "Line 2: number 2 of 'b' is '-'"),
        ("a e\n", "Line 1: number 1 of 'a' is 'e', which is not a number"),
        ("2 2\n\n\n", "header"),
        ("a 1 2\nb 3 4\nc 5\n", "Line 3 .* most of the first lines have 2"),
        ("x y z\n", "line 1: number 1 of 'x' is 'y', which is not a number"),
        ("a 1 3.5e38\nb 1 2\n", "which is not a finite float32"),
    ],
)
def test_what_a_line_lacks_is_said(text, said):
    with pytest.raises(SeqvizError, match=f"(?i){said}"):
        load(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_number_is_not_read_in_part_where_numpy_only_warns_of_it():
    for broken in ("1.2.3", "4-5", "5e"):
        with pytest.raises(SeqvizError, match=f"Line 2: number 2 of 'b' is '{broken}'"):
            load(f"a 1 2\nb 3 {broken}\n")


def test_long_words_are_shortened_in_messages():
    for word, shown in (
        ("x" * 30, "x" * 30),
        ("x" * 31, "x" * 30 + "…"),
        ("𝄞" * 31, "𝄞" * 30 + "…"),
    ):
        with pytest.raises(SeqvizError, match=f"1 number after '{shown}'"):
            load(f"a 1 2\n{word} 3\n")
        assert f"'{shown}'" in load(f"{word} 1\n{word} 2\n").notices[0]


def test_the_line_of_a_broken_number_is_told_past_blank_and_unwanted_lines():
    text = "a 1 2\n\n\nb 3 x\nc 5 6\n"
    for options in ({}, {"words": ["b"]}, {"limit": 2}):
        with pytest.raises(SeqvizError, match="Line 4: number 2 of 'b' is 'x'"):
            load(text, **options)
    assert load(text, limit=1).words == load(text, words=["a"]).words == ("a",)


@pytest.mark.parametrize(
    ("widths", "wrong"),
    [
        # Of 200 lines as many have one number as have two: the first says which.
        ([1] * 100 + [2] * 101, 101),
        ([1] * 99 + [2] * 100 + [1, 2, 2], 100),
        ([3] + [1] * 2 + [2] * 2, 1),
        # Of fewer the most.
        ([1] * 2 + [2] * 3, 1),
    ],
)
def test_the_width_is_that_of_most_of_the_first_200_lines(widths, wrong):
    lines = [f"w{i}" + " 5" * width for i, width in enumerate(widths)]
    with pytest.raises(SeqvizError, match=f"Line {wrong} has {widths[wrong - 1]} number"):
        load("\n".join(lines) + "\n")


def test_the_largest_float32_is_read():
    largest = "3.40282347e+38"  # with nine digits, which are rounded up
    # On both ways: all numbers at once, and line by line (for the carriage return).
    for end in ("", "\r\r"):
        got = load(f"a {largest} -{largest}{end}\nb 1 2\n")
        assert got["a"].tolist() == [np.finfo(np.float32).max, -np.finfo(np.float32).max]


def test_a_number_beyond_float32_is_said_once():
    said = pytest.raises(SeqvizError, match=r"'3\.5e38', which is not a finite float32")
    with warnings.catch_warnings(action="error"), said:
        load("a 1 3.5e38\nb 1 2\n")


def test_notices_say_what_was_made_of_it():
    assert load("2 1\na 1\nb 2\nc 3\n").notices == (
        "The header says 2 words, and there are 3: all were read.",
    )
    assert load("3 1\na 1\nb 2\nc 3", limit=3).notices == ()
    assert load("word\tx\na\t1\n").notices == (
        "Line 1 holds the names of columns and was left out.",
    )
    (notice,) = load("a 1\nb 2\na 3\na 4\nb 5\n").notices
    assert notice == "3 words come more than once (the first is 'a'): the first of each was kept."
    assert "no line end" in load("a 1\nb 2").notices[0]
    assert load("2 1\na 1\nb 2").notices == ()  # as many as the header says
    assert load("a 1\nb 2", limit=1).notices == ()
    assert "no line end" in load("a 1\nb 2", limit=2).notices[0]


@pytest.mark.parametrize("words", [["für"], ["né", "über"]])
def test_a_file_of_another_encoding_is_not_read_in_part(words):
    others = [f"w{i}" for i in range(100)]
    lines = [f"{word} 1 2" for word in [*others, *(w + str(i) for w in words for i in range(20))]]
    with pytest.raises(SeqvizError, match=r"Line 101 is not utf-8.* another encoding") as caught:
        load("\n".join(lines).encode("cp1252") + b"\n")
    assert "latin" not in str(caught.value).lower()
    assert len(load("\n".join(lines).encode("cp1252") + b"\n", encoding="cp1252")) == len(lines)


def test_the_bytes_of_a_file_are_read():
    data = b"cat 1 2\ndog 3 4\n"
    for source in (data, bytearray(data), memoryview(data), gzip.compress(data)):
        assert load_vectors(source).words == ("cat", "dog")
    pair = seqviz.load_projector(b"1\t2\n3\t4\n", b"cat\ndog\n")
    assert pair["dog"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "NoneType was given.*open"),
        (3, r"int was given \(3\)"),
        (["a.txt", "b.txt"], "list was given"),
        (np.ones((2, 2)), "ndarray was given"),
        ({"cat": [1, 2]}, "dict was given"),
        ("cat 1 2\ndog 3 4\n", r"is text, not a path.*text\.encode\(\)"),
        ("x" * 200, f"^'{'x' * 200}' cannot be read"),
        ("x" * 201, f"^'{'x' * 200}…' cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("a\0b", "cannot be read: .*null"),
        ("", "cannot be read"),
        ("https://nlp.stanford.edu/data/glove.6B.zip", "address of the web"),
    ],
)
def test_what_is_no_file(source, said):
    for read in (load_vectors, lambda s: seqviz.load_projector(s, b"a\n")):
        with pytest.raises(SeqvizError, match=said) as caught:
            read(source)
        assert len(str(caught.value)) < 400


def test_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"cat 1\n")
    with path.open("rb") as closed:
        pass
    with pytest.raises(SeqvizError, match=r"cannot be read: .*closed"):
        load_vectors(closed)
    with (tmp_path / "b.txt").open("wb") as file, pytest.raises(SeqvizError, match="cannot be"):
        load_vectors(file)
    with path.open("rb") as file:
        load_vectors(file)
        assert not file.closed
    path.write_bytes(b"\xff 1\n")
    with path.open(encoding="utf-8") as file, pytest.raises(SeqvizError, match="opened as text"):
        load_vectors(file)


def test_a_file_that_is_out_of_reach_while_it_is_read():
    class Away(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(SeqvizError, match=r"cannot be read: Input/output error\."):
        load_vectors(Away())


@pytest.mark.parametrize(
    "words",
    [
        ["c", "a"],
        {"c", "a"},
        {"c": 7, "a": 1},
        {7: "c", 1: "a"},
        Counter(["c", "a"]),
        {"c": 7, "a": 1}.keys(),
        np.array(["c", "a"]),
        seqviz.Vocabulary(9, ("c", "a")),
        iter(["c", "a"]),
    ],
)
def test_wanted_words_in_every_form(words):
    assert load("a 1\nb 2\nc 3\n", words=words).words == ("a", "c")
    with pytest.raises(SeqvizError, match="one piece of text"):
        load("a 1\nb 2\n", words="ab")


def word2vec_binary():
    out = b"2 4\n"
    for word in (b"cat", b"dog"):
        out += word + b" " + np.array([0.5, 0, -1, 2], np.float32).tobytes() + b"\n"
    return out


def zip_archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("vectors.txt", "cat 1 2\n")
    return out.getvalue()


PACKED = gzip.compress(b"".join(b"w%d 0.5 -1.25 %d\n" % (i, i * 7919) for i in range(3000)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\n\n \n", "lines 1 to 3 are blank", id="blank"),
        pytest.param(b"100 3\n", "line 1", id="header only"),
        pytest.param(b"3 2\na 1 2\nb 3 4\n", "line 3", id="fewer than the header says"),
        pytest.param(PACKED[:-1500], "after line", id="truncated gzip"),
        pytest.param(PACKED[:4000] + b"xx" + PACKED[4002:], "is damaged", id="damaged gzip"),
        pytest.param(PACKED[:-8] + b"sums" + PACKED[-4:], "is damaged", id="gzip, wrong checksum"),
        pytest.param(b"a 1 2 3\nb 4 5 6\nc 7 8", "line 3", id="truncated last line"),
        pytest.param(b"a 1 2 3\nb 4 5\nc 7 8 9\n", "line 2", id="too few numbers"),
        pytest.param(b"a 1 2 3\nb 4 5 6\nc 7 8 9 10\n", "line 3", id="too many numbers"),
        pytest.param(b"a 1 2 3\nb 4 5 6\nc 7 nan 9\n", "line 3: number 2", id="NaN"),
        pytest.param(b"a 1 2 3\nb inf 5 6\n", "line 2: number 1", id="infinity"),
        pytest.param(b"a 1 2 3\nb 1e39 5 6\n", "line 2: number 1", id="beyond float32"),
        pytest.param(b"a 1 2 3\nb 1.2.3 5 6\n", "line 2: number 1", id="two points"),
        pytest.param(b"a 1 2 3\nb 1.2.3 6\n", "line 2", id="two points, one number less"),
        pytest.param(b"a 1 2 3\nb 5  1.2.3\n", "line 2", id="two points and two spaces"),
        pytest.param(b"a 1 2 3\nb 1_0 5 6\n", "line 2: number 1", id="an underscore"),
        pytest.param(b"a 1,5 2 3\nb 1 5 6\n", "line 1: number 1", id="a decimal comma"),
        pytest.param("a 1 2\né 3 4\n".encode("latin-1"), "line 2", id="wrong encoding"),
        pytest.param("a 1 2\nb 3 4\n".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(b"a 1 2\nb " + b"1 " * 10**6 + b"\n", "line 2", id="a million columns"),
        pytest.param(b"b " + b"1 " * 10**6 + b"\n", "line 1", id="nothing but a million columns"),
        pytest.param(b"a 1\n" + b"x" * 9_000_000, "line 2", id="a line without end"),
        pytest.param(word2vec_binary(), "save_word2vec_format", id="word2vec .bin"),
        pytest.param(b"a 1 2\nb 3 \x004\n", "line 2", id="a zero byte"),
        pytest.param(zip_archive(), "zip", id="zip"),
        pytest.param(b"\n <!DOCTYPE html><html></html>", "HTML", id="HTML"),
        pytest.param(b"0.1\t0.2\n0.3\t0.4\n", "load_projector", id="vectors without words"),
        pytest.param(b"cat\ndog\n", "line 1", id="words without vectors"),
        pytest.param(b"\x93NUMPY\x01\x00", "NumPy", id="npy"),
    ],
)
def test_a_broken_file_is_said_where_it_is_broken(data, said):
    with pytest.raises(SeqvizError) as caught:
        load(data)
    message = str(caught.value)
    assert said.lower() in message.lower()
    assert len(message) < 400
    # All but an empty file name the line.
    assert "line" in message.lower()


def test_of_a_gzip_file_that_ends_early_it_is_said_after_how_many_lines():
    # Numbers that hardly pack, so that there are many blocks of what is packed.
    dice = np.random.default_rng(0)
    lines = [b"w%d %.6f %.6f\n" % (i, *row) for i, row in enumerate(dice.normal(size=(60_000, 2)))]
    packed = gzip.compress(b"".join(lines))[:-9_000]
    there = zlib.decompressobj(wbits=31).decompress(packed).count(b"\n")
    with pytest.raises(SeqvizError, match=r"ends early, after line ([\d,]+)\.") as caught:
        load(packed)
    said = int(re.search(r"line ([\d,]+)", str(caught.value))[1].replace(",", ""))
    assert said <= there
    assert there - said <= text_lines._BLOCK / min(map(len, lines))
    assert said > 40_000


def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(b"a" + b" 0" * 40_000_000)
    with pytest.raises(SeqvizError, match=r"12 MB|longer than"):
        load(bomb, max_bytes=12_000_000)
    lines = gzip.compress(b"".join(b"w%d 0 0 0 0 0 0 0\n" % (i % 10) for i in range(1_000_000)))
    with pytest.raises(SeqvizError, match="more than 40 times its size by line"):
        load(lines, max_ratio=40)
    with pytest.raises(SeqvizError, match="more than 1 MB"):
        load(lines, max_bytes=1_000_000)


def test_a_path_that_is_none(tmp_path):
    with pytest.raises(SeqvizError, match="cannot be read"):
        load_vectors(tmp_path / "none.txt")
    with pytest.raises(SeqvizError, match="opened as text"):
        load_vectors(io.StringIO("a 1\n"))
    with pytest.raises(SeqvizError, match="limit"):
        load("a 1\n", limit=0)


def test_lines_are_counted_across_blocks():
    lines = [f"w{i} {i} 0.5 0.25" for i in range(150_000)]  # more than two blocks of 1 MB
    got = load("\n".join(lines) + "\n")
    assert got.words[-1] == "w149999"
    np.testing.assert_array_equal(got.vectors[:, 0], np.arange(150_000, dtype=np.float32))
    lines[140_000] = "broken 1 2"
    with pytest.raises(SeqvizError, match="Line 140,001"):
        load("\n".join(lines) + "\n")


@pytest.mark.parametrize("size", [7, 8, 12, 100])
def test_whatever_is_read_at_once_the_lines_are_the_same(size, monkeypatch):
    monkeypatch.setattr(text_lines, "_BLOCK", size)
    text = "a 1 2\r\nBZh 3 4 \n\nc 5 6\nd 7 8\n"
    assert load(text).words == ("a", "BZh", "c", "d")
    assert load(text).vectors.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    for limit in (1, 2, 3, 4):
        assert load(text, limit=limit).words == ("a", "BZh", "c", "d")[:limit]
    with pytest.raises(SeqvizError, match="Line 5 has 1 number after 'd'"):
        load(text.replace(" 8", ""))
    # Two numbers in line 3 are no header, as they are in the first line of a binary file.
    with pytest.raises(SeqvizError, match="Line 4 holds bytes that no text has"):
        load("a 1\nb 2\n7 1\nc \0\n")


def test_many_blank_lines_may_come_first():
    assert load("\n" * 500 + "a 1 2\n").words == ("a",)


names = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8
)
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


@st.composite
def tables(draw):
    words = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    dim = draw(st.integers(1, 5))
    rows = draw(
        st.lists(
            st.lists(numbers, min_size=dim, max_size=dim),
            min_size=len(words),
            max_size=len(words),
        )
    )
    return words, np.array(rows, np.float32)


@STEADY
@given(tables(), st.booleans(), st.sampled_from(" \t"))
def test_what_is_written_is_read_back_bit_for_bit(table, packed, separator):
    words, rows = table
    text = f"{len(words)} {rows.shape[1]}\n" + "".join(
        separator.join([word, *(f"{x:.9g}" for x in row)]) + "\n"
        for word, row in zip(words, rows.tolist(), strict=True)
    )
    got = load(gzip.compress(text.encode()) if packed else text)
    assert got.words == tuple(words)
    assert got.vectors.tobytes() == rows.tobytes()


@STEADY
@given(st.integers(0, 200))
def test_a_file_cut_anywhere_is_an_error_or_loses_its_end_only(cut):
    whole = b"".join(b"word%d %d.5 -0.25 1e-3\n" % (i, i) for i in range(10))
    try:
        got = load(whole[:cut])
    except SeqvizError:
        return
    sure = len(got) - 1  # the last may have lost digits
    want = load(whole)
    assert got.words[:sure] == want.words[:sure]
    if sure:
        np.testing.assert_array_equal(got.vectors[:sure], want.vectors[:sure])
    assert whole[cut - 1 : cut] == b"\n" or got.notices


@STEADY
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        got = load(data)
    except SeqvizError:
        return
    assert got.vectors.shape == (len(got), got.dim)
    assert np.isfinite(got.vectors).all()


def test_public():
    assert seqviz.load_vectors is load_vectors
