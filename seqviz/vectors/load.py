"""Word vectors from a file: GloVe, word2vec text, fastText ``.vec``, TSV; plain or gzip.

One line per word: the word, then its numbers. The file is read a block at a time, so it may be larger
than the memory; what is kept is float32.
"""

import math
import os
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import IO, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.vectors.decoding import WordDecoder
from seqviz.vectors.record import WordVectors
from seqviz.vectors.text_lines import Block, lines_of, opened, texts_of
from seqviz.word_list import words_by_id
from seqviz.wording import counted

_WIDEST: Final = 100_000  # numbers in one vector
_SAMPLE: Final = 200  # lines from whose majority the width is told, where no header says it
_NUMBERS: Final = b"0123456789+-.eE "
_SHOWN: Final = 30  # characters of a word in a message


def load_vectors(
    path_or_file: str | os.PathLike[str] | IO[bytes] | bytes,
    *,
    words: Iterable[str] | None = None,
    limit: int | None = None,
    encoding: str = "utf-8",
    max_bytes: int | None = None,
    max_ratio: float | None = None,
) -> WordVectors:
    """Read word vectors: GloVe, word2vec text, fastText ``.vec`` or TSV; plain or gzip.

    A first line of two integers (how many words, how many numbers each) is taken for a header, as
    word2vec and fastText write it. Without one, the width is that of most of the first lines. A
    line with more parts than that is a word with spaces in it, unless the part too many is a
    number. Gzip is told by its first bytes, not by the file's name. Of a word that comes twice the
    first is kept; a few lines whose words are broken (cut within a character) are left out; notices
    say so.

    Args:
        path_or_file: A path; or a file opened in binary mode, which is read from where it stands,
            and not closed; or the bytes of a file.
        words: Keep only these: any collection of words, or a mapping such as
            ``Tokenizer.word_index``. Numbers of other words are neither read nor checked.
        limit: Read only so many lines of vectors from the start.
        encoding: Of the words. It must leave ASCII as it is, as UTF-8 and Latin-1 do.
        max_bytes: Of the text, unpacked: more is an error.
        max_ratio: Of unpacked to packed bytes: more is an error, since no text of numbers can be
            packed so small.

    Raises:
        SeqvizError: The file cannot be read, is empty, is no text, has another encoding, or a line
            is not a word and as many finite numbers as the others have; the message says which.
    """
    _check_encoding(encoding)
    if limit is not None and limit < 1:
        raise SeqvizError(f"limit is {limit}, but at least 1 line must be read. Leave it out.")
    wanted = None
    if words is not None:
        listed = list(words) if isinstance(words, Set | Counter) else words  # no order is needed
        wanted = frozenset(words_by_id(listed))
    with opened(path_or_file, "vectors") as file:
        return _load(file, wanted, limit, encoding, max_bytes, max_ratio)


def _load(
    file: IO[bytes],
    wanted: frozenset[str | None] | None,
    limit: int | None,
    encoding: str,
    max_bytes: int | None,
    max_ratio: float | None,
) -> WordVectors:
    blocks = lines_of(texts_of(file, max_bytes, max_ratio))
    first = next(blocks, None)
    if first is None:
        raise SeqvizError("The file is empty. A line for each word is needed: cat 0.1 0.2 0.3")
    form = _form_of(first)
    reader = Reader(form, encoding, wanted)
    left = limit
    block: Block | None = Block(first.lines[form.skip :], first.number + form.skip, first.open)
    while block is not None:
        seen = reader.read(block, left)
        if left is not None:
            left -= seen
            if left <= 0:
                return reader.result(whole=False)
        block = next(blocks, None)
    return reader.result()


# ---------------------------------------------------------------------------------------------
# What kind of file it is


class Form(NamedTuple):
    """How the lines of a file are to be read."""

    dim: int
    separator: bytes  # after the word
    skip: int  # lines before the first vector
    rows: int | None  # of vectors, as the header says
    because: str  # where the width is known from
    notices: tuple[str, ...] = ()


