"""Gradients are proved against TensorFlow's tape, by finite differences, and by hand."""

import warnings
from functools import partial

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import (
    SeqvizError,
    compute_gradients,
    set_spectral_radius,
    verify_gradients,
)
from seqviz.lessons.gradients.data import norms
from tests.unit.backends import ON_TENSORFLOW, only_on_tensorflow

if ON_TENSORFLOW:
    import tensorflow as tf

pytestmark = only_on_tensorflow("its tape is the proof; what others say is in test_backends")

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=15)
CELLS = ["SimpleRNN", "GRU", "LSTM"]
TIMESTEPS, FEATURES, UNITS = 5, 2, 3


def build(kind, *, features=FEATURES, units=UNITS, dtype="float64", **arguments):
    layer = getattr(keras.layers, kind)(
        units,
        kernel_initializer=keras.initializers.GlorotUniform(1),
        recurrent_initializer=keras.initializers.Orthogonal(seed=2),
        bias_initializer=keras.initializers.RandomUniform(seed=3),
        dtype=dtype,
        name="layer",
        **arguments,
    )
    layer.build((None, None, features))
    return layer


def sequences(batch=1, timesteps=TIMESTEPS, features=FEATURES):
    return np.random.default_rng(0).normal(size=(batch, timesteps, features))


def states(kind, batch=1, units=UNITS):
    count = 2 if kind == "LSTM" else 1
    return list(np.random.default_rng(1).normal(size=(count, batch, units)) / 2)


def captured(layer, inputs, **arguments):
    return seqviz.capture(layer, inputs, **arguments)["layer"]


PROOFS = [verify_gradients, partial(verify_gradients, at_once=True)]
VARIANTS = [
    *((kind, {}) for kind in CELLS),
    *((kind, {"use_bias": False}) for kind in CELLS),
    *((kind, {"go_backwards": True, "activation": "relu"}) for kind in CELLS),
    *((kind, {"activation": "linear", "dropout": 0.5}) for kind in CELLS),
    *((kind, {"activation": "softmax"}) for kind in CELLS),
    ("GRU", {"reset_after": False}),
    ("GRU", {"reset_after": False, "use_bias": False}),
    ("LSTM", {"unit_forget_bias": False, "recurrent_activation": "hard_sigmoid"}),
    ("GRU", {"recurrent_activation": "hard_sigmoid", "activation": "elu"}),
]


@pytest.mark.parametrize(("kind", "arguments"), VARIANTS)
def test_equal_to_the_tape_around_keras_own_cell(kind, arguments):
    layer = build(kind, **arguments)
    mask = np.array([[True] * 5, [True, False, True, True, False]])
    trace = captured(layer, sequences(2), mask=mask, initial_state=states(kind, 2))
    for output in ("sum", "norm", 1):
        for step in (None, 2):
            for sample in (0, 1):
                gradients = compute_gradients(layer, trace, output=output, step=step, sample=sample)
                for verify in PROOFS:
                    assert verify(layer, trace, gradients, sample=sample) < 1e-12


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        *((kind, {}) for kind in CELLS),
        *((kind, {"go_backwards": True}) for kind in CELLS),
        ("GRU", {"reset_after": False}),
    ],
)
def test_equal_to_the_tape_around_the_whole_layer(kind, arguments):
    layer, inputs = build(kind, **arguments), tf.constant(sequences())
    initial = [tf.constant(state) for state in states(kind)]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *initial])
        loss = tf.norm(layer(inputs, initial_state=initial))
    to_inputs, *to_states = tape.gradient(loss, [inputs, *initial])

    trace = captured(layer, inputs, initial_state=initial)
    gradients = compute_gradients(layer, trace, output="norm")
    np.testing.assert_allclose(gradients.inputs, to_inputs[0].numpy()[gradients.timesteps])
    np.testing.assert_allclose(gradients.hidden[0], to_states[0][0])
    if kind == "LSTM":
        np.testing.assert_allclose(gradients.cell_states[0], to_states[1][0])


