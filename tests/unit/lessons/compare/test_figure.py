"""The picture of three layers side by side, its captions and its table."""

import itertools

import numpy as np
import pytest

from seqviz import compute_memory
from seqviz.figures import plot_memory
from seqviz.lessons.compare.words import (
    memory_captions,
    memory_table,
    what_was_set,
    where_it_comes_from,
    which_sentences,
    who_remembers,
    why_it_is_so,
)
from tests.unit.samples import recurrent

HOSTILE = ["<b>x</b>", "%{y}", "#000001", "a" * 50, "&"]


def memories(timesteps=6, units=4, cells=("SimpleRNN", "GRU", "LSTM")):
    return [
        compute_memory(recurrent(timesteps, units, cell), samples=(0, 0))._replace(
            change=np.outer(10.0 ** -np.arange(timesteps), np.eye(units)[0]),
            difference=10.0 ** -np.arange(timesteps),
        )
        for cell in cells
    ]


def of_type(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


def curves_of(figure):
    return [trace for trace in of_type(figure, "scatter") if trace.mode != "text"]


def words_of(figure):
    """Beside the curves; another stands over the strips."""
    texts = [trace for trace in of_type(figure, "scatter") if trace.mode == "text"]
    return [trace for trace in texts if trace.yaxis is None]


@pytest.mark.parametrize(
    ("end", "word"),
    [
        (4.0, "grown"),
        (1.0, "kept"),
        (0.95, "kept"),
        (0.6, "mostly kept"),
        (0.2, "partly gone"),
        (0.001, "nearly gone"),
        (0.0, "gone"),
    ],
)
def test_a_word_beside_each_curve_says_what_has_become_of_the_difference(end, word):
    data = memories(3)[0]._replace(difference=np.array([1, 1, end]))
    figure = plot_memory(data)
    (said,) = words_of(figure)
    (curve,) = curves_of(figure)
    assert said.text[0].replace("<br>", " ") in (f"<b>SimpleRNN: {word}</b>", f"<b>{word}</b>")
    at = list(curve.x).index(said.x[0])
    low, high = figure.layout.yaxis.range
    assert low < said.y[0] < high
    assert said.y[0] != curve.y[at]
    assert said.textfont.color == curve.line.color


def test_one_word_is_of_both_states_of_an_lstm_where_their_curves_look_like_one():
    memory = memories(3)[2]._replace(difference=np.array([1, 2, 2.5]))

    def said(**changes):
        return [one.text for one in words_of(plot_memory(memory._replace(**changes)))]

    assert said(cell_difference=np.array([1, 2, 8])) == [("<b>LSTM: grown</b>",)]
    assert said(cell_difference=memory.difference * 7) == [("<b>h and c of LSTM: grown</b>",)]


def test_colours_are_as_deep_as_after_word_1_so_that_they_fade_and_grow_as_the_lines_do():
    (strip,) = of_type(plot_memory(memories(3)[:1]), "heatmap")
    assert (strip.zmin, strip.zmax) == (-1, 1)
    grown = memories(3)[0]._replace(change=np.array([[0.5, 0], [1, 0], [2, 0]]))
    (strip,) = of_type(plot_memory(grown), "heatmap")
    assert strip.zmax == 0.5
    later = grown._replace(change=np.array([[0, 0], [1, 0], [2, 0]]))
    (strip,) = of_type(plot_memory(later), "heatmap")
    assert strip.zmax == 2


def test_the_heading_names_the_word_that_is_changed():
    def heading(**options):
        return plot_memory(memories(5), **options).layout.annotations[0].text

    assert heading(tokens=["I", "am", "Groot", "a", "b"]).endswith(
        "minus that with X in place of the first “I”</b>"
    )
    assert heading().endswith("with X in place of word 1</b>")
    assert "&lt;b&gt;x&lt;" in heading(tokens=HOSTILE)


@pytest.mark.parametrize(("timesteps", "said"), [(6, "× 10)"), (10, "× 10²)"), (20, "× 10³)")])
def test_the_heading_of_the_curves_says_what_a_grid_line_is(timesteps, said):
    figure = plot_memory(memories(timesteps))  # each step leaves a tenth
    ticks = figure.layout.yaxis.tickvals
    assert figure.layout.annotations[1].text.endswith(f"(each grid line: {said}")
    assert {10 ** (b - a) for a, b in itertools.pairwise(ticks)} == {
        {"× 10)": 10, "× 10²)": 100, "× 10³)": 1000}[said]
    }


@pytest.mark.parametrize(("timesteps", "under"), [(3, "3"), (20, "19")])
def test_over_the_strips_it_is_said_that_each_has_its_own_scale(timesteps, under):
    figure = plot_memory(memories(timesteps))
    (said,) = [trace for trace in of_type(figure, "scatter") if trace.yaxis == "y2"]
    assert said.text == ("red +, blue −, in each strip by its own ±",)
    assert said.x == (under,)  # of many columns not the last: there is the frame at the end
    assert figure.layout.yaxis2.range[1] == said.y[0]  # at the strip's upper edge


def test_words_of_several_curves_stand_at_different_steps():
    figure = plot_memory(memories(20))
    assert len({x for said in words_of(figure) for x in said.x}) == 3


def test_memory_draws_every_change_and_one_curve_each():
    data = memories()
    figure = plot_memory(data)
    bands, curves = of_type(figure, "heatmap"), curves_of(figure)
    assert len(bands) == 4  # three h and one c
    np.testing.assert_allclose(bands[0].z, data[0].change.T)
    assert not np.any(bands[3].z)  # c, of one sample against itself
    assert [curve.name for curve in curves] == [
        "h of SimpleRNN",
        "h of GRU",
        "h of LSTM",
        "c of LSTM",
    ]
    np.testing.assert_allclose(curves[0].y, [0, -1, -2, -3, -4, -5])
    assert len({curve.line.color for curve in curves}) == 4
    assert len({curve.marker.symbol[0] for curve in curves[:3]}) == 3
    assert set(curves[3].marker.symbol) == {"x"}  # one sample against itself: zero
    assert len(plot_memory(data[0]).data) == 4  # strip, its words, curve, its word


def test_curves_are_relative_to_the_first_step():
    data = memories(3)[0]._replace(difference=np.array([0.04, 0.004, 0.4]))
    np.testing.assert_allclose(data.left, [1, 0.1, 10])
    (curve,) = curves_of(plot_memory(data))
    np.testing.assert_allclose(curve.y, [0, -1, 1], atol=1e-6)
    # Where there is nothing at first, what comes later is no share of it.
    later = data._replace(difference=np.array([0, 0, 0.1]))
    assert later.left.tolist() == [0, 0, np.inf]


def test_memory_frames_lift_the_veil():
    figure = plot_memory(memories(6), step=2)
    assert len(figure.frames) == 7
    assert figure.layout.shapes[0].x0 == 1.5
    assert not any(frame.data for frame in figure.frames)


def test_memory_captions_say_what_is_left():
    captions = memory_captions(memories(2), ["a", "b"])
    assert len(captions) == 3
    assert captions[2].endswith("SimpleRNN 0.1, GRU 0.1, LSTM h 0.1 and c 0.")


def test_nothing_typed_is_markup_and_equal_data_give_equal_bytes():
    drawn, again = (plot_memory(memories(5), tokens=HOSTILE).to_json() for _ in range(2))
    assert drawn == again
    assert "&lt;b&gt;x" in drawn.replace("\\u0026", "&")
    assert "#000001" not in drawn
    assert '"%{y}"' not in drawn


def test_the_largest_picture_stays_small_and_a_single_step_can_be_drawn():
    assert len(plot_memory(memories(100, 128), controls=False).to_json()) < 600_000
    assert len(plot_memory(memories(1)).frames) == 2


def test_the_table_is_the_pictures_twin():
    left = memory_table(memories(2, units=1), ["a", "b"], [2, 3])
    assert list(left)[4:] == [
        "h - h' SimpleRNN[0]", "‖h - h'‖ SimpleRNN", "left in h, SimpleRNN",
        "h - h' GRU[0]", "‖h - h'‖ GRU", "left in h, GRU",
        "h - h' LSTM[0]", "‖h - h'‖ LSTM", "left in h, LSTM",
        "c - c' LSTM[0]", "‖c - c'‖ LSTM", "left in c, LSTM",
    ]  # fmt: skip
    assert left["‖h - h'‖ GRU"] == left["left in h, GRU"] == [1, 0.1]


def test_without_a_difference_no_word_says_what_has_become_of_it():
    none = memories(3)[0]._replace(difference=np.zeros(3))
    assert not words_of(plot_memory(none))
    overflowed = none._replace(difference=np.array([1, np.inf, np.nan]))
    assert not words_of(plot_memory(overflowed))


def test_both_sentences_are_said_and_when_they_are_one():
    words = which_sentences(["I", "*am*", "Groot", "too"], 10)
    assert "X is another word (id 10)" in words
    assert r"\*am\*" in words
    assert words.count("Groot …") == 2
    assert words.endswith("it still holds something of word 1.")
    assert "the same sentence twice" in which_sentences(["I"], None)
    words = which_sentences(["I"], 0)
    assert "reads “**I**” and “**X**”, where X is padding (id 0)." in words


def test_it_is_said_which_layers_have_lost_word_1_and_which_hold_it():
    lost, half, grown = (
        memory._replace(difference=np.array([2, end]))
        for memory, end in zip(memories(2), (0.1, 0.5, 9.0), strict=True)
    )
    assert who_remembers([lost, half, grown]) == (
        "After 2 timesteps word 1 is **nearly forgotten** by the SimpleRNN, and **still held** by the LSTM."
    )
    assert who_remembers([half]) == ""
    assert who_remembers([grown, lost._replace(cell="GRU"), lost]) == (
        "After 2 timesteps word 1 is **nearly forgotten** by the GRU and the SimpleRNN, and **still held** by "
        "the LSTM."
    )
    nothing = lost._replace(difference=np.zeros(2))  # the same sentence twice
    assert who_remembers([nothing]) == ""


def test_only_what_was_set_is_said_to_be():
    kernels = "each recurrent kernel is scaled to a spectral radius of 0.7"
    bias = "4 is added to the bias of the gates that keep"
    assert f"**random**. But by hand, {bias} and {kernels}. A gate" in what_was_set(0.7, 4)
    assert f"**random**. But by hand, {bias.replace('4', '−2')}. A gate" in what_was_set(None, -2)
    assert f"**random**. But by hand, {kernels}. A gate" in what_was_set(0.7, 0)
    assert "the weights are **random**. A gate **can** keep" in what_was_set(None, 0)


def test_what_each_kind_of_layer_keeps_at_a_step_is_said():
    several = [m._replace(difference=np.linspace(1, 1.5, 20)) for m in memories(20)]
    said = why_it_is_so(several, 0.7, 4, "tanh")
    assert "at most 0.7 times as long. After 19 more steps: 0.7¹⁹ ≈ 0.0011 times." in said
    assert "With 4 added to its bias it is about 0.98 in the GRU" in said
    assert "grown" not in said
    said = why_it_is_so(several, None, 0, "tanh")
    assert "As Keras builds it, it is about 0.50 in the GRU (its update gate) and 0.73" in said


def test_what_gates_alone_would_leave_stands_beside_what_is_left():
    several = [m._replace(difference=np.linspace(1, 1.5, 20)) for m in memories(20)]
    said = where_it_comes_from(several, 0.7, 4)
    assert "sigmoid(5) ≈ 0.99 and sigmoid(4) ≈ 0.98." in said
    assert "each is scaled to a spectral radius of 0.7 by itself." in said
    # σ(4)¹⁹ and σ(5)¹⁹
    assert (
        "Alone, these gates would leave 0.71 in the GRU and 0.88 in the LSTM after 19 more steps. It is 1.5 in the GRU "
        "and 1.5 in the LSTM: what differs comes of **h**" in said
    )
    as_alone = [
        memory._replace(difference=np.geomspace(1, end, 20))
        for memory, end in zip(several[1:], (0.709, 0.880), strict=True)
    ]
    assert "0.71 in the GRU and 0.88 in the LSTM.\n" in where_it_comes_from(as_alone, 0.7, 4) + "\n"
    assert "Alone" not in where_it_comes_from(several[:2], 0.7, 4)
    said = where_it_comes_from(several, None, -1)
    assert "sigmoid(0) ≈ 0.50 and sigmoid(−1) ≈ 0.27." in said
    assert "spectral radius" not in said


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_of_a_kernel_that_changes_no_length_it_is_said_what_the_activation_has_left(activation):
    several = [m._replace(difference=np.linspace(2, 0.5, 20)) for m in memories(20)]
    said = why_it_is_so(several, None, 0, activation)
    assert f"At each step {activation} may take some: after 19 more 0.25 is left." in said
    assert "it changes no length.\n" in why_it_is_so(several, None, 0, "linear")
    same = [m._replace(difference=np.zeros(20)) for m in several]
    assert "it changes no length.\n" in why_it_is_so(same, None, 0, activation)
    assert "is left" not in why_it_is_so(several[1:], None, 0, activation)
    one = [m._replace(difference=np.ones(1), change=np.eye(1, 4)) for m in several]
    assert "more" not in why_it_is_so(one, None, 0, activation)


def test_how_little_comes_into_a_gru_is_said_where_it_is_less():
    simple, gru, _ = memories(20)
    little = gru._replace(change=gru.change / 50)
    said = where_it_comes_from([simple, little], 0.7, 4)
    assert "it changes the GRU's numbers by 0.02 at most, those of the SimpleRNN by 1." in said
    for several, bias in (([simple, little], 0), ([simple, gru], 4), ([little], 4)):
        assert "So little" not in where_it_comes_from(several, 0.7, bias)
    same = [m._replace(change=np.zeros((20, 4))) for m in (simple, gru)]
    assert "So little" not in where_it_comes_from(same, 0.7, 4)


def test_what_has_grown_is_said_to_be_no_better_memory():
    several = [m._replace(difference=np.array([1.0, 9.0])) for m in memories(2)]
    *_, said = why_it_is_so(several, 1.5, 0, "tanh").split("\n")
    assert said == (
        "- The difference has **grown** in the SimpleRNN and the GRU and the LSTM: it is louder than after word 1, "
        "which is no better memory. It tells no more of word 1."
    )