def _form_of(first: Block) -> Form:
    """Tell the form of the file from its first lines."""
    lines = [line for line in first.lines if line.strip()]
    if not lines:
        raise SeqvizError(
            f"Lines 1 to {len(first.lines):,} are blank. "
            "A line for each word is needed: cat 0.1 0.2 0.3"
        )
    leading = first.lines.index(lines[0])
    head = lines[0].split()
    is_header = len(head) == 2 and all(part.isdigit() for part in head)
    if is_header and len(lines) > 1 and head[1] != b"1":
        # Unless words that are numbers have vectors of one number.
        following = lines[1].replace(b"\t", b" ").split(b" ")
        is_header = len(following) != 2 or not following[0].isdigit()
    if is_header and len(lines) == 1:
        raise SeqvizError(
            f"Line {leading + 1} is a header ({_show(lines[0])}), and no vectors follow. "
            "The file may have been cut off."
        )
    body = lines[1:] if is_header else lines
    separator = b"\t" if b"\t" in body[0] else b" "
    if is_header:
        count, dim = (int(part[:18]) for part in head)
        _check_width(dim, leading + 1)
        return Form(dim, separator, leading + 1, count, f"the header in line {leading + 1} says")
    notices: tuple[str, ...] = ()
    skip = leading
    if len(body) > 1 and _is_title(body[0], body[1], separator):
        notices = (f"Line {leading + 1} holds the names of columns and was left out.",)
        body, skip = body[1:], leading + 1
    dim = _usual_width(body[:_SAMPLE], separator)
    if dim < 1:
        raise SeqvizError(
            f"Line {skip + 1} is {_show(body[0])}, but a word and its numbers are needed: "
            "cat 0.1 0.2 0.3"
        )
    _check_width(dim, skip + 1)
    if len(body) > 1 and all(_is_fraction(line.split()[0]) for line in body):
        raise SeqvizError(
            f"Line {skip + 1} starts with a number, and so do all: there are no words. "
            "For the two files of the Embedding Projector use "
            "seqviz.load_projector(vectors, metadata)."
        )
    return Form(dim, separator, skip, None, "most of the first lines have", notices)


def _check_width(dim: int, line: int) -> None:
    if not 1 <= dim <= _WIDEST:
        raise SeqvizError(
            f"Line {line} makes vectors of {dim:,} numbers, but 1 to {_WIDEST:,} can be read. "
            "Each line should be one word and its numbers."
        )


def _width(line: bytes, separator: bytes) -> int:
    """How many numbers stand behind the word."""
    if separator == b"\t":
        return len(line.partition(b"\t")[2].split())
    return len(line.split()) - 1


def _usual_width(lines: Sequence[bytes], separator: bytes) -> int:
    """The width of most lines; of equally many, the first that really ends in so many numbers."""
    widths = [_width(line, separator) for line in lines]
    counts = Counter(widths)
    most = max(counts.values())
    tied = [width for width in counts if counts[width] == most]
    for line, width in zip(lines, widths, strict=True):
        if width in tied and all(map(is_number, line.split()[-width:])):
            return width
    return tied[0]


def _is_title(line: bytes, following: bytes, separator: bytes) -> bool:
    """Whether a line names columns: as many parts as the next, but no numbers."""
    parts = line.split(separator)[1:]
    return (
        bool(parts)
        and len(parts) == len(following.split(separator)) - 1
        and not any(map(is_number, parts))
        and all(map(is_number, following.split(separator)[1:]))
    )


def is_number(part: bytes) -> bool:
    """Whether some text is a number, as files write it."""
    try:
        float(part)
    except ValueError:
        return False
    return b"_" not in part  # Python reads 1_000 as a number


def _is_fraction(part: bytes) -> bool:
    return b"." in part and is_number(part)


# ---------------------------------------------------------------------------------------------
# Lines to words and numbers


