"""Where words are written: each as near as it may be, none on another, none outside."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz.lessons.meaning import label_places
from seqviz.lessons.meaning.label_places import WIDTHS, place_labels

TALL = 380.0


def place(share, widths):
    """Not remembered."""
    share = np.ascontiguousarray(share, np.float64)
    return place_labels.__wrapped__(share.tobytes(), share.shape, tuple(widths), TALL)


def boxes(share, widths, places, moment, wide):
    """Left, right and middle of each label, in pixels."""
    x, y = (share[moment] * (wide, TALL)).T
    away, left = places.away[moment], places.left[moment]
    x0 = np.where(left, x - away - widths, x + away)
    return x0, x0 + widths, y + places.offsets[moment]


def test_alone_a_word_stands_right_beside_its_point():
    places = place([[[0.2, 0.5]]], [40.0])
    assert (places.offsets.item(), places.left.item(), places.away.item()) == (0, False, 7)


def test_at_the_right_edge_it_stands_on_the_left():
    assert place([[[0.95, 0.5]]], [60.0]).left.item()


@pytest.mark.parametrize("wide", WIDTHS)
@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_no_word_is_on_another_or_outside(wide, seed):
    dice = np.random.default_rng(seed)
    share, widths = 0.1 + 0.8 * dice.random((3, 12, 2)), dice.uniform(20, 60, 12)
    places = place(share, widths)
    for moment in range(3):
        x0, x1, middle = boxes(share, widths, places, moment, wide)
        assert (x0 >= 0).all()
        assert (x1 <= wide).all()
        assert ((middle > 0) & (middle < TALL)).all()
        for i in range(12):
            for j in range(i):
                apart = x1[i] <= x0[j] or x1[j] <= x0[i] or abs(middle[i] - middle[j]) >= 13
                assert apart, (moment, i, j)


def test_a_word_gives_way_to_the_trail_of_its_point():
    # The second point came from the right, where its word would stand.
    share = [[[0.5, 0.5]], [[0.2, 0.5]]]
    places = place(share, [40.0])
    assert (places.offsets[1] != 0).any() or places.left[1].any()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_to_look_at_near_places_first_finds_the_same(seed):
    dice = np.random.default_rng(seed)
    share, widths = dice.random((2, 25, 2)) ** 2, dice.uniform(20, 70, 25)
    few = place(share, widths)
    first, label_places._FIRST = label_places._FIRST, ()
    try:
        every = place(share, widths)
    finally:
        label_places._FIRST = first
    for some, all_ in zip(few, every, strict=True):
        np.testing.assert_array_equal(some, all_)
