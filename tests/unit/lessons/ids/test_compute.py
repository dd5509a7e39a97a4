"""Where real Embedding layers put legal and illegal ids; golden values seen on Keras 3.15.1."""

import contextlib
import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.figures import plot_ids
from seqviz.lessons.ids.code import id_code
from seqviz.lessons.ids.compute import RAISES, read_numbers
from seqviz.lessons.ids.words import explain_id, id_captions, id_table
from tests.unit.drawn import markers, texts

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=40)


@pytest.mark.parametrize(
    ("typed", "row", "kind"),
    [
        ("0", 0, "legal"),
        ("9", 9, "legal"),
        ("3.0", 3, "legal"),
        ("10", RAISES, "raises"),
        ("10.2", RAISES, "raises"),
        ("-1", 9, "wrapped"),
        ("-2", 8, "wrapped"),
        ("-10", 0, "wrapped"),
        ("-11", RAISES, "raises"),
        ("1.7", 1, "cut"),
        ("9.99", 9, "cut"),
        ("-0.5", 0, "cut"),
        ("-1.5", 9, "wrapped"),
        ("2147483648", RAISES, "raises"),
        ("4294967297", RAISES, "raises"),  # not cut down to 1: a whole number stays int64
    ],
)
def test_where_an_id_lands_among_10_rows(typed, row, kind):
    trace = seqviz.trace_ids(read_numbers(typed).values, 10)
    assert (trace.rows.tolist(), trace.kinds) == ([row], (kind,))
    assert bool(trace.messages[0]) == (row == RAISES)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, 3e9])
def test_what_no_int32_holds_is_reported_as_seen(value):
    # What the cast gives is up to the processor, so not which row it is, but that it is told.
    trace = seqviz.trace_ids([value], 10)
    assert trace.kinds[0] in ("raises", "cast")
    said = explain_id(trace, 0)
    assert "does not fit an int32" in said
    assert f"{abs(int(trace.integers[0])):,}" in said


def test_kerass_own_message_is_kept_and_explained():
    trace = seqviz.trace_ids([10], 10)
    assert trace.messages == ("indices[0,0] = 10 is not in [0, 10).",)
    assert explain_id(trace, 0) == (
        "10 raises: the last row is 9, so it needs vocab_size = 11. "
        "indices[0,0] = 10 is not in [0, 10)."
    )


def test_one_bad_id_does_not_hide_the_others():
    trace = seqviz.trace_ids([10, 3, -1], 10)
    assert trace.rows.tolist() == [RAISES, 3, 9]


@STEADY
@given(
    st.integers(1, 30), st.lists(st.floats(-40, 40) | st.integers(-40, 40), min_size=1, max_size=4)
)
def test_the_numbered_matrix_tells_what_any_matrix_does(size, values):
    import keras

    init = keras.initializers.RandomUniform(seed=0)
    layer = keras.layers.Embedding(size, 8, embeddings_initializer=init, name="embedding")
    layer.build()
    weights = layer.embeddings.numpy()
    trace = seqviz.trace_ids(values, size)
    for value, row, kind in zip(values, trace.rows.tolist(), trace.kinds, strict=True):
        whole = int(value)
        assert (row == RAISES) == (not -size <= whole < size) == (kind == "raises")
        if row != RAISES:
            assert row == whole % size
            np.testing.assert_array_equal(layer(np.array([[value]]))[0, 0].numpy(), weights[row])


@pytest.mark.parametrize("size", [0, -3, 2**24 + 1])
def test_a_matrix_that_cannot_be_numbered_is_refused(size):
    with pytest.raises(SeqvizError, match=f"vocab_size is {size}, .*Write"):
        seqviz.trace_ids([0], size)


def test_a_whole_number_beyond_int64_is_refused():
    with pytest.raises(SeqvizError, match="int64"):
        seqviz.trace_ids([2**63], 10)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0 9 10", (0, 9, 10)),
        ("[0, 9; 10]", (0, 9, 10)),
        ("−1 –2", (-1, -2)),
        ("1.7 1e3 ৩", (1.7, 1000.0, 3)),
        ("inf -∞", (math.inf, -math.inf)),
        ("99999999999999999999", (1e20,)),
        ("9" * 5000, (math.inf,)),
    ],
)
def test_numbers_are_read_kindly(text, values):
    assert read_numbers(text).values == values


