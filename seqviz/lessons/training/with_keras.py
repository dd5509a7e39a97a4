"""A model that learns a task, with its weights on the way; and what any sequence looks like to it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import keras
import numpy as np

from seqviz.array_types import Array, Floats, Ints
from seqviz.attribution.attribute import attribute
from seqviz.attribution.record import Attribution
from seqviz.lessons.training.compute import Head, count_confusion
from seqviz.short_repr import short_repr
from seqviz.tasks import Samples, Task
from seqviz.trace import RecurrentTrace, Trace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.capture import capture
from seqviz.tracing.verify import verify
from seqviz.training.control import Control
from seqviz.training.controlled import fit_controlled
from seqviz.training.reused_models import ReusedModels
from seqviz.training.task_model import build_task_model, fit_arguments
from seqviz.training.task_settings import TaskSettings
from seqviz.watching.record import TrainingTrace
from seqviz.watching.schedule import is_regular

# Points on the way of integrated gradients: a model that is very sure turns over within so short a
# part of it that few points miss it.
_STEPS: Final = (64, 512, 2048)
_NEAR: Final = 0.02  # of what the prediction moved, that the shares may miss
_MODELS: Final = ReusedModels()


@short_repr
class Learned(NamedTuple):
    """A training, as far as it came: the model's weights at `E` moments.

    Attributes:
        settings: By which it was trained.
        epochs: ``(E,)`` int, how many epochs had been done.
        weights: ``(E,)``, all weights of the model at each moment, in Keras's order.
        history: The loss and every metric, ``(epochs done,)`` each.
        seconds: That `fit` took.
    """

    settings: TaskSettings
    epochs: Ints
    weights: tuple[tuple[Array, ...], ...]
    history: Mapping[str, Floats]
    seconds: float

    @property
    def done(self) -> int:
        """Epochs that were done."""
        return int(self.epochs[-1])


def learn(task: Task, settings: TaskSettings, control: Control) -> Learned:
    """Train a model, and keep its weights at the moments that `Watch` keeps.

    It ends early where the loss is no number any more: nothing would ever mend that.
    """
    model = _MODELS.take(task, settings)
    keeper = _Keeper(settings)

    done = fit_controlled(
        model,
        control=control,
        so_far=keeper.learned,
        callbacks=[keeper],
        **fit_arguments(task, settings),
    )
    learned = keeper.learned()
    if learned.done:  # else it may have no graph yet
        _MODELS.give_back(task, settings, model, was_left=not done)
    return learned


def untrained(task: Task, settings: TaskSettings) -> Learned:
    """The model as it is before any training."""
    model = build_task_model(task, settings)
    keeper = _Keeper(settings)
    keeper.set_model(model)
    keeper.on_train_begin()
    return keeper.learned()


class _Keeper(keras.callbacks.Callback):
    """Keeps the weights before training, after the first epochs, then fewer and fewer, and the last."""

    def __init__(self, settings: TaskSettings) -> None:
        super().__init__()
        self._settings = settings
        self._kept: dict[int, tuple[Array, ...]] = {}
        self._last: tuple[int, tuple[Array, ...]] | None = None
        self._logs: list[dict[str, float]] = []
        self._begun = time.monotonic()

    def on_train_begin(self, logs: Any = None) -> None:
        self._kept[0] = self._weights()
        self._begun = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._logs.append({name: float(value) for name, value in (logs or {}).items()})
        done = len(self._logs)
        self._last = done, self._weights()
        if is_regular(done):
            self._kept[done] = self._last[1]
        if not np.isfinite(self._logs[-1].get("loss", 0.0)):
            self.model.stop_training = True

    def learned(self) -> Learned:
        """As far as it came: also while it goes on, for another thread."""
        kept, last = dict(self._kept), self._last
        if last is not None:
            kept[last[0]] = last[1]
        epochs = sorted(kept)
        history = self._logs[: epochs[-1]]
        names = dict.fromkeys(name for logs in history for name in logs)
        return Learned(
            settings=self._settings,
            epochs=np.array(epochs),
            weights=tuple(kept[epoch] for epoch in epochs),
            history={
                name: np.array([logs.get(name, np.nan) for logs in history]) for name in names
            },
            seconds=time.monotonic() - self._begun,
        )

    def _weights(self) -> tuple[Array, ...]:
        return tuple(to_array(variable) for variable in self.model.weights)


def model_at(task: Task, learned: Learned, moment: int = -1) -> Any:
    """The model with the weights of a moment; of the last unless another is asked for."""
    model = build_task_model(task, learned.settings)
    _put_back(model, learned, moment)
    return model


def _at_each_moment(task: Task, learned: Learned) -> Iterator[Any]:
    """A model to look at, with the weights of one moment after the other."""
    with _MODELS.to_read(task, learned.settings) as model:
        for moment in range(len(learned.epochs)):
            _put_back(model, learned, moment)
            yield model


@contextmanager
def _at_the_end(task: Task, learned: Learned) -> Iterator[Any]:
    """A model to look at, with the last weights; who keeps one takes that of `model_at`."""
    with _MODELS.to_read(task, learned.settings) as model:
        _put_back(model, learned, -1)
        yield model


def _put_back(model: Any, learned: Learned, moment: int) -> None:
    for variable, value in zip(model.weights, learned.weights[moment], strict=True):
        variable.assign(value)


def training_trace(task: Task, learned: Learned, inputs: Array) -> TrainingTrace:
    """What `Watch` would have kept of some inputs: any, also after the training.

    Args:
        task: That was learned.
        learned: The training.
        inputs: As the model takes them.
    """
    traces = [capture(model, inputs) for model in _at_each_moment(task, learned)]
    return TrainingTrace(
        epochs=learned.epochs,
        traces=tuple(traces),
        history=learned.history,
        predictions=np.stack([to_array(trace.output) for trace in traces]),
    )


def difference(task: Task, learned: Learned, inputs: Array, trace: Trace) -> float:
    """How far a trace of the trained model is from what Keras computes by itself."""
    with _at_the_end(task, learned) as model:
        return verify(model, inputs, trace)


def heads_of(learned: Learned) -> list[Head]:
    """The last layer at each moment: the kernel and bias that stand last among the weights."""
    return [Head(weights[-2], weights[-1]) for weights in learned.weights]


def tables_of(task: Task, learned: Learned) -> Floats | None:
    """``(E, rows, F)``, the Embedding's rows at each moment; None where numbers are read."""
    if task.features is not None:
        return None
    return np.stack([weights[0] for weights in learned.weights])


