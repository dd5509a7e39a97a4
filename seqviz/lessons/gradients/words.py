"""What the pictures of memory and of gradients show, in words and as tables."""

from collections.abc import Sequence

import numpy as np

from seqviz.lessons.gradients.data import Gradients, norms
from seqviz.readout.numbers import magnitude, scientific
from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.wording import counted, subscript


def target(data: Gradients) -> str:
    """What of a state the gradient is of, such as ``the sum`` or ``unit 1``."""
    return data.output if data.output.startswith("unit") else f"the {data.output}"


def how_to_read(data: Gradients) -> str:
    """What a bar of the picture says, in Markdown."""
    return (
        f"**L** is {target(data)} of the filled state, {subscript('h', data.taken_at)}; in a training it "
        "would be the loss. A bar says how much L depends on the state or the word of its column: how much L changes when that changes a little. "
        "This is its **gradient**, ∂L/∂h or ∂L/∂x. Where L hardly depends on a word, training hardly "
        "learns from it. Mind the scale: each line is ten times the one below, or more."
    )


def what_marks_mean(data: Gradients) -> str:
    """What the crosses stand for, where the picture has any."""
    drawn = (data.hidden, data.inputs, data.cell_states)
    if all(norms(values).all() for values in drawn if values is not None):
        return ""
    return "A cross stands for exactly 0, which has no place on a log scale."


def why_it_changes(units: int, radii: str) -> str:
    """What the signs mean, and what a gradient passes on its way, in Markdown."""
    return (
        "On its way back the gradient passes the **recurrent kernel** once a timestep. In the long run "
        "the kernel's **spectral radius** says what that does: below 1 what passes gets shorter each "
        f"time, above 1 longer. Here it, the kernel's largest |eigenvalue|, is {radii}. tanh only ever "
        "makes it shorter.  \n"
        "In signs: **∂L/∂h** says how much L changes when one number of h changes a little, so it has "
        f"{counted(units, 'number')} as h has. **‖ ‖** is their length together, the norm: the root of the "
        "sum of their squares. The bars are these lengths."
    )


def gradient_captions(data: Gradients, tokens: Sequence[str]) -> list[str]:
    """Say how far the gradient has come at each step back; step 0 is where it starts.

    Args:
        data: What `compute_gradients` made.
        tokens: ``(timesteps,)``, in the order of the sentence.
    """
    sizes, inputs = norms(data.hidden), norms(data.inputs)
    last = len(inputs)
    start = f"L is {target(data)} of {subscript('h', data.taken_at)}"
    if not sizes[data.taken_at]:
        start += ", which is zero, so nothing flows"
    captions = []
    for k in range(last, -1, -1):
        size = f"the gradient at {subscript('h', k)} is {magnitude(sizes[k])}"
        if k == last:
            captions.append(f"Start: {start}; {size}.")
            continue
        word = f"“{tokens[data.timesteps[k]]}”"
        if k >= data.taken_at:
            what = f"{word} comes after L was taken, so nothing reaches it: {size}"
        elif data.skipped[k]:
            what = f"{word} is masked, so nothing changes: {size}"
        else:
            ratio = sizes[k] / sizes[k + 1] if sizes[k + 1] else np.nan
            share = (
                f", {magnitude(ratio)} times that at {subscript('h', k + 1)}"
                if np.isfinite(ratio)
                else ""
            )
            to_input = f"at {subscript('x', k + 1)}, its vector, {magnitude(inputs[k])}"
            what = f"past {word}: {size}{share}; {to_input}"
        captions.append(f"Back {last - k} of {last}, {what}.")
    return captions


def gradient_table(
    data: Gradients, tokens: Sequence[str], ids: Sequence[int], *, widest: int | None = None
) -> Table:
    """One row per step, the initial state first: the norms, and the gradients themselves.

    Args:
        data: What `compute_gradients` made.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
        widest: Columns to give at most to one vector; all if None.
    """
    order = data.timesteps.tolist()
    table: Table = {"step": list(range(len(order) + 1))}
    table |= processed_columns([-1, *order], tokens, ids)
    table["‖∂L/∂h‖"] = norms(data.hidden).tolist()
    if data.cell_states is not None:
        table["‖∂L/∂c‖"] = norms(data.cell_states).tolist()
    table["‖∂L/∂x‖"] = [None, *norms(data.inputs).tolist()]
    return table | vector_columns("∂L/∂h", data.hidden, widest)


def radii_text(radii: Sequence[float], gates: Sequence[str]) -> str:
    """The spectral radius of each block, named."""
    if not gates:
        return f"{radii[0]:.2f}"
    return ", ".join(f"{gate} {radius:.2f}" for gate, radius in zip(gates, radii, strict=True))


def equal_to_tape(difference: float) -> str:
    """Say how far each gradient is from what TensorFlow makes of the next one, in Markdown."""
    how = "bit for bit" if difference == 0 else f"within {scientific(difference)} of their size"
    return (
        ":material/verified: Every gradient equal to what TensorFlow's tape through Keras's own "
        f"cell makes of the one after it, {how}."
    )
