"""A ModelConfig is validated, normalised, hashable."""

import pickle
from dataclasses import FrozenInstanceError, replace
from inspect import signature

import numpy as np
import pytest

from seqviz import ModelConfig, SeqvizError


def test_the_contract_holds_with_every_field_named():
    config = ModelConfig(
        vocab_size=50,
        embedding_dim=2,
        cell="SimpleRNN",
        units=(4,),
        return_sequences=False,
        return_state=False,
        bidirectional=False,
        go_backwards=False,
        mask_zero=False,
        head="none",
        classes=4,
        seed=0,
    )
    assert config == ModelConfig()
    assert hash(config) == hash(ModelConfig())
    assert replace(config, units=(8, 4)).units == (8, 4)


@pytest.mark.parametrize(
    "units", [4, np.int64(4), np.array(4), [4], (4,), np.array([4]), range(4, 5)]
)
def test_units_become_a_tuple_of_int(units):
    config = ModelConfig(units=units, vocab_size=np.int32(50), mask_zero=np.bool_(True))
    assert config == ModelConfig(mask_zero=True)
    assert [type(width) for width in config.units] == [int]
    assert (type(config.vocab_size), type(config.mask_zero)) == (int, bool)


def test_it_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        ModelConfig().seed = 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(name, 0) for name in ("vocab_size", "embedding_dim", "classes", "units")],
        *[(name, 2.5) for name in ("vocab_size", "embedding_dim", "classes", "units", "seed")],
        *[(name, True) for name in ("vocab_size", "units", "seed")],
        ("vocab_size", "50"),
        ("vocab_size", None),
        ("seed", -1),
        ("units", ()),
        ("units", (4, 0)),
        ("units", "4"),
        ("units", {4, 8}),
        *[(name, 1) for name in ("return_sequences", "return_state", "bidirectional")],
        ("go_backwards", "no"),
        ("mask_zero", None),
        ("cell", "RNN"),
        ("cell", None),
        ("head", None),
        ("embeddings_initializer", 3),
        ("activation", ""),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(field, value):
    with pytest.raises(SeqvizError, match=rf"^{field} is .* must be .*\. .+"):
        ModelConfig(**{field: value})


def test_a_cell_in_the_wrong_case_gets_a_suggestion():
    with pytest.raises(ValueError, match="Did you mean 'LSTM'"):
        ModelConfig(cell="lstm")


@pytest.mark.parametrize(
    "arguments",
    [
        {"head": "time_distributed"},
        {"bidirectional": True, "go_backwards": True},
    ],
)
def test_what_keras_cannot_combine_is_refused(arguments):
    with pytest.raises(SeqvizError, match="Set "):
        ModelConfig(**arguments)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hidden_size", "ModelConfig was given hidden_size, .*Did you mean units"),
        ("input_dim", "Did you mean vocab_size"),
        ("unit", "Did you mean units"),
        ("zzz", "It has vocab_size, embedding_dim, cell"),
    ],
)
def test_a_field_that_it_does_not_have(name, says):
    with pytest.raises(SeqvizError, match=says):
        ModelConfig(**{name: 8})
    with pytest.raises(SeqvizError, match=says):
        replace(ModelConfig(), **{name: 8})


def test_its_signature_names_the_fields():
    assert list(signature(ModelConfig).parameters)[:3] == ["vocab_size", "embedding_dim", "cell"]
    assert ModelConfig(9, 3) == ModelConfig(vocab_size=9, embedding_dim=3)
    assert pickle.loads(pickle.dumps(ModelConfig(9))) == ModelConfig(9)