class Reader:
    """Collects words and vectors, one block of lines after the other."""

    def __init__(self, form: Form, encoding: str, wanted: frozenset[str | None] | None) -> None:
        self._form, self._decoder, self._wanted = form, WordDecoder(encoding), wanted
        self._index: dict[str, None] = {}
        self._chunks: list[NDArray[np.float32]] = []
        self._twice = 0
        self._first_twice = ""
        self._nameless = 0
        self._seen = 0
        self._open: bool  # whether the last block that was read is

    def read(self, block: Block, limit: int | None) -> int:
        """Take in some lines, `limit` at most; says how many, blank ones not counted.

        Raises:
            SeqvizError: One of them is broken; the message says which.
        """
        self._open = block.open
        names, bodies, numbers = self._split(block, limit)
        seen = len(names)
        self._seen += seen
        keep = self._chosen(self._decoder.decode(names, numbers))
        if keep:
            bodies = [bodies[i] for i in keep]
            numbers = [numbers[i] for i in keep]
            names = [names[i] for i in keep]
            self._chunks.append(self._parse(bodies, numbers, names))
        return seen

    def result(self, *, whole: bool = True) -> WordVectors:
        """What was read, of the whole file or of its start.

        Raises:
            SeqvizError: The header promised more.
        """
        form = self._form
        notices = [*form.notices, *self._decoder.notices()]
        if whole and form.rows is not None:
            if self._seen < form.rows:
                raise SeqvizError(
                    f"The header in line {form.skip} says {form.rows:,} words, but the file ends "
                    f"after {self._seen:,}, at line {form.skip + self._seen:,}. "
                    "It was not copied whole: download it again."
                )
            if self._seen > form.rows:
                notices.append(
                    f"The header says {form.rows:,} words, and there are {self._seen:,}: all were "
                    "read."
                )
        if self._twice:
            notices.append(
                f"{self._twice:,} {'word comes' if self._twice == 1 else 'words come'} more than "
                f"once (the first is {_quoted(self._first_twice)}): the first of each was kept."
            )
        if self._nameless:
            notices.append(
                f"{counted(self._nameless, 'row')} without a word "
                f"{'was' if self._nameless == 1 else 'were'} left out."
            )
        if self._open and form.rows is None:
            notices.append(
                "The last line has no line end. If the file was cut off there, its last number may "
                "have lost digits."
            )
        vectors = np.empty((len(self._index), form.dim), np.float32)
        row = 0
        self._chunks.reverse()
        while self._chunks:  # each is let go as soon as it is copied
            chunk = self._chunks.pop()
            vectors[row : row + len(chunk)] = chunk
            row += len(chunk)
        return WordVectors(tuple(self._index), vectors, tuple(notices))

    def _split(
        self, block: Block, limit: int | None
    ) -> tuple[list[bytes], list[bytes], Sequence[int]]:
        """The word, the numbers as text and the number of each line."""
        separator, spaces = self._form.separator, self._form.dim - 1
        names: list[bytes] = []
        bodies: list[bytes] = []
        blank: list[int] = []
        for i, line in enumerate(block.lines):
            name, _, body = line.partition(separator)
            body = body.replace(b"\t", b" ")
            if body.count(b" ") != spaces or not name:
                if not line.strip():
                    blank.append(i)
                    continue
                name, body = self._split_oddly(line, block.number + i, block.open)
            names.append(name)
            bodies.append(body)
            if len(names) == limit:
                break
        numbers: Sequence[int] = range(block.number, block.number + len(names))
        if blank:
            without = set(blank)
            numbers = [block.number + i for i in range(len(block.lines)) if i not in without]
        return names, bodies, numbers[: len(names)]

    def _split_oddly(self, line: bytes, number: int, is_open: bool) -> tuple[bytes, bytes]:
        """A line with tabs, several spaces in a row, or a word with spaces in it."""
        form = self._form
        if form.separator == b"\t":
            name, _, body = line.partition(b"\t")
            parts = body.split()
        else:
            parts = line.rsplit(None, form.dim)
            name = parts.pop(0) if len(parts) > form.dim else b""
            if name:
                fits = not is_number(name.split()[-1])
            else:  # Its word is a space, or nothing.
                fits = len(parts) == form.dim and line[:1].isspace()
            if not fits:
                name, *parts = line.split()
        if len(parts) != form.dim:
            hint = (
                "It is the last line, and has no line end: the file was cut off. Get it again."
                if is_open
                else "Mend or delete that line."
            )
            raise SeqvizError(
                f"Line {number:,} has {counted(len(parts), 'number')} after {_show(name)}, but "
                f"{form.because} {form.dim:,}. {hint}"
            )
        return name, b" ".join(parts)

    def _chosen(self, names: list[str | None]) -> list[int]:
        """Which of a block's rows are kept: those that are wanted, and new."""
        keep = []
        index, wanted = self._index, self._wanted
        for i, name in enumerate(names):
            if name is None:
                pass
            elif not name.strip():
                self._nameless += 1
            elif wanted is not None and name not in wanted:
                pass
            elif name in index:
                self._twice += 1
                self._first_twice = self._first_twice or name
            else:
                index[name] = None
                keep.append(i)
        return keep

    def _parse(
        self, bodies: list[bytes], numbers: Sequence[int], names: list[bytes]
    ) -> NDArray[np.float32]:
        """The numbers of some rows, ``(rows, dim)``."""
        text = b" ".join(bodies)
        shape = len(bodies), self._form.dim
        # Each body has dim - 1 spaces and no other white space, so dim parts at most: if they are
        # rows · dim in all, each has dim.
        if not text.translate(None, _NUMBERS):
            values = _finite(text, math.prod(shape))
            if values is not None:
                return values.reshape(shape)
        return np.array(
            [
                self._row(body, number, name)
                for body, number, name in zip(bodies, numbers, names, strict=True)
            ],
            np.float32,
        )

    def _row(self, body: bytes, number: int, name: bytes) -> list[np.float32]:
        """The numbers of one row, slowly.

        Raises:
            SeqvizError: One is no number, or not finite.
        """
        row = []
        for column, part in enumerate(body.split(), 1):
            with np.errstate(over="ignore"):
                value = np.float32(float(part)) if is_number(part) else None
            if value is None or not np.isfinite(value):
                what = "not a number" if value is None else "not a finite float32"
                raise SeqvizError(
                    f"Line {number:,}: number {column} of {_show(name)} is "
                    f"{_show(part)}, which is {what}. Mend or delete that line."
                )
            row.append(value)
        if len(row) != self._form.dim:
            raise SeqvizError(
                f"Line {number:,} has {counted(len(row), 'number')} after {_show(name)}, but "
                f"{self._form.because} {self._form.dim:,}. Mend or delete that line."
            )
        return row


def _finite(text: bytes, count: int) -> NDArray[np.float32] | None:
    """The numbers in a text, if it has so many finite ones and nothing else."""
    # Of "1.2.3" NumPy reads 1.2, and nothing that follows. In newer versions that is an error, in
    # older ones only a warning: so a NaN that is written behind has to come out last.
    try:
        values = np.fromstring(text + b" nan", np.float32, sep=" ")
    except (DeprecationWarning, ValueError):
        return None
    all_read = np.flatnonzero(~np.isfinite(values)).tolist() == [count]
    return values[:count] if all_read else None


def _show(text: bytes) -> str:
    return _quoted(text.decode("utf-8", "replace"))


def _quoted(word: str) -> str:
    """A word for a message, not too long."""
    return repr(word if len(word) <= _SHOWN else word[:_SHOWN] + "…")


def _check_encoding(encoding: Any) -> None:
    try:
        fits = "a 0\t\n".encode(encoding) == b"a 0\t\n"
    except (LookupError, TypeError, ValueError):
        fits = False
    if not fits:
        raise SeqvizError(
            f"encoding is {encoding!r}, but it must be one that leaves ASCII as it is. "
            "Write for example 'utf-8' or 'latin-1'."
        )
