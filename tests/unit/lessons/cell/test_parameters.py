"""How many weights a recurrent layer has, why, and which columns are whose."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.figures import LIGHT, plot_parameters
from seqviz.lessons.cell.parameters import compute_parameter_blocks
from seqviz.plotly_kit.palette import IN_CELL

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=12)


def built(kind, units, features, **arguments):
    layer = getattr(keras.layers, kind)(units, name="layer", **arguments)
    layer.build((None, None, features))
    return layer


@pytest.mark.parametrize(
    ("reset_after", "count", "numbers"),
    [
        (True, 81, "3 · (3 · (4 + 3) + 2 · 3) = 81"),
        (False, 72, "3 · (3 · (4 + 3) + 3) = 72"),
    ],
)
def test_a_gru_of_4_features_and_3_units(reset_after, count, numbers):
    layer = built("GRU", 3, 4, reset_after=reset_after)
    blocks = compute_parameter_blocks(layer)
    assert layer.count_params() == blocks.parameters == count
    assert blocks.numbers == numbers
    assert blocks.biases == (2 if reset_after else 1)


def test_an_lstms_columns_are_i_f_c_o_and_f_starts_at_1():
    blocks = compute_parameter_blocks(built("LSTM", 3, 2))
    assert blocks.gates == ("input", "forget", "candidate", "output")
    biases = {b.gate: b.values.tolist() for b in blocks.blocks if b.weight == "bias"}
    zeros, ones = [[0.0] * 3], [[1.0] * 3]
    assert biases == {"input": zeros, "forget": ones, "candidate": zeros, "output": zeros}
    assert [b.first for b in blocks.blocks if b.weight == "kernel"] == [0, 3, 6, 9]
    without = compute_parameter_blocks(built("LSTM", 3, 2, unit_forget_bias=False))
    assert not any(b.values.any() for b in without.blocks if b.weight == "bias")


def test_the_second_block_is_the_forget_gate_indeed():
    # A forget gate whose bias says "close" empties the memory; no other block's would.
    layer = built("LSTM", 2, 2)
    kernel, recurrent, bias = layer.get_weights()
    inputs = np.ones((1, 3, 2), np.float32)
    for first, empties in ((0, False), (2, True), (4, False), (6, False)):
        closed = bias.copy()
        closed[first : first + 2] = -100
        layer.set_weights([kernel, recurrent, closed])
        trace = seqviz.capture(layer, inputs)["layer"]
        kept = trace.gates["forget"]
        assert (kept < 1e-6).all() == empties


@STEADY
@given(
    st.sampled_from(["SimpleRNN", "GRU", "LSTM"]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.booleans(),
    st.booleans(),
)
def test_the_formula_is_keras_count(kind, units, features, use_bias, reset_after):
    arguments = {"reset_after": reset_after} if kind == "GRU" else {}
    layer = built(kind, units, features, use_bias=use_bias, **arguments)
    blocks = compute_parameter_blocks(layer)
    assert blocks.parameters == layer.count_params()
    value = eval(blocks.numbers.split(" = ")[0].replace("·", "*"))
    assert value == blocks.parameters
    named = blocks.formula.replace("·", "*").replace("units", str(units))
    assert eval(named.replace("features", str(features))) == blocks.parameters
    # The blocks side by side are the weights.
    for name in ("kernel", "recurrent_kernel"):
        whole = np.hstack([b.values for b in blocks.blocks if b.weight == name])
        np.testing.assert_array_equal(whole, np.asarray(getattr(layer.cell, name)))
    trace = seqviz.capture(layer, np.zeros((1, 2, features), np.float32))["layer"]
    assert compute_parameter_blocks(trace).numbers == blocks.numbers


@pytest.mark.parametrize(
    "source", [keras.layers.Dense(3, name="d"), keras.layers.GRU(3, name="g"), object()]
)
def test_what_has_no_such_weights_is_refused(source):
    with pytest.raises(SeqvizError, match=r"a built SimpleRNN, GRU or LSTM is needed\. Hint: "):
        compute_parameter_blocks(source)


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU", "LSTM"])
def test_picture_has_a_block_for_each_gate_and_weight(kind):
    blocks = compute_parameter_blocks(built(kind, 3, 2))
    figure = plot_parameters(blocks, unit=1)
    heatmaps = [t for t in figure.data if t.type == "heatmap"]
    assert [t.z.size for t in heatmaps] == [w.size for w in built(kind, 3, 2).get_weights()]
    lines = [t for t in figure.data if t.type == "scatter" and t.mode == "lines"]
    outlines = [t for t in lines if t.line.color not in (LIGHT.text, IN_CELL)]
    assert len(outlines) == len(blocks.blocks)
    # The frames: one column of each block.
    (frames,) = (t for t in lines if t.line.color == LIGHT.text)
    lefts = sorted(set(frames.x[::6]))
    assert lefts == [i * 3 + 1 for i in range(len(blocks.gates))]
    assert list(figure.layout.xaxis.tickvals) == [i * 3 for i in range(len(blocks.gates) + 1)]


def test_a_large_layer_is_drawn_without_its_values():
    figure = plot_parameters(compute_parameter_blocks(built("LSTM", 128, 128)), unit=0)
    assert not any(t.type == "heatmap" for t in figure.data)
    assert len(figure.to_json()) < 20_000
