"""The code that a student takes home is run here, and must give the picture's numbers bit for bit."""

import re

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import ModelConfig
from seqviz.models.build import build_embedding, build_model
from seqviz.models.keras_code import embedding_code, model_code
from tests.unit.backends import only_on_tensorflow

pytestmark = only_on_tensorflow("the scripts ask TensorFlow's tensors for their numbers")

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True)

IDS = [7, 2, 7, 0]
TOKENS = ["I", "am", "I", "<pad>"]

HOSTILE = [
    "two\nlines = 1",
    "\r\nraise SystemExit",
    '"""',
    "'''",
    "'); import os; os._exit(1) #",
    '"); raise SystemExit #',
    "back\\slash",
    "\\",
    "\\n",
    "\u2028raise SystemExit",
    "\u2029raise SystemExit",
    "\x85raise SystemExit",
    "\x0braise SystemExit\x0c",
    "\x00",
    "\u202eraise SystemExit",
    "\u2066\u2067",
    "שלום عليكم",
    "👩‍👩‍👧",
    "\ud800",
    "{ids} %s %d",
    "-*- coding: utf-7 -*-",
]


def run(source):
    """Execute as a script would be, and give what it leaves behind."""
    source.encode()  # can be written to a file
    namespace = {"__name__": "__main__"}
    exec(compile(source, "script.py", "exec"), namespace)
    return namespace


def assert_equal(output, expected):
    ours = output if isinstance(output, list) else [output]
    theirs = expected if isinstance(expected, list) else [expected]
    assert type(output) is type(expected)
    for a, b in zip(ours, theirs, strict=True):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        assert np.array_equal(np.array(a), np.array(b))


# Not the full product: every value of every argument, in company that could disturb it.
MODELS = [
    {},
    {"units": 1, "embedding_dim": 1, "vocab_size": 8},
    {"cell": "GRU"},
    {"cell": "LSTM"},
    *[
        {"cell": cell, "return_sequences": sequences, "return_state": True, "mask_zero": mask}
        for cell in seqviz.config.CELLS
        for sequences, mask in ((False, True), (True, False))
    ],
    *[{"cell": c, "go_backwards": True, "return_sequences": True} for c in seqviz.config.CELLS],
    {"cell": "GRU", "go_backwards": True, "mask_zero": True, "return_state": True},
    *[{"cell": cell, "bidirectional": True} for cell in seqviz.config.CELLS],
    *[
        {"cell": c, "bidirectional": True, "return_state": True, "return_sequences": True}
        for c in seqviz.config.CELLS
    ],
    {"cell": "LSTM", "bidirectional": True, "mask_zero": True, "units": (3, 2)},
    {"units": (4, 3, 2)},
    {"cell": "LSTM", "units": (4, 3), "return_sequences": True, "return_state": True},
    {"cell": "GRU", "units": (4, 3), "go_backwards": True, "mask_zero": True},
    {"head": "dense", "classes": 3},
    {"head": "dense", "return_sequences": True, "cell": "GRU", "return_state": True},
    {"head": "dense", "bidirectional": True, "cell": "LSTM", "return_state": True},
    {"head": "time_distributed", "return_sequences": True},
    {"head": "time_distributed", "return_sequences": True, "mask_zero": True, "cell": "LSTM"},
    {"seed": 12345, "cell": "LSTM", "units": (2, 2)},
    *[{"activation": name} for name in ("relu", "linear", "sigmoid", "softplus", "leaky_relu")],
    {"cell": "LSTM", "activation": "relu", "bidirectional": True},
]


def label(arguments):
    return " ".join(f"{k}={v}" for k, v in arguments.items()) or "defaults"


@pytest.mark.parametrize("arguments", MODELS, ids=label)
def test_script_of_a_model(arguments):
    model = build_model(ModelConfig(**arguments))
    left = run(model_code(model, IDS, TOKENS))
    assert_equal(left["output"], model(np.array([IDS])))
    theirs, ours = left["model"].get_weights(), model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(theirs, ours, strict=True))


INITIALIZERS = [
    "uniform",
    "normal",
    "zeros",
    "ones",
    "identity",
    "orthogonal",
    "glorot_uniform",
    "he_normal",
    "lecun_uniform",
    "truncated_normal",
    "RandomNormal",
    "variance_scaling",
]


@pytest.mark.parametrize("mask_zero", [False, True])
@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_script_of_an_embedding(initializer, mask_zero):
    config = ModelConfig(embeddings_initializer=initializer, embedding_dim=3, mask_zero=mask_zero)
    layer = build_embedding(config)
    left = run(embedding_code(layer, IDS, TOKENS))
    assert_equal(left["output"], layer(np.array([IDS])))
    assert np.array_equal(left["layer"].embeddings.numpy(), layer.embeddings.numpy())
    assert left["layer"].mask_zero is mask_zero


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_script_of_a_model_with_the_same_embedding(initializer):
    model = build_model(ModelConfig(embeddings_initializer=initializer))
    assert_equal(run(model_code(model, IDS, TOKENS))["output"], model(np.array([IDS])))


@pytest.mark.parametrize("length", [1, 200])
def test_script_of_any_length(length):
    ids = np.random.default_rng(0).integers(0, 50, length)  # NumPy's integers, not Python's
    layer = build_embedding(ModelConfig())
    left = run(embedding_code(layer, ids, ["x"] * length))
    assert_equal(left["output"], layer(ids[None]))


def test_script_prints_what_it_makes(capsys):
    run(model_code(build_model(ModelConfig(return_state=True, cell="LSTM")), IDS, TOKENS))
    assert capsys.readouterr().out.count("(1, 4)") == 3
    run(embedding_code(build_embedding(ModelConfig()), IDS, TOKENS))
    assert capsys.readouterr().out.startswith("(1, 4, 2)\n")


def test_script_reads_as_one_writes_keras():
    source = model_code(build_model(ModelConfig()), IDS, TOKENS)
    assert source.startswith(
        "import keras\nimport numpy as np\n\n# I am I <pad>\nids = np.array([[7,"
    )
    assert source.endswith("\n")
    assert "keras.layers.SimpleRNN(\n    4,\n" in source
    assert max(map(len, source.splitlines())) <= 100
    # What is Keras's default is not said.
    assert not re.search("return_|go_backwards|mask_zero|activation|name=", source)


@pytest.fixture(scope="module")
def layer():
    return build_embedding(ModelConfig())


def lines_beside_the_comment(source):
    """All lines, by every rule that an editor or Python may follow; the comment apart."""
    lines = re.split("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", source)
    return [line for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize("token", HOSTILE, ids=ascii)
def test_tokens_stay_in_the_comment(token, layer, capsys):
    source = embedding_code(layer, IDS, [token] * 4)
    plain = embedding_code(layer, IDS, TOKENS)
    assert lines_beside_the_comment(source) == lines_beside_the_comment(plain)
    assert_equal(run(source)["output"], layer(np.array([IDS])))


@STEADY
@given(st.lists(st.text(), max_size=4))
def test_no_text_leaves_the_comment(tokens):
    layer = build_embedding(ModelConfig(vocab_size=2, embedding_dim=1))
    source = embedding_code(layer, [1], tokens)
    assert lines_beside_the_comment(source) == lines_beside_the_comment(
        embedding_code(layer, [1], ["a"])
    )
    # Nor does it turn the reading direction of what follows (CVE-2021-42574).
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", source)
    compile(source.encode(), "script.py", "exec")
