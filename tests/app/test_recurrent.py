"""The page on the recurrent layer, unrolled."""

import pytest

from tests.app.conftest import spec, texts
from tests.app.contract import SMALLEST, Contract, answer

pytestmark = pytest.mark.usefixtures("unfolded")

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "cell": "SimpleRNN",
            "units": 4,
            "return_sequences": False,
            "return_state": False,
            "go_backwards": False,
            "embedding_dim": 2,
            "vocab_size": 50,
            "mask_zero": False,
            "seed": 0,
        },
        frames=4,
        questions={
            "what_is_read": "the last word's vector, and what it kept of the words before",
            "output_shape": "(1, 3, 4)",
            "more_words": "how often the block is used",
        },
        shown_at_once=frozenset({"what_is_read"}),
        unveiled={
            "output_shape": "it opens with return_sequences=False",
        },
        smallest=(SMALLEST, 2),
        examples=9,
        has_model=True,
    ),
)


def test_where_the_picture_shows_the_answer_already_nothing_is_offered_to_show_it(open_page):
    for name, offered in (("what_is_read", False), ("more_words", True)):
        at = open_page("recurrent", ask=name)
        answer(at, "recurrent")
        assert (f"recurrent_{name}_show" in [button.key for button in at.button]) == offered


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


def test_masked_steps_are_said_to_be_passed_over(open_page):
    at = open_page("recurrent", text="2 3 0 0", mask_zero="true")
    frame = at.dataframe[0].value
    assert frame["skipped"].tolist() == [False, False, False, True, True]
    states = frame[[c for c in frame.columns if c.startswith("h[")]]
    assert (states.iloc[4] == states.iloc[2]).all()


def test_go_backwards_reads_from_the_end(open_page):
    at = open_page("recurrent", go_backwards="true")
    assert at.dataframe[0].value["token"].tolist() == ["", "Groot", "am", "I"]


def test_coming_back_to_a_page_opens_it_as_its_address_says(open_page):
    at = open_page("recurrent", step="1")
    at.switch_page("pages/embedding.py").run()
    del at.query_params["recurrent_step"]
    at.switch_page("pages/recurrent.py").run()
    last = spec(at)["frames"][-1]["layout"]["shapes"][0]
    assert {key: spec(at)["layout"]["shapes"][0][key] for key in last} == last


def test_the_same_sentence_layer_and_seed_give_the_same_numbers_on_every_page(open_page):
    def last(page, column="h[0]", **setting):
        return open_page(page, **setting).dataframe[0].value[column].iloc[-1]

    here = last("recurrent")
    assert last("outputs") == here
    assert last("stacks", "simple_rnn_1 h[0]") == here
    assert last("state", "stateful=True: h[0]") == pytest.approx(here, rel=1e-5)
