"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from seqviz.cells import sigmoid
from seqviz.lessons.compare.compute import GONE, GROWN, HELD, Memory
from seqviz.readout.numbers import magnitude, power, whole
from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.ui.markdown import typed
from seqviz.vocabulary import PAD_ID
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
    "grown. The lines compare each layer with itself: ± gives the actual size "
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
    first, rest = typed(tokens[0]), "".join(f" {typed(token)}" for token in tokens[1:_SAID])
    other = f"another word (id {other_id})" if other_id != PAD_ID else "padding (id 0)"
    more = " …" if len(tokens) > _SAID else ""
    return (
        f"Each layer reads “**{first}**{rest}{more}” and “**X**{rest}{more}”, where X is {other}. As long as its "
        "state on the one differs from that on the other, it still holds something of word 1."
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


def why_it_is_so(
    several: Sequence[Memory], radius: float | None, gate_bias: int, activation: str
) -> str:
    """How much a layer without a gate keeps at each step, and those with one.

    Args:
        several: What `compute_memory` made, of each layer.
        radius: Spectral radius that the recurrent kernels were given; None if they are as built.
        gate_bias: What was added to the bias of the gates that keep.
        activation: Of all layers.
    """
    update, forget = _gates(gate_bias)
    added = f"With {whole(gate_bias)} added to its bias" if gate_bias else "As Keras builds it,"
    gates = (
        "A **GRU** and an **LSTM** have a gate that says how much of the old state is kept: 1 keeps all of it, 0 "
        f"nothing. {added} it is about {update:.2f} in the GRU (its update gate) and {forget:.2f} in the LSTM "
        "(its forget gate)."
    )
    said = [
        "A **SimpleRNN** has no gate: at each step all of its state goes through the recurrent kernel"
        f"{_kernel_does(several, radius, activation)}",
        gates,
    ]
    grown = [memory.cell for memory in several if memory.left[-1] > GROWN]
    if grown:
        said.append(
            f"The difference has **grown** in the {' and the '.join(grown)}: it is louder than after word 1, which is no "
            "better memory. It tells no more of word 1."
        )
    return "\n".join(f"- {one}" for one in said)


def where_it_comes_from(several: Sequence[Memory], radius: float | None, gate_bias: int) -> str:
    """Of what the numbers are made, for whoever asks.

    Args:
        several: What `compute_memory` made, of each layer.
        radius: Spectral radius that the recurrent kernels were given; None if they are as built.
        gate_bias: What was added to the bias of the gates that keep.
    """
    more = len(several[0].left) - 1
    update, forget = _gates(gate_bias)
    said = [
        "Keras begins the bias of an LSTM's forget gate at 1, that of a GRU's update gate at 0: sigmoid"
        f"({whole(gate_bias + 1)}) ≈ {forget:.2f} and sigmoid({whole(gate_bias)}) ≈ {update:.2f}. What is read and what is remembered "
        "move the gates from there."
    ]
    if radius is not None:
        said.append(
            "Keras makes a recurrent kernel orthogonal: by itself it changes no length. A GRU and an LSTM have one "
            "for each gate and one for what they would add: each is scaled to a spectral radius of "
            f"{radius:g} by itself."
        )
    left = {memory.cell: memory.left for memory in several}
    if more > 1 and {"GRU", "LSTM"} <= left.keys() and left["GRU"][0] and left["LSTM"][0]:
        alone = _of_both(update**more, forget**more)
        there_is = _of_both(left["GRU"][-1], left["LSTM"][-1])
        rest = ": what differs comes of **h**, of which each step also makes its gates and what it adds"
        said.append(
            f"Alone, these gates would leave {alone} after {more} more steps. It is {there_is}"
            f"{rest if there_is != alone else ''}."
        )
    first = {memory.cell: float(np.abs(memory.change[0]).max()) for memory in several}
    if gate_bias >= _OPEN and 0 < first.get("GRU", 0) < first.get("SimpleRNN", 0):
        said.append(
            "The GRU has one gate for both: what it keeps of the old state, it does not take of the new. So little "
            f"of word 1 comes in: it changes the GRU's numbers by {magnitude(first['GRU'])} at most, those of the "
            f"SimpleRNN by {magnitude(first['SimpleRNN'])}."
        )
    return "\n".join(f"- {one}" for one in said)


def _gates(gate_bias: int) -> list[float]:
    """Where the update gate of a GRU and the forget gate of an LSTM stand, by their bias alone."""
    return sigmoid(np.array([gate_bias, gate_bias + 1], np.float64)).tolist()


def _of_both(gru: float, lstm: float) -> str:
    return f"{magnitude(gru)} in the GRU and {magnitude(lstm)} in the LSTM"


def what_was_set(radius: float | None, gate_bias: int) -> str:
    """What the layers are like: without it random weights mislead.

    Args:
        radius: Spectral radius that the recurrent kernels were given; None if they are as built.
        gate_bias: What was added to the bias of the gates that keep.
    """
    by_hand = []
    if gate_bias:
        by_hand.append(f"{whole(gate_bias)} is added to the bias of the gates that keep")
    if radius is not None:
        by_hand.append(f"each recurrent kernel is scaled to a spectral radius of {radius:g}")
    but = f" But by hand, {' and '.join(by_hand)}." if by_hand else ""
    return f"Nothing is trained: the weights are **random**.{but} A gate **can** keep; training must open it."


def _kernel_does(several: Sequence[Memory], radius: float | None, activation: str) -> str:
    """What the recurrent kernel of a SimpleRNN does to a difference, step after step; Keras's is orthogonal."""
    more = len(several[0].left) - 1
    if radius is None:
        said = ". Keras makes it orthogonal: by itself it changes no length"
        left = next((memory.left for memory in several if memory.cell == "SimpleRNN"), None)
        if activation == "linear" or left is None or not left[0] or more < 1:
            return f"{said}."
        return f"{said}. At each step {activation} may take some: after {more} more {magnitude(left[-1])} is left."
    said = f", which here makes a difference at most {radius:g} times as long"
    if more > 1:
        said += (
            f". After {more} more steps: {power(radius, more)} ≈ {magnitude(radius**more)} times"
        )
    return f"{said}."


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
