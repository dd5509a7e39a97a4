"""Gather and product: the same rows, by Keras and by NumPy, at very different cost."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.figures import plot_gather_or_multiply, plot_lookup_costs
from seqviz.lessons.gather.code import gather_code
from seqviz.lessons.gather.costs import compute_lookup_costs, growth, times_in_words
from seqviz.lessons.gather.words import gather_captions, gather_table
from seqviz.models.build import build_embedding

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=30)


def layer_of(size=10, features=3, **more):
    return build_embedding(seqviz.ModelConfig(vocab_size=size, embedding_dim=features, **more))


@pytest.fixture(scope="module")
def data():
    return seqviz.compute_gather_or_multiply(layer_of(), [2, 3, 2])


def test_by_hand():
    weights = [[0, 1], [2, 3], [4, 5]]
    assert seqviz.gather(weights, [2, 0]).tolist() == [[4, 5], [0, 1]]
    assert seqviz.one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert seqviz.multiply_one_hot(weights, [2, 0]).tolist() == [[4, 5], [0, 1]]


@STEADY
@given(
    size=st.integers(1, 30),
    features=st.integers(1, 5),
    ids=st.lists(st.integers(0, 29), max_size=8),
    seed=st.integers(0, 99),
)
def test_gather_is_the_product_bit_for_bit(size, features, ids, seed):
    weights = np.random.default_rng(seed).normal(size=(size, features)).astype(np.float32)
    ids = [i % size for i in ids]
    rows = seqviz.gather(weights, ids)
    assert np.array_equal(rows, seqviz.multiply_one_hot(weights, ids))
    assert rows.dtype == weights.dtype
    assert not np.shares_memory(rows, weights)
    assert np.array_equal(seqviz.one_hot(ids, size).sum(-1), np.ones(len(ids)))


def test_any_shape_of_ids():
    weights = np.arange(12.0).reshape(4, 3)
    ids = np.array([[[3], [0]], [[1], [1]]])
    assert seqviz.gather(weights, ids).shape == (2, 2, 1, 3)
    assert np.array_equal(seqviz.gather(weights, ids), seqviz.multiply_one_hot(weights, ids))
    assert seqviz.gather(weights, 2).tolist() == [6, 7, 8]


def test_gather_makes_no_one_hot():
    weights = np.zeros((100_000, 4), np.float32)
    ids = np.arange(16)
    tracemalloc.start()
    try:
        seqviz.gather(weights, ids)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000 * 4, "not even one one-hot row"


@pytest.mark.parametrize(
    ("weights", "ids", "says"),
    [
        ([[1.0]], [1], r"id 1 .* 0 … 0"),
        ([[1.0]], [-1], "id -1 "),
        ([[1.0]], [0.0], "type float64"),
        ([1.0], [0], r"shape \(1,\)"),
    ],
)
@pytest.mark.parametrize("way", [seqviz.gather, seqviz.multiply_one_hot])
def test_what_cannot_be_looked_up_is_said(way, weights, ids, says):
    with pytest.raises(SeqvizError, match=f"{says}.*Hint: "):
        way(weights, ids)


def test_three_ways_of_real_keras(data):
    layer = layer_of()
    assert np.array_equal(data.weights, layer.embeddings.numpy())
    assert np.array_equal(data.gathered, layer(np.array([[2, 3, 2]]))[0].numpy())
    assert np.array_equal(data.gathered, data.multiplied)
    assert np.array_equal(data.gathered, data.dense)
    assert data.difference == 0
    assert np.array_equal(data.one_hot, seqviz.one_hot([2, 3, 2], 10))
    assert data.rows.tolist() == list(range(10))


@pytest.mark.parametrize(
    ("ids", "says"), [([10], "id 10 "), ([[1]], r"\(timesteps,\)"), ([-1], "id -1 ")]
)
def test_three_ways_refuse(ids, says):
    with pytest.raises(SeqvizError, match=says):
        seqviz.compute_gather_or_multiply(layer_of(), ids)


def test_three_ways_need_weights():
    import keras

    with pytest.raises(SeqvizError, match="build"):
        seqviz.compute_gather_or_multiply(keras.layers.Embedding(3, 2, name="e"), [1])


def test_costs_by_hand():
    costs = compute_lookup_costs(3, 4, vocab_sizes=(10, 100))
    assert costs.product_multiply_adds.tolist() == [3 * 10 * 4, 3 * 100 * 4]
    assert costs.gather_multiply_adds.tolist() == [0, 0]
    assert costs.product_bytes.tolist() == [3 * 10 * 4, 3 * 100 * 4]
    assert costs.gather_bytes.tolist() == [12, 12]
    # The bytes are those of real arrays.
    assert seqviz.one_hot([1, 2, 3], 100).nbytes == costs.product_bytes[1]
    with pytest.raises(SeqvizError, match=r"timesteps=0.*Hint"):
        compute_lookup_costs(0, 4)


def test_growth_is_the_slope_on_logarithmic_axes():
    assert growth([10, 100, 1000], [5, 50, 500]) == pytest.approx(1)
    assert growth([10, 100], [7, 7]) == pytest.approx(0)
    assert growth([10, 100, 1000], [1, 100, 10_000]) == pytest.approx(2)
    assert times_in_words(1) == "10 times as long"
    assert times_in_words(0.5) == "3.2 times as long"
    assert times_in_words(0.05) == times_in_words(-0.2) == "no longer"
    for sizes, values in (([10], [1]), ([10, 100], [0, 1]), ([10, 100], [1]), ([5, 5], [1, 2])):
        with pytest.raises(SeqvizError, match="Hint"):
            growth(sizes, values)


def test_measuring_is_bounded_and_sees_the_product_grow():
    times = seqviz.measure_lookup(8, 8, vocab_sizes=(10, 100_000), seconds=0.05)
    assert (times.timesteps, times.embedding_dim) == (8, 8)
    assert (times.gather_seconds > 0).all()
    assert times.product_seconds[1] > times.gather_seconds[1]
    figure = plot_lookup_costs(compute_lookup_costs(8, 8, vocab_sizes=(10, 100_000)), times)
    drawn = {tuple(trace.y) for trace in figure.data}
    assert tuple(times.product_seconds) in drawn
    assert tuple(times.gather_seconds) in drawn


def test_costs_picture_has_logarithmic_axes_and_says_zero():
    figure = plot_lookup_costs(compute_lookup_costs(3, 4))
    assert {figure.layout[f"{a}axis{n}"].type for a in "xy" for n in ("", 2, 3)} == {"log"}
    said = [note.text for note in figure.layout.annotations]
    assert "0: it only copies" in said
    assert "not measured yet" in said


def test_no_row_of_the_matrix_is_covered_on_the_right_and_one_is_outlined(data):
    figure = plot_gather_or_multiply(data, tokens=["a", "b", "a"])
    assert len(figure.frames) == 4
    left, right = 0.733, 0.849
    for t, frame in enumerate(figure.frames):
        on_it = [
            {**look.to_plotly_json(), **now.to_plotly_json()}
            for look, now in zip(figure.layout.shapes, frame.layout.shapes, strict=True)
            if look.type == "rect" and (look.x0, look.x1) == (left, right)
        ]
        seen = [(s["y0"], s["y1"]) for s in on_it if s["y1"] > 0]
        id_ = data.ids.tolist()[t - 1]
        assert seen == ([pytest.approx((1 - (id_ + 1) / 10, 1 - id_ / 10))] if t else [])
    (again,) = [t for t in figure.data if t.type == "heatmap" and t.x[0] == left]
    assert np.isfinite(again.z).all()
    # As strong as what comes out: a product takes every row.
    (product, _) = [t for t in figure.data if t.type == "heatmap" and t.x[0] > left][:2]
    assert again.colorscale == product.colorscale


def test_every_row_has_its_factor(data):
    figure = plot_gather_or_multiply(data, tokens=["a", "b", "a"])
    middles = [1 - (row + 0.5) / 10 for row in range(10)]
    zeros = [
        y for trace in figure.data if trace.type == "scatter" and trace.mode == "text"
        for y, text in zip(trace.y, trace.text, strict=True) if text == "×0"
    ]  # fmt: skip
    assert sorted(zeros) == pytest.approx(sorted(middles))
    covered, one = figure.layout.shapes[4:6]
    assert one.label.text == "<b>×1</b>"
    assert one.opacity == covered.opacity == 1  # no zero is read through them
    for t, id_ in enumerate(data.ids.tolist(), 1):
        everywhere, one = figure.frames[t].layout.shapes[4:6]
        assert everywhere.y1 < -1
        assert (one.y0 + one.y1) / 2 == pytest.approx(middles[id_])
    everywhere, one = figure.frames[0].layout.shapes[4:6]
    assert (everywhere.y0 < 0, everywhere.y1 > 1, one.y1 < -1) == (True, True, True)


def test_the_current_row_keeps_the_colour_of_its_token(data):
    figure = plot_gather_or_multiply(data, tokens=["a", "b", "a"])
    squares = next(
        t.marker.color for t in figure.data if t.type == "scatter" and t.mode == "markers"
    )
    for t, color in enumerate(squares, 1):
        lines = [s.line for s in figure.frames[t].layout.shapes if s.line.width == 4]
        assert len(lines) == 5
        assert {line.color for line in lines} == {color}


def test_no_row_is_outlined_before_it_is_copied(data):
    figure = plot_gather_or_multiply(data, tokens=["a", "b", "a"])  # ids 2 3 2
    for step, count in enumerate([0, 1, 2, 2]):
        rows = figure.frames[step].layout.shapes[6:10]
        covers, outlines = ([s.y1 > 0 for s in some] for some in (rows[:2], rows[2:]))
        assert sum(outlines) == count
        assert covers == [not shown for shown in outlines]


@pytest.mark.parametrize("count", [1, 20, 200])
@pytest.mark.parametrize("size", [2, 13, 1000])
def test_picture_of_any_size(count, size):
    ids = [i * 7 % size for i in range(count)]
    large = seqviz.compute_gather_or_multiply(layer_of(size, 5), ids)
    figure = plot_gather_or_multiply(large, tokens=["<b>&%{y}"] * count)
    assert len(figure.frames) == count + 1
    assert len({len(frame.layout.shapes) for frame in figure.frames}) == 1
    assert "<b><b>" not in figure.to_json()
    assert len(figure.to_json()) < 500_000


def test_words_and_table(data):
    captions = gather_captions(data, ["I", "am", "I"])
    assert len(captions) == 4
    assert "“am” (id 3) copies row 3" in captions[2]
    assert "9 rows × 0 and row 3 × 1: same numbers" in captions[2]
    table = gather_table(data, ["I", "am", "I"], widest=2)
    assert table["id"] == [2, 3, 2]
    assert table["W[ids][1]"] == table["one_hot @ W[1]"] == table["Dense[1]"]
    assert "Dense[2]" not in table


@pytest.mark.parametrize("features", [1, 3])
def test_code_runs_and_gives_the_pictures_numbers(features, capsys):
    layer = layer_of(8, features, embeddings_initializer="glorot_uniform")
    expected = seqviz.compute_gather_or_multiply(layer, [3, 7, 7, 0])
    namespace = {"__name__": "__main__"}
    exec(gather_code(layer, [3, 7, 7, 0], ["a\nb", "'''", "x", "[PAD]"]), namespace)
    assert np.array_equal(namespace["output"][0], expected.gathered)
    assert np.array_equal(namespace["product"][0], expected.multiplied)
    assert np.array_equal(namespace["through_dense"][0], expected.dense)
    assert namespace["difference"] == expected.difference == 0
    assert "largest difference: 0.0" in capsys.readouterr().out
