"""The database of the rooms: SQLite in a folder of its own, or PostgreSQL for several servers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    TimeoutError as PoolTimeoutError,
)

from seqviz.classroom.room import DatabaseAwayError
from seqviz.errors import SeqvizError

URL_VARIABLE: Final = "SEQVIZ_DATABASE_URL"
FOLDER_VARIABLE: Final = "SEQVIZ_DATA"
_FILE: Final = "seqviz.sqlite3"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WAIT: Final = 5  # seconds, for a database that is locked or does not answer
_MIGRATING: Final = 7_391_845_517  # of an advisory lock: any number that is always the same


def database_url() -> str:
    """Where the rooms are kept: what ``SEQVIZ_DATABASE_URL`` says, or a file of SQLite.

    The file stands in the folder that ``SEQVIZ_DATA`` names, or else in ``~/.seqviz``.
    """
    if url := os.environ.get(URL_VARIABLE):
        return url
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else Path.home() / ".seqviz"
    return f"sqlite:///{folder / _FILE}"


def connect(url: str) -> Engine:
    """A database with all tables as they are to be.

    Several processes may do this at once: one makes the tables, the others wait for it.

    Args:
        url: As SQLAlchemy writes them: ``sqlite:///path``, ``postgresql://user:password@host/name``.

    Raises:
        SeqvizError: The address is none, or of another kind of database.
        DatabaseAwayError: It does not answer, or its folder cannot be written to.
    """
    engine = _engine(url)
    with answering(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
        _migrate(connection)
    return engine


@contextmanager
def answering() -> Iterator[None]:
    """Around what asks the database: says `DatabaseAwayError` where it does not answer."""
    try:
        yield
    except IntegrityError:  # it answers, and says that something is there already
        raise
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        raise DatabaseAwayError(
            f"The database of the rooms does not answer ({type(error).__name__}). The lesson goes "
            "on without it; whoever runs this server should look at its log."
        ) from error


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SeqvizError(f"{URL_VARIABLE} is no address of a database. {_EXAMPLE}") from error
    kind = address.get_backend_name()
    try:
        if kind == "sqlite":
            return _sqlite(address)
        if kind in ("postgresql", "postgres"):
            return create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                pool_timeout=_WAIT,
                connect_args={"connect_timeout": _WAIT},
            )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise SeqvizError(
            f'What talks to {kind} is not installed: {error}. Hint: pip install "psycopg[binary]".'
        ) from error
    raise SeqvizError(
        f"{URL_VARIABLE} names a database of {kind}, but only SQLite and PostgreSQL are tested. "
        + _EXAMPLE
    )


_EXAMPLE: Final = "Write it as postgresql://user:password@host/name, or leave it out for SQLite."


def _sqlite(address: Any) -> Engine:
    if address.database:
        with answering():
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": _WAIT})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # SQLAlchemy, not sqlite3, says where a transaction begins
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # At once, not at the first write: two that have read and both want to write cannot wait for
        # each other, and one would fail.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
