"""What a viewer's browser may ask of the server, and how often: what the pages need.

Whoever can open a page can send any of Streamlit's messages, whatever its toolbar offers. Two of
them are for who develops an app: one empties the caches of all sessions, one runs Git.
"""

import asyncio
import time
from contextvars import ContextVar
from typing import Final
from weakref import WeakKeyDictionary

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager

from seqviz.ui.server.pace import Pace
from seqviz.ui.server.turns import turn_for

_ANSWERED: Final = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
_OPERATIONS: Final = {"deferred_file", "dataframe_chunk"}  # downloads, tables
_AT_ONCE: Final = 8  # operations of one session: more clicks than a page has buttons
# Messages of a browser that are read at once, and how many a second after those. A slider that is
# dragged sends five a second. What comes faster stays in the sender's own connection.
BURST: Final = 40
PER_SECOND: Final = 20
_NOT_BYTES: Final = 1003  # of the websocket protocol
_asked_by: Final = ContextVar("_asked_by", default="")  # a session
_handle = AppSession.handle_backmsg
_execute = MediaFileManager.execute_deferred
_receive = WebSocket.receive_bytes
_paces: Final[WeakKeyDictionary[WebSocket, Pace]] = WeakKeyDictionary()


def is_answered(message: BackMsg, *, operations: int = 0) -> bool:
    """Whether a viewer may send it.

    Args:
        message: What came.
        operations: How many that the same session asked for before are not done yet.
    """
    if message.WhichOneof("type") == "backend_operation_request":
        payload = message.backend_operation_request.WhichOneof("payload")
        return payload in _OPERATIONS and operations < _AT_ONCE
    return message.WhichOneof("type") in _ANSWERED


def answer_viewers_only() -> None:
    """Have Streamlit pass over all other messages, without a word in the log."""
    AppSession.handle_backmsg = _handle_if_answered  # type: ignore[assignment, method-assign]


def _handle_if_answered(session: AppSession, msg: BackMsg) -> None:
    if is_answered(msg, operations=len(session._background_tasks)):
        _asked_by.set(session.id)  # goes with the task that an operation is
        _handle(session, msg)


def make_downloads_in_turn() -> None:
    """Have files that are made when they are asked for wait in line as the pages do."""
    MediaFileManager.execute_deferred = _execute_in_turn  # type: ignore[assignment, method-assign]


def _execute_in_turn(manager: MediaFileManager, file_id: str) -> str:
    with turn_for(_asked_by.get()):
        return _execute(manager, file_id)


def read_at_a_pace() -> None:
    """Have the server read no more from a browser than people can send.

    It reads and answers all browsers in one thread, and does nothing else as long as one sends
    faster than it reads.
    """
    WebSocket.receive_bytes = _receive_at_a_pace  # type: ignore[assignment, method-assign]


async def _receive_at_a_pace(websocket: WebSocket) -> bytes:
    pace = _paces.setdefault(websocket, Pace(BURST, PER_SECOND))
    wait = pace.wait(time.monotonic())
    if wait:
        await asyncio.sleep(wait)
        if websocket.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect  # it has left meanwhile
    try:
        return await _receive(websocket)
    except KeyError:  # text, where Streamlit speaks in bytes
        await websocket.close(_NOT_BYTES)
        raise WebSocketDisconnect(_NOT_BYTES) from None
