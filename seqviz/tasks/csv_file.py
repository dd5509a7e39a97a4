"""A task of your own: a CSV with a column of texts and a column of their labels.

What is wrong in the file is said by row and column, as a spreadsheet numbers them: the header is row 1.
"""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.segmentation import clean, shorten, tokenize
from seqviz.tasks.parts import answers, padded
from seqviz.tasks.task import Samples, Task
from seqviz.vocabulary import PAD, UNK, Vocabulary
from seqviz.wording import counted

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 2_000
MAX_TOKENS: Final = 60
MAX_WORDS: Final = 5_000  # rows of the embedding, padding and unknown words included
MAX_CLASSES: Final = 20
_FEWEST: Final = 4  # rows of a class: some to learn from, one to be held out
_HELD_OUT: Final = 5  # each so many-th row of a class
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
_MAGIC: Final = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SAVE: Final = "Save it as CSV in UTF-8 (in Excel: “CSV UTF-8”)."


class _Row(NamedTuple):
    number: int  # as a spreadsheet has it
    text: str
    label: str


def csv_columns(source: Any, *, delimiter: str = ",") -> tuple[str, ...]:
    """The names of a CSV's columns: its first row.

    Args:
        source: As for `from_csv`.
        delimiter: Likewise.

    Raises:
        SeqvizError: It is no CSV of at most 5 MB in UTF-8 with a header and a row below it.
    """
    header, rows = _opened(source, delimiter)
    next(rows)
    return header


def from_csv(source: Any, *, text: str, label: str, delimiter: str = ",", seed: int = 0) -> Task:
    """A task made of a CSV: to which class does each text belong?

    At most 2,000 rows, drawn at random, and the first 60 words of each are used; of more, `notices`
    of the task says so. A fifth of each class is held out. Rows that repeat a text are left out, so
    that no text is in both parts.

    Args:
        source: Its path, its bytes, or a file opened for reading bytes; at most 5 MB, in UTF-8.
        text: Name of the column of texts.
        label: Name of the column of labels: from 2 to 20 that differ, 4 rows or more of each.
        delimiter: What stands between columns.
        seed: Which rows are drawn, which of them are held out, and in what order they come.

    Raises:
        SeqvizError: The file is none of this; the message says where, by row and column.
    """
    header, found = _opened(source, delimiter)
    places = [_place(header, name, what) for name, what in ((text, "text"), (label, "label"))]
    if places[0] == places[1]:
        raise SeqvizError(
            f"Column {text!r} was named twice, but texts and labels are two columns. "
            f"The file has {_listed(header)}."
        )
    rows = [_Row(number, *(cells[place].strip() for place in places)) for number, cells in found]
    # A file may have a million rows: what differs is cleaned once, and texts when they are drawn.
    differ = {row.label for row in rows}
    if len(differ) <= MAX_CLASSES**2:
        names = {name: clean(name) for name in differ}
        rows = [row._replace(label=names[row.label]) for row in rows]
    for row in rows:
        if not (row.text and row.label):
            raise SeqvizError(
                f"Row {row.number}, column {(label if row.text else text)!r} is empty, but every row "
                "needs a text and a label. Fill it in, or delete the row."
            )
    order = np.random.default_rng(seed)
    notices: list[str] = []
    rows = _without_repeats(rows, text, notices)
    classes = _classes(rows, label, notices)
    if len(rows) > MAX_ROWS:
        notices.append(f"{MAX_ROWS:,} of {len(rows):,} rows are used, drawn at random.")
        rows = _drawn(rows, order)
    return _task(rows, classes, text, label, order, notices)


def _opened(source: Any, delimiter: str) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """The names of a file's columns, and its rows with their numbers."""
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise SeqvizError(
            f"delimiter is {shorten(repr(delimiter))}, but it must be one character, such as ',' or ';'."
        )
    rows = _rows(_decoded(_bytes(source), delimiter), delimiter)
    number, first = next(rows, (1, []))
    if not first:
        raise SeqvizError("The file is empty, but a header and rows below it are needed.")
    header = tuple(map(clean, first))
    for place, name in enumerate(header, 1):
        if not name or _is_number(name):
            raise SeqvizError(
                f"Row {number}, column {place} is {shorten(name)}, which is no name of a column: the "
                "file has no header. Put names such as text,label into row 1."
            )
        if name in header[: place - 1]:
            raise SeqvizError(
                f"Row {number}: two columns are called {shorten(name)}. Give each a name of its own."
            )
    if len(header) == 1:
        _check_delimiter(first[0], delimiter, number)
    return header, _whole(rows, header)


