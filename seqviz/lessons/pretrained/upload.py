"""Vectors that a student uploads: the last good ones stay, whatever is uploaded after them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePath
from typing import Any, Final, NamedTuple
from weakref import WeakValueDictionary

import streamlit as st
from starlette.formparsers import MultiPartParser

from seqviz.errors import SeqvizError
from seqviz.ui.markdown import literal, note, typed
from seqviz.ui.server.uploads import MAX_MEGABYTES, ask_for_files, let_go
from seqviz.vectors.load import load_vectors
from seqviz.vectors.projector import load_projector
from seqviz.vectors.record import WordVectors
from seqviz.wording import counted

# The limits of the app. The library has none of them.
_ENDINGS: Final = ("txt", "vec", "tsv", "gz")
_MAX_BYTES: Final = 12_000_000  # unpacked
_MAX_RATIO: Final = 40  # text of numbers packs to a third or so
_MAX_WORDS: Final = 50_000
_MAX_NUMBERS: Final = 1_000_000  # 4 MB a student
_MAX_DIM: Final = 512
_MAX_IN_ALL: Final = 400_000_000  # bytes of vectors that all sessions have, each file counted once
_A_WORD: Final = 200  # bytes of a word, and of its place in the index

SAMPLE_FILE: Final = Path(__file__).parent / "sample_vectors.vec"
_SAMPLE: Final = "sample"
_STATE: Final = "_uploaded_vectors"

# Streamlit holds uploads in memory, but has Starlette lay those of more than 1 MB down in a file on
# the way: with a disk that is full or read-only they would fail.
MultiPartParser.spool_max_size = MAX_MEGABYTES * 2**20


@dataclass(frozen=True, eq=False)
class Loaded:
    """Vectors, and where they are from."""

    name: str
    vectors: WordVectors
    digest: str  # tells files apart, for caches


class _Memory(NamedTuple):
    """What a session remembers between reruns, and from page to page."""

    files: tuple[str, ...]  # the uploads that were read last, good or not
    read: frozenset[str]  # those that were good: only their vectors are left
    loaded: Loaded | None  # the last good ones
    error: str


_NOTHING: Final = _Memory((), frozenset(), None, "")
# A class that was given a file has it once.
_held: Final[WeakValueDictionary[str, WordVectors]] = WeakValueDictionary()


def upload_box(page: str) -> Loaded:
    """Ask for a file, behind a button.

    Returns:
        The vectors of the last upload that could be read, or the sample.
    """
    ask_for_files()
    with st.popover("Upload vectors", icon=":material/upload_file:", width="stretch"):
        files = st.file_uploader(
            f"Vectors: {_listed(_ENDINGS)}",
            # With a media type among them Streamlit leaves it to the page to say what is wrong.
            type=[*_ENDINGS, "application/gzip"],
            accept_multiple_files=True,
            max_upload_size=MAX_MEGABYTES,
            key=f"{page}_upload",
        )
        note(
            "A word and its numbers a line: GloVe, word2vec text, fastText. Or both files of the "
            "Embedding Projector together: vectors.tsv and metadata.tsv. A file stays in your "
            "session and is not in the link."
        )
        memory = _read_new(files)
        if memory.loaded is not None:
            st.button(
                "Use the sample again",
                key=f"{page}_use_sample",
                icon=":material/undo:",
                on_click=lambda: st.session_state.update(
                    {_STATE: memory._replace(loaded=None, error="")}
                ),
            )
    return memory.loaded or sample()


def say_error() -> None:
    """Say what is wrong with the last upload."""
    error = st.session_state.get(_STATE, _NOTHING).error
    if error:
        st.error(f"{literal(error)} Nothing else has changed.", icon=":material/upload_file:")


def say_about(loaded: Loaded) -> None:
    """Say which vectors are in use, and what to know about them."""
    origin = (
        ", a small sample: trained on 500 made-up sentences (`scripts/make_sample_vectors.py`)"
        if loaded.digest == _SAMPLE
        else ""
    )
    note(
        f"In use: {typed(loaded.name)}, {counted(len(loaded.vectors), 'word')}, "
        f"{loaded.vectors.dim} numbers each{origin}."
    )
    for notice in loaded.vectors.notices:
        note(f":material/info: {typed(notice)}")


def _read_new(files: Sequence[Any]) -> _Memory:
    """What to remember after an upload, or after none."""
    memory: _Memory = st.session_state.get(_STATE, _NOTHING)
    ids = tuple(file.file_id for file in files)
    if ids == memory.files:
        return memory
    memory = memory._replace(files=ids, error="")
    new = [file for file in files if file.file_id not in memory.read]
    if new:
        try:
            _check_endings([file.name for file in new])
            loaded = read_upload([(file.name, file.getvalue()) for file in new])
        except SeqvizError as error:
            memory = memory._replace(error=str(error))
        else:
            memory = memory._replace(loaded=loaded, read=frozenset(ids))
            for file in new:
                let_go(file)
    st.session_state[_STATE] = memory
    return memory


def _check_endings(names: Sequence[str]) -> None:
    for name in names:
        if PurePath(name).suffix.lower().lstrip(".") not in _ENDINGS:
            raise SeqvizError(
                f"{name} is none of the files that this page reads. Hint: if it is text, a word and "
                f"its numbers a line, let its name end in one of {_listed(_ENDINGS)}."
            )


@st.cache_resource(max_entries=1, show_spinner=False)
def sample() -> Loaded:
    """The vectors that come with the app: see ``scripts/make_sample_vectors.py``."""
    return Loaded(SAMPLE_FILE.name, load_vectors(SAMPLE_FILE), _SAMPLE)


def read_upload(files: Sequence[tuple[str, bytes]]) -> Loaded:
    """Read what was uploaded: one file of vectors, or the two files of the Embedding Projector.

    Args:
        files: Name and content of each.

    Raises:
        SeqvizError: One cannot be read, is too large for the app, or there are more than two.
    """
    if len(files) > 2:
        raise SeqvizError(
            f"{len(files)} files were given, but one file of vectors is needed, or vectors.tsv and "
            "metadata.tsv together. Take some away."
        )
    for name, content in files:
        if len(content) > MAX_MEGABYTES * 2**20:
            raise SeqvizError(
                f"{name} is larger than {MAX_MEGABYTES} MB. Keep its first lines only: the most "
                "frequent words come first."
            )
    if (
        len(files) == 2
    ):  # numbers first, whichever has more in it where no name tells: words are short
        files = sorted(files, key=lambda f: ("metadata" in f[0].lower(), -len(f[1])))
    digest = blake2b(digest_size=16)
    for _, content in files:
        digest.update(blake2b(content).digest())
    told_by = digest.hexdigest()
    vectors = _held.get(told_by)
    if vectors is None:
        vectors = _read(files)
        if sum(map(_size, [vectors, *_held.values()])) > _MAX_IN_ALL:
            raise SeqvizError(
                "There is no room on this server: the files of others fill it. Take fewer words, or "
                "try again when others have left. Hint: the library, seqviz.load_vectors, has no "
                "such limit."
            )
        _held[told_by] = vectors
    return Loaded(" and ".join(name for name, _ in files), vectors, told_by)


def _listed(endings: Sequence[str]) -> str:
    return " ".join(f".{ending}" for ending in endings)


def _size(vectors: WordVectors) -> int:
    """About how many bytes they take."""
    return vectors.vectors.nbytes + _A_WORD * len(vectors)


def _read(files: Sequence[tuple[str, bytes]]) -> WordVectors:
    """Read one file, or numbers and words, and keep of it what the page can use."""
    bounds: dict[str, Any] = {"max_bytes": _MAX_BYTES, "max_ratio": _MAX_RATIO}
    sources = [io.BytesIO(content) for _, content in files]
    try:
        if len(sources) == 1:
            vectors = load_vectors(*sources, limit=_MAX_WORDS, **bounds)
        else:
            vectors = load_projector(*sources, **bounds)
    except SeqvizError as error:
        raise SeqvizError(f"{' and '.join(name for name, _ in files)}: {error}") from error
    if vectors.dim > _MAX_DIM:
        raise SeqvizError(
            f"{files[0][0]} has vectors of {vectors.dim:,} numbers, but this page takes "
            f"{_MAX_DIM} at most. Use the library: seqviz.load_vectors has no such limit."
        )
    most = min(_MAX_WORDS, _MAX_NUMBERS // vectors.dim)
    if len(vectors) >= most:
        vectors = WordVectors(
            vectors.words[:most],
            vectors.vectors[:most].copy(),
            (*vectors.notices, f"Only the first {most:,} words are used on this page."),
        )
    return vectors
