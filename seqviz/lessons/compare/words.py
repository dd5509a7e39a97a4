"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence
from math import exp
from typing import Final

from seqviz.lessons.compare.compute import GONE, HELD, Memory
from seqviz.readout.numbers import magnitude
from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.ui.markdown import typed
from seqviz.wording import counted

_OPEN: Final = 3  # added to a gate's bias, from which on it stands near 1
_SAID: Final = 3  # words of a sentence: enough to know it by


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
            f"Step {k + 1} of {len(order)}, after “{tokens[t]}”. If the difference was 1 after word 1, it is "
            f"now: {left_in_words(several, k)}."
        )
    return captions


def left_in_words(several: Sequence[Memory], step: int) -> str:
    """What difference the changed word makes to each layer after a step, such as ``LSTM h 4.2 and c 4.3``."""
    said = []
    for memory in several:
        c = "" if memory.cell_left is None else f" and c {magnitude(memory.cell_left[step])}"
        h = "h " if c else ""
        said.append(f"{memory.cell} {h}{magnitude(memory.left[step])}{c}")
    return ", ".join(said)


STRIPS_AND_LINES: Final = (
    "**Strips**: a layer's state on the first sentence minus its state on the second, a row for each number of it. "
    "White is no difference. Each strip has a scale of its own: the number after ± is the largest of its first "
    "column. Beyond it the colour stays at its deepest: read growth from the lines.\n\n"
    "**Lines**: how large the numbers of a column are together (their norm), compared with the first column. On "
    "the line **as after word 1** the difference has kept its size; below, it is being forgotten; above, it has "
    "grown, which is no better memory. It can grow, since an LSTM adds to its memory **c** at every step, and "
    "what it adds depends on its state **h**. The lines compare each layer with itself; ± gives the actual size "
    "after word 1."
)


def which_sentences(tokens: Sequence[str], other_id: int | None) -> str:
    """Which two sentences are read.

    Args:
        tokens: ``(timesteps,)``, in the order of the sentence.
        other_id: What the first id is changed to in the other one; None if they are the same.
    """
    if other_id is None:
        return "Each layer reads the same sentence twice."
    first, rest = typed(tokens[0]), " ".join(map(typed, tokens[1:_SAID]))
    more = " …" if len(tokens) > _SAID else ""
    return (
        f"Each layer reads two sentences: “**{first}** {rest}{more}” and “**X** {rest}{more}”, where X is "
        f"another word (id {other_id})."
    )


def who_remembers(several: Sequence[Memory]) -> str:
    """Which layers have lost word 1 in the end, and which still have most of it; may be empty."""
    lost = [memory.cell for memory in several if memory.left[-1] < GONE and memory.left[0]]
    kept = [memory.cell for memory in several if memory.left[-1] >= HELD]
    said = [
        f"**{what}** by {' and '.join(f'the {cell}' for cell in cells)}"
        for cells, what in ((lost, "nearly forgotten"), (kept, "still held"))
        if cells
    ]
    steps = counted(len(several[0].left), "timestep")
    return f"After {steps} word 1 is {', and '.join(said)}." if said else ""


def what_was_set(radius: float | None, gate_bias: int) -> str:
    """What the layers are like: without it random weights mislead."""
    if radius is None and not gate_bias:
        return (
            "Nothing is trained: all weights are **random**. "
            "As Keras builds them, the SimpleRNN keeps word 1 best: its recurrent kernel is orthogonal, "
            "which changes no length, and its inputs are so small that tanh is nearly a line. Gates "
            "stand half open, so they forget. Training opens gates; a kernel does not stay orthogonal."
        )
    return "\n".join(
        [
            "Nothing is trained: all weights are **random**, with these exceptions:",
            "",
            "- **The gates that keep**, numbers between 0 and 1: the update gate of a GRU, the forget gate of "
            f"an LSTM. {_gates_set(gate_bias)}",
            f"- **The weights on an old state**, the recurrent kernels. {_kernels_set(radius)}",
        ]
    )


def _gates_set(bias: int) -> str:
    if not bias:
        return "These are as built, half open."
    said = f"{bias} was added to their bias"
    if bias < _OPEN:
        return f"{said}."
    return (
        f"{said}, so they stand near 1: about {_sigmoid(bias):.2f} in the GRU and {_sigmoid(bias + 1):.2f} in the "
        f"LSTM, whose bias starts from 1. A GRU that keeps nearly all of its state lets little in: there word 1 "
        "makes a small difference, which stays."
    )


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


def _kernels_set(radius: float | None) -> str:
    if radius is None:
        return "These are as built."
    return (
        f"They were scaled to a spectral radius of {radius:g} in all three layers: in the SimpleRNN a difference "
        f"becomes {'at most ' if radius > 1 else ''}about {radius:g} times as large at each step."
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
