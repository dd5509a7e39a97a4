"""A lesson that a teacher sent, as students see it: its steps only, and locked controls."""

import pytest

from seqviz.classroom.link import write_link
from seqviz.classroom.plan import Plan, Step

PLAN = Plan(
    title="Two *pages*",
    word="Answer <first>.",
    steps=(
        Step(
            page="recurrent",
            state={
                "text": "you are Rocket",
                "units": "3",
                "cell": "GRU",
                "return_sequences": "true",
            },
            controls={
                "units": "free",
                "cell": "shown",
                "text": "shown",
                "return_sequences": "shown",
            },
            rest="hidden",
            questions=(),
        ),
        Step(page="embedding", state={"vocab_size": "7"}, rest="shown"),
        Step(page="recurrent", state={"units": "2"}),
    ),
)


@pytest.fixture
def open_step(open_page):
    """Open a page with the lesson's parameters, which have no prefix."""

    def open_(page, at, plan=PLAN, **more):
        def with_lesson(at_test):
            at_test.query_params["lesson"] = write_link(plan)
            at_test.query_params["at"] = str(at)

        return open_page(page, before=with_lesson, **more)

    return open_


def widgets(at):
    kinds = ("selectbox", "select_slider", "slider", "number_input", "toggle", "text_input")
    return {one.key for kind in kinds for one in at.get(kind) if one.key}


def text_of(at):
    return " ".join(str(one.value) for one in (*at.markdown, *at.sidebar.markdown))


def test_a_step_has_its_free_controls_only(open_step):
    at = open_step("recurrent", 0, units=3)
    assert not at.exception
    assert widgets(at) == {"recurrent_units"}
    assert "cell: **GRU**" in text_of(at)
    assert "you are Rocket" in text_of(at)
    assert "seed:" not in text_of(at)
    assert "GRU with 3 units unrolled over 3 timesteps" in at.get("plotly_chart")[0].proto.alt


@pytest.mark.parametrize(
    "forged",
    [
        {"cell": "LSTM"},
        {"text": "a b c d e", "return_sequences": "false"},
        {"seed": "7", "vocab_size": "9"},
        {"cell": "nonsense", "read_as": "characters"},
    ],
)
def test_no_address_changes_what_is_locked(open_step, forged):
    spec = open_step("recurrent", 0, units=3).get("plotly_chart")[0].proto.spec
    at = open_step("recurrent", 0, units=3, **forged)
    assert at.get("plotly_chart")[0].proto.spec == spec


def test_no_widget_state_changes_what_is_locked(open_step):
    at = open_step("recurrent", 0, units=3)
    spec = at.get("plotly_chart")[0].proto.spec
    at.session_state["recurrent_cell"] = "LSTM"
    at.session_state["recurrent_text"] = "a b c d e"
    at.run()
    assert at.get("plotly_chart")[0].proto.spec == spec


def test_what_is_free_can_be_changed(open_step):
    at = open_step("recurrent", 0, units=3)
    at.select_slider(key="recurrent_units").set_value(5).run()
    assert "GRU with 5 units" in at.get("plotly_chart")[0].proto.alt


@pytest.mark.parametrize("mode", ["free", "shown", "hidden"])
def test_another_sentence_is_asked_for_only_where_one_can_be_typed(open_step, mode):
    state = {"epochs": "1"}
    plan = Plan(steps=(Step(page="training", state=state, controls={"probe": mode}),))
    at = open_step("training", 0, plan)
    assert not at.exception
    assert ("Type a sentence of your own" in text_of(at)) == (mode == "free")


def test_the_same_page_may_be_in_it_twice(open_step):
    at = open_step("recurrent", 2, units=2)
    assert {"recurrent_cell", "recurrent_seed", "recurrent_text"} <= widgets(at)


def test_a_page_that_is_not_the_open_step_is_whole(open_step):
    at = open_step("embedding", 0)
    assert "embedding_vocab_size" in widgets(at)


@pytest.mark.parametrize("link", ["", "1.", "1.AAAA", "2.abc", "nonsense", "1." + "A" * 5_000])
def test_a_broken_link_leaves_the_whole_page(open_page, link):
    def broken(at):
        at.query_params["lesson"] = link

    at = open_page("recurrent", before=broken)
    assert not at.exception
    assert "recurrent_cell" in widgets(at)


def test_the_lesson_begins_with_its_title_its_word_and_its_steps(open_page):
    def given(at):
        at.query_params["lesson"] = write_link(PLAN)

    at = open_page("lesson", before=given)
    assert not at.exception
    assert at.header[0].value == r"Two \*pages\*"
    assert r"Answer \<first\>." in text_of(at)


@pytest.mark.parametrize(("link", "said"), [("1.AAAA", "Copy the whole link"), ("7.x", "newer")])
def test_where_a_lesson_begins_a_broken_link_is_said(open_page, link, said):
    def given(at):
        at.query_params["lesson"] = link

    at = open_page("lesson", before=given)
    assert not at.exception
    assert said in at.error[0].value


def test_steps_of_unknown_pages_are_left_out_and_that_is_said(open_page):
    plan = Plan(steps=(Step(page="ids"), Step(page="transformer")))

    def given(at):
        at.query_params["lesson"] = write_link(plan)

    at = open_page("lesson", before=given)
    assert not at.exception
    assert "1 of the lesson's steps" in at.info[0].value


def test_each_step_begins_with_its_question(open_step):
    at = open_step("embedding", 1, vocab_size=7)
    assert at.radio[0].label.startswith("1 of 3. Predict first")
    assert "hidden until the question" in at.get("plotly_chart")[0].proto.alt
