"""The page about gradient steps."""

import numpy as np
import pytest

from tests.app.conftest import texts
from tests.app.contract import SMALLEST, Contract, answer, go_on

pytestmark = pytest.mark.usefixtures("unfolded")

_FIRST = (
    Contract(
        defaults={
            "text": "I am Groot",
            "batch_b": "you are Rocket",
            "read_as": "auto",
            "optimizer": "SGD",
            "learning_rate": 0.1,
            "trainable": True,
            "steps_on_A": 1,
            "steps_on_B": 2,
            "embedding_dim": 2,
            "vocab_size": 50,
            "seed": 0,
        },
        frames=4,
        questions={
            "looked_up": "only the three that were read",
            "absent": "they move on",
            "repeated": "their sum",
        },
        unveiled={
            "absent": "it opens with SGD, which leaves absent rows where they are",
        },
        smallest=(SMALLEST | {"batch_b": "0", "steps_on_A": "1", "steps_on_B": "0"}, 2),
        proof="read from a real Keras",
        examples=7,
    ),
)
CONTRACTS = (
    *_FIRST,
    # With the gradient unfolded, which asks of which step.
    _FIRST[0]._replace(
        view={"gradient": "true"},
        defaults=_FIRST[0].defaults | {"gradient_of_step": 1},
        proof="tf.IndexedSlices",
    ),
)

PAGE = "learning"


def picture(at, number=0):
    return at.get("plotly_chart")[number].proto.spec


def moved(at):
    """By step, the ids that moved, of the rows drawn."""
    frame = at.dataframe[0].value
    return [set(f.loc[f["moved"], "id"]) for _, f in frame.groupby("step")]


@pytest.mark.parametrize(
    ("optimizer", "later"),
    [("SGD", {5, 6, 7}), ("RMSprop", {5, 6, 7}), ("Adam", {2, 3, 4, 5, 6, 7})],
)
def test_who_moves(open_page, optimizer, later):
    at = open_page(PAGE, optimizer=optimizer)
    assert moved(at) == [{2, 3, 4}, later, later]
    frame = at.dataframe[0].value
    assert not frame.loc[~frame["moved"], "change[0]"].any()


def test_frozen_moves_nothing(open_page):
    at = open_page(PAGE, optimizer="Adam", trainable="false", gradient="true")
    assert moved(at) == [set()] * 3
    assert "does not compute this gradient" in texts(at)


def test_a_word_of_both_batches_has_one_row(open_page):
    at = open_page(PAGE, batch_b="groot is Groot", gradient="true", gradient_of_step="2")
    assert moved(at)[:2] == [{2, 3, 4}, {4, 5}]


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"text": "2 50"}, "Id 50"),
        ({"text": "2 3", "batch_b": "99"}, "Id 99"),
        ({"text": "words", "read_as": "ids"}, "not a list of ids"),
    ],
)
def test_bad_ids_get_a_message_and_keep_the_text(open_page, parameters, says):
    at = open_page(PAGE, **parameters)
    assert not at.exception
    assert says in at.error[0].value
    assert at.text_input(key=f"{PAGE}_text").value == parameters["text"]


def test_nothing_to_read_and_too_much_to_read_are_said(open_page):
    at = open_page(PAGE)
    at.text_input(key=f"{PAGE}_batch_b").set_value("…").run()
    assert not at.exception
    assert "batch B" in at.info[0].value
    at.text_input(key=f"{PAGE}_batch_b").set_value("word " * 500).run()
    assert not at.exception
    assert "Only the first 12 of 500 words" in at.info[0].value


def test_words_that_are_not_used_take_no_id_from_the_other_batch(open_page):
    at = open_page(PAGE, text=" ".join(f"a{i}" for i in range(60)))
    assert not at.exception
    assert "first 12 of 60" in at.info[0].value
    frame = at.dataframe[0].value
    assert {"you", "are", "Rocket"} <= set(frame["token"])
    # With too few rows all words that have none share one, which is none of theirs.
    at.number_input(key=f"{PAGE}_vocab_size").set_value(6.0).run()
    frame = at.dataframe[0].value
    assert set(frame.loc[frame["id"] == 1, "token"]) == {"[UNK]"}


def test_questions_are_answered_and_shown(open_page):
    at = open_page(PAGE)
    answer(at, PAGE, show=True)
    assert moved(at) == [{2, 3, 4}]
    before = picture(at)
    answer(go_on(at, PAGE), PAGE, show=True)
    assert at.selectbox(key=f"{PAGE}_optimizer").value == "Adam"
    assert picture(at) != before
    answer(go_on(at, PAGE), PAGE, show=True)
    frame = at.dataframe[0].value
    frame = frame[frame["step"] == 1].set_index("token")
    np.testing.assert_allclose(
        frame.loc["Groot", "gradient[0]"], 2 * frame.loc["am", "gradient[0]"], rtol=1e-5
    )
