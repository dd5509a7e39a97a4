"""The pictures of memory and of gradients: what they draw, and what they say in words."""

import numpy as np
import pytest

from seqviz.figures import plot_gradients
from seqviz.lessons.gradients.data import Gradients, norms
from seqviz.lessons.gradients.words import gradient_captions, gradient_table, how_to_read
from seqviz.plotly_kit.palette import DARK, LIGHT
from seqviz.readout.table import to_csv

HOSTILE = ["<b>x</b>", "%{y}", "#000001", "a" * 50, "&"]


def gradients(timesteps=4, units=3, *, cell="SimpleRNN", step=None, skipped=(), scale=0.1):
    step = timesteps if step is None else step
    sizes = np.where(
        np.arange(timesteps + 1) <= step, scale ** (step - np.arange(timesteps + 1.0)), 0
    )
    hidden = np.zeros((timesteps + 1, units))
    hidden[:, 0] = sizes
    return Gradients(
        cell=cell,
        hidden=hidden,
        cell_states=hidden * 2 if cell == "LSTM" else None,
        inputs=hidden[1:, :2] / 2,
        taken_at=step,
        output="sum",
        timesteps=np.arange(timesteps),
        skipped=np.isin(np.arange(timesteps), skipped),
    )


def of_type(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM"])
def test_bars_have_the_height_of_their_exponent(cell):
    data = gradients(cell=cell)
    bars = of_type(plot_gradients(data), "bar")
    names = ["word x", "state h", "memory c"]
    assert [bar.name for bar in bars] == names[: 3 if cell == "LSTM" else 2]
    np.testing.assert_allclose(np.add(bars[1].base, bars[1].y), [-4, -3, -2, -1, 0], atol=1e-6)
    assert np.isnan(bars[0].y[0])  # nothing was read before the first step
    assert len({bar.marker.color for bar in bars}) == len(bars)
    assert len({bar.marker.pattern.shape for bar in bars}) == len(bars)  # not by colour alone


def test_zero_is_a_cross_and_infinity_a_triangle():
    data = gradients(step=2)
    data.hidden[0] = np.inf
    figure = plot_gradients(data)
    marks = {
        trace.marker.symbol: trace
        for trace in of_type(figure, "scatter")
        if trace.mode == "markers"
    }
    assert "exactly 0" in marks["x-thin"].hovertemplate
    assert [round(x) for x in marks["triangle-up"].x] == [0]
    for trace in of_type(figure, "bar"):
        assert np.isnan(trace.y[3:]).all()  # and no bar


def test_frames_go_back_and_only_move_shapes():
    figure = plot_gradients(gradients(5), step=2)
    assert [frame.name for frame in figure.frames] == ["0", "1", "2", "3", "4", "5"]
    assert not any(frame.data for frame in figure.frames)
    # After 2 of 5 steps back h_3 is reached: columns 0, 1, 2 are veiled, and so is x_3, which
    # takes another step.
    states, bars, above, cursor = figure.layout.shapes
    assert (states.x0, states.x1) == (-0.5, 2.5)
    assert bars.x1 == of_type(figure, "bar")[1].offset + 3
    assert (above.x0, above.x1) == (cursor.x0, cursor.x1) == (2.5, 3.5)
    assert cursor.y1 <= figure.layout.legend.y < above.y0  # the legend stands between
    assert states.x1 == figure.frames[2].layout.shapes[0].x1
    assert figure.frames[5].layout.shapes[1].x1 == -0.5  # at last there is nothing to hide


def test_masked_steps_are_hatched_and_where_l_is_taken_is_filled():
    plain = plot_gradients(gradients())
    masked = plot_gradients(gradients(skipped=[1]))
    assert len(masked.data) == len(plain.data) + 1
    filled = [t for t in of_type(plain, "scatter") if t.fill == "toself"]
    assert min(filled[0].x) == pytest.approx(4 - 0.24)
    assert "L = sum of h₄" in [word for t in plain.data for word in (t.text or ())]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_nothing_typed_is_markup_and_equal_data_give_equal_bytes(palette):
    def draw():
        return plot_gradients(gradients(5), tokens=HOSTILE, palette=palette).to_json()

    drawn = draw()
    assert drawn == draw()
    assert "&lt;b&gt;x" in drawn.replace("\\u0026", "&")
    assert "#000001" not in drawn
    assert "%{y}<" not in drawn
    assert '"%{y}"' not in drawn


def test_the_largest_pictures_stay_small():
    assert len(plot_gradients(gradients(50, 128, cell="LSTM")).to_json()) < 150_000


def test_a_single_step_can_be_drawn():
    assert len(plot_gradients(gradients(1)).frames) == 2


def test_norms_do_not_underflow():
    assert norms(np.full((1, 4), 1e-30, np.float32))[0] == pytest.approx(2e-30)


def test_captions_say_what_flows():
    captions = gradient_captions(gradients(3, step=2), ["a", "b", "c"])
    assert captions == [
        "Start: L is the sum of h₂; the gradient at h₃ is 0.",
        "Back 1 of 3, “c” comes after L was taken, so nothing reaches it: the gradient at h₂ is 1.",
        "Back 2 of 3, past “b”: the gradient at h₁ is 0.1, 0.1 times that at h₂. Right of it, “b”: 0.5.",
        "Back 3 of 3, past “a”: the gradient at h₀ is 0.01, 0.1 times that at h₁. Right of it, “a”: 0.05.",
    ]
    assert "is masked, so nothing changes" in gradient_captions(gradients(2, skipped=[0]), "ab")[2]
    nothing = gradients(1)
    nothing.hidden[:] = 0
    assert "nothing flows" in gradient_captions(nothing, "a")[0]


def test_tables_are_the_pictures_twins():
    data = gradients(3, cell="LSTM")
    table = gradient_table(data, ["a", "=b", "c"], [2, 3, 4])
    assert table["token"] == ["", "a", "=b", "c"]
    np.testing.assert_allclose(table["‖∂L/∂h‖"], [1e-3, 1e-2, 1e-1, 1])
    np.testing.assert_allclose(table["‖∂L/∂c‖"], [2e-3, 2e-2, 2e-1, 2])
    assert table["‖∂L/∂x‖"][0] is None
    assert "'=b" in to_csv(table)
    assert "∂L/∂h[2]" in table
    assert "∂L/∂h[2]" not in gradient_table(data, "abc", [2, 3, 4], widest=2)


@pytest.mark.parametrize(
    ("scale", "said"), [(0.1, "**vanishes**"), (10.0, "**explodes**"), (0.9, "**kept**")]
)
def test_it_is_said_what_becomes_of_the_gradient(scale, said):
    assert f"Here it {'is ' if 'kept' in said else ''}{said}" in how_to_read(gradients(scale=scale))


def test_of_an_lstm_what_goes_on_in_c_is_not_lost():
    data = gradients(cell="LSTM")
    assert "**vanishes**" in how_to_read(data)
    through_c = data._replace(cell_states=np.ones_like(data.hidden))
    assert "**kept**" in how_to_read(through_c)


def test_where_nothing_flows_nothing_becomes_of_it():
    data = gradients()._replace(hidden=np.zeros((5, 3)))
    said = how_to_read(data)
    assert not any(word in said for word in ("vanishes", "explodes", "kept"))
    assert "Training changes weights by gradients." in said


@pytest.mark.parametrize(
    ("scale", "timesteps", "times"), [(0.1, 4, "10"), (0.1, 20, "1,000"), (1e-5, 12, "10⁹")]
)
def test_it_is_said_how_far_apart_lines_are(scale, timesteps, times):
    data = gradients(timesteps, scale=scale)
    assert f"each line is {times} times the one below" in how_to_read(data)
    ticks = plot_gradients(data).layout.yaxis.tickvals
    assert 10.0 ** (ticks[1] - ticks[0]) == pytest.approx(
        float(times.replace(",", "").replace("10⁹", "1e9"))
    )
