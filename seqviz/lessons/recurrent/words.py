"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

import numpy as np

from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.readout.unrolled import Unrolled
from seqviz.wording import named, subscript

_MOST_ZEROS = 8  # that the caption of step 0 writes out


def unrolled_captions(data: Unrolled, tokens: Sequence[str], ids: Sequence[int]) -> list[str]:
    """Say what each step of a recurrent layer reads and gives; step 0 is before the first.

    Args:
        data: What `compute_unrolled` made.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
    """
    count, units = len(data.timesteps), data.hidden.shape[1]
    output = "h" if data.outputs is None else "y"
    symbols = ["h"] if data.cell_states is None else ["h", "c"]

    def states(step: int) -> str:
        return " and ".join(subscript(symbol, step) for symbol in symbols)

    captions = [f"Before the first word {_initial(data, units)}."]
    for k, t in enumerate(data.timesteps.tolist()):
        word = named(tokens[t], int(ids[t]))
        returned = "returned" if data.returned[k] else "not returned"
        if data.skipped[k]:
            what = f"{word} is padding; the state is carried over unchanged, and {returned}"
        else:
            what = f"reads {word} and {states(k)}, gives {states(k + 1)}; "
            if data.return_state and len(symbols) > 1 and k == count - 1:
                what += f"{states(k + 1)} are returned"
            else:
                what += f"{subscript(output, k + 1)} is {returned}"
        captions.append(f"Step {k + 1} of {count}: {what}.")
    return captions


def _initial(data: Unrolled, units: int) -> str:
    names = "h starts" if data.cell_states is None else "h and c start"
    if data.hidden[0].any():
        return f"{names} at the values given"
    zeros = ["0"] * min(units, _MOST_ZEROS) + ["…"] * (units > _MOST_ZEROS)
    return f"there is nothing to remember: {names} at [{', '.join(zeros)}]"


def unrolled_table(
    data: Unrolled, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per step, the initial state first: what was read, and the states after it.

    Args:
        data: What `compute_unrolled` made.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
        widest: Columns to give at most to one vector; all if None.
    """
    order = data.timesteps.tolist()
    nothing = np.full((1, data.inputs.shape[1]), np.nan, data.inputs.dtype)
    table: Table = {"step": list(range(len(order) + 1))}
    table |= processed_columns([-1, *order], tokens, ids)
    table["returned"] = [False, *data.returned.tolist()]
    if data.skipped.any():
        table["skipped"] = [False, *data.skipped.tolist()]
    table |= vector_columns("x", np.vstack([nothing, data.inputs]), widest)
    table |= vector_columns("h", data.hidden, widest)
    if data.cell_states is not None:
        table |= vector_columns("c", data.cell_states, widest)
    if data.outputs is not None:
        nothing = np.full((1, data.outputs.shape[1]), np.nan, data.outputs.dtype)
        table |= vector_columns("y", np.vstack([nothing, data.outputs]), widest)
    return table
