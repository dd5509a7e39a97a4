"""The page on what flows back."""

import pytest

from seqviz.ui.examples import examples_of
from seqviz.ui.url_state import defaults
from tests.app.conftest import choose, spec, texts
from tests.app.test_pages import HOSTILE

PAGE = "gradients"
# A link leaves out what equals the default, so changing one changes the meaning of old links.
DEFAULTS = {
    "gradients_text": "I am Groot",
    "gradients_read_as": "auto",
    "gradients_cell": "SimpleRNN",
    "gradients_units": 4,
    "gradients_activation": "tanh",
    "gradients_spectral_radius": "0.7",
    "gradients_gate_bias": 0,
    "gradients_timesteps": 20,
    "gradients_output_timestep": 0,
    "gradients_output": "sum",
    "gradients_unit": 0,
    "gradients_embedding_dim": 2,
    "gradients_vocab_size": 50,
    "gradients_seed": 0,
}
H, X, C = "‖∂L/∂h‖", "‖∂L/∂x‖", "‖∂L/∂c‖"


def widgets(at):
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    return {widget.key: widget.value for kind in kinds for widget in kind}


def numbers(at):
    return at.dataframe[0].value


def test_opens_with_a_gradient_that_vanishes(open_page):
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert widgets(at) == DEFAULTS
    assert {f"{PAGE}_{name}": value for name, value in defaults(PAGE).items()} == DEFAULTS
    assert len(spec(at)["frames"]) == 21
    assert len(at.get("plotly_chart")[0].proto.alt) > 60
    sizes = numbers(at)[H]
    assert sizes.iloc[-1] == 2  # the sum of four units
    # An orthogonal kernel scaled to 0.7 takes at least that share of it at every step.
    assert sizes.iloc[0] <= 2 * 0.7**20 * 1.000001
    assert "TensorFlow's tape" in texts(at)
    assert "Spectral radius of the recurrent kernel: 0.70" in texts(at)
    assert "`SimpleRNN(4)` 28 weights" in texts(at)
    assert "tape.gradient(loss, hidden)" in at.code[0].value
    assert len(at.get("plotly_chart")[0].proto.spec) < 150_000


def test_examples_are_what_they_are_named_after(open_page):
    at = open_page(PAGE)
    found = {label: numbers(choose(at, PAGE, label)) for label in examples_of(PAGE)}
    assert found["exploding"][H].iloc[0] > 1000
    assert 1 < found["as Keras builds it"][H].iloc[0] < 2
    assert found["LSTM"][C].iloc[0] < 0.01
    assert found["LSTM, forget gate open"][C].iloc[0] > 1
    assert found["GRU, update gate open"][H].iloc[0] > 1
    assert (found["relu, exact zeros"][H].iloc[:-1] == 0).all()
    assert len(found["I am Groot, 3 timesteps"]) == 4


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_largest_setting(open_page, cell):
    at = open_page(
        PAGE, cell=cell, units="128", embedding_dim="128", timesteps="50", output="norm",
        vocab_size="10000", text=" ".join(f"w{i}" for i in range(60)), spectral_radius="2",
    )  # fmt: skip
    assert not at.exception
    assert len(spec(at)["frames"]) == 51
    assert len(at.get("plotly_chart")[0].proto.spec) < 600_000
    assert "Only the first 50 of 60 tokens" in texts(at)


def test_smallest_setting(open_page):
    at = open_page(PAGE, text="0", units="1", vocab_size="2", embedding_dim="1", timesteps="1")
    assert not at.exception
    assert len(spec(at)["frames"]) == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_urls_never_break_it(open_page, value):
    keys = [key.removeprefix(f"{PAGE}_") for key in DEFAULTS]
    at = open_page(PAGE, **dict.fromkeys([*keys, "step", "no_such_key"], value))
    assert not at.exception
    at.text_input(key=f"{PAGE}_text").set_value("I am Groot").run()
    at.selectbox(key=f"{PAGE}_read_as").set_value("auto").run()
    assert not at.exception
    assert spec(at)["frames"]


def test_questions_are_answered_and_shown(open_page):
    at = open_page(PAGE)
    for question in at.radio:
        at.radio(key=question.key).set_value(question.options[0]).run()
    assert len(at.success) + len(at.warning) == 3

    at.button(key=f"{PAGE}_explodes_show").click().run()
    sizes = numbers(at)[H]
    assert sizes.iloc[0] == pytest.approx(2 * 1.5**20, rel=1e-3)
    at.button(key=f"{PAGE}_gated_show").click().run()
    sizes = numbers(at)[C]
    assert 0.5 < sizes.iloc[0] / sizes.iloc[-1] < 2
    at.button(key=f"{PAGE}_future_show").click().run()
    frame = numbers(at)
    assert (frame[[H, C, X]].iloc[6:] == 0).all(axis=None)
    assert (frame[H].iloc[:6] > 0).all()


def test_picture_opens_at_the_step_in_the_url_and_stays(open_page):
    at = open_page(PAGE, step="3")
    figure = spec(at)
    move = figure["frames"][3]["layout"]["shapes"][0]
    assert {key: figure["layout"]["shapes"][0][key] for key in move} == move
    assert move["x1"] == 20 - 3 - 0.5  # veiled before h_17
    before = at.get("plotly_chart")[0].proto.spec
    at.query_params[f"{PAGE}_step"] = "1"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert at.get("plotly_chart")[0].proto.spec == before


def test_a_unit_that_is_not_there_is_said(open_page):
    at = open_page(PAGE, output="unit", unit="9")
    assert "There is no unit 9" in texts(at)
    assert numbers(at)["∂L/∂h[3]"].iloc[-1] == 1


def test_bad_ids_get_a_message_and_keep_the_text(open_page):
    at = open_page(PAGE, text="2 50")
    assert not at.exception
    assert len(at.error) == 1
    assert at.text_input(key=f"{PAGE}_text").value == "2 50"
