"""The pictures of training: what they say of each row, and that they stay small and in order."""

import json
from itertools import combinations

import numpy as np
import pytest

from seqviz import SeqvizError
from seqviz.figures import plot_journey, plot_learning, plot_sparse_gradient
from seqviz.lessons.learning.compute import compute_learning
from seqviz.lessons.meaning.compute import compute_journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.words import journey_captions, journey_table
from seqviz.plotly_kit.palette import token_colors
from seqviz.training.record import GradientStep, Training
from seqviz.ui.player.theme import THEMED

WORDS = {2: "I", 3: "am", 5: "<b>Groot</b>"}


def step(indices, moved, size=8, features=2):
    """A step that moved what it is told to: no optimizer is needed to draw one."""
    before = np.linspace(-1, 1, size * features, dtype=np.float32).reshape(size, features)
    after = before.copy()
    after[moved] += 0.25
    values = np.full((len(indices), features), 0.5, np.float32)
    return GradientStep(0.7, before, after, np.array(indices, int), values)


def spec(figure):
    return json.loads(figure.to_json())


def written(figure, kind="text"):
    return [str(t) for trace in figure.data for t in (trace[kind] if trace[kind] else ())]


def heat(figure):
    return [np.array(t.z) for t in figure.data if t.type == "heatmap"]


def test_rows_that_did_not_move_are_empty_and_say_0():
    data = compute_learning([step([2, 3], [2, 3]), step([5], [2, 5])])
    figure = plot_learning(data, words=WORDS, batches=["batch A", "batch B"])
    table, first, second = (np.flipud(z) for z in heat(figure))
    assert np.isfinite(table).all()
    assert np.flatnonzero(np.isfinite(first).all(axis=1)).tolist() == [2, 3]
    assert np.flatnonzero(np.isfinite(second).all(axis=1)).tolist() == [2, 5]
    assert written(figure).count("0") == 12  # 16 rows in two steps, 4 moved
    # One scale for all steps, so that the same colour is the same change.
    assert figure.data[1].zmax == figure.data[2].zmax == pytest.approx(0.25)


def test_a_change_too_small_for_the_decimals_does_not_read_as_none():
    moved = step([2], [2], size=4)
    moved.after[1] += np.float32([2.1e-05, -3e-4])  # as AdamW's decay does
    moved.after[3, 0] += 0.02
    first = plot_learning(compute_learning([moved])).data[1]
    assert first.texttemplate == first.meta[4] == "%{text}"
    rows = [list(row) for row in first.text][::-1]
    assert rows == [["", ""], ["2e-5", "-3e-4"], ["0.25", "0.25"], ["0.02", "0.00"]]
    # Where the decimals tell all there is, the browser writes them itself.
    plain = plot_learning(compute_learning([step([2], [2], size=4)])).data[1]
    assert (plain.text, plain.texttemplate) == (None, "%{z:.2f}")


def test_rows_in_the_batch_are_outlined_and_carried_ones_dotted():
    data = compute_learning([step([2, 3], [2, 3]), step([5], [2, 5])])
    figure = plot_learning(data)
    lines = [t for t in figure.data if t.type == "scatter" and t.mode == "lines"]
    dotted = [t for t in lines if t.line.dash == "dot"]
    assert [len(t.x) for t in dotted] == [5]  # one box: row 2 in step 2
    colors = token_colors([2, 3, 5])
    assert [t.line.color for t in lines if t.line.dash != "dot"] == colors


def test_it_plays_and_opens_where_asked():
    data = compute_learning([step([2], [2]), step([5], [2, 5])])
    for k in range(3):
        figure = spec(plot_learning(data, step=k, controls=False))
        assert len(figure["frames"]) == 3
        for shape, move in zip(
            figure["layout"]["shapes"], figure["frames"][k]["layout"]["shapes"], strict=True
        ):
            assert {key: shape[key] for key in move} == move


def test_what_a_student_typed_is_not_markup():
    figure = plot_learning([step([5], [5])], words=WORDS, batches=["<i>A</i>"])
    assert any("&lt;b&gt;" in text for text in written(figure))
    assert not any("<i>" in text for text in written(figure))
    figure = plot_sparse_gradient(step([5], [5]), tokens=["<b>x</b>"], words=WORDS)
    assert any(text.startswith("&lt;b&gt;x") for text in written(figure))


def test_lines_of_the_same_id_are_summed():
    figure = plot_sparse_gradient(step([5, 2, 5], [2, 5]), tokens=["Groot", "I", "Groot"])
    for cells in figure.data[:2]:
        assert cells.meta[1] == pytest.approx(cells.y[1] - cells.y[0]), "a cell's height"
    values, dense = (np.flipud(z) for z in heat(figure))
    np.testing.assert_array_equal(values, np.full((3, 2), 0.5))
    np.testing.assert_array_equal(dense[5], [1, 1])
    np.testing.assert_array_equal(dense[2], [0.5, 0.5])
    assert np.isnan(dense[[0, 1, 3, 4, 6, 7]]).all()
    assert written(figure).count("0") == 6


