"""The page "What comes out": what it shows, says and survives."""

import pytest

from tests.app.conftest import choose, spec, texts
from tests.app.contract import SMALLEST, Contract

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
            "head": "none",
            "classes": 4,
            "embedding_dim": 2,
            "vocab_size": 50,
            "seed": 0,
        },
        frames=4,
        questions={
            "which_state": "the last of the states",
            "which_states": "the output and the last h",
            "distributed": "not at all",
        },
        unveiled={
            "distributed": "it opens without a layer on top",
        },
        shown_at_once=frozenset({"which_state"}),
        smallest=(SMALLEST | {"head": "Dense"}, 3),
        examples=7,
        has_model=True,
    ),
)


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def words(at):
    return [
        w for t in spec(at)["data"] if t["type"] == "scatter" and "text" in t for w in t["text"]
    ]


def test_all_four_settings_are_listed_as_keras_returns_them(open_page):
    at = open_page("outputs", cell="LSTM", return_state="true", settings="true")
    said = texts(at)
    assert "`seq, h_T, c_T = LSTM(4, return_sequences=True, return_state=True)(x)`" in said
    assert "`output = LSTM(4)(x)`" in said
    (now,) = [line for line in said.splitlines() if "**now**" in line]
    assert now.startswith("- `output, h_T, c_T = LSTM(4, return_state=True)(x)` gives output")
    assert "`seq[:, -1]` − `output`: largest difference 0." in said
    assert "`h_T` − `output`: largest difference 0." in said
    # In a Sequential: Keras's own error.
    assert "but it received 3 input tensors" in at.code[0].value
    assert "equal to Keras" in said


def test_each_word_is_tagged_in_one_click(open_page):
    at = open_page("outputs", settings="true")
    choose(at, "outputs", "tag each word")
    assert "`TimeDistributed` → (:gray[**1**], :blue[**3**], :green[**4**])" in texts(at)
    assert [words(at).count(f"class {k}") for k in range(4)] == [3, 3, 3, 3]
    assert "calls the same layer, with the same weights, once for each timestep" in texts(at)
    assert "Nothing is trained yet, so every class is about as probable as the next." in texts(at)
    assert "`TimeDistributed(Dense(4))` − `Dense(4)` on `seq`, same weights" in texts(at)
    classes = at.dataframe[0].value[[f"class[{k}]" for k in range(4)]]
    assert classes.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    # Plain Dense: the same numbers.
    choose(at, "outputs", "… with plain Dense")
    again = at.dataframe[0].value[[f"class[{k}]" for k in range(4)]]
    assert again.to_numpy() == pytest.approx(classes.to_numpy(), abs=1e-6)


def test_a_sentence_is_judged_in_one_click(open_page):
    at = open_page("outputs")
    choose(at, "outputs", "judge the sentence")
    assert "`output` (:gray[**1**], :green[**4**])" in texts(at)
    assert "`Dense` → (:gray[**1**], :green[**1**])" in texts(at)
    assert 'activation="sigmoid"' in at.code[-1].value
    assert len(spec(at)["frames"]) == 5


def test_time_distributed_without_a_sequence_gets_keras_own_words_and_a_way_out(open_page):
    at = open_page("outputs", head="TimeDistributed(Dense)")
    assert not at.exception
    assert "at least 3 dimensions" in at.error[0].value
    assert spec(at)["frames"]
    at.button(key="outputs_mend").click().run()
    assert not at.error
    assert at.toggle(key="outputs_return_sequences").value
    assert "TimeDistributed" in texts(at)
