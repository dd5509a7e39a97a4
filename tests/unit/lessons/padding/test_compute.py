"""Masks on their way through real layers: what each does with them, and what states become."""

import itertools
import threading
import warnings
from dataclasses import replace

import numpy as np
import pytest

import seqviz
from seqviz import PaddingConfig, SeqvizError
from seqviz.figures import plot_mask_flow, plot_masked_states
from seqviz.lessons.padding.code import padding_code
from seqviz.lessons.padding.compute import padded_tokens, padding_arrays, read_sentences
from seqviz.lessons.padding.with_keras import (
    build_padding_layers,
    build_padding_model,
    lost_mask_warning,
)
from seqviz.lessons.padding.words import padding_captions, padding_table
from seqviz.plotly_kit.palette import LIGHT
from tests.unit.drawn import markers, texts

pytestmark = pytest.mark.filterwarnings("ignore:Layer 'flatten'")

ROWS = [[2, 3, 4, 5], [2, 3], [6]]
TOKENS = [["a", "b", "c", "d"], ["a", "b"], ["e"]]
CELLS = ("SimpleRNN", "GRU", "LSTM")


def run(**arguments):
    return seqviz.compute_padding(ROWS, PaddingConfig(**arguments))


@pytest.mark.parametrize("padding", ["pre", "post"])
def test_ids_are_those_of_pad_sequences(padding):
    import keras

    data = run(padding=padding)
    np.testing.assert_array_equal(data.ids, keras.utils.pad_sequences(ROWS, padding=padding))
    assert data.real.sum(axis=1).tolist() == [4, 2, 1]
    np.testing.assert_array_equal(data.real, data.ids != 0)


def test_the_two_ways_of_keras_pad_on_different_sides():
    import keras

    # The default of pad_sequences is before; TextVectorization knows only after.
    assert keras.utils.pad_sequences([[5, 6], [7]]).tolist() == [[5, 6], [0, 7]]
    vectorize = keras.layers.TextVectorization(vocabulary=["a", "b"], name="vectorize")
    assert np.asarray(vectorize(["a b", "a"])).tolist() == [[2, 3], [2, 0]]


@pytest.mark.parametrize(
    ("arguments", "fates"),
    [
        ({}, ["made", "carried", "carried", "lost"]),
        ({"return_sequences": False}, ["made", "used up", "none", "none"]),
        ({"mask_zero": False}, ["none"] * 4),
        ({"zero_output_for_mask": True}, ["made", "carried", "carried", "lost"]),
    ],
)
@pytest.mark.parametrize("cell", CELLS)
def test_fate_of_the_mask(cell, arguments, fates):
    assert [stage.fate for stage in run(cell=cell, **arguments).stages] == fates


@pytest.mark.parametrize("arguments", [{}, {"padding": "pre"}, {"return_sequences": False}])
@pytest.mark.parametrize("cell", CELLS)
def test_every_layer_agrees_with_kerass_own_model(cell, arguments):
    import keras

    config = PaddingConfig(cell=cell, **arguments)
    data = seqviz.compute_padding(ROWS, config)
    model = build_padding_model(config, data.ids.shape[1])
    every = keras.Model(model.inputs[0], [layer.output for layer in model.layers], name="every")
    mask = None
    x = keras.ops.convert_to_tensor(data.ids)
    for stage, theirs, layer in zip(data.stages, every(data.ids), model.layers, strict=True):
        np.testing.assert_allclose(stage.values, theirs, atol=2e-7)
        # compute_mask is the documented way; a layer that supports no masks has none to compute.
        mask = layer.compute_mask(x, mask) if layer.supports_masking else None
        assert (stage.mask is None) == (mask is None)
        if mask is not None:
            np.testing.assert_array_equal(stage.mask, mask)
        x = theirs


ALL = list(itertools.product(CELLS, ("pre", "post"), (True, False), (True, False), (True, False)))


@pytest.mark.parametrize("cell", CELLS)
def test_opened_states_equal_kerass_loop(cell):
    for _, padding, sequences, mask_zero, zeros in (case for case in ALL if case[0] == cell):
        data = run(
            cell=cell,
            padding=padding,
            return_sequences=sequences,
            mask_zero=mask_zero,
            zero_output_for_mask=zeros,
        )
        assert data.difference < 3e-7


