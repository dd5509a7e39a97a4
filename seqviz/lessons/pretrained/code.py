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
print(matrix)

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


def tuning_code(ids: Sequence[int], *, steps: int, learning_rate: float) -> str:
    """What follows the script of `filling_code`: training on the sentence, frozen and not.

    Args:
        ids: ``(timesteps,)``, at least two.
        steps: How many steps of SGD.
        learning_rate: Of SGD.

    Returns:
        Python source. Run, it leaves in ``moved``, by `trainable`, how far each row came, and in
        ``losses`` the loss before each step and after the last.
    """
    return f"""
# The same rows, frozen and not, trained to name the next word of the sentence.
words_read, next_words = np.array([{list(map(int, ids[:-1]))}]), np.array([{list(map(int, ids[1:]))}])
moved, losses = {{}}, {{}}
for trainable in (False, True):
    embedding = keras.layers.Embedding(
        *matrix.shape,
        embeddings_initializer=keras.initializers.Constant(matrix),
        trainable=trainable,
    )
    dense = keras.layers.Dense(len(matrix), activation="softmax", kernel_initializer="zeros")
    model = keras.Sequential([embedding, dense])
    model.compile(keras.optimizers.SGD({learning_rate}), "sparse_categorical_crossentropy")
    trained = model.fit(words_read, next_words, epochs={steps}, verbose=0)  # an epoch is one step
    last = model.evaluate(words_read, next_words, verbose=0)
    losses[trainable] = np.array([*trained.history.get("loss", []), last])
    moved[trainable] = np.linalg.norm(embedding.get_weights()[0] - matrix, axis=1)
    print("trainable:", trainable)
    print("  loss before each step, and after the last:", losses[trainable])
    print("  how far each row moved:", moved[trainable])
"""
