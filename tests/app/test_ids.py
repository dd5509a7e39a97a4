"""The page on legal ids: what it claims, and that nothing makes it fall."""

import pytest

from tests.app.conftest import texts
from tests.app.contract import Contract, answer, go_on

pytestmark = pytest.mark.usefixtures("unfolded")

_FIRST = (
    Contract(
        defaults={
            "ids": "0 3 9 10 -1 1.7",
            "vocab_size": 10,
        },
        frames=7,
        questions={
            "number_of_words": "no, id 10 raises an error",
            "bad_ids": "neither raises an error",
        },
        smallest=({"ids": "0", "vocab_size": "2"}, 2),
        proof="real Embedding",
        refused=({"ids": "1 2 drei"}, "is not a number"),
        examples=8,
        in_another_picture=frozenset({"4 bins", "1,000 bins"}),
    ),
)
CONTRACTS = (
    *_FIRST,
    # With the part on hashing unfolded.
    _FIRST[0]._replace(
        view={"hashing": "true"},
        defaults=_FIRST[0].defaults | {"num_bins": 8, "text": "I am Groot"},
        smallest=({"ids": "0", "vocab_size": "2", "num_bins": "1", "text": "a"}, 2),
    ),
)


def drawn(at):
    return at.get("plotly_chart")[0].proto.spec


def test_opens_with_its_contract_of_defaults(open_page):
    at = open_page("ids")
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    assert table["row"].tolist() == ["0", "3", "9", "none", "9", "1"]
    assert table["Keras's message"][3] == "indices[0,0] = 10 is not in [0, 10)."


@pytest.mark.parametrize("text", ["ten [x](y)", "1 2 drei", "0x1f"])
def test_what_is_no_number_gets_a_message_and_stays(open_page, text):
    at = open_page("ids", ids=text)
    assert not at.exception
    (message,) = at.error
    assert "is not a number" in message.value
    assert "[x](y)" not in message.value
    assert at.text_input(key="ids_ids").value == text
    assert "The picture is still of what was there before." in texts(at)


def test_nothing_typed_and_too_much_are_said(open_page):
    assert "Type some numbers" in open_page("ids", ids=" ").info[0].value
    at = open_page("ids", ids="1 " * 5_000, hashing="true", text="word " * 30)
    assert "12" in at.info[0].value
    assert "16" in at.info[1].value
    assert not at.exception


def test_questions_are_answered_and_shown(open_page):
    at = open_page("ids")
    answer(at, "ids", show=True)
    assert at.dataframe[0].value["row"].tolist() == [*"123456789", "none"]
    answer(go_on(at, "ids"), "ids", show=True)
    assert at.dataframe[0].value["row"].tolist() == ["9", "8", "1", "1", "0"]


def test_hashing_shares_rows_and_says_how_likely(open_page):
    at = open_page("ids", hashing="true")
    said = texts(at)
    # 1 − 7/8 · 6/8
    assert "**34.4%**" in said
    assert at.dataframe[1].value["bin"].tolist() == [4, 4, 7]
    at.number_input(key="ids_num_bins").set_value(1).run()
    assert "**100.0%**" in texts(at)
    at.text_input(key="ids_text").set_value("…").run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 1
