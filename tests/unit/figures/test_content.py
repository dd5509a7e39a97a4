"""What each picture shows: boxes or heatmaps, outlines in the right colours, veils in place."""

import numpy as np
import pytest

from seqviz.app.home_figure import STEPS, plot_path
from seqviz.figures import (
    LIGHT,
    plot_embedding_lookup,
    plot_gates,
    plot_states,
    plot_unrolled,
)
from seqviz.lessons.embedding.compute import compute_embedding_lookup
from seqviz.lessons.recurrent.figure import MAX_BOXES, MAX_ROWS, columns_of, is_boxes
from seqviz.plotly_kit.marks import symmetric_limit
from seqviz.plotly_kit.palette import NOT_A_WORD, TOKENS, token_colors
from seqviz.readout.unrolled import compute_unrolled
from tests.unit.drawn import markers, texts
from tests.unit.samples import embedding, recurrent

STRIP = "y20"  # axis of the strip over the bands that says which columns are returned


def heatmaps(figure):
    """All that show values."""
    return [trace for trace in figure.data if trace.type == "heatmap" and trace.yaxis != STRIP]


def strip(figure):
    (trace,) = [trace for trace in figure.data if trace.yaxis == STRIP]
    return [bool(value) for value in trace.z[0]]


def written(trace):
    return trace.texttemplate is not None


def boxes(trace):
    """The rectangles of an outline: (x0, y0, x1, y1)."""
    xs, ys = list(trace.x or []), list(trace.y or [])
    return [
        (min(xs[i : i + 5]), min(ys[i : i + 5]), max(xs[i : i + 5]), max(ys[i : i + 5]))
        for i in range(0, len(xs), 6)
    ]


def outlines(figure, color=None):
    return [
        trace
        for trace in figure.data
        if trace.type == "scatter"
        and trace.mode == "lines"
        and trace.fill is None
        and color in (None, trace.line.color)
    ]


def hatched(figure):
    """Boxes hatched over what is there but not handed on; one list a trace."""
    return [boxes(t) for t in figure.data if t.type == "scatter" and t.fillpattern.shape == "/"]


def hatched_columns(figure):
    """The same in bands: numbers of the columns, one list a band."""
    bars = [trace for trace in figure.data if trace.type == "bar"]
    for bar, band in zip(bars, heatmaps(figure), strict=True):
        assert (bar.yaxis or "y") == (band.yaxis or "y")
        assert (bar.base, bar.width, bar.marker.pattern.shape) == (-0.5, 1, "/")
        assert set(bar.y) <= {band.z.shape[0]}  # from above the first row to below the last
    return [[int(name) for name in bar.x] for bar in bars]


def columns(figure):
    """Labels of the bands' columns."""
    axis = figure.layout.xaxis
    return [axis.labelalias[str(name)] for name in axis.categoryarray]


# --- values and their scale ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "limit"),
    [
        (([1.0, -3.0],), 3),
        (([1.0], [-2.0], None), 2),
        (([np.nan, 0.5],), 0.5),
        (([0.0, 0.0],), 1),
        (([np.nan],), 1),
        (([],), 1),
        ((None,), 1),
    ],
)
def test_symmetric_limit(arrays, limit):
    assert symmetric_limit(*(a if a is None else np.array(a) for a in arrays)) == limit


@pytest.mark.parametrize("plot", [plot_states, plot_unrolled])
def test_bands_have_a_scale_each_and_say_it(plot):
    figure = plot(recurrent(60))  # too long for boxes
    for trace in heatmaps(figure):
        largest = np.nanmax(np.abs(trace.z))
        assert trace.zmax == largest
        axis = figure.layout[(trace.yaxis or "y").replace("y", "yaxis")]
        assert axis.ticktext[0].endswith(f"<br>±{largest:.2g}")


def test_boxes_of_a_state_and_of_the_output_share_one_scale():
    trace = recurrent(5)
    _, hidden, outputs, cell_states = heatmaps(plot_unrolled(trace))
    assert hidden.zmax == outputs.zmax
    assert hidden.zmax >= np.abs(trace.hidden_states).max()
    assert cell_states.zmax >= np.abs(trace.cell_states).max()


def test_gates_share_the_scale_from_minus_1_to_1():
    assert {t.zmax for t in heatmaps(plot_gates(recurrent()))} == {1}


