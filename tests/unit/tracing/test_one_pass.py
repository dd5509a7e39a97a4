"""Which calls a pass over a model sees, and which of them it opens."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import LayerTrace, RecurrentTrace, SeqvizError, capture, verify
from seqviz.tracing import one_pass
from seqviz.tracing.arrays import to_array
from seqviz.tracing.one_pass import Pass
from seqviz.tracing.selection import Selection
from tests.unit.backends import compiled
from tests.unit.tracing.closed_layers import Doubled, Shuffled

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
IDS = np.array([[3, 1, 2], [4, 0, 0]])


def checked(model, inputs, **call):
    trace = capture(model, inputs, **call)
    assert verify(model, inputs, trace, **call) < 2e-6
    tensors = keras.tree.map_structure(lambda v: None if v is None else ops.array(v), call)
    assert_allclose(trace.output, to_array(model(inputs, **tensors)), atol=1e-6)
    return trace


@pytest.mark.parametrize(
    "closed",
    [
        lambda: Doubled(3, return_sequences=True, name="closed"),
        lambda: Shuffled(3, return_sequences=True, name="closed"),
        lambda: layers.TimeDistributed(layers.Dense(3), name="closed"),
    ],
)
def test_what_follows_a_layer_that_is_not_opened_is_seen(closed):
    model = keras.Sequential(
        [keras.Input((5, 3)), closed(), layers.GRU(2, name="gru"), layers.Dense(1, name="dense")]
    )
    trace = checked(model, X)
    assert list(trace) == ["closed", "gru", "dense"]
    assert isinstance(trace["closed"], LayerTrace)
    assert isinstance(trace["gru"], RecurrentTrace)


class Reversed(layers.TimeDistributed):
    """Not opened, as its call may do anything."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs[:, ::-1], training=training, mask=mask)


def reversed_by_its_own_call():
    layer = layers.TimeDistributed(layers.SimpleRNN(2), name="each")
    layer.build((2, 5, 1, 3))
    original = layer.call
    layer.call = lambda inputs, **kwargs: original(inputs[:, ::-1], **kwargs)
    return layer


@pytest.mark.parametrize(
    "make", [lambda: Reversed(layers.SimpleRNN(2), name="each"), reversed_by_its_own_call]
)
def test_of_a_time_distributed_with_a_call_of_its_own_nothing_inside_is_seen(make):
    assert list(checked(make(), X[:, :, None])) == ["each"]


def test_of_a_model_for_each_timestep_that_only_has_dense_layers_none_is_seen():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(2)])
    assert list(checked(layers.TimeDistributed(inner, name="each"), X)) == ["each"]


def test_a_second_call_deep_in_a_model_can_be_spelt_as_its_way():
    x = keras.Input((5, 3))
    rnn = layers.GRU(3, return_sequences=True, name="gru")
    inner = keras.Sequential([keras.Input((5, 3)), rnn], name="inner")
    outer = keras.Model(x, inner(inner(x)), name="outer")
    trace = checked(keras.Model(x, outer(x)), X)
    assert trace["outer/inner#2/gru"] is trace["outer/inner/gru#2"]
    assert list(trace.aliases) == ["outer/inner#2/gru"]


class Around(layers.Layer):
    """Calls a recurrent layer past Keras's `__call__`, so that this is no call of a layer."""

    def __init__(self):
        super().__init__(name="around")
        self.rnn = layers.LSTM(3, name="rnn")

    def build(self, shape):
        self.rnn.build(shape)

    def call(self, x):
        return self.rnn.call(x)


class AroundAsModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn, self.dense = layers.LSTM(3, name="rnn"), layers.Dense(2, name="dense")
        self.rnn.build(X.shape)

    def call(self, x):
        return self.dense(self.rnn.call(x))


@pytest.mark.parametrize("make", [Around, AroundAsModel])
def test_a_layer_called_past_keras_is_not_opened(make):
    trace = checked(make(), X)
    assert not [record for record in trace.values() if isinstance(record, RecurrentTrace)]


