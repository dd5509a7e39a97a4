"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.state.compute import GIVEN, KEPT, RESET, ZEROS, Dropped, Runs, last_columns
from seqviz.readout.table import Table, processed_columns, vector_columns


def runs_captions(data: Runs, tokens: Sequence[str], *, by_call: bool) -> list[str]:
    """Say what happens at each step of the player; step 0 is before the first.

    Args:
        data: What `compute_stateful` or `compute_initial_state` made.
        tokens: ``(timesteps,)``.
        by_call: Whether a step is a whole call of the layer, else a timestep.
    """
    columns = last_columns(data, by_call=by_call)
    captions = [f"Before the first word: {_starting(data, 0)}."]
    count = len(columns) - 1
    for number, (before, column) in enumerate(pairwise(columns), 1):
        call = int(data.calls[column])
        new = number > 1 and data.calls[before] != call
        start = f"{_starting(data, call)}; " if new else ""
        if by_call:
            steps = data.timesteps[before + 1 : column + 1]
            steps = steps[steps >= 0]
            read = f"timesteps {steps[0] + 1} to {steps[-1] + 1} are read"
            if len(steps) == 1:
                read = f"timestep {steps[0] + 1} is read"
            what = f"Call {number} of {count}"
        else:
            word = f"“{tokens[data.timesteps[column]]}”"
            read = f"{word} is padding" if data.skipped[column] else f"{word} is read"
            what = f"Step {number} of {count}{f', call {call + 1}' if new else ''}"
        captions.append(f"{what}: {start}{read}. {_distances(data, column)}.")
    return captions


def _starting(data: Runs, call: int) -> str:
    """Where the runs' first states are from, said once where it is the same."""
    words = {
        ZEROS: "from zeros",
        KEPT: "from the state it kept",
        RESET: "from zeros, after reset_state()",
        GIVEN: "from the state it was given",
    }
    starts = [(starts[call], label) for label, starts in zip(data.labels, data.starts, strict=True)]
    if len({start for start, _ in starts}) == 1:
        return f"both start {words[starts[0][0]]}"
    (start, label), *others = starts
    said = [
        f"{label} starts {words[start]}",
        *(f"{label} {words[start]}" for start, label in others),
    ]
    return ", ".join(said)


def _distances(data: Runs, column: int) -> str:
    each = [
        f"{label} {_off(distance)}"
        for label, distance in zip(data.labels, data.distances[:, column].tolist(), strict=True)
        if label != data.reference
    ]
    return f"Difference from {data.reference}: {', '.join(each)}"


def _off(distance: float) -> str:
    """A distance; what is only rounding is none."""
    return "none" if distance < 1e-6 else f"up to {distance:.4f}"


def dropped_captions(data: Dropped, tokens: Sequence[str], *, gate: int = 0) -> list[str]:
    """Say what each step with dropout reads; step 0 is before the first.

    Args:
        data: What `compute_dropout` made.
        tokens: ``(timesteps,)``.
        gate: Whose mask.
    """
    features = _listed("feature", data.input_masks[gate])
    units = _listed("unit", data.state_masks[gate])
    count = len(data.inputs)
    return [
        "Before the first word: both start from zeros. The masks are drawn now, once.",
        *(
            f"Step {k} of {count}: “{token}” is read {features}, the last state {units}."
            for k, token in enumerate(tokens[:count], 1)
        ),
    ]


def _listed(what: str, mask: Floats) -> str:
    gone = np.flatnonzero(mask == 0).tolist()
    if not gone:
        return "in full"
    if len(gone) > 8:
        return f"without {len(gone)} of {len(mask)} {what}s"
    return f"without {what}{'s' if len(gone) > 1 else ''} {', '.join(map(str, gone))}"


def runs_table(
    data: Runs, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per column of the picture: the call, the word, and the states of each run.

    Args:
        data: What `compute_stateful` or `compute_initial_state` made.
        tokens: ``(timesteps,)``.
        ids: ``(timesteps,)``.
        widest: Columns to give at most to one vector; all if None.
    """
    steps = data.timesteps.tolist()
    table: Table = {"call": (data.calls + 1).tolist()}
    table |= processed_columns(steps, tokens, ids)
    for run, label in enumerate(data.labels):
        if label != data.reference:
            table[f"{label}: difference"] = data.distances[run].tolist()
        for symbol, states in (("h", data.hidden), ("c", data.cell_states)):
            if states is not None:
                table |= vector_columns(f"{label}: {symbol}", states[run], widest)
    return table


def dropped_table(
    data: Dropped,
    tokens: Sequence[str],
    ids: Sequence[int],
    *,
    gate: int = 0,
    widest: int | None = None,
) -> Table:
    """One row per step, the start first: what was read of the input, and the states.

    Args:
        data: What `compute_dropout` made.
        tokens: ``(timesteps,)``.
        ids: ``(timesteps,)``.
        gate: Whose mask.
        widest: Columns to give at most to one vector; all if None.
    """
    count = len(data.inputs)
    table: Table = {
        "step": list(range(count + 1)),
        "token": ["", *tokens[:count]],
        "id": [None, *(int(i) for i in ids[:count])],
    }
    read = np.vstack([np.full_like(data.inputs[:1], np.nan), data.inputs * data.input_masks[gate]])
    return (
        table
        | vector_columns("x·mask", read, widest)
        | vector_columns("training: h", data.training, widest)
        | vector_columns("inference: h", data.inference, widest)
    )