@pytest.mark.parametrize("features", [1, 16])
@pytest.mark.parametrize("used", [1, 24])
def test_any_size_is_drawn_and_small(used, features):
    ids = list(range(2, 2 + used))
    steps = [step(ids, ids, size=1000, features=features) for _ in range(10)]
    size = len(plot_learning(steps, palette=THEMED).to_json())
    assert size < 200_000
    assert len(plot_sparse_gradient(steps[0]).to_json()) < 60_000


def training(moments=5, count=6, dim=4, seed=0):
    random = np.random.default_rng(seed)
    start, end = random.normal(size=(2, count + 2, dim))
    end[-1] = start[-1]
    weights = np.stack([start + (end - start) * k / (moments - 1) for k in range(moments)])
    weights[:, -1] = start[-1]
    losses = np.linspace(1, 0.1, moments)
    return Training(weights.astype(np.float32), np.arange(moments) * 4, losses)


NAMES = ("good", "great", "bad", "cat", "dog", "unseen")


def test_a_journey_keeps_one_map_and_the_distances_of_two_dimensions():
    data = compute_journey(training(dim=2), NAMES, first_row=2)
    assert data.path.shape == (5, 6, 2)
    # In two dimensions nothing is lost: the map only turns.
    for k, table in enumerate(training(dim=2).weights[:, 2:]):
        for i, j in combinations(range(6), 2):
            expected = np.linalg.norm(table[i] - table[j])
            assert np.linalg.norm(data.path[k, i] - data.path[k, j]) == pytest.approx(expected)
    assert data.moved.tolist() == [True] * 5 + [False]
    assert data.distances[-1] == 0
    assert (data.path[:, -1] == data.path[0, -1]).all()


def test_neighbours_before_and_after():
    weights = np.array([[[1, 0], [0, 1], [1, 0.1]], [[1, 0], [2, 0], [0, 1]]], np.float32)
    data = compute_journey(Training(weights, np.array([0, 9]), np.array([1, 0])), ["a", "b", "c"])
    before, after = compute_neighbours(data, "a", k=1)
    assert (before.words, after.words) == (("c",), ("b",))
    assert group_cosines(data, ["a", "b"]) == pytest.approx((0, 1))
    table = journey_table(data, k=1)
    assert table["nearest after"][0] == "b 1.00"
    assert journey_captions(data)[-1] == "After 9 epochs: loss 0.000."
    with pytest.raises(SeqvizError):
        group_cosines(data, ["a"])
    with pytest.raises(SeqvizError):
        compute_neighbours(data, "d")


@pytest.mark.parametrize("words", [[], ["w"] * 9])
def test_a_journey_needs_a_row_for_each_word(words):
    with pytest.raises(SeqvizError, match="one word for each row"):
        compute_journey(training(), words)


def test_labels_never_cover_each_other():
    data = compute_journey(training(count=24), [f"word{i}" for i in range(24)], first_row=2)
    data = data._replace(path=data.path * [1, 0.05])  # nearly on one line
    height = 380
    for k in range(5):
        figure = plot_journey(data, step=k, controls=False, height=height)
        low, high = figure.layout.yaxis.range
        left, right = figure.layout.xaxis.range
        tall = height - 4 - 26
        boxes = []
        for shape in figure.layout.shapes:
            if not shape.label.text:
                continue
            y = (shape.yanchor - low) / (high - low) * tall + shape.y1
            x = (shape.xanchor - left) / (right - left) * 340 + shape.x1
            wide = 6.8 * len(shape.label.text)
            boxes.append((x if shape.label.xanchor == "left" else x - wide, y, wide))
        assert len(boxes) == 24
        for (x, y, wide), (x2, y2, wide2) in combinations(boxes, 2):
            assert abs(y - y2) > 12 or x + wide <= x2 or x2 + wide2 <= x


def test_a_journey_opens_where_asked_with_the_marked_word_in_bold():
    data = compute_journey(training(), NAMES, first_row=2)
    for k in range(5):
        figure = plot_journey(data, step=k, marked=["cat"], labels={"unseen": "never"})
        words = [s.label.text for s in figure.layout.shapes if s.label.text]
        assert words == ["good", "great", "bad", "<b>cat</b>", "dog", "never"]
        assert len(figure.frames) == 5
        points = [s for s in figure.layout.shapes if s.type == "circle"]
        np.testing.assert_allclose(
            [(p.xanchor, p.yanchor) for p in points], data.path[k], atol=1e-4
        )


def test_the_same_journey_is_the_same_picture():
    data = compute_journey(training(), NAMES, first_row=2)
    assert plot_journey(data).to_json() == plot_journey(data).to_json()


def test_rows_in_one_spot_are_drawn():
    weights = np.ones((2, 3, 2), np.float32)
    data = compute_journey(Training(weights, np.array([0, 1]), np.zeros(2)), ["a", "b", "c"])
    low, high = plot_journey(data).layout.xaxis.range
    assert low < high
