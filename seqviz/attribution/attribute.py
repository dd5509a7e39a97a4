"""`attribute`: which word moved a prediction."""

from typing import Any

import keras
import numpy as np

from seqviz.array_types import Floats
from seqviz.attribution.baselines import BASELINES
from seqviz.attribution.explained import Explained
from seqviz.attribution.methods import METHODS
from seqviz.attribution.record import Attribution, Shares
from seqviz.errors import SeqvizError
from seqviz.tracing.backend import need_tensorflow
from seqviz.training.record import whole_number


def attribute(
    model: keras.layers.Layer,
    inputs: Any,
    *,
    target: Any = None,
    method: str = "integrated_gradients",
    baseline: str = "zero",
    steps: int = 64,
) -> Attribution:
    """Share a prediction out among the words that it is made of.

    Ids have no gradient, so what is moved from a baseline to the inputs are the vectors that
    `Embedding` layers return; a model's other inputs stay as they are. A model that looks nothing
    up is moved at its float inputs, ``(batch, timesteps, features)``. Padding, which a mask of an
    Embedding or of a `Masking` layer tells to skip, is not moved: it stays in the baseline, and its
    share is exactly 0. Without a mask Keras reads id 0 as a word like any other, and so does this.

    The methods:

    - ``"integrated_gradients"`` adds the gradients up on the straight way from the baseline to the
      inputs, so that the shares add up to the change of the prediction (Sundararajan, Taly and Yan,
      Axiomatic Attribution for Deep Networks, 2017). The way is cut by the Gauss-Legendre rule, and
      all its points are predicted as one batch.
    - ``"gradient_x_input"`` takes the gradient at the inputs alone, times their difference from the
      baseline. Its shares need not add up.
    - ``"leave_one_out"`` predicts again without each word: its vector is the baseline, while it
      remains a timestep that is read. With ``baseline="padding"`` its id is 0 in every respect: a
      layer behind ``mask_zero=True`` skips it. Its shares need not add up either.

    The model is left as it was, and predicts as it does outside training. It costs about as much as
    one gradient of a batch of `steps` times the samples (or of timesteps times, for leaving out);
    where that would take more than about 256 MB, it is done in several parts.

    Args:
        model: Any Keras 3 model that `capture` opens, or a single layer.
        inputs: As `capture` takes them.
        target: Which number of a sample's output is explained: a column, a class, for tagging
            ``(timestep, class)``, in general an index for each of the output's axes. Of a model
            with several outputs first its place or name: ``("tags", 2, 0)``. None is the only
            number, or the largest of several: the class that is predicted.
        method: One of the three above.
        baseline: What a missing word is: ``"zero"``; ``"padding"``, the row of id 0; or ``"mean"``,
            the mean row of the table, for float inputs the mean of a sample's own timesteps.
        steps: Points on the way from the baseline, for integrated gradients.

    Returns:
        The shares of every timestep of every sample.

    Raises:
        SeqvizError: There is no such method, baseline, number of steps or target; the model is
            refused by `capture`; nothing in it can be moved, or the number does not depend on it;
            or Keras does not run on TensorFlow.
    """
    _check_one_of("method", method, METHODS)
    _check_one_of("baseline", baseline, BASELINES)
    steps = whole_number("steps", steps)
    need_tensorflow("attribute")
    explained = Explained(model, inputs, target, baseline)
    shares = METHODS[method](explained, baseline, steps)
    change = explained.prediction - shares.baseline_prediction
    every = [values.reshape(explained.batch, -1).sum(axis=1) for values in shares.values.values()]
    per_feature = shares.per_feature
    return Attribution(
        values=_by_name(explained, shares.values),
        per_feature=None if per_feature is None else _by_name(explained, per_feature),
        prediction=explained.prediction,
        baseline_prediction=shares.baseline_prediction,
        residual=np.sum(every, axis=0) - change,
        target=explained.target.places,
    )


def _by_name(explained: Explained, of_site: dict[int, Floats]) -> Shares:
    """One array, or where there are several sequences one for each by its name."""
    named = {found.name: found.gather(of_site) for found in explained.found}
    return next(iter(named.values())) if len(named) == 1 else named


def _check_one_of(name: str, value: Any, known: Any) -> None:
    if not isinstance(value, str) or value not in known:
        raise SeqvizError(
            f"{name} is {value!r}, but it must be one of {', '.join(map(repr, known))}."
        )
