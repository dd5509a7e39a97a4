"""A real Embedding layer taken apart: build, call, mask, losses, and one optimizer step."""

import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.lessons.layer.compute import (
    LEARNING_RATE,
    MAX_NORM,
    LayerParts,
    LayerSettings,
    LayerStep,
)
from seqviz.lessons.layer.my_embedding import MyEmbedding
from seqviz.models.build import embeddings_initializer
from seqviz.readout.rows import MAX_LINES, checked_ids, rows_to_draw
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import need_tensorflow

_warning_lock = threading.Lock()


def build_layer(settings: LayerSettings) -> keras.layers.Embedding:
    """Build the Embedding layer of `settings`, with its weights.

    Its matrix is that of `build_embedding` for the same config. With `input_length` Keras warns
    (see `input_length_warning`), and makes the same layer.

    Raises:
        SeqvizError: If Keras knows no initializer of the name in the config.
    """
    config = settings.config
    layer = keras.layers.Embedding(
        config.vocab_size,
        config.embedding_dim,
        embeddings_initializer=embeddings_initializer(config),
        embeddings_regularizer=_regularizer(settings),
        embeddings_constraint=_constraint(settings),
        mask_zero=config.mask_zero,
        trainable=settings.trainable,
        name="embedding",
        **({} if settings.input_length is None else {"input_length": settings.input_length}),
    )
    layer.build()
    return layer


def compute_layer_parts(
    layer: keras.layers.Embedding, ids: Sequence[int], *, dtype: str = "float32"
) -> LayerParts:
    """Call a real layer on one sequence, and our own beside it.

    Args:
        layer: Built.
        ids: ``(timesteps,)``.
        dtype: What the ids are given as.

    Raises:
        SeqvizError: An id has no row.
    """
    whole = checked_ids(ids, layer.input_dim).astype(np.int32)
    given = whole.astype(dtype)
    output = layer(given[None])
    mask = layer.compute_mask(given[None])
    ours = MyEmbedding(layer.input_dim, layer.output_dim, "zeros", name="my_embedding")
    ours.build()
    ours.W.assign(layer.embeddings)
    return LayerParts(
        given=given,
        ids=to_array(keras.ops.cast(given, "int32")),
        weights=to_array(layer.embeddings),
        output=to_array(output)[0],
        ours=to_array(ours(given[None]))[0],
        mask=None if mask is None else to_array(mask)[0],
        losses=tuple(float(loss) for loss in layer.losses),
        trainable_weights=_count(layer.trainable_weights),
        frozen_weights=_count(layer.non_trainable_weights),
        initializer=type(layer.embeddings_initializer).__name__,
        rows=rows_to_draw(whole, layer.input_dim, MAX_LINES),
    )


def compute_layer_step(
    settings: LayerSettings, ids: Sequence[int], *, learning_rate: float = LEARNING_RATE
) -> LayerStep:
    """Take one SGD step with a fresh layer of `settings` on one sequence.

    Keras's optimizers apply a variable's constraint to all of it, after they have changed it.

    Args:
        settings: Of the layer.
        ids: ``(timesteps,)``.
        learning_rate: Of the optimizer.

    Raises:
        SeqvizError: An id has no row, or the layer is trainable and Keras does not run on
            TensorFlow.
    """
    layer = build_layer(settings)
    whole = checked_ids(ids, layer.input_dim).astype(np.int32)
    before = to_array(layer.embeddings)
    stepped = before.copy()
    if layer.trainable_variables:
        need_tensorflow("a gradient step")
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = -keras.ops.sum(layer(whole[None])) + sum(layer.losses)
        gradients = tape.gradient(loss, layer.trainable_variables)
        # A lookup's gradient names the rows it is about; rows named twice add up.
        stepped = before - np.float32(learning_rate) * tf.convert_to_tensor(gradients[0]).numpy()
        optimizer = keras.optimizers.SGD(learning_rate, name="sgd")
        optimizer.apply_gradients(zip(gradients, layer.trainable_variables, strict=True))
    return LayerStep(
        before=before,
        stepped=stepped,
        after=to_array(layer.embeddings),
        learning_rate=learning_rate,
        rows=rows_to_draw(whole, layer.input_dim, MAX_LINES),
        looked_up=frozenset(whole.tolist()),
    )


@lru_cache(maxsize=1)
def input_length_warning() -> str:
    """What Keras itself says when a layer is given `input_length`, captured once.

    Raises:
        SeqvizError: Keras no longer warns.
    """
    # `warnings` is the process's: so briefly, once, and only what Keras says about this.
    with _warning_lock, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        keras.layers.Embedding(2, 1, input_length=1, name="embedding")
    for warning in caught:
        if "input_length" in str(warning.message):
            return f"{warning.category.__name__}: {warning.message}"
    raise SeqvizError(
        f"Keras {keras.__version__} says nothing about input_length, but a warning was expected. "
        "Hint: Keras 3.15 warns."
    )


def _regularizer(settings: LayerSettings) -> Any:
    kinds = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2}
    kind = kinds.get(settings.regularizer)
    return None if kind is None else kind(settings.strength)


def _constraint(settings: LayerSettings) -> Any:
    if settings.constraint == "non_neg":
        return keras.constraints.NonNeg()
    if settings.constraint == "unit_norm":
        return keras.constraints.UnitNorm(axis=settings.axis)
    if settings.constraint == "max_norm":
        return keras.constraints.MaxNorm(MAX_NORM, axis=settings.axis)
    return None


def _count(weights: Sequence[Any]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)
