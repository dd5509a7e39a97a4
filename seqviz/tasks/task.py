"""What a task is: samples to learn from, samples held out, and what their numbers stand for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.segmentation import clean, label, shorten, tokenize
from seqviz.short_repr import short_repr
from seqviz.vocabulary import PAD_ID, UNK, UNK_ID, Vocabulary, distinct

Level = Literal["words", "characters", "numbers"]

MAX_TOKENS: Final = 200  # of a sentence that is typed


@short_repr
@dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """Some samples of a task: `n` sequences of `T` timesteps and what is asked of each.

    Attributes:
        inputs: ``(n, T)`` int32, ids, 0 where a sentence has ended; or ``(n, T, F)`` float32, numbers.
        targets: What the task's loss takes: ``(n, 1)`` float32, 0 or 1, or numbers; ``(n,)`` int32,
            classes; or ``(n, T)`` int32, a class for each timestep (0 where the input is padding).
        texts: ``(n,)``, each sample as it is read.
    """

    inputs: Array
    targets: Array
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.inputs)


class Probe(NamedTuple):
    """One sequence that somebody typed, as a task's model reads it.

    Attributes:
        inputs: ``(1, T)`` int32 or ``(1, T, F)`` float32.
        tokens: ``(T,)``, what stands at each timestep, ready to be drawn.
        notices: Sentences for the reader: what was cut, which words are unknown.
    """

    inputs: Array
    tokens: tuple[str, ...]
    notices: tuple[str, ...] = ()


@short_repr
@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """What a model is to learn, and what it is judged by: no sample is in both parts.

    Attributes:
        name: By which it was made.
        question: What is asked of each sample, in words.
        words: Row id → word: ``words[0]`` is padding, ``words[1]`` any unknown word. Empty where
            inputs are numbers.
        classes: The answers, in the order of the model's outputs; of two for a whole sequence the
            model has one output, the probability of the second. Empty where a number is asked for.
        per_timestep: Whether each timestep is answered, or the sequence as a whole.
        train: To learn from.
        held_out: To be judged by.
        probe: A sequence worth watching, not among those to learn from.
        level: What a timestep is: ``"words"``, ``"characters"`` or ``"numbers"``.
        notices: Sentences for whoever brought the data: what of it was left out.
        turning: The word that turns one of two answers into the other; empty if there is none.
    """

    name: str
    question: str
    words: tuple[str, ...]
    classes: tuple[str, ...]
    per_timestep: bool
    train: Samples
    held_out: Samples
    probe: str
    level: Level = "words"
    notices: tuple[str, ...] = ()
    turning: str = ""

    @property
    def loss(self) -> str:
        """Name of the Keras loss that fits."""
        if not self.classes:
            return "mean_squared_error"
        return "binary_crossentropy" if self.outputs == 1 else "sparse_categorical_crossentropy"

    @property
    def metric(self) -> str:
        """Name of the Keras metric that says how well it is done; padding has no part in it."""
        return "accuracy" if self.classes else "mean_absolute_error"

    @property
    def outputs(self) -> int:
        """Width of the last layer."""
        one = not self.classes or (len(self.classes) == 2 and not self.per_timestep)
        return 1 if one else len(self.classes)

    @property
    def activation(self) -> str:
        """Name of the Keras activation of the last layer."""
        if not self.classes:
            return "linear"
        return "sigmoid" if self.outputs == 1 else "softmax"

    @property
    def features(self) -> int | None:
        """Numbers a timestep; None where inputs are ids."""
        return self.train.inputs.shape[2] if self.level == "numbers" else None

    @property
    def padded(self) -> bool:
        """Whether sentences differ in length, so that the model needs a mask."""
        parts = (self.train.inputs, self.held_out.inputs)
        return self.level != "numbers" and any((ids == PAD_ID).any() for ids in parts)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words by their ids.

        Raises:
            SeqvizError: The task has none: its inputs are numbers.
        """
        if self.level == "numbers":
            raise SeqvizError(f"The task {self.name!r} reads numbers and has no words.")
        return Vocabulary(len(self.words), self.words[2:], fold_case=self.level == "words")

    def encode(self, text: str) -> Probe:
        """Read a sequence that somebody typed as the task's own samples are read.

        Args:
            text: A sentence; or numbers with spaces between them, where the task reads numbers.

        Returns:
            At most 200 timesteps, without padding. Words that the task does not know have id 1, and
            a notice says which.

        Raises:
            SeqvizError: There is nothing to read in it, or no number where one is needed.
        """
        return self._numbers(text) if self.level == "numbers" else self._words(text)

    def _words(self, text: str) -> Probe:
        level: Any = self.level
        tokens, cut = tokenize(text, level, max_tokens=MAX_TOKENS)
        if not tokens:
            raise SeqvizError(
                f"There are no {level} in {shorten(text)}. Type for example: {self.probe}"
            )
        ids = self.vocabulary.encode(tokens)
        known = [token for token, id_ in zip(tokens, ids, strict=True) if id_ == UNK_ID]
        notices = [cut] if cut else []
        if known:
            named = ", ".join(f"“{label(t)}”" for t in distinct(known, level == "words").values())
            notices.append(
                f"The model has never read {named}: id {UNK_ID}, {UNK}, the row of all unknown {level}."
            )
        return Probe(np.array([ids], np.int32), tuple(map(label, tokens)), tuple(notices))

    def _numbers(self, text: str) -> Probe:
        parts = clean(text).replace(",", " ").replace(";", " ").split()
        if not parts:
            raise SeqvizError(f"There are no numbers here. Type for example: {self.probe}")
        values = []
        for place, part in enumerate(parts[:MAX_TOKENS], 1):
            try:
                value = float(part.replace("−", "-"))
            except ValueError:
                value = np.nan
            if not abs(value) < 1e6:
                raise SeqvizError(
                    f"{shorten(part)} at place {place} is no number that the model could read. Type "
                    f"numbers with spaces between them, for example: {self.probe}"
                )
            values.append(value)
        cut = (
            (f"Only the first {MAX_TOKENS} of {len(parts):,} numbers are kept.",)
            if len(parts) > MAX_TOKENS
            else ()
        )
        inputs = np.array(values, np.float32)[None, :, None]
        return Probe(inputs, tuple(f"{value:g}" for value in values), cut)
