"""Where the word beside each curve stands."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from seqviz.lessons.compare.words_on_curves import Spot, find_spot

PIXELS, BOUNDS = 30.0, (-3.0, 2.0)


def spot_of(curve, letters=4, others=(), spots=()):
    return find_spot(
        [np.asarray(curve, float)],
        ["x" * letters],
        others=others,
        spots=spots,
        pixels=PIXELS,
        bounds=BOUNDS,
    )


def test_it_leaves_the_last_of_many_columns_to_the_frame_at_the_end():
    # Only at the end is there room over the curve: all others are right above it and right below.
    curve, near = np.zeros(30), np.full(30, 0.6)
    near[25:] = 2.0
    spot = spot_of(curve, 4, others=[near, -near])
    assert spot.step + spot.half <= 28.5
    near = np.array([0.6] * 7 + [2.0])
    few = spot_of(curve[:8], 3, others=[near, -near])
    assert few.step == 7


def test_by_itself_it_stands_over_the_middle_of_its_curve():
    spot = spot_of(np.zeros(21))
    assert (spot.step, spot.height) == (10, pytest.approx(13 / PIXELS))
    assert spot.free > 0


def test_under_it_where_another_curve_is_right_above():
    spot = spot_of(np.zeros(21), others=[np.full(21, 0.5)])
    assert spot.height < 0 < spot.free


def test_aside_where_another_curve_crosses_the_middle():
    crossing = np.linspace(-3, 3, 21)
    spot = spot_of(np.zeros(21), others=[crossing])
    assert spot.step != 10
    assert spot.free > 0


def test_a_curve_that_falls_steeply_goes_through_no_word_beside_it():
    falling = np.maximum(-np.arange(50) / 3, -11.0)
    falling[33:] = -15.0
    spot = find_spot([falling], ["GRU: gone"], others=[], spots=[], pixels=14, bounds=(-15.2, 0.2))
    under = falling[int(spot.step - spot.half) : int(spot.step + spot.half) + 2]
    assert (under > spot.height).all() or (under < spot.height).all()


def test_never_nearer_to_another_curve_than_to_its_own():
    falling = np.linspace(0, -3, 21)
    spot = spot_of(falling, others=[np.zeros(21), falling / 2])
    at = spot.step
    assert abs(spot.height - falling[at]) < abs(spot.height - falling[at] / 2) < abs(spot.height)


def test_two_words_of_one_curve_do_not_meet():
    first = spot_of(np.zeros(21), 8)
    second = spot_of(np.zeros(21), 8, spots=[first])
    assert second.free > 0
    apart = abs(second.step - first.step) >= first.half + second.half
    assert apart or abs(second.height - first.height) * PIXELS >= 15


def test_where_there_is_no_room_it_is_said_how_much_is_covered():
    assert spot_of(np.zeros(3), others=[np.full(3, d) for d in np.linspace(-1, 1, 41)]).free < 0


def test_it_stays_within_the_axis():
    assert spot_of(np.full(9, 1.9)).height < 1.9
    assert spot_of(np.full(9, -2.9)).height > -2.9


@given(
    st.lists(st.floats(-3, 2), min_size=1, max_size=100),
    st.integers(1, 30),
)
def test_there_is_always_a_place_at_a_step_of_the_curve(curve, letters):
    spot = spot_of(curve, letters, spots=[Spot(0, 0.0, 1.0, 2.0, 15.0)])
    assert 0 <= spot.step < len(curve)
    assert abs(spot.height - curve[spot.step]) * PIXELS == pytest.approx(13, abs=23.1)
    assert np.isfinite(spot.free)
