"""The Keras code of three ways to look rows up."""

from collections.abc import Sequence
from typing import Any

from seqviz.models.keras_code import embedding_code


def gather_code(layer: Any, ids: Sequence[int], tokens: Sequence[str]) -> str:
    """A script that looks `ids` up in three ways and prints their largest difference.

    Args:
        layer: From `seqviz.models.build.build_embedding`.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.

    Returns:
        Python source. Run, it leaves the three results in ``output``, ``product`` and
        ``through_dense``, and their largest difference in ``difference``.
    """
    return embedding_code(layer, ids, tokens) + _MORE


_MORE = """
# The same by multiplying: a row of zeros with one 1 for each id.
W = layer.embeddings
one_hot = keras.ops.one_hot(ids, layer.input_dim)
product = keras.ops.matmul(one_hot, W)

# The same again: a Dense layer with the matrix as its kernel.
dense = keras.layers.Dense(layer.output_dim, use_bias=False)
dense.build(one_hot.shape)
dense.kernel.assign(W)
through_dense = dense(one_hot)

print("one-hot:", one_hot.numpy())
print("one-hot @ W:", product.numpy())
print("Dense:", through_dense.numpy())

difference = max(
    float(keras.ops.max(keras.ops.abs(output - other)))
    for other in (product, through_dense)
)
print("largest difference:", difference)
"""
