"""What the lesson says: a caption per moment, tables, and how good a model became."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.training.compute import WatchedTraining
from seqviz.lessons.training.setup import REACHED
from seqviz.plotly_kit.labels import shorten
from seqviz.readout.numbers import with_minus
from seqviz.readout.table import Table
from seqviz.tasks import Probe, Samples, Task
from seqviz.ui.markdown import literal
from seqviz.wording import counted

_LONGEST: Final = 60  # characters of a sequence that is said
_NO_WORDS: Final = 2  # rows: of padding, and of all unknown words
_UNDECIDED: Final = 0.1  # from 0.5: what is so near is hardly an answer


def training_captions(
    data: WatchedTraining, tokens: Sequence[str], true: int | None = None
) -> list[str]:
    """Say at each moment how far the training is, and what is answered in the end.

    Args:
        data: What is drawn.
        tokens: ``(T,)``, what is read at each timestep.
        true: The right answer, if it is known.
    """
    said = []
    for k, epoch in enumerate(data.epochs.tolist()):
        begin = "Before training" if epoch == 0 else f"After {counted(epoch, 'epoch')}"
        measured = "" if epoch == 0 else f", {measures(data.history, epoch)}"
        end = ". This one: " if measured else ": "
        said.append(
            f"{begin}{measured}{end}{answer_text(data, k, true)}{_without_text(data, k, tokens)}."
        )
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
    loss = f"training loss {values['loss']:.3f}" if "loss" in values else ""
    return ", ".join(part for part in (loss, right) if part)


def with_another(task: str) -> str:
    """What a task of the house reaches with another seed; nothing of one's own."""
    if task not in REACHED:
        return ""
    least = REACHED[task]
    if task == "series":
        return (
            "With it and the default settings the error may be larger; it was at most "
            f"{least:g} with each that was tried."
        )
    return (
        "With it and the default settings more answers may be wrong; at least "
        f"{least:.0%} were right with each that was tried."
    )


def answer_text(data: WatchedTraining, moment: int, true: int | None = None) -> str:
    """What the model answers when it has read all, and whether that is right.

    Args:
        data: What is drawn.
        moment: Of the training.
        true: The right answer, if it is known.
    """
    last = data.answers[moment, -1]
    if not np.isfinite(last).all():
        return "the answer is no number"
    if not data.classes:
        return f"the answer is {signed(last[0])}"
    best = int(last.argmax())
    judged = "" if true is None else " (right)" if true == best else " (wrong)"
    said = f"“{data.classes[best]}”{judged}"
    if len(data.classes) == 2:  # the picture draws how likely the second is
        sure = abs(last[1] - 0.5) > _UNDECIDED
        so = f"so {said}" if sure else f"hardly {'above' if last[1] > 0.5 else 'below'} 0.5"
        return f"{data.classes[1]} {last[1]:.2f}, {so}"
    return f"{said} with {last[best]:.2f}"


def _without_text(data: WatchedTraining, moment: int, tokens: Sequence[str]) -> str:
    """What is answered without the word that is left out, if one is."""
    if data.without is None or data.left_out is None:
        return ""
    return f"; without “{tokens[data.left_out]}” {data.without[moment, -1, 1]:.2f}"


def really_shown(show: str, data: WatchedTraining) -> str:
    """What is drawn where `show` was asked for: states where there are no gates or no rows."""
    there = {"gates": bool(data.layer.gates), "rows": bool(data.words)}
    return show if there.get(show, True) else "states"


