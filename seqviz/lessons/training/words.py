"""What the lesson says: a caption per moment, tables, and how good a model became."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from seqviz.array_types import Floats
from seqviz.lessons.training.compute import LeftOut, WatchedTraining
from seqviz.lessons.training.setup import REACHED
from seqviz.plotly_kit.labels import shorten
from seqviz.readout.numbers import with_minus
from seqviz.readout.table import Table
from seqviz.tasks import Probe, Samples, Task
from seqviz.training.task_settings import TaskSettings
from seqviz.ui.markdown import literal, typed
from seqviz.wording import counted, first_of

_LONGEST: Final = 60  # characters of a sequence that is said
_FIRST_WORD: Final = 2  # row: after those of padding and of all unknown words
_DECIDES: Final = 0.5  # by which a word changes an answer to the other one
_SMALL: Final = 0.2  # numbers of a state from which a head's answer is near that from zeros
_ALIKE: Final = 0.05  # up to which two answers differ by little
_UNDECIDED: Final = 0.1  # from 0.5: what is so near is hardly an answer


def training_captions(
    data: WatchedTraining,
    tokens: Sequence[str],
    true: int | None = None,
    *,
    per_timestep: bool = False,
) -> list[str]:
    """Say at each moment how far the training is, and what is answered in the end.

    Args:
        data: What is drawn.
        tokens: ``(T,)``, what is read at each timestep.
        true: The right answer, if it is known.
        per_timestep: Whether each timestep is answered: then the answer is that of the last.
    """
    said = []
    this_one = f"“{tokens[-1]}”" if per_timestep else "This one"
    for k, epoch in enumerate(data.epochs.tolist()):
        begin = "Before training" if epoch == 0 else f"After {counted(epoch, 'epoch')}"
        measured = "" if epoch == 0 else f", {measures(data.history, epoch)}"
        end = f". {this_one}: " if measured else f", {this_one}: " if per_timestep else ": "
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
    if data.left_out is None:
        return ""
    praise, place = data.left_out.answers[moment, -1, 1], data.left_out.timestep
    if not np.isfinite(praise):
        return ""
    return f"; without {first_of(tokens, place)}“{tokens[place]}” {praise:.2f}"


def really_shown(show: str, data: WatchedTraining) -> str:
    """What is drawn where `show` was asked for: states where there are no gates or no rows."""
    there = {"gates": bool(data.layer.gates), "rows": bool(data.words)}
    return show if there.get(show, True) else "states"


def what_came_of_it(data: WatchedTraining, task: Task, probe: Probe) -> str:
    """The task's question, and what is answered to it before and after the training.

    Args:
        data: What is drawn.
        task: That was learned.
        probe: The sequence that is watched.
    """
    said = f"**{typed(task.question)}**"
    if len(data.classes) == 2:
        no, yes = map(typed, data.classes)
        said += f" The answer is a number from 0 ({no}) to 1 ({yes}): above 0.5 counts as {yes}."
    true = true_answer(task, probe)
    of = "Before"
    if task.per_timestep:
        what = {"words": "word", "characters": "character"}.get(task.level, "timestep")
        of = f"Of the last {what}, “{literal(probe.tokens[-1])}”, before"
    said += f" {of} training: {typed(answer_text(data, 0, true))}."
    epochs = int(data.epochs[-1])
    if not epochs:
        return said
    said += f" After {counted(epochs, 'epoch')}: {typed(answer_text(data, -1, true))}."
    if data.left_out is None:
        return said
    praise, place = float(data.left_out.answers[-1, -1, 1]), data.left_out.timestep
    change = abs(praise - data.answers[-1, -1, 1])
    if not np.isfinite(change):
        return said
    turns = change > _DECIDES
    return (
        f"{said} Leave {_marked_off(probe.tokens, place)} out, and it says {praise:.2f}"
        f"{': here that word turns it' if turns else ''}."
    )


def _while_alike(data: WatchedTraining, without: LeftOut, tokens: Sequence[str]) -> str:
    """Until when a word that turns the answer in the end made little difference, if some training went by."""
    answers, others = data.answers[:, -1, 1], without.answers[:, -1, 1]
    if not abs(answers[-1] - others[-1]) > _DECIDES:
        return ""
    # The moment before they part; in the end they have.
    last = int((np.abs(answers - others) >= _ALIKE).argmax()) - 1
    if last < 0 or not data.epochs[last]:
        return ""
    return (
        f" After {counted(int(data.epochs[last]), 'epoch')} {_marked_off(tokens, without.timestep)} made little "
        f"difference yet: {answers[last]:.2f} with it, {others[last]:.2f} without."
    )


def what_is_learned(task: Task, probe: Probe) -> str:
    """From what a task is learned, by what it is tested, and in which of these the watched one is."""
    kind = kind_of_samples(task)
    said = f"The model learned from {len(task.train)} {kind}s"
    found = None
    if task.classes and not task.per_timestep:
        answer = task.classes[int(task.train.targets.ravel()[0])]
        said += f", such as “{literal(shorten(task.train.texts[0], _LONGEST))}”: {typed(answer)}"
        found = _sample_of(task, probe)
    of_them = f"{len(task.held_out)} **held out**: {kind}s that only test it"
    if found is None:
        return f"{said}. There are {of_them}."
    if found[0] is task.train:
        return f"{said}, and from this one. There are {of_them}."
    return f"{said}. It never saw this one, which is among {of_them}."


def kind_of_samples(task: Task) -> str:
    """What the samples of a task are called."""
    return "sentence" if task.name == "sentiment" else "sequence"


def what_curves_are(data: WatchedTraining) -> str:
    """What the loss and the metric beside it are, and what is drawn of each."""
    if data.classes:
        guess = " (0.69 is what always saying 0.5 gives)" if len(data.classes) == 2 else ""
        said = f"the loss is how wrong the answers are{guess}, accuracy the share that is right"
    else:
        said = "the loss is the mean square of the errors, the error beside it their mean size"
    table = ""
    if data.confusion is not None:
        table = " The **table** counts these: each row is a true answer, each column one of the model; on the diagonal it is right."
    return (
        f"**Curves**: {said}. The solid lines are of the training samples, averaged while the model changes during an "
        f"epoch. The dotted ones are of those held out, measured at its end: so the dotted loss may be the lower.{table}"
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


def what_answers_are(data: WatchedTraining, task: Task, timesteps: int) -> str:
    """What the rows of answers are, and which of them were trained; empty if nothing is to be said.

    To be said where answers are drawn: not beside the map of rows.

    Args:
        data: What is drawn.
        task: That was learned.
        timesteps: Of the sequence that is watched.
    """
    said = []
    if len(data.classes) == 2:
        blame, praise = map(typed, data.classes)
        said.append(
            f"**Numbers**: how likely “{praise}” is, before training and now. Above 0.5 counts as {praise}, below as "
            f"{blame}, however little."
        )
    if not task.per_timestep:
        hatched = " Hatched: no answer is asked for there." if timesteps > 1 else ""
        said.append(
            f"The model was trained on whole {kind_of_samples(task)}s only, so it answers at the end.{hatched}"
        )
    if task.padded:
        length = counted(task.train.inputs.shape[1], "timestep")
        said.append(f"All were padded to {length}; padding is not drawn.")
    return " ".join(said)


def what_bands_are(data: WatchedTraining, *, difference: bool) -> str:
    """What the thin rows of the picture are, where states are drawn.

    Args:
        data: What is drawn.
        difference: Whether states are drawn as their change since before training.
    """
    value = "its value"
    if difference:
        value = f"how far {value} is from before training,"
    what = "**h** is what the layer hands on"
    if data.layer.cell_states is not None:
        what += ", **c** the memory that it keeps inside"
    return (
        f"**Thin rows**: one for each unit, {value} after each timestep: here red is positive and blue negative, "
        f"and ± the value of the deepest colour, the same in all epochs. {what}."
    )


def how_it_answers(data: WatchedTraining, tokens: Sequence[str], *, terms: bool) -> str:
    """Of what the framed answer is made; where states are drawn and only the last is answered to.

    Args:
        data: What is drawn.
        tokens: ``(T,)``, what is read at each timestep.
        terms: Whether it is drawn what each number of the state adds to it.
    """
    of_it, small = {
        0: ("These and a bias add up to the answer", "near 0"),
        2: (
            "These and a bias add up, and a sigmoid squeezes the sum between 0 and 1",
            "near sigmoid(0) = 0.5",
        ),
    }.get(
        len(data.classes),
        (
            "These and a bias add up, for each class by itself, and softmax makes probabilities of the sums",
            "that each class is about as probable as the next",
        ),
    )
    times, colors = "", " The colours of **h** are signs, no votes: those weights are not drawn."
    if terms:
        times = ": **h × w**"
        colors = " In **h × w** red raises it and blue lowers it."
        if data.classes:
            blame, praise = map(typed, data.classes)
            colors = f" In **h × w** red speaks for {praise} and blue for {blame}."
    before = (
        f"Before training **h** is near 0 and the bias 0, so the answer is {small}."
        if _begins_near_zero(data)
        else "Before training the weights are random, and so is the answer."
    )
    without = ""
    if data.left_out is not None:
        place = data.left_out.timestep
        without = (
            f" On the right the same without {_marked_off(tokens, place)}: another **h**"
            f"{', and so another answer' if _answers_else(data, data.left_out) else ''}."
        )
    cell = "" if data.layer.cell_states is None else " **c** stays inside the layer."
    return (
        "**How it answers** (in the frame): a Dense layer multiplies each number of the last **h** by a weight of its "
        f"own{times}. {of_it}.{colors}{without}{cell} {before}"
    )


def how_it_learns(
    data: WatchedTraining, task: Task, tokens: Sequence[str], settings: TaskSettings
) -> str:
    """When which weights are moved, and what comes of it.

    Args:
        data: What is drawn.
        task: That was learned.
        tokens: ``(T,)``, what is read at each timestep.
        settings: Of the training.
    """
    batch = counted(min(settings.batch_size, len(task.train)), kind_of_samples(task))
    return (
        f"**How it learns**: after each batch of {batch} the optimizer ({settings.optimizer}) moves all weights towards "
        "where the loss of that batch is smaller. So **h** changes, and the weights that it meets, and with them the "
        "answer."
        f"{'' if data.left_out is None else _while_alike(data, data.left_out, tokens)}"
    )


def _begins_near_zero(data: WatchedTraining) -> bool:
    """Whether before training the last state is so small that the head's answer is as of zeros."""
    states, answer = data.layer.hidden_states, data.answers[0, -1]
    if states is None or not np.abs(states[0, -1]).max() < _SMALL:
        return False
    return bool(np.abs(answer - (1 / len(data.classes) if data.classes else 0)).max() < _UNDECIDED)


def _answers_else(data: WatchedTraining, without: LeftOut) -> bool:
    """Whether in the end the answer without a word is seen to be another, as both are written."""
    answer, other = (of.answers[-1, -1, 1] for of in (data, without))
    return f"{answer:.2f}" != f"{other:.2f}"


def _marked_off(tokens: Sequence[str], place: int) -> str:
    """A word in quotes, as Markdown, and that it is the first where it stands there again."""
    return f"{first_of(tokens, place)}“{literal(tokens[place])}”"


def what_can_be_typed(task: Task) -> str:
    """That a sentence of one's own may be watched, and of how many words."""
    count = len(task.words[_FIRST_WORD:])
    return f"Type a sentence of your own above: the model knows {count} words, listed behind the **?**."


def words_known(task: Task) -> str:
    """Of which words a sentence of one's own may be made."""
    words = task.words[_FIRST_WORD:]
    return (
        f"The model knows {len(words)} words, which makes it easy: {literal(', '.join(words))}. Any other is the same "
        f"unknown word to it. With that and padding its Embedding has {len(task.words)} rows."
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
