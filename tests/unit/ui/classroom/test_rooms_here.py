import threading

import pytest

from seqviz.classroom.codes import LETTERS, Attempts
from seqviz.classroom.database import connect
from seqviz.classroom.room import DatabaseAwayError, NoRoomError
from seqviz.classroom.rooms import Rooms
from seqviz.errors import SeqvizError
from seqviz.ui.classroom.rooms_here import RoomsHere


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(tmp_path):
    return Rooms(connect(f"sqlite:///{tmp_path / 'rooms.sqlite3'}"))


@pytest.fixture
def here(rooms, clock):
    return RoomsHere(lambda: rooms, attempts=Attempts(each=3, clock=clock), clock=clock)


def test_a_room_is_entered_by_its_code_or_its_link(here, rooms):
    code = rooms.open("1.lesson").code
    room = here.enter(f"{code[:3]} {code[3:]}".lower(), "me")
    assert room.code == code
    assert here.enter(f"{code}.{room.key}", "me") == room


def test_no_room_is_guessed(here, rooms):
    code = rooms.open("1.lesson").code
    other = "".join("C" if letter != "C" else "D" for letter in code)
    for _ in range(3):
        with pytest.raises(NoRoomError, match="no such room"):
            here.enter(other, "me")
    with pytest.raises(NoRoomError, match="Wait a minute"):
        here.enter(code, "me")
    key = rooms.find(code).key
    assert here.enter(f"{code}.{key}", "me")  # who has the link does not guess
    assert here.enter(code, "another")


def test_ten_thousand_guesses_find_nothing(rooms, clock):
    code = rooms.open("1.lesson").code
    here = RoomsHere(lambda: rooms, attempts=Attempts(clock=clock), clock=clock)
    refused = 0
    for number in range(10_000):
        guess = "".join(LETTERS[number // 20**place % 20] for place in range(6))
        try:
            here.enter(f"{guess}.{number:016x}", f"browser {number}")
        except NoRoomError:
            refused += 1
    assert refused == 10_000
    assert code not in {"".join(LETTERS[n // 20**p % 20] for p in range(6)) for n in range(10_000)}


def test_a_link_with_a_wrong_key_does_not_tell_that_there_is_a_room(here, rooms):
    code = rooms.open("1.lesson").code
    other = "".join("C" if letter != "C" else "D" for letter in code)
    said = set()
    for guess in (code, other):
        for _ in range(5):
            with pytest.raises(NoRoomError) as error:
                here.enter(f"{guess}.0123456789abcdef", "me")
            said.add(str(error.value))
    assert len(said) == 1


def test_what_is_no_code_is_not_looked_for(clock):
    def fail():
        raise AssertionError

    here = RoomsHere(fail, clock=clock)
    for typed in ("", "no", "AEIOUY", "BCDFGH1", "'; DROP TABLE rooms; --"):
        with pytest.raises(NoRoomError, match="six letters"):
            here.enter(typed, "me")


def test_a_class_shares_one_answer_a_second(here, rooms, clock):
    opened = rooms.open("1.lesson")
    asked = []
    find = rooms.find
    rooms.find = lambda code: asked.append(code) or find(code)
    students = [threading.Thread(target=here.situation, args=(opened.code,)) for _ in range(30)]
    for student in students:
        student.start()
    for student in students:
        student.join()
    assert len(asked) == 1
    rooms.go_to(opened.secret, 1, together=True)
    assert here.situation(opened.code).room.step == 0
    clock.now += 1.1
    assert here.situation(opened.code).room.step == 1
    assert len(asked) == 2


def test_a_closed_room_is_known_to_be_closed(here, rooms, clock):
    opened = rooms.open("1.lesson")
    here.situation(opened.code)
    rooms.close(opened.secret)
    clock.now += 1.1
    with pytest.raises(NoRoomError):
        here.situation(opened.code)


def test_a_database_that_is_away_is_asked_again_later(rooms, clock):
    tries = []

    def open_rooms():
        tries.append(clock.now)
        if len(tries) < 2:
            raise DatabaseAwayError("away")
        return rooms

    here = RoomsHere(open_rooms, clock=clock)
    for _ in range(5):
        with pytest.raises(DatabaseAwayError):
            here.rooms()
    assert tries == [0.0]
    clock.now = 5.0
    assert here.rooms() is rooms
    assert tries == [0.0, 5.0]


def test_what_is_known_is_bounded(here, rooms, clock):
    for number in range(300):
        clock.now = number
        with pytest.raises(NoRoomError):
            here.situation(f"room {number}")
    assert len(here._known) <= 200
    assert len(here._asking) <= 201


def test_nobody_opens_rooms_without_end(here):
    opened = {here.open("1.lesson", "me").code for _ in range(10)}
    assert len(opened) == 10
    with pytest.raises(SeqvizError, match="within an hour"):
        here.open("1.lesson", "me")
    assert here.open("1.lesson", "another")
