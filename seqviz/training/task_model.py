"""A model for a task, and its training by Keras's own `fit`, the same to the last bit every time."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from seqviz.array_types import Ints
from seqviz.config import LAYER_NAMES, ModelConfig
from seqviz.tasks.task import Task
from seqviz.training.task_settings import TaskSettings, default_settings
from seqviz.training.train import make_optimizer

# Rows start between minus and plus this. From Keras's 0.05 it takes a small model many epochs until
# two words are different enough for it to tell them apart.
SPREAD: Final = 0.5


def build_task_model(task: Task, settings: TaskSettings | None = None) -> Any:
    """A compiled `keras.Model` for a task, not yet trained.

    Its layers are named `embedding` (none where the task reads numbers), then `simple_rnn`, `gru` or
    `lstm` (and `…_1`), then `dense`, or `time_distributed` around it where each timestep is answered.
    Where sentences are padded, the embedding has ``mask_zero=True``. The same arguments give the same
    weights, from any thread.

    A whole epoch is one call of TensorFlow (``steps_per_execution``), so that Python is free for
    others meanwhile.

    Args:
        task: From `seqviz.tasks`.
        settings: How large, and how it will be trained; None for `default_settings(task.name)`.
    """
    import keras

    from seqviz.models.build import recurrent_layer, weight_seed

    settings = settings or default_settings(task.name)
    config = ModelConfig(cell=settings.cell, units=(settings.units,), seed=settings.seed)
    if task.features is None:
        inputs = keras.Input((None,), dtype="int32", name="ids")
        x = keras.layers.Embedding(
            len(task.words),
            settings.embedding_dim,
            mask_zero=task.padded,
            embeddings_initializer=keras.initializers.RandomUniform(
                -SPREAD, SPREAD, seed=weight_seed(settings.seed, "embedding")
            ),
            name="embedding",
        )(inputs)
    else:
        x = inputs = keras.Input((None, task.features), name="numbers")
    for depth in range(settings.layers):
        x = recurrent_layer(
            config,
            settings.units,
            role=f"recurrent/{depth}",
            name=LAYER_NAMES[settings.cell] + (f"_{depth}" if depth else ""),
            return_sequences=task.per_timestep or depth < settings.layers - 1,
            dropout=settings.dropout,
        )(x)
    head = keras.layers.Dense(
        task.outputs,
        activation=task.activation,
        kernel_initializer=keras.initializers.GlorotUniform(
            weight_seed(settings.seed, "dense/kernel")
        ),
        name="dense",
    )
    if task.per_timestep:
        head = keras.layers.TimeDistributed(head, name="time_distributed")
    model = keras.Model(inputs, head(x), name="seqviz")
    model.compile(
        make_optimizer(settings.optimizer, settings.learning_rate, settings.clipping),
        loss=task.loss,
        metrics=[task.metric],
        steps_per_execution=steps_per_epoch(task, settings),
        jit_compile=False,  # compiling takes longer than all of such a training
    )
    return model


def make_variables(model: Any, task: Task) -> None:
    """Make what `fit` would make in its first step.

    Of a step that makes variables TensorFlow writes the graph twice, which takes longer than all
    the epochs of a small model.
    """
    model.optimizer.build(model.trainable_variables)
    inputs, targets = task.train.inputs[:1], task.train.targets[:1]
    # Not the model's own answer: a recurrent layer with dropout draws a mask for any.
    timesteps = inputs.shape[1:2] if task.per_timestep else ()
    model.compute_metrics(inputs, targets, np.zeros((1, *timesteps, task.outputs), np.float32))
    model.reset_metrics()


def steps_per_epoch(task: Task, settings: TaskSettings) -> int:
    """Batches of an epoch."""
    return -(-len(task.train) // settings.batch_size)


def sample_orders(task: Task, settings: TaskSettings) -> Ints:
    """``(epochs, n)``, in what order each epoch takes the samples.

    Keras's own shuffling draws from a generator that all threads of a process share.
    """
    order = np.random.default_rng(settings.seed)
    return np.stack([order.permutation(len(task.train)) for _ in range(settings.epochs)])


def fit_arguments(task: Task, settings: TaskSettings | None = None) -> dict[str, Any]:
    """What `model.fit` is to be given, but callbacks: ``model.fit(**fit_arguments(task, settings))``.

    The samples come in an order that only the seed says. The held-out part is looked at after every
    epoch.
    """
    import tensorflow as tf

    settings = settings or default_settings(task.name)
    inputs, targets = task.train.inputs, task.train.targets

    def epoch(order: Any) -> Any:
        samples = (tf.gather(inputs, order), tf.gather(targets, order))
        return tf.data.Dataset.from_tensor_slices(samples).batch(settings.batch_size)

    # TensorFlow would look for a faster way to read these few samples, longer than it reads them.
    as_it_stands = tf.data.Options()
    as_it_stands.autotune.enabled = False
    as_it_stands.experimental_optimization.apply_default_optimizations = False
    orders = tf.data.Dataset.from_tensor_slices(sample_orders(task, settings))
    held_out = tf.data.Dataset.from_tensors((task.held_out.inputs, task.held_out.targets))
    return {
        "x": orders.flat_map(epoch).with_options(as_it_stands),
        "epochs": settings.epochs,
        "steps_per_epoch": steps_per_epoch(task, settings),
        "validation_data": held_out.with_options(as_it_stands),
        "shuffle": False,
        "verbose": 0,
    }


def train_task(
    task: Task, settings: TaskSettings | None = None, *, callbacks: Sequence[Any] = ()
) -> Any:
    """Build a task's model and train it, with `fit`.

    Args:
        task: From `seqviz.tasks`.
        settings: None for `default_settings(task.name)`.
        callbacks: Of Keras, such as a `seqviz.Watch`.

    Returns:
        The trained model; ``model.history.history`` has loss and metric of every epoch, of the
        held-out part as ``val_…``.
    """
    model = build_task_model(task, settings)
    make_variables(model, task)
    model.fit(**fit_arguments(task, settings), callbacks=list(callbacks))
    return model
