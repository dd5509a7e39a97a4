"""The rooms of this server: one database a process, and what is known of a room for a second.

Two hundred students ask every few seconds whether the teacher went on: they share one answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from hmac import compare_digest
from typing import TYPE_CHECKING, Final, NamedTuple

from seqviz.classroom.codes import Attempts, read_code
from seqviz.classroom.room import DatabaseAwayError, NoRoomError, Opened, Room
from seqviz.errors import SeqvizError

if TYPE_CHECKING:
    from seqviz.classroom.rooms import Rooms

_FRESH: Final = 1.0  # seconds
_KEPT: Final = 200  # rooms
_AGAIN: Final = 5.0  # seconds until a database that was away is asked again
_NO_LINK: Final = "This link is to no open room. Type the code that is on the wall."
_log: Final = logging.getLogger(__name__)


class Situation(NamedTuple):
    """What all in a room may know.

    Attributes:
        room: The room.
        revealed: Names of the questions whose answers are on the wall.
    """

    room: Room
    revealed: frozenset[str]


class RoomsHere:
    """The rooms as this process sees them. Safe to use from many threads."""

    def __init__(
        self,
        open_rooms: Callable[[], Rooms],
        *,
        attempts: Attempts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open, self._attempts, self._clock = open_rooms, attempts or Attempts(), clock
        self._openings = Attempts(each=10, in_all=1_000, seconds=3_600.0, clock=clock)
        self._rooms: Rooms | None = None
        self._tried = -_AGAIN
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._known: dict[str, tuple[float, Situation | SeqvizError]] = {}

    def rooms(self) -> Rooms:
        """The rooms of the database.

        Raises:
            DatabaseAwayError: It does not answer.
        """
        with self._lock:
            if self._rooms is None:
                if self._clock() - self._tried < _AGAIN:
                    raise DatabaseAwayError("The database of the rooms does not answer.")
                self._tried = self._clock()
                self._rooms = self._open()
            return self._rooms

    def open(self, lesson: str, who: str) -> Opened:
        """Open a room for a lesson.

        Args:
            lesson: As a link.
            who: Who opens it: a browser may open ten an hour.

        Raises:
            SeqvizError: It, or all together, opened too many.
            DatabaseAwayError: The database does not answer.
        """
        if not self._openings.may(who):
            raise SeqvizError(
                "Too many rooms were opened within an hour. Close the ones that are not used, and go "
                "on in one that is open: its wall's link is good for a day."
            )
        opened = self.rooms().open(lesson)
        self._openings.count(who)
        return opened

    def enter(self, typed: str, who: str) -> Room:
        """The room of a code that somebody typed, or of the link to it.

        Args:
            typed: Six letters; in a link followed by a point and the room's key.
            who: Who tries: too many wrong codes have to wait. A link with its key need not.

        Raises:
            NoRoomError: There is none, or too many were tried.
            DatabaseAwayError: The database does not answer.
        """
        before, _, key = typed.partition(".")
        code = read_code(before)
        if code is None:
            raise NoRoomError("A code has six letters, such as BCD FGH. Look at the wall again.")
        if not key and not self._attempts.may(who):
            raise NoRoomError(
                "Too many codes were tried. Wait a minute, and look at the wall again."
            )
        try:
            room = self.rooms().find(code)
        except NoRoomError as error:
            if key:
                raise NoRoomError(_NO_LINK) from error
            self._attempts.count(who)
            raise
        if key and not compare_digest(key.encode(), room.key.encode()):
            # In the same words: who attempts must not learn that there is a room of that code.
            raise NoRoomError(_NO_LINK)
        return room

    def situation(self, code: str) -> Situation:
        """Where a room is, as it was at most a second ago.

        Raises:
            NoRoomError: It is closed.
            DatabaseAwayError: The database does not answer.
        """
        with self._lock:
            asking = self._asking.setdefault(code, threading.Lock())
        with asking:  # one asks, the others wait for what it is told
            known = self._known.get(code)
            if known is None or self._clock() - known[0] > _FRESH:
                known = self._clock(), self._ask(code)
                self._keep(code, known)
        if isinstance(known[1], SeqvizError):
            raise known[1]
        return known[1]

    def _ask(self, code: str) -> Situation | SeqvizError:
        try:
            rooms = self.rooms()
            return Situation(rooms.find(code), rooms.revealed(code))
        except SeqvizError as error:
            return error

    def _keep(self, code: str, known: tuple[float, Situation | SeqvizError]) -> None:
        with self._lock:
            self._known[code] = known
            while len(self._known) > _KEPT:
                oldest = min(self._known, key=lambda one: self._known[one][0])
                del self._known[oldest]
                self._asking.pop(oldest, None)


def _open() -> Rooms:
    # Only now: SQLAlchemy and Alembic take a third of a second, and most classes need no room.
    from seqviz.classroom.database import connect, database_url
    from seqviz.classroom.rooms import Rooms

    try:
        return Rooms(connect(database_url()))
    except SeqvizError as error:
        _log.warning("No rooms: %s", error)
        if isinstance(error, DatabaseAwayError):
            raise
        raise DatabaseAwayError(f"This server cannot have rooms: {error}") from error


here: Final = RoomsHere(_open)
