"""capture(…, layers=…, record=…): what was asked for, as in the whole trace, and nothing else."""

from dataclasses import fields

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_array_equal

import seqviz
from seqviz import ModelConfig, SeqvizError, build_model, capture, verify

IDS = np.array([[3, 1, 2], [4, 0, 0]])


@pytest.fixture(scope="module")
def model():
    return build_model(ModelConfig(cell="LSTM", mask_zero=True, return_state=True, head="dense"))


def kept(record):
    """The names of what holds arrays."""
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    values = {n: dict(v) if isinstance(v, dict) else v for n, v in values.items()}
    return {n for n, v in values.items() if any(hasattr(a, "dtype") for a in keras.tree.flatten(v))}


def assert_same(value, other):
    if isinstance(value, dict):
        value, other = dict(value), dict(other)
    keras.tree.map_structure(assert_array_equal, value, other)


@pytest.mark.parametrize("at_once", [False, True])
def test_the_named_layers_and_arrays(model, at_once):
    asked = {"layers": ["lstm"], "record": {"hidden_states", "gates"}}
    trace, whole = capture(model, IDS, **asked), capture(model, IDS)
    assert list(trace) == ["lstm"]
    assert kept(trace["lstm"]) == {"hidden_states", "gates", "timesteps"}
    for name in kept(trace["lstm"]):
        assert_same(getattr(trace["lstm"], name), getattr(whole["lstm"], name))
    assert trace["lstm"].return_state
    assert trace["lstm"].main_output is None
    assert trace["lstm"].returned_states == ()
    assert_same(trace.output, whole.output)
    assert "lstm: None → None" in repr(trace)
    assert verify(model, IDS, trace, **asked, at_once=at_once) < 2e-6
    trace["lstm"].gates["forget"][0, 0, 0] += 1
    assert verify(model, IDS, trace, **asked, at_once=at_once) > 0.9


def test_layers_alone_and_arrays_alone(model):
    whole = capture(model, IDS)
    some = capture(model, IDS, layers=("embedding", "dense"))
    assert list(some) == ["embedding", "dense"]
    assert kept(some["embedding"]) == kept(whole["embedding"])
    states = capture(model, IDS, record=["output", "weights"])
    assert list(states) == list(whole)
    # What every record calls output, an EmbeddingTrace calls vectors.
    assert kept(states["embedding"]) == {"vectors", "weights"}
    assert kept(states["dense"]) == {"output"}
    assert kept(states["lstm"]) == {"output", "weights", "timesteps"}


def test_states_are_enough_for_the_history(model):
    record = capture(model, IDS, record=["states", "initial_state"])["lstm"]
    assert_same(record.history, capture(model, IDS)["lstm"].history)
    record = capture(model, IDS, record=["states"])["lstm"]
    with pytest.raises(SeqvizError, match="needs 'states' and 'initial_state'"):
        _ = record.history


@pytest.mark.parametrize("key", ["encoder/gru#2", "encoder#2/gru"])
def test_either_spelling_of_a_key(key):
    x = keras.Input((3, 2))
    gru = layers.GRU(2, return_sequences=True, name="gru")
    encoder = keras.Sequential([keras.Input((3, 2)), gru], name="encoder")
    model = keras.Model(x, encoder(encoder(x)))
    x = np.ones((1, 3, 2), "float32")
    trace = capture(model, x, layers=[key])
    assert list(trace) == ["encoder/gru#2"]
    assert_array_equal(trace[key].output, capture(model, x)[key].output)
    assert list(trace.aliases) == ["encoder#2/gru"]
    assert list(capture(model, x, layers=["encoder/gru"]).aliases) == []


def test_inside_time_distributed():
    each = layers.TimeDistributed(layers.GRU(2, name="gru"), name="each")
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    asked = {"layers": ["each/gru"], "record": ["hidden_states"]}
    trace = capture(each, x, **asked)
    assert kept(trace["each/gru"]) == {"hidden_states", "timesteps"}
    assert_array_equal(trace["each/gru"].hidden_states, capture(each, x)["each/gru"].hidden_states)
    assert verify(each, x, trace, **asked) < 2e-6


def test_a_mask_is_none_where_there_is_none():
    trace = capture(layers.GRU(2, name="gru"), np.ones((1, 3, 2)), record=["mask", "states"])
    assert trace["gru"].mask is None
    assert kept(trace["gru"]) == {"states", "timesteps"}


