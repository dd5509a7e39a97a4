"""Every number of a written-out sum is the trace's own, and the trace is Keras's."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import ModelConfig, SeqvizError
from seqviz.lessons.cell.compute import compute_activation, compute_terms, compute_unit_history
from seqviz.lessons.cell.explain import explain
from seqviz.lessons.cell.words import cell_captions, explanation_table, formulas, stages
from seqviz.readout.numbers import in_formula
from tests.unit.samples import recurrent

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=12)
RANDOM = {
    "kernel_initializer": keras.initializers.RandomNormal(0.0, 0.5, seed=1),
    "recurrent_initializer": keras.initializers.RandomNormal(0.0, 0.5, seed=2),
    "bias_initializer": keras.initializers.RandomNormal(0.0, 0.5, seed=3),
}
LAYERS = [
    ("SimpleRNN", {}),
    ("SimpleRNN", {"activation": "relu", "use_bias": False}),
    ("SimpleRNN", {"go_backwards": True}),
    ("GRU", {}),
    ("GRU", {"reset_after": False}),
    ("GRU", {"use_bias": False}),
    ("GRU", {"use_bias": False, "reset_after": False}),
    ("GRU", {"activation": "relu", "recurrent_activation": "hard_sigmoid", "go_backwards": True}),
    ("LSTM", {}),
    ("LSTM", {"unit_forget_bias": False, "go_backwards": True}),
    ("LSTM", {"use_bias": False, "recurrent_activation": "hard_sigmoid"}),
    ("LSTM", {"activation": "softsign"}),
    ("LSTM", {"activation": "softmax"}),
    ("LSTM", {"activation": "linear"}),
]
INPUTS = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32)
MASK = np.array([[True, True, False, True], [False, True, True, False]])


def label(value):
    return value if isinstance(value, str) else " ".join(f"{k}={v}" for k, v in value.items())


def trace_of(kind, arguments, mask=None, units=4):
    layer = getattr(keras.layers, kind)(units, name="layer", **{**RANDOM, **arguments})
    trace = seqviz.capture(layer, INPUTS, mask=mask)
    assert seqviz.verify(layer, INPUTS, trace, mask=mask) < 1e-6
    return trace["layer"]


def close(a, b, whole):
    """Within what float32 loses when the same terms are added up in another order."""
    scale = np.abs(whole.products).sum() + 1
    return abs(a - b) <= len(whole.products) * np.finfo(np.float32).eps * scale


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("kind", "arguments"), LAYERS, ids=label)
def test_every_number_is_the_traces_own(kind, arguments, masked):
    trace = trace_of(kind, arguments, MASK if masked else None)
    activation = keras.activations.get(arguments.get("activation", "tanh"))
    recurrent_activation = keras.activations.get(arguments.get("recurrent_activation", "sigmoid"))
    for sample, step, unit in [(0, 0, 0), (0, 2, 3), (1, 1, 2), (1, 3, 1)]:
        e = explain(trace, step=step, unit=unit, sample=sample)
        assert e.timestep == trace.timesteps[step]
        np.testing.assert_array_equal(e.inputs, INPUTS[sample, e.timestep])
        before = [trace.hidden_states[sample, step - 1] if step else trace.initial_state[0][sample]]
        np.testing.assert_array_equal(e.state, before[0])
        assert e.skipped == (masked and not MASK[sample, e.timestep])
        for name, whole in e.sums.items():
            # The factors and the weights are what they say they are.
            for term in whole.terms():
                assert term.product == np.float32(term.factor) * np.float32(term.value)
                if term.weight != "memory":
                    assert term.value == trace.weights[term.weight][term.place]
            assert whole.totals[-1] == np.cumsum(whole.products)[-1]
            assert close(whole.totals[-1], whole.pre_activation, whole)
            if name == "memory":
                continue
            assert whole.pre_activation == trace.pre_activations[name][sample, step, unit]
            if name != "hidden":
                assert whole.value == trace.gates[name][sample, step, unit]
            function = activation if name in ("candidate", "hidden") else recurrent_activation
            given_ = trace.pre_activations[name][sample, step][None]
            expected = np.asarray(function(keras.ops.convert_to_tensor(given_)))[0, unit]
            assert whole.value == pytest.approx(expected, rel=1e-5, abs=1e-6)
        for update in e.updates:
            if update.products:
                total = sum(product.product for product in update.products)
                assert update.value == pytest.approx(total, rel=1e-5, abs=1e-6)
        # The last update is the new state, unless the mask has it dropped.
        old, new = e.hidden
        assert new == trace.hidden_states[sample, step, unit]
        if e.skipped:
            assert new == old
        else:
            assert new == pytest.approx(e.updates[-1].value, rel=1e-5, abs=1e-6)
        if kind == "LSTM":
            assert e.cell_state[1] == trace.cell_states[sample, step, unit]
            if not e.skipped:
                assert e.cell_state[1] == pytest.approx(e.updates[0].value, rel=1e-5, abs=1e-6)


def test_a_sum_worked_out_by_hand():
    layer = keras.layers.SimpleRNN(2, activation="linear", name="layer")
    layer.build((None, None, 2))
    layer.set_weights(
        [np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8]]), np.array([0.5, 0.25])]
    )
    trace = seqviz.capture(layer, np.array([[[1.0, 0.0], [2.0, 3.0]]], np.float32))["layer"]
    e = explain(trace, step=1, unit=1)
    # h after step 1 is (1.5, 2.25); so 2·2 + 3·4 + 1.5·6 + 2.25·8 + 0.25.
    names = ["x[0] · W[0, 1]", "x[1] · W[1, 1]", "h[0] · U[0, 1]", "h[1] · U[1, 1]", "b[1]"]
    whole = e.sums["hidden"]
    assert [term.name for term in whole.terms()] == names
    assert whole.products.tolist() == [4, 12, 9, 18, 0.25]
    assert whole.totals.tolist() == [4, 16, 25, 43, 43.25]
    assert (whole.pre_activation, whole.value, e.hidden) == (43.25, 43.25, (2.25, 43.25))
    assert whole.share("kernel") == 16
    (line,) = formulas(e)
    assert line.latex == "h_t = x_t W + h_{t-1} U + b"
    assert line.numbers.startswith("2.0000·2.0000 + 3.0000·4.0000 + 1.5000·6.0000")


def test_gru_in_its_two_forms():
    before = explain(trace_of("GRU", {"reset_after": False}), step=1, unit=2)
    after = explain(trace_of("GRU", {"reset_after": True}), step=1, unit=2)
    assert (before.reset_after, after.reset_after) == (False, True)
    # Before the product: every unit's own reset gate times its h, then one bias.
    candidate = before.sums["candidate"]
    assert [s for s in candidate.sources if "r" in s] == [f"r[{j}]·h[{j}]" for j in range(4)]
    assert candidate.places[-1] == (2 * 4 + 2,)
    # After it: this unit's reset gate times a sum that has a bias of its own.
    candidate, memory = after.sums["candidate"], after.sums["memory"]
    assert candidate.sources[-1] == "r"
    assert candidate.values[-1] == np.float32(memory.value)
    assert candidate.places[-2] == (0, 10)
    assert memory.places[-1] == (1, 10)
    assert after.sums["update"].weights.count("bias") == 2
    assert before.sums["update"].weights.count("bias") == 1


@pytest.mark.parametrize("reset_after", [False, True])
def test_the_form_of_a_gru_is_told_from_its_numbers_alone(reset_after):
    from dataclasses import replace

    for use_bias in (False, True):
        arguments = {"reset_after": reset_after, "use_bias": use_bias}
        trace = replace(trace_of("GRU", arguments), reset_after=None)
        assert explain(trace, step=2, unit=0).reset_after is reset_after


def test_a_function_of_ones_own():
    def twice(x):
        return 2 * keras.ops.tanh(x)

    trace = trace_of("LSTM", {"activation": twice})
    e = explain(trace, step=2, unit=1)
    c = e.cell_state[1]
    assert e.activation == "twice"
    assert e.activated == pytest.approx(2 * np.tanh(c), rel=1e-4)
    assert e.updates[-1].value == pytest.approx(e.hidden[1], rel=1e-5)


def test_an_initial_state_is_read():
    layer = keras.layers.LSTM(4, name="layer", **RANDOM)
    state = [np.full((2, 4), 0.5, np.float32), np.full((2, 4), -2, np.float32)]
    trace = seqviz.capture(layer, INPUTS, initial_state=state)["layer"]
    e = explain(trace, step=0, unit=3, sample=1)
    assert e.hidden[0] == 0.5
    assert e.cell_state[0] == -2
    assert e.state.tolist() == [0.5] * 4


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"step": 4, "unit": 0}, "no step 4 .* holds 4"),
        ({"step": -1, "unit": 0}, "no step -1"),
        ({"step": 0, "unit": 4}, "no unit 4 .* holds 4"),
        ({"step": 0, "unit": 0, "sample": 2}, "no sample 2"),
    ],
)
def test_what_is_not_there_is_said(place, says):
    with pytest.raises(SeqvizError, match=f"{says}.*Hint: "):
        explain(trace_of("GRU", {}), **place)


def test_a_cell_with_arithmetic_of_its_own_is_refused():
    class LSTM(keras.layers.Layer):  # even under a name that we know
        def __init__(self):
            super().__init__(name="own")
            self.units = self.state_size = self.output_size = 3

        def call(self, inputs, states):
            return inputs, [inputs]

    trace = seqviz.capture(keras.layers.RNN(LSTM(), name="rnn"), INPUTS)["rnn"]
    with pytest.raises(SeqvizError, match=r"its arithmetic is its own\. Hint: "):
        explain(trace, step=0, unit=0)
    with pytest.raises(SeqvizError, match="cannot be written out"):
        explain(recurrent(cell="GRU"), step=0, unit=0)


@STEADY
@given(st.integers(1, 30), st.integers(1, 40), st.integers(1, 20))
def test_folding_loses_nothing(features, units, most):
    random = np.random.default_rng(features * 41 + units)
    layer = keras.layers.SimpleRNN(units, name="layer")
    trace = seqviz.capture(layer, random.normal(size=(1, 2, features)).astype(np.float32))["layer"]
    whole = explain(trace, step=1, unit=units - 1).sums["hidden"]
    terms = compute_terms(whole, most=most)
    count = features + units + 1
    assert len(terms.names) == min(count, most)
    assert terms.folded == (count - most + 1 if count > most else 0)
    assert close(terms.products.sum(), whole.pre_activation, whole)
    assert close(terms.starts[-1] + terms.products[-1], whole.pre_activation, whole)
    if terms.folded and most > 1:
        kept, every = np.abs(terms.products[:-1]), np.sort(np.abs(whole.products))
        assert kept.min() >= every[terms.folded - 1]


def simple_rnn_that_sums(value, activation):
    """What one unit makes of an input of `value`."""
    layer = keras.layers.SimpleRNN(1, activation=activation, name="layer")
    layer.build((None, None, 1))
    layer.set_weights([np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1)])
    trace = seqviz.capture(layer, np.full((1, 1, 1), value, np.float32))["layer"]
    return explain(trace, step=0, unit=0).sums["hidden"]


@pytest.mark.parametrize(
    ("activation", "value", "at_3"),
    [("tanh", 2.0, 0.99505475), ("sigmoid", -2.0, 0.95257413), ("relu", -3.0, 3), ("linear", 1, 3)],
)
def test_an_activation_is_what_keras_applies_from_minus_3_to_3(activation, value, at_3):
    whole = simple_rnn_that_sums(value, activation)
    curve = compute_activation(whole, points=7)
    assert curve.sums.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert curve.values[-1] == pytest.approx(at_3)
    assert np.interp(value, curve.sums, curve.values) == pytest.approx(whole.value, abs=1e-6)
    np.testing.assert_allclose(
        curve.values, keras.activations.get(activation)(curve.sums.astype(np.float32)), rtol=1e-6
    )


def test_an_activation_reaches_as_far_as_its_sum():
    curve = compute_activation(simple_rnn_that_sums(-7.5, "tanh"))
    assert (curve.sums[0], curve.sums[-1]) == (-7.5, 7.5)


def test_of_an_activation_that_is_not_known_and_of_infinity_there_is_none():
    assert compute_activation(simple_rnn_that_sums(1.0, "softsign")) is None
    assert compute_activation(simple_rnn_that_sums(np.inf, "relu")) is None


def test_folding_to_nothing_is_refused():
    whole = explain(trace_of("GRU", {}), step=0, unit=0).sums["update"]
    with pytest.raises(SeqvizError, match="at least one row"):
        compute_terms(whole, most=0)


@pytest.mark.parametrize(("kind", "arguments"), LAYERS, ids=label)
def test_words_and_tables_have_every_number(kind, arguments):
    e = explain(trace_of(kind, arguments, MASK), step=1, unit=1, sample=1)
    captions = cell_captions(e)
    assert len(captions) == len(stages(e)) + 1
    new = e.updates[-1].value
    assert in_formula(new) in captions[-1]
    lines = {line.stage: line for line in formulas(e)}
    assert set(lines) >= set(e.sums)
    for name, whole in e.sums.items():
        assert lines[name].value == whole.value
        if name != "memory" and whole.activation != "linear":
            assert f"({in_formula(whole.pre_activation)})" in lines[name].numbers
    table = explanation_table(e)
    terms = sum(len(whole.products) for whole in e.sums.values())
    assert sum("·" in str(t) or str(t).startswith("b[") for t in table["term"]) == terms + sum(
        len(update.products) for update in e.updates
    )
    assert len({len(column) for column in table.values()}) == 1


def test_skipped_steps_say_so():
    trace = trace_of("LSTM", {}, MASK)
    e = explain(trace, step=2, unit=0)
    assert e.skipped
    assert "carried over" in cell_captions(e)[-1]
    assert explanation_table(e)["sum so far"][-1] == e.hidden[0]
    assert "carried over" not in cell_captions(explain(trace, step=3, unit=0))[-1]


def test_one_unit_over_time():
    trace = trace_of("LSTM", {"go_backwards": True}, MASK)
    history = compute_unit_history(trace, unit=2, sample=1)
    assert list(history.series) == ["input", "forget", "candidate", "output", "c", "h"]
    np.testing.assert_array_equal(history.series["h"], trace.hidden_states[1, :, 2])
    np.testing.assert_array_equal(history.series["c"], trace.cell_states[1, :, 2])
    np.testing.assert_array_equal(history.series["forget"], trace.gates["forget"][1, :, 2])
    assert history.timesteps.tolist() == [3, 2, 1, 0]
    assert history.skipped.tolist() == [True, False, False, True]
    with pytest.raises(SeqvizError, match="no unit 9"):
        compute_unit_history(trace, unit=9)


# The arguments that the page offers, down to the weights.


def test_arguments_reach_the_layer_and_unused_ones_harm_nothing():
    arguments = {
        "recurrent_activation": "hard_sigmoid",
        "use_bias": False,
        "unit_forget_bias": False,
        "reset_after": False,
        "kernel_initializer": "ones",
        "recurrent_initializer": "zeros",
    }
    for cell in ("SimpleRNN", "GRU", "LSTM"):
        layer = seqviz.build_model(ModelConfig(cell=cell, **arguments)).layers[2]
        assert not layer.cell.use_bias
        assert np.asarray(layer.cell.kernel).min() == 1
        assert not np.asarray(layer.cell.recurrent_kernel).any()
        if cell != "SimpleRNN":
            assert layer.cell.recurrent_activation is keras.activations.hard_sigmoid
        if cell == "GRU":
            assert layer.cell.reset_after is False


@pytest.mark.parametrize(
    "field", ["recurrent_activation", "kernel_initializer", "recurrent_initializer"]
)
def test_names_that_keras_does_not_know_are_named(field):
    with pytest.raises(SeqvizError, match=f"^{field} is 'nope'"):
        seqviz.build_model(ModelConfig(cell="LSTM", **{field: "nope"}))
    with pytest.raises(SeqvizError, match=f"^{field} is 3, but it must be"):
        ModelConfig(**{field: 3})


@pytest.mark.parametrize("field", ["use_bias", "unit_forget_bias", "reset_after"])
def test_flags_must_be_flags(field):
    with pytest.raises(SeqvizError, match=f"^{field} is 1, but it must be True or False"):
        ModelConfig(**{field: 1})


@pytest.mark.parametrize(
    "arguments",
    [
        {"cell": "GRU", "reset_after": False, "recurrent_activation": "hard_sigmoid"},
        {"cell": "LSTM", "unit_forget_bias": False, "kernel_initializer": "orthogonal"},
        {"cell": "SimpleRNN", "use_bias": False, "recurrent_initializer": "identity"},
        {"cell": "GRU", "use_bias": False, "kernel_initializer": "ones"},
    ],
    ids=label,
)
def test_the_code_to_take_home_has_these_arguments(arguments):
    from seqviz.models.keras_code import model_code

    model = seqviz.build_model(ModelConfig(**arguments))
    left = {}
    exec(model_code(model, [2, 3], ["a", "b"]), left)
    np.testing.assert_array_equal(left["output"], model(np.array([[2, 3]])))
    for ours, theirs in zip(model.get_weights(), left["model"].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
