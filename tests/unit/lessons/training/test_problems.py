"""What is taken for a fault of a training, and what is not."""

import numpy as np
import pytest

from seqviz.lessons.training.problems import find_problems

GOOD = {"loss": np.array([0.7, 0.5, 0.3, 0.2]), "val_loss": np.array([0.7, 0.55, 0.4, 0.38])}


def names(history, **options):
    return [problem.name for problem in find_problems(history, **options)]


def test_a_training_that_goes_well_has_none():
    assert names(GOOD, confusion=np.array([[5, 1], [0, 6]]), classes=("a", "b")) == []
    assert names({}) == []


@pytest.mark.parametrize(
    ("loss", "held_out", "name"),
    [
        ([0.7, 0.5, np.nan], [0.7, 0.6, np.nan], "nan"),
        ([0.7, np.inf], [0.7, 0.6], "nan"),
        ([0.7, 0.5, 2.5, 0.8], [0.7] * 4, "exploded"),
        ([0.7, 0.5, 0.3, 0.1], [0.7, 0.5, 0.55, 0.7], "overfitting"),
        ([0.7, 0.699, 0.698, 0.697], [0.7] * 4, "slow"),
    ],
)
def test_each_fault_is_recognised_by_its_losses(loss, held_out, name):
    history = {"loss": np.array(loss), "val_loss": np.array(held_out)}
    (found,) = find_problems(history)
    assert found.name == name
    assert "**" in found.control


@pytest.mark.parametrize(
    ("loss", "held_out"),
    [
        ([0.7, 0.5, 1.4, 0.4], [0.7] * 4),  # less than three times the least
        ([0.7, 0.1, 0.5, 0.1], [0.7] * 4),  # five times the least, but below the first
        ([0.7, 0.5, 0.3, 0.1], [0.7, 0.5, 0.51, 0.55]),  # a little above the least
        ([0.7, 0.5, 0.6, 0.65], [0.7, 0.5, 0.6, 0.7]),  # both go up
        ([0.7, 0.66], [0.7, 0.66]),  # went down by more than a twentieth
    ],
)
def test_what_is_near_a_fault_is_none(loss, held_out):
    assert names({"loss": np.array(loss), "val_loss": np.array(held_out)}) == []


def test_a_loss_above_that_of_guessing_went_too_far():
    history = {"loss": np.array([6.0, 5.0, 4.0, 3.5])}
    assert names(history, classes=("a", "b", "c", "d")) == ["too far"]
    near = {"loss": np.array([2.0, 1.7, 1.6, 1.5])}
    assert names(near, classes=("a", "b", "c", "d")) == []


def test_a_class_that_is_never_answered_is_named_unless_it_is_rare():
    confusion = np.array([[9, 1, 0], [2, 8, 0], [4, 6, 0]])
    (found,) = find_problems(GOOD, confusion=confusion, classes=("a", "b", "c"))
    assert found.name == "never"
    assert "**c** is never answered, though it is right for 10 of the 30" in found.said
    rare = np.array([[99, 1, 0], [2, 98, 0], [1, 0, 0]])
    assert names(GOOD, confusion=rare, classes=("a", "b", "c")) == []


def test_lengths_of_gradients_are_told_where_they_were_measured():
    history = {"loss": np.array([0.7, np.nan])}
    (found,) = find_problems(history, norms={0: 0.5, 1: 80.0, 2: np.nan})
    assert "was 0.5 before training, and no number after 2 epochs" in found.said
