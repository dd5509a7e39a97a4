"""verify is a proof: it runs Keras alone, and shows any wrong number."""

from dataclasses import fields, replace

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import LayerTrace, ModelConfig, SeqvizError, Trace, build_model, capture, verify
from seqviz.tracing.arguments import Given
from seqviz.tracing.backend import TRACES_LOOP
from seqviz.tracing.capture import run
from seqviz.tracing.selection import Selection
from seqviz.tracing.verify import _difference, step_by_step

IDS = np.array([[3, 1, 2], [4, 0, 0]])


@pytest.fixture(scope="module")
def model():
    return build_model(ModelConfig(cell="LSTM", mask_zero=True, return_state=True, head="dense"))


def proof_of(model, inputs, mask=None):
    """What Keras alone goes through."""
    return run(model, inputs, Given(mask=mask), Selection(), step_by_step)


def arrays(value, path=()):
    """Every array in a record, with the way to it."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from arrays(item, (*path, key))
    elif isinstance(value, list | tuple):
        for n, item in enumerate(value):
            yield from arrays(item, (*path, n))


@pytest.mark.parametrize("at_once", [False, True])
def test_a_true_trace_is_equal_up_to_rounding(model, at_once):
    assert 0 <= verify(model, IDS, capture(model, IDS), at_once=at_once) < 5e-7


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_every_single_wrong_number_shows(cell, at_once):
    model = build_model(ModelConfig(cell=cell, mask_zero=True, return_state=True, head="dense"))
    proved = proof_of(model, IDS)
    tampered = 0
    for key in proved:
        for field in fields(proved[key]):
            for path, _ in arrays(getattr(proved[key], field.name)):
                trace = proof_of(model, IDS)
                array = dict(arrays(getattr(trace[key], field.name)))[path]
                if array.dtype == bool:
                    array.flat[-1] = not array.flat[-1]
                else:
                    array.flat[-1] += 1
                gap = verify(model, IDS, trace, at_once=at_once)
                assert gap >= 0.999, (key, field.name, path)
                tampered += 1
    assert tampered >= 18


def test_the_output_of_the_model_belongs_to_it(model):
    trace = capture(model, IDS)
    trace.output[0][0, 0] += 1
    assert verify(model, IDS, trace) >= 0.999
    assert verify(model, IDS, dict(trace)) < 5e-7  # the records alone are right


def test_not_a_number_is_infinitely_wrong(model):
    trace = capture(model, IDS)
    trace["lstm"].gates["forget"][0, 0, 0] = np.nan
    for at_once in (False, True):
        assert verify(model, IDS, trace, at_once=at_once) == np.inf


def test_at_once_the_cell_is_called_once_a_layer_however_long_the_sentence(monkeypatch):
    model = build_model(ModelConfig(cell="LSTM", units=(4, 3), head="dense"))
    trace = capture(model, np.arange(40)[None])
    calls = []
    call = layers.LSTMCell.call
    monkeypatch.setattr(
        layers.LSTMCell,
        "call",
        lambda cell, *args, **kw: calls.append(cell) or call(cell, *args, **kw),
    )
    assert verify(model, np.arange(40)[None], trace, at_once=True) < 5e-7
    assert len(calls) == 2


def test_at_once_other_cells_are_watched_step_by_step():
    cells = layers.StackedRNNCells([layers.GRUCell(3), layers.LSTMCell(2)])
    model = keras.Sequential(
        [layers.GRU(4, return_sequences=True), layers.RNN(cells), layers.Dense(2)]
    )
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    trace = capture(model, x)
    assert verify(model, x, trace, at_once=True) < 5e-7
    for state in trace[model.layers[1].name].states:
        state += 1
    assert verify(model, x, trace, at_once=True) >= 0.999


def test_a_change_of_weights_shows():
    model = build_model(ModelConfig(cell="GRU"))
    trace = capture(model, IDS)
    kernel = model.get_layer("gru").cell.recurrent_kernel
    kernel.assign(kernel.value + 0.5)
    for at_once in (False, True):
        assert verify(model, IDS, trace, at_once=at_once) > 0.4


def test_it_does_not_use_our_arithmetic(model, monkeypatch):
    trace = capture(model, IDS)

    def forbidden(*args, **kwargs):
        raise AssertionError("verify must run Keras only")

    for name in ("simple_rnn_step", "gru_step", "lstm_step", "project", "sigmoid"):
        monkeypatch.setattr(f"seqviz.cells.{name}", forbidden)
    monkeypatch.setattr("seqviz.tracing.capture.replay", forbidden)
    assert verify(model, IDS, trace) < 5e-7
    assert verify(model, IDS, trace, at_once=True) < 5e-7


@pytest.mark.parametrize("unroll", [False, True])
@pytest.mark.parametrize("mask", [None, np.array([[1, 0, 1], [0, 0, 1]], bool)])
def test_its_own_pass_is_bitwise_that_of_keras(mask, unroll):
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    for cell in (layers.SimpleRNN, layers.GRU, layers.LSTM):
        layer = cell(5, unroll=unroll, return_state=True, return_sequences=True)
        layer.build(x.shape)
        expected = layer(x, mask=None if mask is None else keras.ops.array(mask))
        for ours, theirs in zip(proof_of(layer, x, mask).output, expected, strict=True):
            if TRACES_LOOP and mask is None:  # the compiled loop rounds otherwise
                assert_allclose(ours, theirs, atol=1e-7)
            else:
                assert_array_equal(ours, theirs)


def test_gates_come_from_keras_and_not_from_the_trace(model):
    proof, trace = proof_of(model, IDS)["lstm"], capture(model, IDS)["lstm"]
    for name, gate in trace.gates.items():
        assert np.abs(gate - proof.gates[name]).max() < 5e-7
        assert np.abs(trace.pre_activations[name] - proof.pre_activations[name]).max() < 5e-7


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda trace: list(trace.values()), "needs what seqviz.capture"),
        (lambda trace: Trace({"lstm": trace["lstm"]}), "has the layers \\['lstm'\\]"),
        (lambda trace: capture(build_model(ModelConfig(cell="GRU")), IDS), "'gru'"),
        (lambda trace: capture(build_model(ModelConfig(cell="LSTM", units=9)), IDS), "layers"),
        (
            lambda trace: {**trace, "dense": LayerTrace(1, 2)},
            "does not fit the model and inputs at dense",
        ),
        (
            lambda trace: {
                **trace,
                "lstm": replace(trace["lstm"], hidden_states=np.zeros((2, 3, 5))),
            },
            "lstm, hidden_states: it has shape \\(2, 3, 5\\), Keras has shape \\(2, 3, 4\\)",
        ),
    ],
)
def test_what_is_no_trace_of_this_model_is_refused(model, spoil, says):
    trace = spoil(capture(model, IDS))
    for at_once in (False, True):
        with pytest.raises(SeqvizError, match=says):
            verify(model, IDS, trace, at_once=at_once)


def test_other_inputs_are_refused_by_shape_and_shown_by_value(model):
    trace = capture(model, IDS)
    for at_once in (False, True):
        with pytest.raises(SeqvizError, match="does not fit the model and inputs"):
            verify(model, IDS[:, :2], trace, at_once=at_once)
        assert verify(model, IDS + 1, trace, at_once=at_once) >= 1


def test_mask_and_initial_state_belong_to_it():
    x = np.ones((2, 3, 4), "float32")
    layer = layers.GRU(5)
    call = {"mask": np.array([[1, 1, 0], [0, 1, 1]], bool), "initial_state": np.ones((2, 5))}
    trace = capture(layer, x, **call)
    assert verify(layer, x, trace, **call) < 5e-7
    assert verify(layer, x, trace, mask=call["mask"]) > 0.5
    with pytest.raises(SeqvizError, match="mask"):
        verify(layer, x, trace, initial_state=call["initial_state"])


def test_differences_are_taken_in_double_precision():
    largest = np.finfo(np.float32).max
    assert _difference(np.array([largest]), np.array([-largest])) == 2.0 * float(largest)
    assert _difference(np.array([np.inf, np.nan]), np.array([np.inf, np.nan])) == 0
    assert _difference(np.array([np.nan]), np.array([0.0])) == np.inf
