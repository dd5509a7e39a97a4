"""One sequence while a model learns: its states, and what is answered after each timestep."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from seqviz.array_types import Array, Floats, Ints
from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.vectors.projection import compute_projection, project
from seqviz.watching.compute import LayerTraining, compute_training
from seqviz.watching.record import TrainingTrace


@short_repr
class Head(NamedTuple):
    """The `Dense` layer that answers, at one moment of a training or, with one output, at all.

    Attributes:
        kernel: ``(units, outputs)``; at all moments ``(E, units)``.
        bias: ``(outputs,)``; at all moments ``(E,)``.
    """

    kernel: Floats
    bias: Floats


@short_repr
class LeftOut(NamedTuple):
    """The same training, looked at through the sequence without one of its timesteps.

    Attributes:
        timestep: That is left out.
        answers: ``(E, T - 1, C)``, as those of the whole sequence.
        layer: What the same recurrent layer did with the others.
    """

    timestep: int
    answers: Floats
    layer: LayerTraining


@short_repr
class WatchedTraining(NamedTuple):
    """A training at `E` moments, looked at through one sequence of `T` timesteps.

    Attributes:
        layer: What a recurrent layer did with it at each moment.
        history: The loss and every metric, ``(epochs done,)`` each, by Keras's name.
        answers: ``(E, T, C)``, what the model answers if the sequence ends with each timestep (or
            of each timestep, if each is answered): a probability for each of `C` classes; or
            ``(E, T, 1)``, a number.
        classes: ``(C,)``, their names; empty where a number is asked for.
        confusion: ``(E, C, C)`` int, held-out samples by true class (rows) and by what was
            answered (columns); None where a number is asked for.
        words: ``(N,)``, words on the map of rows; empty where there is no Embedding.
        path: ``(E, N, 2)``, where their rows are on it.
        is_top: Whether the head answers to the states of this very layer.
        left_out: What comes of it without one timestep; None if it is not asked.
        head: At all moments, where it has one output; else None.
    """

    layer: LayerTraining
    history: Mapping[str, Floats]
    answers: Floats
    classes: tuple[str, ...]
    confusion: Ints | None
    words: tuple[str, ...]
    path: Floats
    is_top: bool = True
    left_out: LeftOut | None = None
    head: Head | None = None

    @property
    def epochs(self) -> Ints:
        """``(E,)``, how many epochs had been done at each moment."""
        return self.layer.epochs


def compute_watched_training(
    training: TrainingTrace,
    heads: Sequence[Head],
    *,
    layer: str | None = None,
    classes: Sequence[str] = (),
    confusion: Ints | None = None,
    tables: Floats | None = None,
    words: Mapping[str, int] | None = None,
    without: tuple[int, TrainingTrace] | None = None,
) -> WatchedTraining:
    """Put together what a training did to one sequence.

    After every timestep the answer is that of the head for the topmost recurrent layer's state
    there, which is what the model would answer if the sequence ended with it.

    Args:
        training: Of a `Watch`, of one sequence.
        heads: ``(E,)``, the model's last layer at each moment.
        layer: Key of the recurrent layer to look at; the topmost if None.
        classes: Names of the answers; two if the head has one output, the probability of the
            second. None if a number is asked for.
        confusion: ``(E, C, C)``, if there is one.
        tables: ``(E, rows, F)``, the Embedding's rows at each moment.
        words: Word → row of those to put on the map.
        without: A timestep, and the same training watched through the sequence without it.

    Raises:
        SeqvizError: There is not one head for each moment, or no recurrent layer of that name, or
            the sequence without a timestep is not shorter by one.
    """
    top = [key for key in training.traces[0] if hasattr(training.traces[0][key], "hidden_states")]
    if len(heads) != len(training.epochs) or not top:
        raise SeqvizError(
            f"{len(heads)} heads were given for {len(training.epochs)} moments of {len(top)} "
            "recurrent layers, but each moment needs one, and one layer at least. Give the weights "
            "of the last Dense layer at each of training.epochs."
        )
    answers = _answers(training, top[-1], heads, classes)
    left_out = None
    if without is not None:
        timestep, others = without
        left_out = LeftOut(
            timestep,
            _answers(others, top[-1], heads, classes),
            compute_training(others, layer=layer or top[-1]),
        )
        if left_out.answers.shape[1] != answers.shape[1] - 1:
            raise SeqvizError(
                f"Without timestep {timestep} the sequence has {left_out.answers.shape[1]} timesteps, but "
                f"{answers.shape[1] - 1} are expected: one less than with it."
            )
    names, path = _map(tables, words or {})
    return WatchedTraining(
        layer=compute_training(training, layer=layer or top[-1]),
        history=training.history,
        answers=answers,
        classes=tuple(classes),
        confusion=confusion,
        words=names,
        path=path,
        is_top=layer in (None, top[-1]),
        left_out=left_out,
        head=_at_all_moments(heads),
    )


def _at_all_moments(heads: Sequence[Head]) -> Head | None:
    if heads[0].kernel.shape[1] > 1:
        return None
    return Head(
        np.stack([head.kernel[:, 0] for head in heads]), np.array([head.bias[0] for head in heads])
    )


@short_repr
class Terms(NamedTuple):
    """How an answer at the end adds up, at each moment.

    Attributes:
        terms: ``(E, units)``, each number of the last state times its weight.
        sums: ``(E,)``, theirs with the bias: the answer, or what a sigmoid makes it of.
    """

    terms: Floats
    sums: Floats


def terms_of(data: WatchedTraining, layer: LayerTraining) -> Terms:
    """How the head's answer adds up, of one output.

    Args:
        data: With its `head`.
        layer: What the topmost recurrent layer did, with the whole sequence or without a timestep.

    Raises:
        SeqvizError: The head has several outputs, or the states were not recorded.
    """
    if data.head is None or layer.hidden_states is None:
        raise SeqvizError(
            "An answer adds up of one state and the weights of one output, but there are several outputs or no "
            "states. Hint: give a head of one output, and leave record out."
        )
    with np.errstate(all="ignore"):  # a training that exploded
        terms = layer.hidden_states[:, -1] * data.head.kernel
        return Terms(terms, terms.sum(axis=1) + data.head.bias)


def _answers(
    training: TrainingTrace, layer: str, heads: Sequence[Head], classes: Sequence[str]
) -> Floats:
    """``(E, T, C)``, what the heads answer to the states of a layer."""
    states = compute_training(training, layer=layer).hidden_states
    if states is None:
        raise SeqvizError(
            "The hidden states were not recorded, but answers are made of them. Leave record out."
        )
    return np.stack([answers_of(h, head, classes) for h, head in zip(states, heads, strict=True)])


def answers_of(states: Floats, head: Head, classes: Sequence[str]) -> Floats:
    """What a head answers to states ``(…, units)``: ``(…, C)`` probabilities, or ``(…, 1)`` numbers."""
    with np.errstate(all="ignore"):  # a training that exploded
        sums = states @ head.kernel + head.bias
        if not classes:
            return sums
        if sums.shape[-1] == 1:
            second = 1 / (1 + np.exp(-np.asarray(sums, np.float64)))
            return np.concatenate([1 - second, second], axis=-1)
        powers = np.exp(sums - sums.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)


def count_confusion(true: Array, answered: Array, classes: int) -> Ints:
    """``(classes, classes)``, how many of each true class (rows) were taken for which (columns)."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (true.ravel(), answered.ravel()), 1)
    return counts


def _map(tables: Floats | None, words: Mapping[str, int]) -> tuple[tuple[str, ...], Floats]:
    """Words and where their rows are at each moment, on the map of all moments that are numbers."""
    if tables is None or not words:
        return (), np.zeros((0 if tables is None else len(tables), 0, 2))
    rows: Any = np.asarray(tables[:, list(words.values())], np.float64)
    known = np.isfinite(rows).all(axis=(1, 2))
    if rows.shape[2] < 2:  # one number a row: a line is map enough
        return tuple(words), np.concatenate([rows, np.zeros_like(rows)], axis=2)
    ends = rows[known][[0, -1]] if known.any() else np.zeros((2, *rows.shape[1:]))
    projection = compute_projection(np.concatenate(ends))
    path = np.full((*rows.shape[:2], 2), np.nan)
    path[known] = project(projection, rows[known])
    return tuple(words), path
