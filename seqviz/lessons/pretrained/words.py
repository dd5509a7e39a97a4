"""A filled layer in words, numbers and Keras code."""

from seqviz.lessons.pretrained.compute import Filling
from seqviz.lessons.pretrained.fine_tuning import Tuning
from seqviz.readout.table import Table, vector_columns
from seqviz.segmentation import label
from seqviz.vectors.record import FilledEmbedding


def filling_captions(data: Filling) -> list[str]:
    """Say where each row that is drawn comes from; step 0 is before the first.

    Args:
        data: What `compute_filling` made.
    """
    captions = ["The layer is built; no row is filled yet."]
    for row, (word, source) in enumerate(zip(data.words, data.sources.tolist(), strict=True)):
        if source >= 0:
            found = label(data.file_words[source])
            what = f"is in the file, as “{found}”: its vector is copied from file row {source}"
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
    return table | vector_columns("W", filled.matrix, widest)
