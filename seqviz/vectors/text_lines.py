"""The lines of a file of text, plain or gzip, a block at a time; and what is no text."""

import codecs
import gzip
import io
import os
import reprlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from seqviz.errors import SeqvizError

_LONGEST_PATH: Final = 200  # characters in a message
_BLOCK: Final = 1 << 20  # bytes of text that are read at a time
_LONGEST_LINE: Final = 4 << 20  # bytes
_RATIO_FROM: Final = 4 << 20  # bytes of text before the ratio of compression is looked at
# Control characters. Some word of a large file may hold one; many of them, or a NUL, are no text.
_CONTROL: Final = bytes({*range(32)} - {*b"\t\n\v\f\r"})
_MOST_CONTROL: Final = 1 / 200

# How a file starts that somebody took for one of vectors, and what to say.
_MAGIC: Final = (
    (b"PK\x03\x04", "is a zip archive. Unpack it, and give the text file that is in it"),
    (b"BZh", "is compressed with bzip2. Unpack it first; plain text and gzip can be read"),
    (b"\xfd7zXZ", "is compressed with xz. Unpack it first; plain text and gzip can be read"),
    (b"\x93NUMPY", "is a NumPy array, which has no words. Give the array to seqviz directly"),
    (b"\x89HDF", "is an HDF5 file. Save the vectors as text, one word a line"),
    (b"%PDF", "is a PDF. Save the vectors as text, one word a line"),
    (b"\xff\xfe", "is UTF-16. Save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16. Save it as UTF-8"),
)
_HTML: Final = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")


class Block(NamedTuple):
    """Some whole lines."""

    lines: list[bytes]
    number: int  # of the first of them, from 1
    open: bool  # whether it is the last line of the file alone, which has no end


@contextmanager
def opened(source: Any, what: str) -> Iterator[IO[bytes]]:
    """A file opened in binary mode, from its path, from its bytes, or as it is.

    Args:
        source: One of these. A file that was open is not closed.
        what: What is in it, for messages.

    Raises:
        SeqvizError: It is none of these, or cannot be opened.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(source)
        return
    if not isinstance(source, str | os.PathLike):
        if not callable(getattr(source, "read", None)):
            raise SeqvizError(
                f"{type(source).__name__} was given ({reprlib.repr(source)}), but a file of {what} "
                "is needed. Give its path, the file opened by open(path, 'rb'), or its bytes."
            )
        yield source
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise SeqvizError(_cannot_open(os.fspath(source), what, error)) from error
    with file:
        yield file


def _cannot_open(path: str, what: str, error: Exception) -> str:
    shown = repr(path if len(path) <= _LONGEST_PATH else path[:_LONGEST_PATH] + "…")
    if "\n" in path:
        return f"{shown} is text, not a path. To read it as a file of {what}, give text.encode()."
    if path.lower().startswith(("http://", "https://")):
        return f"{shown} is an address of the web. Download the file, and give its path."
    reason = getattr(error, "strerror", None) or error
    return f"{shown} cannot be read: {reason}. Give the path of a file of {what}, or an open file."


def texts_of(file: IO[bytes], max_bytes: int | None, max_ratio: float | None) -> Iterator[bytes]:
    """Unpacked bytes, a block at a time."""
    head = _read(file, _BLOCK)
    packed = _Packed(file, head)
    is_gzip = head.startswith(b"\x1f\x8b")
    source = gzip.GzipFile(fileobj=packed) if is_gzip else packed  # type: ignore[call-overload]
    total = lines = 0
    while True:
        try:
            text = source.read(_BLOCK)
        except (EOFError, OSError, zlib.error) as error:
            how = "ends early" if isinstance(error, EOFError) else "is damaged"
            raise SeqvizError(
                f"The gzip file {how}, after line {lines:,}. "
                "It was not copied whole: download it again."
            ) from error
        if not text:
            return
        total += len(text)
        lines += text.count(b"\n")
        _check_size(total, max_bytes)
        if max_ratio is not None and total > _RATIO_FROM and total > max_ratio * packed.count:
            raise SeqvizError(
                f"The gzip file unpacks to more than {max_ratio:g} times its size by line "
                f"{lines + 1:,}, which no list of vectors does. It is not read any further."
            )
        yield text


class _Packed:
    """A file whose first bytes were read already, counting what is read."""

    def __init__(self, file: IO[bytes], head: bytes) -> None:
        self._file, self._head, self.count = file, head, 0

    def read(self, size: int) -> bytes:
        """As a file's."""
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
        else:
            data = _read(self._file, size)
        self.count += len(data)
        return data


