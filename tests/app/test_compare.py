"""The page that has the three cells side by side."""

import json

import pytest

from seqviz.ui.examples import examples_of
from seqviz.ui.url_state import defaults
from tests.app.conftest import choose, spec, texts
from tests.app.test_gradients import numbers, widgets
from tests.app.test_pages import HOSTILE

PAGE = "compare"
# A link leaves out what equals the default, so changing one changes the meaning of old links.
DEFAULTS = {
    "compare_text": "I am Groot",
    "compare_read_as": "auto",
    "compare_units": 4,
    "compare_timesteps": 20,
    "compare_other_id": 10,
    "compare_gate_bias": 0,
    "compare_spectral_radius": "as built",
    "compare_activation": "tanh",
    "compare_embedding_dim": 2,
    "compare_vocab_size": 50,
    "compare_seed": 0,
}
H = {cell: f"‖h - h'‖ {cell}" for cell in ("SimpleRNN", "GRU", "LSTM")}
WEIGHTS = ("`SimpleRNN(4)` has **28**", "`GRU(4)` has **96**", "`LSTM(4)` has **112**")


def test_opens_with_three_cells_on_one_axis(open_page):
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert widgets(at) == DEFAULTS
    assert {f"{PAGE}_{name}": value for name, value in defaults(PAGE).items()} == DEFAULTS
    figure = spec(at)
    assert len(figure["frames"]) == 21
    assert sum(trace["type"] == "heatmap" for trace in figure["data"]) == 4
    assert len(at.get("plotly_chart")[0].proto.alt) > 60
    left = numbers(at).iloc[-1]
    # As Keras builds them: an orthogonal kernel keeps, half open gates forget.
    assert left[H["SimpleRNN"]] > left[H["LSTM"]] > left[H["GRU"]] > 0
    assert "each state made anew of the one before it: equal to Keras" in texts(at)
    assert 'differences["LSTM"]' in at.code[0].value
    assert len(at.get("plotly_chart")[0].proto.spec) < 150_000


def test_what_is_nearly_forgotten_does_not_read_0_in_the_table(open_page):
    at = open_page(PAGE)
    assert 0 < numbers(at)[H["GRU"]].min() < 5e-5 < numbers(at)[H["LSTM"]].min()
    formats = json.loads(at.dataframe[0].proto.columns)
    assert formats[H["GRU"]]["type_config"]["format"] == "%.6g"
    assert formats[H["LSTM"]]["type_config"]["format"] == "%.4f"


def test_timesteps_never_change_the_number_of_weights(open_page):
    at = open_page(PAGE)
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
        assert ratio["gates opened"] > 0.5 > ratio["as Keras builds them"]
    growing = found["linear, growing"][H["SimpleRNN"]]
    assert growing.iloc[-1] == pytest.approx(growing.iloc[0] * 1.25**19, rel=1e-3)
    down = found["recurrent kernel scaled down"][H["SimpleRNN"]]
    assert down.iloc[-1] < down.iloc[0] * 0.5**18


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_urls_never_break_it(open_page, value):
    keys = [key.removeprefix(f"{PAGE}_") for key in DEFAULTS]
    at = open_page(PAGE, **dict.fromkeys([*keys, "step", "no_such_key"], value))
    assert not at.exception
    at.text_input(key=f"{PAGE}_text").set_value("I am Groot").run()
    at.selectbox(key=f"{PAGE}_read_as").set_value("auto").run()
    assert not at.exception
    assert spec(at)["frames"]


def test_largest_setting(open_page):
    at = open_page(
        PAGE, units="128", embedding_dim="128", timesteps="100", vocab_size="10000",
        spectral_radius="2", activation="linear", gate_bias="6",
    )  # fmt: skip
    assert not at.exception
    assert len(spec(at)["frames"]) == 101
    assert len(at.get("plotly_chart")[0].proto.spec) < 600_000


def test_questions_are_answered_and_shown(open_page):
    at = open_page(PAGE)
    for question in at.radio:
        at.radio(key=question.key).set_value(question.options[0]).run()
    assert len(at.warning) == 3
    before = at.get("plotly_chart")[0].proto.spec
    for name in ("timesteps_matter", "units_matter", "gates_open"):
        at.button(key=f"{PAGE}_{name}_show").click().run()
        assert not at.exception
        after = at.get("plotly_chart")[0].proto.spec
        assert after != before
        before = after
    assert len(spec(at)["frames"]) == 101
    assert "`LSTM(1)`" in texts(at)


def test_picture_opens_at_the_step_in_the_url_and_stays(open_page):
    at = open_page(PAGE, step="3")
    figure = spec(at)
    move = figure["frames"][3]["layout"]["shapes"][0]
    assert {key: figure["layout"]["shapes"][0][key] for key in move} == move
    before = at.get("plotly_chart")[0].proto.spec
    at.query_params[f"{PAGE}_step"] = "1"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert at.get("plotly_chart")[0].proto.spec == before


def test_the_other_word(open_page):
    at = open_page(PAGE, text="10 3 4")
    assert "Both ids are the same" in texts(at)
    assert (numbers(at)[list(H.values())] == 0).all(axis=None)
    at = open_page(PAGE, other_id="50")
    assert not at.exception
    assert "`vocab_size`" in at.error[0].value
    at.number_input(key=f"{PAGE}_other_id").set_value(49).run()
    assert spec(at)["frames"]