def test_what_was_done_to_numbers_is_said():
    assert "int64" in read_numbers("99999999999999999999").notices[0]
    assert "Type some numbers" in read_numbers(" , ").notices[0]
    assert read_numbers("1 2 3", max_numbers=2) == (("1", "2"), (1, 2), read_numbers("1 2 3", max_numbers=2).notices)  # fmt: skip
    assert "first 2 of 3" in read_numbers("1 2 3", max_numbers=2).notices[0]


@STEADY
@given(st.text(max_size=12))
def test_any_text_is_numbers_or_a_message(text):
    with contextlib.suppress(SeqvizError):
        numbers = read_numbers(text)
        assert len(numbers.values) == len(numbers.labels)
        assert numbers.values or numbers.notices


def test_script_finds_the_same_rows():
    trace = seqviz.trace_ids([0, 9, 10, -1, 1.7, math.nan, -11], 10)
    left: dict = {}
    exec(compile(id_code(trace), "script.py", "exec"), left)
    assert left["rows"] == [None if row == RAISES else row for row in trace.rows.tolist()]


def test_table_and_captions_say_the_same():
    numbers = read_numbers("9 10 -1 1.7")
    trace = seqviz.trace_ids(numbers.values, 10, labels=numbers.labels)
    table = id_table(trace)
    assert table["row"] == ["9", "none", "9", "1"]
    assert table["typed"] == ["9", "10", "-1", "1.7"]
    captions = id_captions(trace)
    assert len(captions) == 5
    assert captions[3] == (
        "Step 3 of 4: -1 is no id, but nothing is raised: Keras adds vocab_size to a negative id, "
        "and −1 + 10 is row 9."
    )


def test_many_threads_at_once():
    found = []

    def look_up(size):
        found.append((size, seqviz.trace_ids([-1, size, 1.7], size).rows.tolist()))

    threads = [threading.Thread(target=look_up, args=(size,)) for size in range(5, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(size, [size - 1, RAISES, 1]) for size in range(5, 25)]


def test_picture_marks_start_and_landing():
    figure = plot_ids(seqviz.trace_ids([9, 10, -1, 1.7], 10))
    # Places: −1 at 0, row r at r + 1, 10 at 11; markers stand in their middles, that of 1.7 as far
    # from row 1 as it is on the line of numbers.
    assert [mark.x for mark in markers(figure, "circle-open")] == pytest.approx([10.5, 0.5, 3.2])
    assert [mark.x for mark in markers(figure, "square")] == [10.5, 10.5, 2.5]
    assert [mark.x for mark in markers(figure, "x-thin")] == [11.5]
    colors = [mark.color for mark in markers(figure, "square")]
    assert colors[0] == colors[1] != colors[2]  # the same row, the same colour
    assert [word for word in texts(figure) if word in ("from the end", "cut to 1")] == [
        "from the end",
        "cut to 1",
    ]
    assert len(figure.frames) == 5


@pytest.mark.parametrize("step", [0, 2, None])
def test_picture_opens_at_its_step(step):
    figure = plot_ids(seqviz.trace_ids([9, 10, -1], 10), step=step)
    shown = 3 if step is None else step
    for shape, move in zip(figure.layout.shapes, figure.frames[shown].layout.shapes, strict=True):
        change = move.to_plotly_json()
        assert {key: shape[key] for key in change} == change


@STEADY
@given(
    st.integers(1, 10_000),
    st.lists(
        st.floats() | st.integers(-(2**63), 2**63 - 1) | st.integers(-20, 20),
        min_size=1,
        max_size=12,
    ),
)
def test_any_ids_can_be_drawn(size, values):
    trace = seqviz.trace_ids(values, size)
    figure = plot_ids(trace)
    assert len(figure.to_json()) < 60_000
    xs = [x for t in figure.data if t.mode == "markers" for x in t.x]
    low, high = figure.layout.xaxis.range
    assert all(low <= x <= high for x in xs)
