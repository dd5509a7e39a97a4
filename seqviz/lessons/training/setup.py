"""What is trained: a task with its options, and the settings, as one value that tells runs apart."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from seqviz.tasks import Task
from seqviz.training.task_settings import TaskSettings

CSV: Final = "your CSV"
NEXT: Final = "next character"
TASKS: Final = ("sentiment", "names", "first word", NEXT, "series", CSV)
# By the page's defaults, the least share of held-out answers that is right; of a series the largest
# mean error. A test holds it for three seeds.
REACHED: Final[Mapping[str, float]] = {
    "sentiment": 0.95,
    "names": 0.97,
    "first word": 0.95,
    NEXT: 0.6,
    "series": 0.03,
}
# A training that takes no longer begins by itself: some seconds of one core.
_AT_ONCE: Final = 15_000


class Setup(NamedTuple):
    """A training, before it is done.

    Attributes:
        task: One of `TASKS`.
        options: Of the task, as `seqviz.tasks.make` takes them; of a CSV what tells it from others.
        settings: How it is learned.
    """

    task: str
    options: tuple[tuple[str, Any], ...]
    settings: TaskSettings

    @property
    def name(self) -> str:
        """In a few words, as a run is called."""
        settings = self.settings
        layers = f" × {settings.layers}" if settings.layers > 1 else ""
        return f"{self.task}: {settings.cell}({settings.units}){layers}, {settings.learning_rate:g}"


def is_short(task: Task, settings: TaskSettings) -> bool:
    """Whether a training takes some seconds only."""
    batches = -(-len(task.train) // settings.batch_size)
    steps = task.train.inputs.shape[1] * settings.layers
    return settings.epochs * batches * steps * max(settings.units / 32, 1) <= _AT_ONCE
