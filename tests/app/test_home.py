"""The start page."""

from tests.app.conftest import opened_at, spec


def test_it_opens_with_a_playable_picture_at_the_step_in_the_address(open_page):
    at = open_page("home")
    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    figure = spec(at)
    assert len(figure["frames"]) >= 4
    assert len(at.get("plotly_chart")[0].proto.alt) > 60
    assert not opened_at(1, figure)
    assert opened_at(1, spec(open_page("home", step="1")))
