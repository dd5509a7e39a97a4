"""The same tests on both databases."""

import pytest

from seqviz.classroom.database import connect
from seqviz.classroom.rooms import Rooms
from tests.unit.classroom import postgres


@pytest.fixture(scope="session")
def postgresql():
    try:
        postgres.program("initdb")
    except postgres.NoPostgresError as error:
        pytest.skip(str(error))
    with postgres.server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
    return request.getfixturevalue("postgresql").url


@pytest.fixture
def engine(url):
    engine = connect(url)
    yield engine
    engine.dispose()


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(engine, clock):
    return Rooms(engine, clock=clock)
