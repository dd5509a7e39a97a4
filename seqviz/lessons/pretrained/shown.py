"""What the lesson shows of one file and one sentence."""

from dataclasses import replace

import numpy as np

from seqviz.lessons.pretrained.cached import FilledRun
from seqviz.lessons.pretrained.code import tuning_code
from seqviz.lessons.pretrained.figure import plot_filling
from seqviz.lessons.pretrained.fine_tuning import BothWays
from seqviz.lessons.pretrained.upload import Loaded
from seqviz.lessons.pretrained.words import filling_captions, filling_table
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_filling(
    loaded: Loaded, entries: tuple[str, ...], initializer: str, seed: int, run: FilledRun
) -> Shown:
    """Each row of the layer, and the row of the file that it is copied from."""
    filled, data = run.filled, run.picture
    size, dim = filled.matrix.shape
    return Shown(
        of=(loaded.digest, entries, initializer, seed),
        draw=lambda **options: plot_filling(data, **options),
        height=340,
        captions=filling_captions(data),
        alt=f"An embedding layer of {size} rows of {counted(dim, 'number')} is filled from a file of "
        f"{counted(len(loaded.vectors), 'word')}. Found and copied: {len(filled.found)}. Missing, "
        "with what the initializer put there, as for padding and the unknown word: "
        f"{len(filled.missing)}.",
        table=lambda widest: filling_table(filled, step=0, widest=widest),
        vector=dim,
        arrays=lambda: {"matrix": filled.matrix},
        code=run.code,
        first=f"The file has {counted(len(loaded.vectors), 'word')}, each with a row of "
        f"{counted(dim, 'number')}. Public ones, such as those of word2vec, are trained on far more text than "
        "you have. A model that begins with their rows begins with rows that already mean something: to see "
        "it, open **Who is near to whom?** A word that the file does not have keeps the row that it started "
        "with.\n\nThe layer has a row for each word of your sentence, in the file or not, and two before "
        "them: **[PAD]** fills short sentences up, **[UNK]** stands for every word that has no row of its own.",
        title=f"An Embedding filled from {loaded.name}",
        proof=equal_to_keras(run.difference, "Looked up by a real Embedding that holds these rows"),
    )


def after_training(
    shown: Shown,
    run: FilledRun,
    ids: tuple[int, ...],
    rows: np.ndarray,
    both: BothWays,
    *,
    step: int,
    learning_rate: float,
) -> Shown:
    """The same, with the numbers that `step` training steps make of the rows."""
    return replace(
        shown,
        code=run.code + tuning_code(ids, steps=step, learning_rate=learning_rate),
        table=lambda widest: filling_table(
            run.filled, frozen=both.frozen, tuned=both.tuned, step=step, widest=widest
        ),
        arrays=lambda: {
            "matrix": run.filled.matrix,
            "rows": rows,
            "ids": np.array(ids),
            "output": run.output,
        },
    )
