"""A trace as a file: `Trace.save` and `load_trace`; and what other records share of it.

A file is an NPZ, which `numpy.load` opens too: a ZIP archive of arrays, numbered, and of `header`,
whose bytes are JSON (see `seqviz.trace.encoding`). Nothing is compressed: states hardly shrink,
and so no file can ask for more memory than it is long.
"""

import io
import json
import math
import os
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, TypeAlias

import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace.encoding import Json, Reader, Writer
from seqviz.trace.whole import Trace

PathOrFile: TypeAlias = str | os.PathLike[str] | IO[bytes]

_HEADER: Final = "header"
_DAMAGED: Final = (
    *(zipfile.BadZipFile, EOFError, OSError, struct.error, RuntimeError, MemoryError),
    *(ValueError, KeyError, TypeError, AttributeError, OverflowError, NotImplementedError),
)


class Kind(NamedTuple):
    """A kind of file.

    Attributes:
        name: What it holds, in a word; the header's format is ``seqviz`` and this.
        version: Of the format; to be raised by any change that an older seqviz cannot read.
    """

    name: str
    version: int

    @property
    def again(self) -> str:
        """How to make a good one."""
        return f"Hint: make it again with {self.name}.save(path)."


TRACE: Final = Kind("trace", 1)
_LOADERS: Final = {
    f"seqviz {name}": f"seqviz.load_{name}(path) reads it" for name in ("trace", "training")
}


def save_trace(trace: Trace, path_or_file: PathOrFile) -> None:
    """See `Trace.save`."""
    writer = Writer()
    write_file(path_or_file, TRACE, writer.trace(trace), writer.arrays)


def load_trace(path_or_file: PathOrFile) -> Trace:
    """Read a trace that `Trace.save` wrote.

    It needs neither Keras nor the model, and nothing in a file is run: it is safe to open one of a
    stranger's.

    Args:
        path_or_file: A path, or a file opened for reading bytes.

    Returns:
        A trace whose arrays are equal to the saved ones to the bit.

    Raises:
        SeqvizError: The file cannot be read, is not such a file, is damaged, or was written by a
            later version of seqviz.
    """
    with opened_file(path_or_file, TRACE) as (json, reader):
        return reader.trace(json)


def write_file(
    path_or_file: PathOrFile, kind: Kind, encoded: Json, arrays: Mapping[str, Array]
) -> None:
    """Write what a `Writer` made, under a header that says of which kind it is.

    Raises:
        SeqvizError: It cannot be written there.
    """
    whole = {"format": f"seqviz {kind.name}", "version": kind.version, kind.name: encoded}
    header = json.dumps(whole, allow_nan=False)
    with _opened(path_or_file, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        _write(archive, _HEADER, np.array(header.encode("ascii")))
        for name, array in arrays.items():
            _write(archive, name, array)


@contextmanager
def opened_file(path_or_file: PathOrFile, kind: Kind) -> Iterator[tuple[Json, Reader]]:
    """What `write_file` was given, and what makes values of it while the file is open.

    Raises:
        SeqvizError: As for `load_trace`; whatever goes wrong inside is said as a damaged file.
    """
    with _opened(path_or_file, "rb") as file:
        seekable = file if file.seekable() else io.BytesIO(file.read())
        with _damaged_said(kind), zipfile.ZipFile(seekable) as archive:
            _check_size(archive, seekable, kind)
            yield _header_of(archive, kind), Reader(lambda *what: _read(archive, kind, *what))


def _write(archive: zipfile.ZipFile, name: str, array: Array) -> None:
    # A ZipInfo without a time: equal traces are equal files.
    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)


def _check_size(archive: zipfile.ZipFile, file: IO[bytes], kind: Kind) -> None:
    """Raise SeqvizError if an archive claims to hold more than it is long."""
    members = archive.infolist()
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise SeqvizError(
            f"The file is compressed, which {kind.name}.save never does. {kind.again}"
        )
    if sum(member.file_size for member in members) > file.seek(0, io.SEEK_END):
        raise SeqvizError(f"The file claims to hold more than it is long. {kind.again}")


def _header_of(archive: zipfile.ZipFile, kind: Kind) -> Any:
    if f"{_HEADER}.npy" not in archive.namelist():
        raise SeqvizError(
            f"The file is a ZIP archive, but not a {kind.name}: it has no header. "
            "Hint: numpy.load opens other NPZ files."
        )
    header = json.loads(_read(archive, kind, _HEADER).item())
    found = str(header["format"])[:40]
    if found != f"seqviz {kind.name}":
        hint = f"Hint: {_LOADERS[found]}." if found in _LOADERS else kind.again
        raise SeqvizError(f"The file is no {kind.name}, but {found!r}. {hint}")
    if header["version"] > kind.version:
        raise SeqvizError(
            f"The file is of version {header['version']} of the format, but this seqviz reads up "
            f"to {kind.version}. Hint: upgrade seqviz from where you have it."
        )
    return header[kind.name]


def _read(
    archive: zipfile.ZipFile,
    kind: Kind,
    name: str,
    dtype: str | None = None,
    shape: tuple[int, ...] | None = None,
) -> Array:
    """An array, which must be of this type and shape, if they are given."""
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise SeqvizError(
            f"The file lacks the array {name!r} of its header. {kind.again}"
        ) from None
    with archive.open(member) as file:
        found = _form(file)
        expected = (dtype or found[1].str, shape if shape is not None else found[0])
        if (found[1].str, found[0]) != expected:
            raise SeqvizError(
                f"Array {name!r} of the file is {found[0]} of {found[1]}, but its header says "
                f"{expected[1]} of {expected[0]}. {kind.again}"
            )
        count = member.file_size - file.tell()
        if found[1].hasobject or count != found[1].itemsize * math.prod(found[0]):
            raise SeqvizError(f"Array {name!r} of the file is not of its shape. {kind.again}")
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _form(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of the array that a file begins with; the file then stands at its numbers."""
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array is stored in another version of NumPy's format")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    return shape, dtype


@contextmanager
def _damaged_said(kind: Kind) -> Iterator[None]:
    """Say of any error while a file is read that it is not one of ours."""
    try:
        yield
    except SeqvizError:
        raise
    except _DAMAGED as error:
        raise SeqvizError(
            f"The file is not one that {kind.name}.save wrote, or it is damaged "
            f"({type(error).__name__}: {str(error)[:200]}). {kind.again}"
        ) from error


@contextmanager
def _opened(path_or_file: Any, mode: str) -> Iterator[IO[bytes]]:
    """A file, opened here if it is not yet."""
    method, does = ("write", "written") if "w" in mode else ("read", "read")
    if isinstance(path_or_file, io.TextIOBase) or not (
        isinstance(path_or_file, str | os.PathLike) or hasattr(path_or_file, method)
    ):
        raise SeqvizError(
            f"A path or a file of bytes is needed, but {type(path_or_file).__name__} was given. "
            f"Hint: 'trace.npz', or open('trace.npz', {mode!r})."
        )
    try:
        if hasattr(path_or_file, method):
            yield path_or_file
        else:
            with Path(path_or_file).open(mode) as file:
                yield file
    except OSError as error:
        raise SeqvizError(
            f"{str(path_or_file)!r} cannot be {does}: {error.strerror or error}. "
            "Give the path of a file of your own, or an open file."
        ) from error
