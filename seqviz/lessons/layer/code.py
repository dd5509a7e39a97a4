"""The Keras code of the lesson on a layer's inside: Keras's layer, and the same in our words."""

from collections.abc import Sequence
from typing import Any

from seqviz.lessons.layer.compute import MAX_NORM, LayerSettings
from seqviz.models.keras_code import embedding_code

_CLASS = """class MyEmbedding(keras.layers.Layer):
    def __init__(self, input_dim, output_dim, initializer):
        super().__init__()
        self.autocast = False
        self.input_dim, self.output_dim = input_dim, output_dim
        self.initializer = initializer

    def build(self, input_shape):
        self.W = self.add_weight(
            (self.input_dim, self.output_dim), initializer=self.initializer
        )

    def call(self, ids):
        ids = keras.ops.cast(ids, "int32")
        return keras.ops.take(self.W, ids, axis=0)
"""
_MASK = """
    def compute_mask(self, ids, mask=None):
        return keras.ops.not_equal(ids, 0)
"""


def layer_code(
    layer: Any, settings: LayerSettings, ids: Sequence[int], tokens: Sequence[str], dtype: str
) -> str:
    """A script that builds the layer of `settings`, and the same in our own words.

    Args:
        layer: From `seqviz.lessons.layer.with_keras.build_layer`.
        settings: Of `layer`.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.
        dtype: What the ids are given as.

    Returns:
        Python source. Run, it leaves the layer in ``layer``, its result in ``output``, ours in
        ``ours``, and the mask, if there is one, in ``mask``.
    """
    more = []
    if settings.regularizer != "none":
        kind = settings.regularizer.upper()
        more.append(f"embeddings_regularizer=keras.regularizers.{kind}({settings.strength!r})")
    if settings.constraint != "none":
        calls = {
            "non_neg": "NonNeg()",
            "unit_norm": f"UnitNorm(axis={settings.axis})",
            "max_norm": f"MaxNorm({MAX_NORM!r}, axis={settings.axis})",
        }
        more.append(f"embeddings_constraint=keras.constraints.{calls[settings.constraint]}")
    if not settings.trainable:
        more.append("trainable=False")
    if settings.input_length is not None:
        more.append(f"input_length={settings.input_length},  # deprecated: Keras only warns")
    source = embedding_code(layer, ids, tokens)
    before, call = source.split("\n)\n", 1)
    inside = "".join(f"\n    {line}{'' if '#' in line else ','}" for line in more)
    if dtype != "int32":
        # Not by what the line holds: the comment above it is the student's.
        head, line = before.split("\nids = ", 1)
        before = f"{head}\nids = " + line.replace("]])", f']], dtype="{dtype}")', 1)
    source = f"{before}{inside}\n)\n{call}"
    mask = settings.config.mask_zero
    lines = [
        source,
        "# The same layer in a few lines:",
        _CLASS + (_MASK if mask else ""),
        "",
        "mine = MyEmbedding(layer.input_dim, layer.output_dim, layer.embeddings_initializer)",
        "mine.build(ids.shape)",
        "mine.W.assign(layer.embeddings)",
        "ours = mine(ids)",
        'print("largest difference:", float(keras.ops.max(keras.ops.abs(ours - output))))',
    ]
    if mask:
        lines += ["mask = layer.compute_mask(ids)", "print(mask.numpy())"]
    if settings.regularizer != "none":
        lines.append("print(layer.losses)  # what the regularizer adds to the loss")
    return "\n".join([*lines, ""])
