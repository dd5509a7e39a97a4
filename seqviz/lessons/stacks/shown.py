"""What the lesson shows: layers above each other, or both directions of one."""

from typing import Any, Final

import numpy as np

from seqviz.lessons.stacks.bidirectional_figure import (
    is_readable as directions_readable,
    natural_height as directions_height,
    plot_bidirectional,
)
from seqviz.lessons.stacks.cached import StackRun, stack_of, verify_stack
from seqviz.lessons.stacks.compute import compute_bidirectional, compute_stack
from seqviz.lessons.stacks.figure import (
    is_readable as stack_readable,
    natural_height as stack_height,
    plot_stack,
)
from seqviz.lessons.stacks.words import (
    bidirectional_captions,
    bidirectional_table,
    stack_captions,
    stack_table,
)
from seqviz.models.stack_config import MERGE_MODES, StackConfig
from seqviz.trace import RecurrentTrace
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.ui.table import NARROW
from seqviz.wording import counted

MERGES: Final = {str(mode): mode for mode in MERGE_MODES}
_HEIGHT = 400
_ONE_FEEDS: Final = (
    "A recurrent layer reads a vector for every timestep. If the layer below returns only its last state, as "
    "it does with `return_sequences=False`, there are no timesteps to read, and Keras refuses. The top layer "
    "may return all its states or the last. Each layer has weights and states of its own."
)
_TWO_READ: Final = (
    "Two layers with weights of their own read the same sentence, one from its start and one from its "
    "end; `merge_mode` says how what both return becomes one output."
)
_AS_HEATMAPS = "Too many steps or units for blocks, so the same numbers are drawn as heatmaps."


def show_stack(config: StackConfig, run: StackRun, encoded: Encoded, order: str) -> Shown:
    """The layers above each other."""
    refused = () if run.refused is None else run.names[run.refused :]
    data = compute_stack(run.trace, refused=refused, error=run.error)
    tokens, ids = encoded.tokens, encoded.ids
    alt = (
        f"{counted(len(data.layers), 'recurrent layer')}, from the bottom up, over "
        f"{counted(len(ids), 'timestep')}: each "
        "passes its own state to the right, and what it returns up to the next layer."
    )
    if refused:
        alt += f" There Keras refused {refused[0]}: {run.error}"
    return Shown(
        **_frame(config, run, encoded, order),
        draw=lambda **options: plot_stack(data, tokens=tokens, ids=ids, order=order, **options),
        height=stack_height(data, _HEIGHT),
        captions=stack_captions(data, tokens, order=order),
        alt=alt,
        table=lambda widest: stack_table(data, tokens, ids, widest=widest),
        vector=max(data.layers[0].inputs.shape[1], *(la.hidden.shape[1] for la in data.layers)),
        arrays=lambda: _arrays(run),
        press="Press **the mistake** to see Keras refuse a layer, and **both directions** for `Bidirectional`, "
        "in which a second layer reads from the end.",
        notes=[] if stack_readable(data) else [_AS_HEATMAPS],
    )


def show_both_directions(config: StackConfig, run: StackRun, encoded: Encoded) -> Shown:
    """One layer inside Bidirectional."""
    data = compute_bidirectional(run.trace)
    tokens, ids = encoded.tokens, encoded.ids
    return Shown(
        **_frame(config, run, encoded, "timestep"),
        draw=lambda **options: plot_bidirectional(data, tokens=tokens, ids=ids, **options),
        height=directions_height(data, _HEIGHT),
        captions=bidirectional_captions(data, tokens),
        alt=f"Two layers read the same {counted(len(ids), 'timestep')}, one from the start and one from the "
        f"end; merge_mode {data.merge_mode} makes the output of both. The backward layer's last "
        "state is the one at the first timestep.",
        table=lambda widest: bidirectional_table(data, tokens, ids, widest=widest),
        vector=max(data.outputs.shape[1], data.forward.inputs.shape[1]),
        arrays=lambda: _arrays(run) | {"output": data.outputs},
        notes=[] if directions_readable(data) else [_AS_HEATMAPS],
    )


def _frame(config: StackConfig, run: StackRun, encoded: Encoded, order: str) -> dict[str, Any]:
    """What both pictures have in common."""
    return {
        "of": (config, encoded, order),
        "shapes": shapes_of(config, run, len(encoded.ids)),
        "code": run.code,
        "title": f"Stacks and both directions: “{' '.join(encoded.tokens[:12])}”",
        "widest": NARROW,
        "first": f"{_TWO_READ if config.bidirectional else _ONE_FEEDS}\n\n{RANDOM}",
        "proof": lambda: equal_to_keras(verify_stack(config, encoded.ids, encoded.tokens)),
        "model": lambda: stack_of(config).model,
    }


def _arrays(run: StackRun) -> dict[str, np.ndarray]:
    return {
        f"{name}/{key}": values
        for name, record in run.trace.items()
        if isinstance(record, RecurrentTrace)
        for key, values in arrays_of(record).items()
    }


def shapes_of(config: StackConfig, run: StackRun, count: int) -> list[str]:
    """Shapes and layers from the bottom up, with the number of weights of each layer."""
    parts = [
        "ids " + colored((1, count), axes=("gray", "blue")),
        "`Embedding`",
        colored((1, count, config.embedding_dim)),
    ]
    for name, spec, weights in zip(run.names, config.layers, run.parameters, strict=False):
        call = f"{spec.cell}({spec.units})"
        call = f"Bidirectional({call})" if config.bidirectional else call
        output = run.trace[name].output
        if isinstance(output, list | tuple) and not hasattr(output, "shape"):
            shape = " and ".join(colored(part.shape) for part in output)
        else:
            shape = colored((output[0] if isinstance(output, tuple) else output).shape)
        parts += [f"`{call}` {weights:,} weights", shape]
    if run.refused is not None:
        spec = config.layers[run.refused]
        parts.append(f":red[**✕**] `{spec.cell}({spec.units})`")
    return parts
