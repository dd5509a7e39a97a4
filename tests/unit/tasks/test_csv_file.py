"""A CSV becomes a task; what is wrong in it is said by row and column."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz import SeqvizError, tasks

ROWS = [(f"text {n} is {word}", kind) for n in range(10) for word, kind in
        (("good", "yes"), ("bad", "no"), ("so so", "maybe"))]  # fmt: skip


def made(rows, header=("text", "label"), delimiter=",", encoding="utf-8"):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return file.getvalue().encode(encoding)


def read(data, **options):
    return tasks.from_csv(data, **{"text": "text", "label": "label", **options})


def test_a_file_becomes_a_task(tmp_path):
    (tmp_path / "mine.csv").write_bytes(made(ROWS))
    task = read(tmp_path / "mine.csv")
    assert task.name == "csv"
    assert task.question == "Which label is it?"
    assert task.classes == ("maybe", "no", "yes")
    assert task.words[:5] == ("[PAD]", "[UNK]", "text", *task.words[3:5])
    assert (len(task.train), len(task.held_out)) == (24, 6)
    for part in (task.train, task.held_out):
        counts = np.unique(part.targets, return_counts=True)[1]
        assert counts.tolist() == [len(part) // 3] * 3
        by_text = dict(ROWS)
        for text, row, target in zip(part.texts, part.inputs, part.targets, strict=True):
            assert task.classes[target] == by_text[text]
            words = [task.words[id_] for id_ in row if id_]
            assert [w for w in words if w != "[UNK]"] == [
                w for w in text.split() if w in task.words
            ]
    assert not set(task.train.texts) & set(task.held_out.texts)
    assert not task.notices


@pytest.mark.parametrize(
    "give", [lambda b: b, bytearray, io.BytesIO], ids=["bytes", "array", "file"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_bytes_and_open_files_are_taken(give, encoding):
    task = read(give(made(ROWS, encoding=encoding)))
    assert len(task.train) == 24


def test_columns_are_named_for_choosing():
    data = made([("1", "a", "b")], header=("id", "text", "label"))
    assert tasks.csv_columns(data) == ("id", "text", "label")
    assert tasks.csv_columns(data.replace(b",", b";"), delimiter=";") == ("id", "text", "label")


def test_two_classes_have_one_output():
    task = read(made([row for row in ROWS if row[1] != "maybe"]))
    assert (task.outputs, task.loss, task.train.targets.shape) == (
        1,
        "binary_crossentropy",
        (16, 1),
    )


def test_long_files_and_long_texts_are_cut_and_it_is_said():
    rows = [(f"number {n} {'very ' * (n % 80)}", "ab"[n % 3 == 0]) for n in range(6000)]
    task = read(made(rows))
    assert len(task.train) + len(task.held_out) == 2000
    assert task.train.inputs.shape[1] == 60
    assert task.notices[0] == "2,000 of 6,000 rows are used, drawn at random."
    assert task.notices[1].endswith("cut after 60 words.")
    for part in (task.train, task.held_out):
        assert part.targets.mean() == pytest.approx(1 / 3, abs=0.01)
    assert len(task.words) <= 5000


def test_a_rare_class_is_not_lost_among_many_rows():
    rows = [(f"row {n}", "often") for n in range(5000)] + [(f"rare {n}", "rare") for n in range(4)]
    task = read(made(rows))
    assert task.train.targets.sum() == 3
    assert task.held_out.targets.sum() == 1


def test_repeats_are_left_out_so_that_no_text_is_in_both_parts():
    task = read(made([*ROWS, *ROWS, ("TEXT 0 is good", "yes")]))
    assert len(task.train) + len(task.held_out) == 30
    assert task.notices == ("31 rows left out: the same text stands in another row.",)
    # The same words, written otherwise, are the same to a model.
    task = read(made([*ROWS, *((text + "!", label) for text, label in ROWS)]))
    rows = [row.tobytes() for part in (task.train, task.held_out) for row in part.inputs]
    assert len(task.train) + len(task.held_out) == 30
    assert len(rows) == 30


def test_whole_numbers_are_taken_as_names_and_it_is_said():
    task = read(made([(text, {"yes": 1, "no": 0, "maybe": 2}[label]) for text, label in ROWS]))
    assert task.classes == ("0", "1", "2")
    assert "taken as names of 3 classes" in task.notices[0]


def test_cells_of_several_lines_are_counted_as_a_spreadsheet_does():
    rows = [("two\nlines, and a comma", "yes"), *ROWS, ("", "no")]
    with pytest.raises(SeqvizError, match=r"^Row 33, column 'text' is empty"):
        read(made(rows))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"text,label\n", "no row below"),
        (made(ROWS, header=("a", "b")), "texts is to be “text”, but row 1 has “a”, “b”"),
        (made(ROWS[1:], header=ROWS[0]), "text,label above them"),
        (made(ROWS, header=("text", "")), "Row 1, column 2 is .*no header"),
        (made(ROWS, header=("text", "5")), "Row 1, column 2 is “5”.*no header"),
        (made(ROWS, header=("text", "text")), "two columns are called “text”"),
        (made(ROWS, delimiter=";"), "“text;label”.*semicolons between them, not commas.*';'"),
        (made(ROWS, delimiter="\t"), "tabs between them"),
        (made([*ROWS, ("a, b",)]), r"Row 32 has 1 column, but the header has 2 columns"),
        (made(ROWS).replace(b"text 4 is good", b"text, 4"), "Row 14 has 3 columns"),
        (made([*ROWS, ("fine", "")]), "Row 32, column 'label' is empty"),
        (made([*ROWS, (" \t", "no")]), "Row 32, column 'text' is empty"),
        (made([*ROWS, ("?!…", "no")]), "Row 32, column 'text' is “.*no word in it"),
        (made([(text, "yes") for text, _ in ROWS]), "one label, “yes”, .* from row 2 on"),
        (made([*ROWS, ("odd", "other")]), r"“other” in 1 row only \(the first is row 32\)"),
        (made([(t, n / 2) for n, (t, _) in enumerate(ROWS)]), "Row 2, column 'label' is “0.0”, a n"),
        (made([(t, n) for n, (t, _) in enumerate(ROWS)]), "Row 2, column 'label' is “0”, a number"),
        (made([(t, f"k{n}") for n, (t, _) in enumerate(ROWS)]), "30 labels that differ"),
        (made([*ROWS, (ROWS[4][0], "yes")]), "Row 32 has the same 'text' as row 6"),
        (made([*ROWS, ("a", "label")]), "Row 32, column 'label' is “label”, as the column is"),
        (made([("naïve", "no"), *ROWS], encoding="latin-1"), "Row 2, column 1 .* 0xef"),
        (made([*ROWS, ("x", "né")], encoding="latin-1"), "Row 32, column 2 .* 0xe9"),
        (made(ROWS, encoding="utf-16"), "The file is UTF-16"),
        (made([*ROWS, ("x\0", "no")]), "Row 32, column 1 holds a zero byte"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b'text,label\nfine,yes\n"never closed,no\n', "Row 3 cannot be read"),
        (b'text,label\n"a" b,no\n', "Row 2 cannot be read"),
        (b"text,label\n" + b"a" * 200_000 + b",no\n", "Row 2 cannot be read: field larger"),
        (b"a" * 5_000_001, "larger than 5 MB"),
        (3, "int was given"),
        (io.StringIO("text,label"), "StringIO was given"),
        ("no/such/file.csv", "cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_row_and_column(data, says):
    with pytest.raises(SeqvizError, match=f"(?s){says}"):
        read(data)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"label": "text"}, "'text' was named twice"),
        ({"label": None}, "labels is to be “None”"),
        ({"delimiter": ""}, "must be one character"),
        ({"delimiter": '"'}, "must be one character"),
    ],
)
def test_what_is_asked_wrongly_is_said(options, says):
    with pytest.raises(SeqvizError, match=says):
        read(made(ROWS), **options)


@settings(deadline=None, max_examples=80)
@given(
    st.one_of(
        st.binary(), st.text().map(lambda text: f"text,label\n{text}".encode("utf-8", "replace"))
    )
)
def test_any_file_is_a_task_or_an_error_of_ours(data):
    try:
        task = read(data)
    except SeqvizError:
        return
    assert len(task.classes) > 1
