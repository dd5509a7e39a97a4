"""The notes for teachers are what the lessons say."""

import pytest

from seqviz.app import warmup
from seqviz.app.catalogue import GROUPS, LESSONS
from seqviz.app.teaching import teaching_notes
from seqviz.app.teaching_page import PATH, section_of


def test_the_notes_are_what_the_lessons_say_today():
    warmup.warm_up()
    assert teaching_notes() == PATH.read_text("utf-8"), "Run `python -m scripts.make_teaching`."


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_each_lesson_has_its_idea_questions_and_controls(lesson):
    notes = section_of(lesson)
    assert notes.startswith(lesson.idea)
    assert "**What to ask**" in notes
    assert "| control | starts from |" in notes


def test_the_page_shows_a_lesson_and_leads_to_it(open_page):
    at = open_page("teaching")
    assert not at.exception
    first = next(iter(GROUPS.values()))[0]
    assert first.idea in at.markdown[1].value
    at.selectbox[0].set_value(LESSONS[8]).run()
    assert LESSONS[8].idea in at.markdown[1].value
