"""Names on a map: none covers another, on a screen or on a phone, and all keep inside."""

from itertools import combinations

import numpy as np
import pytest

from seqviz.lessons.training.names_on_map import SIDES, place_names

SIZE = {"wide": 760.0, "narrow": 310.0, "height": 220.0}
WORDS = ["this", "film", "was", "not", "good", *(f"word {k}" for k in range(19))]
WATCHED = [k < 5 for k in range(len(WORDS))]


def box(point, side, name, width):
    """Where Plotly puts a name of 12 pixels: from left to right, from foot to top."""
    x, y = point * (width, SIZE["height"])
    right, above = SIDES[side]
    half, away = 3.2 * len(name), 6.5
    x, y = x + right * (half + away), y + above * (6 + away)
    return x - half, x + half, y - 6, y + 6


def cover(one, other):
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("spread", [0.02, 0.1, 0.25])
def test_no_name_covers_another_at_any_moment(seed, spread):
    random = np.random.default_rng(seed)
    path = np.clip(random.normal(0.5, spread, (4, len(WORDS), 2)), 0.05, 0.95)
    names = place_names(path, WORDS, WATCHED, **SIZE)
    assert not (names.always & names.wide).any()
    for k, points in enumerate(path):
        for shown, width in (
            (names.always[k], SIZE["narrow"]),
            (names.always[k] | names.wide[k], SIZE["wide"]),
        ):
            boxes = [
                box(points[i], names.sides[k][i], WORDS[i], width) for i in np.flatnonzero(shown)
            ]
            assert not any(cover(one, other) for one, other in combinations(boxes, 2))
            assert all(left >= 0 and right <= width for left, right, _, _ in boxes)
    if spread == 0.25:
        assert (names.always | names.wide)[:, :5].all()  # the watched words come first


def test_what_is_nowhere_has_no_name_and_a_word_alone_stays_where_it_stands():
    path = np.full((2, 2, 2), 0.5)
    path[:, 1] = np.nan
    names = place_names(path, ["one", "two"], [True, True], **SIZE)
    assert names.always.tolist() == [[True, False]] * 2
    assert names.sides[0][0] == names.sides[1][0] == "top center"


def test_of_two_at_one_place_the_watched_one_has_the_best_side():
    names = place_names(np.full((1, 2, 2), 0.5), ["one", "two"], [False, True], **SIZE)
    assert names.always[0, 1]
    assert names.sides[0][1] == "top center"