@pytest.mark.parametrize("kind", CELLS)
def test_equal_to_finite_differences(kind):
    layer, inputs, initial = build(kind), sequences(), states(kind)
    point = np.concatenate([array.ravel() for array in (inputs, *initial)])
    nudge = 1e-6
    # All nudged inputs and states as one batch of Keras's own forward pass.
    points = np.concatenate(
        [point + nudge * np.eye(len(point)), point - nudge * np.eye(len(point))]
    )
    size = inputs.size
    batch = points[:, :size].reshape(-1, TIMESTEPS, FEATURES)
    starts = np.split(points[:, size:], len(initial), axis=1)
    losses = layer(batch, initial_state=starts).numpy().sum(axis=1)
    ahead, behind = np.split(losses, 2)
    slopes = (ahead - behind) / (2 * nudge)

    gradients = compute_gradients(layer, captured(layer, inputs, initial_state=initial))
    found = [gradients.inputs.ravel(), gradients.hidden[0]]
    if kind == "LSTM":
        found.append(gradients.cell_states[0])
    np.testing.assert_allclose(np.concatenate(found), slopes, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", CELLS)
def test_float32_layers_agree_within_rounding(kind):
    layer = build(kind, dtype="float32")
    trace = captured(layer, sequences(timesteps=50).astype("float32"))
    gradients = compute_gradients(layer, trace)
    assert gradients.hidden.dtype == np.float32
    for verify in PROOFS:
        assert verify(layer, trace, gradients) < 1e-4


@pytest.mark.parametrize("kind", CELLS)
def test_inputs_that_are_whole_numbers_have_gradients_too(kind):
    layer = build(kind)
    whole = np.array([[[1, 0], [2, 3], [0, 1]]])
    got = compute_gradients(layer, captured(layer, whole))
    expected = compute_gradients(layer, captured(layer, whole.astype("float64")))
    assert got.inputs.dtype == expected.inputs.dtype
    np.testing.assert_array_equal(got.inputs, expected.inputs)


def test_by_hand():
    # h' = 2 x + 0.5 h, so one step back halves, and an input counts twice.
    layer = build("SimpleRNN", features=1, units=1, activation="linear")
    layer.set_weights([np.array([[2.0]]), np.array([[0.5]]), np.array([0.0])])
    trace = captured(layer, [[[1.0], [1.0], [1.0]]])
    gradients = compute_gradients(layer, trace)
    np.testing.assert_array_equal(gradients.hidden, [[0.125], [0.25], [0.5], [1]])
    np.testing.assert_array_equal(gradients.inputs, [[0.5], [1], [2]])
    assert gradients.cell_states is None
    assert (gradients.taken_at, gradients.output) == (3, "sum")

    earlier = compute_gradients(layer, trace, output=0, step=0)
    np.testing.assert_array_equal(earlier.hidden, [[0.5], [1], [0], [0]])
    np.testing.assert_array_equal(earlier.inputs, [[2], [0], [0]])
    assert earlier.output == "unit 0"


def test_without_a_recurrent_kernel_c_comes_back_through_the_forget_gates_alone():
    layer = build("LSTM")
    layer.cell.recurrent_kernel.assign(np.zeros((UNITS, 4 * UNITS)))
    trace = captured(layer, sequences())
    gradients = compute_gradients(layer, trace)
    kept = trace.gates["forget"][0][::-1].cumprod(axis=0)[::-1]
    np.testing.assert_allclose(gradients.cell_states[:-1], kept * gradients.cell_states[-1])
    assert not gradients.hidden[:-1].any()


@STEADY
@given(radius=st.floats(0.1, 3), timesteps=st.integers(1, 12))
def test_an_orthogonal_kernel_scales_by_its_radius_once_a_step(radius, timesteps):
    layer = build("SimpleRNN", activation="linear")
    set_spectral_radius(layer, radius)
    trace = captured(layer, sequences(timesteps=timesteps))
    sizes = norms(compute_gradients(layer, trace).hidden)
    expected = np.sqrt(UNITS) * radius ** np.arange(timesteps, -1, -1)
    np.testing.assert_allclose(sizes, expected, rtol=1e-6)


@pytest.mark.parametrize("kind", CELLS)
def test_a_masked_step_hands_the_gradient_on(kind):
    layer = build(kind)
    mask = np.array([[True, False, True, True, False]])
    trace = captured(layer, sequences(), mask=mask)
    gradients = compute_gradients(layer, trace)
    assert gradients.skipped.tolist() == [False, True, False, False, True]
    np.testing.assert_array_equal(gradients.hidden[4], gradients.hidden[5])
    np.testing.assert_array_equal(gradients.hidden[1], gradients.hidden[2])
    assert not gradients.inputs[[1, 4]].any()


def test_what_is_read_later_has_no_gradient():
    layer = build("LSTM")
    gradients = compute_gradients(layer, captured(layer, sequences()), step=1)
    assert not gradients.hidden[3:].any()
    assert not gradients.cell_states[3:].any()
    assert not gradients.inputs[2:].any()
    assert gradients.inputs[:2].all()


def test_the_norm_of_a_zero_state_has_the_gradient_zero():
    layer = build("SimpleRNN", use_bias=False)
    trace = captured(layer, np.zeros((1, 3, FEATURES)))
    gradients = compute_gradients(layer, trace, output="norm")
    assert not gradients.hidden.any()
    for verify in PROOFS:
        assert verify(layer, trace, gradients) == 0


@pytest.mark.parametrize("verify", PROOFS)
@pytest.mark.parametrize("kind", CELLS)
def test_a_wrong_gradient_is_found_out(kind, verify):
    layer = build(kind)
    trace = captured(layer, sequences())
    gradients = compute_gradients(layer, trace)
    for name in ("hidden", "inputs", *(["cell_states"] if kind == "LSTM" else [])):
        wrong = getattr(gradients, name).copy()
        wrong[0] *= 1.01
        assert 0.001 < verify(layer, trace, gradients._replace(**{name: wrong})) < 0.02
        wrong[0, 0] = np.nan
        assert verify(layer, trace, gradients._replace(**{name: wrong})) == np.inf


@pytest.mark.parametrize("verify", PROOFS)
def test_a_gradient_after_the_step_it_is_taken_of_is_found_out(verify):
    layer = build("SimpleRNN")
    trace = captured(layer, sequences())
    gradients = compute_gradients(layer, trace, step=2)
    wrong = gradients.hidden.copy()
    wrong[4] = 0.1
    assert verify(layer, trace, gradients._replace(hidden=wrong)) > 1


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU"])  # an LSTM's gates close before
def test_gradients_that_overflow_are_compared_by_the_whole_tape(kind):
    layer = build(kind, dtype="float32", activation="linear")
    set_spectral_radius(layer, 1e4)
    trace = captured(layer, sequences(timesteps=20).astype("float32"))
    with warnings.catch_warnings(action="error"):  # it is no mistake
        gradients = compute_gradients(layer, trace)
    assert not np.isfinite(gradients.hidden).all()
    tape, steps = (verify(layer, trace, gradients) for verify in PROOFS)
    assert steps == tape


def test_a_layer_inside_a_model_or_a_wrapper():
    forward = build("LSTM", return_sequences=True)
    wrapper = keras.layers.Bidirectional(forward, name="both")
    trace = seqviz.capture(wrapper, sequences())
    backward = wrapper.backward_layer
    record = trace[f"both/{backward.name}"]
    gradients = compute_gradients(backward, record)
    assert gradients.timesteps.tolist() == [4, 3, 2, 1, 0]
    assert verify_gradients(backward, record, gradients) < 1e-12
    with pytest.raises(SeqvizError, match="2 records"):
        compute_gradients(backward, trace)


def test_a_layer_with_dropout_is_left_as_it_was():
    layer = build("GRU", dropout=0.5, recurrent_dropout=0.5, seed=7)
    trace = captured(layer, sequences())
    before = layer.cell.seed_generator.state.numpy()
    for verify in PROOFS:
        assert verify(layer, trace, compute_gradients(layer, trace)) < 1e-12
    np.testing.assert_array_equal(layer.cell.seed_generator.state.numpy(), before)


def test_what_cannot_be_done_is_said():
    layer, inputs = build("SimpleRNN"), sequences()
    trace = captured(layer, inputs)
    unbuilt = keras.layers.GRU(3, name="young")
    custom = keras.layers.RNN(keras.layers.StackedRNNCells([keras.layers.GRUCell(3)]), name="stack")
    for arguments, said in [
        ((keras.layers.Dense(2, name="dense"), trace), "dense.* is a Dense"),
        ((keras.layers.Bidirectional(keras.layers.GRU(2), name="b"), trace), "is a Bidirectional"),
        ((custom, trace), "is a RNN"),
        ((unbuilt, trace), "no weights yet"),
        ((build("GRU"), trace), r"trace is of a SimpleRNN"),
        ((build("SimpleRNN", units=4), trace), r"\(3, 3\).*\(4, 4\)"),
        ((layer, seqviz.capture(keras.layers.Dense(2, name="d"), inputs)), "no record"),
    ]:
        with pytest.raises(SeqvizError, match=f"(?s){said}.*Hint: "):
            compute_gradients(*arguments)
    partial_trace = seqviz.capture(layer, inputs, record={"hidden_states"})["layer"]
    with pytest.raises(SeqvizError):
        compute_gradients(layer, partial_trace)
    for arguments, said in [
        ({"step": -1}, "no step -1"),
        ({"step": 5}, "no step 5"),
        ({"sample": 1}, "no sample 1"),
        ({"output": 3}, "output is 3"),
        ({"output": -1}, "output is -1"),
        ({"output": True}, "output is True"),
        ({"output": "mean"}, "'mean'"),
    ]:
        with pytest.raises(SeqvizError, match=f"{said}.*Hint: "):
            compute_gradients(layer, trace, **arguments)
    for verify in PROOFS:
        with pytest.raises(SeqvizError, match=r"(?s)trace is of a SimpleRNN.*Hint: "):
            verify(build("GRU"), trace, compute_gradients(layer, trace))


@pytest.mark.parametrize("kind", CELLS)
def test_the_derivative_of_relu_at_exactly_0_is_that_of_tensorflow(kind):
    layer = (
        build(kind, activation="relu", recurrent_activation="relu")
        if kind != "SimpleRNN"
        else (build(kind, activation="relu"))
    )
    layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    trace = captured(layer, sequences(), initial_state=states(kind))
    assert not any(values.any() for values in trace.pre_activations.values())
    gradients = compute_gradients(layer, trace)
    for verify in PROOFS:
        assert verify(layer, trace, gradients) == 0
    if kind != "GRU":  # whose state is handed on beside the candidate
        assert not gradients.hidden[:-1].any()
