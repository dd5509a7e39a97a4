"""The page that has the three cells side by side."""

import json

import pytest

from seqviz.ui.examples import examples_of
from tests.app.conftest import choose, spec, texts
from tests.app.contract import SMALLEST, Contract
from tests.app.test_gradients import numbers

pytestmark = pytest.mark.usefixtures("unfolded")

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "units": 4,
            "timesteps": 20,
            "other_id": 10,
            "gate_bias": 4,
            "spectral_radius": "0.7",
            "activation": "tanh",
            "embedding_dim": 2,
            "vocab_size": 50,
            "seed": 0,
        },
        frames=21,
        questions={
            "forgets": "SimpleRNN",
            "gates_open": "shorter",
            "units_matter": "any number",
            "timesteps_matter": "as many as before",
        },
        shown_at_once=frozenset({"forgets"}),
        unveiled={
            "timesteps_matter": "one length does not say what another would change",
            "units_matter": "one number of units does not say which others there could be",
            "gates_open": "it opens with the gates opened",
        },
        smallest=(SMALLEST | {"timesteps": "1", "other_id": "1"}, 2),
        examples=11,
    ),
)

PAGE = "compare"
H = {cell: f"‖h - h'‖ {cell}" for cell in ("SimpleRNN", "GRU", "LSTM")}
WEIGHTS = ("`SimpleRNN(4)` has **28**", "`GRU(4)` has **96**", "`LSTM(4)` has **112**")


def test_opens_with_three_cells_on_one_axis(open_page):
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    figure = spec(at)
    assert len(figure["frames"]) == 21
    assert sum(trace["type"] == "heatmap" for trace in figure["data"]) == 4
    first, left = numbers(at).iloc[0], numbers(at).iloc[-1]
    # What the class is told: gates keep, a SimpleRNN forgets.
    assert left[H["SimpleRNN"]] < 0.01 * first[H["SimpleRNN"]]
    assert left[H["GRU"]] > 0.5 * first[H["GRU"]]
    assert left[H["LSTM"]] > first[H["LSTM"]]


def test_as_keras_builds_them_an_orthogonal_kernel_keeps_and_that_is_explained(open_page):
    at = choose(open_page(PAGE), PAGE, "as Keras builds them")
    left = numbers(at).iloc[-1]
    assert left[H["SimpleRNN"]] > left[H["LSTM"]] > left[H["GRU"]] > 0
    assert "Keras makes it orthogonal: by itself it changes no length" in texts(at)
    at = open_page(PAGE)
    assert "and every state checked: equal to Keras" in texts(at)
    assert 'differences["LSTM"]' in at.code[0].value


def test_what_is_nearly_forgotten_does_not_read_0_in_the_table(open_page):
    at = open_page(PAGE, gate_bias=0, spectral_radius="as built")
    assert 0 < numbers(at)[H["GRU"]].min() < 5e-5 < numbers(at)[H["LSTM"]].min()
    formats = json.loads(at.dataframe[0].proto.columns)
    assert formats[H["GRU"]]["type_config"]["format"] == "%.6g"
    assert formats[H["LSTM"]]["type_config"]["format"] == "%.4f"


def test_timesteps_never_change_the_number_of_weights(open_page):
    at = open_page(PAGE, weights="true")
    for timesteps in (1, 3, 100):
        at.select_slider(key=f"{PAGE}_timesteps").set_value(timesteps).run()
        assert not at.exception
        assert len(spec(at)["frames"]) == timesteps + 1
        assert all(weights in texts(at) for weights in WEIGHTS)
    at.select_slider(key=f"{PAGE}_units").set_value(1).run()
    assert "`LSTM(1)` has **16**" in texts(at)
    assert len(spec(at)["frames"]) == 101


def test_examples_are_what_they_are_named_after(open_page):
    at = open_page(PAGE)
    found = {label: numbers(choose(at, PAGE, label)) for label in examples_of(PAGE)}
    for cell in ("GRU", "LSTM"):
        ratio = {
            label: frame[H[cell]].iloc[-1] / frame[H[cell]].iloc[0]
            for label, frame in found.items()
        }
        assert ratio["gates opened"] > 0.5 > ratio["gates as built"]
    growing = found["linear, growing"][H["SimpleRNN"]]
    assert growing.iloc[-1] == pytest.approx(growing.iloc[0] * 1.25**19, rel=1e-3)
    down = found["recurrent kernel scaled down"][H["SimpleRNN"]]
    assert down.iloc[-1] < down.iloc[0] * 0.5**18


def test_the_other_word(open_page):
    at = open_page(PAGE, text="10 3 4")
    assert "there is no difference: choose another" in texts(at)
    assert (numbers(at)[list(H.values())] == 0).all(axis=None)
    at = open_page(PAGE, other_id="50")
    assert not at.exception
    assert "`vocab_size`" in at.error[0].value
    at.number_input(key=f"{PAGE}_other_id").set_value(49).run()
    assert spec(at)["frames"]
