"""The page on gathering and multiplying, run by Streamlit without a browser."""

import json

import pytest

from seqviz.ui.url_state import defaults
from tests.app.conftest import texts
from tests.app.test_pages import HOSTILE

DEFAULTS = {
    "gather_text": "I am Groot",
    "gather_read_as": "auto",
    "gather_vocab_size": 10,
    "gather_embedding_dim": 3,
    "gather_seed": 0,
}


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


@pytest.fixture
def page(open_page):
    return open_page("gather")


def test_opens_with_two_pictures_proof_and_code(page):
    assert not page.exception
    assert not page.error
    main, costs = page.get("plotly_chart")
    assert len(json.loads(main.proto.spec)["frames"]) == 4
    assert min(len(main.proto.alt), len(costs.proto.alt)) > 60
    assert len(main.proto.spec) + len(costs.proto.spec) < 60_000
    assert "largest difference 0: equal to Keras bit for bit" in texts(page)
    assert "(:gray[**1**], :blue[**3**], :green[**10**])" in texts(page)
    assert "keras.ops.matmul(one_hot, W)" in page.code[0].value


def test_defaults_are_a_public_contract(page):
    kinds = (page.text_input, page.selectbox, page.number_input, page.select_slider, page.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert {f"gather_{name}": value for name, value in defaults("gather").items()} == DEFAULTS


def test_the_three_outputs_are_one(page):
    row = page.dataframe[0].value.iloc[2]
    assert row["token"] == "Groot"
    for f in range(3):
        assert row[f"W[ids][{f}]"] == row[f"one_hot @ W[{f}]"] == row[f"Dense[{f}]"]


def test_measures_here_and_now(page):
    before = picture(page)
    assert "Measured" not in texts(page)
    page.button(key="gather_measure").click().run()
    assert not page.exception
    assert "**Measured** on this server, 32 ids at once, 3 features" in texts(page)
    assert picture(page) == before
    # It stays in reruns, and goes when it is no longer of what is shown.
    page.number_input(key="gather_seed").set_value(3.0).run()
    assert "**Measured**" in texts(page)
    page.select_slider(key="gather_embedding_dim").set_value(4).run()
    assert "**Measured**" not in texts(page)


def test_work_and_slope_are_said(page):
    assert "slope 1: 10 times the rows cost 10 times as much" in texts(page)
    page.radio(key="gather_what_it_does").set_value("it runs word2vec").run()
    assert "90 multiply-adds" in page.warning[0].value  # 3 ids × 10 rows × 3 features


def test_questions_are_answered_and_shown(page):
    for question in page.radio:
        page.radio(key=question.key).set_value(question.options[0]).run()
    assert len(page.success) + len(page.warning) == 2
    before = picture(page)
    for key in ("gather_what_it_does", "gather_meaning"):
        page.button(key=f"{key}_show").click().run()
        assert not page.exception
        assert picture(page) != before
        before = picture(page)


def test_opens_at_the_step_in_the_url_and_stays_in_an_unrelated_rerun(open_page):
    at = open_page("gather", step="1")
    figure = json.loads(picture(at))
    moving = figure["frames"][1]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moving, strict=True):
        assert {key: shape[key] for key in move} == move
    before = picture(at)
    at.query_params["gather_step"] = "2"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert picture(at) == before


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_urls_never_break_the_page(open_page, value):
    keys = [key.removeprefix("gather_") for key in DEFAULTS] + ["step", "measure", "no_such"]
    at = open_page("gather", **dict.fromkeys(keys, value))
    assert not at.exception
    at.text_input(key="gather_text").set_value("I am Groot").run()
    assert not at.exception
    assert picture(at)


def test_largest_and_smallest_setting(open_page):
    words = " ".join(f"w{i}" for i in range(200))
    at = open_page("gather", text=words, vocab_size="1000", embedding_dim="32")
    assert not at.exception
    assert sum(len(chart.proto.spec) for chart in at.get("plotly_chart")) < 560_000
    at = open_page("gather", text="0", vocab_size="2", embedding_dim="1")
    assert not at.exception
    assert len(json.loads(picture(at))["frames"]) == 2
