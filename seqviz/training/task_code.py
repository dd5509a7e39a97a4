"""A training on a task as a script that needs Keras, and nothing of seqviz."""

import zlib
from base64 import b64encode
from typing import Any, Final

import numpy as np

from seqviz.array_types import Array
from seqviz.tasks.task import Samples, Task
from seqviz.training.keras_code import _optimizer
from seqviz.training.task_settings import TaskSettings, default_settings

_WIDTH: Final = 100  # characters of a line of packed numbers


def task_code(task: Task, settings: TaskSettings | None = None) -> str:
    """A script that trains the model of `build_task_model` as `train_task` does.

    Args:
        task: From `seqviz.tasks`. Its samples are in the script, packed.
        settings: None for `default_settings(task.name)`.

    Returns:
        Python source. Run, it leaves the trained model in ``model`` and the figures of every epoch in
        ``history``, bitwise those of `train_task`.
    """
    from seqviz.models.keras_code import layer_code
    from seqviz.training.task_model import build_task_model

    settings = settings or default_settings(task.name)
    first, *layers = build_task_model(task, settings).layers
    shape = f"(None, {task.features})" if task.features else '(None,), dtype="int32"'
    return "\n".join(
        [
            f"# {task.question}",
            "import base64",
            "import os",
            "import zlib",
            "",
            'os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # else the last decimals are the machine\'s',
            "",
            "import keras",
            "import numpy as np",
            "import tensorflow as tf",
            "",
            f'inputs = keras.Input({shape}, name="{first.name}")',
            "x = inputs",
            *(f"x = {_named(layer_code(layer), layer.name)}(x)" for layer in layers),
            'model = keras.Model(inputs, x, name="seqviz")',
            "",
            *_data(task),
            f"epochs, batch_size = {settings.epochs}, {settings.batch_size}",
            "steps = -(-len(inputs) // batch_size)",
            f"order = np.random.default_rng({settings.seed})",
            "orders = np.stack([order.permutation(len(inputs)) for _ in range(epochs)])",
            "",
            "def epoch(order):",
            "    samples = (tf.gather(inputs, order), tf.gather(targets, order))",
            "    return tf.data.Dataset.from_tensor_slices(samples).batch(batch_size)",
            "",
            "model.compile(",
            f"    {_optimizer(settings.optimizer, settings.learning_rate, settings.clipping)},",
            f'    loss="{task.loss}",',
            f'    metrics=["{task.metric}"],',
            "    steps_per_execution=steps,",
            "    jit_compile=False,",
            ")",
            "model.fit(",
            "    tf.data.Dataset.from_tensor_slices(orders).flat_map(epoch),",
            "    epochs=epochs,",
            "    steps_per_epoch=steps,",
            "    validation_data=(held_out_inputs, held_out_targets),",
            "    validation_batch_size=len(held_out_inputs),",
            "    shuffle=False,  # done above: Keras's own would be another one every time",
            "    verbose=0,",
            ")",
            "history = model.history.history",
            "for number, figures in enumerate(zip(*history.values()), 1):",
            '    print("epoch", number, *(f"{k} {v:.4f}" for k, v in zip(history, figures)))',
            "",
        ]
    )


def _named(source: str, name: str) -> str:
    """The source of a layer, with its name as one more argument."""
    inside = source.rstrip()
    if not inside.endswith(")"):
        raise ValueError(source)
    return f'{inside[:-1]}    name="{name}",\n)'


def _data(task: Task) -> list[str]:
    lines = []
    if task.words:
        lines.append(f"words = {_listed(task.words)}  # row id → word")
    if task.classes:
        lines.append(f"classes = {_listed(task.classes)}")
    for before, part in (("", task.train), ("held_out_", task.held_out)):
        lines += [
            "",
            f"# {len(part):,} samples to learn from."
            if not before
            else f"# {len(part):,} held out.",
            f"{before}inputs = {_packed(part.inputs)}",
            f"{before}targets = {_packed(part.targets)}",
        ]
    return ["", *_UNPACK, *lines, *_shown(task.train, bool(task.words)), ""]


_UNPACK: Final = (
    "def unpacked(text, dtype, shape):",
    "    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype).reshape(shape)",
    "",
)


def _shown(part: Samples, of_words: bool) -> list[str]:
    if not of_words:
        return ['print("the first series:", inputs[0].ravel(), "asks for", targets[0])']
    return ['print("the first sample:", [words[i] for i in inputs[0]], "asks for", targets[0])']


def _packed(array: Array) -> str:
    text = b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 9)).decode("ascii")
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    joined = "\n".join(lines)
    return f'unpacked("""\n{joined}\n""", "{array.dtype}", {array.shape})'


def _listed(words: Any) -> str:
    """A list of words over several lines; repr keeps any word from being code."""
    lines = ["    "]
    for word in words:
        piece = f"{ascii(word) if not word.isprintable() else repr(word)}, "
        if len(lines[-1]) + len(piece) > _WIDTH:
            lines.append("    ")
        lines[-1] += piece
    return "[\n" + "\n".join(line.rstrip() for line in lines) + "\n]"
