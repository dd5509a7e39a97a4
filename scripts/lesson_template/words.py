"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.row_lengths.compute import RowLengths
from seqviz.readout.table import Table, timestep_columns, vector_columns
from seqviz.wording import named


def row_lengths_captions(data: RowLengths, tokens: Sequence[str]) -> list[str]:
    """Say how long each row is; step 0 is before the first.

    Args:
        data: What `compute_row_lengths` made.
        tokens: ``(timesteps,)``.
    """
    count = len(data.ids)
    return [
        "Nothing looked up yet.",
        *(
            f"Step {t} of {count}: the row of {named(token, id_)} is {length:.3f} long."
            for t, (token, id_, length) in enumerate(
                zip(tokens, data.ids.tolist(), data.lengths.tolist(), strict=True), 1
            )
        ),
    ]


def row_lengths_table(
    data: RowLengths, tokens: Sequence[str], *, widest: int | None = None
) -> Table:
    """One row per timestep: the token, its id, the length, and the row itself."""
    table = timestep_columns(tokens, data.ids.tolist())
    table["length"] = data.lengths.tolist()
    return table | vector_columns("row", data.vectors, widest)