def what_is_learned(task: Task, probe: Probe) -> str:
    """From what a task is learned, by what it is tested, and in which of these the watched one is."""
    table = ", and the table" if task.classes else ""
    length = counted(task.train.inputs.shape[1], "timestep")
    length = f"padded to {length}; padding is not drawn" if task.padded else f"of {length}"
    said = (
        f"The model learns from {len(task.train)} sequences (solid lines), {length}. {len(task.held_out)} others "
        f"are **held out**: they only test it (dotted lines{table})."
    )
    if not task.classes or task.per_timestep:
        return said
    answer = task.classes[int(task.train.targets.ravel()[0])]
    watched = ("" if task.level == "characters" else " ").join(probe.tokens)
    found = _sample_of(task, probe)
    among = "in neither" if found is None else f"one of the {len(found[0])}"
    if task.name == "sentiment":
        said += (
            f" All are made of the same {len(task.words) - _NO_WORDS} words, which makes it easy."
        )
    return (
        f"{said} Each comes with its answer, such as “{literal(shorten(task.train.texts[0], _LONGEST))}”: "
        f"{literal(answer)}. “{literal(shorten(watched, _LONGEST))}” is {among}."
    )


def what_curves_are(data: WatchedTraining) -> str:
    """What the loss and the metric beside it are."""
    if not data.classes:
        return "**Curves**: the loss is the mean square of the errors, the error beside it their mean size."
    guess = " (0.69 is what always saying 0.5 gives)" if len(data.classes) == 2 else ""
    return (
        f"**Curves**: the loss is how wrong the answers are{guess}, accuracy the share that is right. The solid lines "
        "are means over each epoch, in which the model improves, the dotted ones are measured at its end: so the "
        "dotted loss may be the lower one."
    )


def true_answer(task: Task, probe: Probe) -> int | None:
    """Which class a probe is of, if it is one of the samples and has one answer as a whole."""
    if not task.classes or task.per_timestep:
        return None
    found = _sample_of(task, probe)
    return None if found is None else int(found[0].targets.ravel()[found[1]])


def _sample_of(task: Task, probe: Probe) -> tuple[Samples, int] | None:
    """The part of a task, and the place in it, that holds what a probe holds, up to its end."""
    length = probe.inputs.shape[1]
    for samples in (task.train, task.held_out):
        if length > samples.inputs.shape[1]:
            continue
        padded = np.zeros_like(samples.inputs[:1])
        padded[:, :length] = probe.inputs
        same = (samples.inputs == padded).reshape(len(samples), -1).all(axis=1)
        if same.any():
            return samples, int(same.argmax())
    return None


def what_answers_are(data: WatchedTraining, task: Task, tokens: Sequence[str]) -> str:
    """What the rows of answers are, and which of them were trained; empty if nothing is to be said.

    To be said where answers are drawn: not beside the map of rows.

    Args:
        data: What is drawn.
        task: That was learned.
        tokens: ``(T,)``, what is read at each timestep.
    """
    said = []
    if len(data.classes) == 2:
        blame, praise = map(literal, data.classes)
        each = "before training and now"
        if data.left_out is not None:
            each = f"before training, now with “{literal(tokens[data.left_out])}” left out, and now"
        said.append(
            f"**Numbers**: how likely “{praise}” is, {each}. Above 0.5 (red) counts as {praise}, below (blue) "
            f"as {blame}, however little."
        )
    if not task.per_timestep:
        whole = "sentence" if task.name == "sentiment" else "sequence"
        said.append(
            f"It was trained on whole {whole}s only, so it answers at the end, in the frame. Hatched: no answer is "
            "asked for there."
        )
    if task.turning:
        said.append("Type another sentence, and see.")
    return " ".join(said)


def what_bands_are(data: WatchedTraining, *, difference: bool, framed: bool) -> str:
    """What the thin rows of the picture are, where states are drawn.

    Args:
        data: What is drawn.
        difference: Whether states are drawn as their change since before training.
        framed: Whether only the last answer was trained, so that it is framed.
    """
    value = "its value"
    if difference:
        value = f"how far {value} is from before training,"
    what = "**h** is what the layer hands on"
    if data.layer.cell_states is not None:
        what += ", **c** the memory that it keeps inside"
    if framed:
        made = {0: "", 2: " and a sigmoid"}.get(len(data.classes), " and softmax")
        what += f"; a Dense layer (weighted sums{made}) makes of the framed column of **h** the answer now"
    return (
        f"**Thin rows**: one for each unit, {value} after each word: here red is positive and blue negative, "
        f"and ± the value of the deepest colour. {what}."
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
