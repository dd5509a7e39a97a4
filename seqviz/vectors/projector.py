"""The two files that TensorFlow's Embedding Projector reads: vectors, and a word for each.

Formats: tensorflow.org/tensorboard/tensorboard_projector_plugin, and the dialog "Load" of
projector.tensorflow.org: numbers separated by tabs, one row a line; and metadata of the same number
of lines, without a line of column names where there is one column only.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.vectors.load import Form, Reader
from seqviz.vectors.neighbours import matrix_of
from seqviz.vectors.record import WordVectors
from seqviz.vectors.text_lines import Block, lines_of, texts_of

VECTORS_FILE: Final = "vectors.tsv"
METADATA_FILE: Final = "metadata.tsv"
_WORD_COLUMNS: Final = ("word", "label", "token", "name")


@short_repr
class ProjectorFiles(NamedTuple):
    """The text of the two files.

    Attributes:
        vectors: One row a line, its numbers separated by tabs, written so that reading them as
            float32 gives the same bits.
        metadata: The word of each row, one a line.
    """

    vectors: str
    metadata: str


def export_projector(
    vectors: Any,
    *,
    words: Sequence[str] | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> ProjectorFiles:
    """Make the two TSV files that the TensorFlow Embedding Projector loads.

    Args:
        vectors: ``(n, dim)``; or what `load_vectors` returned, with its words; or an
            `EmbeddingTrace`; or a Keras `Embedding` layer.
        words: ``(n,)``, the word of each row; ``row 0``, ``row 1``, … where nothing knows them.
        folder: Where to write them, as ``vectors.tsv`` and ``metadata.tsv``; not at all if None.

    Raises:
        SeqvizError: The layer has more than a table; the vectors are not ``(n, dim)``, or not finite; or a word is blank or holds a
            tab or a line end, which the format cannot say; or the folder cannot be written.
    """
    if hasattr(vectors, "get_weights"):
        weights = vectors.get_weights()
        if len(weights) != 1:
            raise SeqvizError(
                f"{vectors.name!r} has {len(weights)} weights, but an Embedding has one: its "
                "table. Give such a layer, built, or the array itself."
            )
        (vectors,) = weights
    matrix, words = matrix_of(vectors, words)
    if not np.isfinite(matrix).all():
        row = int(np.flatnonzero(~np.isfinite(matrix).all(axis=1))[0])
        raise SeqvizError(
            f"Row {row} holds NaN or infinity, which the projector cannot read. Leave that row out."
        )
    if words is None:
        words = [f"row {row}" for row in range(len(matrix))]
    for row, word in enumerate(words):
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
        "".join([f"{word}\n" for word in words]),
    )
    if folder is not None:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for name, text in ((VECTORS_FILE, files.vectors), (METADATA_FILE, files.metadata)):
                (Path(folder) / name).write_text(text, "utf-8", newline="\n")
        except OSError as error:
            raise SeqvizError(
                f"{str(folder)!r} cannot be written: {error.strerror or error}. Name a folder of "
                "your own."
            ) from error
    return files


def load_projector(
    vectors: str | os.PathLike[str] | IO[bytes],
    metadata: str | os.PathLike[str] | IO[bytes],
    *,
    max_bytes: int | None = None,
    max_ratio: float | None = None,
) -> WordVectors:
    """Read the two files of the Embedding Projector back.

    Args:
        vectors: Path of ``vectors.tsv``, or the file opened in binary mode. May be gzip.
        metadata: Likewise ``metadata.tsv``. Of several columns the one called word, label, token
            or name is taken, else the first.
        max_bytes: As in `load_vectors`, of each file.
        max_ratio: As in `load_vectors`.

    Raises:
        SeqvizError: A file cannot be read, a line is broken (the message says which), or there is
            not one word for each row.
    """
    rows: Reader | None = None
    for block in _blocks(vectors, max_bytes, max_ratio):
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
        rows.read(block._replace(lines=named, open=False), None)
    if rows is None:
        raise SeqvizError("The file of vectors is empty. A row of numbers a line is needed.")
    table = rows.result(whole=True).vectors
    words = _words(metadata, len(table), max_bytes, max_ratio)
    first = {word: row for row, word in reversed(list(enumerate(words)))}
    if len(first) == len(words):
        return WordVectors(tuple(words), table)
    kept = sorted(first.values())
    return WordVectors(
        tuple(words[row] for row in kept),
        table[kept],
        (f"{len(words) - len(kept):,} words come more than once: the first of each was kept.",),
    )


def _words(source: Any, count: int, max_bytes: int | None, max_ratio: float | None) -> list[str]:
    words: list[str] = []
    for block in _blocks(source, max_bytes, max_ratio):
        for number, line in enumerate(block.lines, block.number):
            try:
                words.append(line.decode("utf-8"))
            except UnicodeDecodeError as error:
                raise SeqvizError(
                    f"Line {number:,} of the words is not UTF-8. Save the file as UTF-8."
                ) from error
    while words and not words[-1].strip():
        words.pop()
    if any("\t" in word for word in words[:1]) or len(words) == count + 1:
        names = [name.strip().lower() for name in words[0].split("\t")] if words else []
        column = next((names.index(name) for name in _WORD_COLUMNS if name in names), 0)
        words = [(word.split("\t") + [""] * len(names))[column] for word in words[1:]]
    if len(words) != count:
        raise SeqvizError(
            f"There are {count:,} rows of vectors, but {len(words):,} lines of words (the last is "
            f"line {len(words):,}). Each row needs one: are the two files of one export?"
        )
    return words


def _blocks(source: Any, max_bytes: int | None, max_ratio: float | None) -> Iterator[Block]:
    if not isinstance(source, str | os.PathLike):
        yield from lines_of(texts_of(source, max_bytes, max_ratio))
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115
    except OSError as error:
        raise SeqvizError(
            f"{str(source)!r} cannot be read: {error.strerror or error}. "
            "Give the path of a TSV file, or an open file."
        ) from error
    with file:
        yield from lines_of(texts_of(file, max_bytes, max_ratio))
