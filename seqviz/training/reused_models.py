"""Models of tasks that were trained before, made new again: TensorFlow need not write their graphs."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from seqviz.tasks.task import Task
from seqviz.training.reused import Reused
from seqviz.training.task_model import build_task_model, make_variables, steps_per_epoch
from seqviz.training.task_settings import TaskSettings

_MOST: Final = 4  # kept, of whatever architecture: a class mostly trains one or two


class ReusedModels:
    """Lends models to train, and takes them back; for several threads.

    The graph of a training step depends neither on the seed nor on the learning rate or the epochs,
    so a model that another student has trained is made new, and trains at once. It gives the same
    weights, to the last bit, as one that was just built.

    Args:
        most: How many models that nobody trains are kept, and how many that nobody reads.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._models = Reused[Any](_variables, most)
        self._read = Reused[Any](_variables, most)

    def take(self, task: Task, settings: TaskSettings) -> Any:
        """A compiled model as `build_task_model` makes it, for this caller alone."""
        fresh = build_task_model(task, settings)
        make_variables(fresh, task)
        return self._models.take(_graph_of(task, settings), fresh)

    def give_back(
        self, task: Task, settings: TaskSettings, model: Any, *, was_left: bool = False
    ) -> None:
        """Keep a model for the next who asks for its like.

        One whose `fit` was left drives none out: who tries one architecture after the other, and
        waits for none, would leave nothing to the class.
        """
        self._models.give_back(_graph_of(task, settings), model, if_room=was_left)

    @contextmanager
    def to_read(self, task: Task, settings: TaskSettings) -> Iterator[Any]:
        """A model for this caller alone to put weights into and look at, but not to train.

        Its weights are whatever the last who read it has left there.
        """
        graph = _graph_of(task, settings)
        model = self._read.find(graph)
        if model is None:
            model = build_task_model(task, settings)
        yield model
        self._read.give_back(graph, model)  # not after an error


def _graph_of(task: Task, settings: TaskSettings) -> Hashable:
    """All that is written into the graph of a training step; the rest are variables and data."""
    read = len(task.words), task.features, task.padded
    asked = task.outputs, task.activation, task.loss, task.metric, task.per_timestep
    # How many batches are one call of TensorFlow is written there too.
    steps = steps_per_epoch(task, settings)
    return (*read, *asked, steps, replace(settings, seed=0, epochs=1, learning_rate=1.0))


def _variables(model: Any) -> list[Any]:
    """Weights, states of random generators and of metrics, and what the optimizer keeps."""
    return [*model.variables, *model.optimizer.variables]
