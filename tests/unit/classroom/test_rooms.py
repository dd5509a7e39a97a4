import itertools
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from seqviz.classroom.codes import LETTERS
from seqviz.classroom.database import connect
from seqviz.classroom.room import DatabaseAwayError, NoRoomError, VoteRefusedError
from seqviz.classroom.rooms import HERE_WITHIN, OPEN_FOR, Rooms
from seqviz.errors import SeqvizError
from tests import ROOT

QUESTION = {"text": "What comes out?", "options": ["(1, 4)", "(1, 3, 4)"], "answer": "(1, 4)"}
RIGHT, WRONG = QUESTION["options"]


@pytest.fixture
def room(rooms):
    opened = rooms.open("1.lesson")
    rooms.ask(opened.code, "0.out", **QUESTION)
    return opened


def counts(rooms, room):
    return rooms.wall(room.secret).tallies[0].counts


def test_a_room_has_a_code_for_the_class_and_a_secret_for_the_teacher(rooms):
    opened = rooms.open("1.lesson")
    room = rooms.find(opened.code)
    assert set(opened.code) <= set(LETTERS)
    assert (room.code, room.lesson, room.step, room.together) == (opened.code, "1.lesson", 0, True)
    assert rooms.wall(opened.secret).room == room
    with pytest.raises(NoRoomError, match="Ask for the code again"):
        rooms.wall(opened.code)


def test_a_browser_has_one_vote_and_may_change_it(rooms, room):
    rooms.vote(room.code, "0.out", "mine", WRONG)
    rooms.vote(room.code, "0.out", "theirs", WRONG)
    rooms.vote(room.code, "0.out", "mine", RIGHT)
    rooms.vote(room.code, "0.out", "mine", RIGHT)
    assert counts(rooms, room) == (1, 1)


def test_a_question_stays_as_it_was_first_asked(rooms, room):
    other = {"text": "Else?", "options": ["yes", "no"], "answer": "no"}
    assert rooms.ask(room.code, "0.out", **other).text == QUESTION["text"]
    assert rooms.ask(room.code, "1.out", **other).options == ("yes", "no")
    assert [one.name for one in rooms.wall(room.secret).tallies] == ["0.out", "1.out"]


@pytest.mark.parametrize(
    ("options", "answer"), [([], "a"), (["a"], "b"), ([str(n) for n in range(21)], "1")]
)
def test_a_question_without_an_answer_is_refused(rooms, room, options, answer):
    with pytest.raises(SeqvizError, match="options"):
        rooms.ask(room.code, "9.x", text="?", options=options, answer=answer)


def test_what_is_no_option_is_no_vote(rooms, room):
    for name, option in [("0.out", "(4,)"), ("0.other", RIGHT), ("0.out", "")]:
        with pytest.raises(VoteRefusedError):
            rooms.vote(room.code, name, "mine", option)
    assert counts(rooms, room) == (0, 0)


def test_after_the_reveal_votes_stay_as_they_are(rooms, room):
    rooms.vote(room.code, "0.out", "mine", WRONG)
    assert rooms.revealed(room.code) == frozenset()
    rooms.reveal(room.secret, "0.out")
    assert rooms.revealed(room.code) == {"0.out"}
    for browser in ("mine", "late"):
        with pytest.raises(VoteRefusedError, match="no longer counted"):
            rooms.vote(room.code, "0.out", browser, RIGHT)
    assert counts(rooms, room) == (0, 1)


def test_only_the_secret_moves_the_class(rooms, room):
    rooms.go_to(room.secret, 2, together=False)
    assert rooms.find(room.code)[3:5] == (2, False)
    for forbidden in (
        lambda: rooms.go_to(room.code, 0, together=True),
        lambda: rooms.reveal(room.code, "0.out"),
        lambda: rooms.close(room.code),
        lambda: rooms.wall(room.code),
    ):
        with pytest.raises(NoRoomError):
            forbidden()
    assert rooms.find(room.code).step == 2


def test_who_is_here_is_who_was_heard_of_lately(rooms, room, clock):
    for browser in ("a", "b", "a"):
        rooms.seen(room.code, browser)
    assert rooms.wall(room.secret).here == 2
    clock.now += HERE_WITHIN - 1
    rooms.seen(room.code, "b")
    clock.now += 2
    assert rooms.wall(room.secret).here == 1


def test_after_a_day_it_is_closed_and_soon_deleted(rooms, room, clock, engine):
    clock.now += OPEN_FOR - 1
    assert rooms.find(room.code)
    clock.now += 1
    with pytest.raises(NoRoomError, match="after a day"):
        rooms.find(room.code)
    rooms.open("1.next")
    with engine.connect() as connection:
        for table in ("questions", "votes", "presence"):
            number = connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} t LEFT JOIN rooms ON rooms.id = t.room "
                "WHERE rooms.id IS NULL"
            ).scalar()
            assert number == 0