def test_matrix_and_output_of_a_lookup_share_one_scale():
    trace = embedding()
    assert {t.zmax for t in heatmaps(plot_embedding_lookup(trace))} == {np.abs(trace.weights).max()}


def test_all_zeros_are_in_the_middle_of_the_scale():
    for trace in heatmaps(plot_states(recurrent(scale=0))):
        assert (trace.zmin, trace.zmax) == (-1, 1)


@pytest.mark.parametrize(("scale", "places"), [(0.01, 3), (1, 2), (100, 1)])
def test_values_have_as_many_decimals_as_they_need(scale, places):
    figure = plot_states(recurrent(cell="GRU", scale=scale))
    assert {t.texttemplate for t in heatmaps(figure)} == {f"%{{z:.{places}f}}"}


@pytest.mark.parametrize(
    ("plot", "data", "fits"),
    [
        (plot_states, recurrent(13, 24, "GRU"), True),
        (plot_states, recurrent(14, 24, "GRU"), False),
        (plot_states, recurrent(13, 25, "GRU"), False),
        (plot_states, recurrent(13, 12, "LSTM"), True),
        (plot_states, recurrent(13, 13, "LSTM"), False),
        (plot_gates, recurrent(14, 6, "LSTM"), True),
        (plot_gates, recurrent(15, 6, "LSTM"), False),
        (plot_gates, recurrent(14, 7, "LSTM"), False),
        (plot_unrolled, recurrent(MAX_BOXES, 4), True),
        (plot_unrolled, recurrent(60, 4), False),
    ],
)
def test_values_are_written_while_they_fit(plot, data, fits):
    assert {written(t) for t in heatmaps(plot(data))} == {fits}


@pytest.mark.parametrize(
    ("ids", "features", "matrix", "output"),
    [
        (range(2, 5), 13, True, True),
        (range(2, 5), 14, False, False),
        ([2] * 26, 4, True, True),
        ([2] * 27, 4, True, False),
        (range(2, 60), 4, False, False),
    ],
)
def test_values_of_a_lookup_are_written_while_they_fit(ids, features, matrix, output):
    figure = plot_embedding_lookup(embedding(list(ids), 100, features))
    assert [written(t) for t in heatmaps(figure)] == [matrix, output, *[True] * matrix]


# --- unrolled --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timesteps", "units", "features", "cell", "readable"),
    [
        (1, 1, 1, "SimpleRNN", True),
        (MAX_BOXES, 4, 3, "LSTM", True),
        (MAX_BOXES + 1, 4, 3, "LSTM", False),
        (3, 7, MAX_ROWS - 14, "GRU", True),  # h twice (state, output) and x above each other
        (3, 7, MAX_ROWS - 13, "GRU", False),
        (3, 5, MAX_ROWS - 15, "LSTM", True),  # and c
        (3, 5, MAX_ROWS - 14, "LSTM", False),
    ],
)
def test_boxes_turn_into_heatmaps_where_they_cannot_be_read(
    timesteps, units, features, cell, readable
):
    data = compute_unrolled(recurrent(timesteps, units, cell, features=features))
    assert is_boxes(data) is readable
    figure = plot_unrolled(data)
    has_blocks = any("RNN" in word or cell in word for word in texts(figure))
    assert has_blocks is readable
    shapes = sorted(t.z.shape for t in heatmaps(figure))
    bands = [(units, timesteps + 1)] * (2 if cell == "LSTM" else 1) + [(features, timesteps + 1)]
    assert (shapes == sorted(bands)) is not readable


def test_boxes_hold_the_numbers_unit_0_on_top():
    data = compute_unrolled(recurrent(3, 2))
    inputs, hidden, outputs, cell_states = heatmaps(plot_unrolled(data))
    for drawn, values in (
        (inputs, data.inputs),
        (hidden, data.hidden),
        (outputs, data.hidden[1:]),
        (cell_states, data.cell_states),
    ):
        stacks = drawn.z.T[~np.isnan(drawn.z).all(axis=0)]
        np.testing.assert_array_equal(stacks[:, ::-1], values)
    named = [name for name in hidden.customdata.ravel() if name]
    assert sorted(named) == [f"h{k}[{i}]" for k in "₀₁₂₃" for i in (0, 1)]


