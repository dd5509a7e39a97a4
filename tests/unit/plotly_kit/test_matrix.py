"""The picture of a matrix: which rows are drawn, where they are, and what frames move over them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz.plotly_kit.matrix import WRITABLE, Matrix, drawn_lines, every, left_out, link
from seqviz.plotly_kit.palette import IN_CELL, LIGHT

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=50)
FOLDED = Matrix.filling([0, -3, 4, 5], (0.2, 0.6))  # six rows in four lines


def test_lines_are_thinned_out_when_they_are_many():
    assert drawn_lines([0, 1, -5, 7], 8, [1]) == [0, 1, -5, 7]
    many = list(range(40))
    assert drawn_lines(many, 40, [3]) == many
    assert drawn_lines([*range(0, 60, 2), -9, 69], 70, list(range(0, 60, 2))) == [
        *range(0, 60, 2), 69,
    ]  # fmt: skip
    assert WRITABLE >= 12


def test_what_no_fold_tells_of_is_counted():
    assert left_out([0, -5, 6], 7, [0]) == 0
    assert left_out([*range(0, 60, 2), -9, 69], 70, list(range(0, 60, 2))) == 70 - 31


def test_rows_are_where_their_lines_are():
    assert FOLDED.lows == {0: 0.75, 4: 0.25, 5: 0.0}
    assert FOLDED.edges(4) == (0.25, 0.5)
    assert FOLDED.middle(4) == 0.375
    assert FOLDED.box(4) == (0.2, 0.25, 0.6, 0.5)
    assert FOLDED.line_middles == [0.875, 0.625, 0.375, 0.125]
    assert Matrix([0, 1], (0, 1), 0.1, top=0.4).lows == pytest.approx({0: 0.3, 1: 0.2})


@STEADY
@given(count=st.integers(1, 40), height=st.floats(0.01, 1), top=st.floats(0, 1))
def test_lines_touch_from_the_top_down(count, height, top):
    matrix = Matrix(range(count), (0, 1), height, top)
    edges = [matrix.edges(row) for row in range(count)]
    assert edges[0][1] == pytest.approx(top)
    for (low, _), (_, next_high) in pairwise(edges):
        assert low == pytest.approx(next_high)
    cells = matrix.heatmap(np.zeros((count, 2)), limit=1, hover="", written=False)
    assert np.allclose(cells["y"][1:-1], sorted(matrix.line_lows)[1:])


def test_a_fold_has_no_cells_and_says_how_many_rows_it_holds():
    values = np.arange(12.0).reshape(6, 2)
    cells = FOLDED.heatmap(values, limit=11, hover="", written=True, indexed=True)
    assert np.array_equal(
        cells["z"][::-1], [[0, 1], [np.nan] * 2, [8, 9], [10, 11]], equal_nan=True
    )
    assert cells["customdata"][0] == ["5, 0", "5, 1"]
    assert cells["meta"][:2] == pytest.approx([0.2, 0.25])  # a cell's width and height
    says = FOLDED.folds(LIGHT)
    assert (says["text"], says["y"]) == (["⋮ 3 more ⋮"], [0.625])
    assert says["x"] == pytest.approx([0.4])


def test_rows_that_are_not_used_are_faint_and_others_outlined():
    cells = FOLDED.values(np.arange(12.0).reshape(6, 2), "W", limit=12)
    used, others = FOLDED.faint_but({4}, cells, LIGHT)
    nan = [np.nan] * 2
    np.testing.assert_array_equal(used["z"], [nan, [8, 9], nan, nan])  # from the bottom up
    np.testing.assert_array_equal(others["z"], [[10, 11], nan, nan, [0, 1]])
    assert used["textfont"]["color"] == IN_CELL
    assert others["textfont"]["color"] == LIGHT.text
    bare = FOLDED.heatmap(np.ones((6, 2)), limit=1, hover="W", written=False)
    cells, cover = FOLDED.faint_but({4}, bare, LIGHT)
    assert cells is bare
    assert cover["y"][::6] == [0.75, 0.0]  # a box has 5 corners and a gap
    (outline,) = FOLDED.outlined({4: "red", 2: "blue"})  # row 2 is in the fold
    assert outline["line"]["color"] == "red"
    assert outline["y"] == [0.25, 0.25, 0.5, 0.5, 0.25]


def test_numbers_stand_beside_rows_that_have_room_for_them():
    assert FOLDED.numbered({4}) == [0, 4, 5]
    assert FOLDED.numbered({4}, most=3) == [4]
    long = Matrix.filling(range(100), (0, 1))
    assert len(long.numbered(range(100))) <= WRITABLE + 1
    assert [every(count, 20) for count in (1, 20, 21, 41, 42)] == [1, 1, 2, 2, 3]


def test_a_row_is_dimmed_until_it_is_read_and_outlined_from_then_on():
    ids, colors = [4, 0, 4], ["red", "blue", "red"]
    shapes = FOLDED.reading(ids, colors=colors, palette=LIGHT)
    seen = [[shape.at(k)["y0"] for k in range(4)] for shape in shapes]
    covers = {row: seen.pop(0) for row in (4, 0)}
    outlines = {row: seen.pop(0) for row in (4, 0)}
    assert not seen, "two used rows, a cover and an outline each"
    for row, first in ((4, 1), (0, 2)):
        for k in range(4):
            shown, hidden = (covers, outlines) if k < first else (outlines, covers)
            assert shown[row][k] == FOLDED.lows[row]
            assert hidden[row][k] < -1
    assert [shape.shape["line"].get("color") for shape in shapes[2:]] == ["red", "blue"]


def test_many_rows_are_under_one_cover_down_to_the_lowest_that_was_read():
    (cover,) = FOLDED.reading([0, 5, 4], colors=[""] * 3, palette=LIGHT, most=2)
    assert [cover.at(k)["y1"] for k in range(4)] == [1.0, 0.75, 0.0, 0.0]


def test_cursors_and_links_are_out_of_sight_where_there_is_nothing_to_show():
    cursor = FOLDED.cursor("red", 3, [None, 4])
    assert cursor.at(0)["y1"] < -1
    assert cursor.at(1) == {"y0": 0.25, "y1": 0.5}
    line = link("red", (0.1, 0.2), [(0.3, 0.4), None])
    assert {**line.shape, **line.at(0)}.items() >= {
        "x0": 0.1,
        "x1": 0.2,
        "y0": 0.3,
        "y1": 0.4,
    }.items()
    assert line.at(1)["y0"] < -1