@pytest.mark.parametrize("cell", CELLS)
def test_padded_after_repeats_the_last_h(cell):
    h = run(cell=cell, padding="post").with_mask
    np.testing.assert_array_equal(h[1, 2:], [h[1, 1]] * 2)
    np.testing.assert_array_equal(h[2, 1:], [h[2, 0]] * 3)
    assert np.abs(h[2, 0]).max() > 0.01


@pytest.mark.parametrize("cell", CELLS)
def test_padded_before_stays_at_zeros(cell):
    h = run(cell=cell, padding="pre").with_mask
    assert not h[1, :2].any()
    assert not h[2, :3].any()
    assert h[1, 2].any()


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("cell", CELLS)
def test_with_the_mask_padding_changes_nothing_and_without_it_does(cell, padding):
    data = run(cell=cell, padding=padding)
    assert data.error_with_mask < 3e-7
    assert data.error_without_mask > 0.05


def test_zero_output_for_mask_changes_what_is_returned_not_the_states():
    plain, zeros = run(), run(zero_output_for_mask=True)
    np.testing.assert_array_equal(plain.with_mask, zeros.with_mask)
    np.testing.assert_array_equal(plain.returned, plain.with_mask)
    assert not zeros.returned[~zeros.real].any()
    np.testing.assert_array_equal(zeros.returned[zeros.real], plain.with_mask[plain.real])


def test_zero_output_for_mask_returns_zeros_for_the_last_state_too():
    # Seen on Keras 3.15.1: a sentence padded after returns zeros instead of its last state.
    values = run(zero_output_for_mask=True, return_sequences=False).stages[1].values
    assert values[0].any()
    assert not values[1:].any()


def test_mask_zero_leaves_row_0_as_it_is():
    masked, plain = run(), run(mask_zero=False)
    np.testing.assert_array_equal(masked.stages[0].values, plain.stages[0].values)
    assert masked.stages[0].values[2, 1].all()


def test_a_typed_0_is_masked_like_padding():
    data = seqviz.compute_padding([[2, 0, 3], [4]], PaddingConfig())
    assert data.real[0].all()
    assert data.stages[0].mask.tolist() == [[True, False, True], [True, False, False]]
    np.testing.assert_array_equal(data.with_mask[0, 1], data.with_mask[0, 0])


def test_kerass_own_warning_is_heard():
    import keras

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        data = run()
    (theirs,) = {str(w.message) for w in heard if "'flatten'" in str(w.message)}
    assert data.stages[-1].warning == theirs
    assert "destroy the mask" in theirs
    assert lost_mask_warning(keras.layers.GlobalAveragePooling1D, "pool") == ""  # it loses none


def test_any_layers_can_be_followed():
    import keras

    layers = [
        keras.layers.Embedding(9, 2, mask_zero=True, name="e"),
        keras.layers.Dropout(0.5, name="d"),
        keras.layers.GlobalAveragePooling1D(name="p"),
    ]
    stages = seqviz.trace_masks(layers, np.array([[2, 3, 0]]))
    assert [stage.fate for stage in stages] == ["made", "carried", "used up"]
    mean = stages[0].values[0, :2].mean(axis=0)
    np.testing.assert_allclose(stages[2].values[0], mean, atol=1e-7)


def test_what_cannot_be_called_is_said():
    import keras

    layers = [
        keras.layers.Embedding(9, 2, name="e"),
        keras.layers.GRU(2, name="a"),
        keras.layers.GRU(2, name="b"),
    ]
    with pytest.raises(SeqvizError, match=r"'b' cannot be called.*return_sequences=True"):
        seqviz.trace_masks(layers, np.array([[2, 3]]))


@pytest.mark.parametrize(
    ("sentences", "says"),
    [
        ([], "lengths \\[\\]"),
        ([[2], []], "lengths \\[1, 0\\]"),
        ([[50]], "Id 50"),
        ([[-1]], "Id -1"),
    ],
)
def test_bad_batches_are_said(sentences, says):
    with pytest.raises(SeqvizError, match=f"{says}.*(Use|Write)"):
        seqviz.compute_padding(sentences, PaddingConfig())


