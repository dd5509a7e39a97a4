"""What is left of a word that was changed, and the proof of every step by one call of a cell."""

from dataclasses import replace

import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError, compute_memory
from seqviz.models.build import build_model, build_recurrent
from seqviz.ui.recurrent_controls import extended
from tests.unit.lessons.gradients.test_compute import CELLS, build, captured, sequences


def test_differences_by_hand():
    # h' = x + 0.5 h, and only the first x differs, by 3: each step halves what is left.
    layer = build("SimpleRNN", features=1, units=1, activation="linear")
    layer.set_weights([np.array([[1.0]]), np.array([[0.5]]), np.array([0.0])])
    memory = compute_memory(captured(layer, [[[4.0], [1.0], [2.0]], [[1.0], [1.0], [2.0]]]))
    np.testing.assert_allclose(memory.change, [[3], [1.5], [0.75]])
    np.testing.assert_allclose(memory.difference, [3, 1.5, 0.75])
    np.testing.assert_array_equal(memory.hidden, [[4], [3], [3.5]])
    assert memory.cell_states is memory.cell_change is memory.cell_difference is None


@pytest.mark.parametrize("kind", CELLS)
def test_two_samples_of_a_real_layer(kind):
    layer = build(kind, return_sequences=True)
    inputs = sequences(3)
    trace = captured(layer, inputs)
    memory = compute_memory(trace, samples=(2, 0))
    h = np.asarray(layer(inputs))  # float64, but on JAX float32
    rtol = 1e-7 if h.dtype == "float64" else 1e-5
    np.testing.assert_allclose(memory.change, h[2] - h[0], rtol=rtol, atol=1e-7)
    np.testing.assert_allclose(memory.difference, np.linalg.norm(h[2] - h[0], axis=-1), rtol=rtol)
    np.testing.assert_allclose(memory.hidden, h[2], rtol=rtol)
    assert (memory.cell_difference is not None) == (kind == "LSTM")
    assert compute_memory(trace, samples=(1, 1)).difference.max() == 0


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("arguments", [{}, {"use_bias": False}])
def test_timesteps_have_no_part_in_the_number_of_weights(kind, arguments):
    layer = build(kind, **arguments)
    for timesteps in (1, 7, 100):
        memory = compute_memory(captured(layer, sequences(2, timesteps)))
        assert memory.parameters == layer.count_params()
        assert len(memory.difference) == timesteps


def test_what_cannot_be_compared_is_said():
    trace = captured(build("GRU"), sequences(1))
    with pytest.raises(SeqvizError, match=r"no sample 1.*Hint: "):
        compute_memory(trace)
    images = replace(
        trace, hidden_states=np.zeros((2, 3, 4, 4, 1)), inputs=np.zeros((2, 3, 4, 4, 1))
    )
    with pytest.raises(SeqvizError, match="vectors"):
        compute_memory(images)


def test_extended():
    assert extended("ab", 5) == ("a", "b", "a", "b", "a")
    assert extended([1, 2, 3], 2) == (1, 2)
    with pytest.raises(SeqvizError, match=r"empty.*Hint: "):
        extended([], 3)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_built_alone_has_the_weights_it_has_in_the_model(cell):
    config = seqviz.ModelConfig(cell=cell, units=(3, 2), seed=5)
    alone, inside = build_recurrent(config), build_model(config).layers[2]
    assert alone.name == inside.name
    assert alone.return_sequences == inside.return_sequences
    for ours, theirs in zip(alone.get_weights(), inside.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
