"""Which rows of the matrix the picture of a lookup draws, and what one sample of it holds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.lessons.embedding.compute import MAX_ROWS, compute_embedding_lookup
from seqviz.models.build import build_embedding
from seqviz.readout.rows import rows_to_draw
from seqviz.trace import EmbeddingTrace

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True)


def trace_of(ids, size=6, features=3, mask=None):
    ids = np.array(ids)
    weights = np.arange(size * features, dtype=np.float32).reshape(size, features)
    vectors = weights[ids] if ids.size and ids.ndim == 2 else np.zeros((*ids.shape, features))
    return EmbeddingTrace(ids=ids, weights=weights, vectors=vectors, mask=mask)


@pytest.mark.parametrize(
    ("ids", "size", "max_rows", "rows"),
    [
        pytest.param([2, 3], 6, 16, [0, 1, 2, 3, 4, 5], id="all fit"),
        pytest.param([0], 1, 16, [0], id="one row"),
        pytest.param([], 2, 16, [0, 1], id="no ids"),
        pytest.param([4], 100, 1, [0, -3, 4, -94, 99], id="no room: folds only"),
        pytest.param([4], 100, 8, [0, 1, 2, 3, 4, 5, -93, 99], id="the shorter gap is opened"),
        pytest.param([2], 5, 1, [0, 1, 2, 3, 4], id="single rows are never folded"),
        pytest.param([2, 2, 2], 9, 5, [0, 1, 2, -5, 8], id="used more than once"),
        pytest.param([9, 5, 7], 10, 1, [0, -4, 5, 6, 7, 8, 9], id="order of rows, not of ids"),
        pytest.param([50], 10_000, 6, [0, 1, -48, 50, -9948, 9999], id="room opens a gap's start"),
    ],
)
def test_rows(ids, size, max_rows, rows):
    assert rows_to_draw(np.array(ids, int), size, max_rows).tolist() == rows


@st.composite
def cases(draw):
    size = draw(st.integers(1, 400))
    ids = draw(st.lists(st.integers(0, size - 1), max_size=30))
    return np.array(ids, int), size, draw(st.integers(-2, 60))


def needed(ids, size):
    """Lines that cannot be saved: used rows, both ends, rows alone between them, and folds."""
    kept = sorted({0, size - 1, *ids.tolist()})
    return len(kept) + sum(b - a > 1 for a, b in pairwise(kept))


@STEADY
@given(cases())
def test_rows_hold_for_any_matrix(case):
    ids, size, max_rows = case
    rows = rows_to_draw(ids, size, max_rows).tolist()
    drawn = [row for row in rows if row >= 0]

    # Rows and folds, read from the top down, count 0 … size - 1 without a gap.
    covered = 0
    for row in rows:
        if row >= 0:
            assert row == covered
        covered += 1 if row >= 0 else -row
    assert covered == size

    assert {0, size - 1, *ids.tolist()} <= set(drawn)
    assert all(row < -1 for row in rows if row < 0), "a fold of one row saves nothing"
    assert len(rows) <= max(max_rows, needed(ids, size))
    # As much is drawn as fits: nothing is folded where all rows have room.
    if size <= max_rows:
        assert drawn == list(range(size))


def test_one_sample_of_a_real_layer():
    layer = build_embedding(seqviz.ModelConfig(vocab_size=50, embedding_dim=3, mask_zero=True))
    ids = np.array([[2, 3, 4], [7, 49, 0]])
    trace = seqviz.capture(layer, ids)["embedding"]
    data = compute_embedding_lookup(trace, sample=1)
    np.testing.assert_array_equal(data.ids, ids[1])
    np.testing.assert_array_equal(data.weights, layer.embeddings.numpy())
    np.testing.assert_array_equal(data.vectors, layer(ids)[1])
    np.testing.assert_array_equal(data.vectors, data.weights[data.ids])
    assert data.has_mask
    assert data.kept.tolist() == [True, True, False]
    assert {7, 49, 0} <= set(data.rows.tolist())
    assert len(data.rows) <= MAX_ROWS


def test_id_minus_one_reads_the_last_row_as_in_keras():
    layer = build_embedding(seqviz.ModelConfig(vocab_size=40))
    ids = np.array([[-1, 3]])
    data = compute_embedding_lookup(seqviz.capture(layer, ids)["embedding"])
    np.testing.assert_array_equal(data.vectors, layer(ids)[0])
    assert data.ids.tolist() == [39, 3]
    np.testing.assert_array_equal(data.vectors, data.weights[data.ids])
    assert {39, 3} <= set(data.rows.tolist())


def test_without_a_mask_all_is_kept_even_id_0():
    data = compute_embedding_lookup(trace_of([[0, 1]]))
    assert not data.has_mask
    assert data.kept.tolist() == [True, True]


def test_mask_is_that_of_the_sample():
    mask = np.array([[True, True], [True, False]])
    trace = trace_of([[1, 2], [3, 0]], mask=mask)
    kept = [compute_embedding_lookup(trace, sample=i).kept.tolist() for i in (0, 1)]
    assert kept == mask.tolist()


def test_max_rows_reaches_the_choice():
    trace = trace_of([[9]], size=200)
    assert len(compute_embedding_lookup(trace).rows) == MAX_ROWS
    assert compute_embedding_lookup(trace, max_rows=1).rows.tolist() == [0, -8, 9, -189, 199]


@pytest.mark.parametrize(
    ("ids", "sample", "says"),
    [
        pytest.param([[1, 2]], 1, "no sample 1 .* holds 1", id="behind the last"),
        pytest.param([[1, 2]], -1, "no sample -1 .* holds 1", id="negative"),
        pytest.param([1, 2], 0, r"\(batch, timesteps\)", id="no batch axis"),
        pytest.param([[[1], [2]]], 0, r"\(batch, timesteps\)", id="one axis too many"),
        pytest.param(np.zeros((0, 3), int), 0, "no sample 0 .* holds 0", id="empty batch"),
    ],
)
def test_what_cannot_be_drawn_is_said(ids, sample, says):
    with pytest.raises(SeqvizError, match=f"{says}.*Hint: "):
        compute_embedding_lookup(trace_of(ids), sample=sample)