class InBoth(keras.Model):
    """Calls a layer in a graph, where it is not seen, and then as it is."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, name="dense")
        self.dense.build(X.shape)
        self.compiled = compiled(self.dense)

    def call(self, x):
        return self.dense(self.compiled(x))


def test_a_call_in_a_graph_is_not_counted():
    model = InBoth()
    trace = checked(model, X)
    assert list(trace) == ["dense"]
    assert_allclose(trace["dense"].inputs, to_array(model.dense(X)), atol=1e-6)


def test_a_layer_that_is_done_anew_for_its_gradients():
    with keras.RematScope(mode="full"):
        layer = layers.GRU(3, name="gru")
    # Keras cannot do it on JAX if it is told whether this is training.
    trace = capture(layer, X, training=None)
    assert list(trace) == ["gru"]
    assert_allclose(trace.output, to_array(layer(X, training=None)), atol=1e-6)


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype float64")
def test_a_cell_of_another_precision_than_its_layer_is_left_to_keras():
    layer = layers.RNN(layers.GRUCell(3, dtype="float64"), dtype="float32", name="rnn")
    assert isinstance(checked(layer, X)["rnn"], LayerTrace)


MASK = np.array([[1, 1, 0, 0, 1], [0, 1, 1, 0, 0]], bool)


@pytest.mark.parametrize(
    "mask",
    [MASK[:1], MASK[..., None] & np.array([True, False, True]), [MASK, ~MASK]],
    ids=["one for all samples", "one for each unit", "two, of which the first counts"],
)
def test_a_mask_that_keras_alone_knows_how_to_read_is_left_to_keras(mask):
    trace = checked(layers.GRU(3, name="rnn"), X, mask=mask)
    assert isinstance(trace["rnn"], LayerTrace)


def test_a_mask_in_a_list_is_that_mask():
    layer = layers.GRU(3, name="rnn")
    trace = checked(layer, X, mask=[MASK, None])
    assert_array_equal(trace["rnn"].mask, MASK)
    assert_array_equal(trace.output, capture(layer, X, mask=MASK).output)


def test_a_layer_that_drops_nothing_is_opened_in_training_too():
    trace = capture(layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)]), X, training=True)
    assert [type(record) for record in trace.values()] == [RecurrentTrace]


def test_stacked_cells_of_which_one_drops_out_are_not_opened_in_training():
    cells = [layers.SimpleRNNCell(2), layers.SimpleRNNCell(3, dropout=0.5)]
    trace = capture(layers.RNN(cells), X, training=True)
    assert [type(record) for record in trace.values()] == [LayerTrace]


@pytest.mark.parametrize("shape", [(2, 4), (2, 6), (2, 1)])
def test_a_mask_of_another_shape_for_a_layer_itself(shape):
    with pytest.raises(SeqvizError, match=r"mask has the shape .*, but must have \(2, 5\)"):
        capture(layers.GRU(3), X, mask=np.ones(shape, bool))


# Ids outside a table


def test_of_an_id_outside_a_table_is_told_however_deep_the_table_is():
    ids = keras.Input((3,))
    inner = keras.Sequential([keras.Input((3,)), layers.Embedding(5, 2, name="table")])
    outer = keras.Sequential([keras.Input((3,)), inner])
    model = keras.Model(ids, layers.GRU(2)(outer(ids)))
    with pytest.raises(SeqvizError, match="Id 5 is outside the table of 'table'"):
        capture(model, IDS + 1)


class Wrapping(layers.Embedding):
    """Takes an id of any size."""

    def call(self, ids):
        return super().call(ids % self.input_dim)


def pass_over(layer):
    return Pass(layer, lambda *there: None, None, Selection(), check_built=False)


def made_up(layer, *args, **kwargs):
    """What a backend does that makes up rows for ids outside a table."""
    return ops.zeros((2, 3, 2))


def test_where_rows_would_be_made_up_ids_are_looked_at_before(monkeypatch):
    monkeypatch.setattr(one_pass, "LOOKS_UP_ANY_ID", True)
    table = layers.Embedding(4, 2, name="table")
    table.build()
    with pytest.raises(SeqvizError, match="Id 4 is outside the table of 'table'"):
        pass_over(table).layer_call(made_up, table, (ops.array(IDS),), {})
    output = pass_over(table).layer_call(made_up, table, (ops.array(IDS - 1),), {})
    assert_array_equal(output, np.zeros((2, 3, 2)))


@pytest.mark.parametrize(
    ("looks_up_any", "layer", "named"),
    [
        (False, layers.Embedding(4, 2), {}),
        (True, Wrapping(4, 2), {}),
        (True, layers.ReversibleEmbedding(4, 3), {"reverse": True}),
    ],
    ids=["the backend says it", "a call of its own", "vectors, to score the words"],
)
def test_else_they_are_not(looks_up_any, layer, named, monkeypatch):
    monkeypatch.setattr(one_pass, "LOOKS_UP_ANY_ID", looks_up_any)
    layer.build()
    values = ops.array(IDS)
    output = pass_over(layer).layer_call(made_up, layer, (values,), named)
    assert_array_equal(output, np.zeros((2, 3, 2)))


def test_a_table_that_takes_any_id():
    table = Wrapping(4, 2, name="table")
    assert_array_equal(checked(table, IDS)["table"].inputs, IDS)


# Calls of which nothing is seen


class CompiledLayer(layers.Dense):
    def __call__(self, x):
        return compiled(super().__call__)(x)


class CompiledModel(keras.Model):
    def call(self, x):
        return compiled(super().call)(x)


def compiled_model():
    x = keras.Input((5, 3))
    return CompiledModel(x, layers.Dense(2)(x))


@pytest.mark.parametrize("make", [lambda: CompiledLayer(2), compiled_model])
def test_a_call_of_which_nothing_is_seen_is_refused(make):
    with pytest.raises(SeqvizError, match=r"no layer was seen.*inside (tf.function|jax.jit)"):
        capture(make(), X)


def test_a_model_without_a_layer_has_nothing_to_see():
    x = keras.Input((5, 3))
    trace = capture(keras.Model(x, x), X)
    assert list(trace) == []
    assert_array_equal(trace.output, X)
