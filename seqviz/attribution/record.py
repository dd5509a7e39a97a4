"""What `attribute` returns: the share of every timestep, all NumPy."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from seqviz.array_types import Floats, Ints
from seqviz.short_repr import short_repr

# An array; where a model reads several sequences, one for each by its key.
Shares: TypeAlias = Floats | Mapping[str, Floats]


@short_repr
class Attribution(NamedTuple):
    """How a prediction, a single number of each sample, is shared out among the timesteps.

    Where a model looks up several sequences (or an embedding is shared and called again), `values`
    and `per_feature` are dicts: of an Embedding by the key of its record in `capture`'s trace; of
    float inputs by the name of the input.

    Attributes:
        values: ``(batch, timesteps)``, the share of each timestep; exactly 0 at padding.
        per_feature: ``(batch, timesteps, features)``, the same before features are summed; None
            for ``"leave_one_out"``, which takes out whole vectors.
        prediction: ``(batch,)``, the number that is explained.
        baseline_prediction: ``(batch,)``, what it is with the baseline at every timestep that is
            not padding.
        residual: ``(batch,)``, the sum of the shares minus the change of the prediction,
            ``prediction - baseline_prediction``: 0 where they add up to it.
        target: ``(batch, …)`` int, where in the output of each sample that number stands.
    """

    values: Shares
    per_feature: Shares | None
    prediction: Floats
    baseline_prediction: Floats
    residual: Floats
    target: Ints
