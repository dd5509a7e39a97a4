"""One sequence looked up in three ways, each by real Keras."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.lessons.gather.compute import GatherOrMultiply
from seqviz.readout.rows import MAX_LINES, checked_ids, rows_to_draw
from seqviz.tracing.arrays import to_array


def compute_gather_or_multiply(
    layer: Any, ids: Sequence[int], *, max_rows: int = MAX_LINES
) -> GatherOrMultiply:
    """Look `ids` up in three ways, each by real Keras.

    Args:
        layer: A `keras.layers.Embedding` that is built.
        ids: ``(timesteps,)``, each in 0 … input_dim - 1.
        max_rows: Lines to draw the matrix in. Used rows are always drawn, however many.

    Raises:
        SeqvizError: The layer is not built, an id has no row, or `ids` is not a sequence.
    """
    if not getattr(layer, "built", False):
        raise SeqvizError(
            "The layer has no weights yet, but the product needs them. "
            "Hint: call layer.build() first."
        )
    size, features = layer.input_dim, layer.output_dim
    indices = checked_ids(ids, size).astype(np.int32)
    if indices.ndim != 1:
        raise SeqvizError(
            f"The ids have the shape {indices.shape}, but (timesteps,) is needed. "
            "Hint: give one sequence, such as [2, 3, 4]."
        )
    batch = indices[None]
    gathered = to_array(layer(batch))
    hot = keras.ops.one_hot(batch, size)
    multiplied = to_array(keras.ops.matmul(hot, layer.embeddings))
    dense = keras.layers.Dense(
        features, use_bias=False, kernel_initializer="zeros", name="dense_on_one_hot"
    )
    dense.build((1, None, size))
    dense.kernel.assign(layer.embeddings)
    through_dense = to_array(dense(hot))
    others = np.stack([multiplied, through_dense])
    return GatherOrMultiply(
        ids=indices,
        weights=to_array(layer.embeddings),
        one_hot=to_array(hot)[0],
        gathered=gathered[0],
        multiplied=multiplied[0],
        dense=through_dense[0],
        difference=float(np.abs(others - gathered).max(initial=0)),
        rows=rows_to_draw(indices, size, max_rows),
    )
