"""Every argument of the recurrent layers: what capture says the layer returned, Keras returns.

Each case compares with a plain call of the layer, and, through `verify`, every state and gate of
every step with what Keras's own cells did.
"""

from itertools import product

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from keras import layers
from numpy.testing import assert_allclose

from seqviz import LayerTrace, RecurrentTrace, capture, verify
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import REPEATS_STATE

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 4, 3)).astype("float32")
H, C = RNG.normal(size=(2, 2, 4)).astype("float32")
MASKS = {
    "no mask": None,
    "padding at either end": np.array([[1, 1, 0, 0], [0, 0, 1, 1]], bool),
    "holes and nothing at all": np.array([[0, 1, 0, 1], [0, 0, 0, 0]], bool),
}
CELLS = [layers.SimpleRNN, layers.GRU, layers.LSTM]
BOTH = (False, True)


def check(layer, x=X, **call):
    """Capture a layer, and compare with Keras."""
    call = {name: value for name, value in call.items() if value is not None}
    trace = capture(layer, x, **call)
    for at_once in BOTH:
        assert verify(layer, x, trace, **call, at_once=at_once) < 2e-6
    expected = layer(
        x, **{k: keras.tree.map_structure(keras.ops.array, v) for k, v in call.items()}
    )
    expected = [to_array(e) for e in keras.tree.flatten(expected)]
    for got, wanted in zip(keras.tree.flatten(trace.output), expected, strict=True):
        assert_allclose(got, wanted, atol=2e-6)
        assert got.dtype == wanted.dtype
    return trace


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_arguments_of_the_loop(cell, mask):
    zeroing = (False,) if mask is None else BOTH
    for go_backwards, sequences, state, unroll, zero in product(*[BOTH] * 4, zeroing):
        layer = cell(
            4,
            go_backwards=go_backwards,
            return_sequences=sequences,
            return_state=state,
            unroll=unroll,
            zero_output_for_mask=zero,
            bias_initializer="normal",
        )
        trace = check(layer, mask=mask)[layer.name]
        assert (trace.return_sequences, trace.return_state) == (sequences, state)
        assert trace.go_backwards == go_backwards
        assert list(trace.timesteps) == ([3, 2, 1, 0] if go_backwards else [0, 1, 2, 3])
        assert trace.main_output.shape == ((2, 4, 4) if sequences else (2, 4))
        for final, states in zip(trace.returned_states, trace.states, strict=state):
            assert_allclose(final, states[:, -1])


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize(
    ("cell", "initial_state"),
    [
        (layers.SimpleRNN, [H]),
        (layers.SimpleRNN, H),
        (layers.GRU, [H]),
        (layers.GRU, H),
        (layers.LSTM, [H, C]),
    ],
)
def test_initial_state(cell, initial_state, mask):
    layer = cell(4, return_sequences=True)
    trace = check(layer, mask=mask, initial_state=initial_state)[layer.name]
    assert_allclose(trace.initial_state[0], H)
    if mask is not None:
        # Skipped from the start: the state is still the initial one. That Keras returns where its
        # loop is a scan, else zeros.
        skipped = ~mask[:, 0]
        assert_allclose(trace.hidden_states[skipped, 0], H[skipped])
        assert_allclose(trace.output[skipped, 0], H[skipped] if REPEATS_STATE else 0 * H[skipped])


def half(z):
    return z * 0.5


ACTIVATIONS = ["relu", "linear", None, "softmax", "elu", "hard_sigmoid", half]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cell", CELLS)
def test_activations(cell, activation):
    check(cell(4, activation=activation))
    if cell is not layers.SimpleRNN:
        check(cell(4, recurrent_activation=activation), mask=MASKS["padding at either end"])


def test_a_layer_as_activation_is_no_layer_call():
    layer = layers.GRU(4, activation=layers.LeakyReLU())
    assert list(check(layer)) == [layer.name]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "arguments",
    [
        {"use_bias": False},
        {"dropout": 0.5, "recurrent_dropout": 0.3},
        {"bias_initializer": "ones", "kernel_initializer": "ones"},
        {"dtype": "float64"},
        {"activity_regularizer": "l2"},
    ],
    ids=str,
)
def test_arguments_of_the_cell(cell, arguments):
    layer = cell(4, return_sequences=True, **arguments)
    trace = check(layer)[layer.name]
    assert ("bias" in trace.weights) == arguments.get("use_bias", True)


@pytest.mark.parametrize("implementation", [1, 2])
@pytest.mark.parametrize("use_bias", BOTH)
@pytest.mark.parametrize("reset_after", BOTH)
def test_gru_reset_after(reset_after, use_bias, implementation):
    layer = layers.GRU(
        4,
        reset_after=reset_after,
        use_bias=use_bias,
        implementation=implementation,
        bias_initializer="normal",
    )
    trace = check(layer, mask=MASKS["padding at either end"])[layer.name]
    # Units · (units + features + biases) · 3: reset_after has two biases.
    assert sum(w.size for w in trace.weights.values()) == 12 * (
        3 + 4 + (1 + reset_after) * use_bias
    )


