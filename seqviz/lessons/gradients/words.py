"""What the pictures of memory and of gradients show, in words and as tables."""

from collections.abc import Sequence

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.gradients.data import Gradients, norms
from seqviz.plotly_kit.logscale import log_scale
from seqviz.readout.numbers import magnitude, power_of_ten, scientific
from seqviz.readout.table import Table, processed_columns, vector_columns
from seqviz.wording import counted, subscript

_VANISHED, _EXPLODED = 0.05, 20.0  # of what it was where L is taken


def _drawn(data: Gradients) -> list[Floats]:
    """The lengths that the picture draws, of each kind."""
    kinds = (data.hidden, data.inputs, data.cell_states)
    return [norms(values) for values in kinds if values is not None]


def target(data: Gradients) -> str:
    """What of a state the gradient is of, such as ``the sum`` or ``unit 1``."""
    return data.output if data.output.startswith("unit") else f"the {data.output}"


def how_to_read(data: Gradients) -> str:
    """What a bar of the picture says, in Markdown."""
    return (
        f"**L** is {target(data)} of the filled state, {subscript('h', data.taken_at)}; in a training it "
        "would be the loss. A bar says how much L changes when the state or the word of its column changes a "
        f"little. This is its **gradient**, ∂L/∂h or ∂L/∂x. Mind the scale: each line is {_times(data)} times the "
        f"one below.\n\n{_what_becomes_of_it(data)}"
    )


def _times(data: Gradients) -> str:
    """How many times as much a line of the picture's scale is as the one below."""
    apart = log_scale(*_drawn(data)).apart
    return f"{10**apart:,}" if apart <= 3 else power_of_ten(apart)


def _what_becomes_of_it(data: Gradients) -> str:
    """What has become of the gradient at the first state, and what training makes of that.

    Of an LSTM the larger share counts: what is lost in h may go on in c.
    """
    kinds = [norms(values) for values in (data.hidden, data.cell_states) if values is not None]
    share = max(
        (sizes[0] / sizes[data.taken_at] for sizes in kinds if sizes[data.taken_at]), default=np.nan
    )
    if not np.isfinite(share):
        return "Training changes weights by gradients."
    if share < _VANISHED:
        return (
            "Here it **vanishes** on its way back. Training changes weights by gradients, so it hardly learns "
            "from the first words."
        )
    if share > _EXPLODED:
        return (
            "Here it **explodes** on its way back. Training changes weights by gradients, so one early word "
            "would change them far too much."
        )
    return (
        "Here it is **kept** on its way back, more or less. Training changes weights by gradients, so it can "
        "learn from the first words as well."
    )


def what_marks_mean(data: Gradients) -> str:
    """What the crosses stand for, where the picture has any."""
    if all(sizes.all() for sizes in _drawn(data)):
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
            to_input = f"Right of it, {word}: {magnitude(inputs[k])}"
            what = f"past {word}: {size}{share}. {to_input}"
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
