"""The picture of what comes out: as high as what it draws."""

import numpy as np
import pytest

from seqviz import ModelConfig, build_model, capture
from seqviz.lessons.outputs.compute import compute_outputs
from seqviz.lessons.outputs.figure import natural_height, plot_outputs


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_nothing_is_empty_above_it_and_nothing_is_cut(cell, return_sequences):
    config = ModelConfig(cell=cell, return_sequences=return_sequences)
    data = compute_outputs(capture(build_model(config), np.array([[2, 3, 4]])))
    height = natural_height(data, 320)
    assert height <= 320
    figure = plot_outputs(data, height=height)
    drawn = (np.array(trace.y, float) for trace in figure.data if trace.y is not None)
    highest = max(np.nanmax(ys) for ys in drawn)  # a gap in a line is None
    low, high = figure.layout.yaxis.range
    assert low <= 0
    assert 0 <= high - highest <= 25


def test_a_head_and_heatmaps_take_the_room_that_there_is():
    config = ModelConfig(return_sequences=True, head="dense")
    data = compute_outputs(capture(build_model(config), np.array([[2, 3, 4]])))
    assert natural_height(data, 380) == 380
    many = compute_outputs(capture(build_model(ModelConfig(units=(64,))), np.array([[2, 3, 4]])))
    assert natural_height(many, 320) == 320
