"""The pictures of one cell: what they show is what was explained."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz.figures import DARK, LIGHT, plot_cell, plot_terms, plot_unit_history, plot_unit_map
from seqviz.lessons.cell.compute import compute_terms, compute_unit_history
from seqviz.lessons.cell.explain import explain
from seqviz.lessons.cell.words import cell_captions, stages
from seqviz.tracing.arrays import to_array
from seqviz.ui.player.theme import THEMED
from tests.unit.drawn import texts

INPUTS = np.random.default_rng(0).normal(size=(1, 4, 3)).astype(np.float32)
CELLS = [("SimpleRNN", {}), ("GRU", {}), ("GRU", {"reset_after": False}), ("LSTM", {})]


@pytest.fixture(scope="module", params=CELLS, ids=str)
def trace(request):
    kind, arguments = request.param
    return seqviz.capture(getattr(keras.layers, kind)(3, name="a", **arguments), INPUTS)["a"]


def numbers_of(figure):
    """Those that are named one by one, not by their place in a vector."""
    heatmaps = [
        t for t in figure.data if t.type == "heatmap" and isinstance(t.customdata[0][0], str)
    ]
    return [float(value) for t in heatmaps for value in t.z[0][::2]]


def test_wiring_shows_every_gate_and_the_states(trace):
    e = explain(trace, step=2, unit=1)
    figure = plot_cell(e, token="<b>x", controls=False)
    shown = numbers_of(figure)
    expected = [e.hidden[1], *([] if e.cell_state is None else e.cell_state)]
    if e.cell == "SimpleRNN":
        expected += [e.sums["hidden"].share(n) for n in ("kernel", "recurrent_kernel", "bias")]
    else:
        expected += [whole.value for whole in e.sums.values()]
    for value in expected:
        assert np.isclose(shown, value, atol=1e-7).any(), value
    assert "&lt;b&gt;x" in " ".join(texts(figure))
    h, x = (t.z[0] for t in figure.data if t.type == "heatmap" and "[%" in t.hovertemplate)
    np.testing.assert_array_equal(h, e.state)
    np.testing.assert_array_equal(x, e.inputs)


def products_drawn(figure):
    """The products that stand in a box one above the other, as they are named: from the top."""
    columns = [t for t in figure.data if t.type == "heatmap" and "] ·" in str(t.customdata[0][0])]
    return {
        name[0]: float(row[0])
        for t in columns
        for name, row in list(zip(t.customdata, t.z, strict=True))[::-1]
    }


def test_few_products_of_a_simple_rnn_stand_one_by_one_over_their_sum():
    layer = keras.layers.SimpleRNN(2, name="a")
    e = explain(seqviz.capture(layer, INPUTS)["a"], step=2, unit=1)
    drawn = products_drawn(plot_cell(e))
    kernel, recurrent, _ = (to_array(weight) for weight in layer.weights)
    expected = {f"x[{k}] · W[{k}, 1]": e.inputs[k] * kernel[k, 1] for k in range(3)}
    expected |= {f"h[{k}] · U[{k}, 1]": e.state[k] * recurrent[k, 1] for k in range(2)}
    assert list(drawn) == list(expected)
    np.testing.assert_allclose(list(drawn.values()), list(expected.values()), rtol=1e-6)
    many = keras.layers.SimpleRNN(5, name="a")
    e = explain(seqviz.capture(many, INPUTS)["a"], step=2, unit=1)
    figure = plot_cell(e)
    assert not products_drawn(figure)
    assert "5 products" in " ".join(texts(figure))


@pytest.mark.parametrize(("activation", "drawn"), [("tanh", True), ("softsign", False)])
def test_what_the_activation_makes_of_a_sum_is_a_point_on_its_curve(activation, drawn):
    layer = keras.layers.SimpleRNN(2, activation=activation, name="a")
    e = explain(seqviz.capture(layer, INPUTS)["a"], step=2, unit=1)
    figure = plot_cell(e)
    points = [t for t in figure.data if t.hovertext and "(" in t.hovertext[0]]
    assert len(points) == drawn
    assert ("sum" in texts(figure)) == drawn
    if drawn:
        whole = e.sums["hidden"]
        (point,) = points
        (told,) = point.hovertext
        assert told == f"tanh({whole.pre_activation:.6f}) = {whole.value:.6f}"
        dotted = next(t for t in figure.data if t.mode == "lines" and t.line.dash == "dot")
        # The ends of what would come out without it are the sums ±1.
        (left, right), (low, high) = dotted.x, dotted.y
        scale = (right - left) / 2, (high - low) / 2
        assert (point.x[0] - (left + right) / 2) / scale[0] == pytest.approx(whole.pre_activation)
        assert (point.y[0] - (low + high) / 2) / scale[1] == pytest.approx(whole.value)


def test_wiring_is_lit_in_the_order_of_the_computation(trace):
    e = explain(trace, step=2, unit=1)
    figure = plot_cell(e, controls=False, step=0)
    assert len(figure.frames) == len(stages(e)) + 1 == len(cell_captions(e))
    veiled = [
        sum(s["opacity"] > 0 for s in frame.layout.to_plotly_json()["shapes"] if "opacity" in s)
        for frame in figure.frames
    ]
    assert veiled == sorted(veiled, reverse=True)
    assert veiled[-1] == 0
    assert len(set(veiled)) == len(veiled)
    # Each step lights another place.
    lights = [frame.layout.to_plotly_json()["shapes"][-2] for frame in figure.frames]
    assert len({tuple(sorted(light.items())) for light in lights}) == len(lights)
    opened = plot_cell(e, controls=False, step=1).layout.to_plotly_json()["shapes"]
    for shape, move in zip(opened, figure.frames[1].layout.to_plotly_json()["shapes"], strict=True):
        assert {key: shape[key] for key in move} == move


def test_pictures_are_the_same_each_time_and_keep_to_the_palette(trace):
    e = explain(trace, step=1, unit=0)
    history = compute_unit_history(trace, unit=0)
    for draw in (
        lambda p: plot_cell(e, palette=p),
        lambda p: plot_terms(next(iter(e.sums.values())), palette=p),
        lambda p: plot_unit_history(history, step=1, palette=p),
        lambda p: plot_unit_map(history, step=1, palette=p),
    ):
        assert draw(THEMED).to_json() == draw(THEMED).to_json()
        assert LIGHT.hidden not in draw(DARK).to_json()
        assert len(draw(THEMED).to_json()) < 30_000


def test_a_skipped_step_says_so_and_shows_the_state_carried_over():
    layer = keras.layers.LSTM(2, name="a")
    trace = seqviz.capture(layer, INPUTS, mask=np.array([[True, True, False, True]]))["a"]
    figure = plot_cell(explain(trace, step=2, unit=1))
    assert "skipped" in " ".join(texts(figure))
    assert "skipped" not in " ".join(texts(plot_cell(explain(trace, step=3, unit=1))))
    kept = trace.hidden_states[0, 1, 1]
    assert np.isclose(numbers_of(figure), kept, atol=0).any()
    history = plot_unit_history(compute_unit_history(trace, unit=1))
    assert history.data[0].marker.pattern.shape == ("", "", "/", "")


def test_numbers_that_are_none_are_drawn():
    layer = keras.layers.SimpleRNN(2, activation="relu", name="a")
    layer.build((None, None, 3))
    layer.set_weights([np.full((3, 2), 1e38), np.full((2, 2), 1e38), np.zeros(2)])
    trace = seqviz.capture(layer, INPUTS * 1e3)["a"]
    for step in range(4):
        e = explain(trace, step=step, unit=0)
        plot_cell(e).to_json()
        plot_terms(e.sums["hidden"]).to_json()
        cell_captions(e)


def test_waterfall_adds_up(trace):
    for whole in explain(trace, step=3, unit=2).sums.values():
        figure = plot_terms(whole)
        bars = figure.data[0]
        lengths, starts = np.array(bars.x), np.array(bars.base)
        np.testing.assert_allclose(starts[1:-1], np.cumsum(lengths[:-2]), atol=1e-6)
        assert starts[-1] == 0
        assert lengths[-1] == whole.pre_activation
        np.testing.assert_allclose(lengths[:-1].sum(), lengths[-1], atol=1e-6)
        low, high = figure.layout.xaxis.range
        assert low < min(0, *(starts + lengths))
        assert high > max(0, *(starts + lengths))
        labels = figure.layout.yaxis.ticktext
        assert len(labels) == len(whole.products) + 1
        assert labels[0].startswith(whole.terms()[0].name)


def test_a_sum_of_many_terms_is_folded_in_the_picture():
    trace = seqviz.capture(keras.layers.GRU(40, name="a"), INPUTS)["a"]
    whole = explain(trace, step=3, unit=0).sums["update"]
    assert "34 smaller terms" in plot_terms(whole).layout.yaxis.ticktext
    assert plot_terms(compute_terms(whole, most=50)).layout.yaxis.ticktext[-2].startswith("b[1")


def test_bars_over_time_and_the_map_to_click(trace):
    history = compute_unit_history(trace, unit=1)
    figure = plot_unit_history(history, tokens=["a", "b", "<i>", "d"], step=2)
    assert len(figure.data) == len(history.series)
    for bar, values in zip(figure.data, history.series.values(), strict=True):
        np.testing.assert_array_equal(np.array(bar.y, np.float32), values)
    assert figure.layout.xaxis.labelalias["2"] == "&lt;i&gt;"
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (1.5, 2.5)
    (squares,) = plot_unit_map(history, step=2).data
    for (k, unit), value in zip(squares.customdata, squares.marker.color, strict=True):
        assert value == trace.hidden_states[0, k, unit]
    framed = [tuple(p) for p, w in zip(squares.customdata, squares.marker.line.width, strict=True)
              if w > 1]  # fmt: skip
    assert framed == [(2, 1)]