@pytest.mark.parametrize("timesteps", [4, 60])
def test_heatmaps_and_boxes_hold_the_same_numbers(timesteps):
    data = compute_unrolled(recurrent(timesteps, 3, "GRU"))
    h = heatmaps(plot_states(data))[0]
    np.testing.assert_array_equal(h.z, data.hidden.T)
    assert h.zmax == symmetric_limit(data.hidden)


@pytest.mark.parametrize(
    ("return_sequences", "outlined"), [(False, [False, False, True]), (True, [True] * 3)]
)
def test_returned_outputs_are_outlined_the_others_hatched(return_sequences, outlined):
    figure = plot_unrolled(recurrent(3, return_sequences=return_sequences))
    (returned,) = [t for t in outlines(figure, LIGHT.hidden) if t.line.width == 4]
    assert len(boxes(returned)) == sum(outlined)
    assert sum(map(len, hatched(figure))) == 3 - sum(outlined)
    said = [word for word in texts(figure) if word in ("returned", "not returned")]
    assert said == ["returned" if r else "not returned" for r in outlined]


@pytest.mark.parametrize("return_state", [False, True])
def test_last_state_says_that_it_is_returned(return_state):
    said = texts(plot_unrolled(recurrent(3, return_state=return_state)))
    assert ("h₃ returned" in said) is return_state
    assert ("c₃ returned" in said) is return_state


def test_skipped_steps_are_hatched_and_say_so():
    figure = plot_unrolled(recurrent(3, mask=[True, False, False]))
    assert [word.startswith("skipped") for word in texts(figure) if "carried" in word] == [True] * 2
    assert len(hatched(figure)[0]) == 2
    trace = recurrent(3, mask=[True, False, False])
    # Columns are named by their steps; one before the first is 0.
    assert hatched_columns(plot_states(trace)) == [[2, 3]] * 2
    assert hatched_columns(plot_gates(trace)) == [[2, 3]] * 4


@pytest.mark.parametrize("mask", [None, [True] * 3])
@pytest.mark.parametrize("plot", [plot_states, plot_gates])
def test_nothing_is_hatched_without_padding(plot, mask):
    assert not any(hatched_columns(plot(recurrent(3, mask=mask))))


@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("plot", [plot_states, plot_unrolled])
def test_a_strip_over_the_bands_says_what_is_returned(plot, return_sequences):
    figure = plot(recurrent(20, cell="GRU", return_sequences=return_sequences))
    assert strip(figure) == [False] + [return_sequences] * 19 + [True]


def test_a_long_unrolled_layer_says_what_is_skipped_too():
    figure = plot_unrolled(recurrent(20, cell="GRU", mask=[True] * 18 + [False] * 2))
    assert hatched_columns(figure) == [[19, 20]] * 2


def test_words_follow_the_order_of_processing():
    trace = recurrent(3, go_backwards=True)
    tokens = ["a", "b", "c"]
    said = texts(plot_unrolled(trace, tokens=tokens))
    assert [word for word in said if word in ("<b>a</b>", "<b>b</b>", "<b>c</b>")] == [
        "<b>c</b>",
        "<b>b</b>",
        "<b>a</b>",
    ]
    assert [w for w in said if w.startswith("timestep")] == [
        "timestep 3",
        "timestep 2",
        "timestep 1",
    ]
    assert columns(plot_states(trace, tokens=tokens)) == ["start", "c", "b", "a"]
    assert columns(plot_gates(trace, tokens=tokens)) == ["c", "b", "a"]


def marks(figure):
    """Colours of the tokens' marks."""
    return [mark.color for mark in markers(figure, "line-ew", "square")]


@pytest.mark.parametrize("go_backwards", [False, True])
def test_a_token_has_its_color_in_every_picture(go_backwards):
    ids = [7, 1, 9, 7]
    colors = token_colors(ids)
    assert colors == [TOKENS[0], NOT_A_WORD, TOKENS[1], TOKENS[0]]
    unrolled = plot_unrolled(recurrent(4, go_backwards=go_backwards), ids=ids)
    assert marks(unrolled) == colors[:: -1 if go_backwards else 1]
    assert marks(plot_embedding_lookup(embedding(ids))) == colors


def test_without_ids_every_position_has_its_own_color():
    assert marks(plot_unrolled(recurrent(3))) == list(TOKENS[:3])


