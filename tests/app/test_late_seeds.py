"""Random generators that are made late are the same, and those nobody asks for are never made."""

import keras
import numpy as np
import pytest

from seqviz import ModelConfig, capture
from seqviz.models.build import build_recurrent
from seqviz.ui.server.late_seeds import make_seeds_late

X = np.ones((1, 3, 2), np.float32)


@pytest.fixture(autouse=True)
def _late():
    make_seeds_late()


def is_made(generator):
    return "state" in vars(generator)


def test_a_layer_that_drops_nothing_has_none(monkeypatch):
    layer = build_recurrent(ModelConfig(cell="LSTM", units=(4,)))
    capture(layer, X)
    layer(X)
    assert not is_made(layer.cell.seed_generator)


def test_it_gives_the_same_numbers_as_one_made_at_once():
    late = keras.random.SeedGenerator(7)
    assert not is_made(late)
    assert late.get_config()["seed"] == 7
    assert np.asarray(late.next()).tolist() == [7, 0]
    assert np.asarray(late.next()).tolist() == [7, 1]
    assert np.asarray(late.state.value).tolist() == [7, 2]


def test_a_layer_that_drops_asks_for_it():
    layer = keras.layers.GRU(4, dropout=0.5, recurrent_dropout=0.5, seed=3)
    layer(X, training=True)
    seed, asked = np.asarray(layer.cell.seed_generator.state.value).tolist()
    assert seed == 3
    assert asked > 0


@pytest.mark.parametrize("seed", [None, np.int32(3)])
def test_what_is_no_seed_of_an_int_is_left_to_keras(seed):
    if seed is None:
        assert is_made(keras.random.SeedGenerator())
    else:
        with pytest.raises(ValueError, match="must be an integer"):
            keras.random.SeedGenerator(seed)


def test_it_has_nothing_that_keras_has_not():
    generator = keras.random.SeedGenerator(1)
    assert not hasattr(generator, "no_such")
    assert not is_made(generator)


def test_a_model_is_saved_and_loaded_with_it(tmp_path):
    model = keras.Sequential([keras.Input((3, 2)), keras.layers.LSTM(4, dropout=0.1, seed=5)])
    path = tmp_path / "model.keras"
    model.save(path)
    assert np.array_equal(keras.saving.load_model(path)(X), model(X))
