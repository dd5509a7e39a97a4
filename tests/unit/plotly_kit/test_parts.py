"""Where the parts of pictures are, as the page's JavaScript reads it."""

import pytest
from hypothesis import given, settings, strategies as st

from seqviz.plotly_kit.parts import Boxes, columns, numbered, parts


def unrolled(rows):
    """Number and box of each, as `ui/player/words.js` makes them of a row."""
    defaults = (0, 0, 1, -1, "x", "y")
    for row in rows:
        x0, y0, x1, y1, *rest = row
        dx, dy, times, first, *_ = [*rest, *defaults[len(rest) :]]
        for k in range(times):
            number = first if first < 0 else first + k
            yield number, (x0 + k * dx, y0 + k * dy, x1 + k * dx, y1 + k * dy)


def rows_of(named):
    return parts(named)["meta"][1]


def test_what_is_at_its_default_is_left_out():
    assert rows_of({"matrix": Boxes((0, 0, 1, 2))}) == {"matrix": [[0, 0, 1, 2]]}
    on_paper = Boxes((0, 0.5, 1, 1), axes=("paper", "paper"))
    assert rows_of({"h": [on_paper]}) == {"h": [[0, 0.5, 1, 1, 0, 0, 1, -1, "paper", "paper"]]}
    assert rows_of({"mask": []}) == {}


@pytest.mark.parametrize("first", [0, 1])
def test_columns_are_numbered_from_left_to_right(first):
    (row,) = rows_of({"h": columns([0, 2.6, 5.2], 3, 7, first=first)})["h"]
    assert len(row) == 8
    assert list(unrolled([row])) == [
        (first + k, pytest.approx((2.6 * k, 3, 2.6 * k + 1, 7))) for k in range(3)
    ]


def test_of_one_column_there_is_no_pitch():
    assert list(unrolled(rows_of({"h": columns([4], 0, 1)})["h"])) == [(1, (4, 0, 5, 1))]


@settings(deadline=None, database=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.tuples(*[st.integers(-3, 3).map(float)] * 2, *[st.integers(4, 5).map(float)] * 2),
        ),
        max_size=12,
    )
)
def test_boxes_come_out_as_they_went_in(boxes):
    runs = numbered(boxes)
    assert len(runs) <= len(boxes)
    assert list(unrolled(rows_of({"row": runs}).get("row", []))) == boxes


def test_rows_that_follow_one_another_take_the_room_of_one():
    rows = [(k, (0.2, 1 - 0.1 * (k + 1), 0.5, 1 - 0.1 * k)) for k in range(10)]
    assert len(numbered(rows)) == 1
    assert len(numbered([*rows[:4], *rows[7:]])) == 2
