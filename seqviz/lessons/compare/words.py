"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence
from typing import Final

from seqviz.lessons.compare.compute import Memory
from seqviz.readout.numbers import magnitude
from seqviz.readout.table import Table, processed_columns, vector_columns


def memory_captions(several: Sequence[Memory], tokens: Sequence[str]) -> list[str]:
    """Say at each step what difference the changed word still makes; step 0 is before the first.

    Args:
        several: What `compute_memory` made, of each layer.
        tokens: ``(timesteps,)``, in the order of the sentence.
    """
    order = several[0].timesteps.tolist()
    captions = ["Before the first word: every state is the same in both sentences."]
    for k, t in enumerate(order):
        captions.append(
            f"Step {k + 1} of {len(order)}, after “{tokens[t]}”: the difference that word 1 still "
            f"makes (1 is as right after word 1): {left_in_words(several, k)}."
        )
    return captions


def left_in_words(several: Sequence[Memory], step: int) -> str:
    """What difference the changed word makes to each layer after a step, such as ``GRU 0.72``."""
    return ", ".join(f"{memory.cell} {magnitude(memory.left[step])}" for memory in several)


HOW_TO_READ: Final = (
    "Each layer reads two sentences that differ in word 1 only. **A strip shows how its two states differ**, "
    "a row for each number of the state: white where they are equal, in full colour where they differ by "
    "the ± on the left. **A line says how long that difference is**, against what it was after word 1: "
    "**1** is all of it; below it the layer forgets, above it the difference has grown, since a layer reads "
    "its own state. An LSTM has two: **h**, the state that it hands on, and "
    "**c**, dotted: the memory inside it, of which h is made."
)


def what_was_set(radius: float | None, gate_bias: int) -> str:
    """How to read the lines, and what the layers are like: without it random weights mislead."""
    start = HOW_TO_READ + "\n\nNothing is trained: all weights are **random**. "
    if radius is None and not gate_bias:
        return start + (
            "As Keras builds them, the SimpleRNN keeps word 1 best: its recurrent kernel is orthogonal, "
            "which changes no length, and its inputs are so small that tanh is nearly a line. Gates "
            "stand half open, so they forget. Training opens gates; a kernel does not stay orthogonal."
        )
    kernel = (
        "the recurrent kernels are as built"
        if radius is None
        else f"each recurrent kernel was scaled so that it makes a state about {radius:g} times as long at "
        "each step (its spectral radius)"
    )
    gates = (
        f"{gate_bias} was added to the bias in the sum that makes it, which opens it"
        if gate_bias
        else "none was changed"
    )
    return (
        f"{start}By hand, {kernel}. A **gate** is a number between 0 and 1 that says how much of the state "
        f"is kept; {gates}."
    )


def memory_table(
    several: Sequence[Memory],
    tokens: Sequence[str],
    ids: Sequence[int],
    *,
    widest: int | None = None,
) -> Table:
    """One row per step: what was read, how the states of both samples differ, and how far.

    Args:
        several: What `compute_memory` made, of each layer.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
        widest: Columns to give at most to one vector; all if None.
    """
    order = several[0].timesteps.tolist()
    table: Table = {"step": list(range(1, len(order) + 1))}
    table |= processed_columns(order, tokens, ids)
    for memory in several:
        table |= vector_columns(f"h - h' {memory.cell}", memory.change, widest)
        table[f"‖h - h'‖ {memory.cell}"] = memory.difference.tolist()
        table[f"left in h, {memory.cell}"] = memory.left.tolist()
        if (
            memory.cell_change is not None
            and memory.cell_difference is not None
            and memory.cell_left is not None
        ):
            table |= vector_columns(f"c - c' {memory.cell}", memory.cell_change, widest)
            table[f"‖c - c'‖ {memory.cell}"] = memory.cell_difference.tolist()
            table[f"left in c, {memory.cell}"] = memory.cell_left.tolist()
    return table