def test_of_several_layers_inside_time_distributed_one():
    words = keras.Input((4,))
    vectors = layers.Embedding(9, 3, name="embedding")(words)
    sentence = keras.Model(words, layers.GRU(2, name="gru")(vectors), name="sentence")
    each = layers.TimeDistributed(sentence, name="each")
    ids = np.arange(24).reshape(2, 3, 4) % 9
    asked = {"layers": ["each/sentence/gru"], "record": ["states"]}
    trace = capture(each, ids, **asked)
    assert list(trace) == ["each/sentence/gru"]
    assert kept(trace["each/sentence/gru"]) == {"states", "timesteps"}
    assert verify(each, ids, trace, **asked) < 2e-6


def held(record):
    """Bytes of all memory that the arrays of a record keep alive."""
    values = [getattr(record, field.name) for field in fields(record)]
    owners = {}
    for array in keras.tree.flatten([dict(v) if isinstance(v, dict) else v for v in values]):
        while isinstance(getattr(array, "base", None), np.ndarray):
            array = array.base
        owners[id(array)] = getattr(array, "nbytes", 0)
    return sum(owners.values())


BYTES = 2 * 3 * 4 * 4  # of one state, gate or sum: batch, timesteps, units, float32
TIMESTEPS = 3 * 8


@pytest.mark.parametrize(
    ("cell", "record", "arrays"),
    [
        ("LSTM", ["gates"], 4),
        ("LSTM", ["pre_activations"], 4),
        ("LSTM", ["gates", "pre_activations"], 8),
        ("LSTM", ["gates", "hidden_states"], 5),
        ("LSTM", ["hidden_states", "states"], 2),
        ("LSTM", ["cell_states"], 1),
        ("GRU", ["gates"], 3),
        ("GRU", ["pre_activations", "states"], 4),
        ("SimpleRNN", ["pre_activations"], 1),
        ("SimpleRNN", ["states"], 1),
    ],
)
def test_what_is_kept_holds_nothing_else_in_memory(cell, record, arrays):
    layer = getattr(layers, cell)(4, name="rnn")
    x = np.random.default_rng(0).normal(size=(2, 3, 5)).astype("float32")
    (part,) = capture(layer, x, record=record).values()
    assert held(part) == arrays * BYTES + TIMESTEPS
    (whole,) = capture(layer, x).values()
    for name in record:
        assert_same(getattr(part, name), getattr(whole, name))


def test_a_state_under_two_names_is_kept_once(model):
    record = capture(model, IDS, record=["hidden_states", "states"])["lstm"]
    assert record.hidden_states is record.states[0]


def test_an_initial_state_may_be_for_a_layer_that_is_not_kept(model):
    start = [np.ones((2, 4), "float32")] * 2
    trace = capture(model, IDS, layers=["dense"], initial_state={"lstm": start})
    assert_same(trace.output, capture(model, IDS, initial_state=start).output)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"layers": ["lstn"]}, r"'lstn'.*There are \['embedding', 'lstm', 'dense'\]"),
        ({"layers": "lstm"}, r"layers is 'lstm'.*layers=\['lstm'\]"),
        ({"layers": [1]}, "list of names"),
        ({"layers": b"lstm"}, "list of names"),
        ({"layers": 3}, "list of names"),
        ({"record": {"hidden"}}, "'hidden'.*There are .*'hidden_states'"),
        ({"record": "gates"}, "record is 'gates'.*list of names"),
    ],
)
def test_what_cannot_be_kept(model, asked, says):
    with pytest.raises(SeqvizError, match=says):
        capture(model, IDS, **asked)


def test_what_is_kept_in_part_is_told_stored_and_tabulated(model, tmp_path):
    trace = capture(model, IDS, record={"hidden_states", "gates"})
    assert "hidden_states: (" in repr(trace["lstm"])
    assert "  output:" not in repr(trace["lstm"])
    assert "hidden_states of sample 0" in trace["lstm"]._repr_html_()
    assert set(trace.to_frame()["variable"]) >= {"hidden_state", "forget"}
    assert trace["lstm"].weights == {}
    trace.save(tmp_path / "part.npz")
    again = seqviz.load_trace(tmp_path / "part.npz")
    assert {key: kept(record) for key, record in again.items()} == {
        key: kept(record) for key, record in trace.items()
    }
    assert_same(again["lstm"].gates["forget"], trace["lstm"].gates["forget"])


@pytest.mark.parametrize("make", [seqviz.compute_unrolled, seqviz.compute_gates])
def test_a_picture_of_a_part_says_how_to_get_the_whole(model, make):
    trace = capture(model, IDS, record={"hidden_states", "gates"})
    with pytest.raises(SeqvizError, match=r"'lstm' was captured without inputs.*record"):
        make(trace["lstm"])
