"""Uploads: where a page asks for some, and bounded."""

from types import SimpleNamespace

import pytest
from starlette.exceptions import HTTPException
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from seqviz.ui.server import uploads
from seqviz.ui.server.limits import set_limits

MEGABYTE = 2**20


@pytest.fixture
def session(monkeypatch):
    """A session's run, and what Streamlit keeps of its uploads."""
    set_limits()
    run = SimpleNamespace(
        session_id="a session", uploaded_file_mgr=MemoryUploadedFileManager("/upload")
    )
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda **_: run)
    yield run
    uploads.take_no_files()


def sent(number, size, name="a.vec"):
    return UploadedFileRec(str(number), name, "text/plain", b"x" * size)


def kept(session):
    files = session.uploaded_file_mgr.file_storage.get(session.session_id, {})
    return [int(number) for number in files]


def test_a_file_is_taken_only_on_a_page_that_asks_for_files(session):
    manager = session.uploaded_file_mgr
    with pytest.raises(HTTPException, match="takes no files"):
        manager.add_file(session.session_id, sent(0, 10))
    uploads.ask_for_files()
    with pytest.raises(HTTPException, match="takes no files"):
        manager.add_file("another session", sent(0, 10))
    manager.add_file(session.session_id, sent(1, 10))
    assert kept(session) == [1]
    uploads.take_no_files()
    assert not manager.file_storage
    assert not manager._total_bytes
    with pytest.raises(HTTPException, match="takes no files"):
        manager.add_file(session.session_id, sent(2, 10))


def test_a_session_has_its_last_files_and_no_more_than_a_page_can_use(session):
    uploads.ask_for_files()
    manager = session.uploaded_file_mgr
    for number in range(30):
        manager.add_file(session.session_id, sent(number, 5 * MEGABYTE))
    assert kept(session) == [28, 29]
    assert manager._total_bytes == 10 * MEGABYTE
    for number in range(30, 250):
        manager.add_file(session.session_id, sent(number, 10))
    assert kept(session) == list(range(242, 250))


def test_all_sessions_together_have_a_limit_and_room_comes_back(session, monkeypatch):
    monkeypatch.setattr(uploads, "_IN_ALL", 12 * MEGABYTE)
    manager = session.uploaded_file_mgr
    for number, who in enumerate(("one", "other", "third")):
        session.session_id = who
        uploads.ask_for_files()
        if who == "third":
            break
        manager.add_file(who, sent(number, 5 * MEGABYTE))
    with pytest.raises(HTTPException, match="Try again later"):
        manager.add_file("third", sent(2, 5 * MEGABYTE))
    manager.add_file("third", sent(3, 2 * MEGABYTE))
    manager.remove_session_files("one")
    manager.add_file("third", sent(4, 5 * MEGABYTE))
    for who in ("one", "other", "third"):
        session.session_id = who
        uploads.take_no_files()


def test_what_the_page_has_read_is_a_name_without_content(session):
    from streamlit.proto.Common_pb2 import FileURLs
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    uploads.ask_for_files()
    manager = session.uploaded_file_mgr
    manager.add_file(session.session_id, sent(1, MEGABYTE))
    (record,) = manager.get_files(session.session_id, ["1"])
    file = UploadedFile(record, FileURLs())
    uploads.let_go(file)
    assert not file.getvalue()
    (record,) = manager.get_files(session.session_id, ["1"])
    assert (record.name, record.data) == ("a.vec", b"")
    assert not manager._total_bytes


def test_names_and_addresses_are_bounded(session):
    uploads.ask_for_files()
    manager = session.uploaded_file_mgr
    manager.add_file(session.session_id, sent(1, 10, "a\0b" * 1_000))
    (record,) = manager.get_files(session.session_id, ["1"])
    assert record.name == ("ab" * 100)
    assert len(manager.get_upload_urls(session.session_id, ["a"] * 3)) == 3
    assert len(manager.get_upload_urls(session.session_id, ["a"] * 100_000)) == 20
