"""The loop over timesteps, for batches that are gone through in different ways."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose

from seqviz import capture, verify
from seqviz.tracing import loop
from seqviz.tracing.backend import dtype_of_tensors
from seqviz.tracing.replay import weights_of

RANDOM = np.random.default_rng(0)
BIAS = {"bias_initializer": "random_normal"}  # Keras's own are zeros and ones
CELLS = {
    "SimpleRNN": lambda **kwargs: layers.SimpleRNN(4, **BIAS, **kwargs),
    "GRU": lambda **kwargs: layers.GRU(4, **BIAS, **kwargs),
    "GRU, reset before": lambda **kwargs: layers.GRU(4, reset_after=False, **BIAS, **kwargs),
    "LSTM": lambda **kwargs: layers.LSTM(4, unit_forget_bias=False, **BIAS, **kwargs),
}


def inputs(batch):
    x = RANDOM.normal(size=(batch, 6, 3)).astype("float32")
    return x, RANDOM.random((batch, 6)) < 0.7


@pytest.fixture
def pools(monkeypatch):
    """The number of threads of each pool that is asked for."""
    asked = []

    def pool(threads):
        asked.append(threads)
        return ThreadPoolExecutor(threads)

    monkeypatch.setattr(loop, "ThreadPoolExecutor", pool)
    return asked


@pytest.fixture
def threads(request, monkeypatch):
    """As many threads as this, for however small a batch."""
    monkeypatch.setattr(loop, "_NUMBERS_OF_A_THREAD", 1)
    monkeypatch.setattr(loop, "_MOST_THREADS", request.param)
    monkeypatch.setattr(loop.os, "cpu_count", lambda: request.param)
    return request.param


# Below and above the number of samples from which on the inputs are multiplied step by step.
@pytest.mark.parametrize("batch", [1, 3, loop._FEW_SAMPLES, 21])
@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_a_batch_of_any_size_is_that_of_keras(make, batch):
    x, mask = inputs(batch)
    for arguments in ({}, {"go_backwards": True}, {"use_bias": False}):
        layer = make(return_sequences=True, return_state=True, **arguments)
        assert verify(layer, x, capture(layer, x)) < 1e-6
        assert verify(layer, x, capture(layer, x, mask=mask), mask=mask) < 1e-6


@pytest.mark.parametrize("threads", [2, 3], indirect=True)
@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_threads_share_a_batch(make, threads, pools):
    x, mask = inputs(20)
    layer = make(return_sequences=True, go_backwards=True)
    parts = loop._parts(20, 4)
    assert [p.stop - p.start for p in parts] == {2: [10, 10], 3: [6, 7, 7]}[threads]
    assert [p.start for p in parts[1:]] == [p.stop for p in parts[:-1]]
    trace = capture(layer, x, mask=mask)
    assert verify(layer, x, trace, mask=mask) < 1e-6
    assert pools == [threads]


@pytest.mark.parametrize("activations", [("softmax", "hard_sigmoid"), ("tanh", "hard_sigmoid")])
@pytest.mark.parametrize("threads", [2], indirect=True)
def test_an_activation_of_keras_is_asked_on_one_thread(threads, activations, pools):
    x, _ = inputs(20)
    layer = layers.LSTM(4, activation=activations[0], recurrent_activation=activations[1])
    assert verify(layer, x, capture(layer, x)) < 1e-6
    assert pools == []


@pytest.mark.parametrize(("batch", "units"), [(1, 128), (32, 128), (0, 4)])
def test_a_small_batch_is_not_shared(batch, units):
    assert loop._parts(batch, units) == [slice(0, batch)]


# With a thread for every sample that there might be: at most so many, and one for each core.
@pytest.mark.parametrize(
    ("most", "cores", "parts"), [(4, 1, 1), (2, 1, 1), (4, 2, 2), (3, 8, 3), (4, None, 1)]
)
def test_how_many_threads_share_a_batch(most, cores, parts, monkeypatch):
    monkeypatch.setattr(loop, "_NUMBERS_OF_A_THREAD", 4)
    monkeypatch.setattr(loop, "_MOST_THREADS", most)
    monkeypatch.setattr(loop.os, "cpu_count", lambda: cores)
    assert len(loop._parts(20, 4)) == parts
    assert len(loop._parts(1, 4)) == 1


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_a_tape_has_nothing_that_is_not_read(make, kind):
    kind = dtype_of_tensors(kind)
    layer = make(dtype=kind)
    layer.build((None, None, 3))
    name = layer.cell.__class__.__name__.removesuffix("Cell")
    cell = loop.Cell.of(layer.cell, name, weights_of(layer.cell))
    states = tuple(np.zeros((2, 4), kind) for _ in layer.state_size)
    tape = loop.run(cell, np.ones((2, 6, 3), kind), states, None)
    gates = () if tape.gates is None else (tape.gates,)
    assert {array.dtype.name for array in (tape.sums, *gates, *tape.states)} == {kind}
    whole = tape.sums if tape.sums.base is None else tape.sums.base
    assert whole.size == sum(array.size for array in (tape.sums, *gates))
    assert len(gates) == (name != "SimpleRNN")


@pytest.mark.parametrize("batch", [1, 20])
def test_every_number_has_a_place_of_its_own(batch):
    x, _ = inputs(batch)
    layer = layers.LSTM(4, return_sequences=True, name="lstm")
    trace, untouched = capture(layer, x)["lstm"], capture(layer, x)["lstm"]

    def records(of):
        return [
            *of.states,
            *of.gates.values(),
            *of.pre_activations.values(),
            *of.initial_state,
            of.inputs,
            of.output,
            *of.weights.values(),
        ]

    for n, (record, other) in enumerate(zip(records(trace), records(untouched), strict=True)):
        record[...] = n  # that it can be written is part of the test
        assert not np.shares_memory(record, other)
    for n, record in enumerate(records(trace)):
        assert_allclose(record, n)
