"""What a viewer's browser may ask of the server, and how often."""

import asyncio
import time
from collections import Counter

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager

from seqviz.ui.server import messages
from seqviz.ui.server.limits import set_limits
from seqviz.ui.server.messages import BURST, PER_SECOND, is_answered
from seqviz.ui.server.pace import Pace
from seqviz.ui.server.turns import AT_ONCE

ANSWERED = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
OPERATIONS = [
    field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields
]


def message(kind, operation=None):
    made = BackMsg()
    if operation is not None:
        getattr(made.backend_operation_request, operation).SetInParent()
    elif BackMsg.DESCRIPTOR.fields_by_name[kind].message_type:
        getattr(made, kind).SetInParent()
    else:
        value = "1" if isinstance(getattr(made, kind), str) else True
        setattr(made, kind, value)
    assert made.WhichOneof("type") == kind
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_a_page_needs_is_answered(kind):
    assert is_answered(message(kind)) == (kind in ANSWERED)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_of_operations_only_downloads_and_tables_and_a_few_at_once(operation):
    asked = message("backend_operation_request", operation)
    wanted = operation in {"deferred_file", "dataframe_chunk"}
    assert is_answered(asked) == is_answered(asked, operations=7) == wanted
    assert not is_answered(asked, operations=8)


def test_a_session_gets_what_it_may_send_and_nothing_else(monkeypatch):
    got = []
    monkeypatch.setattr("seqviz.ui.server.messages._handle", lambda _, message: got.append(message))
    set_limits()
    session = AppSession.__new__(AppSession)
    session.id, session._background_tasks = "a session", set()
    monkeypatch.setattr(AppSession, "__del__", lambda _: None)
    for kind in KINDS:
        session.handle_backmsg(message(kind))
    assert {message.WhichOneof("type") for message in got} == ANSWERED


def test_a_browser_is_read_at_once_until_it_sends_faster_than_people():
    pace = Pace(BURST, PER_SECOND)
    assert [pace.wait(5.0) for _ in range(BURST)] == pytest.approx([0.0] * BURST)
    assert pace.wait(5.0) == pytest.approx(1 / PER_SECOND)
    assert pace.wait(5.0) == pytest.approx(2 / PER_SECOND)
    # Whoever waits as told is told the same again, and after a while nothing.
    assert pace.wait(5.0 + 3 / PER_SECOND) == pytest.approx(0.0)
    assert pace.wait(5.0 + 3 / PER_SECOND) == pytest.approx(1 / PER_SECOND)
    assert [pace.wait(900.0) for _ in range(BURST)] == pytest.approx([0.0] * BURST, abs=1e-9)


def test_downloads_of_a_session_wait_in_the_line_of_the_runs(monkeypatch):
    """As Streamlit makes them: each in a task of the session's, and there in another thread."""
    running, most, made = Counter(), Counter(), []

    def make(manager, file_id):
        session = file_id[0]
        running[session] += 1
        most[session] = max(most[session], running[session])
        most["all"] = max(most["all"], running.total())
        time.sleep(0.005)
        running[session] -= 1
        made.append(file_id)
        return f"/{file_id}"

    async def all_ask():
        for number in range(6):
            for session in sessions:
                session.handle_backmsg(f"{session.id}{number}")
        tasks = set().union(*(session._background_tasks for session in sessions))
        return await asyncio.gather(*tasks)

    def handle(session, file_id):
        task = asyncio.get_running_loop().create_task(
            asyncio.to_thread(manager.execute_deferred, file_id)
        )
        session._background_tasks.add(task)

    set_limits()
    monkeypatch.setattr(messages, "_execute", make)
    monkeypatch.setattr(messages, "_handle", handle)
    monkeypatch.setattr(messages, "is_answered", lambda *_, **__: True)
    monkeypatch.setattr(AppSession, "__del__", lambda _: None)
    manager = MediaFileManager.__new__(MediaFileManager)
    sessions = [AppSession.__new__(AppSession) for _ in range(3)]
    for name, session in zip("abc", sessions, strict=True):
        session.id, session._background_tasks = name, set()
    assert len(asyncio.run(all_ask())) == 18
    assert len(set(made)) == 18
    assert (most["a"], most["b"], most["c"]) == (1, 1, 1)
    assert most["all"] <= AT_ONCE
