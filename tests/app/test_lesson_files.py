"""A whole lesson as a file: the pages themselves, run where nobody sees them."""

import json
import re

import pytest

from seqviz.app import warmup
from seqviz.app.catalogue import CELL, EMBEDDING, LESSONS, OUTPUTS, PADDING, RECURRENT, page_of
from seqviz.app.lesson_files.offline import LARGEST, handout, offline_file
from seqviz.app.lesson_files.sheet import MAX_STATES, make_sheet, to_html
from seqviz.app.unseen import run_unseen
from seqviz.classroom.plan import Step
from seqviz.errors import SeqvizError

LINK = "https://school.example/lesson?lesson=1.abc"


@pytest.fixture(autouse=True, scope="module")
def _awake():
    warmup.warm_up()


def sheet(page, *, varied=None, questions=None, **state):
    return make_sheet(page, Step(page=page.key, state=state, questions=questions), varied)


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.key)
def test_every_lesson_can_be_run_unseen(page):
    opened = run_unseen(page, {})
    assert len(opened.shown.captions) > 1
    assert opened.questions
    assert opened.shown.draw().data


def test_it_shows_what_the_page_shows(open_page):
    state = {"text": "you are Rocket", "units": "2", "cell": "GRU", "return_sequences": "true"}
    at = open_page("recurrent", **state, ask="none")
    shown = run_unseen(RECURRENT, state).shown
    assert at.get("plotly_chart")[0].proto.alt == shown.alt
    assert "GRU with 2 units" in shown.alt


def test_a_run_that_nobody_sees_is_not_seen(open_page):
    at = open_page("recurrent", text="you are Rocket", ask="none")
    before = [type(one).__name__ for one in at.main]
    run_unseen(RECURRENT, {"text": "some thing else", "units": "7"})
    at.run()
    assert [type(one).__name__ for one in at.main] == before
    assert at.session_state["recurrent_text"] == "you are Rocket"
    assert at.session_state["recurrent_units"] == 4


@pytest.mark.parametrize("text", ["", "99999"])
def test_where_a_page_has_no_picture_that_is_said(text):
    with pytest.raises(SeqvizError, match="Open it, and see"):
        run_unseen(RECURRENT, {"text": text, "read_as": "ids"})


def test_an_offline_lesson_has_every_state_of_the_chosen_controls():
    made = sheet(
        RECURRENT, text="I am Groot", varied={"units": ["2", "3"], "cell": ["SimpleRNN", "LSTM"]}
    )
    assert set(made.pictures) == {
        (units, cell) for units in ("2", "3") for cell in ("SimpleRNN", "LSTM")
    }
    alts = {picture.alt for picture in made.pictures.values()}
    assert len(alts) == 4
    page = offline_file([made], title="T", word="W", link=LINK)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert list(data["steps"][0]["pictures"]) == [
        '["2","SimpleRNN"]', '["2","LSTM"]', '["3","SimpleRNN"]', '["3","LSTM"]'
    ]  # fmt: skip
    assert len(page.encode()) <= LARGEST


def test_too_many_states_are_refused_before_they_are_made():
    many = {"units": [str(n) for n in range(1, MAX_STATES + 2)]}
    with pytest.raises(SeqvizError, match="Choose fewer"):
        sheet(RECURRENT, varied=many)


def test_all_lessons_together_are_small_enough_to_send():
    sheets = [sheet(page) for page in LESSONS]
    page = offline_file(sheets, title="All", word="", link=LINK)
    assert len(page.encode()) <= LARGEST
    assert "://" not in page.replace(LINK, "").replace("http://www.w3.org/2000/svg", "")


def test_what_is_too_large_is_said(monkeypatch):
    monkeypatch.setattr("seqviz.app.lesson_files.offline.LARGEST", 10_000)
    with pytest.raises(SeqvizError, match="Choose fewer"):
        offline_file([sheet(EMBEDDING)], title="", word="", link=LINK)


def test_only_the_chosen_questions_are_asked():
    all_of_them = sheet(OUTPUTS).questions
    name = run_unseen(OUTPUTS, {}).questions[1].name
    assert len(all_of_them) == 3
    assert sheet(OUTPUTS, questions=(name,)).questions == [all_of_them[1]]
    assert sheet(OUTPUTS, questions=()).questions == []


def test_a_handout_has_the_questions_before_and_the_answers_after():
    made = [sheet(EMBEDDING), sheet(CELL), sheet(PADDING)]
    page = handout(made, title="<Three>", word="a & b", link=LINK)
    before, after = page.split('<section class="answers">')
    assert "&lt;Three&gt;" in before
    assert "a &amp; b" in before
    for one in made:
        for asked in one.questions:
            right = next(option for option in asked.options if option.right)
            assert asked.text in before
            assert right.why not in before
            assert right.why in after


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`Embedding(50, 2)` **rows**", "<code>Embedding(50, 2)</code> <strong>rows</strong>"),
        (":gray[(:blue[**3**], 2)]", "(<strong>3</strong>, 2)"),
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("[no](link)", "[no](link)"),
        (r"a \* b", "a * b"),
    ],
)
def test_sentences_become_html(text, html):
    assert to_html(text) == html


def test_a_state_that_keras_refuses_is_left_out():
    made = sheet(
        page_of("stacks"), varied={"return_sequences_1": ["true", "false"]}, text="I am Groot"
    )
    assert ("true",) in made.pictures
