"""What TimeDistributed wraps: Keras's own result for every outer timestep, as one batch."""

from itertools import pairwise
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import EmbeddingTrace, LayerTrace, RecurrentTrace, SeqvizError, capture, verify
from seqviz.tracing.arrays import to_array

RNG = np.random.default_rng(0)
DOCUMENTS = RNG.integers(0, 9, size=(2, 3, 4))  # documents, sentences, words
DOCUMENTS[1, 2] = 0  # padding
DOCUMENTS[0, :, 2:] = 0
X = RNG.normal(size=(2, 3, 4, 5)).astype("float32")


def checked(model, inputs, **call):
    trace = capture(model, inputs, **call)
    for at_once in (False, True):
        assert verify(model, inputs, trace, **call, at_once=at_once) < 2e-6
    assert_allclose(trace.output, to_array(model(inputs)), atol=1e-6)
    return trace


def sentence_model(mask_zero=True):
    words = keras.Input((4,), name="words")
    vectors = layers.Embedding(9, 3, mask_zero=mask_zero, name="embedding")(words)
    return keras.Model(words, layers.GRU(4, name="gru")(vectors), name="sentence")


def test_hierarchical_attention():
    sentence = sentence_model()
    document = keras.Input((3, 4))
    vectors = layers.TimeDistributed(sentence, name="sentences")(document)
    model = keras.Model(document, layers.LSTM(2, name="lstm")(vectors))
    trace = checked(model, DOCUMENTS)
    assert list(trace) == [
        "sentences",
        "sentences/sentence",
        "sentences/sentence/embedding",
        "sentences/sentence/gru",
        "lstm",
    ]
    embedding, gru = trace["sentences/sentence/embedding"], trace["sentences/sentence/gru"]
    assert isinstance(embedding, EmbeddingTrace)
    assert isinstance(gru, RecurrentTrace)
    assert trace["sentences"].inputs.shape[:2] == gru.outer_shape == embedding.outer_shape == (2, 3)
    assert trace["lstm"].outer_shape == ()
    flat = DOCUMENTS.reshape(6, 4)
    assert_array_equal(embedding.ids, flat)
    assert_array_equal(embedding.mask, flat != 0)
    assert_array_equal(gru.mask, flat != 0)
    assert_array_equal(gru.hidden_states, capture(sentence, flat)["gru"].hidden_states)
    assert gru.hidden_states is gru.states[0]
    assert_array_equal(gru.timesteps, range(4))
    assert gru.weights["kernel"].shape == (3, 12)
    # Row b * 3 + t is sentence t of document b: Keras alone gives it that state.
    for b in range(2):
        for t in range(3):
            alone = to_array(sentence(DOCUMENTS[b : b + 1, t]))[0]
            assert_allclose(gru.hidden_states[b * 3 + t, -1], alone, atol=1e-6)


