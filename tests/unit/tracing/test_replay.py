"""What Keras makes of the states under a mask, by hand, on each backend."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from seqviz.tracing import replay

# h after each step: the first sample starts from 9, and skips steps 0 and 2, the second step 3.
HIDDEN = np.array([[9, 2, 2, 4], [5, 6, 7, 7]], "float32")[..., None]
MASK = np.array([[False, True, False, True], [True, True, True, False]])
STATES, OUTPUTS = [[9, 2, 2, 4], [5, 6, 7, 7]], [[0, 2, 2, 4], [5, 6, 7, 7]]
ZEROED, TURNED = [[0, 2, 0, 4], [5, 6, 7, 0]], [[0, 0, 2, 0], [0, 6, 7, 7]]


@pytest.mark.parametrize(
    ("repeats_state", "unroll", "zeroes", "backwards", "sequence", "last"),
    [
        # The last state is repeated, or zeros are written.
        (True, False, False, False, STATES, [4, 7]),
        (True, False, True, False, ZEROED, [4, 0]),
        (True, False, True, True, ZEROED, [4, 0]),
        # Unrolled, it is the last output, and no zeros.
        (True, True, False, False, OUTPUTS, [4, 7]),
        (True, True, True, False, OUTPUTS, [4, 7]),
        # On TensorFlow the last output in any case.
        (False, False, False, False, OUTPUTS, [4, 7]),
        (False, True, False, True, OUTPUTS, [4, 7]),
        (False, False, True, False, ZEROED, [4, 0]),
        (False, False, True, True, ZEROED, [4, 0]),
        (False, True, True, False, ZEROED, [4, 0]),
        (False, True, True, True, TURNED, [4, 0]),
    ],
)
def test_outputs_under_a_mask(
    repeats_state, unroll, zeroes, backwards, sequence, last, monkeypatch
):
    monkeypatch.setattr(replay, "REPEATS_STATE", repeats_state)
    layer = SimpleNamespace(unroll=unroll, zero_output_for_mask=zeroes, go_backwards=backwards)
    got, got_last = replay.outputs_of(layer, HIDDEN, MASK)
    assert_array_equal(got[..., 0], sequence)
    assert_array_equal(got_last[..., 0], last)
    assert got.dtype == got_last.dtype == np.float32


def test_without_a_mask_outputs_are_states():
    got, last = replay.outputs_of(SimpleNamespace(), HIDDEN, None)
    assert got is HIDDEN
    assert_array_equal(last[..., 0], [4, 7])
    assert not np.shares_memory(last, HIDDEN)
