"""Captions and tables of the pictures of stacks, both directions and outputs: their text twins."""

from collections.abc import Sequence

from seqviz.lessons.stacks.compute import BothDirections, Stack
from seqviz.readout.table import Table, at_the_end, state_columns, timestep_columns, vector_columns
from seqviz.wording import counted, subscript


def stack_captions(data: Stack, tokens: Sequence[str], *, order: str = "timestep") -> list[str]:
    """Say what each step of a stack computes; step 0 is before the first."""
    count, layers = len(tokens), len(data.layers)
    begin = f"Nothing computed yet: the state of {counted(layers, 'layer')} starts at zeros."
    each = "it " if layers == 1 else "each "
    refused = f" Keras refused {data.refused[0]} above it." if data.refused else ""
    if order == "timestep":
        return [
            begin,
            *(
                f"Step {t} of {count}: “{token}” goes up through {counted(layers, 'layer')}; {each}"
                f"reads its own {subscript('h', t - 1)} too, and gives its own "
                f"{subscript('h', t)}.{refused}"
                for t, token in enumerate(tokens, 1)
            ),
        ]
    captions = [begin]
    for depth, name in enumerate(data.names):
        reads = "x" if depth == 0 else f"{data.names[depth - 1]}'s h"
        captions += [
            f"Step {depth * count + t} of {layers * count}: {name} reads "
            f"{subscript(reads, t)} and its {subscript('h', t - 1)}."
            for t in range(1, count + 1)
        ]
    return captions


def bidirectional_captions(data: BothDirections, tokens: Sequence[str]) -> list[str]:
    """Say what both directions compute at each step; the last step is the merge."""
    count = len(tokens)
    captions = ["Nothing computed yet: both directions start at zeros."]
    captions += [
        f"Step {k} of {count + 1}: forward reads “{tokens[k - 1]}”, "
        f"backward reads “{tokens[count - k]}”."
        for k in range(1, count + 1)
    ]
    how = "both are returned, unmerged" if data.merge_mode is None else data.merge_mode
    where = (
        "at every timestep the two states of that timestep meet"
        if data.return_sequences
        else f"forward after “{tokens[-1]}” meets backward after “{tokens[0]}”"
    )
    return [*captions, f"Step {count + 1} of {count + 1}: {where}: {how}."]


def stack_table(
    data: Stack, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per timestep: the word, its vector, and the state of every layer after it."""
    table = timestep_columns(tokens, ids) | vector_columns("x", data.layers[0].inputs, widest)
    for name, layer in zip(data.names, data.layers, strict=True):
        table |= state_columns(f"{name} ", layer, widest)
    return table


def bidirectional_table(
    data: BothDirections, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per timestep: the word, both directions' states there, and what is returned."""
    table = timestep_columns(tokens, ids) | vector_columns("x", data.forward.inputs, widest)
    table |= state_columns("forward ", data.forward, widest) | state_columns(
        "backward ", data.backward, widest
    )
    return table | vector_columns("output", at_the_end(data.outputs, len(tokens)), widest)
