"""A picture in fewer traces is the same picture."""

import pytest

from seqviz.figures import plot_embedding_lookup, plot_unrolled
from seqviz.plotly_kit import animation, marks
from seqviz.plotly_kit.packing import packed
from tests.unit.drawn import markers, segments, words
from tests.unit.figures.test_markup import PICTURES, draw
from tests.unit.samples import embedding, recurrent

WORDS = ["I", "am", "<Groot>", "id 3", "猫"]


def sorted_by_text(things):
    return sorted(map(str, things))


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_lost_or_changed(name, monkeypatch):
    picture = draw(name, WORDS)
    monkeypatch.setattr(animation, "packed", list)
    loose = draw(name, WORDS)
    for drawn in (segments, markers, words):
        assert sorted_by_text(drawn(picture)) == sorted_by_text(drawn(loose))


def test_the_first_pictures_have_few_traces():
    trace = recurrent(3, cell="SimpleRNN")
    assert len(plot_unrolled(trace).data) <= 16
    assert len(plot_embedding_lookup(embedding()).data) <= 12


def outline(x, **style):
    return marks.outline([(x, 0, x + 1, 1)], color="red", **style)


def test_lines_of_one_pen_are_one_trace_with_gaps():
    (trace,) = packed([outline(0), outline(2), outline(4)])
    assert trace["x"] == [0, 1, 1, 0, 0, None, 2, 3, 3, 2, 2, None, 4, 5, 5, 4, 4]
    assert trace["line"] == {"color": "red", "width": 2, "dash": "solid"}
    assert len(packed([outline(0), outline(2, width=3), outline(4)])) == 2


def test_arrow_heads_and_marks_are_one_trace():
    up = marks.arrows([(0, 0, 0, 1)], color="red", symbol="triangle-up")
    right = marks.arrows([(0, 0, 1, 0)], color="blue", symbol="triangle-right")
    *lines, heads = sorted(packed([up, right]), key=lambda trace: trace["mode"])
    assert [line["line"]["color"] for line in lines] == ["red", "blue"]
    assert (heads["x"], heads["y"]) == ([0, 1], [1, 0])
    assert heads["marker"]["symbol"] == ["triangle-up", "triangle-right"]
    assert heads["marker"]["color"] == ["red", "blue"]
    assert (heads["marker"]["size"], heads["marker"]["opacity"]) == (9, 1)


def text(word, room=(1, 1), **style):
    return marks.texts([0], [0], [word], color="red", room=room, **style)


def test_all_words_are_one_trace_each_with_its_size_and_place():
    (trace,) = packed([text("ab"), text("cd", size=9), text("ef", position="top left")])
    assert trace["text"] == ["ab", "cd", "ef"]
    assert trace["textfont"] == {"size": [12, 9, 12], "color": "red"}
    assert trace["textposition"] == ["middle center", "middle center", "top left"]


def test_a_row_for_each_way_that_words_are_fitted():
    (trace,) = packed([text("ab"), text("cd"), text("longer"), text("free", room=None)])
    assert trace["meta"] == [[2, 1, 1, 2, 12], [1, 1, 1, 6, 12], [1]]
    assert packed([text("free", room=None)])[0]["meta"] is None


def test_words_are_on_top_of_what_came_before_the_last_of_them():
    assert [t["mode"] for t in packed([text("ab"), outline(0), text("cd")])] == ["lines", "text"]
    assert [t["mode"] for t in packed([text("ab"), outline(0)])] == ["text", "lines"]


def test_words_with_a_hover_text_or_a_font_of_their_own_stay_apart():
    hovered = text("cd", hover=["what it is"])
    assert packed([text("ab"), hovered])[1] == hovered
    code = text("cd")
    code["textfont"]["family"] = "monospace"
    assert len(packed([text("ab"), code])) == 2


def test_markers_with_more_of_their_own_stay_as_they_are():
    mark = {"symbol": "square", "size": 9, "color": "red", "angle": 45}
    marks = {"type": "scatter", "mode": "markers", "x": [0], "y": [0], "hoverinfo": "skip"}
    assert packed([{**marks, "marker": mark}] * 2) == [{**marks, "marker": mark}] * 2


def test_nothing_is_moved_past_a_filling_which_may_cover_it():
    filled = outline(2, fill="toself", fillcolor="white")
    traces = [outline(0), filled, outline(4)]
    assert [trace["x"][0] for trace in packed(traces)] == [0, 2, 4]
    assert packed(traces)[1] == filled


def test_traces_of_other_axes_stay_apart():
    assert len(packed([outline(0), {**outline(0), "xaxis": "x2"}])) == 2


def test_what_is_empty_is_left_out():
    assert packed([marks.outline([], color="red"), marks.hatch([], color="red")]) == []
