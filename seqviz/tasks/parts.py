"""The two parts of a task, made of what is written down: texts and their answers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqviz.array_types import Array
from seqviz.tasks.task import Samples, Task
from seqviz.vocabulary import PAD, PAD_ID, UNK, Vocabulary


def of_texts(
    name: str,
    question: str,
    classes: Sequence[str],
    train: Sequence[tuple[str, int]],
    held_out: Sequence[tuple[str, int]],
    *,
    probe: str,
    turning: str = "",
) -> Task:
    """A task on texts whose words stand between spaces, each with the place of its class."""
    words = numbered([text for text, _ in train])
    timesteps = max(len(text.split()) for text, _ in (*train, *held_out))

    def samples(part: Sequence[tuple[str, int]]) -> Samples:
        rows = [text.split() for text, _ in part]
        places = [place for _, place in part]
        return Samples(
            inputs=rows_of(words, rows, timesteps),
            targets=answers(places, len(classes)),
            texts=tuple(text for text, _ in part),
        )

    return Task(
        name=name,
        question=question,
        words=words,
        classes=tuple(classes),
        per_timestep=False,
        train=samples(train),
        held_out=samples(held_out),
        probe=probe,
        turning=turning,
    )


def numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """Row id → word: padding, unknown words, then the words in the order in which they come."""
    known = Vocabulary.from_tokens((word for text in texts for word in text.split()), 1_000_000)
    return (PAD, UNK, *known.entries)


def rows_of(words: Sequence[str], rows: Sequence[Sequence[str]], timesteps: int) -> Array:
    """``(n, timesteps)`` int32: the ids of each row's words, and 0 after them."""
    known = Vocabulary(len(words), tuple(words[2:]))
    return padded([known.encode(row) for row in rows], timesteps)


def padded(rows: Sequence[Sequence[int]], timesteps: int) -> Array:
    """``(n, timesteps)`` int32: each row, and 0 after it."""
    made = np.full((len(rows), timesteps), PAD_ID, np.int32)
    for place, row in enumerate(rows):
        made[place, : len(row)] = row
    return made


def answers(places: Sequence[Any], classes: int) -> Array:
    """The targets of whole sequences: ``(n, 1)`` float32 of two classes, else ``(n,)`` int32."""
    if classes == 2:
        return np.array(places, np.float32)[:, None]
    return np.array(places, np.int32)