def _bytes(source: Any) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif isinstance(source, str | os.PathLike):
        try:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise SeqvizError(
                f"{shorten(str(source))} cannot be read: {getattr(error, 'strerror', None) or error}. "
                "Give the path of a CSV, or its bytes."
            ) from error
    else:
        read = getattr(source, "read", None)
        found = read(MAX_BYTES + 1) if callable(read) else None
        if not isinstance(found, bytes):
            raise SeqvizError(
                f"{type(source).__name__} was given, but a CSV is needed: its path, its bytes, or "
                "open(path, 'rb')."
            )
        data = found
    if len(data) > MAX_BYTES:
        raise SeqvizError(
            f"The file is larger than {MAX_BYTES / 1e6:g} MB, the most that is read here. "
            "Keep fewer rows: 2,000 are used."
        )
    return data


def _decoded(data: bytes, delimiter: str) -> str:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise SeqvizError(f"The file is {what}, not a CSV in UTF-8. {_SAVE}")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        number, column = _reached(data[: error.start].decode("utf-8"), delimiter)
        raise SeqvizError(
            f"Row {number}, column {column} holds the byte 0x{data[error.start]:02x}, which is not "
            f"UTF-8: the file has another encoding. {_SAVE}"
        ) from error
    if "\0" in text:
        number, column = _reached(text[: text.index("\0")], delimiter)
        raise SeqvizError(
            f"Row {number}, column {column} holds a zero byte, which no text has. {_SAVE}"
        )
    return text


def _reached(text: str, delimiter: str) -> tuple[int, int]:
    """Row and column in which the beginning of a file ends."""
    rows = list(csv.reader(io.StringIO(text + "x", newline=""), delimiter=delimiter))
    return len(rows), len(rows[-1])


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise SeqvizError(
            f"Row {number + 1} cannot be read: {error}. A text that holds quotes or line ends stands "
            'between quotes, and each quote in it is doubled: "she said ""no""".'
        ) from error


