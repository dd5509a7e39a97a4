"""``show=`` in the address: which parts of a lesson are shown, and that links keep it."""

import pytest

from seqviz.classroom.link import write_link
from seqviz.classroom.plan import Plan, Step
from seqviz.ui.lesson_parts import PARTS
from tests.app.conftest import texts


@pytest.fixture
def showing(open_page):
    """Open a lesson with a `show=` in its address."""

    def showing_(show, page="recurrent", **parameters):
        at = open_page(page, **parameters)
        at.query_params["show"] = show
        return at.run()

    return showing_


def styles(at):
    return "".join(html.proto.body for html in at.get("html"))


def test_without_it_all_is_there_and_nothing_is_hidden(open_page):
    at = open_page("recurrent")
    assert [title.value for title in at.title] == ["Recurrent layer"]
    folds = [fold.label for fold in at.expander]
    assert {"**The numbers**", "**The same in Keras**"} <= set(folds)
    assert not at.header
    assert at.get("plotly_chart")
    assert "stSidebar" not in styles(at)


def test_what_is_not_named_is_not_drawn_or_hidden(showing):
    at = showing("picture, player")
    assert not at.exception
    assert not at.info
    assert not at.title
    assert not at.header
    assert not at.code
    assert not at.get("dataframe")
    assert not [one for one in at.radio if "Predict first" in one.label]
    assert not at.button
    assert at.get("plotly_chart")
    for hidden in ("[data-testid=stSidebar]", ".st-key-recurrent_example"):
        assert hidden in styles(at)
    assert ".st-key-recurrent_player { visibility: hidden" not in styles(at)


@pytest.mark.parametrize(
    ("part", "header"), [("numbers", "The numbers"), ("code", "The same in Keras")]
)
def test_each_of_what_stands_below_can_be_shown_alone(showing, part, header):
    at = showing(f"picture,{part}")
    assert [one.value for one in at.header] == [header]
    assert ".st-key-recurrent_player { visibility: hidden" in styles(at)


def test_a_question_is_asked_and_veils_only_where_it_is_shown(showing):
    assert "filter: blur" in styles(showing("question,picture", page="ids"))
    assert "filter: blur" not in styles(showing("picture", page="ids"))


def test_links_show_the_same_parts(showing):
    at = showing("path,player,picture")
    linked = [link.proto.query_string for link in at.get("page_link")]
    assert linked
    assert all("show=picture%2Cplayer%2Cpath" in query for query in linked)


@pytest.mark.parametrize("show", ["", ",", " , ,"])
def test_naming_nothing_shows_all(showing, show):
    at = showing(show)
    assert not at.info
    assert at.title


@pytest.mark.parametrize(
    "show", ["nothing", "<script>", "picture,sidebar", "x" * 100_000, "`*_{$", "\x00"]
)
def test_unknown_names_are_said_and_ignored(showing, show):
    at = showing(show)
    assert not at.exception
    (notice,) = at.info
    assert "no part of a lesson" in notice.value
    assert ", ".join(PARTS) in notice.value
    assert len(notice.value) < 1_000
    assert bool(at.title) == ("picture" not in show)
    assert "equal to Keras" in texts(at)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_alone_is_drawn_without_an_error(showing, part):
    at = showing(part)
    assert not at.exception
    assert not at.error
    assert not at.info


def test_what_to_press_is_said_only_where_it_can_be_pressed(open_page):
    press = "press **vanishing**"
    assert press in texts(open_page("gradients", ask="none"))

    def hidden(at):
        at.query_params["show"] = "picture,player,words"

    assert press not in texts(open_page("gradients", ask="none", before=hidden))

    def locked(at):
        step = Step(page="gradients", rest="shown")
        at.query_params["lesson"] = write_link(Plan(title="Locked", steps=(step,)))
        at.query_params["at"] = "0"

    at = open_page("gradients", before=locked)
    assert not at.exception
    assert press not in texts(at)