def _read(file: IO[bytes], size: int) -> bytes:
    data: Any
    try:
        data = file.read(size)
    except UnicodeDecodeError:
        data = None
    except (OSError, ValueError) as error:  # closed, opened for writing, or out of reach
        raise SeqvizError(
            f"The file cannot be read: {getattr(error, 'strerror', None) or error}. "
            "Open it again: open(path, 'rb')."
        ) from error
    if not isinstance(data, bytes):
        raise SeqvizError("The file is opened as text, but bytes are needed: open(path, 'rb').")
    return data


def _check_size(total: int, max_bytes: int | None) -> None:
    if max_bytes is not None and total > max_bytes:
        raise SeqvizError(
            f"The file has more than {max_bytes / 1e6:,.0f} MB of text, the most that is read "
            "here. Keep its first lines only: the most frequent words come first."
        )


def lines_of(texts: Iterator[bytes]) -> Iterator[Block]:
    """Whole lines, without what ends them."""
    rest, number, begun = b"", 1, False
    for text in texts:
        if not begun:
            text = text.removeprefix(codecs.BOM_UTF8)
            _check_magic(text)
            begun = True
        control = len(text) - len(text.translate(None, _CONTROL))
        if b"\0" in text or control > len(text) * _MOST_CONTROL:
            _not_text(rest + text, number)
        *lines, rest = _tidy(rest + text).split(b"\n")
        if lines:
            yield Block(lines, number, open=False)
            number += len(lines)
        if len(rest) > _LONGEST_LINE:
            raise SeqvizError(
                f"Line {number:,} is longer than {_LONGEST_LINE >> 20} MB. "
                "Each line should be one word and its numbers."
            )
    if rest.strip():
        yield Block([_tidy(rest + b"\n").removesuffix(b"\n")], number, open=True)


def _tidy(text: bytes) -> bytes:
    """Lines that end in nothing but a line feed: the original word2vec leaves a space there."""
    for end in (b"\r\n", b" \n", b"\t\n"):
        if end in text:
            text = text.replace(end, b"\n")
    return text


def _check_magic(text: bytes) -> None:
    for magic, what in _MAGIC:
        if text.startswith(magic):
            raise SeqvizError(f"The file {what} (seen in line 1).")
    if b"\r" in text and b"\n" not in text:
        raise SeqvizError(
            "The lines of the file end in a carriage return alone, as on old Macs. "
            "Save it with line feeds (LF)."
        )
    if text.lstrip().lower().startswith(_HTML):
        raise SeqvizError(
            "Line 1 is HTML: a web page was saved, not the file behind the link. "
            "Download the file itself."
        )


def _not_text(text: bytes, number: int) -> None:
    """Say that a file is binary, where it first is."""
    at = next(i for i, byte in enumerate(text) if byte in _CONTROL)
    line = number + text.count(b"\n", 0, at)
    header = text.partition(b"\n")[0].split()
    if number == 1 and len(header) == 2 and all(part.isdigit() for part in header):
        raise SeqvizError(
            f"Line {line:,} is not text: this is word2vec's binary format (.bin). Save it as text "
            "first, in gensim by save_word2vec_format(path, binary=False)."
        )
    raise SeqvizError(
        f"Line {line:,} holds bytes that no text has (such as 0x{text[at]:02x}). "
        "A text file is needed, one word and its numbers a line."
    )
