"""The page on gathering and multiplying, run by Streamlit without a browser."""

import pytest

from tests.app.conftest import texts
from tests.app.contract import SMALLEST, Contract

pytestmark = pytest.mark.usefixtures("unfolded")

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "vocab_size": 10,
            "embedding_dim": 3,
            "seed": 0,
        },
        frames=4,
        questions={"what_it_does": "it copies one row", "meaning": "random numbers"},
        unveiled={
            "meaning": "numbers do not say what they stand for",
        },
        smallest=(SMALLEST, 2),
        examples=8,
    ),
)


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


@pytest.fixture
def page(open_page):
    return open_page("gather")


def test_opens_with_two_pictures_proof_and_code(page):
    assert not page.exception
    assert not page.error
    assert "largest difference 0: equal to Keras bit for bit" in texts(page)
    assert "(:gray[**1**], :blue[**3**], :green[**10**])" in texts(page)
    assert "keras.ops.matmul(one_hot, W)" in page.code[0].value


def test_the_three_outputs_are_one(page):
    row = page.dataframe[0].value.iloc[2]
    assert row["token"] == "Groot"
    for f in range(3):
        assert row[f"W[ids][{f}]"] == row[f"one_hot @ W[{f}]"] == row[f"Dense[{f}]"]


def test_measures_here_and_now(open_page):
    page = open_page("gather", costs="true")
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


def test_work_is_said(open_page):
    page = open_page("gather", costs="true", ask="what_it_does")
    assert "10 times the rows are 10 times as many multiply-adds" in texts(page)
    page.radio(key="gather_what_it_does").set_value("it works out what the word means").run()
    assert "90 multiply-adds" in page.warning[0].value  # 3 ids × 10 rows × 3 features
