import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from seqviz.classroom.database import (
    FOLDER_VARIABLE,
    URL_VARIABLE,
    connect,
    database_url,
)
from seqviz.classroom.room import DatabaseAwayError
from seqviz.classroom.rooms import Rooms
from seqviz.classroom.tables import metadata
from seqviz.errors import SeqvizError


def test_the_steps_lead_to_the_tables_as_they_are_written(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    assert {"rooms", "questions", "votes", "presence"} < set(inspect(engine).get_table_names())


def test_servers_that_start_at_once_make_the_tables_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
    failed = []

    def start():
        try:
            connect(url).dispose()
        except Exception as error:
            failed.append(error)

    starts = [threading.Thread(target=start) for _ in range(6)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert failed == []


def test_what_is_in_it_is_there_after_a_restart(url):
    first = connect(url)
    code = Rooms(first).open("1.lesson").code
    first.dispose()
    assert Rooms(connect(url)).find(code).lesson == "1.lesson"


def test_without_a_word_it_is_a_file_in_a_folder_that_is_made(monkeypatch, tmp_path):
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "new" / "data"))
    connect(database_url()).dispose()
    assert (tmp_path / "new" / "data" / "seqviz.sqlite3").is_file()
    monkeypatch.setenv(URL_VARIABLE, "postgresql://somewhere/else")
    assert database_url() == "postgresql://somewhere/else"


@pytest.mark.parametrize("address", ["", "no address", "mysql://a/b", "http://x", "sqlite"])
def test_what_is_no_address_of_it_is_refused(address):
    with pytest.raises(SeqvizError, match="SEQVIZ_DATABASE_URL"):
        connect(address)


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DatabaseAwayError, match="does not answer"):
        connect(f"sqlite:///{tmp_path / 'file' / 'rooms.sqlite3'}")


def test_nobody_who_listens_is_said():
    with pytest.raises(DatabaseAwayError, match="does not answer"):
        connect("postgresql://nobody@127.0.0.1:9/none")
