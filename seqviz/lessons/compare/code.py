"""The lesson's Keras script."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqviz.models.keras_code import (
    adjusted_source,
    embedding_source,
    layer_source,
    sentence_source,
)


def memory_code(
    embedding: Any,
    layers: Mapping[str, Any],
    ids: Sequence[int],
    changed: Sequence[int],
    tokens: Sequence[str],
    *,
    radius: float | None = None,
    gate_bias: float = 0,
) -> str:
    """A script that reads two sentences with several layers, and says how their states differ.

    Args:
        embedding: From `seqviz.models.build.build_embedding`.
        layers: From `seqviz.models.build.build_recurrent`, by cell, with ``return_sequences=True``.
        ids: ``(timesteps,)``, the sentence.
        changed: ``(timesteps,)``, the other one.
        tokens: The word at each timestep, for a comment.
        radius: What `set_spectral_radius` was given; None where it was not called.
        gate_bias: What `add_gate_bias` was given.

    Returns:
        Python source. Run, it leaves ``changes``, by cell, ``(timesteps, units)`` each, and
        ``differences``, their lengths.
    """
    lines = [
        "import keras",
        "import numpy as np",
        "",
        *sentence_source(ids, tokens, changed),
        f"embedding = {embedding_source(embedding)}",
        "x = embedding(ids)",
        "changes, differences = {}, {}",
    ]
    for cell, layer in layers.items():
        lines += [
            "",
            f"layer = {layer_source(layer)}",
            f"layer.build((None, None, {embedding.output_dim}))",
            *adjusted_source(layer, radius, gate_bias),
            "h = layer(x).numpy()  # (batch, timesteps, units)",
            f'changes["{cell}"] = h[0] - h[1]',
            f'differences["{cell}"] = np.linalg.norm(changes["{cell}"], axis=-1)',
            f'print("{cell}: what word 1 changes in h", changes["{cell}"])',
            f'print("{cell}", layer.count_params(), differences["{cell}"])',
            f'print("what is left of word 1", differences["{cell}"] / differences["{cell}"][0])',
        ]
        if cell == "LSTM":
            lines += [
                "states, cell_states = layer.get_initial_state(batch_size=2), []",
                "for t in range(x.shape[1]):  # c, which the layer does not return",
                "    _, states = layer.cell(x[:, t], states)",
                "    cell_states.append(states[1].numpy())",
                "c = np.stack(cell_states, axis=1)",
                'print("LSTM: what word 1 changes in c", c[0] - c[1])',
                "in_memory = np.linalg.norm(c[0] - c[1], axis=-1)",
                'print("c of LSTM", in_memory, in_memory / in_memory[0])',
            ]
    return "\n".join([*lines, ""])