@pytest.mark.parametrize(
    "arguments", [{"padding": "both"}, {"cell": "RNN"}, {"units": 0}, {"units": 1.5}, {"seed": -1}]
)
def test_bad_configs_are_said(arguments):
    (name,) = arguments
    with pytest.raises(SeqvizError, match=f"{name} is .*Write"):
        PaddingConfig(**arguments)


def test_sentences_share_a_vocabulary():
    read = read_sentences("I am Groot\n\nGroot am\n")
    assert read.ids == ((2, 3, 4), (4, 3))
    assert read.tokens == (("I", "am", "Groot"), ("Groot", "am"))
    assert read.vocab_size == 50


def test_lines_of_ids_are_ids():
    read = read_sentences("2 3 0\n77")
    assert read.ids == ((2, 3, 0), (77,))
    assert read.tokens == (("id 2", "id 3", "[PAD]"), ("id 77",))
    assert read.vocab_size == 78
    with pytest.raises(SeqvizError, match="Id -1"):
        read_sentences("2 3\n-1")


def test_what_is_too_much_is_cut_and_said():
    read = read_sentences("\n".join(["a " * 20] * 31))
    assert [len(ids) for ids in read.ids] == [12] * 30
    assert len(read.notices) == 2
    assert read_sentences(" \n…!").notices == ("Type one sentence a line, such as: I am Groot",)


@pytest.mark.parametrize(
    "arguments",
    [{}, {"mask_zero": False, "padding": "pre"}, {"cell": "GRU", "zero_output_for_mask": True},
     {"cell": "SimpleRNN", "return_sequences": False, "seed": 7}],
)  # fmt: skip
def test_script_gives_the_same(arguments):
    config = PaddingConfig(**arguments)
    data = seqviz.compute_padding(ROWS, config)
    left: dict = {}
    exec(compile(padding_code(ROWS, config), "script.py", "exec"), left)
    np.testing.assert_array_equal(left["ids"], data.ids)
    np.testing.assert_allclose(np.asarray(left["output"]), data.stages[-1].values, atol=1e-6)
    for mask, stage in zip(left["masks"], data.stages, strict=True):
        assert (mask is None) == (stage.mask is None)
        if mask is not None:
            np.testing.assert_array_equal(mask, stage.mask)


def test_words_of_the_picture():
    data = run(padding="pre")
    assert padded_tokens(TOKENS, data.real)[1:] == (
        ("[PAD]", "[PAD]", "a", "b"),
        ("[PAD]", "[PAD]", "[PAD]", "e"),
    )
    captions = padding_captions(data)
    assert (
        captions[0] == "pad_sequences makes one batch of 3 × 4: 5 padding ids, 0, before the words."
    )
    assert captions[-1] == "Flatten() returns (3, 8). The mask is lost here, and Keras warns."
    table = padding_table(data, TOKENS)
    assert table["mask after lstm"][4:8] == [False, False, True, True]
    assert "mask after flatten" not in table
    assert table["h, masked [0]"] == data.with_mask[..., 0].ravel().tolist()
    assert {len(column) for column in table.values()} == {12}
    assert set(padding_arrays(data)) >= {"ids", "h_masked", "embedding", "flatten"}


def test_many_threads_at_once():
    config = PaddingConfig(cell="GRU")
    expected = seqviz.compute_padding(ROWS, config)
    found, failed = [], []

    def work():
        try:
            found.append(seqviz.compute_padding(ROWS, config))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    for data in found:
        np.testing.assert_array_equal(data.stages[-1].values, expected.stages[-1].values)
        assert data.stages[-1].warning == expected.stages[-1].warning


