"""Nearest rows by cosine, and the map of rows."""

import io
import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from seqviz import EmbeddingTrace, SeqvizError, load_vectors, nearest
from seqviz.figures import plot_map
from seqviz.vectors import neighbours
from seqviz.vectors.projection import compute_projection, project

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=40)
WORDS = ("east", "north", "far east", "west", "nothing")
ROWS = np.array([[1, 0], [0, 2], [9, 1], [-3, 0], [0, 0]], np.float32)


def test_by_hand():
    got = nearest(ROWS, "east", words=WORDS, k=3)
    assert got.words == ("far east", "north", "nothing")
    np.testing.assert_allclose(got.similarities, [9 / np.sqrt(82), 0, 0])
    assert got.rows.tolist() == [2, 1, 4]
    assert got.query == 0
    everything = nearest(ROWS, 0, k=99)
    assert everything.rows.tolist() == [2, 1, 4, 3]
    assert everything.similarities[-1] == -1
    assert everything.words == ()


def test_a_vector_keeps_every_row():
    got = nearest(ROWS, [2.0, 0.0], k=1, words=WORDS)
    assert got.words == ("east",)
    assert got.similarities.tolist() == [1]
    assert got.query is None


def test_a_vector_has_as_many_neighbours_as_there_are_rows():
    assert nearest(ROWS, [2.0, 0.0], k=99).rows.tolist() == [0, 2, 1, 4, 3]
    alone = nearest(ROWS[:1], 0)
    assert (len(alone.rows), len(alone.similarities), alone.words, alone.query) == (0, 0, (), 0)
    assert ROWS[alone.rows].shape == (0, 2)
    assert len(nearest(ROWS[:0], [2.0, 0.0]).rows) == 0
    assert len(nearest(np.eye(12), 0).rows) == 10  # unless more are asked for


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_the_rows_are_gone_through_in_blocks(block, monkeypatch):
    monkeypatch.setattr(neighbours, "_BLOCK", block)
    got = nearest(ROWS, "east", words=WORDS)
    assert got.rows.tolist() == [2, 1, 4, 3]
    np.testing.assert_allclose(got.similarities, [9 / np.sqrt(82), 0, 0, -1])


def test_of_rows_that_are_as_near_the_first_come_first():
    rows = np.tile([[1.0, 0.0], [0.0, 1.0]], (200, 1))
    got = nearest(rows, [3, 0], k=150)
    assert got.rows.tolist() == list(range(0, 300, 2))
    got = nearest(rows, [3, 0], k=250)
    assert got.rows.tolist() == [*range(0, 400, 2), *range(1, 100, 2)]


@pytest.mark.parametrize("query", [0, "a", np.float32([3e38, 3e38])])
def test_lengths_do_not_overflow(query):
    rows = np.array([[3e38, 3e38], [3e38, -3e38], [1e-38, 2e-38]], np.float32)
    got = nearest(rows, query, words=["a", "b", "c"])
    wanted = {"c": 3 / np.sqrt(10), "b": 0, "a": 1}
    np.testing.assert_allclose(got.similarities, [wanted[word] for word in got.words], atol=1e-7)


def test_rows_without_a_direction_are_no_reason_to_warn():
    rows = [[1, 0], [0, 0], [1e-200, 0]]  # the length of the last is 0 in float64
    with warnings.catch_warnings(action="error"):
        assert nearest(rows, 0).rows.tolist() == [2, 1]


def test_what_knows_its_words_or_weights():
    loaded = load_vectors(io.BytesIO(b"a 1 0\nb 1 1\nc 0 1\n"))
    assert nearest(loaded, "a", k=1).words == ("b",)
    trace = EmbeddingTrace(ids=np.array([[1]]), weights=ROWS, vectors=ROWS[[[1]]])
    assert nearest(trace, 0, k=1).rows.tolist() == [2]


@pytest.mark.parametrize(
    ("query", "options", "said"),
    [
        ("south", {}, "'south' is not among"),
        (5, {}, "Row 5"),
        (-1, {}, "Row -1"),
        ("nothing", {}, "all zeros"),
        ([1, 2, 3], {}, "shape"),
        (1.0, {}, "shape"),
        ([True, False], {}, "shape"),
        ([np.nan, 1], {}, "not finite"),
        ([np.inf, 1], {}, "not finite"),
        (0, {"k": 0}, "k is 0"),
        (0, {"words": ["one"]}, "1 words for 5 rows"),
    ],
)
def test_what_cannot_be_asked(query, options, said):
    with pytest.raises(SeqvizError, match=said):
        nearest(ROWS, query, **{"words": WORDS, **options})
    with pytest.raises(SeqvizError, match="no words"):
        nearest(ROWS, "east")
    with pytest.raises(SeqvizError, match="shape"):
        nearest(ROWS[0], 0)


