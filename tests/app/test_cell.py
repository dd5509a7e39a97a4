"""The page about one cell: every sum written out, in any state its address may have."""

import json

import keras
import pytest

from seqviz.ui.url_state import defaults
from tests.app.conftest import choose, texts

# A link leaves out what equals the default, so changing one changes the meaning of old links.
DEFAULTS = {
    "cell_text": "I am Groot",
    "cell_read_as": "auto",
    "cell_cell": "LSTM",
    "cell_timestep": 2,
    "cell_unit": 0,
    "cell_units": 4,
    "cell_embedding_dim": 2,
    "cell_activation": "tanh",
    "cell_recurrent_activation": "sigmoid",
    "cell_use_bias": True,
    "cell_unit_forget_bias": True,
    "cell_reset_after": True,
    "cell_kernel_initializer": "glorot_uniform",
    "cell_recurrent_initializer": "orthogonal",
    "cell_initializer": "uniform",
    "cell_go_backwards": False,
    "cell_mask_zero": False,
    "cell_vocab_size": 50,
    "cell_seed": 0,
    "cell_gate": "candidate",
}
HOSTILE = ["", "-1", "999999999999", "1e400", "nan", "<script>", "\x00"]


def spec_of(at, name="cell_chart"):
    (chart,) = (c for c in at.get("plotly_chart") if c.proto.id.endswith(f"-{name}"))
    return chart.proto.spec


def picture(at, name="cell_chart"):
    return json.loads(spec_of(at, name))


def table(at):
    return at.dataframe[0].value