def test_closing_deletes_all_of_it(rooms, room):
    rooms.vote(room.code, "0.out", "mine", RIGHT)
    rooms.close(room.secret)
    for gone in (
        lambda: rooms.find(room.code),
        lambda: rooms.vote(room.code, "0.out", "mine", RIGHT),
        lambda: rooms.wall(room.secret),
        lambda: rooms.seen(room.code, "mine"),
    ):
        with pytest.raises(NoRoomError):
            gone()


def test_neither_secrets_nor_browsers_can_be_read_from_the_database(rooms, room, engine):
    rooms.vote(room.code, "0.out", "a browser's name", RIGHT)
    rooms.seen(room.code, "a browser's name")
    with engine.connect() as connection:
        said = " ".join(
            str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for table in ("rooms", "votes", "presence")
        )
    assert room.secret not in said
    assert "a browser's name" not in said


def test_the_same_browser_is_another_in_another_room(rooms, engine):
    codes = [rooms.open("1.a").code, rooms.open("1.a").code]
    for code in codes:
        rooms.ask(code, "0.out", **QUESTION)
        rooms.vote(code, "0.out", "mine", RIGHT)
    with engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT browser FROM votes JOIN rooms ON rooms.id = votes.room "
            f"WHERE code IN ('{codes[0]}', '{codes[1]}')"
        ).scalars()
        assert len(set(names)) == 2


def test_a_class_that_votes_at_once_is_counted_to_the_last(rooms, room):
    def vote(number):
        rooms.vote(room.code, "0.out", f"browser {number % 100}", (RIGHT, WRONG)[number % 2])

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(vote, range(200)))
    assert counts(rooms, room) == (50, 50)


def test_no_vote_comes_after_the_reveal_however_close(rooms, room):
    """What is counted when the reveal is done stays: while eight others go on voting."""
    refused = threading.Event()

    def vote(browser):
        for number in itertools.count():
            try:
                rooms.vote(room.code, "0.out", f"{browser} {number}", RIGHT)
            except VoteRefusedError:
                refused.set()
                return

    voters = [threading.Thread(target=vote, args=(browser,)) for browser in range(8)]
    for voter in voters:
        voter.start()
    while counts(rooms, room)[0] < 20:
        pass
    rooms.reveal(room.secret, "0.out")
    at_once = counts(rooms, room)
    for voter in voters:
        voter.join()
    assert refused.is_set()
    assert counts(rooms, room) == at_once


def test_votes_that_were_confirmed_outlive_processes_that_are_killed(url, rooms, clock):
    clock.now = 4e9  # voters have the true time
    opened = rooms.open("1.lesson")
    rooms.ask(opened.code, "0.units", text="?", options=["a", "b"], answer="a")
    command = [sys.executable, "-m", "tests.unit.classroom.voter", url, opened.code]
    voters = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for name in ("one", "two")
    ]
    confirmed = 0
    for voter in voters:
        for _ in range(30):
            assert voter.stdout.readline()
    for voter in voters:
        voter.kill()  # SIGKILL
        rest, _ = voter.communicate()
        confirmed += 30 + len(rest.splitlines())
    voted = sum(rooms.wall(opened.secret).tallies[0].counts)
    # Each may have been killed between the database's word and its own.
    assert confirmed <= voted <= confirmed + len(voters)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from([*QUESTION["options"], "forged"])),
        max_size=30,
    )
)
def test_the_counts_are_the_last_words_of_all_browsers(rooms, said):
    room = rooms.open("1.lesson")
    rooms.ask(room.code, "0.out", **QUESTION)
    last = {}
    for browser, option in said:
        try:
            rooms.vote(room.code, "0.out", f"{browser}", option)
            last[browser] = option
        except VoteRefusedError:
            assert option == "forged"
    words = list(last.values())
    assert counts(rooms, room) == (words.count(RIGHT), words.count(WRONG))


def test_a_database_that_is_away_says_so_and_comes_back(postgresql):
    rooms = Rooms(connect(postgresql.url))
    opened = rooms.open("1.lesson")
    rooms.ask(opened.code, "0.out", **QUESTION)
    rooms.vote(opened.code, "0.out", "mine", RIGHT)
    postgresql.stop()
    try:
        with pytest.raises(DatabaseAwayError, match="The lesson goes on"):
            rooms.vote(opened.code, "0.out", "yours", RIGHT)
        with pytest.raises(DatabaseAwayError):
            rooms.find(opened.code)
    finally:
        postgresql.start()
    rooms.vote(opened.code, "0.out", "yours", RIGHT)
    assert counts(rooms, opened) == (2, 0)
