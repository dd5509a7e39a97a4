"""A class that answers together: what a student's page and the teacher's wall do."""

import pytest

from seqviz.classroom.database import connect
from seqviz.classroom.link import write_link
from seqviz.classroom.plan import Plan, Step
from seqviz.classroom.room import DatabaseAwayError
from seqviz.classroom.rooms import Rooms
from seqviz.ui.classroom import rooms_here, voting

PLAN = Plan(
    title="Shapes",
    steps=(
        Step(page="recurrent", state={"units": "3"}, rest="shown", questions=("output_shape",)),
        Step(page="embedding"),
    ),
)
LINK = write_link(PLAN)
NAME = "0" * 32  # as a browser says it
COUNTS = "Your vote counts. You may change it until the answer is on the wall."
ON_ITS_WAY = "Your vote is on its way: give it a few seconds."


@pytest.fixture
def rooms(tmp_path):
    return Rooms(connect(f"sqlite:///{tmp_path / 'rooms.sqlite3'}"))


@pytest.fixture
def here(rooms, monkeypatch):
    """This server's rooms, in a database of the test's own, asked anew each time."""
    here = rooms_here.RoomsHere(lambda: rooms)
    monkeypatch.setattr(rooms_here, "_FRESH", -1.0)
    for module in (voting,):
        monkeypatch.setattr(module, "here", here)
    return here


@pytest.fixture
def opened(rooms, here):
    return rooms.open(LINK)


@pytest.fixture
def says(monkeypatch):
    """Have the browser's component say another name than `NAME` from the next run on, or none yet."""

    def says_(name):
        monkeypatch.setattr(voting, "_said", lambda: name)

    says_(NAME)
    return says_


@pytest.fixture
def student(open_page, rooms, opened, says):
    def open_(page="recurrent", at=0, **parameters):
        room = rooms.find(opened.code)

        def in_room(test):
            test.query_params["lesson"] = LINK
            test.query_params["at"] = str(at)
            test.query_params["room"] = f"{room.code}.{room.key}"

        return open_page(page, before=in_room, **parameters)

    return open_


def counts(rooms, opened):
    (tally,) = rooms.wall(opened.secret).tallies
    return tally.counts


def said(at):
    return [info.value for info in at.info]


def choose(at, option):
    return at.radio[0].set_value(option).run()


def lose_patience(at):
    """As if the browser had been asked for its name long ago."""
    at.session_state[voting._ASKED] -= voting._PATIENCE


def test_a_choice_is_a_vote_and_says_no_more_until_it_is_revealed(student, rooms, opened):
    at = student()
    assert not at.exception
    options = at.radio[0].options
    choose(at, options[0])
    assert not at.exception
    assert said(at) == [COUNTS]
    assert not at.success
    assert not at.warning
    choose(at, options[1])
    (tally,) = rooms.wall(opened.secret).tallies
    assert tally.name == "0.output_shape"
    assert tally.options == tuple(options)
    assert sum(tally.counts) == 1
    assert tally.counts[1] == 1

    rooms.reveal(opened.secret, "0.output_shape")
    at.run()
    assert len(at.success) + len(at.warning) == 1
    right = tally.options.index(tally.answer)
    other = choose(at, options[0])
    assert not other.exception
    assert rooms.wall(opened.secret).tallies[0].counts[1] == 1, right


def test_before_the_reveal_nobody_passes(student):
    at = student()
    assert "Pass" not in [button.label for button in at.button]


def test_only_the_chosen_questions_are_asked(student):
    assert student().radio[0].label.startswith("1 of 1.")


def test_the_wall_counts_who_is_here(student, rooms, opened):
    at = student()
    at.run()
    assert rooms.wall(opened.secret).here == 1


def test_the_wall_counts_a_browser_without_a_name_once_it_had_time_to_say_one(
    student, says, rooms, opened
):
    says(None)
    at = student()
    at.run()
    assert rooms.wall(opened.secret).here == 0
    lose_patience(at)
    at.run()
    assert rooms.wall(opened.secret).here == 1


def test_a_vote_before_the_browser_said_its_name_waits_for_it(student, says, rooms, opened):
    says(None)
    at = student()
    choose(at, at.radio[0].options[1])
    assert said(at) == [ON_ITS_WAY]
    assert not at.success
    assert not at.warning
    assert counts(rooms, opened) == (0, 0, 0)
    at.run()
    assert counts(rooms, opened) == (0, 0, 0)
    assert rooms.wall(opened.secret).here == 0
    says(NAME)
    at.run()
    assert said(at) == [COUNTS]
    assert counts(rooms, opened) == (0, 1, 0)
    rooms.vote(opened.code, "0.output_shape", NAME, at.radio[0].options[0])
    assert counts(rooms, opened) == (1, 0, 0)  # it was given by the browser's name


