"""A figure that Plotly has not checked is the same JSON as one that it has."""

import json
import threading

import numpy as np
import plotly.graph_objects as go
import pytest

import seqviz
from seqviz import figures
from seqviz.plotly_kit.figure import (
    UncheckedFigure,
    figure_of,
    leave_unchecked,
    unchecked,
    with_revision,
)
from seqviz.plotly_kit.html_file import to_html
from tests.unit.figures.test_markup import PICTURES, draw, traced

MORE = {
    "plot_parameters": lambda: figures.plot_parameters(seqviz.compute_parameter_blocks(traced())),
    "plot_terms": lambda: figures.plot_terms(
        seqviz.explain(traced(), step=1, unit=0).sums["candidate"]
    ),
}


@pytest.mark.parametrize("name", [*PICTURES, *MORE])
def test_every_picture_is_the_same_unchecked(name):
    words = ["I", "am", "<Groot>", "id 3", "猫"]
    make = MORE.get(name, lambda: draw(name, words))
    checked = make()
    with unchecked():
        quick = make()
    assert type(checked) is go.Figure
    assert type(quick) is UncheckedFigure
    assert json.loads(quick.to_json()) == json.loads(checked.to_json())
    assert quick.to_dict().keys() == checked.to_dict().keys()


@pytest.mark.parametrize("name", [*PICTURES, *MORE])
def test_no_place_is_a_typed_array(name):
    """Plotly would draw all of the chart anew when Streamlit hands it over a second time."""
    spec = json.loads(
        MORE.get(name, lambda: draw(name, ["I", "am", "Groot", "a", "b"]))().to_json()
    )
    for trace in spec["data"]:
        assert all(isinstance(trace.get(axis, []), list) for axis in "xy")


def test_places_keep_their_float32():
    values = np.array([0.1, 1 / 3, np.nan, 1e-30], np.float32)
    (trace,) = figure_of([{"type": "scatter", "y": values}], {}).data
    assert trace.y[0] == 0.1
    np.testing.assert_array_equal(np.array(trace.y, np.float32), values)


def test_unchecked_lasts_for_its_context_or_thread_only():
    bad = [{"type": "scatter", "no_such_property": 1}]

    def forever():
        leave_unchecked()
        figure_of(bad, {})

    thread = threading.Thread(target=forever)
    thread.start()
    thread.join()
    with unchecked():
        figure_of(bad, {})
    with pytest.raises(ValueError, match="no_such_property"):
        figure_of(bad, {})


def test_revision_and_file_of_both():
    traces = [{"type": "heatmap", "z": np.eye(2, dtype=np.float32)}]
    with unchecked():
        quick = with_revision(figure_of(traces, {"template": "none"}), "7")
    slow = with_revision(figure_of(traces, {"template": "none"}), "7")
    assert json.loads(quick.to_json()) == json.loads(slow.to_json())
    assert '"datarevision":"7"' in to_html(quick, title="t", text="t")
