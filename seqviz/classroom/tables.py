"""The tables of the database: rooms, what is asked in them, votes, who is here.

Of a student there is a vote and a random name of a browser, hashed with the room: the same browser in
two rooms cannot be told to be the same. Times are seconds since 1970.
"""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata: Final = MetaData()

rooms: Final = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(6), nullable=False, unique=True),
    Column("secret", String(64), nullable=False, unique=True),  # SHA-256 of it
    Column("lesson", Text, nullable=False),  # as a link
    Column("step", Integer, nullable=False),
    Column("together", Boolean, nullable=False),  # or everybody at their own pace
    Column("closes", Float, nullable=False),
    Index("rooms_closes", "closes"),
)


def _of_a_room() -> Column[int]:
    return Column("room", Integer, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)


questions: Final = Table(
    "questions",
    metadata,
    _of_a_room(),
    Column("name", String(100), primary_key=True),
    Column("text", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("answer", Text, nullable=False),
    Column("revealed", Boolean, nullable=False),
)

votes: Final = Table(
    "votes",
    metadata,
    _of_a_room(),
    Column("question", String(100), primary_key=True),
    Column("browser", String(64), primary_key=True),
    Column("choice", Integer, nullable=False),
)

presence: Final = Table(
    "presence",
    metadata,
    _of_a_room(),
    Column("browser", String(64), primary_key=True),
    Column("seen", Float, nullable=False),
)
