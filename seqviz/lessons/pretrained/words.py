"""A filled layer in words, numbers and Keras code."""

from collections.abc import Sequence
from typing import Any

from seqviz.lessons.pretrained.compute import Filling
from seqviz.lessons.pretrained.fine_tuning import Tuning
from seqviz.models.keras_code import layer_code
from seqviz.readout.table import Table
from seqviz.vectors.projector import METADATA_FILE, VECTORS_FILE
from seqviz.vectors.record import FilledEmbedding
from seqviz.vocabulary import label


def filling_captions(data: Filling) -> list[str]:
    """Say where each row that is drawn comes from; step 0 is before the first.

    Args:
        data: What `compute_filling` made.
    """
    captions = ["The layer is built; no row is filled yet."]
    for row, (word, source) in enumerate(zip(data.words, data.sources.tolist(), strict=True)):
        if source >= 0:
            found = label(data.file_words[source])
            what = f"is in the file, as “{found}”: its vector is copied from row {source:,} of the file"
        elif word in ("[PAD]", "[UNK]"):
            what = "stands for no word: the row keeps what the initializer put there"
        else:
            what = "is not in the file: the row keeps what the initializer put there"
        captions.append(f"Row {row}: “{label(word)}” {what}.")
    return captions


def filling_table(
    filled: FilledEmbedding,
    *,
    frozen: Tuning | None = None,
    tuned: Tuning | None = None,
    step: int = -1,
    widest: int | None = None,
) -> Table:
    """One row for each row of the layer: its word, where it comes from, how far it moved.

    Args:
        filled: What `fill_embedding` made.
        frozen: Training with ``trainable=False``, for a column of distances.
        tuned: The same with ``trainable=True``.
        step: Of the training.
        widest: Columns to give at most to one vector; all if None.
    """
    table: Table = {
        "row": list(range(len(filled.words))),
        "word": list(filled.words),
        "from": [f"file row {s}" if s >= 0 else "initializer" for s in filled.sources.tolist()],
    }
    for name, tuning in (("moved, frozen", frozen), ("moved, fine-tuned", tuned)):
        if tuning is not None:
            table[name] = list(tuning.moved(step).tolist())
    for column in range(filled.matrix.shape[1])[:widest]:
        table[f"W[{column}]"] = filled.matrix[:, column].tolist()
    return table


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
    index = {{word: row for row, word in enumerate(file.read().split("\\n"))}}
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