def test_ids_may_be_numpys():
    figure = plot_unrolled(recurrent(3), ids=np.array([5, 5, 0]))
    assert marks(figure) == [TOKENS[0], TOKENS[0], NOT_A_WORD]


# --- veils -----------------------------------------------------------------------------------


def test_veil_of_boxes_ends_behind_the_state_that_was_reached():
    data = compute_unrolled(recurrent(4))
    states, blocks = columns_of(data)
    figure = plot_unrolled(data)
    for k, frame in enumerate(figure.frames):
        veil, cursor = frame.layout.shapes
        assert states[k] + 1 < veil.x0 < (blocks[k] if k < 4 else np.inf)
        assert veil.x1 >= states[-1] + 1
        assert cursor.x0 < states[k] < cursor.x1 <= veil.x0
        if k:
            assert cursor.x0 < blocks[k - 1]


@pytest.mark.parametrize(("plot", "start"), [(plot_states, 1), (plot_gates, 0)])
def test_veil_of_bands_ends_behind_the_column_that_was_reached(plot, start):
    figure = plot(recurrent(4))
    for k, frame in enumerate(figure.frames):
        veil, cursor = frame.layout.shapes
        reached = k + start  # columns, the start included
        end = veil.x1 or figure.layout.shapes[0].x1  # what stays is said once
        assert veil.x0 == reached - 0.5
        assert end > figure.layout.xaxis.range[1]  # no edge of the last column is left uncovered
        if reached:
            assert (cursor.x0, cursor.x1) == (reached - 1.5, reached - 0.5)
        else:  # there is no column yet, and no side of a frame at the edge
            assert cursor.x1 < figure.layout.xaxis.range[0] - 0.5


def on_screen(figure, shape):
    """Whether a shape can be seen: those that cannot yet are parked out of range."""
    low, high = figure.layout.yaxis.range
    return max(shape.y0, shape.y1) > low and min(shape.y0, shape.y1) < high


def test_veil_of_a_lookup_ends_below_the_row_that_was_copied():
    ids = [2, 30, 2]
    figure = plot_embedding_lookup(embedding(ids))
    matrix, output, *_ = heatmaps(figure)
    for k, frame in enumerate(figure.frames):
        veil, *covers, row, copied = frame.layout.shapes[:7]
        links = frame.layout.shapes[7:]
        assert len(covers) == 4  # over the two rows, and their outlines
        assert veil.y1 == pytest.approx(output.y[3 - k])
        links_shown = [on_screen(figure, link) for link in links]
        assert links_shown == [t < k for _ in ("to the matrix", "to the output") for t in range(3)]
        assert on_screen(figure, row) is on_screen(figure, copied) is (k > 0)
        if k:
            assert (copied.y0, copied.y1) == pytest.approx((output.y[3 - k], output.y[4 - k]))
            line = int(np.searchsorted(matrix.y, (row.y0 + row.y1) / 2)) - 1
            np.testing.assert_array_equal(matrix.z[line], output.z[3 - k])


CURRENT = 5  # pixels: the line around the row that is read now, in its token's colour as well


def test_the_current_row_of_a_lookup_keeps_its_colour_and_is_thicker():
    figure = plot_embedding_lookup(embedding([2, 30, 2]))
    for step, color in enumerate((TOKENS[0], TOKENS[1], TOKENS[0]), 1):
        now = [s.line for s in figure.frames[step].layout.shapes if s.line.width == CURRENT]
        assert [line.color for line in now] == [color, color]  # in the matrix, and in the output
    assert {s.line.color for s in figure.layout.shapes if s.line.width == CURRENT} == {TOKENS[0]}


# --- lookup ----------------------------------------------------------------------------------


def line_of(data, row):
    """Lower and upper edge of a row of the drawn matrix."""
    lines = len(data.rows)
    i = data.rows.tolist().index(row)
    return pytest.approx((1 - (i + 1) / lines, 1 - i / lines))


def is_outline(shape, color):
    return (
        shape.type == "rect"
        and shape.line.color == color
        and shape.line.width != CURRENT
        and shape.x0 < 0.6
    )


