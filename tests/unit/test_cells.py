"""The arithmetic of one timestep, against numbers worked out by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import cells

# Three numbers that every expectation below is written with.
SIGMOID_1, SIGMOID_2, TANH_1 = 0.7310585786300049, 0.8807970779778823, 0.7615941559557649


def column(*values):
    return np.array(values, dtype="float64")[None, :]


def stepped(step, x, states, recurrent_kernel, *, blocks=None, **options):
    """The next states, the sums and the gates, of one sample with its blocks side by side."""
    units = states[0].shape[1]

    def times(kernel):
        return lambda h: np.stack(np.split(h @ kernel, kernel.shape[1] // units, axis=1))

    sums = np.stack(np.split(x, x.shape[1] // units, axis=1))
    gates = None if step is cells.simple_rnn_step else np.full_like(sums, np.nan)
    after = tuple(np.full_like(state, np.nan) for state in states)
    before = tuple(state.copy() for state in states)
    if blocks is not None:
        options["recurrent_candidate"] = times(recurrent_kernel[:, blocks * units :])
        recurrent_kernel = recurrent_kernel[:, : blocks * units]
    step(sums, gates, states, after, times(recurrent_kernel), **options)
    assert_array_equal(states, before)  # they may be records of the step before
    return after, np.concatenate(sums, -1), None if gates is None else np.concatenate(gates, -1)


TANH = {"activation": np.tanh}
GATED = {**TANH, "recurrent_activation": cells.sigmoid}


@pytest.mark.parametrize(
    ("bias", "expected"), [(None, [[1, 2, 4], [3, 4, 10]]), (np.ones(3), [[2, 3, 5], [4, 5, 11]])]
)
def test_project_adds_the_bias_to_every_row(bias, expected):
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    kernel = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
    sums = np.full((1, 2, 3), np.nan)
    bias = None if bias is None else bias.reshape(1, 1, 3)
    cells.project(rows, lambda x, out: np.matmul(x, kernel, out=out[0]), bias, sums)
    assert_allclose(sums, [expected])


def test_simple_rnn_reads_the_state_through_the_recurrent_kernel():
    recurrent_kernel = np.array([[0.0, 1.0], [2.0, 0.0]])
    states, sums, gates = stepped(
        cells.simple_rnn_step, column(0.5, 0.0), (column(1.0, 0.25),), recurrent_kernel, **TANH
    )
    assert_allclose(sums, [[1.0, 1.0]])  # 0.5 + 2 * 0.25 and 0 + 1 * 1
    assert_allclose(states[0], [[TANH_1, TANH_1]])
    assert gates is None


@pytest.mark.parametrize(
    ("reset_after", "recurrent_bias", "candidate_sum"),
    [
        # h U = 2 * 0.5 = 1, and the reset gate is σ(2) wherever it acts.
        (True, None, 1 + SIGMOID_2 * 1),
        (True, np.array([0.0, 0.0, 3.0]).reshape(3, 1, 1), 1 + SIGMOID_2 * (1 + 3)),
        (False, None, 1 + SIGMOID_2 * 0.5 * 2),
    ],
)
def test_gru_resets_before_or_after_the_product(reset_after, recurrent_bias, candidate_sum):
    states, sums, gates = stepped(
        cells.gru_step,
        column(0.0, 1.0, 1.0),
        (column(0.5),),
        np.array([[2.0, 2.0, 2.0]]),
        blocks=None if reset_after else 2,
        recurrent_bias=recurrent_bias,
        **GATED,
    )
    assert_allclose(sums, [[1.0, 2.0, candidate_sum]])
    update, candidate = SIGMOID_1, np.tanh(candidate_sum)
    assert_allclose(gates, [[update, SIGMOID_2, candidate]])
    assert_allclose(states[0], [[update * 0.5 + (1 - update) * candidate]])


def test_gru_with_reset_matrix_shows_where_the_reset_acts():
    # Two units that read each other: before the product the reset scales h, after it the sum.
    recurrent_kernel = np.zeros((2, 6))
    recurrent_kernel[:, 4:] = [[0.0, 1.0], [1.0, 0.0]]
    x = column(0, 0, 30, -30, 0, 0)  # reset gates 1 and 0
    for blocks, expected in ((None, [[0.4, 0.0]]), (2, [[0.0, 0.8]])):
        _, sums, _ = stepped(
            cells.gru_step, x, (column(0.8, 0.4),), recurrent_kernel, blocks=blocks, **GATED
        )
        assert_allclose(sums[:, 4:], expected, atol=1e-12)


def test_lstm_blocks_are_input_forget_candidate_output():
    states, sums, gates = stepped(
        cells.lstm_step,
        column(0.0, 1.0, 0.0, 1.0),
        (column(1.0), column(2.0)),
        np.array([[1.0, 0.0, 1.0, 1.0]]),
        **GATED,
    )
    assert_allclose(sums, [[1.0, 1.0, 1.0, 2.0]])
    assert_allclose(gates, [[SIGMOID_1, SIGMOID_1, TANH_1, SIGMOID_2]])
    h, c = states
    assert_allclose(c, [[SIGMOID_1 * 2 + SIGMOID_1 * TANH_1]])
    assert_allclose(h, SIGMOID_2 * np.tanh(c))


def test_linear_gates_are_not_the_sums_themselves():
    # With activation=None gates equal their sums, yet the candidate must not overwrite them.
    _, sums, gates = stepped(
        cells.lstm_step,
        column(1.0, 1.0, 1.0, 1.0),
        (column(0.0), column(0.0)),
        np.zeros((1, 4)),
        activation=np.tanh,
        recurrent_activation=cells.linear,
    )
    assert_allclose(sums, [[1, 1, 1, 1]])
    assert_allclose(gates, [[1, 1, TANH_1, 1]])


# Half precision is not stepped through here, but explained.
@pytest.mark.parametrize(("kind", "within"), [("float16", 1e-3), ("float32", 1e-6)])
def test_sigmoid_is_stable_and_stays_in_its_precision(kind, within):
    z = np.array([-1000, -30, 0, 1, 2, 1000], dtype=kind)
    with np.errstate(over="ignore"):
        values = cells.sigmoid(z)
    assert values.dtype == kind
    expected = [0, 9.357623e-14, 0.5, SIGMOID_1, SIGMOID_2, 1]
    assert_allclose(values, expected, rtol=within, atol=np.finfo(kind).tiny)


def test_what_is_not_tanh_or_sigmoid():
    assert_allclose(cells.relu(np.array([-2.0, 0.0, 3.0])), [0, 0, 3])
    z = np.array([-1.0, 2.0])
    assert cells.linear(z) is z


@pytest.mark.parametrize("name", cells.ACTIVATIONS)
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_an_activation_writes_what_it_would_return(name, kind):
    z = np.array([[-3.0, -0.5], [0.0, 2.0]], dtype=kind)
    before, out = z.copy(), np.full_like(z, np.nan)
    function = cells.ACTIVATIONS[name]
    assert function(z, out) is out
    assert_array_equal(out, function(z))
    assert_array_equal(z, before)
    assert function(z).dtype == kind
