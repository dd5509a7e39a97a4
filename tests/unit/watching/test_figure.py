"""The picture of a training: what each moment of it shows."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from seqviz import LayerTraining, SeqvizError, TrainingTrace, compute_training
from seqviz.figures import DARK, plot_training
from seqviz.plotly_kit.figure import unchecked
from seqviz.trace import Trace
from tests.unit.samples import recurrent

EPOCHS, TIMESTEPS, UNITS = 4, 3, 2
WORDS = ["I", "am", "<Groot>"]


def data(**changed):
    random = np.random.default_rng(0)

    def values(*shape):
        return random.normal(size=shape).astype(np.float32)

    whole = LayerTraining(
        epochs=np.array([0, 1, 2, 13]),
        losses=np.array([np.nan, 0.7, 0.5, 0.0625]),
        layer="lstm",
        timesteps=np.arange(TIMESTEPS),
        skipped=np.array([False, False, True]),
        rows=values(EPOCHS, TIMESTEPS, 5),
        hidden_states=values(EPOCHS, TIMESTEPS, UNITS),
        cell_states=values(EPOCHS, TIMESTEPS, UNITS) * 3,
        gates={"update": values(EPOCHS, TIMESTEPS, UNITS) / 9},
        predictions=values(EPOCHS, TIMESTEPS, 4),
    )
    return whole._replace(**changed)


def shown(whole, show):
    return {
        "states": [whole.hidden_states, whole.cell_states],
        "gates": list(whole.gates.values()),
        "rows": [whole.rows],
        "predictions": [whole.predictions],
    }[show]


each = pytest.mark.parametrize("show", ["states", "gates", "rows", "predictions"])


@each
def test_every_epoch_is_a_frame_of_its_numbers(show):
    figure = plot_training(data(), show=show, tokens=WORDS)
    assert [frame.name for frame in figure.frames] == ["0", "1", "2", "3"]
    heatmaps = [k for k, trace in enumerate(figure.data) if trace.type == "heatmap"]
    for e, frame in enumerate(figure.frames):
        assert list(frame.traces) == heatmaps
        for drawn, values in zip(frame.data, shown(data(), show), strict=True):
            assert_allclose(drawn.z, values[e].T)
    for place, values in zip(heatmaps, shown(data(), show), strict=True):
        assert_allclose(figure.data[place].z, values[-1].T)


@each
def test_one_scale_for_all_of_learning(show):
    figure = plot_training(data(), show=show)
    heatmaps = [trace for trace in figure.data if trace.type == "heatmap"]
    for trace, values in zip(heatmaps, shown(data(), show), strict=True):
        limit = max(np.abs(values).max(), 1 if show == "gates" else 0)
        assert trace.zmax == -trace.zmin == pytest.approx(limit)
    assert all("zmax" not in drawn.to_plotly_json() for f in figure.frames for drawn in f.data)


def test_the_slider_says_the_epoch_and_draws_anew():
    (slider,) = plot_training(data()).layout.sliders
    assert [step.label for step in slider.steps] == [
        "epoch 0",
        "epoch 1",
        "epoch 2",
        "epoch 13",
    ]
    assert all(step.args[1]["frame"]["redraw"] for step in slider.steps)
    play, pause = plot_training(data()).layout.updatemenus[0].buttons
    assert play.args[1]["frame"]["redraw"]
    assert pause.args[1]["frame"]["redraw"]


@pytest.mark.parametrize(("step", "opened"), [(None, 3), (0, 0), (2, 2)])
def test_opens_at_a_moment(step, opened):
    figure = plot_training(data(), step=step)
    assert figure.layout.sliders[0].active == opened
    assert_allclose(figure.data[0].z, data().hidden_states[opened].T)


@pytest.mark.parametrize("show", ["states", "predictions"])
@pytest.mark.parametrize("step", [-1, 4, 99])
def test_opens_at_no_moment_that_there_is_not(step, show):
    with pytest.raises(SeqvizError, match=f"step is {step}, but .* steps 0 to 3"):
        plot_training(data(), show=show, step=step)


def columns(figure):
    axis = figure.layout.xaxis
    return [axis.labelalias[str(name)] for name in axis.categoryarray]


def test_words_stand_below_in_the_order_of_processing():
    backwards = data(timesteps=np.array([2, 1, 0]))
    assert columns(plot_training(backwards, tokens=WORDS)) == ["&lt;Groot&gt;", "am", "I"]
    # What is predicted of each word stands in the order of the sentence.
    figure = plot_training(backwards, show="predictions", tokens=WORDS)
    assert columns(figure) == ["I", "am", "&lt;Groot&gt;"]
    skipped = [list(trace.x) for trace in figure.data if trace.type == "bar"]
    assert skipped == [["1"]]
    assert columns(plot_training(data())) == ["x1", "x2", "x3"]
    shorter = data(predictions=np.ones((EPOCHS, 2, 4)))
    assert columns(plot_training(shorter, show="predictions")) == ["y1", "y2"]


@pytest.mark.parametrize("shape", [(EPOCHS,), (EPOCHS, 1), (EPOCHS, 3)])
def test_predictions_of_the_whole_sentence_stand_side_by_side(shape):
    predictions = np.random.default_rng(1).random(shape)
    figure = plot_training(data(predictions=predictions), show="predictions", step=1)
    assert_allclose(figure.data[0].z, predictions.reshape(EPOCHS, -1).T)
    assert columns(figure) == ["0", "1", "2", "13"]
    assert len(figure.frames) == EPOCHS
    veil, cursor = figure.layout.shapes
    assert (cursor.x0, cursor.x1) == (0.5, 1.5)
    assert veil.x0 == 1.5
    assert veil.x1 > figure.layout.xaxis.range[1]


def test_a_whole_training_will_do():
    traces = tuple(Trace({"rnn": recurrent(3, scale=scale)}) for scale in (0.1, 1.0))
    training = TrainingTrace(
        np.array([0, 1]), traces, {"loss": np.array([0.5])}, np.zeros((2, 1, 1))
    )
    figure = plot_training(training)
    assert figure.to_json() == plot_training(compute_training(training)).to_json()


@each
def test_the_same_json_whether_plotly_checks_it_or_not(show):
    checked = plot_training(data(), show=show, tokens=WORDS, palette=DARK, controls=False)
    with unchecked():
        taken = plot_training(data(), show=show, tokens=WORDS, palette=DARK, controls=False)
    assert json.loads(taken.to_json()) == json.loads(checked.to_json())
    assert not checked.layout.sliders
    assert len(checked.frames) == EPOCHS


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: plot_training(data(), show="weights"),
            "show is 'weights', but .*'states', 'gates'",
        ),
        (lambda: plot_training(data(gates={}), show="gates"), "no gates of 'lstm' to draw"),
        (lambda: plot_training(data(hidden_states=None, cell_states=None)), "no states of 'lstm'"),
        (lambda: plot_training(data(), tokens=["a"]), "There is 1 token for 3 timesteps"),
        (lambda: plot_training(3), "TrainingTrace is needed, but int was given"),
    ],
)
def test_what_cannot_be_drawn(call, says):
    with pytest.raises(SeqvizError, match=says):
        call()
