"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.gather.compute import GatherOrMultiply
from seqviz.readout.table import Table, timestep_columns, vector_columns
from seqviz.wording import counted


def gather_captions(data: GatherOrMultiply, tokens: Sequence[str]) -> list[str]:
    """Say what each step does on either side; step 0 is before the first.

    Args:
        data: What `compute_gather_or_multiply` made.
        tokens: ``(timesteps,)``.
    """
    count, size = len(data.ids), len(data.weights)
    same = "same numbers" if data.difference == 0 else f"equal within {data.difference:.0e}"
    return [
        "Nothing looked up yet.",
        *(
            f"Step {t} of {count}: {token if token == f'id {i}' else f'“{token}” (id {i})'} copies "
            f"row {i}. The product takes {counted(size - 1, 'row')} × 0 and row {i} × 1: {same}."
            for t, (token, i) in enumerate(zip(tokens, data.ids.tolist(), strict=True), 1)
        ),
    ]


def gather_table(
    data: GatherOrMultiply, tokens: Sequence[str], *, widest: int | None = None
) -> Table:
    """One row per timestep: token, id, and the three outputs.

    Args:
        data: What `compute_gather_or_multiply` made.
        tokens: ``(timesteps,)``.
        widest: Columns to give at most to one vector; all if None.
    """
    return (
        timestep_columns(tokens, data.ids.tolist())
        | vector_columns("W[ids]", data.gathered, widest)
        | vector_columns("one_hot @ W", data.multiplied, widest)
        | vector_columns("Dense", data.dense, widest)
    )