def test_a_vote_that_waits_for_a_name_may_be_changed(student, says, rooms, opened):
    says(None)
    at = student()
    options = at.radio[0].options
    choose(at, options[1])
    choose(at, options[2])
    says(NAME)
    at.run()
    assert counts(rooms, opened) == (0, 0, 1)


def test_without_a_name_a_vote_is_sent_after_a_while(student, says, rooms, opened):
    says(None)
    at = student()
    choose(at, at.radio[0].options[1])
    lose_patience(at)
    at.run()
    assert said(at) == [COUNTS]
    assert counts(rooms, opened) == (0, 1, 0)


def test_two_tabs_of_a_browser_count_once_also_if_the_second_votes_at_once(
    student, says, rooms, opened
):
    first = student()
    options = first.radio[0].options
    choose(first, options[0])
    says(None)
    second = student()
    choose(second, options[1])
    assert counts(rooms, opened) == (1, 0, 0)
    says(NAME)
    second.run()
    assert said(second) == [COUNTS]
    assert counts(rooms, opened) == (0, 1, 0)
    assert rooms.wall(opened.secret).here == 1


def test_two_browsers_count_twice(student, says, rooms, opened):
    first = student()
    options = first.radio[0].options
    choose(first, options[0])
    says("1" * 32)
    choose(student(), options[1])
    assert counts(rooms, opened) == (1, 1, 0)
    assert rooms.wall(opened.secret).here == 2


def test_a_session_that_learns_its_name_too_late_counts_once(student, says, rooms, opened):
    says(None)
    at = student()
    options = at.radio[0].options
    lose_patience(at)
    choose(at, options[0])
    assert counts(rooms, opened) == (1, 0, 0)
    says(NAME)
    choose(at, options[1])
    assert counts(rooms, opened) == (0, 1, 0)
    assert rooms.wall(opened.secret).here == 1


def test_a_vote_that_waits_for_a_name_is_sent_from_any_other_step(student, says, rooms, opened):
    says(None)
    at = student()
    choose(at, at.radio[0].options[1])
    at.query_params["at"] = "1"
    at.switch_page("pages/embedding.py").run()
    assert counts(rooms, opened) == (0, 0, 0)
    says(NAME)
    at.run()
    assert not at.exception
    assert counts(rooms, opened) == (0, 1, 0)


def test_a_vote_that_waits_for_a_name_is_too_late_after_the_reveal(student, says, rooms, opened):
    says(None)
    at = student()
    choose(at, at.radio[0].options[1])
    rooms.reveal(opened.secret, "0.output_shape")
    says(NAME)
    at.run()
    assert not at.exception
    assert len(at.success) + len(at.warning) == 1
    assert counts(rooms, opened) == (0, 0, 0)


def test_an_answer_to_another_question_than_the_class_has_does_not_count(student, rooms, opened):
    rooms.ask(opened.code, "0.output_shape", text="Another?", options=["a", "b"], answer="a")
    at = student()
    choose(at, at.radio[0].options[0])
    assert "does not count" in said(at)[0]
    assert sum(rooms.wall(opened.secret).tallies[0].counts) == 0


def test_a_database_that_is_away_lets_the_lesson_go_on_and_votes_wait(
    student, rooms, opened, here, monkeypatch
):
    at = student()
    options = at.radio[0].options

    def away():
        raise DatabaseAwayError("away")

    with monkeypatch.context() as context:
        context.setattr(here, "rooms", away)
        choose(at, options[1])
        assert not at.exception
    assert "Your vote waits here" in said(at)[0]
    assert not at.success
    assert not at.warning
    at.run()
    assert sum(rooms.wall(opened.secret).tallies[0].counts) == 1


def test_a_vote_that_waits_is_sent_for_its_own_step_from_any_other(
    student, rooms, opened, here, monkeypatch
):
    at = student()
    option = at.radio[0].options[1]

    def away():
        raise DatabaseAwayError("away")

    with monkeypatch.context() as context:
        context.setattr(here, "rooms", away)
        choose(at, option)
    at.query_params["at"] = "1"
    at.switch_page("pages/embedding.py").run()
    assert not at.exception
    tallies = {one.name: one.counts for one in rooms.wall(opened.secret).tallies}
    assert tallies == {"0.output_shape": (0, 1, 0)}


def test_a_closed_room_leaves_the_lesson(student, rooms, opened):
    at = student()
    rooms.close(opened.secret)
    at.run()
    assert not at.exception
    assert "Pass" in [button.label for button in at.button]


def test_after_the_reveal_no_message_counts(student, rooms, opened):
    at = student()
    options = at.radio[0].options
    choose(at, options[0])
    rooms.reveal(opened.secret, "0.output_shape")
    for option in options:
        choose(at, option)
        assert not at.exception
    assert rooms.wall(opened.secret).tallies[0].counts == (1, 0, 0)
