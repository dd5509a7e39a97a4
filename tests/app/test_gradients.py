"""The page on what flows back."""

import pytest

from seqviz.ui.examples import examples_of
from tests.app.conftest import choose, spec, texts
from tests.app.contract import SMALLEST, Contract, answer, go_on

pytestmark = pytest.mark.usefixtures("unfolded")

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "cell": "SimpleRNN",
            "units": 4,
            "activation": "tanh",
            "spectral_radius": "0.7",
            "gate_bias": 0,
            "timesteps": 20,
            "output_timestep": 0,
            "output": "unit",
            "unit": 0,
            "embedding_dim": 2,
            "vocab_size": 50,
            "seed": 0,
        },
        frames=21,
        questions={
            "far": "less than a thousandth",
            "explodes": "it explodes",
            "gated": "about as much as on the last c",
            "future": "exactly 0",
        },
        shown_at_once=frozenset({"far"}),
        unveiled={
            "explodes": "it opens with a radius of 0.7",
            "gated": "it opens with a SimpleRNN, which has no gates",
        },
        smallest=(SMALLEST | {"timesteps": "1"}, 2),
        proof="TensorFlow's tape",
        examples=11,
    ),
)

PAGE = "gradients"
H, X, C = "‖∂L/∂h‖", "‖∂L/∂x‖", "‖∂L/∂c‖"


def numbers(at):
    return at.dataframe[0].value


def test_opens_with_a_gradient_that_vanishes(open_page):
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert len(spec(at)["frames"]) == 21
    sizes = numbers(at)[H]
    assert sizes.iloc[-1] == 1  # of one unit of itself
    # An orthogonal kernel scaled to 0.7 takes at least that share of it at every step.
    assert sizes.iloc[0] <= 0.7**20 * 1.000001
    assert "spectral radius" not in texts(at)  # which a beginner need not know
    assert "largest |eigenvalue|, is 0.70" in texts(open_page(PAGE, why="true"))
    assert "back through `SimpleRNN(4)`, 28 weights → ∂L/∂h₁₉" in texts(at)
    assert "tape.gradient(loss" in at.code[0].value


def test_says_what_a_cross_is_where_there_is_one(open_page):
    cross = "A cross stands for exactly 0"
    assert cross not in texts(open_page(PAGE))
    assert cross in texts(open_page(PAGE, output_timestep=5))  # nothing flows to what comes later


def test_of_the_sum_of_four_units(open_page):
    def found(column=H, **more):
        return numbers(open_page(PAGE, output="sum", **more))[column]

    assert found().iloc[-1] == 2
    assert found().iloc[0] <= 2 * 0.7**20 * 1.000001
    assert 1 < found(spectral_radius="as built").iloc[0] < 2
    exploding = found(spectral_radius="1.5", activation="linear")
    assert exploding.iloc[0] == pytest.approx(2 * 1.5**20, rel=1e-3)
    assert found(C, cell="LSTM", gate_bias=4).iloc[0] > 1
    assert found(cell="GRU", gate_bias=4).iloc[0] > 1


def test_examples_are_what_they_are_named_after(open_page):
    at = open_page(PAGE)
    found = {label: numbers(choose(at, PAGE, label)) for label in examples_of(PAGE)}
    assert found["exploding"][H].iloc[0] > 1000
    assert 0.5 < found["as Keras builds it"][H].iloc[0] < 1
    assert found["LSTM"][C].iloc[0] < 0.01
    for label, kept in (("LSTM, forget gate open", C), ("GRU, update gate open", H)):
        assert found[label][kept].iloc[0] > 0.5 * found[label][kept].iloc[-1]
    assert (found["relu, exact zeros"][H].iloc[:-1] == 0).all()
    assert len(found["I am Groot, 3 timesteps"]) == 4


def test_questions_are_answered_and_shown(open_page):
    at = open_page(PAGE)
    answer(at, PAGE, show=True)
    sizes = numbers(at)[H]
    assert 0 < sizes.iloc[0] < 0.001 * sizes.iloc[-1]
    answer(go_on(at, PAGE), PAGE, show=True)
    sizes = numbers(at)[H]
    assert sizes.iloc[0] == pytest.approx(1.5**20, rel=1e-3)
    answer(go_on(at, PAGE), PAGE, show=True)
    sizes = numbers(at)[C]
    assert 0.5 < sizes.iloc[0] / sizes.iloc[-1] < 2
    answer(go_on(at, PAGE), PAGE, show=True)
    frame = numbers(at)
    assert (frame[[H, C, X]].iloc[6:] == 0).all(axis=None)
    assert (frame[H].iloc[:6] > 0).all()


def test_a_unit_that_is_not_there_is_said(open_page):
    at = open_page(PAGE, output="unit", unit="9")
    assert "There is no unit 9" in texts(at)
    assert numbers(at)["∂L/∂h[3]"].iloc[-1] == 1