def test_a_row_is_dimmed_until_an_id_reads_it():
    ids = [5, 0, 5]
    data = compute_embedding_lookup(embedding(ids, 10))
    figure = plot_embedding_lookup(data)
    looks = figure.layout.shapes
    for step, frame in enumerate(figure.frames):
        read = set(ids[:step])
        for look, shape in zip(looks, frame.layout.shapes, strict=True):
            if look.type != "rect" or look.x0 > 0.6 or look.line.width == CURRENT:
                continue
            rows = [r for r in (0, 5) if (shape.y0, shape.y1) == line_of(data, r)]
            if not on_screen(figure, shape):
                continue
            assert len(rows) == 1
            dims = look.fillcolor == LIGHT.background
            assert dims or is_outline(look, NOT_A_WORD if rows == [0] else TOKENS[0])
            assert (rows[0] in read) is not dims
        shown = [on_screen(figure, shape) for shape in frame.layout.shapes[1:5]]
        assert sum(shown) == 2, "each of the two rows is either dimmed or outlined"


def test_of_a_long_lookup_all_below_the_lowest_row_read_is_dimmed():
    figure = plot_embedding_lookup(embedding(range(2, 32), 100))
    edges = heatmaps(figure)[0].y[::-1]  # of 32 rows from the top down: 0, 2 … 31, 99
    tops = [frame.layout.shapes[1].y1 for frame in figure.frames]
    assert tops == pytest.approx([1.0, *edges[2:32]])
    assert figure.layout.shapes[1].fillcolor == LIGHT.background


def test_an_id_typed_as_such_is_written_once():
    data = compute_embedding_lookup(embedding([2, 0], 4))
    labels = [w for w in texts(plot_embedding_lookup(data, tokens=["id 2", "[PAD]"])) if "<b>" in w]
    assert labels == ["<b>id 2</b>", "<b>[PAD]</b> 0"]


@pytest.mark.parametrize(("count", "rows"), [(3, 10), (26, 50), (200, 500)])
def test_no_token_reaches_into_the_headings(count, rows):
    figure = plot_embedding_lookup(embedding(range(2, 2 + count), rows), height=380)
    written = [t for t in figure.data if t.type == "scatter" and t.mode == "text"]
    heading = min(y for t in written for y in t.y if y > 1)
    first = max(y for t in written for y in t.y if y < 1)
    low, high = figure.layout.yaxis.range
    pixels = (380 - 8) / (high - low)
    assert (heading - first) * pixels >= 8, "half of a line of text, and the gap below a heading"


@pytest.mark.parametrize("size", [10, 50])
def test_used_rows_and_their_copies_are_outlined_in_the_tokens_color(size):
    ids = [5, 0, 9, 5, 1]
    data = compute_embedding_lookup(embedding(ids, size))
    figure = plot_embedding_lookup(data)
    output = heatmaps(figure)[1]
    expected = {TOKENS[0]: ([5], [0, 3]), TOKENS[1]: ([9], [2]), NOT_A_WORD: ([0, 1], [1, 4])}
    for color, (rows, timesteps) in expected.items():
        (copies,) = ([(b[1], b[3]) for b in boxes(trace)] for trace in outlines(figure, color))
        used = sorted((s.y0, s.y1) for s in figure.layout.shapes if is_outline(s, color))[::-1]
        assert used == [line_of(data, row) for row in rows]
        edges = output.y
        assert copies == [pytest.approx((edges[4 - t], edges[5 - t])) for t in timesteps]
    assert {t.line.color for t in outlines(figure)} == set(expected)


def test_rows_that_no_id_reads_are_faint():
    data = compute_embedding_lookup(embedding([2, 3], 6))
    read, _, others = heatmaps(plot_embedding_lookup(data))
    assert np.isfinite(read.z[::-1]).all(axis=1).tolist() == [row in (2, 3) for row in range(6)]
    assert np.isnan(others.z).tolist() == np.isfinite(read.z).tolist()
    assert others.colorscale[0][1].endswith(",0.3)")


def test_folds_are_lines_without_cells_that_say_how_many():
    data = compute_embedding_lookup(embedding([2, 3000], 10_000), max_rows=8)
    assert data.rows.tolist() == [0, 1, 2, 3, -2996, 3000, -6998, 9999]
    figure = plot_embedding_lookup(data)
    read, _, others = heatmaps(figure)
    matrix = np.where(np.isnan(read.z), others.z, read.z)[::-1]
    assert np.isnan(matrix).all(axis=1).tolist() == (data.rows < 0).tolist()
    assert [w for w in texts(figure) if "more" in w] == [
        "⋮ 2,996 more rows ⋮",
        "⋮ 6,998 more rows ⋮",
    ]
    drawn = data.rows >= 0
    np.testing.assert_array_equal(matrix[drawn], data.weights[data.rows[drawn]])


