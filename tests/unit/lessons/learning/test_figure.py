"""The pictures of training: what they say of each row, and that they stay small and in order."""

import json

import numpy as np
import pytest

from seqviz.figures import plot_learning, plot_sparse_gradient
from seqviz.lessons.learning.compute import compute_learning
from seqviz.plotly_kit.palette import token_colors
from seqviz.training.record import GradientStep
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
