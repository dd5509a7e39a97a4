"""Rooms: a class answers together. Counts only: no names, no free text, nothing of a student but votes.

Every method is one transaction, and what it returns is in the database: it outlives the process.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from seqviz.classroom.codes import digest, new_code, new_secret
from seqviz.classroom.database import answering
from seqviz.classroom.room import NoRoomError, Opened, Room, Tally, VoteRefusedError, Wall
from seqviz.classroom.tables import presence, questions, rooms, votes
from seqviz.errors import SeqvizError

OPEN_FOR: Final = 24 * 3600.0  # seconds
HERE_WITHIN: Final = 30.0  # seconds since a browser was last heard of
MAX_OPTIONS: Final = 20
_MAX_QUESTIONS: Final = 200  # of a room
_MAX_ROOMS: Final = 10_000
_ATTEMPTS: Final = 5


class Rooms:
    """All rooms of a database. Safe to use from many threads and processes."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        dialect: Any = postgresql if engine.dialect.name == "postgresql" else sqlite
        self._insert = dialect.insert
        # SQLite has one writer, and who waits in it for a turn asks again and again, out of turn:
        # one of eight was seen to get none for five seconds.
        self._turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()

    def open(self, lesson: str) -> Opened:
        """Open a room for a lesson; what is older than a day is deleted on the way.

        Raises:
            SeqvizError: Far too many rooms are open.
            DatabaseAwayError: As every method here.
        """
        for _ in range(_ATTEMPTS):
            opened = Opened(new_code(), new_secret())
            try:
                with self._writing() as connection:
                    connection.execute(delete(rooms).where(rooms.c.closes <= self._clock()))
                    number = connection.scalar(select(func.count()).select_from(rooms)) or 0
                    if number >= _MAX_ROOMS:
                        raise SeqvizError(
                            f"{number:,} rooms are open, and there is no place for more. Close "
                            "those that are not used, or come again tomorrow."
                        )
                    connection.execute(
                        rooms.insert().values(
                            code=opened.code,
                            secret=digest(opened.secret),
                            lesson=lesson,
                            step=0,
                            together=True,
                            closes=self._clock() + OPEN_FOR,
                        )
                    )
                return opened
            except IntegrityError:  # another room has that code
                continue
        raise SeqvizError("No free code was found for the room. Try again.")

    def find(self, code: str) -> Room:
        """The room of a code.

        Raises:
            NoRoomError: There is none.
        """
        with self._reading() as connection:
            return _as_room(self._row(connection, rooms.c.code == code))

    def ask(self, code: str, name: str, *, text: str, options: Sequence[str], answer: str) -> Tally:
        """Put a question into a room, if it is not there; as it is there.

        Args:
            code: Of the room.
            name: Of the question, in this room.
            text: What is asked.
            options: What can be chosen.
            answer: The right one.

        Raises:
            NoRoomError: The room is closed.
            SeqvizError: There are too many questions or options.
        """
        if not 0 < len(options) <= MAX_OPTIONS or answer not in options:
            raise SeqvizError(
                f"The question {name!r} has {len(options)} options, but 1 to {MAX_OPTIONS} are "
                "possible, and its answer must be one of them."
            )
        with self._reading() as connection:
            row = self._row(connection, rooms.c.code == code)
            known = self._tallies(connection, row.id, name)
        if known:
            return known[0]
        with self._writing() as connection:
            row = self._row(connection, rooms.c.code == code)
            of_room = select(func.count()).select_from(questions).where(questions.c.room == row.id)
            if (connection.scalar(of_room) or 0) >= _MAX_QUESTIONS:
                raise SeqvizError(f"A room has at most {_MAX_QUESTIONS} questions.")
            connection.execute(
                self._insert(questions)
                .values(
                    room=row.id,
                    name=name,
                    text=text,
                    options=list(options),
                    answer=answer,
                    revealed=False,
                )
                .on_conflict_do_nothing()
            )
            return self._tallies(connection, row.id, name)[0]

    def vote(self, code: str, name: str, browser: str, option: str) -> None:
        """Count one browser's vote; it takes the place of an earlier one.

        Args:
            code: Of the room.
            name: Of a question that was put into it.
            browser: Any name that is always the same for one browser; only a hash is kept.
            option: One of the question's.

        Raises:
            NoRoomError: The room is closed.
            VoteRefusedError: The answer was revealed, or the question has no such option.
        """
        with self._writing() as connection:
            # Votes go on side by side; who reveals waits for them, and they for who reveals.
            row = self._row(connection, rooms.c.code == code, share=True)
            asked = connection.execute(
                select(questions.c.options, questions.c.revealed).where(
                    questions.c.room == row.id, questions.c.name == name
                )
            ).one_or_none()
            if asked is None or option not in asked.options:
                raise VoteRefusedError(
                    f"{option!r} is no answer to a question of this room. Reload the page and "
                    "choose again."
                )
            if asked.revealed:
                raise VoteRefusedError(
                    "The answer is on the wall already: votes are no longer counted."
                )
            vote = self._insert(votes).values(
                room=row.id,
                question=name,
                browser=digest(code, browser),
                choice=asked.options.index(option),
            )
            connection.execute(
                vote.on_conflict_do_update(
                    index_elements=[votes.c.room, votes.c.question, votes.c.browser],
                    set_={"choice": vote.excluded.choice},
                )
            )

    def seen(self, code: str, browser: str) -> None:
        """Say that a browser is here.

        Raises:
            NoRoomError: The room is closed.
        """
        with self._writing() as connection:
            row = self._row(connection, rooms.c.code == code, share=True)
            here = self._insert(presence).values(
                room=row.id, browser=digest(code, browser), seen=self._clock()
            )
            connection.execute(
                here.on_conflict_do_update(
                    index_elements=[presence.c.room, presence.c.browser],
                    set_={"seen": here.excluded.seen},
                )
            )

    def revealed(self, code: str) -> frozenset[str]:
        """Names of the questions whose answers are on the wall.

        Raises:
            NoRoomError: The room is closed.
        """
        with self._reading() as connection:
            row = self._row(connection, rooms.c.code == code)
            found = select(questions.c.name).where(
                questions.c.room == row.id, questions.c.revealed == true()
            )
            return frozenset(connection.scalars(found))

    def wall(self, secret: str) -> Wall:
        """What the teacher sees.

        Raises:
            NoRoomError: There is no room of that secret.
        """
        with self._reading() as connection:
            row = self._row(connection, rooms.c.secret == digest(secret))
            here = select(func.count()).where(
                presence.c.room == row.id, presence.c.seen > self._clock() - HERE_WITHIN
            )
            return Wall(
                _as_room(row), connection.scalar(here) or 0, self._tallies(connection, row.id)
            )

    def reveal(self, secret: str, name: str) -> None:
        """Show the class the answer to a question: from now on no vote is taken.

        Raises:
            NoRoomError: There is no room of that secret.
        """
        with self._writing() as connection:
            row = self._owned(connection, secret)
            connection.execute(
                update(questions)
                .where(questions.c.room == row.id, questions.c.name == name)
                .values(revealed=True)
            )

    def go_to(self, secret: str, step: int, *, together: bool) -> None:
        """Go to a step of the lesson, with the class or without.

        Raises:
            NoRoomError: There is no room of that secret.
        """
        with self._writing() as connection:
            row = self._owned(connection, secret)
            connection.execute(
                update(rooms).where(rooms.c.id == row.id).values(step=step, together=together)
            )

    def close(self, secret: str) -> None:
        """Close the room and delete all that was in it.

        Raises:
            NoRoomError: There is no room of that secret.
        """
        with self._writing() as connection:
            row = self._owned(connection, secret)
            connection.execute(delete(rooms).where(rooms.c.id == row.id))

    def _owned(self, connection: Connection, secret: str) -> Any:
        return self._row(connection, rooms.c.secret == digest(secret), alone=True)

    def _row(
        self, connection: Connection, which: Any, *, share: bool = False, alone: bool = False
    ) -> Any:
        """The room; with `share` or `alone` it stays as it is until the transaction ends."""
        query = select(rooms).where(which, rooms.c.closes > self._clock())
        if share or alone:
            query = query.with_for_update(read=share)  # SQLite has one writer at a time anyway
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NoRoomError(
                "There is no such room, or it is closed: rooms are closed after a day. Ask for the "
                "code again."
            )
        return row

    def _tallies(
        self, connection: Connection, room: int, name: str | None = None
    ) -> tuple[Tally, ...]:
        asked = connection.execute(_tallied(room, name)).all()
        counts: dict[str, dict[int, int]] = {}
        for row in asked:
            counts.setdefault(row.name, {})[row.choice] = row.number
        first = {row.name: row for row in reversed(asked)}
        return tuple(
            Tally(
                name,
                first[name].text,
                tuple(first[name].options),
                first[name].answer,
                tuple(counts[name].get(place, 0) for place in range(len(first[name].options))),
                first[name].revealed,
            )
            for name in sorted(counts)
        )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._turn, answering(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with answering(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _tallied(room: int, name: str | None) -> Select[Any]:
    """Each question with each choice that somebody made, and how many did."""
    counted = (
        select(votes.c.question, votes.c.choice, func.count().label("number"))
        .where(votes.c.room == room)
        .group_by(votes.c.question, votes.c.choice)
        .subquery()
    )
    query = (
        select(questions, counted.c.choice, counted.c.number)
        .join(counted, counted.c.question == questions.c.name, isouter=True)
        .where(questions.c.room == room)
        .order_by(questions.c.name)
    )
    return query if name is None else query.where(questions.c.name == name)


def _as_room(row: Any) -> Room:
    return Room(
        code=row.code,
        key=digest("key", row.secret)[:16],
        lesson=row.lesson,
        step=row.step,
        together=row.together,
        closes=row.closes,
    )
