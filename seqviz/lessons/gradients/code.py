"""The Keras code behind the pictures of memory and of gradients: runs as shown."""

from collections.abc import Sequence
from typing import Any

from seqviz.models.keras_code import (
    adjusted_source,
    embedding_source,
    layer_source,
    sentence_source,
)


def gradients_code(
    embedding: Any,
    layer: Any,
    ids: Sequence[int],
    tokens: Sequence[str],
    *,
    output: str | int,
    step: int,
    radius: float | None = None,
    gate_bias: float = 0,
) -> str:
    """A script that goes back through the cell with TensorFlow's tape.

    Args:
        embedding: From `seqviz.models.build.build_embedding`.
        layer: From `seqviz.models.build.build_recurrent`.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.
        output: As `seqviz.compute_gradients` takes it.
        step: After how many steps the state is taken.
        radius: What `set_spectral_radius` was given; None where it was not called.
        gate_bias: What `add_gate_bias` was given.

    Returns:
        Python source. Run, it leaves ``gradients``, one of each state h before and up to `step`.
    """
    loss = {
        "sum": "tf.reduce_sum(hidden[-1])",
        "norm": "tf.norm(hidden[-1])",
    }.get(str(output), f"hidden[-1][0, {output}]")
    kind = type(layer).__name__
    count = 2 if kind == "LSTM" else 1
    states = "[hidden, cell_states]" if count == 2 else "hidden"
    return "\n".join(
        [
            "import keras",
            "import numpy as np",
            "import tensorflow as tf",
            "",
            *sentence_source(ids, tokens),
            f"embedding = {embedding_source(embedding)}",
            f"layer = {layer_source(layer)}",
            f"layer.build((None, None, {embedding.output_dim}))",
            *adjusted_source(layer, radius, gate_bias),
            "",
            f"x = embedding(ids)[:, :{step}]",
            "states = [" + ", ".join([f"tf.zeros((1, {layer.units}))"] * count) + "]",
            "inputs = [x[:, t] for t in range(x.shape[1])]",
            "with tf.GradientTape() as tape:",
            "    tape.watch([states, inputs])",
            "    hidden = [states[0]]",
            *(["    cell_states = [states[1]]"] if count == 2 else []),
            "    for one in inputs:",
            "        _, states = layer.cell(one, states)",
            "        hidden.append(states[0])",
            *(["        cell_states.append(states[1])"] if count == 2 else []),
            f"    loss = {loss}",
            f"of_states, of_inputs = tape.gradient(loss, [{states}, inputs])",
            f"gradients = {'of_states[0]' if count == 2 else 'of_states'}",
            "for t, gradient in enumerate(gradients):",
            '    print(f"|dL/dh_{t}| =", np.linalg.norm(gradient), gradient[0].numpy())',
            *(
                [
                    "for t, gradient in enumerate(of_states[1]):",
                    '    print(f"|dL/dc_{t}| =", np.linalg.norm(gradient))',
                ]
                if count == 2
                else []
            ),
            "for t, gradient in enumerate(of_inputs, 1):",
            '    print(f"|dL/dx_{t}| =", np.linalg.norm(gradient))',
            "",
        ]
    )
