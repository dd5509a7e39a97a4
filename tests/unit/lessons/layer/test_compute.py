"""The inside of an Embedding layer: its parts, what its arguments add, and one real step."""

import warnings

import keras
import numpy as np
import pytest

import seqviz
from seqviz import ModelConfig, SeqvizError
from seqviz.figures import plot_embedding_layer, plot_embedding_step
from seqviz.lessons.layer.code import layer_code
from seqviz.lessons.layer.compute import (
    CONSTRAINTS,
    DTYPES,
    REGULARIZERS,
    LayerSettings,
    code_lines,
    penalty_in_words,
)
from seqviz.lessons.layer.my_embedding import MyEmbedding
from seqviz.lessons.layer.with_keras import build_layer, input_length_warning
from seqviz.lessons.layer.words import layer_captions, layer_table
from seqviz.models.build import build_embedding
from seqviz.plotly_kit.palette import token_colors
from tests.unit.backends import BACKEND, only_elsewhere, only_on_tensorflow
from tests.unit.drawn import texts

needs_tape = only_on_tensorflow("a step needs its tape, see test_a_step_needs_tensorflow")

IDS = (3, 7, 7, 0)
TOKENS = ("a", "b", "b", "[PAD]")


def settings_of(size=8, features=2, mask_zero=False, initializer="normal", **more):
    config = ModelConfig(
        vocab_size=size,
        embedding_dim=features,
        mask_zero=mask_zero,
        embeddings_initializer=initializer,
    )
    return LayerSettings(config, **more)


@pytest.mark.parametrize("ids", [[[1, 2]], [[1.0, 2.9]], [[[0], [7]]]])
def test_our_few_lines_are_keras_layer(ids):
    theirs = keras.layers.Embedding(
        8,
        3,
        mask_zero=True,
        embeddings_initializer=keras.initializers.RandomNormal(seed=1),
        name="e",
    )
    ours = MyEmbedding(8, 3, keras.initializers.RandomNormal(seed=1), name="m")
    given = np.array(ids)
    assert np.array_equal(ours(given), theirs(given))
    assert np.array_equal(ours.W, theirs.embeddings)
    assert np.array_equal(ours.compute_mask(given), theirs.compute_mask(given))
    assert len(ours.trainable_weights) == len(theirs.trainable_weights) == 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("mask_zero", [False, True])
def test_parts_of_a_real_layer(dtype, mask_zero):
    settings = settings_of(mask_zero=mask_zero)
    layer = build_layer(settings)
    data = seqviz.compute_layer_parts(layer, IDS, dtype=dtype)
    assert data.given.dtype == dtype
    assert data.ids.dtype == np.int32
    assert data.ids.tolist() == list(IDS)
    assert np.array_equal(data.weights, build_embedding(settings.config).embeddings)
    assert np.array_equal(data.output, layer(np.array([IDS]))[0])
    assert data.difference == 0
    assert (None if data.mask is None else data.mask.tolist()) == (
        [True, True, True, False] if mask_zero else None
    )
    assert (data.trainable_weights, data.frozen_weights) == (16, 0)
    assert data.initializer == "RandomNormal"


def test_frozen_weights_are_counted_as_such():
    data = seqviz.compute_layer_parts(build_layer(settings_of(trainable=False)), IDS)
    assert (data.trainable_weights, data.frozen_weights) == (0, 16)


@pytest.mark.parametrize("strength", [0.0001, 0.01, 1.0])
@pytest.mark.parametrize("regularizer", REGULARIZERS)
def test_the_regularizers_arithmetic_is_keras(regularizer, strength):
    settings = settings_of(regularizer=regularizer, strength=strength)
    data = seqviz.compute_layer_parts(build_layer(settings), IDS)
    words, value = penalty_in_words(settings, data.weights)
    if regularizer == "none":
        assert (data.losses, value) == ((), 0)
        return
    assert data.losses == pytest.approx([value], rel=1e-5)
    assert words.startswith(f"{strength:g} × Σ ")
    assert words.endswith(f"= {value:.6g}")


def test_penalty_by_hand_and_none_of_a_frozen_matrix():
    weights = np.array([[1.0, -2.0], [0.0, 3.0]])
    assert penalty_in_words(settings_of(regularizer="l1", strength=0.1), weights)[1] == (
        pytest.approx(0.6)
    )
    assert penalty_in_words(settings_of(regularizer="l2", strength=0.1), weights)[1] == (
        pytest.approx(1.4)
    )
    frozen = settings_of(regularizer="l2", trainable=False)
    assert build_layer(frozen).losses == []
    assert "frozen" in penalty_in_words(frozen, weights)[0]