@pytest.mark.parametrize(
    ("mask", "named", "hatches"), [(True, ["padding 0", "1"], 1), (False, ["0", "1"], 0)]
)
def test_padding_is_named_and_its_copy_hatched_under_a_mask(mask, named, hatches):
    figure = plot_embedding_lookup(embedding([2, 0], 4, mask=mask))
    assert [w for w in texts(figure) if w in ("0", "1", "padding 0")] == named
    assert sum(len(group) for group in hatched(figure)) == hatches


def test_a_long_lookup_still_marks_every_used_row():
    ids = list(range(2, 202, 2))
    figure = plot_embedding_lookup(embedding(ids, 10_000))
    data = compute_embedding_lookup(embedding(ids, 10_000))
    stripes = [
        (low, high)
        for trace in figure.data
        if trace.type == "scatter" and trace.fillcolor in TOKENS
        for x0, low, _, high in boxes(trace)
        if x0 < 0.6
    ]
    # Only they are drawn, without what is between them, and both ends.
    drawn = data._replace(rows=np.array([0, *ids, 9999]))
    assert sorted(stripes) == [line_of(drawn, row) for row in reversed(ids)]
    assert len(marks(figure)) == 100
    assert len(heatmaps(figure)[0].z) == 102


def test_many_rows_that_are_asked_for_are_drawn_without_folds():
    data = compute_embedding_lookup(embedding([2, 60], 90), max_rows=40)
    assert (data.rows < 0).any()
    assert len(heatmaps(plot_embedding_lookup(data))[0].z) == (data.rows >= 0).sum() > 30


def test_a_long_lookup_of_wide_vectors_stays_small():
    figure = plot_embedding_lookup(embedding(range(2, 402, 2), 10_000, 128))
    assert len(figure.to_json()) < 600_000


# --- the whole path --------------------------------------------------------------------------


def path():
    lookup = compute_embedding_lookup(embedding((2, 3, 2), 50), max_rows=8)
    data = compute_unrolled(recurrent(3, 4, "SimpleRNN", features=2))
    return lookup, data, plot_path(lookup, data, text="a b a", tokens=["a", "b", "a"])


def test_path_goes_from_text_to_output():
    lookup, data, figure = path()
    said = texts(figure)
    for word in ("“a b a”", "<b>a</b>", "<b>b</b>", "<b>id 2</b>", "<b>id 3</b>", "⋮ 43 rows"):
        assert word in said
    assert "<b>Embedding</b> matrix<br>(50, 2)" in said
    assert "<b>Simple<br>RNN</b>" in said
    matrix = heatmaps(figure)[-1].z[::-1]
    drawn = lookup.rows >= 0
    np.testing.assert_array_equal(matrix[drawn], lookup.weights[lookup.rows[drawn]])
    assert {t.line.color for t in outlines(figure)} >= set(TOKENS[:2])
    assert marks(figure) == [TOKENS[0], TOKENS[1], TOKENS[0]]
    assert len(figure.frames) == len(STEPS) + len(data.inputs) + 1


def test_path_is_unveiled_from_the_bottom_up_then_to_the_right():
    _, data, figure = path()
    low, right = [], []
    for frame in figure.frames:
        above, behind, _ = frame.layout.shapes
        low.append(above.y0)
        right.append(behind.x0)
    count = len(STEPS)
    assert low[: count - 1] == sorted(set(low[: count - 1]))
    assert set(low[count - 1 :]) == {figure.layout.yaxis.range[1]}
    assert right[count - 1 :] == sorted(right[count - 1 :])
    states, _ = columns_of(data)
    assert all(x > state + 1 for x, state in zip(right[count : count + 3], states[1:], strict=True))
    last = figure.frames[-1].layout.shapes
    assert all(shape.x0 == shape.x1 or shape.y0 == shape.y1 for shape in last), "nothing veiled"


@pytest.mark.parametrize(("word", "grows"), [("Groot", False), ("electroencephalograph", True)])
def test_only_long_words_under_a_band_change_its_margins(word, grows):
    layout = plot_states(recurrent(3), tokens=["I", "am", word]).layout
    assert layout.xaxis.automargin is grows
    assert layout.yaxis.automargin is False
