"""The two files that TensorFlow's Embedding Projector reads: vectors, and a word for each.

Formats: tensorflow.org/tensorboard/tensorboard_projector_plugin, and the dialog "Load" of
projector.tensorflow.org: numbers separated by tabs, one row per line; and metadata of the same number
of lines, without a line of column names where there is one column only.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.vectors.decoding import WordDecoder
from seqviz.vectors.given import matrix_of, row_names
from seqviz.vectors.load import Form, Reader, is_number
from seqviz.vectors.record import WordVectors
from seqviz.vectors.text_lines import Block, lines_of, opened, texts_of
from seqviz.vocabulary import PAD

VECTORS_FILE: Final = "vectors.tsv"
METADATA_FILE: Final = "metadata.tsv"
_WORD_COLUMNS: Final = ("word", "label", "token", "name")


@short_repr
class ProjectorFiles(NamedTuple):
    """The text of the two files.

    Attributes:
        vectors: One row per line, its numbers separated by tabs, written so that reading them as
            float32 gives the same bits.
        metadata: The word of each row, one per line.
    """

    vectors: str
    metadata: str


def export_projector(
    vectors: Any,
    *,
    words: Any = None,
    folder: str | os.PathLike[str] | None = None,
) -> ProjectorFiles:
    """Make the two TSV files that the TensorFlow Embedding Projector loads.

    Args:
        vectors: ``(n, dim)``; or what knows its words: what `load_vectors` returned, gensim's
            `KeyedVectors`, a mapping word → vector, a pandas DataFrame indexed by words; or an
            `EmbeddingTrace` or a Keras `Embedding` layer, whose table is taken.
        words: The word or label of each row, which may repeat: ``(n,)`` in the order of the rows
            (text, bytes or numbers), such as ``TextVectorization.get_vocabulary()``, whose blank
            row 0 is written as ``[PAD]``; or a mapping word → id, such as
            ``Tokenizer.word_index``. A row without a word is called ``row 7``.
        folder: Where to write them, as ``vectors.tsv`` and ``metadata.tsv``; not at all if None.

    Raises:
        SeqvizError: The layer has more than a table; the vectors are not ``(n, dim)``, or not
            finite; the words do not fit the rows; a word is blank (but in row 0) or holds a tab or
            a line end, which the format cannot say; or the folder cannot be written.
    """
    matrix, known = matrix_of(vectors, words)
    if not np.isfinite(matrix).all():
        row = int(np.flatnonzero(~np.isfinite(matrix).all(axis=1))[0])
        raise SeqvizError(
            f"Row {row} holds NaN or infinity, which the projector cannot read. Leave that row out."
        )
    names = row_names((None,) * len(matrix) if known is None else known)
    if names[:1] == ("",):
        names = (PAD, *names[1:])
    for row, word in enumerate(names):
        if not word.strip() or any(end in word for end in "\t\n\r"):
            raise SeqvizError(
                f"The word of row {row} is {word!r}, but the projector's file of words has one a "
                "line: none may be blank or hold a tab or a line end. Give it another name."
            )
    # 9 digits tell all float32 numbers apart (IEEE 754), 17 all float64.
    form = "%.9g" if matrix.dtype.itemsize <= 4 else "%.17g"
    line = "\t".join([form] * matrix.shape[1]) + "\n"
    files = ProjectorFiles(
        "".join([line % tuple(row) for row in matrix.tolist()]),
        "".join([f"{word}\n" for word in names]),
    )
    if folder is not None:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for name, text in ((VECTORS_FILE, files.vectors), (METADATA_FILE, files.metadata)):
                (Path(folder) / name).write_bytes(text.encode())
        except OSError as error:
            raise SeqvizError(
                f"{str(folder)!r} cannot be written: {error.strerror or error}. Name a folder of "
                "your own."
            ) from error
    return files


def load_projector(
    vectors: str | os.PathLike[str] | IO[bytes] | bytes,
    metadata: str | os.PathLike[str] | IO[bytes] | bytes,
    *,
    max_bytes: int | None = None,
    max_ratio: float | None = None,
) -> WordVectors:
    """Read the two files of the Embedding Projector: those of `export_projector`, or of others.

    All rows are kept, as in the projector: labels may repeat, such as the digits of MNIST, and a
    notice says so. A row with a blank label is called ``row 7``, or ``[PAD]`` if it is row 0.

    Args:
        vectors: Path of ``vectors.tsv``, the file opened in binary mode, or its bytes. May be gzip.
        metadata: Likewise ``metadata.tsv``. If it has several columns, their names stand in the
            first line, and the one called word, label, token or name is taken; else the first that
            is not all numbers, as the projector does; else the first.
        max_bytes: As in `load_vectors`, of each file.
        max_ratio: As in `load_vectors`.

    Raises:
        SeqvizError: A file cannot be read, a line is broken (the message says which), or there is
            not one label for each row.
    """
    table = _table(vectors, max_bytes, max_ratio)
    lines = _lines(metadata, max_bytes, max_ratio)
    labels, numbers = _labels(lines, len(table))
    decoder = WordDecoder("utf-8", " of the words")
    decoded = decoder.decode(labels, numbers)
    notices = decoder.notices()
    kept = [row for row, word in enumerate(decoded) if word is not None]
    words = row_names([word if word and word.strip() else None for word in decoded], rows=kept)
    if not labels[0].strip():
        words = (PAD, *words[1:])
    different = len(set(words))
    if different < len(words):
        notices += (
            f"Labels repeat: {different:,} different ones in {len(words):,} rows. Asked for by its "
            "label, the first row that has it is meant.",
        )
    return WordVectors(words, table if len(kept) == len(table) else table[kept], notices)


def _table(source: Any, max_bytes: int | None, max_ratio: float | None) -> NDArray[np.float32]:
    """The file of numbers, ``(n, dim)``."""
    rows: Reader | None = None
    for block in _blocks(source, "vectors", max_bytes, max_ratio):
        if rows is None:
            dim = len(block.lines[0].split())
            if not dim:
                raise SeqvizError(
                    "Line 1 of the vectors is blank, but a row of numbers is needed: 0.1 0.2 0.3"
                )
            rows = Reader(Form(dim, b"\t", 0, None, "line 1 has"), "utf-8", None)
        # The number of the line stands in for the word.
        named = [
            b"%d\t%s" % (number, line) if line.strip() else b""
            for number, line in enumerate(block.lines, block.number)
        ]
        rows.read(block._replace(lines=named), None)
    if rows is None:
        raise SeqvizError("The file of vectors is empty. A row of numbers a line is needed.")
    return rows.result().vectors


def _lines(source: Any, max_bytes: int | None, max_ratio: float | None) -> list[tuple[int, bytes]]:
    """The lines of the file of words, and their numbers, without blank ones at the end."""
    lines = [
        (number, line)
        for block in _blocks(source, "words", max_bytes, max_ratio)
        for number, line in enumerate(block.lines, block.number)
    ]
    while lines and not lines[-1][1].strip():
        lines.pop()
    return lines


def _labels(lines: list[tuple[int, bytes]], count: int) -> tuple[list[bytes], list[int]]:
    """The label of each of `count` rows, and the number of its line."""
    first = lines[0][1] if lines else b""
    # Several columns have names. One has none in the projector, but some write it.
    titled = b"\t" in first or first.strip().lower().decode("utf-8", "replace") in _WORD_COLUMNS
    for head in (1, 0) if titled else (0, 1):
        # The projector reads no blank line; but one may be meant as the word of a row.
        for chosen in (lines, [pair for pair in lines if pair[1].strip()]):
            if len(chosen) != count + head:
                continue
            cells = [line.split(b"\t") for _, line in chosen]
            names = cells[0] if head else []
            column = _word_column(names, cells[head:])
            labels = [row[column] if column < len(row) else b"" for row in cells[head:]]
            return labels, [number for number, _ in chosen[head:]]
    raise SeqvizError(
        f"There are {count:,} rows of vectors, but {len(lines):,} lines of words (the last is "
        f"line {len(lines):,}). Each row needs one: are the two files of one export?"
    )


def _word_column(names: list[bytes], rows: list[list[bytes]]) -> int:
    """Which column of the file of words has the words."""
    known = [name.decode("utf-8", "replace").strip().lower() for name in names]
    called = [known.index(name) for name in _WORD_COLUMNS if name in known]
    columns = range(max(map(len, rows)))
    text = [
        column
        for column in columns
        if any(
            row[column].strip() and not is_number(row[column]) for row in rows if column < len(row)
        )
    ]
    best = [column for column in called if column in text] or called or text
    return best[0] if best else 0


def _blocks(
    source: Any, what: str, max_bytes: int | None, max_ratio: float | None
) -> Iterator[Block]:
    with opened(source, what) as file:
        yield from lines_of(texts_of(file, max_bytes, max_ratio))
