"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.embedding.compute import EmbeddingLookup
from seqviz.readout.table import Table, timestep_columns, vector_columns
from seqviz.wording import named


def lookup_captions(data: EmbeddingLookup, tokens: Sequence[str]) -> list[str]:
    """Say what each step of an embedding lookup copies; step 0 is before the first.

    Args:
        data: What `compute_embedding_lookup` made.
        tokens: ``(timesteps,)``.
    """
    count = len(data.ids)
    return [
        "Nothing looked up yet.",
        *(
            f"Step {t} of {count}: {named(token, id_)} copies row {id_} of the matrix into the "
            f"output at timestep {t}{'' if kept else ', which the mask calls padding'}."
            for t, (token, id_, kept) in enumerate(
                zip(tokens, data.ids.tolist(), data.kept.tolist(), strict=True), 1
            )
        ),
    ]


def lookup_table(
    data: EmbeddingLookup, tokens: Sequence[str], *, widest: int | None = None
) -> Table:
    """One row per timestep: the token, its id, and the row of the matrix it copies.

    Args:
        data: What `compute_embedding_lookup` made.
        tokens: ``(timesteps,)``.
        widest: Columns to give at most to one vector; all if None.
    """
    table = timestep_columns(tokens, data.ids.tolist())
    if data.has_mask:
        table["mask"] = data.kept.tolist()
    return table | vector_columns("output", data.vectors, widest)
