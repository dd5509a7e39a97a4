"""What the lesson says: a caption per step, and the picture's numbers as a table."""

from collections.abc import Sequence

import numpy as np

from seqviz.lessons.layer.compute import LayerParts
from seqviz.readout.table import Table, vector_columns
from seqviz.wording import counted


def layer_captions(data: LayerParts) -> list[str]:
    """Say what each step of the layer's life does; step 0 is before `build`."""
    size, features = data.weights.shape
    count = len(data.ids)
    changes = "changes nothing, they are int32 already"
    if data.given.dtype != np.int32:
        changes = f"makes whole numbers of {data.given.dtype}, for rows are counted"
    captions = [
        "Made, not built: the layer knows its sizes and has no numbers yet.",
        f"build: makes one matrix of {counted(size, 'row')}, {counted(features, 'number')} each, filled "
        f"by {data.initializer}. It is all the layer has.",
        f"call: cast the ids; here that {changes}.",
        f"call: copy {counted(count, 'row')} of the matrix, one for each id. That is all.",
    ]
    if data.mask is not None:
        skipped = int((~data.mask).sum())
        captions.append(
            f"compute_mask: False where the id is 0, at {skipped} of {counted(count, 'timestep')}; "
            "the output above stays as it is."
        )
    return captions


def layer_table(data: LayerParts, tokens: Sequence[str], *, widest: int | None = None) -> Table:
    """One row per timestep: token, id as given and cast, mask, output.

    Args:
        data: What `compute_layer_parts` made.
        tokens: ``(timesteps,)``.
        widest: Columns to give at most to one vector; all if None.
    """
    table: Table = {
        "timestep": list(range(1, len(data.ids) + 1)),
        "token": list(tokens),
        "given": data.given.tolist(),
        "id": data.ids.tolist(),
    }
    if data.mask is not None:
        table["mask"] = data.mask.tolist()
    return table | vector_columns("output", data.output, widest)
