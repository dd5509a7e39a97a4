"""The page on the inside of the layer, run by Streamlit without a browser."""

import json

import pytest

from tests.app.conftest import texts
from tests.app.contract import SMALLEST, Contract

CONTRACTS = (
    Contract(
        defaults={
            "text": "I am Groot",
            "read_as": "auto",
            "vocab_size": 10,
            "embedding_dim": 3,
            "initializer": "uniform",
            "regularizer": "none",
            "strength": 0.01,
            "constraint": "none",
            "axis": 0,
            "mask_zero": False,
            "trainable": True,
            "input_length": False,
            "dtype": "float32",
            "seed": 0,
        },
        frames=4,
        questions={
            "weights": "one matrix, with a row for each id",
            "length": "3, one for each id",
        },
        unveiled={
            "length": "input_length is off, and nothing says what Keras makes of it",
        },
        smallest=(SMALLEST, 4),
        examples=8,
        in_another_picture=frozenset(
            {"l2", "unit_norm, columns", "unit_norm, rows", "non_neg", "frozen"}
        ),
        # Keras warns, and computes the same.
        in_words=frozenset({"input_length"}),
    ),
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:Argument `input_length`"),
    pytest.mark.usefixtures("unfolded"),
]


def charts(at):
    return tuple(chart.proto.spec for chart in at.get("plotly_chart"))


@pytest.fixture
def page(open_page):
    return open_page("layer")


def test_opens_with_one_picture_proof_and_code(page):
    assert len(charts(page)) == 1
    assert not page.exception
    assert not page.error
    assert "equal to Keras bit for bit" in texts(page)
    assert "30 trainable, 0 non-trainable weights" in texts(page)
    assert "class MyEmbedding(keras.layers.Layer):" in page.code[0].value


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
    at = open_page("layer", arguments="true", **parameters)
    assert not at.exception
    assert said in texts(at)


def test_axis_is_taken_from_the_url(open_page):
    at = open_page("layer", constraint="unit_norm", axis="1")
    assert at.selectbox(key="layer_axis").value == 1
    assert "UnitNorm(axis=1)" in at.code[0].value
