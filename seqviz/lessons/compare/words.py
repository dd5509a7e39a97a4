"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence
from typing import Final

from seqviz.lessons.compare.compute import Memory
from seqviz.readout.numbers import magnitude
from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.ui.markdown import typed

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
            f"Step {k + 1} of {len(order)}, after “{tokens[t]}”: the difference that word 1 still "
            f"makes (1 is as right after word 1): {left_in_words(several, k)}."
        )
    return captions


def left_in_words(several: Sequence[Memory], step: int) -> str:
    """What difference the changed word makes to each layer after a step, such as ``GRU 0.72``."""
    return ", ".join(f"{memory.cell} {magnitude(memory.left[step])}" for memory in several)


_STRIPS_AND_LINES: Final = (
    "**Strips**: how its two states differ, a row for each number of the state; white is no difference, and "
    "the number after ± has the deepest colour.\n\n"
    "**Lines**: how large that difference is (its length, the norm), compared with after word 1: **1** is the "
    "same, below it is forgotten, above it has grown. While it is there, the state can tell word 1 from another. "
    "It can grow, since an LSTM adds to its memory **c** at "
    "every step, and what it adds depends on its state **h**."
)


def how_to_read(tokens: Sequence[str], other_id: int | None) -> str:
    """Which two sentences are read, and what the strips and lines are of them.

    Args:
        tokens: ``(timesteps,)``, in the order of the sentence.
        other_id: What the first id is changed to in the other one; None if they are the same.
    """
    if other_id is None:
        return f"Each layer reads the same sentence twice.\n\n{_STRIPS_AND_LINES}"
    first, rest = typed(tokens[0]), " ".join(map(typed, tokens[1:_SAID]))
    more = " …" if len(tokens) > _SAID else ""
    return (
        f"Each layer reads two sentences that differ in word 1 only: “**{first}** {rest}{more}” and "
        f"“**X** {rest}{more}”, where X is another word (id {other_id}).\n\n{_STRIPS_AND_LINES}"
    )


def what_was_set(radius: float | None, gate_bias: int) -> str:
    """What the layers are like: without it random weights mislead."""
    start = "Nothing is trained: all weights are **random**. "
    if radius is None and not gate_bias:
        return start + (
            "As Keras builds them, the SimpleRNN keeps word 1 best: its recurrent kernel is orthogonal, "
            "which changes no length, and its inputs are so small that tanh is nearly a line. Gates "
            "stand half open, so they forget. Training opens gates; a kernel does not stay orthogonal."
        )
    kernel = (
        "The recurrent kernels are as built."
        if radius is None
        else "The recurrent kernels were scaled by hand, to a spectral radius of "
        f"{radius:g}: in a SimpleRNN a difference becomes {'at most ' if radius > 1 else ''}about {radius:g} times "
        "as long at each step."
    )
    kernel = f"\n\n{kernel}"
    said = f"{start}A **keeping gate** is a number between 0 and 1 that says how much of the state is kept."
    if not gate_bias:
        return f"{said} It is as built.{kernel}"
    said += (
        f" By hand, {gate_bias} was added to its bias: of a GRU this is the update gate, of an "
        "LSTM the forget gate."
    )
    if gate_bias < _OPEN:
        return said + kernel
    return (
        f"{said} So it stands near 1. A GRU that keeps nearly all of its state lets little in: there word 1 "
        f"makes a small difference, which stays.{kernel}"
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
