"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.outputs.compute import Outputs
from seqviz.readout.table import Table, at_the_end, state_columns, timestep_columns, vector_columns
from seqviz.wording import subscript


def outputs_captions(data: Outputs, tokens: Sequence[str]) -> list[str]:
    """Say what each step of a layer computes and returns; with a head one step more."""
    count = len(tokens)
    captions = ["Before the first word: the state is zeros."]
    for k, token in enumerate(tokens, 1):
        state = subscript("h", k)
        if data.return_sequences:
            kept = f"returned as seq[:, {k - 1 if k < count else -1}]"
        else:
            kept = "returned as output" if k == count else "used by the next step, not returned"
        captions.append(f"Step {k} of {count}: reads “{token}”, gives {state}: {kept}.")
    states = [r.name for r in data.results[1:]]
    if states:
        captions[-1] = captions[-1][:-1] + f"; {' and '.join(states)} returned as well."
    if data.head:
        each = "each vector" if data.return_sequences and count > 1 else "the last state"
        captions.append(f"{data.head}: one set of weights makes scores of {each}.")
    return captions


def outputs_table(
    data: Outputs, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per timestep: the word, the states after it, whether returned, and the scores."""
    table = timestep_columns(tokens, ids) | vector_columns("x", data.states.inputs, widest)
    table |= state_columns("", data.states, widest)
    table["returned"] = data.states.returned.tolist()
    if data.scores is not None:
        table |= vector_columns("class", at_the_end(data.scores, len(tokens)), widest)
    return table
