"""The three ways of sharing a change of the prediction out among timesteps."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import numpy as np

from seqviz.array_types import Array, Floats
from seqviz.attribution.explained import Explained


class Shares(NamedTuple):
    """Shares by site, and what is predicted of the baseline.

    Attributes:
        values: ``(batch, timesteps)`` each.
        per_feature: ``(batch, timesteps, features)`` each; None where features are not told apart.
        baseline_prediction: ``(batch,)``.
    """

    values: dict[int, Floats]
    per_feature: dict[int, Floats] | None
    baseline_prediction: Floats


def integrated_gradients(explained: Explained, baseline: str, steps: int) -> Shares:
    """The gradient, averaged over the straight way from the baseline, times the way."""
    nodes, weights = _legendre(steps)
    total = {place: np.zeros(site.vectors.shape) for place, site in explained.sites.items()}
    for chunk in explained.chunks(steps):
        at = nodes[chunk]
        for place, gradient in explained.gradients(partial(_everywhere, at), len(at)).items():
            total[place] += np.tensordot(weights[chunk], gradient, axes=1)
    return _times_difference(explained, total)


def gradient_x_input(explained: Explained, baseline: str, steps: int) -> Shares:
    """The gradient at the inputs times what the baseline lacks of them."""
    here = explained.gradients(partial(_everywhere, np.ones(1)), 1)
    return _times_difference(explained, {place: found[0] for place, found in here.items()})


def leave_one_out(explained: Explained, baseline: str, steps: int) -> Shares:
    """What the prediction loses with each timestep: it is predicted again without it."""
    values: dict[int, Floats] = {}
    for place, site in explained.sites.items():
        kept = ~site.padding
        read = kept.any(axis=0)
        places = np.argwhere(read)
        lost = np.zeros((len(places), explained.batch))
        for chunk in explained.chunks(len(places)):
            there = _all_but(places[chunk], read.shape)
            if baseline == "padding" and site.source is not None:
                again = explained.predictions_of_ids(place, there)
            else:
                again = explained.predictions(partial(_only_at, place, there), len(there))
            lost[chunk] = explained.prediction - again
        values[place] = np.zeros(kept.shape)
        values[place][:, read] = lost.T
        values[place][~kept] = 0
    return Shares(values, None, _baseline_prediction(explained))


METHODS: Final[Mapping[str, Callable[[Explained, str, int], Shares]]] = {
    "integrated_gradients": integrated_gradients,
    "gradient_x_input": gradient_x_input,
    "leave_one_out": leave_one_out,
}


@lru_cache(maxsize=8)
def _legendre(steps: int) -> tuple[Floats, Floats]:
    """Places from 0 to 1, and their weights: the Gauss-Legendre rule.

    It is exact for polynomials up to the degree ``2 * steps - 1``: Abramowitz and Stegun, Handbook
    of Mathematical Functions, 25.4.29.
    """
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, weights / 2


def _all_but(places: Array, shape: tuple[int, ...]) -> Array:
    """``(variants, 1, timesteps)`` of bool: in each one place is left out."""
    there = np.ones((len(places), 1, *shape), bool)
    there[(np.arange(len(places)), 0, *places.T)] = False
    return there


def _everywhere(share: Floats, place: int) -> Floats:
    """The same share of every site."""
    return share


def _only_at(where: int, there: Array, place: int) -> Floats:
    """All of every site, but of one."""
    return there.astype(np.float64) if place == where else np.ones(len(there))


def _times_difference(explained: Explained, gradients: dict[int, Floats]) -> Shares:
    values: dict[int, Any] = {}
    per_feature = {}
    for place, site in explained.sites.items():
        # Not 0 times infinity.
        difference = site.difference
        shares = np.where(difference == 0, 0.0, gradients[place] * difference)
        per_feature[place] = shares.reshape(*site.padding.shape, -1)
        values[place] = per_feature[place].sum(axis=-1)
    return Shares(values, per_feature, _baseline_prediction(explained))


def _baseline_prediction(explained: Explained) -> Floats:
    return explained.predictions(partial(_everywhere, np.zeros(1)), 1)[0]
