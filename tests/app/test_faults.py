"""Faults of one session that another must not see, and files that need no disk."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.elements.plotly_chart import PlotlySelectionState, PlotlyState

import seqviz
from seqviz.app import warmup
from seqviz.lessons.cell.parts import picked
from seqviz.ui import downloads
from seqviz.ui.markdown import literal
from tests.app.conftest import spec


def test_a_fault_is_neither_cached_nor_shared(open_page, monkeypatch):
    good = spec(open_page("recurrent", text="we go on"))
    st.cache_resource.clear()
    st.cache_data.clear()

    def fail(*_, **__):
        raise RuntimeError("a fault in the middle of a cached call")

    with monkeypatch.context() as broken:
        broken.setattr("seqviz.tracing.capture.capture", fail)
        assert open_page("recurrent", text="we go on").exception
    after = open_page("recurrent", text="we go on")
    assert not after.exception
    assert drawn(spec(after)) == drawn(good)


def drawn(figure):
    # All but Plotly's mark that the layout changed.
    figure["layout"].pop("datarevision", None)
    return figure


def clicked(*points):
    return {"selection": {"points": list(points)}}


@pytest.mark.parametrize(
    "event",
    [
        *({}, [], None, "x", {"selection": None}, {"selection": {"points": {}}}),
        *(clicked(), clicked({}), clicked({"x": 1, "y": 1}), clicked("ab"), clicked([0, 1])),
        *(
            clicked({"customdata": data})
            for data in (None, 1, "1", [1], [1, 2, 3], [None, 1], ["a", 1], [{}, 1], [3, 0])
        ),
        *(clicked({"customdata": [k, 0]}) for k in (-1, 1e9, float("nan"), float("inf"))),
        *(clicked({"customdata": [0, unit]}) for unit in (-1, 2, float("nan"), 10**400)),
    ],
    ids=lambda event: repr(event)[:60],
)
def test_a_point_that_was_never_drawn_picks_nothing(event):
    assert picked(event, (3, 2)) is None


def test_a_point_that_was_drawn_is_picked():
    assert picked(clicked({"customdata": [2, 1]}, {}), (3, 2)) == (2, 1)
    state = PlotlyState(
        {"selection": PlotlySelectionState(clicked({"customdata": [0, 1]})["selection"])}
    )
    assert picked(state, (3, 2)) == (0, 1)


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_the_model_file_is_keras_own_and_made_without_a_disk(cell, monkeypatch, tmp_path):
    model = seqviz.build_model(seqviz.ModelConfig(cell=cell, units=(3, 2), mask_zero=True))

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        for name in ("mkdtemp", "mkstemp", "TemporaryDirectory", "TemporaryFile"):
            disk.setattr(tempfile, name, full)
        content = downloads._keras_file(model)
    path = Path(tmp_path / "model.keras")
    path.write_bytes(content)

    import keras

    again = keras.models.load_model(path)
    ids = np.array([[2, 3, 4, 0]])
    np.testing.assert_array_equal(again(ids), model(ids))
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]


def test_a_page_that_cannot_load_keras_says_so_shortly_and_literally(open_page, monkeypatch):
    def fail():
        raise ImportError("no <b>library</b> www.x.org" + " and so on" * 500)

    monkeypatch.setattr(warmup, "is_warm", lambda: False)
    monkeypatch.setattr(warmup, "warm_up", fail)
    at = open_page("gradients")
    assert not at.exception
    (error,) = at.error
    assert literal("no <b>library</b> www.x.org") in error.value
    assert len(error.value) < 500
    assert not at.get("plotly_chart")
