"""What the lesson says: a caption a step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.gather.compute import GatherOrMultiply
from seqviz.readout.table import Table
from seqviz.readout.wording import counted


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
    """One row a timestep: token, id, and the three outputs.

    Args:
        data: What `compute_gather_or_multiply` made.
        tokens: ``(timesteps,)``.
        widest: Columns to give at most to one vector; all if None.
    """
    table: Table = {
        "timestep": list(range(1, len(data.ids) + 1)),
        "token": list(tokens),
        "id": data.ids.tolist(),
    }
    for name, values in (
        ("W[ids]", data.gathered),
        ("one_hot @ W", data.multiplied),
        ("Dense", data.dense),
    ):
        columns = values.T.tolist()[:widest]
        table |= {f"{name}[{f}]": column for f, column in enumerate(columns)}
    return table
