"""The lesson's Keras script."""

from collections.abc import Sequence
from typing import Any

from seqviz.models.keras_code import layer_code
from seqviz.vectors.projector import METADATA_FILE, VECTORS_FILE
from seqviz.vectors.record import FilledEmbedding


def filling_code(
    layer: Any,
    filled: FilledEmbedding,
    ids: Sequence[int],
    *,
    trainable: bool,
) -> str:
    """A script that fills an `Embedding` from the two files of the Embedding Projector.

    It needs `vectors.tsv` and `metadata.tsv`, as `seqviz.export_projector` writes them, beside it.

    Args:
        layer: The `Embedding` whose initializer made the rows of missing words.
        filled: What `fill_embedding` made.
        ids: ``(timesteps,)``, looked up in the end.
        trainable: Argument of the layer.

    Returns:
        Python source. Run, it leaves the layer in ``layer`` and what it gives for the ids in
        ``output``.
    """
    size, dim = filled.matrix.shape
    return f"""\
import keras
import numpy as np

# The words and vectors that were trained elsewhere.
with open("{METADATA_FILE}", encoding="utf-8", newline="\\n") as file:
    rows = list(enumerate(file.read().split("\\n")))
index = {{word: row for row, word in reversed(rows)}}  # of equal words the first
vectors = np.loadtxt("{VECTORS_FILE}", dtype="float32", delimiter="\\t", ndmin=2)

# Rows whose word is not there keep what an initializer gives.
words = {list(filled.words)!r}
start = {layer_code(layer)}
start.build()
matrix = start.get_weights()[0]
found, missing = [], []
for row, word in enumerate(words[2:], 2):  # 0 is padding, 1 any unknown word
    for spelling in (word, word.lower(), word.capitalize(), word.upper()):
        if spelling in index:
            matrix[row] = vectors[index[spelling]]
            found.append(word)
            break
    else:
        missing.append(word)
print("found:", found, "missing:", missing)

layer = keras.layers.Embedding(
    {size},
    {dim},
    embeddings_initializer=keras.initializers.Constant(matrix),
    trainable={trainable},
)
output = layer(np.array([{list(map(int, ids))}]))
print(output.shape)  # (batch, timesteps, embedding_dim)
print(output.numpy())
"""