def test_page_opens_with_its_pictures(open_page):
    at = open_page("cell")
    assert not at.exception
    assert not at.error
    assert len(picture(at)["frames"]) == 7
    assert [len(c.proto.alt) > 60 for c in at.get("plotly_chart")] == [True] * 5
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 60_000
    assert "equal to Keras" in texts(at)
    kinds = (at.text_input, at.selectbox, at.number_input, at.select_slider, at.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert {f"cell_{name}": value for name, value in defaults("cell").items()} == DEFAULTS


def test_4_features_to_3_units_is_81_in_one_click(open_page):
    at = open_page("cell")
    choose(at, "cell", "GRU, 4 features → 3 units: 81 or 72?")
    for reset_after, count, formula in (
        (True, 81, "3 · (3 · (4 + 3) + 2 · 3)"),
        (False, 72, "3 · (3 · (4 + 3) + 3)"),
    ):
        at.toggle(key="cell_reset_after").set_value(reset_after).run()
        layer = keras.layers.GRU(3, reset_after=reset_after, name="gru")
        layer.build((None, None, 4))
        assert layer.count_params() == count
        assert f"`GRU(3)` {count} weights = {formula}" in texts(at)
        assert f"`count_params()` says **{count}**" in texts(at)


def test_one_kernel_serves_every_timestep(open_page):
    at = open_page("cell")
    weights, values, blocks = [], [], []
    for timestep in (1, 2, 3):
        at.number_input(key="cell_timestep").set_value(timestep).run()
        weights.append(table(at)["weight"].dropna().tolist()[:7])
        values.append(table(at)["product"].dropna().tolist())
        blocks.append(spec_of(at, "cell_parameters_chart"))
    assert weights[0] == weights[1] == weights[2]
    assert values[0] != values[1] != values[2]
    assert len(set(blocks)) == 1


def test_the_forget_gate_starts_open(open_page):
    at = open_page("cell", gate="forget")
    numbers = table(at).set_index("term")["sum so far"]
    assert 0.7 < numbers["sigmoid(sum) = f"] < 0.76
    assert 0.47 < numbers["sigmoid(sum) = i"] < 0.53
    assert "1.0000" not in texts(at)  # exact ones and zeros are written short
    at.toggle(key="cell_unit_forget_bias").set_value(False).run()
    assert 0.47 < table(at).set_index("term")["sum so far"]["sigmoid(sum) = f"] < 0.53


def test_output_and_memory_side_by_side(open_page):
    bars = {
        trace["hovertemplate"].split(":")[0]: trace["y"]
        for trace in picture(open_page("cell"), "cell_history_chart")["data"]
    }
    assert list(bars)[-2:] == ["c, memory", "h, output"]
    assert bars["c, memory"] != bars["h, output"]


def test_the_table_has_every_term_however_many(open_page):
    at = open_page("cell", units="64", embedding_dim="16")
    assert (table(at)["of"] == "input").sum() == 16 + 64 + 1 + 2
    assert "smallest products are one bar here" in texts(at)


def test_places_beyond_the_sentence_are_said_and_the_last_is_shown(open_page):
    at = open_page("cell", timestep="150", unit="90")
    assert "no timestep 150: the sentence has 3, and no unit 90: they count from 0 to 3" in texts(
        at
    )
    assert at.number_input(key="cell_timestep").value == 150  # nothing that was set gets lost
    last = open_page("cell", timestep="3", unit="3")
    assert spec_of(at) == spec_of(last)


def test_a_skipped_step_says_so(open_page):
    at = open_page("cell", text="2 3 0", mask_zero="true", timestep="3")
    assert "skipped" in spec_of(at)
    assert table(at)["term"].iloc[-1] == "skipped: carried over"
    assert "skipped" not in spec_of(open_page("cell", text="2 3 0", timestep="3"))


def test_a_timestep_is_of_the_sentence_also_backwards(open_page):
    at = open_page("cell", go_backwards="true", timestep="1")
    words = json.dumps(picture(at), ensure_ascii=False)
    assert "“I”" in words
    assert "h₂ (4)" in words  # the third step, so that the state before it is h₂


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_urls_never_break_the_page(open_page, value):
    keys = [key.removeprefix("cell_") for key in DEFAULTS] + ["step", "no_such_key"]
    at = open_page("cell", **dict.fromkeys(keys, value))
    assert not at.exception
    at.text_input(key="cell_text").set_value("I am Groot").run()
    at.selectbox(key="cell_read_as").set_value("auto").run()
    assert not at.exception
    assert picture(at)["frames"]


def test_bad_ids_get_a_message_and_keep_the_text(open_page):
    at = open_page("cell", text="2 50")
    assert not at.exception
    assert "50" in at.error[0].value
    assert at.text_input(key="cell_text").value == "2 50"


def test_picture_opens_at_the_step_in_the_url_and_stays_in_an_unrelated_rerun(open_page):
    at = open_page("cell", step="2")
    figure, before = picture(at), spec_of(at)
    for shape, move in zip(
        figure["layout"]["shapes"], figure["frames"][2]["layout"]["shapes"], strict=True
    ):
        assert {key: shape[key] for key in move} == move
    at.query_params["cell_step"] = "1"  # what the player does while it plays
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert spec_of(at) == before
    at.selectbox(key="cell_gate").set_value("forget").run()
    assert spec_of(at) == before


def test_questions_are_answered_and_shown(open_page):
    at = open_page("cell")
    assert not at.success
    keys = [question.key for question in at.radio]
    for key in keys:
        at.radio(key=key).set_value(at.radio(key=key).options[0]).run()
    assert len(at.success) + len(at.warning) == len(keys) == 5
    before = "".join(c.proto.spec for c in at.get("plotly_chart"))
    for key in keys:
        at.button(key=f"{key}_show").click().run()
        assert not at.exception
        after = "".join(c.proto.spec for c in at.get("plotly_chart"))
        assert after != before
        before = after
    # The last of them shows the layer that it asked about.
    assert "`GRU(3)` 81 weights" in texts(at)


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_largest_setting(open_page, cell):
    at = open_page(
        "cell",
        text=" ".join(f"w{i}" for i in range(200)),
        cell=cell,
        units="128",
        embedding_dim="128",
        vocab_size="10000",
        timestep="200",
        unit="127",
    )
    assert not at.exception
    assert f"`{cell}(128)`" in texts(at)
    assert sum(len(c.proto.spec) for c in at.get("plotly_chart")) < 150_000


def test_smallest_setting_of_every_kind(open_page):
    at = open_page("cell", text="0", units="1", embedding_dim="1", vocab_size="2", use_bias="false")
    for cell in ("LSTM", "GRU", "SimpleRNN"):
        at.selectbox(key="cell_cell").set_value(cell).run()
        assert not at.exception
    at.selectbox(key="cell_cell").set_value("GRU").run()
    at.toggle(key="cell_reset_after").set_value(False).run()
    assert not at.exception


def test_every_activation_and_gate(open_page):
    at = open_page("cell", cell="GRU")
    for name in at.selectbox(key="cell_activation").options:
        at.selectbox(key="cell_activation").set_value(name)
        at.selectbox(key="cell_recurrent_activation").set_value(name).run()
        assert not at.exception
        assert not at.error
    for gate in ("update", "reset", "memory"):
        at.selectbox(key="cell_gate").set_value(gate).run()
        assert not at.exception
        assert at.selectbox(key="cell_gate").value == gate


def test_numbers_beyond_float32_are_said_to_be_so(open_page):
    def proof(**chosen):
        at = open_page(
            "cell", activation="relu", kernel_initializer="ones", recurrent_initializer="ones",
            initializer="ones", units="128", embedding_dim="128", **chosen,
        )  # fmt: skip
        assert not at.exception
        return texts(at)

    words = " ".join(f"w{i}" for i in range(60))
    assert "too large for float32" in proof(text=words, vocab_size="100", timestep="60")
    assert "of the largest number (" in proof(cell="SimpleRNN", text="a b c d e f g h")