def _whole(
    rows: Iterator[tuple[int, list[str]]], header: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """The rows, each checked to have as many cells as the header."""
    none = True
    for number, cells in rows:
        none = False
        if len(cells) != len(header):
            raise SeqvizError(
                f"Row {number} has {counted(len(cells), 'column')}, but the header has "
                f"{counted(len(header), 'column')}: {_listed(header)}. A text that holds the "
                "delimiter must stand between quotes."
            )
        yield number, cells
    if none:
        raise SeqvizError("The file has a header, but no row below it.")


def _check_delimiter(name: str, delimiter: str, number: int) -> None:
    for other, called in _DELIMITERS.items():
        if other != delimiter and other in name:
            raise SeqvizError(
                f"Row {number} has one column, {shorten(name)}: the columns of the file seem to have "
                f"{called} between them, not {_DELIMITERS.get(delimiter, repr(delimiter))}. Give "
                f"delimiter={other!r}, or save the file with commas."
            )


def _place(header: Sequence[str], name: Any, what: str) -> int:
    if name not in header:
        raise SeqvizError(
            f"The column of the {what}s is to be {shorten(str(name))}, but row 1 has "
            f"{_listed(header)}. Give {what}= with one of these; if they are no names, put a header "
            "such as text,label above them."
        )
    return list(header).index(name)


def _without_repeats(rows: Sequence[_Row], text: str, notices: list[str]) -> list[_Row]:
    first: dict[str, _Row] = {}
    for row in rows:
        seen = first.setdefault(row.text.casefold(), row)
        if seen.label != row.label:
            raise SeqvizError(
                f"Row {row.number} has the same {text!r} as row {seen.number}, but the label "
                f"{shorten(row.label)}, not {shorten(seen.label)}. Keep one of the two."
            )
    if len(first) < len(rows):
        repeated = len(rows) - len(first)
        notices.append(f"{counted(repeated, 'row')} left out: the same text stands in another row.")
    return list(first.values())


def _classes(rows: Sequence[_Row], label: str, notices: list[str]) -> tuple[str, ...]:
    """The labels that differ, in alphabetical order."""
    counts = Counter(row.label for row in rows)
    first = {row.label: row for row in reversed(rows)}
    if label in counts:
        raise SeqvizError(
            f"Row {first[label].number}, column {label!r} is {shorten(label)}, as the column is called: "
            "row 1 seems to be no header. Put names such as text,label above it."
        )
    numbers = [row for row in rows if _is_number(row.label)]
    if numbers and (len(counts) > MAX_CLASSES or not all(map(_is_whole, counts))):
        row = next((row for row in numbers if not _is_whole(row.label)), numbers[0])
        raise SeqvizError(
            f"Row {row.number}, column {label!r} is {shorten(row.label)}, a number, but a label is the name "
            "of a class. Give another column, or write names there, such as low and high."
        )
    if len(counts) > MAX_CLASSES:
        raise SeqvizError(
            f"Column {label!r} has {len(counts):,} labels that differ, but at most {MAX_CLASSES} can be "
            f"told apart here; row {rows[0].number} has {shorten(rows[0].label)}. Is it the column of "
            "labels?"
        )
    if len(counts) == 1:
        raise SeqvizError(
            f"Column {label!r} has one label, {shorten(rows[0].label)}, in every row from row "
            f"{rows[0].number} on, but two or more classes are needed to tell apart."
        )
    for name, count in counts.items():
        if count < _FEWEST:
            raise SeqvizError(
                f"Column {label!r} has {shorten(name)} in {counted(count, 'row')} only (the first is "
                f"row {first[name].number}), but {_FEWEST} or more of each label are needed: some to "
                "learn from, one to be held out. Add some, or delete these."
            )
    if numbers:
        notices.append(
            f"The labels in column {label!r} are numbers. They are taken as names of "
            f"{len(counts)} classes: that 2 is more than 1 is nothing that a model is told."
        )
    return tuple(sorted(counts))


def _drawn(rows: Sequence[_Row], order: np.random.Generator) -> list[_Row]:
    """`MAX_ROWS` of the rows, of each class its share, and `_FEWEST` at least."""
    by_label: dict[str, list[_Row]] = {}
    for place in order.permutation(len(rows)):
        by_label.setdefault(rows[place].label, []).append(rows[place])
    # The n-th row of a class stands at its share n of the class: the first ones of all are drawn.
    ranked = sorted(
        (max(0, rank + 1 - _FEWEST) / len(found), found[rank].number, found[rank])
        for found in by_label.values()
        for rank in range(len(found))
    )
    return [row for _, _, row in ranked[:MAX_ROWS]]


def _task(
    rows: Sequence[_Row],
    classes: tuple[str, ...],
    text: str,
    label: str,
    order: np.random.Generator,
    notices: list[str],
) -> Task:
    tokens: dict[int, tuple[str, ...]] = {}
    cut = 0
    for row in rows:
        found = tokenize(row.text).tokens
        if not found:
            raise SeqvizError(
                f"Row {row.number}, column {text!r} is {shorten(row.text)}, which has no word in it. "
                "Delete the row."
            )
        cut += len(found) > MAX_TOKENS
        tokens[row.number] = found[:MAX_TOKENS]
    if cut:
        notices.append(f"{counted(cut, 'text')} cut after {MAX_TOKENS} words.")
    # Texts that are read as the same words belong to one part.
    unique = {tuple(word.casefold() for word in tokens[row.number]): row for row in rows}
    train: list[_Row] = []
    held_out: list[_Row] = []
    for class_ in classes:
        own = [row for row in unique.values() if row.label == class_]
        if len(own) < 2:
            raise SeqvizError(
                f"Row {own[0].number if own else rows[0].number}: of the texts with the label "
                f"{shorten(class_)} fewer than 2 differ in their first {MAX_TOKENS} words, but one "
                "is needed to learn from and one to be held out. Add some."
            )
        own = [own[place] for place in order.permutation(len(own))]
        share = -(-len(own) // _HELD_OUT)
        held_out += own[:share]
        train += own[share:]
    parts = [[part[k] for k in order.permutation(len(part))] for part in (train, held_out)]
    known = _most_frequent([tokens[row.number] for row in parts[0]])
    words = (PAD, UNK, *known.entries)
    timesteps = max(len(tokens[row.number]) for part in parts for row in part)

    def samples(part: Sequence[_Row]) -> Samples:
        return Samples(
            inputs=padded([known.encode(tokens[row.number]) for row in part], timesteps),
            targets=answers([classes.index(row.label) for row in part], len(classes)),
            texts=tuple(clean(row.text) for row in part),
        )

    return Task(
        name="csv",
        question=f"Which {label} is it?",
        words=words,
        classes=classes,
        per_timestep=False,
        train=samples(parts[0]),
        held_out=samples(parts[1]),
        probe=" ".join(tokens[parts[1][0].number]),
        notices=tuple(notices),
    )


def _most_frequent(texts: Sequence[Sequence[str]]) -> Vocabulary:
    """The words, in the order in which they come; of too many those that come most often."""
    counts = Counter(word.casefold() for words in texts for word in words)
    kept = {word for word, _ in counts.most_common(MAX_WORDS - 2)}
    every = (word for words in texts for word in words if word.casefold() in kept)
    entries = Vocabulary.from_tokens(every, MAX_WORDS).entries
    return Vocabulary(len(entries) + 2, entries)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+\-−]?(\d+([.,]\d*)?|[.,]\d+)([eE][+\-]?\d+)?", text))


def _is_whole(text: str) -> bool:
    return not _is_number(text) or bool(re.fullmatch(r"[+\-−]?\d+", text))


def _listed(header: Sequence[str]) -> str:
    named = ", ".join(map(shorten, header[:10]))
    return f"{named} and {len(header) - 10:,} more" if len(header) > 10 else named