@needs_tape
def test_a_step_moves_only_the_rows_looked_up_once_a_lookup():
    step = seqviz.compute_layer_step(settings_of(), IDS, learning_rate=0.5)
    moved = step.after - step.before
    expected = np.zeros((8, 2))
    expected[[3, 0]] = 0.5
    expected[7] = 1.0  # twice in the sequence
    np.testing.assert_allclose(moved, expected, atol=1e-6)
    np.testing.assert_allclose(step.stepped, step.after, atol=1e-6)
    assert step.looked_up == {0, 3, 7}


@needs_tape
def test_a_regularizer_moves_every_row():
    step = seqviz.compute_layer_step(settings_of(regularizer="l2", strength=0.1), IDS)
    np.testing.assert_allclose(step.after[1], 0.8 * step.before[1], rtol=1e-5)


@needs_tape
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_constraints_hold_for_the_whole_matrix_after_a_step(constraint, axis):
    step = seqviz.compute_layer_step(settings_of(constraint=constraint, axis=axis), IDS)
    norms = np.linalg.norm(step.stepped, axis=axis, keepdims=True)
    expected = {
        "none": step.stepped,
        "non_neg": np.maximum(step.stepped, 0),
        "unit_norm": step.stepped / norms,
        "max_norm": step.stepped * np.minimum(1, 1 / norms),
    }[constraint]
    np.testing.assert_allclose(step.after, expected, atol=1e-5)


@needs_tape
def test_unit_norm_as_it_comes_is_for_columns():
    assert keras.constraints.UnitNorm().axis == 0
    after = seqviz.compute_layer_step(settings_of(constraint="unit_norm"), IDS).after
    np.testing.assert_allclose(np.linalg.norm(after, axis=0), 1, rtol=1e-5)
    assert not np.allclose(np.linalg.norm(after, axis=1), 1, rtol=0.01)


@only_elsewhere
def test_a_step_needs_tensorflow():
    with pytest.raises(SeqvizError, match=f"runs on {BACKEND}, .*KERAS_BACKEND=tensorflow"):
        seqviz.compute_layer_step(settings_of(), IDS)


def test_a_frozen_matrix_stays():
    step = seqviz.compute_layer_step(settings_of(trainable=False, constraint="unit_norm"), IDS)
    assert np.array_equal(step.before, step.after)


def test_input_length_only_warns():
    said = input_length_warning()
    assert said == "UserWarning: Argument `input_length` is deprecated. Just remove it."
    with pytest.warns(UserWarning, match="input_length"):
        layer = build_layer(settings_of(input_length=99))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        without = build_layer(settings_of())
    ids = np.array([IDS])
    assert np.array_equal(layer(ids), without(ids))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"regularizer": "l3"}, "regularizer is 'l3'"),
        ({"constraint": "max"}, "constraint is 'max'"),
        ({"axis": 2}, "axis is 2"),
        ({"strength": -1.0}, "strength is -1.0"),
        ({"strength": float("nan")}, "strength is nan"),
    ],
)
def test_what_makes_no_layer_is_said(more, says):
    with pytest.raises(SeqvizError, match=f"{says}.*Hint: "):
        settings_of(**more)


def test_an_id_without_a_row_is_said():
    with pytest.raises(SeqvizError, match="id 8 "):
        seqviz.compute_layer_parts(build_layer(settings_of()), [8])


CASES = [
    {},
    {"mask_zero": True},
    *[{"regularizer": r, "strength": 0.5} for r in ("l1", "l2")],
    *[{"constraint": c, "axis": 1} for c in ("non_neg", "unit_norm", "max_norm")],
    {"trainable": False, "input_length": 3, "mask_zero": True, "regularizer": "l2"},
    {"initializer": "zeros", "size": 8, "features": 1},
]


@pytest.mark.filterwarnings("ignore:Argument `input_length`")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_code_runs_and_is_the_layer(case, dtype, capsys):
    settings = settings_of(**case)
    layer = build_layer(settings)
    data = seqviz.compute_layer_parts(layer, IDS, dtype=dtype)
    source = layer_code(layer, settings, IDS, ("]])", "ids = ", "\n)\n", "'''"), dtype)
    left = {"__name__": "__main__"}
    exec(source, left)
    assert np.array_equal(left["output"][0], data.output)
    assert np.array_equal(left["ours"], left["output"])
    assert left["ids"].dtype == (dtype if dtype == "float32" else np.array([1]).dtype)
    made = left["layer"]
    assert [float(loss) for loss in made.losses] == list(data.losses)
    for name in ("embeddings_constraint", "embeddings_regularizer"):
        ours, theirs = getattr(layer, name), getattr(made, name)
        assert type(ours) is type(theirs)
        assert ours is None or ours.get_config() == theirs.get_config()
    assert made.trainable == layer.trainable
    if data.mask is not None:
        assert np.array_equal(left["mask"][0], data.mask)
    assert "largest difference: 0.0" in capsys.readouterr().out


