"""Two halves of a picture, and what a narrow screen changes."""

import pytest

from seqviz.plotly_kit import marks
from seqviz.plotly_kit.animation import moving
from seqviz.plotly_kit.halves import halves, moving_in_second, parts_of_second, second
from seqviz.plotly_kit.parts import Boxes, parts

LEFT, RIGHT, Y = (0.0, 3.9), (4.0, 10.0), (-1.0, 1.0)


@pytest.fixture
def layout():
    return halves(LEFT, RIGHT, Y, height=400, named=parts({"row": Boxes((0, 0, 1, 1))}))


def test_beside_each_other_a_unit_is_as_wide_in_both(layout):
    for axis in ("xaxis", "xaxis2"):
        (low, high), (start, end) = layout[axis]["range"], layout[axis]["domain"]
        assert (high - low) / (end - start) == pytest.approx(10)
    assert layout["xaxis"]["domain"][1] == layout["xaxis2"]["domain"][0]
    assert layout["yaxis"]["domain"] == layout["yaxis2"]["domain"] == [0, 1]


def test_what_is_said_of_a_wide_screen_is_what_the_layout_has(layout):
    for axis, name, wide, _ in layout["meta"][2]:
        if axis:
            assert layout[axis][name] == wide
        else:
            assert (name, wide) == ("height", 400)


def test_on_a_narrow_screen_each_has_the_whole_width_and_its_own_height(layout):
    narrow = {(axis, name): value for axis, name, _, value in layout["meta"][2]}
    assert narrow["xaxis", "domain"] == narrow["xaxis2", "domain"] == [0, 1]
    assert narrow["xaxis", "range"] == [*LEFT]
    assert narrow["yaxis2", "domain"][1] < narrow["yaxis", "domain"][0]
    assert narrow["", "height"] > 1.5 * 400


def test_its_parts_are_still_where_they_were(layout):
    assert layout["meta"][:2] == ["parts", {"row": [[0, 0, 1, 1]]}]


def test_the_second_half_has_axes_of_its_own():
    word = marks.texts([0], [0], ["one"], color="#000000")
    assert second([word]) == [word | {"xaxis": "x2", "yaxis": "y2"}]
    (moved,) = moving_in_second([moving({"type": "rect"}, [(0, 1), None])])
    assert moved.shape == {"type": "rect", "xref": "x2", "yref": "y2"}
    assert moved.at(0) == {"y0": 0, "y1": 1}
    assert parts_of_second([Boxes((0, 0, 1, 1))]) == [Boxes((0, 0, 1, 1), axes=("x2", "y2"))]
