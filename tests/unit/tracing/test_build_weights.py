"""capture of what has never been called: it is built once, and all else stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import SeqvizError, capture, verify
from seqviz.tracing.arrays import to_array
from tests.unit.backends import compiled

IDS = np.array([[3, 1, 2, 0], [4, 4, 0, 0]])
X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


def states_of(layer):
    return [to_array(state) for state in keras.tree.flatten(layer.states)]


@pytest.mark.parametrize(
    ("make", "inputs"),
    [
        (
            lambda: layers.Embedding(
                9, 2, embeddings_initializer=keras.initializers.Constant(np.ones((8, 3)))
            ),
            IDS,
        ),
        (lambda: layers.LSTM(3, dtype="bfloat16"), X),
    ],
)
def test_a_build_that_fails_does_not_break_the_next(make, inputs):
    with pytest.raises(SeqvizError, match="cannot be called"):
        capture(make(), inputs)
    model = keras.Sequential([layers.Embedding(9, 2), layers.LSTM(3)])
    assert verify(model, IDS, capture(model, IDS)) < 1e-6


def test_ids_outside_the_table_are_explained_before_anything_is_built():
    with pytest.raises(SeqvizError, match=r"^Id 4 is outside .* input_dim is 4"):
        capture(keras.Sequential([layers.Embedding(4, 2), layers.LSTM(3)]), IDS)


@pytest.mark.parametrize("_", range(3))
def test_threads_capture_one_model_that_is_not_built(_):
    model = keras.Sequential([layers.Embedding(9, 2), layers.LSTM(3), layers.Dense(2)])
    together = Barrier(8)

    def work(_):
        together.wait()
        return capture(model, IDS).output

    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(work, range(8)))
    for output in outputs:
        assert_allclose(output, to_array(model(IDS)), atol=1e-6)
    assert len(model.weights) == 6


class Branching(keras.Model):
    """One layer is reached only for large sums, which no pass by shapes can know."""

    def __init__(self):
        super().__init__()
        self.embedding = layers.Embedding(9, 2)
        self.lstm = layers.LSTM(3, stateful=True, name="lstm")
        self.rare = layers.Dense(1, name="rare")
        self.limit = 1e9
        self.calls = 0

    def call(self, ids):
        self.calls += 1
        y = self.lstm(self.embedding(ids))
        return self.rare(y) if float(ops.sum(y)) > self.limit else y


def test_states_are_kept_and_a_layer_that_is_not_called_costs_nothing():
    model = Branching()
    model(IDS)
    model(IDS)
    before = states_of(model.lstm)
    model.calls = 0
    trace = capture(model, IDS)
    assert model.calls == 1
    assert_array_equal(states_of(model.lstm), before)
    assert_array_equal(trace["lstm"].initial_state, before)
    assert verify(model, IDS, trace) < 1e-6
    assert np.any(before[0])
    model.limit = -1e9
    assert list(capture(model, IDS))[-1] == "rare"  # built now that it is reached
    assert_array_equal(states_of(model.lstm), before)


class Anew(keras.Model):
    """Makes a layer at every call, which is never built before."""

    def call(self, x):
        return layers.Dense(2, kernel_initializer="ones", name="anew")(x)


def test_a_layer_that_is_new_at_every_call_is_called_all_the_same():
    trace = capture(Anew(), X)
    assert list(trace) == ["anew"]
    assert_allclose(trace.output, np.stack([X.sum(-1)] * 2, axis=-1), atol=1e-5)


class LateInAGraph(keras.Model):
    """Calls a layer in a graph, but not at first."""

    def __init__(self):
        super().__init__()
        self.first, self.rare = layers.Dense(3, name="first"), layers.LSTM(2, name="rare")
        self.compiled = compiled(self.rare)
        self.rarely = False

    def call(self, x):
        y = self.first(x)
        return self.compiled(y) if self.rarely else y


def test_a_layer_that_is_only_called_in_a_graph_is_built_there():
    model = LateInAGraph()
    model(X)
    model.rarely = True
    trace = capture(model, X)
    assert list(trace) == ["first"]
    assert model.rare.built
    assert_allclose(trace.output, to_array(model(X)), atol=1e-6)


class BuildingNothing(layers.RNN):
    def build(self, shape):
        self.built = True


def test_a_cell_that_is_built_at_its_first_call():
    layer = BuildingNothing(layers.GRUCell(3), name="rnn")
    layer.build(X.shape)
    trace = capture(layer, X)
    assert list(trace) == ["rnn"]
    assert_allclose(trace.output, to_array(layer(X)), atol=1e-6)


def test_states_made_by_capture_start_at_zero():
    layer = layers.RNN([layers.LSTMCell(3), layers.GRUCell(4)], stateful=True, name="rnn")
    trace = capture(layer, X)
    assert len(states_of(layer)) == 3
    assert not any(state.any() for state in states_of(layer))
    assert verify(layer, X, trace) == 0
    assert_allclose(trace["rnn"].output, to_array(layer(X)), atol=1e-6)


class Noisy(layers.Layer):
    def build(self, shape):
        self.generator = keras.random.SeedGenerator(7)
        super().build(shape)

    def call(self, x):
        return x + keras.random.normal(ops.shape(x), seed=self.generator)


def test_random_generators_are_put_back():
    first = keras.Sequential([Noisy(), layers.Dense(2)])
    trace = capture(first, X)
    assert_array_equal(trace[first.layers[0].name].output, to_array(first.layers[0](X)))


def test_losses_and_marks_of_the_last_call_are_kept():
    model = keras.Sequential([layers.Dense(2, activity_regularizer="l2"), layers.LSTM(2)])
    x = np.ones((1, 4, 3), "float32")
    capture(model, x)
    assert not model.losses
    assert not any(layer._called for layer in model._flatten_layers())
    model(x)
    (loss,) = model.losses
    capture(model, x + 1)
    assert model.losses == [loss]
    model(x + 1)
    assert len(model.losses) == 1
    assert model.losses[0] != loss
