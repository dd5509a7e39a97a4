"""Putting a lesson together: from nothing to a link, a room, files."""

import json
import re

import pytest

from seqviz.app.catalogue import LESSONS
from seqviz.app.compose import link_in
from seqviz.classroom.database import connect
from seqviz.classroom.link import read_link, write_link
from seqviz.classroom.plan import MAX_STEPS, Plan, Step
from seqviz.classroom.room import DatabaseAwayError
from seqviz.classroom.rooms import Rooms
from seqviz.ui import question
from seqviz.ui.classroom import draft as drafts, rooms_here


@pytest.fixture
def composing(open_page):
    """The page with a draft of these steps."""

    def open_(*steps, title=""):
        made = drafts.Draft(title=title)
        for step in steps:
            made.add(step)

        def with_draft(at):
            at.session_state["_draft"] = made

        return open_page("compose", before=with_draft)

    return open_


def sent(at):
    """The lesson of the link that the page shows."""
    return read_link(re.search(r"lesson=([\w.-]+)", at.code[0].value)[1]).plan


def test_from_nothing_to_a_lesson_of_three_pages(open_page):
    at = open_page("compose")
    assert not at.exception
    assert not at.code
    for number in range(3):
        at.selectbox(key="make_page").set_value(LESSONS[number])
        next(b for b in at.button if b.label == "Add it").click()
        at.run()
    at.text_input[0].set_value("Three pages").run()
    plan = sent(at)
    assert [step.page for step in plan.steps] == [page.key for page in LESSONS[:3]]
    assert plan.title == "Three pages"


def test_a_page_is_added_as_it_is(open_page):
    at = open_page("recurrent", units=3, cell="GRU", ask="none")
    at.session_state["recurrent_lessons"] = True
    at.run()
    at.button(key="recurrent_add").click().run()
    (step,) = at.session_state["_draft"].plan().steps
    assert step == Step(page="recurrent", state={"units": "3", "cell": "GRU"})


def test_steps_are_moved_and_taken_out(composing):
    at = composing(Step(page="ids"), Step(page="cell"))
    at.button(key="make_1_arrow_downward").click().run()
    assert [step.page for step in sent(at).steps] == ["cell", "ids"]
    at.button(key="make_2_delete").click().run()
    assert [step.page for step in sent(at).steps] == ["ids"]
    assert at.button(key="make_1_arrow_upward").disabled


def test_controls_are_free_shown_or_hidden(composing):
    at = composing(Step(page="recurrent", state={"units": "3", "seed": "5"}))
    at.segmented_control(key="make_1_may").set_value("some of it").run()
    at.multiselect(key="make_1_free").set_value(["units"]).run()
    at.multiselect(key="make_1_shown").set_value(["seed"]).run()
    (step,) = sent(at).steps
    assert [step.mode_of(name) for name in ("units", "seed")] == ["free", "shown"]
    at.segmented_control(key="make_1_may").set_value("nothing").run()
    (step,) = sent(at).steps
    assert step.mode_of("units") != "free"


def test_questions_and_parts_are_chosen(composing):
    at = composing(Step(page="ids", questions=("bad_ids",)))
    at.multiselect(key="make_1_parts").set_value(["picture", "player", "question"]).run()
    (step,) = sent(at).steps
    assert step.questions == ("bad_ids",)
    assert set(step.parts) == {"picture", "player", "question"}


def test_questions_that_a_lesson_leaves_out_are_known_and_those_it_chose_stay_chosen(
    open_page, composing, monkeypatch
):
    monkeypatch.setattr(question, "_known", {})
    # Where a lesson was the first to open the page in this process.
    lesson = Step(page="ids", questions=("bad_ids",))

    def with_lesson(at):
        at.query_params["lesson"] = write_link(Plan(title="One question", steps=(lesson,)))
        at.query_params["at"] = "0"

    open_page("ids", before=with_lesson)
    assert {"bad_ids"} < set(question.known_questions("ids"))
    at = composing(lesson)
    at.multiselect(key="make_1_questions").set_value([*question.known_questions("ids")]).run()
    (step,) = sent(at).steps
    assert set(step.questions) == set(question.known_questions("ids"))


def test_a_lesson_that_was_sent_is_taken_up_again():
    plan = Plan(
        title="Before",
        word="Hello",
        steps=(
            Step(page="outputs", state={"units": "2"}, rest="hidden", questions=()),
            Step(page="state"),
        ),
    )
    for pasted in (write_link(plan), f"https://x.example/lesson?lesson={write_link(plan)}"):
        assert link_in(f"  {pasted}\n") == write_link(plan)
    made = drafts.Draft()
    made.take(plan)
    assert made.plan().steps[0].mode_of("anything") == "hidden"
    assert made.plan().steps[0].questions == ()
    assert made.plan().title == "Before"


def test_no_more_steps_than_a_link_takes(composing):
    at = composing(*[Step(page="ids")] * MAX_STEPS)
    assert next(b for b in at.button if b.label == "Add it").disabled


def test_a_room_is_opened(composing, tmp_path, monkeypatch):
    rooms = Rooms(connect(f"sqlite:///{tmp_path / 'rooms.sqlite3'}"))
    monkeypatch.setattr("seqviz.app.compose.here", rooms_here.RoomsHere(lambda: rooms))
    at = composing(Step(page="ids"))
    next(b for b in at.button if b.label == "Open a room").click()
    at.run()
    code = re.search(r"The room \*\*(\w{6})\*\*", at.success[0].value)[1]
    assert read_link(rooms.find(code).lesson).plan == sent(at)


def test_without_a_database_a_room_is_refused_kindly(composing, monkeypatch):
    def away():
        raise DatabaseAwayError("The database of the rooms does not answer.")

    monkeypatch.setattr("seqviz.app.compose.here", rooms_here.RoomsHere(away))
    at = composing(Step(page="ids"))
    next(b for b in at.button if b.label == "Open a room").click()
    at.run()
    assert not at.exception
    assert "does not answer" in at.error[0].value


@pytest.mark.parametrize("kind", [0, 1])
def test_a_file_is_made_when_it_is_asked_for(composing, kind):
    at = composing(Step(page="ids"), title="Rows")
    at.session_state["make_files"] = True
    at.run()
    at.radio(key="make_kind").set_value(at.radio(key="make_kind").options[kind]).run()
    assert not at.get("download_button")[1:]
    at.button(key="make_it").click().run()
    assert not at.exception
    _, file = at.session_state["_lesson_file"]
    assert "Rows" in file
    assert json.loads(re.search(r'id="data">(.*?)</script>', file, re.DOTALL)[1])


def test_without_the_servers_address_no_package_is_made(composing):
    at = composing(Step(page="ids"))
    at.session_state["make_files"] = True
    at.run()
    at.radio(key="make_kind").set_value(at.radio(key="make_kind").options[2]).run()
    at.button(key="make_it").click().run()
    assert not at.exception
    assert "full address" in at.error[0].value


def test_all_parts_again_are_all(composing):
    at = composing(Step(page="ids"))
    every = at.multiselect(key="make_1_parts").value
    at.multiselect(key="make_1_parts").set_value(every[:-1]).run()
    (step,) = sent(at).steps
    assert set(step.parts) == set(every[:-1])
    at.multiselect(key="make_1_parts").set_value(every).run()
    (step,) = sent(at).steps
    assert step.parts is None
