"""Uploads, which Streamlit keeps in memory: where a page asks for some, and bounded.

As it is, Streamlit takes any number of files from whoever has any page open, and has them until two
minutes after the page was left.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakValueDictionary

from starlette.exceptions import HTTPException
from starlette.requests import Request
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec, UploadFileUrlInfo

MAX_MEGABYTES: Final = 5  # a file; as in .streamlit/config.toml
_OF_SESSION: Final = 2 * MAX_MEGABYTES * 2**20  # bytes: two files are the most that a page reads
_FILES_OF_SESSION: Final = 8  # small ones, so that the page can say that they are too many
_IN_ALL: Final = 200 * 2**20
_NAME: Final = 200  # characters of a file's name
_URLS: Final = 20  # that a browser is given at once
_READ_AT_ONCE: Final = 16  # files that are on their way
_PATIENCE: Final = 180.0  # seconds for a file to come: 5 MB at 0.25 Mbit/s
_SESSIONS: Final = 1_000  # remembered for having been asked

_add = MemoryUploadedFileManager.add_file
_urls = MemoryUploadedFileManager.get_upload_urls
_form = Request._get_form
_asked: OrderedDict[str, None] = OrderedDict()  # sessions whose page takes files
_reading: Final = asyncio.Semaphore(_READ_AT_ONCE)
_coming: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()


def ask_for_files() -> None:
    """Take uploads from the session of this run from now on."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None:
        _asked[run.session_id] = None
        _asked.move_to_end(run.session_id)
        while len(_asked) > _SESSIONS:
            _asked.popitem(last=False)


def take_no_files() -> None:
    """Take no uploads any more, and forget those there are: their page was left."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None and _asked.pop(run.session_id, _asked) is None:
        run.uploaded_file_mgr.remove_session_files(run.session_id)


def let_go(file: Any) -> None:
    """Forget what an uploaded file holds, once the page has read it; it stays in the page's list."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is None:
        return
    kept = UploadedFileRec(file.file_id, file.name, file.type, b"")
    _add(run.uploaded_file_mgr, run.session_id, kept)  # type: ignore[arg-type]
    file.seek(0)
    file.truncate()


def bound_uploads() -> None:
    """Have Streamlit keep no more of uploads than what pages need."""
    manager: Any = MemoryUploadedFileManager
    manager.add_file = _add_bounded
    manager.get_upload_urls = _some_urls
    request: Any = Request
    request._get_form = _form_in_turn
    if Runtime.exists():  # what came before the first page of the process: no page has asked for it
        kept: Any = Runtime.instance().uploaded_file_mgr
        for session_id in list(kept.file_storage):
            kept.remove_session_files(session_id)


def _check_asked(session_id: str) -> None:
    if session_id not in _asked:
        raise HTTPException(403, "This page takes no files.")


def _add_bounded(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    """Take a file in place of the session's oldest ones, or refuse it."""
    _check_asked(session_id)
    if Runtime.exists() and not Runtime.instance().is_active_session(session_id):
        raise HTTPException(400, "The page was left.")  # nobody would ever take the file away
    with self._lock:
        of_session = list(self.file_storage.get(session_id, {}).values())
    size, count = sum(len(old.data) for old in of_session), len(of_session)
    for old in of_session:
        if size + len(file.data) <= _OF_SESSION and count < _FILES_OF_SESSION:
            break
        self.remove_file(session_id, old.file_id)
        size, count = size - len(old.data), count - 1
    if self._total_bytes + len(file.data) > _IN_ALL:
        raise HTTPException(503, "Many files are on this server. Try again later.")
    _add(self, session_id, file._replace(name=file.name.replace("\0", "")[:_NAME]))


def _some_urls(
    self: MemoryUploadedFileManager, session_id: str, file_names: Sequence[str]
) -> list[UploadFileUrlInfo]:
    return _urls(self, session_id, file_names[:_URLS])


async def _form_in_turn(self: Request, **limits: Any) -> Any:
    """Read a file that comes: one of each session, a few of all, and none that nobody asked for.

    Until then it stays in its sender's connection.
    """
    session_id = self.path_params.get("session_id", "")
    _check_asked(session_id)
    of_session = _coming.setdefault(session_id, asyncio.Lock())
    try:
        async with asyncio.timeout(_PATIENCE), of_session, _reading:
            return await _form(self, **limits)
    except TimeoutError:
        raise HTTPException(408, "The file took too long to come.") from None