@pytest.mark.parametrize("implementation", [1, 2])
@pytest.mark.parametrize("unit_forget_bias", BOTH)
def test_lstm_unit_forget_bias(unit_forget_bias, implementation):
    layer = layers.LSTM(4, unit_forget_bias=unit_forget_bias, implementation=implementation)
    trace = check(layer)[layer.name]
    assert_allclose(trace.weights["bias"][4:8], float(unit_forget_bias))


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("cell", CELLS)
def test_bidirectional(cell, merge_mode):
    for sequences, state in product(BOTH, repeat=2):
        inner = cell(4, return_sequences=sequences, return_state=state, name="rnn")
        layer = layers.Bidirectional(inner, merge_mode=merge_mode, name="both")
        mask = MASKS["padding at either end"] if sequences else None
        trace = check(layer, mask=mask)
        assert list(trace) == ["both", "both/forward_rnn", "both/backward_rnn"]
        assert isinstance(trace["both"], LayerTrace)
        backward = trace["both/backward_rnn"]
        assert list(backward.timesteps) == [3, 2, 1, 0]
        if sequences:  # inside Bidirectional Keras zeroes what is masked
            assert not backward.main_output[~mask[:, ::-1]].any()


def test_bidirectional_splits_its_initial_state():
    layer = layers.Bidirectional(layers.LSTM(4, name="lstm"), name="both")
    trace = check(layer, initial_state=[H, C, C, H])
    assert_allclose(trace["both/backward_lstm"].initial_state, [C, H])


def test_bidirectional_with_a_backward_layer_of_another_kind():
    layer = layers.Bidirectional(
        layers.GRU(4, name="gru"), backward_layer=layers.LSTM(4, go_backwards=True, name="lstm")
    )
    assert [t.layer for t in check(layer).values()] == ["Bidirectional", "GRU", "LSTM"]


@pytest.mark.parametrize("dtype", ["float16", "mixed_float16"])
@pytest.mark.parametrize("cell", CELLS)
def test_half_precision_is_shown_from_outside(cell, dtype):
    # JAX makes no orthogonal matrix in half precision.
    layer = cell(4, dtype=dtype, recurrent_initializer="glorot_uniform")
    assert isinstance(check(layer)[layer.name], LayerTrace)


def states_of(layer, x, **call):
    """What Keras returns as final states of the layer."""
    return [to_array(state) for state in layer(x, **call)[1:]]


@settings(max_examples=12, deadline=None, database=None, derandomize=True)
@given(
    cell=st.sampled_from(CELLS),
    units=st.integers(1, 3),
    steps=st.integers(1, 5),
    go_backwards=st.booleans(),
    masked=st.booleans(),
    initial=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_state_k_is_what_keras_returns_for_the_first_k_steps(
    cell, units, steps, go_backwards, masked, initial, seed
):
    rng = np.random.default_rng(seed)
    layer = cell(units, return_state=True, go_backwards=go_backwards, bias_initializer="normal")
    x = rng.normal(size=(2, steps, 2)).astype("float32")
    mask = rng.random((2, steps)) < 0.6 if masked else None
    count = 2 if cell is layers.LSTM else 1
    start = [rng.normal(size=(2, units)).astype("float32") for _ in range(count)]
    call = {"initial_state": start} if initial else {}
    trace = capture(layer, x, mask=mask, **call)[layer.name]
    assert isinstance(trace, RecurrentTrace)
    for k in range(steps):
        read = np.sort(trace.timesteps[: k + 1])  # the part of the sentence read so far
        part = {"mask": keras.ops.array(mask[:, read])} if masked else {}
        for ours, theirs in zip(
            trace.states, states_of(layer, x[:, read], **call, **part), strict=True
        ):
            assert_allclose(ours[:, k], theirs, atol=1e-6)


def ones(batch_size):
    return [np.ones((batch_size, 4), "float32")]


class StartingAtOnes(layers.SimpleRNN):
    def get_initial_state(self, batch_size):
        return ones(batch_size)


def layer_told_to_start_at_ones(of):
    layer = layers.SimpleRNN(4)
    target = layer if of == "layer" else layer.cell
    target.get_initial_state = ones
    return layer


@pytest.mark.parametrize(
    "layer",
    [
        StartingAtOnes(4),
        layer_told_to_start_at_ones(of="layer"),
        layer_told_to_start_at_ones(of="cell"),
    ],
    ids=["subclass", "layer", "cell"],
)
def test_a_start_of_its_own(layer):
    layer.build(X.shape)
    trace = check(layer)[layer.name]
    assert (trace.initial_state[0] == 1).all()