matrices = arrays(
    np.float32,
    st.tuples(st.integers(2, 12), st.integers(1, 5)),
    elements=st.floats(-(2.0**99), 2.0**99, width=32, allow_subnormal=False),
)


@STEADY
@given(matrices, st.integers(1, 12))
def test_equals_sorting_all_cosines(matrix, k):
    if not matrix[0].any():
        return
    wide = matrix.astype(np.float64)
    norms = np.linalg.norm(wide, axis=1)
    cosine = np.divide(wide @ wide[0], norms * norms[0], out=np.zeros(len(wide)), where=norms > 0)
    want = np.sort(cosine[1:])[::-1][:k]
    got = nearest(matrix, 0, k=k)
    np.testing.assert_allclose(got.similarities, want, atol=1e-12)
    assert 0 not in got.rows


def test_map_by_hand():
    # Four corners of a long rectangle: its sides are the axes.
    corners = np.array([[0, 0, 7], [4, 0, 7], [0, 1, 7], [4, 1, 7]])
    got = compute_projection(corners)
    np.testing.assert_allclose(got.points, [[-2, -0.5], [2, -0.5], [-2, 0.5], [2, 0.5]], atol=1e-12)
    np.testing.assert_allclose(got.explained, [16 / 17, 1 / 17])
    np.testing.assert_allclose(got.axes, [[1, 0, 0], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(project(got, [6, 0.5, 100]), [4, 0], atol=1e-12)


@STEADY
@given(matrices)
def test_map_properties(matrix):
    got = compute_projection(matrix)
    assert got.points.shape == (len(matrix), 2)
    scale = max(float(np.abs(matrix).max()), 1e-30)
    np.testing.assert_allclose(project(got, matrix) / scale, got.points / scale, atol=1e-9)
    # The order of the rows does not change the axes, nor does doing it twice.
    again = compute_projection(matrix)
    np.testing.assert_array_equal(got.points, again.points)
    for axis in got.axes:
        assert np.linalg.norm(axis) == pytest.approx(1) or not axis.any()
        assert axis[np.abs(axis).argmax()] >= 0
    assert 0 <= got.explained.sum() <= 1 + 1e-9


def test_of_many_rows_some_are_on_the_map_and_those_asked_for():
    rows = np.random.default_rng(0).normal(size=(5000, 3))
    got = compute_projection(rows, max_rows=100, keep=[17, 4999, 99_999])
    assert 100 <= len(got.rows) <= 102
    assert {0, 17, 4999} <= set(got.rows.tolist())
    np.testing.assert_allclose(project(got, rows[got.rows]), got.points)


@pytest.mark.parametrize("keep", [[-1], [-5000], [5000]])
def test_a_row_that_is_none_is_not_kept(keep):
    rows = np.random.default_rng(0).normal(size=(5000, 3))
    assert compute_projection(rows, max_rows=3, keep=keep).rows.tolist() == [0, 2499, 4999]
    assert compute_projection(rows, max_rows=0, keep=keep).rows.tolist() == [0]


def test_a_map_has_two_thousand_rows_at_most_unless_more_are_asked_for():
    rows = np.random.default_rng(0).normal(size=(2001, 2))
    assert len(compute_projection(rows).rows) == 2000
    assert len(compute_projection(rows, max_rows=2001).rows) == 2001


def test_a_difference_no_larger_than_rounding_is_no_direction():
    rounding = np.finfo(np.float64).eps
    # Beside numbers of 1 it may be as large as that, times the length of a column.
    for difference, axes in ((4, 0), (6, 1)):
        got = compute_projection(1 - np.array([[0], [1]] * 2) * difference * rounding)
        assert np.abs(got.axes).sum() == axes
    # And of the second direction times the first.
    for difference, axes in ((3, 1), (5, 2)):
        corners = np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]]) * [1, difference * rounding]
        assert np.abs(compute_projection(corners).axes).sum() == pytest.approx(axes)


def test_rows_that_do_not_differ_have_no_directions():
    for rows in (np.zeros((4, 3)), np.full((4, 3), 0.1), np.ones((1, 3))):
        got = compute_projection(rows)
        assert not got.points.any()
        assert not got.axes.any()
        assert not got.explained.any()
    # On a line there is one, however the rounding goes.
    along = np.random.default_rng(0).normal(size=(300, 1)) @ np.full((1, 40), 1 / 3)
    got = compute_projection(along)
    np.testing.assert_allclose(np.abs(got.axes[0]), np.full(40, 40**-0.5))
    assert not got.axes[1].any()
    np.testing.assert_allclose(got.explained, [1, 0])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_a_map_of_very_small_or_large_numbers(scale):
    corners = np.array([[0, 0, 7], [4, 0, 7], [0, 1, 7], [4, 1, 7]]) * scale
    got = compute_projection(corners)
    np.testing.assert_allclose(got.points[:, 0] / scale, [-2, 2, -2, 2])
    np.testing.assert_allclose(got.explained, [16 / 17, 1 / 17])


