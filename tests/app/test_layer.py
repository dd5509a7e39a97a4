"""The page on the inside of the layer, run by Streamlit without a browser."""

import json

import pytest

from seqviz.ui.url_state import defaults
from tests.app.conftest import texts
from tests.app.test_pages import HOSTILE

DEFAULTS = {
    "layer_text": "I am Groot",
    "layer_read_as": "auto",
    "layer_vocab_size": 10,
    "layer_embedding_dim": 3,
    "layer_initializer": "uniform",
    "layer_regularizer": "none",
    "layer_strength": 0.01,
    "layer_constraint": "none",
    "layer_axis": 0,
    "layer_mask_zero": False,
    "layer_trainable": True,
    "layer_input_length": False,
    "layer_dtype": "float32",
    "layer_seed": 0,
}
pytestmark = pytest.mark.filterwarnings("ignore:Argument `input_length`")


def charts(at):
    return tuple(chart.proto.spec for chart in at.get("plotly_chart"))


@pytest.fixture
def page(open_page):
    return open_page("layer")


def test_opens_with_two_pictures_proof_and_code(page):
    assert not page.exception
    assert not page.error
    main, step = page.get("plotly_chart")
    assert len(json.loads(main.proto.spec)["frames"]) == 4
    assert min(len(main.proto.alt), len(step.proto.alt)) > 60
    assert sum(map(len, charts(page))) < 60_000
    assert "equal to Keras bit for bit" in texts(page)
    assert "30 trainable, 0 non-trainable weights" in texts(page)
    assert "class MyEmbedding(keras.layers.Layer):" in page.code[0].value


def test_defaults_are_a_public_contract(page):
    kinds = (page.text_input, page.selectbox, page.number_input, page.select_slider, page.toggle)
    assert {widget.key: widget.value for kind in kinds for widget in kind} == DEFAULTS
    assert {f"layer_{name}": value for name, value in defaults("layer").items()} == DEFAULTS


def test_input_length_only_warns_in_keras_own_words(open_page):
    at = open_page("layer", input_length="true")
    (said,) = at.warning
    text = said.value.replace("\\", "")  # what keeps it from being read as Markdown
    assert "UserWarning: Argument `input_length` is deprecated. Just remove it." in text
    assert "`input_length=4` was given for 3 ids" in said.value
    assert "input_length=4," in at.code[0].value
    ours, plain = (json.loads(charts(page)[0]) for page in (at, open_page("layer")))
    assert (ours["data"], ours["frames"]) == (plain["data"], plain["frames"])


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"regularizer": "l2", "strength": "0.1"}, "0.1 × Σ w² = 0.1 × "),
        ({"regularizer": "l1"}, "0.01 × Σ |w| = 0.01 × "),
        ({"regularizer": "l1", "trainable": "false"}, "`[]`: a frozen matrix has no loss"),
        ({"trainable": "false"}, "0 numbers may change, 30 may not"),
        ({"text": "2 0", "mask_zero": "true"}, "returns `[True, False]`"),
        ({}, "`compute_mask` returns `None`"),
        ({"constraint": "non_neg"}, "every negative number of the matrix becomes 0"),
    ],
)
def test_what_the_arguments_add_is_said(open_page, parameters, said):
    at = open_page("layer", **parameters)
    assert not at.exception
    assert said in texts(at)


def test_axis_is_taken_from_the_url(open_page):
    at = open_page("layer", constraint="unit_norm", axis="1")
    assert at.selectbox(key="layer_axis").value == 1
    assert "UnitNorm(axis=1)" in at.code[0].value


def test_questions_are_answered_and_shown(page):
    for question in page.radio:
        page.radio(key=question.key).set_value(question.options[0]).run()
    assert len(page.success) + len(page.warning) == 2
    page.button(key="layer_length_show").click().run()
    assert "Keras says" in "".join(w.value for w in page.warning)
    before = charts(page)[1]
    page.button(key="layer_norms_show").click().run()
    assert not page.exception
    assert charts(page)[1] != before


def test_opens_at_the_step_in_the_url_and_stays_in_an_unrelated_rerun(open_page):
    at = open_page("layer", step="1")
    figure = json.loads(charts(at)[0])
    moving = figure["frames"][1]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moving, strict=True):
        assert {key: shape[key] for key in move} == move
    before = charts(at)
    at.query_params["layer_step"] = "2"
    at.radio[0].set_value(at.radio[0].options[0]).run()
    assert charts(at) == before


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_urls_never_break_the_page(open_page, value):
    keys = [key.removeprefix("layer_") for key in DEFAULTS] + ["step", "no_such"]
    at = open_page("layer", **dict.fromkeys(keys, value))
    assert not at.exception
    at.text_input(key="layer_text").set_value("I am Groot").run()
    assert not at.exception
    assert charts(at)


def test_largest_and_smallest_setting(open_page):
    words = " ".join(f"w{i}" for i in range(200))
    at = open_page("layer", text=words, vocab_size="1000", embedding_dim="32", mask_zero="true")
    assert not at.exception
    assert sum(map(len, charts(at))) < 560_000
    at = open_page("layer", text="0", vocab_size="2", embedding_dim="1")
    assert not at.exception
    assert len(json.loads(charts(at)[0])["frames"]) == 4
