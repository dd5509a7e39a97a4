"""What a recurrent layer returns, by name: equal to Keras, and drawn with all that is not returned."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import ModelConfig, SeqvizError
from seqviz.figures import plot_outputs
from seqviz.lessons.outputs.compute import compute_outputs
from seqviz.lessons.outputs.with_keras import (
    compare_heads,
    compare_settings,
    sequential_refusal,
    time_distributed_refusal,
)
from seqviz.lessons.outputs.words import outputs_captions, outputs_table
from seqviz.lessons.stacks.with_keras import compare_ends
from seqviz.models.build import build_recurrent
from seqviz.models.build_stack import build_stack
from seqviz.models.keras_code import model_code
from seqviz.models.stack_config import LayerSpec, StackConfig
from tests.unit.drawn import texts

IDS = [[2, 3, 4]]
TOKENS = ["I", "am", "Groot"]
CELLS = ["SimpleRNN", "GRU", "LSTM"]


def outputs(**arguments):
    config = ModelConfig(**arguments)
    model = seqviz.build_model(config)
    return model, compute_outputs(seqviz.capture(model, IDS))


def hatched(figure):
    """How many boxes are hatched: computed, not returned."""
    return sum(
        (len(t.x) + 1) // 6
        for t in figure.data
        if t.type == "scatter" and t.fillpattern.shape == "/" and t.x
    )


@pytest.mark.parametrize("return_state", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_results_are_those_of_keras_by_name(cell, return_sequences, return_state):
    model, data = outputs(cell=cell, return_sequences=return_sequences, return_state=return_state)
    returned = model(np.array(IDS))
    expected = returned if isinstance(returned, list) else [returned]
    names = ["seq" if return_sequences else "output"]
    names += (["h_T", "c_T"] if cell == "LSTM" else ["h_T"]) if return_state else []
    assert [r.name for r in data.results] == names
    for ours, theirs in zip(data.results, expected, strict=True):
        assert ours.shape == tuple(theirs.shape)
        np.testing.assert_allclose(ours.values.reshape(theirs.shape), theirs, rtol=0, atol=1e-6)

    figure = plot_outputs(data)
    said = texts(figure)
    # Hatched: the earlier states. What return_state adds has its place only where it is returned.
    assert hatched(figure) == (0 if return_sequences else 2)
    assert (figure.layout.xaxis.range[1] > 4.5) is return_state
    named = [name for t in figure.data if t.type == "heatmap" for name in t.customdata[0]]
    assert ("h_T [0]" in named) is return_state
    assert ("h_T (1, 4)" in said) is return_state
    assert ("c_T (1, 4)" in said) is (return_state and cell == "LSTM")
    assert said.count("not returned") == (0 if return_sequences else 2)
    assert ("seq[:, -1]" in said) is return_sequences


@pytest.mark.parametrize(
    ("head", "name"), [("dense", "Dense"), ("time_distributed", "TimeDistributed")]
)
def test_three_words_and_four_classes(head, name):
    model, data = outputs(return_sequences=True, head=head, classes=4)
    assert data.head == name
    assert data.scores.shape == (3, 4)
    np.testing.assert_allclose(data.scores, np.array(model(np.array(IDS)))[0], atol=1e-6)
    np.testing.assert_allclose(data.scores.sum(axis=1), 1, atol=1e-6)
    figure = plot_outputs(data)
    said = texts(figure)
    assert said.count("class 3") == 3
    # Where a score has no room, a tap at either end of its bar tells it.
    told = [hover for t in figure.data for hover in t.hovertext or () if t.mode == "text"]
    assert told == 2 * [
        f"class {k}: {score:.6f}" for row in data.scores for k, score in enumerate(row)
    ]
    for row in data.scores:
        assert f"<b>{row.max():.2f}</b>" in said
    # Three bars win, one per word; nine do not; all as high as their probability.
    bars = [
        t for t in figure.data if t.type == "scatter" and t.fill and t.fillcolor == t.line.color
    ]
    heights = sorted(t.y[i + 1] - t.y[i] for t in bars for i in range(1, len(t.y), 6))
    expected = np.sort(data.scores, axis=None)
    assert len(heights) == 12
    np.testing.assert_allclose(np.array(heights) / heights[-1], expected / expected[-1], rtol=1e-4)
    # One step more than timesteps: the head.
    assert len(figure.frames) == 5
    assert len(outputs_captions(data, TOKENS)) == 5


def test_a_sentence_is_judged_by_one_sigmoid():
    model, data = outputs(head="dense", classes=1, head_activation="sigmoid")
    assert data.scores.shape == (1, 1)
    dense = model.get_layer("dense")
    kernel, bias = (w.numpy() for w in dense.weights)
    by_hand = 1 / (1 + np.exp(-(data.results[0].values @ kernel + bias)))
    np.testing.assert_allclose(data.scores, by_hand, rtol=0, atol=1e-6)


def test_the_default_head_is_what_it_was():
    assert ModelConfig().head_activation == "softmax"
    with pytest.raises(SeqvizError, match="head_activation"):
        ModelConfig(head_activation="")
    with pytest.raises(SeqvizError, match="no activation"):
        seqviz.build_model(ModelConfig(head="dense", head_activation="nonsense"))


def test_the_script_with_a_sigmoid_runs_and_gives_the_same():
    model, _ = outputs(head="dense", classes=1, head_activation="sigmoid", return_state=True)
    left = {}
    exec(compile(model_code(model, IDS[0], TOKENS), "script.py", "exec"), left)
    for ours, theirs in zip(left["output"], model(np.array(IDS)), strict=True):
        np.testing.assert_array_equal(np.array(ours), np.array(theirs))


@pytest.mark.parametrize("cell", CELLS)
def test_keras_itself_says_that_the_output_is_the_last_of_the_sequence(cell):
    vectors = np.random.default_rng(0).normal(size=(1, 5, 2)).astype(np.float32)
    layer = build_recurrent(ModelConfig(cell=cell))
    before = layer.get_config()
    proof = compare_settings(layer, vectors)
    assert layer.get_config() == before
    assert proof.last_of_seq == proof.last_is_h == 0
    states = (("h_T", (1, 4)), ("c_T", (1, 4)))[: 2 if cell == "LSTM" else 1]
    assert proof.shapes == {
        (False, False): (("output", (1, 4)),),
        (False, True): (("output", (1, 4)), *states),
        (True, False): (("seq", (1, 5, 4)),),
        (True, True): (("seq", (1, 5, 4)), *states),
    }


def test_keras_itself_says_that_time_distributed_changes_nothing():
    sequence = np.random.default_rng(0).normal(size=(1, 5, 4)).astype(np.float32)
    assert compare_heads(ModelConfig(classes=4), sequence) < 1e-6


def test_keras_itself_says_where_both_directions_end():
    specs = (LayerSpec("LSTM", 3),)
    vectors = np.random.default_rng(0).normal(size=(1, 5, 2)).astype(np.float32)
    ends = compare_ends(StackConfig(specs), vectors)
    assert ends.forward_last == ends.backward_first == 0
    assert ends.backward_last > 1e-3
    # The same by two models that were built apart.
    models = [
        build_stack(StackConfig((LayerSpec("LSTM", 3, flag),), bidirectional=True))
        for flag in (True, False)
    ]
    seq, last = (np.array(m.layers[2](vectors)) for m in models)
    np.testing.assert_allclose(
        np.abs(last[:, 3:] - seq[:, -1, 3:]).max(), ends.backward_last, rtol=1e-5
    )


@pytest.mark.parametrize(("cell", "count"), [("GRU", 2), ("LSTM", 3)])
def test_keras_refuses_several_results_in_a_sequential(cell, count):
    said = sequential_refusal(ModelConfig(cell=cell))
    assert f"expects 1 input(s), but it received {count} input tensors" in said


def test_keras_refuses_time_distributed_without_a_sequence():
    said = time_distributed_refusal(ModelConfig(units=(4,)))
    assert "at least 3 dimensions" in said
    assert "(None, 4)" in said


def test_anybodys_model_and_any_sample():
    model = keras.Sequential(
        [keras.layers.GRU(3, return_sequences=True, name="mine"), keras.layers.Dense(2)]
    )
    x = np.random.default_rng(0).normal(size=(2, 4, 5)).astype(np.float32)
    model(x)
    model.layers[1].bias.assign([-1.0, 0.5])
    trace = seqviz.capture(model, x)
    data = compute_outputs(trace, sample=1)
    np.testing.assert_allclose(data.scores, np.array(model(x))[1], atol=1e-6)
    assert len(plot_outputs(trace).frames) == 6
    # Scores below zero, as of a Dense without activation, hang down.
    assert data.scores.min() < 0
    drawn = [t for t in plot_outputs(data).data if t.type == "scatter"]
    bars = [t for t in drawn if t.fill and t.fillcolor == t.line.color]
    drops = [t.y[i + 1] - t.y[i] for t in bars for i in range(1, len(t.y), 6)]
    assert sum(drop < 0 for drop in drops) == (data.scores < 0).sum()
    with pytest.raises(SeqvizError, match="sample"):
        compute_outputs(trace, sample=2)
    with pytest.raises(SeqvizError, match="no recurrent layer"):
        compute_outputs({})


@pytest.mark.parametrize(
    "between", [keras.layers.GlobalAveragePooling1D(), keras.layers.Rescaling(-500.0)]
)
def test_a_dense_that_reads_something_else_is_not_on_top(between):
    layers = [keras.layers.GRU(3, return_sequences=True), between, keras.layers.Dense(2)]
    x = np.ones((1, 4, 5), np.float32)
    data = compute_outputs(seqviz.capture(keras.Sequential(layers), x))
    assert (data.head, data.scores) == ("", None)


def test_beyond_readable_boxes_the_same_numbers_are_heatmaps():
    config = ModelConfig(units=(40,), return_sequences=True, head="dense", classes=3)
    trace = seqviz.capture(seqviz.build_model(config), [[2] * 20])
    figure = plot_outputs(trace)
    bands = [t for t in figure.data if t.type == "heatmap" and t.yaxis != "y20"]
    data = compute_outputs(trace)
    np.testing.assert_array_equal(bands[0].z[:, 1:], data.scores.T)
    np.testing.assert_array_equal(bands[1].z, data.states.hidden.T)
    assert len(figure.frames) == 21


def test_the_table_says_what_the_picture_shows():
    _, data = outputs(cell="LSTM", head="dense", classes=2)
    table = outputs_table(data, TOKENS, IDS[0], widest=3)
    assert table["returned"] == [False, False, True]
    assert table["h[2]"] == data.states.hidden[1:, 2].tolist()
    assert table["c[0]"] == data.states.cell_states[1:, 0].tolist()
    assert "h[3]" not in table
    assert np.isnan(table["class[0]"][:2]).all()
    assert table["class[0]"][2] == data.scores[0, 0]
