"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

from seqviz.lessons.padding.compute import Fate, Padding, padded_tokens
from seqviz.readout.table import Table, vector_columns


def padding_captions(data: Padding) -> list[str]:
    """Say what happens to the mask at each step of the picture: the batch, then each layer."""
    batch, steps = data.ids.shape
    padded = int((~data.real).sum())
    side = "after" if data.config.padding == "post" else "before"
    first = (
        f"pad_sequences makes one batch of {batch} × {steps}: "
        f"{padded} padding {'id' if padded == 1 else 'ids'}, 0, {side} the words."
    )
    captions = [first]
    for stage in data.stages:
        shape = str(stage.values.shape)
        captions.append(f"{stage.layer} returns {shape}. {_EFFECTS[stage.fate].format(stage.name)}")
    if data.config.zero_output_for_mask and data.stages[1].fate == "carried":
        captions[2] += " zero_output_for_mask makes its output 0 at padded steps."
    return captions


_EFFECTS: dict[Fate, str] = {
    "made": "It makes the mask: False where the id is 0. Row 0 is looked up all the same.",
    "none": "There is no mask.",
    "carried": "The mask goes on with it, unchanged.",
    "used up": "It skips padded steps; no timesteps are left, so no mask goes on.",
    "lost": "The mask is lost here, and Keras warns.",
}


def padding_table(
    data: Padding, tokens: Sequence[Sequence[str]], *, widest: int | None = None
) -> Table:
    """One row per step of a sentence: its id, its mask after each layer, h with and without mask.

    Args:
        data: What `compute_padding` made.
        tokens: Of each sentence, without padding.
        widest: Columns to give at most to one vector; all if None.
    """
    batch, steps = data.ids.shape
    table: Table = {
        "sentence": [b + 1 for b in range(batch) for _ in range(steps)],
        "timestep": [t + 1 for _ in range(batch) for t in range(steps)],
        "token": [word for row in padded_tokens(tokens, data.real) for word in row],
        "id": list(data.ids.ravel().tolist()),
    }
    for stage in data.stages:
        if stage.mask is not None:
            table[f"mask after {stage.name}"] = list(stage.mask.ravel().tolist())
    for name, values in (("h, masked", data.with_mask), ("h, no mask", data.without_mask)):
        table |= vector_columns(f"{name} ", values.reshape(batch * steps, -1), widest)
    return table