@pytest.mark.parametrize("cell", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_a_recurrent_layer_itself(cell):
    layer = layers.TimeDistributed(cell(3, return_sequences=True, name="rnn"), name="each")
    trace = checked(layer, X)
    assert list(trace) == ["each", "each/rnn"]
    assert isinstance(trace["each"], LayerTrace)
    assert_array_equal(trace["each/rnn"].inputs, X.reshape(6, 4, 5))
    expected = to_array(layer.layer(X.reshape(6, 4, 5)))
    assert_allclose(trace["each/rnn"].output, expected, atol=1e-6)
    assert_array_equal(trace["each"].output, trace["each/rnn"].output.reshape(2, 3, 4, 3))


def test_characters_of_words_for_tagging():
    characters = keras.Input((3, 4))
    vectors = layers.Embedding(9, 3, mask_zero=True, name="embedding")(characters)
    spelling = layers.Bidirectional(layers.LSTM(2, name="lstm"), name="both")
    words = layers.TimeDistributed(spelling, name="words")(vectors)
    trace = checked(keras.Model(characters, layers.Dense(2)(words)), DOCUMENTS)
    assert list(trace)[1:5] == [
        "words",
        "words/both",
        "words/both/forward_lstm",
        "words/both/backward_lstm",
    ]
    for direction in ("forward", "backward"):
        record = trace[f"words/both/{direction}_lstm"]
        assert record.cell_states.shape == (6, 4, 2)
        assert_array_equal(record.mask, DOCUMENTS.reshape(6, 4) != 0)
    assert_array_equal(record.timesteps, [3, 2, 1, 0])


def test_one_inside_another_keeps_the_order_of_a_reshape():
    deep = RNG.normal(size=(2, 3, 2, 4, 5)).astype("float32")
    inner = layers.TimeDistributed(layers.GRU(2, name="gru"), name="inner")
    trace = checked(layers.TimeDistributed(inner, name="outer"), deep)
    assert list(trace) == ["outer", "outer/inner", "outer/inner/gru"]
    assert_array_equal(trace["outer/inner/gru"].inputs, deep.reshape(12, 4, 5))
    assert_array_equal(trace["outer/inner"].inputs, deep.reshape(6, 2, 4, 5))
    assert trace["outer/inner/gru"].outer_shape == (2, 3, 2)
    assert trace["outer/inner"].outer_shape == (2, 3)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_wrong_number_of_any_timestep_shows(at_once):
    layer = layers.TimeDistributed(layers.LSTM(3, name="rnn"), name="each")
    trace = capture(layer, X)
    for row in range(6):
        trace["each/rnn"].hidden_states[row, 1, 0] += 1
        assert verify(layer, X, trace, at_once=at_once) > 0.9
        trace["each/rnn"].hidden_states[row, 1, 0] -= 1
    assert verify(layer, X, trace, at_once=at_once) < 2e-6


@pytest.mark.parametrize("depth", [1, 2])
def test_at_once_the_cell_is_called_once_an_outer_timestep_however_long_the_sentence(
    depth, monkeypatch
):
    x = RNG.normal(size=(2, *(3, 2)[:depth], 4, 5)).astype("float32")
    layer = layers.GRU(3, name="gru")
    for _ in range(depth):
        layer = layers.TimeDistributed(layer)
    trace = capture(layer, x)
    calls, call = [], layers.GRUCell.call
    monkeypatch.setattr(
        layers.GRUCell,
        "call",
        lambda cell, *args, **kwargs: calls.append(cell) or call(cell, *args, **kwargs),
    )
    assert verify(layer, x, trace, at_once=True) < 2e-6
    assert len(calls) == (3, 6)[depth - 1]


class Twice(layers.Layer):
    """Calls one layer twice, the second time on what the first call gave."""

    def __init__(self):
        super().__init__(name="block")
        self.gru = layers.GRU(5, return_sequences=True, name="gru")

    def build(self, shape):
        self.gru.build(shape)

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        return self.gru(self.gru(x))


def test_a_layer_called_twice_a_timestep_and_the_wrapper_called_twice():
    block = layers.TimeDistributed(Twice(), name="each")
    x = keras.Input((3, 4, 5))
    trace = checked(keras.Model(x, block(block(x))), X)
    grus = ["each/block/gru", "each/block/gru#2", "each/block/gru#3", "each/block/gru#4"]
    assert [key for key in trace if "gru" in key] == grus
    for one, following in pairwise(grus):
        assert_array_equal(trace[one].output, trace[following].inputs)
    assert trace["each/block#2/gru"] is trace["each/block/gru#3"]


class Odd(layers.Layer):
    """Calls its layer on some timesteps only: there is no one record of that."""

    def __init__(self):
        super().__init__(name="odd")
        self.gru = layers.GRU(5, return_sequences=True, name="gru")

    def build(self, shape):
        self.gru.build(shape)

    def call(self, x):
        return self.gru(x) if x[0, 0, 0] > 0 else x


def test_timesteps_that_differ_are_shown_from_outside():
    x = X.copy()
    x[0, :, 0, 0] = [1, -1, 1]
    assert list(checked(layers.TimeDistributed(Odd(), name="each"), x)) == ["each"]


class Point(NamedTuple):
    """What a layer may return."""

    left: Any
    right: Any


class Function(layers.Layer):
    """Returns what a function makes of its input and of the number of its call."""

    def __init__(self, function):
        super().__init__(name="function")
        self.function, self.calls = function, 0

    def call(self, x):
        self.calls += 1
        return self.function(x, self.calls)


class Beside(layers.Layer):
    """A recurrent layer, and another one, which may return what TimeDistributed cannot stack."""

    def __init__(self, function):
        super().__init__(name="beside")
        self.other, self.gru = Function(function), layers.GRU(2, name="gru")

    def build(self, shape):
        self.gru.build(shape)

    def call(self, x):
        self.other(x)
        return self.gru(x)


def trace_beside(function, x=X):
    each = layers.TimeDistributed(Beside(function), name="each")
    each.build(x.shape)
    return capture(each, x)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, call: x[:, call % 2 :],
        lambda x, call: [x] * call,
        lambda x, call: [x] if call % 2 else (x,),
        lambda x, call: {"left" if call % 2 else "right": x},
        lambda x, call: x if call % 2 else [x],
        lambda x, call: (x, None if call % 2 else x),
        lambda x, call: (x, call),
        lambda x, call: ops.sum(x),
        lambda x, call: x[0, :3],
    ],
    ids=[
        *("another shape", "more of them", "a tuple once", "another name", "a list once"),
        *("nothing once", "another number", "a single number", "no batch"),
    ],
)
def test_a_record_whose_numbers_are_not_of_one_form_is_left_out(function):
    assert list(trace_beside(function)) == ["each", "each/beside", "each/beside/gru"]


