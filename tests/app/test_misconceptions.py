"""Each misconception is a link that opens exactly the state that shows it."""

from urllib.parse import parse_qsl

import pytest

from seqviz.app.misconceptions import MISCONCEPTIONS
from tests.app.conftest import texts


def test_page_lists_all_and_links_them(open_page):
    at = open_page("misconceptions")
    assert not at.exception
    said = texts(at)
    assert len(MISCONCEPTIONS) >= 20
    assert all(one.belief in said and one.truth in said for one in MISCONCEPTIONS)
    links = [link.proto for link in at.get("page_link")]
    for one in MISCONCEPTIONS:
        assert any(
            link.page == one.lesson.key
            and dict(parse_qsl(link.query_string)) == one.lesson.parameters(one.state)
            for link in links
        ), one.belief


def test_each_is_shown_in_a_state_of_its_own():
    states = [(one.lesson.key, *sorted(one.state.items())) for one in MISCONCEPTIONS]
    # One state may show two: that of the defaults does.
    assert len(set(states)) >= len(states) - 2


@pytest.mark.parametrize("one", MISCONCEPTIONS, ids=lambda one: one.belief[:40])
def test_its_page_takes_the_state(open_page, one):
    at = open_page(one.lesson.key, **one.state)
    assert not at.exception
    assert at.get("plotly_chart")
    for name, value in one.state.items():
        if name != "step":  # which is the player's
            taken = at.session_state[f"{one.lesson.key}_{name}"]
            assert str(taken).casefold() in (value.casefold(), f"{value}.0"), name
