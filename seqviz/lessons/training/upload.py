"""A CSV that a student uploads: the last good one stays, whatever is uploaded after it."""

from hashlib import blake2b
from pathlib import PurePath
from typing import Any, Final, NamedTuple

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.tasks import Task, csv_columns, from_csv
from seqviz.ui.markdown import literal, note
from seqviz.ui.server.uploads import MAX_MEGABYTES, ask_for_files

_STATE: Final = "_training_csv"
_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ENDINGS: Final = ("csv", "tsv", "txt")


class OwnTask(NamedTuple):
    """A task of a student's own.

    Attributes:
        name: Of the file.
        digest: Tells files and choices of columns apart.
        task: What was made of it.
    """

    name: str
    digest: str
    task: Task


class _Memory(NamedTuple):
    asked: tuple[Any, ...]  # the file and the choices that were read last, good or not
    own: OwnTask | None  # the last good one
    error: str


_NOTHING: Final = _Memory((), None, "")


def csv_box(page: str) -> OwnTask | None:
    """Ask for a file, and which of its columns to take.

    Returns:
        The last that could be read; None if there was none yet.
    """
    ask_for_files()
    file = st.file_uploader(
        f"A CSV of at most {MAX_MEGABYTES} MB: a row with the names of the columns, and below it one "
        "text and its label a row",
        type=[*_ENDINGS, "text/plain"],
        max_upload_size=MAX_MEGABYTES,
        key=f"{page}_csv",
    )
    memory: _Memory = st.session_state.get(_STATE, _NOTHING)
    if file is not None:
        memory = _read(page, file, memory)
        st.session_state[_STATE] = memory
    if memory.error:
        st.error(
            f"{literal(memory.error)} Nothing that was trained is lost.",
            icon=":material/upload_file:",
        )
    if memory.own is None:
        st.info(
            "Until there is a file that can be read, the page shows *sentiment*. For example: "
            "`text,label` in the first row, `I like it,good` in the second.",
            icon=":material/info:",
        )
    else:
        note(
            f"In use: {literal(memory.own.name)}. It stays in your session, and is not in the link."
        )
    return memory.own


def _read(page: str, file: Any, memory: _Memory) -> _Memory:
    """What to remember after an upload, or after a choice of columns."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        delimiter = st.selectbox(
            "Between columns",
            list(_DELIMITERS),
            format_func=_DELIMITERS.__getitem__,
            index=_likely(file),
            key=f"{page}_csv_delimiter_{file.file_id}",
        )
        try:
            _check_ending(file.name)
            content = file.getvalue()
            columns = csv_columns(content, delimiter=delimiter)
        except SeqvizError as error:
            return memory._replace(asked=(), error=f"{file.name}: {error}")
        text, label = (
            st.selectbox(
                what,
                range(len(columns)),
                format_func=lambda k: columns[k],
                index=min(place, len(columns) - 1),
                key=f"{page}_csv_{place}_{file.file_id}_{len(columns)}",
            )
            for place, what in enumerate(("Texts", "Labels"))
        )
    asked = (file.file_id, delimiter, text, label)
    if asked == memory.asked:
        return memory
    try:
        task = from_csv(content, text=columns[text], label=columns[label], delimiter=delimiter)
    except SeqvizError as error:
        return memory._replace(asked=asked, error=f"{file.name}: {error}")
    told_by = blake2b(content, digest_size=8, person=repr(asked[1:]).encode()[:16]).hexdigest()
    return _Memory(asked, OwnTask(file.name, told_by, task), "")


def _likely(file: Any) -> int:
    """The delimiter that the first line has most of."""
    first = file.getvalue()[:4_000].split(b"\n", 1)[0]
    counts = [first.count(one.encode()) for one in _DELIMITERS]
    return counts.index(max(counts))


def _check_ending(name: str) -> None:
    if PurePath(name).suffix.lower().lstrip(".") not in _ENDINGS:
        raise SeqvizError(
            f"This page reads .{', .'.join(_ENDINGS)}. In a spreadsheet, save the table as CSV."
        )
