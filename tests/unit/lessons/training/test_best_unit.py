"""The unit that tells classes apart: by hand, and on others than it was chosen by."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from seqviz.lessons.training.best_unit import find_best_unit

CLASSES = np.array([0, 0, 1, 1])


def test_the_unit_that_splits_the_classes_is_found_with_the_line_between_them():
    states = np.array([[0.3, 0.1], [-0.2, 0.2], [0.1, 0.6], [0.2, 0.8]])
    best = find_best_unit(states, CLASSES, states, CLASSES, 2)
    assert (best.unit, best.target, best.above, best.right) == (1, 1, True, 1.0)
    assert best.threshold == pytest.approx(0.4)


def test_a_class_may_stand_below_the_line():
    states = np.array([[0.9], [0.8], [-0.5], [-0.7]])
    best = find_best_unit(states, CLASSES, states, CLASSES, 2)
    assert (best.above, best.right) == (False, 1.0)


def test_it_is_judged_on_the_states_that_are_held_out():
    states = np.array([[0.0], [0.1], [0.9], [1.0]])
    others = np.array([[0.0], [0.9], [0.95], [0.2]])
    best = find_best_unit(states, CLASSES, others, CLASSES, 2)
    assert best.right == 0.5  # one of two right in either class


def test_each_class_counts_the_same_however_rare():
    states = np.array([[0.0]] * 98 + [[1.0]] * 2)
    classes = np.array([0] * 98 + [1] * 2)
    held_out, others = np.array([[0.0]] * 99 + [[0.1]]), np.array([0] * 99 + [1])
    assert find_best_unit(states, classes, held_out, others, 2).right == 0.5


def test_a_training_that_exploded_and_a_single_class_have_none():
    states = np.array([[0.0], [0.1], [np.nan], [1.0]])
    assert find_best_unit(states, CLASSES, states, CLASSES, 2) is None
    one = np.zeros(4, int)
    numbers = np.nan_to_num(states)
    assert find_best_unit(numbers, one, numbers, one, 2) is None


@settings(max_examples=60, deadline=None)
@given(
    states=arrays(np.float32, (12, 3), elements=st.floats(-1, 1, width=16)),
    classes=arrays(np.int64, 12, elements=st.integers(0, 2)),
)
def test_no_other_line_sorts_the_learned_states_better(states, classes):
    best = find_best_unit(states, classes, states, classes, 3)
    shares = [0.5]
    for target in range(3):
        true = classes == target
        if not 0 < true.sum() < 12:
            continue
        for unit in range(3):
            for line in states[:, unit]:
                said = states[:, unit] > line
                share = (said[true].mean() + (~said[~true]).mean()) / 2
                shares += [share, 1 - share]
    assert (best is None) == (len(shares) == 1)
    if best is not None:
        assert best.right == pytest.approx(max(shares))
