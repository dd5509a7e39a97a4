"""What is known of a room, and what may be wrong with it. It knows no database: every page imports it."""

from typing import NamedTuple

from seqviz.errors import SeqvizError


class DatabaseAwayError(SeqvizError):
    """The database cannot be reached now; what was asked for may be asked for again."""


class NoRoomError(SeqvizError):
    """There is no such room, or it is closed."""


class VoteRefusedError(SeqvizError):
    """A vote that does not count: too late, or for what is no option."""


class Opened(NamedTuple):
    """A new room.

    Attributes:
        code: For the class.
        secret: For the teacher, who has it once: the database does not know it.
    """

    code: str
    secret: str


class Room(NamedTuple):
    """What everybody in a room may know.

    Attributes:
        code: Of the room.
        key: Of the link to it: who has it need not be told from who guesses codes.
        lesson: As a link.
        step: Where the teacher is, from 0.
        together: Whether the class is to be there too.
        closes: When, in seconds since 1970.
    """

    code: str
    key: str
    lesson: str
    step: int
    together: bool
    closes: float


class Tally(NamedTuple):
    """A question of a room.

    Attributes:
        name: Of the question in this room.
        text: What is asked, in Markdown.
        options: What can be chosen.
        answer: The right option.
        counts: Votes for each option.
        revealed: Whether the class has seen the answer: no vote is taken any more.
    """

    name: str
    text: str
    options: tuple[str, ...]
    answer: str
    counts: tuple[int, ...]
    revealed: bool


class Wall(NamedTuple):
    """What the teacher sees.

    Attributes:
        room: As everybody knows it.
        here: How many browsers were heard of lately.
        tallies: All questions that were met, in the order of their names.
    """

    room: Room
    here: int
    tallies: tuple[Tally, ...]