@pytest.mark.parametrize(
    "form",
    [
        lambda x: x,
        lambda x: [x, 2 * x],
        lambda x: (x, (2 * x,)),
        lambda x: {"left": x, "right": [2 * x]},
        lambda x: Point(x, 2 * x),
        lambda x: (x, None, "text"),
    ],
    ids=["array", "list", "tuples", "dict", "named tuple", "others"],
)
@pytest.mark.parametrize("timesteps", [1, 3])
def test_whatever_a_layer_returns_is_made_into_one(form, timesteps):
    x = X[:, :timesteps]
    record = trace_beside(lambda x, call: form(x), x)["each/beside/function"]
    expected = form(x.reshape(-1, *x.shape[2:]))
    assert type(record.output) is type(expected)
    for got, wanted in zip(
        keras.tree.flatten(record.output), keras.tree.flatten(expected), strict=True
    ):
        assert_array_equal(got, wanted)


class DroppingOnce(layers.Layer):
    """Trains at every second timestep, which is then left to Keras."""

    def __init__(self):
        super().__init__(name="dropping")
        self.gru, self.calls = layers.GRU(2, dropout=0.5, name="gru"), 0

    def build(self, shape):
        self.gru.build(shape)

    def call(self, x):
        self.calls += 1
        return self.gru(x, training=self.calls % 2 == 1)


def test_a_layer_opened_at_some_timesteps_only_is_left_out():
    each = layers.TimeDistributed(DroppingOnce(), name="each")
    each.build(X.shape)
    assert list(capture(each, X)) == ["each", "each/dropping"]


def test_states_that_stay_and_the_model_left_alone():
    each = layers.TimeDistributed(layers.GRU(2, stateful=True, name="gru"), name="each")
    x = keras.Input(batch_shape=(2, 3, 4, 5))
    model = keras.Model(x, each(x))
    model(X)
    before = [to_array(state) for state in each.layer.states]
    marks = {name: id(value) for name, value in vars(each).items()}
    trace = capture(model, X)
    assert verify(model, X, trace) < 2e-6
    record = trace["each/gru"]
    starts = record.initial_state[0].reshape(2, 3, 2)
    assert_array_equal(starts[:, 0], before[0])
    # Each sentence starts where the one before it ended.
    assert_array_equal(starts[:, 1:], record.hidden_states[:, -1].reshape(2, 3, 2)[:, :-1])
    assert_array_equal([to_array(state) for state in each.layer.states], before)
    assert {name: id(value) for name, value in vars(each).items()} == marks
    assert_allclose(trace.output, to_array(model(X)), atol=1e-6)


def test_an_initial_state_is_that_of_every_timestep():
    x = keras.Input((3, 4, 5))
    model = keras.Model(x, layers.TimeDistributed(layers.GRU(2, name="gru"), name="each")(x))
    start = np.ones((2, 2), "float32")
    for given in (start, {"each/gru": start}):
        trace = capture(model, X, initial_state=given)
        assert verify(model, X, trace, initial_state=given) < 2e-6
        assert_array_equal(trace["each/gru"].initial_state[0], np.ones((6, 2)))


def test_what_is_not_built_is_built():
    model = keras.Sequential([layers.TimeDistributed(layers.GRU(2, name="gru"), name="each")])
    assert list(checked(model, X)) == ["each", "each/gru"]


def test_an_id_outside_the_table_is_named():
    layer = layers.TimeDistributed(sentence_model())
    with pytest.raises(SeqvizError, match="Id 9 is outside the table of 'embedding'"):
        capture(layer, DOCUMENTS + 9 * (DOCUMENTS == 0))


# ReversibleEmbedding: a table that also scores every word


def test_a_reversible_embedding():
    table = layers.ReversibleEmbedding(9, 4, mask_zero=True, name="table")
    ids = keras.Input((4,))
    states = layers.GRU(4, return_sequences=True, name="gru")(table(ids))
    model = keras.Model(ids, table(states, reverse=True))
    trace = checked(model, DOCUMENTS[0])
    assert list(trace) == ["table", "gru", "table#2"]
    looked_up, scored = trace["table"], trace["table#2"]
    assert isinstance(looked_up, EmbeddingTrace)
    assert looked_up.layer == "ReversibleEmbedding"
    assert_array_equal(looked_up.vectors, looked_up.weights[DOCUMENTS[0]])
    assert_array_equal(looked_up.mask, DOCUMENTS[0] != 0)
    assert_array_equal(trace["gru"].mask, DOCUMENTS[0] != 0)
    assert isinstance(scored, LayerTrace)
    assert_allclose(scored.output, trace["gru"].output @ looked_up.weights.T, atol=1e-6)
