"""The lesson's Keras script."""

from collections.abc import Sequence
from typing import Any

from seqviz.training.keras_code import _model, _optimizer


def steps_code(
    model: Any,
    batches: Sequence[tuple[str, Sequence[int], float]],
    order: Sequence[str],
    optimizer: str,
    learning_rate: float,
) -> str:
    """A script that does gradient steps on sentences, and prints which rows moved.

    Args:
        model: From `seqviz.models.reader.build_reader`, with one output.
        batches: Name, ids and target of each batch; the name a Python identifier.
        order: The batch of each step, by name.
        optimizer: Its name in `OPTIMIZERS`.
        learning_rate: Of the optimizer.

    Returns:
        Python source. Run, it leaves in ``tables`` the table before and after each step, bitwise
        those of `gradient_step`.
    """
    frozen = not model.layers[0].trainable
    lines = [
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "",
        *_model(model),
        "layer = model.layers[0]",
        *(["layer.trainable = False"] if frozen else []),
        f"optimizer = {_optimizer(optimizer, learning_rate)}",
        "",
        *(
            f"{name} = np.array([{list(map(int, ids))}]), np.array([[{target}]], np.float32)"
            for name, ids, target in batches
        ),
        "tables = [layer.get_weights()[0]]",
        f"for ids, target in [{', '.join(order)}]:",
        "    with tf.GradientTape(persistent=True) as tape:",
        *(
            ["        tape.watch(layer.embeddings.value)  # else a frozen table is not"]
            if frozen
            else []
        ),
        "        loss = tf.reduce_mean(keras.losses.binary_crossentropy(target, model(ids)))",
        "    gradients = tape.gradient(loss, model.trainable_variables)",
        "    optimizer.apply_gradients(zip(gradients, model.trainable_variables))",
        "    tables.append(layer.get_weights()[0])",
        "    moved = np.flatnonzero((tables[-1] != tables[-2]).any(axis=1))",
        '    print("loss", float(loss), "rows that moved:", moved)',
        "    # Of a table the gradient is a tf.IndexedSlices (.indices, .values); dense it is mostly 0.",
        "    of_table = tf.convert_to_tensor(tape.gradient(loss, layer.embeddings.value)).numpy()",
        "    for row in np.union1d(ids, moved):",
        '        print(row, "gradient", of_table[row], "change", tables[-1][row] - tables[-2][row])',
        "",
    ]
    return "\n".join(lines)
