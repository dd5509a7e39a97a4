"""Stacks and both directions: what is built, what Keras refuses, and what is drawn of it."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import LayerSpec, ModelConfig, SeqvizError, StackConfig, build_stack
from seqviz.figures import plot_bidirectional, plot_stack
from seqviz.lessons.stacks.code import stack_code
from seqviz.lessons.stacks.compute import compute_bidirectional, compute_stack
from seqviz.lessons.stacks.words import (
    bidirectional_captions,
    bidirectional_table,
    stack_captions,
    stack_table,
)
from seqviz.models.build_stack import build_until_refused
from seqviz.models.stack_config import MERGE_MODES
from tests.unit import drawn

IDS = [[2, 3, 4]]
TOKENS = ["I", "am", "Groot"]
MIXED = (LayerSpec("LSTM", 5), LayerSpec("GRU", 3), LayerSpec("SimpleRNN", 2, False))
BROKEN = (LayerSpec("LSTM", 4, False), LayerSpec("GRU", 3), LayerSpec("LSTM", 2))
KERAS_WORDS = "expected ndim=3, found ndim=2. Full shape received: (None, 4)"


def run(source):
    namespace = {"__name__": "__main__"}
    exec(compile(source, "script.py", "exec"), namespace)
    return namespace


def both(merge_mode, return_sequences=True, cell="GRU", units=3):
    config = StackConfig(
        (LayerSpec(cell, units, return_sequences),), bidirectional=True, merge_mode=merge_mode
    )
    model = build_stack(config)
    return model, seqviz.capture(model, IDS)


def shapes_at(figure, step):
    frame = figure.frames[step].layout.shapes
    return [{k: s[k] for k in ("x0", "x1", "y0", "y1")} for s in frame]


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_stack_of_one_cell_is_the_model_of_the_same_units(bidirectional):
    specs = (LayerSpec("GRU", 4), LayerSpec("GRU", 3, False))
    ours = build_stack(StackConfig(specs, bidirectional=bidirectional, seed=3))
    theirs = seqviz.build_model(
        ModelConfig(cell="GRU", units=(4, 3), bidirectional=bidirectional, seed=3)
    )
    ids = np.array(IDS)
    np.testing.assert_array_equal(np.array(ours(ids)), np.array(theirs(ids)))


def test_every_layer_has_arguments_of_its_own():
    model = build_stack(StackConfig(MIXED))
    assert [layer.name for layer in model.layers[2:]] == ["lstm_1", "gru_2", "simple_rnn_3"]
    assert model.output_shape == (None, 2)
    trace = seqviz.capture(model, IDS)
    assert seqviz.verify(model, IDS, trace) < 1e-6
    data = compute_stack(trace)
    assert data.sequences == (True, True, False)
    # What each layer reads is what the one below it returned.
    for below, above in zip(data.layers, data.layers[1:], strict=False):
        np.testing.assert_array_equal(above.inputs, below.hidden[1:])
    output = np.array(model(np.array(IDS)))[0]
    np.testing.assert_allclose(data.layers[-1].hidden[-1], output, rtol=0, atol=1e-6)


def test_the_number_of_timesteps_changes_no_weight_count():
    model = build_stack(StackConfig((LayerSpec("SimpleRNN", 6), LayerSpec("SimpleRNN", 3))))
    # units·(units + features) + units, worked out by hand: 6·(6+2)+6 and 3·(3+6)+3
    assert [layer.count_params() for layer in model.layers[2:]] == [54, 30]
    for ids in ([[2]], [[2] * 30]):
        assert compute_stack(seqviz.capture(model, ids)).layers[0].inputs.shape[0] == len(ids[0])


def test_keras_refuses_a_layer_without_a_sequence_in_its_own_words():
    built = build_until_refused(StackConfig(BROKEN))
    assert built.refused == 1
    assert built.names == ("lstm_1", "gru_2", "lstm_3")
    with pytest.raises(ValueError, match="expected ndim=3") as theirs:
        keras.layers.GRU(3, name="gru_2")(keras.KerasTensor((None, 4)))
    assert built.error == str(theirs.value)
    assert KERAS_WORDS in built.error
    # What is below the break is computed all the same.
    assert built.model.output_shape == (None, 4)
    with pytest.raises(SeqvizError, match="Hint: set return_sequences=True") as ours:
        build_stack(StackConfig(BROKEN))
    assert built.error in str(ours.value)


def test_a_merge_mode_of_none_cannot_be_stacked():
    config = StackConfig((LayerSpec(), LayerSpec()), bidirectional=True, merge_mode=None)
    assert build_until_refused(config).refused == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"layers": ()}, "layers"),
        ({"layers": "LSTM"}, "LayerSpec"),
        ({"merge_mode": "add"}, "merge_mode"),
        ({"vocab_size": 0}, "vocab_size"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_bad_description_is_explained(arguments, said):
    with pytest.raises(SeqvizError, match=said):
        StackConfig(**arguments)


def test_a_bad_layer_is_explained_and_a_good_one_normalised():
    with pytest.raises(SeqvizError, match="cell"):
        LayerSpec("lstm")
    with pytest.raises(SeqvizError, match="units"):
        LayerSpec(units=0)
    assert LayerSpec(units=np.int64(3)) == LayerSpec(units=3)
    assert hash(StackConfig([LayerSpec()])) == hash(StackConfig((LayerSpec(),)))


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_merged_is_what_keras_merges(merge_mode, return_sequences):
    model, trace = both(merge_mode, return_sequences)
    data = compute_bidirectional(trace)
    assert data.merge_mode == merge_mode
    assert data.return_sequences is return_sequences
    assert data.forward.timesteps.tolist() == [0, 1, 2]
    assert data.backward.timesteps.tolist() == [2, 1, 0]
    output = model(np.array(IDS))
    parts = output if merge_mode is None else [output]
    expected = np.concatenate([np.array(p)[0].reshape(-1, p.shape[-1]) for p in parts], axis=1)
    np.testing.assert_allclose(data.outputs, expected, rtol=0, atol=1e-6)


def test_the_backward_half_of_the_last_is_the_first_of_the_sequence():
    seq = compute_bidirectional(both("concat")[1])
    last = compute_bidirectional(both("concat", False)[1])
    np.testing.assert_array_equal(last.outputs[0, :3], seq.outputs[-1, :3])
    np.testing.assert_array_equal(last.outputs[0, 3:], seq.outputs[0, 3:])
    assert np.abs(last.outputs[0, 3:] - seq.outputs[-1, 3:]).max() > 1e-3
    np.testing.assert_array_equal(seq.outputs[0, 3:], seq.backward.hidden[-1])


def test_anybodys_bidirectional_layer_can_be_drawn():
    layer = keras.layers.Bidirectional(keras.layers.LSTM(2), merge_mode="ave", name="mine")
    trace = seqviz.capture(layer, np.ones((2, 4, 3), np.float32))
    data = compute_bidirectional(trace, sample=1)
    assert (data.name, data.merge_mode) == ("mine", "ave")
    # Four timesteps, and the merge.
    assert [f.name for f in plot_bidirectional(trace).frames] == list("012345")


@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_the_merge_mode_is_the_layers_whatever_sample_is_asked_for(merge_mode):
    vectors, layer = keras.layers.Embedding(9, 4, mask_zero=True), keras.layers.GRU(3)
    both = keras.layers.Bidirectional(layer, merge_mode=merge_mode)
    ids = keras.Input((3,), dtype="int32")
    x = vectors(ids)
    # Both directions of the second sample are zeros: any mode would make them.
    trace = seqviz.capture(keras.Model(ids, both(x)), np.array([[3, 4, 5], [0, 0, 0]]))
    modes = [compute_bidirectional(trace, sample=sample).merge_mode for sample in (0, 1)]
    assert modes == [both.merge_mode] * 2


def test_layers_side_by_side_are_no_stack():
    ids = keras.Input((3,), dtype="int32")
    x = keras.layers.Embedding(9, 3)(ids)
    left = keras.layers.LSTM(3, return_sequences=True, name="left")
    right = keras.layers.LSTM(3, return_sequences=True, name="right")
    side = keras.Model(ids, keras.layers.Add()([left(x), right(x)]))
    with pytest.raises(SeqvizError, match="'right' does not read what 'left' returned"):
        compute_stack(seqviz.capture(side, IDS))
    above = keras.Model(ids, right(keras.layers.Dropout(0.5)(left(x))))
    assert compute_stack(seqviz.capture(above, IDS)).names == ("left", "right")


def test_what_cannot_be_drawn_is_explained():
    with pytest.raises(SeqvizError, match="plot_bidirectional"):
        compute_stack(both("concat")[1])
    with pytest.raises(SeqvizError, match="no recurrent layer"):
        compute_stack({})
    with pytest.raises(SeqvizError, match="Bidirectional layer is needed"):
        compute_bidirectional(seqviz.capture(build_stack(StackConfig()), IDS))


@pytest.mark.parametrize("layers", [MIXED, BROKEN, (LayerSpec(),)])
def test_the_script_runs_and_gives_the_same(layers):
    config = StackConfig(layers, seed=5)
    built = build_until_refused(config)
    left = run(stack_code(config, built, IDS[0], TOKENS))
    np.testing.assert_array_equal(np.array(left["output"]), np.array(built.model(np.array(IDS))))
    assert left.get("error_text", "") == built.error


@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_the_script_of_both_directions_runs_and_gives_the_same(merge_mode):
    config = StackConfig((LayerSpec("LSTM", 3),), bidirectional=True, merge_mode=merge_mode)
    built = build_until_refused(config)
    left = run(stack_code(config, built, IDS[0], TOKENS))
    for ours, theirs in zip(
        keras.tree.flatten(left["output"]),
        keras.tree.flatten(built.model(np.array(IDS))),
        strict=True,
    ):
        np.testing.assert_array_equal(np.array(ours), np.array(theirs))


def test_a_stack_is_played_by_timestep_or_by_layer():
    data = compute_stack(seqviz.capture(build_stack(StackConfig(MIXED)), IDS))
    by_timestep = plot_stack(data)
    by_layer = plot_stack(data, order="layer")
    assert len(by_timestep.frames) == 1 + 3
    assert len(by_layer.frames) == 1 + 3 * 3
    assert len(stack_captions(data, TOKENS)) == 4
    assert len(stack_captions(data, TOKENS, order="layer")) == 10
    # By layer: nothing above the first layer is seen until it has read all words.
    above = [shapes_at(by_layer, k)[0]["y0"] for k in range(1, 9)]
    assert above == sorted(above)
    assert len(set(above)) == 3
    # The veil leaves one column more at each step, and nothing at the end.
    edges = [shapes_at(by_timestep, k)[0]["x0"] for k in range(4)]
    assert edges == sorted(edges)
    assert edges[-1] >= 2 * 1.32 + 1


def test_the_break_is_drawn_with_keras_own_words():
    built = build_until_refused(StackConfig(BROKEN))
    trace = seqviz.capture(built.model, IDS)
    data = compute_stack(trace, refused=built.names[1:], error=built.error)
    figure = plot_stack(data)
    words = " ".join(word.text for word in drawn.words(figure)).replace("<br>", " ")
    assert "expected ndim=3, found ndim=2" in words
    assert "<b>gru_2</b> refused" in words
    assert "<b>lstm_3</b> never called" in words
    assert words.count("not returned") == 2
    assert drawn.markers(figure, "x")


def test_beyond_readable_boxes_the_same_numbers_are_heatmaps():
    config = StackConfig((LayerSpec("GRU", 30), LayerSpec("LSTM", 20)))
    trace = seqviz.capture(build_stack(config), [[2] * 20])
    data = compute_stack(trace)
    for order, frames in (("timestep", 21), ("layer", 41)):
        figure = plot_stack(trace, order=order)
        assert len(figure.frames) == frames
        top, below, words = [t for t in figure.data if t.type == "heatmap" and t.yaxis != "y20"]
        np.testing.assert_array_equal(top.z, data.layers[1].hidden[1:].T)
        np.testing.assert_array_equal(below.z, data.layers[0].hidden[1:].T)
        assert words.z.shape == (2, 20)
    # By layer: one veil a layer, lowest first.
    middle = plot_stack(trace, order="layer", step=25).layout.shapes
    assert [shape.x0 for shape in middle] == [19.5, 4.5]
    assert [shape.yref for shape in middle] == ["y2 domain", "y domain"]


def test_both_directions_as_heatmaps_come_from_both_sides():
    model = build_stack(StackConfig((LayerSpec("GRU", 30),), bidirectional=True))
    figure = plot_bidirectional(seqviz.capture(model, [[2] * 20]), step=5)
    assert len(figure.frames) == 22
    forward, backward, merged = figure.layout.shapes
    assert (forward.x0, forward.x1) == (4.5, 19.5)
    assert (backward.x0, backward.x1) == (-0.5, 14.5)
    assert (merged.x0, merged.x1) == (-0.5, 19.5)
    assert [t.z.shape[0] for t in figure.data if t.type == "heatmap"] == [60, 30, 30, 2]


def test_both_directions_are_uncovered_from_both_sides():
    figure = plot_bidirectional(both("concat")[1])
    forward, backward, merged = ([shapes_at(figure, k)[i] for k in range(5)] for i in range(3))
    assert [f["x0"] for f in forward] == sorted(f["x0"] for f in forward)
    assert [b["x1"] for b in backward[:4]] == sorted((b["x1"] for b in backward[:4]), reverse=True)
    # The merge is covered until both have read all words.
    assert all(m["y0"] < m["y1"] for m in merged[:4])
    assert merged[4]["y0"] == merged[4]["y1"]


def test_tables_and_captions_say_what_the_picture_shows():
    trace = seqviz.capture(build_stack(StackConfig(MIXED)), IDS)
    data = compute_stack(trace)
    table = stack_table(data, TOKENS, IDS[0])
    assert table["token"] == TOKENS
    assert table["gru_2 h[2]"] == data.layers[1].hidden[1:, 2].tolist()
    assert "lstm_1 c[4]" in table
    data = compute_bidirectional(both("sum")[1])
    table = bidirectional_table(data, TOKENS, IDS[0])
    total = np.add(table["forward h[0]"], table["backward h[0]"])
    np.testing.assert_allclose(total, table["output[0]"], rtol=0, atol=1e-6)
    captions = bidirectional_captions(data, TOKENS)
    assert captions[1] == "Step 1 of 4: forward reads “I”, backward reads “Groot”."
    assert len(captions) == len(plot_bidirectional(data).frames)


@settings(deadline=None, database=None, derandomize=True, max_examples=6)
@given(
    st.lists(
        st.builds(LayerSpec, st.sampled_from(["SimpleRNN", "GRU", "LSTM"]), st.integers(1, 3)),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 4),
)
def test_any_stack_is_keras_own_and_can_be_drawn(layers, timesteps):
    model = build_stack(StackConfig(tuple(layers)))
    ids = [[2 + k for k in range(timesteps)]]
    trace = seqviz.capture(model, ids)
    np.testing.assert_allclose(trace.output, np.array(model(np.array(ids))), rtol=0, atol=1e-6)
    for order, frames in (("timestep", timesteps), ("layer", timesteps * len(layers))):
        assert len(plot_stack(trace, order=order).frames) == frames + 1
