"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.compare.compute import Memory
from seqviz.readout.numbers import magnitude
from seqviz.readout.table import Table, processed_columns


def memory_captions(several: Sequence[Memory], tokens: Sequence[str]) -> list[str]:
    """Say at each step what every layer still has of the changed word; step 0 is before the first.

    Args:
        several: What `compute_memory` made, of each layer.
        tokens: ``(timesteps,)``, in the order of the sentence.
    """
    order = several[0].timesteps.tolist()
    captions = ["Before the first word: every state is the same in both sentences."]
    for k, t in enumerate(order):
        left = ", ".join(f"{memory.cell} {magnitude(memory.difference[k])}" for memory in several)
        captions.append(
            f"Step {k + 1} of {len(order)}, after “{tokens[t]}”: what is left of word 1 in h is {left}."
        )
    return captions


def what_was_set(radius: float | None, gate_bias: int) -> str:
    """What the layers are like, in Markdown: without it a picture of random weights misleads."""
    start = "All weights here are **random**: nothing is trained. "
    if radius is None and not gate_bias:
        return start + (
            "As Keras builds them the SimpleRNN keeps word 1 best: its recurrent kernel is orthogonal, "
            "which changes no length, and its inputs are so small that tanh is nearly a line. Gates "
            "stand half open, so they forget. Training opens gates; a kernel does not stay orthogonal."
        )
    kernel = (
        "the recurrent kernels are as built"
        if radius is None
        else f"each recurrent kernel is scaled to a spectral radius of {radius:g}: used step after step, it "
        f"makes a state about {radius:g} times as long each time"
    )
    gates = (
        f"the bias of the gates that keep the state is raised by {gate_bias}, which opens them"
        if gate_bias
        else "no gate is changed"
    )
    return (
        f"{start}By hand, {kernel}; and {gates}: each forgets word 1 at its own pace. "
        "A line says how far the state is from that of the same sentence with another word 1; where "
        "it rises, an open gate keeps the difference, and the layer adds to it."
    )


def memory_table(several: Sequence[Memory], tokens: Sequence[str], ids: Sequence[int]) -> Table:
    """One row per step: what was read, and how far apart the states of both samples are.

    Args:
        several: What `compute_memory` made, of each layer.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
    """
    order = several[0].timesteps.tolist()
    table: Table = {"step": list(range(1, len(order) + 1))}
    table |= processed_columns(order, tokens, ids)
    for memory in several:
        table[f"‖h - h'‖ {memory.cell}"] = memory.difference.tolist()
        if memory.cell_difference is not None:
            table[f"‖c - c'‖ {memory.cell}"] = memory.cell_difference.tolist()
    return table