def test_the_lines_in_the_picture_are_those_that_run():
    settings = settings_of(mask_zero=True)
    source = layer_code(build_layer(settings), settings, IDS, TOKENS, "float32")
    build, weight, *others = code_lines(settings)
    assert "self.W = self.add_weight(" in weight
    assert "(8, 2)" in weight
    for line in (build, *others):
        assert line.strip() in source
    assert len(code_lines(settings_of())) == 5


@pytest.mark.parametrize("mask_zero", [False, True])
def test_picture_shows_each_part_when_it_is_made(mask_zero):
    settings = settings_of(mask_zero=mask_zero)
    data = seqviz.compute_layer_parts(build_layer(settings), IDS)
    figure = plot_embedding_layer(data, code=code_lines(settings), tokens=TOKENS)
    steps = 5 if mask_zero else 4
    assert len(figure.frames) == len(layer_captions(data)) == steps
    # Veils: matrix, cast ids, output, and mask if there is one.
    veils = steps - 1
    for step, frame in enumerate(figure.frames):
        veiled = [shape.y1 > 0 for shape in frame.layout.shapes[:veils]]
        assert veiled == [step < made for made in range(1, veils + 1)]
    take = figure.frames[3].layout.shapes[veils : veils + 2]
    assert [(shape.y0, shape.y1) for shape in take] == [(-3, -2), (-5, -4)]
    # Rows light up as they are taken, in the colours of their tokens.
    rows = slice(veils + 2, veils + 2 + len(set(IDS)))
    assert all(shape.y1 < 0 for shape in figure.frames[2].layout.shapes[rows])
    assert all(shape.y1 > 0 for shape in figure.frames[3].layout.shapes[rows])
    lit = {shape.line.color for shape in figure.layout.shapes[rows]}
    assert lit == set(token_colors(IDS))


@needs_tape
@pytest.mark.parametrize(
    ("count", "size", "features", "every"), [(1, 2, 1, 1), (30, 1000, 16, 2), (200, 400, 128, 13)]
)
def test_pictures_of_any_size(count, size, features, every):
    settings = settings_of(size, features, mask_zero=True)
    ids = [i * 7 % size for i in range(count)]
    data = seqviz.compute_layer_parts(build_layer(settings), ids)
    figure = plot_embedding_layer(data, code=code_lines(settings), tokens=["<i>%{y}"] * count)
    assert "<i>" not in figure.to_json()
    assert len(figure.frames) == 5
    # What is left out is said, and what is written is as many as that leaves.
    shown = texts(figure)
    assert (f"one in<br>{every} tokens" in shown) is (every > 1)
    assert sum("&lt;i&gt;" in word for word in shown) == -(-count // every)
    step = plot_embedding_step(seqviz.compute_layer_step(settings, ids))
    assert len(figure.to_json()) + len(step.to_json()) < 900_000


def test_table_and_captions():
    data = seqviz.compute_layer_parts(build_layer(settings_of(mask_zero=True)), IDS)
    table = layer_table(data, TOKENS, widest=1)
    assert table["given"] == [3.0, 7.0, 7.0, 0.0]
    assert table["mask"] == [True, True, True, False]
    assert "output[1]" not in table
    captions = layer_captions(data)
    assert "one matrix of 8 rows, 2 numbers each" in captions[1]
    assert "float32" in captions[2]
    assert "1 of 4 timesteps" in captions[4]


@needs_tape
@pytest.mark.parametrize("features", [2, 9])
def test_picture_of_a_step_says_the_norms(features):
    settings = settings_of(features=features, constraint="unit_norm")
    step = seqviz.compute_layer_step(settings, IDS)
    words = [text for trace in plot_embedding_step(step).data if trace.text for text in trace.text]
    for norm in np.linalg.norm(step.after, axis=1):
        assert f"{norm:.2f}" in words
    assert words.count("1.00") >= 2 if features == 2 else "1.00 … 1.00" in words
