"""An Embedding layer in our own words, which really runs: what Keras's does, without options."""

from typing import Any

import keras


class MyEmbedding(keras.layers.Layer):
    """A trainable matrix whose rows are looked up.

    Args:
        input_dim: Rows of the matrix, the largest id + 1.
        output_dim: Length of a row.
        initializer: What fills the matrix.
        kwargs: As every layer takes them, such as ``name``.
    """

    def __init__(
        self, input_dim: int, output_dim: int, initializer: Any = "uniform", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.autocast = False  # or a mixed precision would round large ids
        self.input_dim, self.output_dim = input_dim, output_dim
        self.initializer = initializer

    def build(self, input_shape: Any = None) -> None:
        """Make the one matrix."""
        self.W = self.add_weight(
            (self.input_dim, self.output_dim), initializer=self.initializer, name="W"
        )

    def call(self, ids: Any) -> Any:
        """Take a row for each id: ``(…)`` → ``(…, output_dim)``."""
        ids = keras.ops.cast(ids, "int32")
        return keras.ops.take(self.W, ids, axis=0)

    def compute_mask(self, ids: Any, mask: Any = None) -> Any:
        """True where the id is not 0, as Keras's layer says with ``mask_zero=True``."""
        return keras.ops.not_equal(ids, 0)
