"""Every page, run by Streamlit without a browser: what it shows, and that nothing makes it fall."""

from urllib.parse import quote

import pytest

from seqviz.ui.markdown import literal
from seqviz.ui.url_state import defaults
from tests.app.conftest import spec, texts

PAGES = ["home", "embedding", "recurrent"]
LESSONS = ["embedding", "recurrent"]

# A link leaves out what equals the default, so changing one changes the meaning of old links.
DEFAULTS = {
    "embedding": {
        "embedding_text": "I am Groot",
        "embedding_read_as": "auto",
        "embedding_vocab_size": 50,
        "embedding_embedding_dim": 2,
        "embedding_initializer": "uniform",
        "embedding_mask_zero": False,
        "embedding_seed": 0,
    },
    "recurrent": {
        "recurrent_text": "I am Groot",
        "recurrent_read_as": "auto",
        "recurrent_cell": "SimpleRNN",
        "recurrent_units": 4,
        "recurrent_return_sequences": False,
        "recurrent_return_state": False,
        "recurrent_go_backwards": False,
        "recurrent_embedding_dim": 2,
        "recurrent_vocab_size": 50,
        "recurrent_mask_zero": False,
        "recurrent_seed": 0,
    },
}


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_with_a_playable_picture(open_page, page):
    at = open_page(page)
    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    assert len(spec(at)["frames"]) >= 4
    assert len(at.get("plotly_chart")[0].proto.alt) > 60


@pytest.mark.parametrize("page", LESSONS)
def test_defaults_are_a_public_contract(open_page, page):
    at = open_page(page)
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS[page]


@pytest.mark.parametrize("page", LESSONS)
def test_examples_start_from_the_defaults(open_page, page):
    open_page(page)
    assert {f"{page}_{name}": value for name, value in defaults(page).items()} == DEFAULTS[page]


def test_the_articles_own_case(open_page):
    at = open_page("recurrent")
    assert "(:gray[**1**], :blue[**3**], :green[**2**])" in texts(at)
    assert "`SimpleRNN(4)` 28 weights → (:gray[**1**], :green[**4**])" in texts(at)
    first = at.dataframe[0].value.iloc[0]
    assert first[["h[0]", "h[1]", "h[2]", "h[3]"]].tolist() == [0, 0, 0, 0]
    assert at.dataframe[0].value["token"].tolist() == ["", "I", "am", "Groot"]

    at.toggle(key="recurrent_return_sequences").set_value(True).run()
    assert "(:gray[**1**], :blue[**3**], :green[**4**])" in texts(at)
    assert at.dataframe[0].value["returned"].tolist() == [False, True, True, True]


@pytest.mark.parametrize("page", LESSONS)
def test_picture_is_proved_equal_to_keras(open_page, page):
    assert "equal to Keras" in texts(open_page(page))


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("embedding", {"step": "1"}),
        ("recurrent", {"step": "1"}),
        ("home", {"step": "1"}),
    ],
)
def test_picture_opens_at_the_step_in_the_url(open_page, page, parameters):
    figure = spec(open_page(page, **parameters))
    moving = figure["frames"][1]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moving, strict=True):
        assert {key: shape[key] for key in move} == move


@pytest.mark.parametrize("page", LESSONS)
def test_picture_stays_the_same_in_an_unrelated_rerun(open_page, page):
    # Any change of the spec would mount it anew, and lose the step that was reached.
    at = open_page(page)
    before = at.get("plotly_chart")[0].proto.spec
    at.query_params[f"{page}_step"] = "1"  # what the player does while it plays
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert at.get("plotly_chart")[0].proto.spec == before
    # … while a new picture opens at the step that was reached.
    at.number_input(key=f"{page}_seed").set_value(7).run()
    figure = spec(at)
    move = figure["frames"][1]["layout"]["shapes"][0]
    assert {key: figure["layout"]["shapes"][0][key] for key in move} == move


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
    assert not at.get("plotly_chart")


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


HOSTILE = [
    "",
    "-1",
    "0",
    "999999999999",
    "1e400",
    "nan",
    "abc",
    "<script>",
    "true",
    "\x00",
    "ل" * 500,
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("page", LESSONS)
def test_hostile_urls_never_break_a_page(open_page, page, value):
    keys = [key.removeprefix(f"{page}_") for key in DEFAULTS[page]] + ["step", "no_such_key"]
    at = open_page(page, **dict.fromkeys(keys, value))
    assert not at.exception
    # Everything out of range fell back to its default, so only the text can be at fault.
    at.text_input(key=f"{page}_text").set_value("I am Groot").run()
    at.selectbox(key=f"{page}_read_as").set_value("auto").run()
    assert not at.exception
    assert spec(at)["frames"]


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_largest_setting_is_drawn_as_heatmaps(open_page, cell):
    at = open_page(
        "recurrent",
        text=" ".join(f"w{i}" for i in range(200)),
        cell=cell,
        units="128",
        embedding_dim="128",
        vocab_size="10000",
        return_sequences="true",
        return_state="true",
    )
    assert not at.exception
    assert f"`{cell}(128)`" in texts(at)
    assert len(at.get("plotly_chart")[0].proto.spec) < 600_000


@pytest.mark.parametrize("page", LESSONS)
def test_smallest_setting(open_page, page):
    at = open_page(
        page,
        text="0",
        units="1",
        vocab_size="2",
        embedding_dim="1",
    )
    assert not at.exception
    assert len(spec(at)["frames"]) == 2


def test_masked_steps_are_said_to_be_passed_over(open_page):
    at = open_page("recurrent", text="2 3 0 0", mask_zero="true")
    frame = at.dataframe[0].value
    assert frame["skipped"].tolist() == [False, False, False, True, True]
    states = frame[[c for c in frame.columns if c.startswith("h[")]]
    assert (states.iloc[4] == states.iloc[2]).all()


def test_go_backwards_reads_from_the_end(open_page):
    at = open_page("recurrent", go_backwards="true")
    assert at.dataframe[0].value["token"].tolist() == ["", "Groot", "am", "I"]


@pytest.mark.parametrize("page", LESSONS)
def test_a_question_is_answered_and_shown(open_page, page):
    at = open_page(page)
    assert not at.success
    for question in at.radio:
        at.radio(key=question.key).set_value(question.options[0]).run()
    assert len(at.success) + len(at.warning) == 2
    before = at.get("plotly_chart")[0].proto.spec
    for button in [b for b in at.button if b.key.endswith("_show")]:
        at.button(key=button.key).click().run()
        assert not at.exception
        after = at.get("plotly_chart")[0].proto.spec
        assert after != before
        before = after


@pytest.mark.parametrize("page", LESSONS)
def test_what_is_typed_is_never_markup_in_a_message(open_page, page):
    at = open_page(page, text="[x](http://e.invalid) ![y](z) :material/home: $a$", read_as="ids")
    (message,) = at.error
    assert literal("[x](http://e.invalid)") in message.value
    assert r"\!\[y\]" in message.value


def test_coming_back_to_a_page_opens_it_as_its_address_says(open_page):
    at = open_page("recurrent", step="1")
    at.switch_page("pages/embedding.py").run()
    del at.query_params["recurrent_step"]
    at.switch_page("pages/recurrent.py").run()
    last = spec(at)["frames"][-1]["layout"]["shapes"][0]
    assert {key: spec(at)["layout"]["shapes"][0][key] for key in last} == last


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
