"""What the lesson says: a caption per moment, tables, and how good a model became."""

from collections.abc import Mapping

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.training.compute import WatchedTraining
from seqviz.lessons.training.setup import REACHED
from seqviz.readout.numbers import with_minus
from seqviz.readout.table import Table
from seqviz.tasks import Task
from seqviz.wording import counted


def training_captions(data: WatchedTraining) -> list[str]:
    """Say at each moment how far the training is, and what is answered in the end."""
    said = []
    for k, epoch in enumerate(data.epochs.tolist()):
        begin = "Before training" if epoch == 0 else f"After {counted(epoch, 'epoch')}"
        measured = "" if epoch == 0 else f", {measures(data.history, epoch)}"
        said.append(f"{begin}{measured}: {answer_text(data, k)}.")
    return said


def measures(history: Mapping[str, Floats], epoch: int) -> str:
    """Loss and accuracy (or error) after an epoch, of the held-out part where there is one."""
    values = {name: float(series[epoch - 1]) for name, series in history.items()}
    if "val_accuracy" in values:
        right = f"{values['val_accuracy']:.0%} of held-out answers right"
    elif "val_mean_absolute_error" in values:
        right = f"held-out error {values['val_mean_absolute_error']:.3f}"
    else:
        right = ""
    loss = f"loss {values['loss']:.3f}" if "loss" in values else ""
    return ", ".join(part for part in (loss, right) if part)


def expected(task: str) -> str:
    """What a task of the house reaches by the defaults; nothing of one's own."""
    if task not in REACHED:
        return ""
    least = REACHED[task]
    if task == "series":
        return f"With the default settings the held-out error is at most {least:g}."
    return f"With the default settings at least {least:.0%} of the held-out answers are right."


def answer_text(data: WatchedTraining, moment: int) -> str:
    """What the model answers when it has read all."""
    last = data.answers[moment, -1]
    if not np.isfinite(last).all():
        return "the answer is no number"
    if not data.classes:
        return f"the answer is {signed(last[0])}"
    best = int(last.argmax())
    said = f"“{data.classes[best]}” with {last[best]:.2f}"
    if len(data.classes) == 2 and best == 0:  # the picture draws how likely the other one is
        said += f" (“{data.classes[1]}” with {last[1]:.2f})"
    return said


def habit_text(task: Task) -> str:
    """Why what is answered before the end says little, where only the end was trained."""
    if task.per_timestep:
        return ""
    whole = "sentence" if task.name == "sentiment" else "sequence"
    return (
        f"It was trained on whole {whole}s only, so its last answer counts: what it answers after the "
        "first words says little."
    )


def signed(value: float) -> str:
    """`signed(-0.7861)` is ``−0.786``."""
    return with_minus(f"{value:z.3f}")


def history_table(history: Mapping[str, Floats]) -> Table:
    """One row per epoch: the loss and every metric."""
    done = max(map(len, history.values()), default=0)
    if not done:
        return {"epoch": [0], "loss": [float("nan")]}
    return {"epoch": list(range(1, done + 1)), **{n: v.tolist() for n, v in history.items()}}


def shares_text(total: float, change: float) -> str:
    """How far the words' shares are from adding up to what moved."""
    return f"the words' shares add up to **{signed(total)}**; the prediction moved by **{signed(change)}**."