def answered(task: Task, outputs: Array) -> Ints:
    """Which class each output of a model stands for: ``(n,)``, or ``(n, T)``."""
    if task.outputs == 1:
        return (np.asarray(outputs)[..., 0] > 0.5).astype(np.int64)
    return np.asarray(outputs).argmax(axis=-1)


def true_classes(task: Task, samples: Samples) -> Ints:
    """Which class each sample is of: ``(n,)``, or ``(n, T)``."""
    targets = np.asarray(samples.targets).astype(np.int64)
    return targets[..., 0] if targets.ndim == 2 and not task.per_timestep else targets


def is_read(task: Task, samples: Samples) -> Array:
    """``(n, T)`` bool: what is no padding."""
    if task.features is not None:
        return np.ones(samples.inputs.shape[:2], bool)
    return samples.inputs != 0 if task.padded else np.ones(samples.inputs.shape, bool)


def confusion_of(task: Task, learned: Learned) -> Ints | None:
    """``(E, C, C)``, held-out answers at each moment by true class and by what was answered.

    None where a number is asked for.
    """
    if not task.classes:
        return None
    true = true_classes(task, task.held_out)
    asked = is_read(task, task.held_out) if task.per_timestep else np.ones(len(true), bool)
    counts = []
    for model in _at_each_moment(task, learned):
        said = answered(task, capture(model, task.held_out.inputs, layers=[]).output)
        counts.append(count_confusion(true[asked], said[asked], len(task.classes)))
    return np.stack(counts)


class Judged(NamedTuple):
    """States of the topmost layer with the class each stands for, as `find_best_unit` takes them."""

    states: Floats
    classes: Ints


def judged_states(task: Task, learned: Learned, samples: Samples) -> Judged:
    """The state that each answer is made of: the last of a sequence, or of each timestep."""
    states = top_states(task, learned, samples.inputs)
    read = is_read(task, samples)
    classes = true_classes(task, samples)
    if task.per_timestep:
        return Judged(states[read], classes[read])
    return Judged(states[:, -1], classes)  # under a mask the last state is carried over


def top_states(task: Task, learned: Learned, inputs: Array) -> Floats:
    """``(n, T, units)``, the hidden states of the topmost recurrent layer, after the training."""
    with _at_the_end(task, learned) as model:
        trace = capture(model, inputs)
    top: Any = [record for record in trace.values() if isinstance(record, RecurrentTrace)][-1]
    return top.hidden_states


class Shares(NamedTuple):
    """Two opinions on which timestep moved an answer."""

    gradients: Attribution
    left_out: Attribution


def share_out(task: Task, learned: Learned, inputs: Array, target: Any) -> Shares:
    """Integrated gradients and leave-one-out, from a row of zeros, of the trained model.

    Args:
        task: That was learned.
        learned: The training.
        inputs: ``(1, T)`` or ``(1, T, F)``.
        target: As `attribute` takes it.
    """
    model = model_at(task, learned)
    left_out = attribute(model, inputs, target=target, method="leave_one_out")
    for steps in _STEPS:
        gradients = attribute(model, inputs, target=target, steps=steps)
        moved = np.abs(gradients.prediction - gradients.baseline_prediction)
        if (np.abs(gradients.residual) <= _NEAR * moved).all():
            break
    return Shares(gradients, left_out)


def gradient_lengths(task: Task, learned: Learned) -> dict[int, float]:
    """How long the gradient of the first batch is at each moment, all weights together.

    Args:
        task: That was learned.
        learned: The training.
    """
    import tensorflow as tf

    size = learned.settings.batch_size
    inputs, targets = task.train.inputs[:size], task.train.targets[:size]
    lengths = {}
    moments = _at_each_moment(task, learned)
    for epoch, model in zip(learned.epochs.tolist(), moments, strict=True):
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=False)
            loss = model.compute_loss(x=inputs, y=tf.convert_to_tensor(targets), y_pred=outputs)
        gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
        lengths[epoch] = float(tf.linalg.global_norm(gradients))
    return lengths
