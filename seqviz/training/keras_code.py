"""The Keras code of a lesson about training: runs as shown, and gives the numbers of the picture."""

from collections.abc import Sequence
from typing import Any

from seqviz.training.train import OPTIMIZERS


def _model(model: Any) -> list[str]:
    embedding, _, dense = model.layers
    initializer = embedding.embeddings_initializer
    return [
        "model = keras.Sequential([",
        '    keras.Input((None,), dtype="int32"),',
        "    keras.layers.Embedding(",
        f"        {embedding.input_dim}, {embedding.output_dim},",
        "        embeddings_initializer=keras.initializers.RandomUniform("
        f"{initializer.minval}, {initializer.maxval}, seed={initializer.seed}),",
        "    ),",
        "    keras.layers.GlobalAveragePooling1D(),",
        "    keras.layers.Dense(",
        f'        {dense.units}, activation="{dense.activation.__name__}",',
        f"        kernel_initializer=keras.initializers.GlorotUniform(seed={dense.kernel_initializer.seed}),",
        "    ),",
        "])",
    ]


def _optimizer(name: str, learning_rate: float, clipping: float | None = None) -> str:
    kind, arguments = OPTIMIZERS[name]
    if clipping is not None:
        arguments = {**arguments, "global_clipnorm": clipping}
    more = "".join(f", {key}={value}" for key, value in arguments.items())
    return f"keras.optimizers.{kind}(learning_rate={learning_rate}{more})"


def _wrapped(words: Sequence[str]) -> str:
    """The words as a Python string of several lines."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > 90:
            lines.append("")
        lines[-1] += word + " "
    return '"""\n' + "\n".join(line.rstrip() for line in lines) + '\n"""'
