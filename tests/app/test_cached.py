"""What the pages ask of the core, and keep."""

from dataclasses import fields

import numpy as np
import pytest

import seqviz
from seqviz import ModelConfig, RecurrentTrace
from seqviz.models.keras_code import model_code
from seqviz.ui.server import cached_models

IDS = (2, 3, 0, 4, 0)
TOKENS = ("we", "go", "", "on", "")
VARIANTS = [
    {},
    {"return_sequences": True},
    {"return_state": True},
    {"go_backwards": True, "return_sequences": True},
    {"mask_zero": True},
    {"mask_zero": True, "go_backwards": True, "return_state": True},
    {"vocab_size": 7, "embeddings_initializer": "normal", "seed": 5},
    {"activation": "relu", "use_bias": False, "reset_after": False, "unit_forget_bias": False},
    {"head": "dense"},
    {"units": (3, 2)},
]


def assert_same(ours, keras_own):
    if isinstance(keras_own, dict):
        assert list(ours) == list(keras_own)
        ours, keras_own = list(ours.values()), list(keras_own.values())
    if isinstance(keras_own, list | tuple):
        assert len(ours) == len(keras_own)
        for one, other in zip(ours, keras_own, strict=True):
            assert_same(one, other)
    else:
        np.testing.assert_array_equal(ours, keras_own)


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("variant", VARIANTS, ids=repr)
def test_a_run_is_that_of_the_whole_model_to_the_last_bit(cell, variant):
    config = ModelConfig(cell=cell, **variant)
    run = cached_models.run_model(config, IDS, TOKENS)
    model = seqviz.build_model(config)
    trace = seqviz.capture(model, [IDS])
    recurrent = [record for record in trace.values() if isinstance(record, RecurrentTrace)][-1]
    for field in fields(recurrent):
        assert_same(getattr(run.recurrent, field.name), getattr(recurrent, field.name))
    assert_same(run.trace.output, trace.output)
    assert run.code == model_code(model, IDS, TOKENS)
    assert cached_models.verify_model(config, IDS, TOKENS) < 1e-5


def test_a_vocabulary_changes_nothing_about_the_recurrent_layer():
    small, large = (
        ModelConfig(vocab_size=size, mask_zero=size == 70, embeddings_initializer=name)
        for size, name in ((50, "uniform"), (70, "normal"))
    )
    assert cached_models.first_recurrent_of(small) is cached_models.first_recurrent_of(large)
    assert cached_models.first_recurrent_of(small) is not cached_models.first_recurrent_of(
        ModelConfig(embedding_dim=3)
    )
