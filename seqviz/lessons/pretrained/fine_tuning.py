"""Some real training steps on a filled layer, frozen or not: how far does each row move?"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError

MAX_STEPS: Final = 30


class Tuning(NamedTuple):
    """A layer before, during and after some training steps.

    Attributes:
        path: ``(steps + 1, vocab_size, dim)``, the matrix before each step, and after the last.
        losses: ``(steps + 1,)``, the loss with each of these matrices.
    """

    path: NDArray[np.floating]
    losses: NDArray[np.floating]

    def moved(self, step: int = -1) -> NDArray[np.floating]:
        """``(vocab_size,)``, how far each row is at a step from where it began (Euclidean)."""
        return np.linalg.norm(self.path[step].astype(np.float64) - self.path[0], axis=1)


class BothWays(NamedTuple):
    """The same training of a layer that is frozen, and of one that is not."""

    frozen: Tuning
    tuned: Tuning

    def of(self, *, trainable: bool) -> Tuning:
        """The one of a layer with this argument."""
        return self.tuned if trainable else self.frozen


def compute_tuning(
    matrix: NDArray[np.floating],
    ids: Sequence[int],
    *,
    trainable: bool,
    steps: int = 10,
    learning_rate: float = 1.0,
) -> Tuning:
    """Train ids → `Embedding` → `Dense` to name the next word of one sentence.

    Real Keras layers, eager steps of plain SGD on the mean cross-entropy over the whole sentence.
    The Dense layer starts from zeros and is trained in any case.

    Args:
        matrix: ``(vocab_size, dim)``, what the embedding starts from.
        ids: ``(timesteps,)``, at least two.
        trainable: Argument of the `Embedding`: whether its rows may move.
        steps: How many, 0 to 30.
        learning_rate: Of SGD.

    Raises:
        SeqvizError: There are not two ids, too many steps, or Keras does not run on TensorFlow.
    """
    if len(ids) < 2:
        raise SeqvizError(
            f"The sentence has {len(ids)} {'word' if len(ids) == 1 else 'words'}, but to learn the "
            "next word it takes two or more. Type a longer sentence."
        )
    if not 0 <= steps <= MAX_STEPS:
        raise SeqvizError(f"steps is {steps}, but it must be from 0 to {MAX_STEPS}.")
    from seqviz.tracing.backend import need_tensorflow

    need_tensorflow("training")
    import keras
    import tensorflow as tf

    size, dim = matrix.shape
    embedding: Any = keras.layers.Embedding(size, dim, trainable=trainable, name="embedding")
    embedding.build()
    embedding.set_weights([matrix])
    dense: Any = keras.layers.Dense(
        size, activation="softmax", kernel_initializer="zeros", name="dense"
    )
    dense.build((None, dim))
    inputs = tf.constant([list(ids[:-1])], tf.int32)
    targets = tf.constant([list(ids[1:])], tf.int32)

    def loss_now() -> Any:
        losses = keras.losses.sparse_categorical_crossentropy(targets, dense(embedding(inputs)))
        return tf.reduce_mean(losses)

    optimizer = keras.optimizers.SGD(learning_rate, name="sgd")
    weights = [*embedding.trainable_variables, *dense.trainable_variables]
    values = [weight.value for weight in weights]
    path, losses = [embedding.get_weights()[0]], []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = loss_now()
        losses.append(float(loss))
        optimizer.apply(tape.gradient(loss, values), weights)
        path.append(embedding.get_weights()[0])
    losses.append(float(loss_now()))
    return Tuning(np.stack(path), np.array(losses))