@pytest.mark.parametrize(
    "bad", [np.zeros((0, 3)), np.zeros((3, 0)), np.full((2, 2), np.nan), [[0, np.inf]], np.zeros(3)]
)
def test_no_map(bad):
    with pytest.raises(SeqvizError):
        compute_projection(bad)
    with pytest.raises(SeqvizError, match="last axis"):
        project(compute_projection(ROWS), [1, 2, 3])


def boxes_of(figure, width, height):
    """Where each word is written, in pixels, for a figure of that size."""
    (x0, x1), (y0, y1) = figure.layout.xaxis.range, figure.layout.yaxis.range
    for trace in figure.data:
        if trace.mode != "markers+text":
            continue
        for x, y, text, place in zip(trace.x, trace.y, trace.text, trace.textposition, strict=True):
            word = text.replace("<b>", "").replace("</b>", "")
            px = (x - x0) / (x1 - x0) * (width - 30)
            py = (y1 - y) / (y1 - y0) * (height - 30)
            half = len(word) * 6.5 / 2
            px += {"middle right": half + 4, "middle left": -half - 4}.get(place, 0)
            away = 15 if text.startswith("<b>") else 11
            py += {"top center": -away, "bottom center": away}.get(place, 0)
            yield word, px - half, py - 7, px + half, py + 7


@pytest.mark.parametrize("width", [340, 600, 900])
def test_words_on_the_map_do_not_overlap(width):
    points = np.random.default_rng(1).normal(size=(120, 2))
    words = [f"word{i}" for i in range(120)]
    figure = plot_map(points, words=words, query=3, neighbours=[4, 5], marked=[6])
    boxes = list(boxes_of(figure, width, 420))
    assert len(boxes) >= 20
    assert {"word3", "word4", "word5", "word6"} <= {box[0] for box in boxes}
    for i, (_, x0, y0, x1, y1) in enumerate(boxes):
        for _, a0, b0, a1, b1 in boxes[:i]:
            assert not (x0 < a1 and x1 > a0 and y0 < b1 and y1 > b0)


def test_arrows_lead_from_where_rows_were():
    old, new = np.array([[0, 0], [5, 5], [1, 1.0]]), np.array([[0, 0], [9, 5], [1, 1.0]])
    figure = plot_map(new, words=["a", "b", "c"], before=old)
    (arrow,) = [t for t in figure.data if t.mode == "lines+markers"]
    assert list(arrow.x) == [5, 9]
    assert list(arrow.y) == [5, 5]
    (ghost,) = [t for t in figure.data if t.marker.symbol == "circle-open"]
    assert list(ghost.hovertext) == ["b, before"]


def test_a_path_is_played_step_by_step():
    path = np.array([[[0, 0], [1, 1]], [[0, 0], [2, 1]], [[0, 0], [3, 1]]], float)
    figure = plot_map(path[-1], path=path, words=["still", "moving"], step=1, controls=False)
    assert [frame.name for frame in figure.frames] == ["0", "1", "2"]
    line, dot = figure.layout.shapes
    assert (line.x0, line.x1) == (1, 2)
    assert dot.label.text == "moving"
    assert figure.frames[2].layout.shapes[0].x1 == 3


def test_words_are_never_markup():
    figure = plot_map([[0, 0], [1, 1]], words=["<b>x</b>", "#000001"], query=0, neighbours=[1])
    text = figure.to_json()
    assert "<b>x" not in text.replace("<b>&lt;b", "")
    assert "#000001" not in text


@pytest.mark.parametrize("points", [[[0, 0]], [[1, 1], [1, 1]], [[0, 0], [0, 5]], np.zeros((0, 2))])
def test_few_points(points):
    figure = plot_map(points)
    assert all(np.isfinite(figure.layout.xaxis.range))
    assert figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


def test_a_map_of_thousands_of_points_stays_small():
    points = np.random.default_rng(0).normal(size=(2000, 2))
    assert len(plot_map(points).to_json()) < 100_000


def test_no_cosine_is_beyond_1_though_rounding_would_make_it_so():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(500, 7))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    assert ((rows / lengths * rows / lengths).sum(axis=1) > 1).any()
    for row in rows:
        found = nearest(np.vstack([row, row, -row]), 0, k=2)
        assert np.abs(found.similarities).max() <= 1
