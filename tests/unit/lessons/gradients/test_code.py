"""The code below the pictures of memory and gradients is run here, and must give their numbers."""

import numpy as np
import pytest

import seqviz
from seqviz import add_gate_bias, set_spectral_radius
from seqviz.lessons.compare.code import memory_code
from seqviz.lessons.gradients.code import gradients_code
from seqviz.models.build import build_embedding, build_recurrent
from tests.unit.models.test_keras_code import HOSTILE, run

IDS = [7, 2, 7, 0]
CHANGED = [3, 2, 7, 0]
TOKENS = ["I", "am", "I", "<pad>"]
ADJUSTED = [(None, 0), (0.5, 0), (1.5, 4)]


def built(cell, radius, gate_bias, **arguments):
    config = seqviz.ModelConfig(cell=cell, return_sequences=True, seed=3, **arguments)
    layer = build_recurrent(config)
    if radius is not None:
        set_spectral_radius(layer, radius)
    add_gate_bias(layer, gate_bias)
    return build_embedding(config), layer


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize(("radius", "gate_bias"), ADJUSTED)
def test_gradients_code(cell, radius, gate_bias):
    embedding, layer = built(cell, radius, gate_bias, activation="relu")
    vectors = seqviz.capture(embedding, [IDS])["embedding"].vectors
    trace = seqviz.capture(layer, vectors)
    for output, step in (("sum", 4), ("norm", 3), (2, 4)):
        source = gradients_code(
            embedding, layer, IDS, TOKENS,
            output=output, step=step, radius=radius, gate_bias=gate_bias,
        )  # fmt: skip
        left = run(source)
        for old, new in zip(layer.get_weights(), left["layer"].get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)
        expected = seqviz.compute_gradients(layer, trace, output=output, step=step - 1)
        found = np.concatenate([gradient.numpy() for gradient in left["gradients"]])
        np.testing.assert_allclose(found, expected.hidden[: step + 1], rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize(("radius", "gate_bias"), ADJUSTED)
def test_memory_code(radius, gate_bias):
    layers = {}
    for cell in ("SimpleRNN", "GRU", "LSTM"):
        embedding, layers[cell] = built(cell, radius, gate_bias)
    left = run(
        memory_code(embedding, layers, IDS, CHANGED, TOKENS, radius=radius, gate_bias=gate_bias)
    )
    vectors = seqviz.capture(embedding, [IDS, CHANGED])["embedding"].vectors
    for cell, layer in layers.items():
        (trace,) = seqviz.capture(layer, vectors).values()
        expected = seqviz.compute_memory(trace)
        np.testing.assert_allclose(left["changes"][cell], expected.change, rtol=1e-4, atol=1e-8)
        np.testing.assert_allclose(
            left["differences"][cell], expected.difference, rtol=1e-4, atol=1e-8
        )


@pytest.mark.parametrize("token", HOSTILE)
def test_no_word_leaves_the_comment(token):
    embedding, layer = built("SimpleRNN", None, 0)
    source = gradients_code(embedding, layer, [2], [token], output="sum", step=1)
    source += memory_code(embedding, {}, [2], [3], [token])
    source.encode()
    code = [line for line in source.splitlines() if not line.startswith("#")]
    plain = gradients_code(embedding, layer, [2], ["a"], output="sum", step=1)
    plain += memory_code(embedding, {}, [2], [3], ["a"])
    assert code == [line for line in plain.splitlines() if not line.startswith("#")]