def test_same_seed_same_weights_another_seed_others():
    first, again, other = (
        seqviz.compute_padding(ROWS, PaddingConfig(seed=seed)).with_mask for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_layers_are_named_and_seeded():
    names = [layer.name for layer in build_padding_layers(PaddingConfig(cell="SimpleRNN"))]
    assert names == ["embedding", "simple_rnn", "dense", "flatten"]


def grids(figure):
    """Of each heatmap the blocks that empty rows part, from the top down."""
    found = []
    for trace in figure.data:
        if trace.type == "heatmap":
            z = np.array(trace.z)[::-1]
            ends = [*np.flatnonzero(np.isnan(z).all(axis=1)), len(z)]
            starts = [0, *(end + 1 for end in ends)]
            found.append([z[a:b] for a, b in zip(starts, ends, strict=False)])
    return found


@pytest.mark.parametrize("zeros", [False, True])
def test_an_arrow_goes_over_the_steps_that_repeat_a_state(zeros):
    data = run(zero_output_for_mask=zeros)
    heads = markers(plot_mask_flow(data, tokens=TOKENS), "triangle-right")
    repeating = 0 if zeros else (~data.real).any(axis=1).sum()
    assert sum(head.color == LIGHT.hidden for head in heads) == repeating


def test_picture_says_where_the_mask_is_lost():
    figure = plot_mask_flow(run(), tokens=TOKENS)
    assert len(figure.frames) == 5
    assert texts(figure).count("mask goes on") == 1
    assert "skips it: state<br>carried on →" in texts(figure)
    for other, said in (("zero_output_for_mask", "skips it<br>returns 0"), ("padding", "skips it")):
        changed = {other: "pre" if other == "padding" else True}
        assert said in texts(plot_mask_flow(run(**changed)))
    assert "<b>✕ mask lost</b>" in texts(figure)
    assert "<b>✕ mask lost</b>" not in texts(plot_mask_flow(run(return_sequences=False)))
    assert texts(plot_mask_flow(run(mask_zero=False))).count("no mask") == 4


def test_picture_holds_the_values_of_every_layer():
    data = run()
    drawn = grids(plot_mask_flow(data))
    assert len(drawn) == len(data.stages)
    for blocks, stage in zip(drawn, data.stages, strict=True):
        for block, values in zip(blocks, stage.values, strict=True):
            # One vector stands like a step of a sequence; what Flatten made lies.
            shape = block.T if stage.values.ndim == 3 else block.reshape(values.shape)
            np.testing.assert_array_equal(shape, values)


def test_what_flatten_made_of_padding_is_still_hatched():
    def widths(**arguments):
        """Of the hatched boxes on the axes of Dense and Flatten, as they are drawn."""
        hatched = [
            np.array(trace.x, float)
            for trace in plot_mask_flow(run(**arguments)).data
            if trace.type == "scatter" and trace.fillpattern.shape and trace.xaxis == "x2"
        ]
        boxes = [box for x in hatched for box in np.split(x, np.flatnonzero(np.isnan(x)))]
        spans = [np.nanmax(box) - np.nanmin(box) for box in boxes if not np.isnan(box).all()]
        return [round(span, 3) for span in spans]

    found = widths()
    padded = (run().ids == 0).sum()
    assert len(found) == 2 * padded
    assert len(set(found)) == 2  # Flatten's are wider: it has all numbers beside each other
    assert not widths(mask_zero=False)
    assert not widths(return_sequences=False)


@pytest.mark.parametrize("step", [0, 2, None])
def test_picture_opens_at_its_step(step):
    figure = plot_mask_flow(run(), step=step)
    shown = 4 if step is None else step
    for shape, move in zip(figure.layout.shapes, figure.frames[shown].layout.shapes, strict=True):
        change = move.to_plotly_json()
        assert {key: shape[key] for key in change} == change


def test_states_side_by_side():
    data = run(zero_output_for_mask=True)
    drawn = grids(plot_masked_states(data))
    for blocks, h in zip(drawn, [data.with_mask, data.without_mask, data.returned], strict=True):
        np.testing.assert_array_equal([block.T for block in blocks], h)
    assert len(grids(plot_masked_states(run()))) == 2


def test_what_is_typed_is_never_markup_in_a_picture():
    figure = plot_mask_flow(run(), tokens=[["<b>", "%{z}", "#000001", "&"], ["a", "b"], ["e"]])
    assert {"&lt;b&gt;", "%\u200b{z}", "&amp;"} <= set(texts(figure))
    assert not any("#000001" in word for word in texts(figure))


def test_largest_picture_is_small_enough():
    rows = [list(range(2, 14)), [2], [3], [4, 5]]
    data = seqviz.compute_padding(rows, replace(PaddingConfig(), units=16))
    assert len(plot_mask_flow(data).to_json()) + len(plot_masked_states(data).to_json()) < 300_000
