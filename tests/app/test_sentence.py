"""What is typed as a sentence: read, cut, refused and never lost."""

from urllib.parse import quote

import pytest

from seqviz.ui.markdown import literal
from tests.app.conftest import spec, texts

pytestmark = pytest.mark.usefixtures("unfolded")

LESSONS = ["embedding", "recurrent"]


@pytest.mark.parametrize("page", LESSONS)
def test_changing_the_sentence_never_changes_the_weights(open_page, page):
    first = open_page(page, text="Groot is").dataframe[0].value
    second = open_page(page, text="Groot sleeps").dataframe[0].value
    numbers = [c for c in first.columns if c.startswith(("output[", "x["))]
    row = first.index[first["token"] == "Groot"][0]
    assert first.loc[row, numbers].tolist() == second.loc[row, numbers].tolist()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I am Groot", ["I", "am", "Groot"]),
        ("আমি গ্রুট", ["আমি", "গ্রুট"]),
        ("私はグルートです", ["私", "は", "グルート", "です"]),
        ("أنا جروت", ["أنا", "جروت"]),
        ("👩‍👩‍👧 ok", ["👩‍👩‍👧", "ok"]),
        ("3 7 7 0", ["id 3", "id 7", "id 7", "[PAD]"]),
        ("<b>x</b> %{y} #000001", ["<", "b", ">", "x", "<", "b", ">", "y", "000001"]),
    ],
)
@pytest.mark.parametrize("page", LESSONS)
def test_sentences_of_the_world(open_page, page, text, tokens):
    at = open_page(page, text=text)
    assert not at.exception
    assert not at.error
    assert [t for t in at.dataframe[0].value["token"] if t] == tokens


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"text": "2 50"}, "50"),
        ({"text": "-1 2"}, "-1"),
        ({"text": "99999999999999999999"}, "99999"),
        ({"text": "no numbers", "read_as": "ids"}, "ids"),
    ],
)
@pytest.mark.parametrize("page", LESSONS)
def test_bad_ids_get_a_message_and_keep_the_text(open_page, page, parameters, said):
    at = open_page(page, **parameters)
    assert not at.exception
    assert len(at.error) == 1
    assert said in at.error[0].value
    assert at.text_input(key=f"{page}_text").value == parameters["text"]


def is_grey(at, page):
    greyed = any(
        f".st-key-{page}_chart {{ filter: grayscale(1)" in h.proto.body for h in at.get("html")
    )
    assert greyed == ("The picture is still of what was there before." in texts(at))
    return greyed


@pytest.mark.parametrize("typed", ["2 99999", "-1", "…", ""])
@pytest.mark.parametrize("page", LESSONS)
def test_what_cannot_be_read_keeps_the_picture_before_it_greyed(open_page, page, typed):
    at = open_page(page, text="we go on", ask="none")
    before = at.get("plotly_chart")[0].proto.spec
    assert not is_grey(at, page)
    at.text_input(key=f"{page}_text").set_value(typed).run()
    assert len(at.error) + len(at.info) == 1
    assert is_grey(at, page)
    assert at.get("plotly_chart")[0].proto.spec == before  # so it is not even drawn again
    assert at.text_input(key=f"{page}_text").value == typed
    at.text_input(key=f"{page}_text").set_value("they stay").run()
    assert not is_grey(at, page)
    assert at.get("plotly_chart")[0].proto.spec != before


def test_what_a_smaller_table_cannot_hold_is_not_kept(open_page):
    at = open_page("embedding", text="7 8 9", vocab_size="10")
    at.text_input(key="embedding_text").set_value("99")
    at.number_input(key="embedding_vocab_size").set_value(5).run()
    assert not at.exception
    assert is_grey(at, "embedding")
    assert at.dataframe[0].value["token"].tolist() == ["I", "am", "Groot"]


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\u200b", "\u202e"])
@pytest.mark.parametrize("page", LESSONS)
def test_nothing_to_read_is_said_kindly(open_page, page, text):
    at = open_page(page)
    at.text_input(key=f"{page}_text").set_value(text).run()
    assert not at.exception
    assert not at.error
    assert len(at.info) == 1


@pytest.mark.parametrize("page", LESSONS)
def test_a_book_is_cut_with_a_notice(open_page, page):
    at = open_page(page, text="word " * 20_000, vocab_size="10000")
    assert not at.exception
    assert "200" in at.info[0].value
    assert len(spec(at)["frames"]) == 201


@pytest.mark.parametrize("page", LESSONS)
def test_what_is_typed_is_never_markup_in_a_message(open_page, page):
    at = open_page(page, text="[x](http://e.invalid) ![y](z) :material/home: $a$", read_as="ids")
    (message,) = at.error
    assert literal("[x](http://e.invalid)") in message.value
    assert r"\!\[y\]" in message.value


def test_a_text_that_no_address_could_hold_is_cut_and_that_is_said(open_page):
    at = open_page("embedding")
    for typed, most in (
        ("word " * 14_000, 20_000),
        ("আমি " * 9_000, 3_000),
        ("I am Groot " * 99, None),
    ):
        at.text_input(key="embedding_text").set_value(typed).run()
        assert not at.exception
        kept = at.text_input(key="embedding_text").value
        assert typed.startswith(kept)
        assert len(quote(kept)) <= 20_000
        if most is None:
            assert kept == typed
            assert not any("address" in info.value for info in at.info)
        else:
            assert len(kept) > most / 2
            assert f"Only the first {len(kept):,} characters are kept" in at.info[0].value


@pytest.mark.parametrize("page", ["embedding", "gather", "layer"])
def test_rows_that_are_not_drawn_are_said_to_be_left_out(open_page, page):
    at = open_page(page, vocab_size="1000", text=" ".join(f"w{i}" for i in range(60)))
    assert not at.exception
    assert "leaves out 938 that no id reads" in texts(at)  # but rows 0, 2 to 61, and 999
    # A fold in the picture says so.
    assert "leaves out" not in texts(open_page(page, vocab_size="1000"))
