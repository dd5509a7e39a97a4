"""build_model: the right layers, named, with the same weights whatever else happens."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import keras
import numpy as np
import pytest

from seqviz import ModelConfig, SeqvizError, build_model
from seqviz.models.build import build_embedding
from seqviz.tracing.arrays import to_array
from tests.unit.backends import only_on_tensorflow

IDS = np.array([[1, 2, 3], [3, 0, 0]])


def names(model):
    return [layer.name for layer in model.layers]


@pytest.mark.parametrize(
    ("arguments", "layers", "shapes"),
    [
        ({}, ["simple_rnn"], [(2, 4)]),
        ({"cell": "GRU", "units": (5, 3)}, ["gru", "gru_1"], [(2, 3)]),
        ({"cell": "LSTM", "return_sequences": True}, ["lstm"], [(2, 3, 4)]),
        ({"cell": "LSTM", "return_state": True}, ["lstm"], [(2, 4)] * 3),
        ({"head": "dense", "classes": 7}, ["simple_rnn", "dense"], [(2, 7)]),
        (
            {"head": "dense", "return_sequences": True, "return_state": True},
            ["simple_rnn", "dense"],
            [(2, 3, 4), (2, 4)],
        ),
        (
            {"head": "time_distributed", "return_sequences": True},
            ["simple_rnn", "time_distributed"],
            [(2, 3, 4)],
        ),
        (
            {"bidirectional": True, "units": (4, 3), "return_state": True},
            ["bidirectional", "bidirectional_1"],
            [(2, 6), (2, 3), (2, 3)],
        ),
    ],
)
def test_layers_and_shapes(arguments, layers, shapes):
    model = build_model(ModelConfig(**arguments))
    assert names(model) == ["ids", "embedding", *layers]
    assert model.input.dtype == "int32"
    outputs = model(IDS)
    assert [tuple(o.shape) for o in keras.tree.flatten(outputs)] == shapes


def test_arguments_reach_the_layers():
    config = ModelConfig(cell="GRU", go_backwards=True, mask_zero=True, activation="relu")
    _, embedding, gru = build_model(config).layers
    assert embedding.mask_zero
    assert gru.go_backwards
    assert gru.activation is keras.activations.relu


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_same_config_same_weights(cell, bidirectional):
    config = ModelConfig(cell=cell, units=(4, 4), bidirectional=bidirectional, head="dense")
    first, second = build_model(config).weights, build_model(config).weights
    other = build_model(replace(config, seed=1)).weights
    assert [w.path for w in first] == [w.path for w in second]
    for a, b, c in zip(first, second, other, strict=True):
        assert np.array_equal(to_array(a), to_array(b))
        assert "bias" in a.path or not np.array_equal(to_array(a), to_array(c)), a.path
    # No two matrices of a model start equal: neither layers nor directions share a seed.
    matrices = [to_array(w) for w in first if "bias" not in w.path]
    for i, a in enumerate(matrices):
        assert not any(a.shape == b.shape and np.array_equal(a, b) for b in matrices[:i])


def test_changing_units_leaves_the_embedding_as_it_was():
    one, two = (build_model(ModelConfig(units=units)) for units in (4, 64))
    assert np.array_equal(*(m.get_layer("embedding").get_weights()[0] for m in (one, two)))


@pytest.mark.parametrize(
    ("field", "value"), [("embeddings_initializer", "unifrom"), ("activation", "tahn")]
)
def test_names_that_keras_does_not_know(field, value):
    with pytest.raises(SeqvizError, match=f"^{field} is '{value}'"):
        build_model(ModelConfig(**{field: value}))


def test_an_initializer_without_a_seed():
    table = build_model(ModelConfig(embeddings_initializer="zeros")).layers[1].get_weights()[0]
    assert not table.any()


# On JAX Keras 3.15 may forget the weights of a layer that is being made: that its lists of them are
# not to be tracked is kept in what `clear_session` throws away.
@only_on_tensorflow("only there Keras keeps a layer's weights if it is cleared meanwhile")
def test_twenty_threads_build_while_another_clears_the_session():
    config = ModelConfig(cell="GRU", units=(3, 3), head="dense")
    expected = [to_array(w) for w in build_model(config).weights]
    stop = threading.Event()

    def clear():
        while not stop.is_set():
            keras.backend.clear_session(free_memory=False)

    def build(_):
        model = build_model(config)
        return model.weights, to_array(model(IDS))

    clearing = threading.Thread(target=clear)
    clearing.start()
    try:
        with ThreadPoolExecutor(20) as pool:
            results = list(pool.map(build, range(20)))
    finally:
        stop.set()
        clearing.join()
    for weights, output in results:
        assert all(np.array_equal(a, to_array(b)) for a, b in zip(expected, weights, strict=True))
        assert np.array_equal(output, results[0][1])


def test_the_embedding_alone_has_the_weights_of_the_whole_model():
    config = ModelConfig(embedding_dim=3, mask_zero=True, seed=5)
    alone, within = build_embedding(config), build_model(config).get_layer("embedding")
    assert np.array_equal(alone.get_weights()[0], within.get_weights()[0])
    assert alone.mask_zero


@pytest.mark.parametrize("name", ["zeros", "ones", "he_normal", "identity"])
def test_every_initializer_that_needs_no_more_arguments(name):
    build_model(ModelConfig(vocab_size=4, embedding_dim=4, embeddings_initializer=name))


@pytest.mark.parametrize("name", ["constant", "initializer", "no such", "stft"])
def test_an_initializer_that_does_not_work_is_named(name):
    with pytest.raises(SeqvizError, match="embeddings_initializer"):
        build_model(ModelConfig(embeddings_initializer=name))


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"units": 8}, r"given dict, but needs a ModelConfig.*ModelConfig\(\*\*settings\)"),
        (None, "given NoneType, but needs a ModelConfig"),
        (ModelConfig, "given type, but needs a ModelConfig"),
    ],
)
def test_only_a_config(config, says):
    with pytest.raises(SeqvizError, match=says):
        build_model(config)
