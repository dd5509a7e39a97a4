"""What stands for "no word": the vectors that a prediction is compared with."""

from collections.abc import Callable
from typing import Any, Final

import tensorflow as tf

from seqviz.array_types import Array
from seqviz.errors import SeqvizError

BASELINES: Final = ("zero", "padding", "mean")

# (Layer.__call__ or what stands for it, Embedding, what it returned) → (features,)
RowOf = Callable[[Callable[..., Any], Any, Any], Any]


def row_of(baseline: str) -> RowOf:
    """What makes the baseline of an Embedding."""
    return {"zero": _zeros, "padding": _first_row, "mean": _mean_row}[baseline]


def vector_of(baseline: str, sequence: Any, padding: Array) -> Any:
    """The baseline of numbers that a model reads without an Embedding.

    Args:
        baseline: One of `BASELINES`.
        sequence: ``(batch, timesteps, …)``.
        padding: ``(batch, timesteps)`` of bool.

    Returns:
        ``(batch, 1, …)``; the mean is that of each sample's own timesteps, without padding.

    Raises:
        SeqvizError: There is no row of id 0.
    """
    if baseline == "padding":
        raise SeqvizError(
            "baseline is 'padding', the row of id 0, but this model has no Embedding and so no "
            "rows. Give baseline='zero', or 'mean' for the mean of each sample's timesteps."
        )
    if baseline == "zero":
        return tf.zeros_like(sequence[:, :1])
    kept = tf.cast(
        ~padding.reshape(*padding.shape, *(1,) * (len(sequence.shape) - 2)), sequence.dtype
    )
    count = tf.reduce_sum(kept, axis=1, keepdims=True)
    return tf.math.divide_no_nan(tf.reduce_sum(sequence * kept, axis=1, keepdims=True), count)


def _zeros(layer_call: Callable[..., Any], layer: Any, output: Any) -> Any:
    return tf.zeros(output.shape[-1:], output.dtype)


# Looked up by the layer itself, whose table may be quantized or have LoRA.
def _first_row(layer_call: Callable[..., Any], layer: Any, output: Any) -> Any:
    return layer_call(layer, tf.zeros((1, 1), tf.int32))[0, 0]


def _mean_row(layer_call: Callable[..., Any], layer: Any, output: Any) -> Any:
    rows = layer_call(layer, tf.range(layer.input_dim)[None])[0]
    return tf.cast(tf.reduce_mean(tf.cast(rows, tf.float32), axis=0), output.dtype)
