"""Recurrent kernels of a chosen spectral radius, and gates opened on purpose."""

import keras
import numpy as np
import pytest

from seqviz import SeqvizError, add_gate_bias, set_spectral_radius
from seqviz.models.recurrent_weights import spectral_radii
from tests.unit.lessons.gradients.test_compute import CELLS, UNITS, build


def test_spectral_radius_by_hand():
    # A rotation by 90° has the eigenvalues ±i, a diagonal matrix its diagonal.
    assert spectral_radii(np.array([[0, -1, 2, 0], [1, 0, 0, -3]])) == [1, 3]


@pytest.mark.parametrize("kind", CELLS)
def test_every_block_has_the_radius_asked_for_and_its_direction(kind):
    layer = build(kind)
    before = layer.cell.recurrent_kernel.numpy()
    set_spectral_radius(layer, 0.5)
    after = layer.cell.recurrent_kernel.numpy()
    assert spectral_radii(after) == pytest.approx([0.5] * (after.shape[1] // UNITS))
    for old, new in zip(
        *(np.split(k, k.shape[1] // UNITS, 1) for k in (before, after)), strict=True
    ):
        ratio = new / old
        np.testing.assert_allclose(ratio, ratio[0, 0])
    set_spectral_radius(layer, 0)
    assert not layer.cell.recurrent_kernel.numpy().any()


@pytest.mark.parametrize("radius", [-1, np.nan, np.inf])
def test_a_bad_radius_is_refused(radius):
    with pytest.raises(SeqvizError, match=r"0 or more.*Hint: "):
        set_spectral_radius(build("SimpleRNN"), radius)


def test_a_kernel_of_radius_zero_cannot_be_scaled():
    layer = build("SimpleRNN")
    layer.cell.recurrent_kernel.assign(np.triu(np.ones((UNITS, UNITS)), 1))  # nilpotent
    with pytest.raises(SeqvizError, match=r"not 0.*Hint: "):
        set_spectral_radius(layer, 1)


@pytest.mark.parametrize(
    ("kind", "arguments", "first"),
    [("LSTM", {}, UNITS), ("GRU", {}, 0), ("GRU", {"reset_after": False}, 0)],
)
def test_gate_bias_goes_to_the_gate_that_keeps(kind, arguments, first):
    layer = build(kind, **arguments)
    before = layer.cell.bias.numpy()
    add_gate_bias(layer, 4)
    added = np.zeros_like(before)
    np.atleast_2d(added)[0, first : first + UNITS] = 4
    np.testing.assert_allclose(layer.cell.bias.numpy(), before + added)


def test_a_simple_rnn_has_no_gate_to_open():
    layer = build("SimpleRNN", use_bias=False)
    before = layer.get_weights()
    add_gate_bias(layer, 4)
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_gate_without_a_bias_is_refused():
    with pytest.raises(SeqvizError, match=r"use_bias=False.*Hint: "):
        add_gate_bias(build("LSTM", use_bias=False), 1)


def test_a_layer_of_another_kind_is_refused():
    for adjust in (set_spectral_radius, add_gate_bias):
        with pytest.raises(SeqvizError, match=r"Dense.*Hint: "):
            adjust(keras.layers.Dense(2, name="dense"), 1)
