"""The lesson's Keras script."""

from typing import Any

from seqviz.tasks.word_meaning import SENTENCES, WORDS, WordTask
from seqviz.training.keras_code import _model, _optimizer, _wrapped


def training_code(
    model: Any, task: WordTask, name: str, optimizer: str, learning_rate: float, epochs: int
) -> str:
    """A script that trains on one of `seqviz.tasks.word_meaning.TASKS`.

    Args:
        model: From `seqviz.models.reader.build_reader`.
        task: From `seqviz.tasks.word_meaning.make_task`.
        name: Of the task.
        optimizer: Its name in `OPTIMIZERS`.
        learning_rate: Of the optimizer.
        epochs: How many.

    Returns:
        Python source. Run, it leaves the table before and after training in ``before`` and
        ``after``, bitwise those of `seqviz.training.train.ByEpoch`, ``compiled``.
    """
    targets = {
        "sentiment": "[s[3] in words[:4] for s in sentences]",
        "topic": "[s[1] in words[8:12] for s in sentences]",
        "first word": '[s[0] == "the" for s in sentences]',
    }
    if name in targets:
        data = [
            f"targets = np.array({targets[name]}, np.float32)[:, None]  # {task.question}",
        ]
    else:
        data = [
            f"# {task.question}",
            "targets = ids.T.reshape(-1, 1)",
            "ids = np.concatenate([np.delete(ids, place, axis=1) for place in range(4)])",
        ]
    lines = [
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "",
        f"words = {_wrapped(WORDS)}.split()",
        f"sentences = [s.split() for s in {_wrapped([' '.join(s) + ',' for s in SENTENCES])}.split(',')[:-1]]",
        "ids = np.array([[2 + words.index(word) for word in s] for s in sentences], np.int32)",
        *data,
        "",
        *_model(model),
        "layer = model.layers[0]",
        f"optimizer = {_optimizer(optimizer, learning_rate)}",
        "",
        "optimizer.build(model.trainable_variables)",
        "",
        "@tf.function  # compiled once, then fast",
        "def differentiate():",
        "    with tf.GradientTape() as tape:",
        f"        loss = tf.reduce_mean(keras.losses.{task.loss}(targets, model(ids)))",
        "    return loss, tape.gradient(loss, model.trainable_variables)",
        "",
        "@tf.function",
        "def step(gradients):",
        "    optimizer.apply_gradients(zip(gradients, model.trainable_variables))",
        "",
        "before, losses = layer.get_weights()[0], []",
        f"for epoch in range({epochs}):",
        "    loss, gradients = differentiate()",
        "    losses.append(loss)",
        "    step(gradients)",
        "after = layer.get_weights()[0]",
        'print("loss before, and after each epoch:", np.array([*losses, differentiate()[0]]))',
        "",
        "def nearest(table, word):",
        "    directions = table[2:] / np.linalg.norm(table[2:], axis=1, keepdims=True)",
        "    cosines = directions @ directions[words.index(word)]",
        '    return ", ".join(f"{words[i]} {cosines[i]:z.2f}" for i in np.argsort(-cosines)[1:6])',
        "",
        "for row, word in enumerate(words, 2):",
        '    print(row, word, "moved", np.linalg.norm(after[row] - before[row]))',
        '    print("  nearest before:", nearest(before, word))',
        '    print("  nearest after:", nearest(after, word))',
        "",
    ]
    return "\n".join(lines)
