"""What was visited and answered at the first try: what the server hands the browser to keep and count."""

import json

import pytest

from seqviz.app.catalogue import GROUPS, LESSONS
from seqviz.app.track_questions import QUESTIONS
from tests.app.conftest import texts
from tests.app.contract import answer, contracts_of, go_on


def handed(at, key):
    """What a component of the page is handed; None where there is none."""
    protos = [one.proto for one in at.get("bidi_component")]
    (proto,) = [proto for proto in protos if proto.id.endswith(f"-{key}")] or [None]
    if proto is None:
        return None
    return json.loads(proto.bytes) if proto.bytes else json.loads(proto.json)[0]


@pytest.mark.parametrize("page", [lesson.key for lesson in LESSONS])
def test_each_track_counts_the_questions_that_its_lessons_ask(page):
    asked = {}
    for contract in contracts_of(page):
        for name in contract.questions:
            asked.setdefault(name, contract.view)
    assert {name: one.state for name, one in QUESTIONS[page].items()} == asked


def test_it_says_what_was_answered_first_and_not_what_a_link_or_a_second_try_did(open_page):
    at = open_page("embedding")
    assert handed(at, "embedding_player")["visited"] == ["embedding", {}]
    answer(at, "embedding", "zeros with a 1 at place 4")
    assert handed(at, "embedding_player")["visited"] == ["embedding", {"which_row": False}]
    answer(at, "embedding", "row 4 of the matrix, copied")
    go_on(at, "embedding")
    answer(at, "embedding", "49")
    first = {"which_row": False, "largest_id": True}
    assert handed(at, "embedding_player")["visited"] == ["embedding", first]
    at = open_page("embedding", answer="largest_id")
    answer(at, "embedding", "50")
    assert handed(at, "embedding_player")["visited"] == ["embedding", {}]
    at = open_page("embedding")
    at.button(key="embedding_pass").click().run()
    assert handed(at, "embedding_player")["visited"] == ["embedding", {}]


@pytest.mark.parametrize("group", GROUPS)
def test_the_last_lesson_of_a_track_has_all_of_it_to_count(open_page, group):
    *others, last = GROUPS[group]
    track = handed(open_page(last.key), "_progress")
    assert track["shows"] == "all"
    (counted,) = track["tracks"]
    assert counted["title"] == group
    assert list(counted["lessons"]) == [lesson.key for lesson in GROUPS[group]]
    for other in others[-1:]:
        assert handed(open_page(other.key), "_progress") is None


def test_home_counts_both_tracks_and_is_no_lesson_that_was_visited(open_page):
    at = open_page("home")
    assert not at.exception
    progress = handed(at, "_progress")
    assert [track["title"] for track in progress["tracks"]] == list(GROUPS)
    assert progress["shows"] == "sums"
    assert handed(at, "_marks")["shows"] == "marks"
    assert handed(at, "home_player")["visited"] is None
    assert "seqviz" in texts(at) or at.title
