"""Names: which words of a sentence are a person, a place or a thing.

How can a name be found that no sentence had? Not by its row, which nobody trained: every unknown word
reads row 1. By what stands before it: after “I am” comes a person, after “we live in” a place. So that
a model learns to look there, a third of the names that it learns from are hidden behind row 1. Half
of the held-out sentences have names that are in none of the others.

The word right before is not enough: “she gave it to …” goes on with a person, “they went to …” with a
place. The state has to hold the verb.
"""

from collections.abc import Sequence
from itertools import permutations, product
from typing import Final

import numpy as np

from seqviz.tasks.parts import numbered, padded, rows_of
from seqviz.tasks.task import Samples, Task
from seqviz.vocabulary import UNK

CLASSES: Final = ("other", "person", "place", "thing")

NAMES: Final = {  # to learn from
    "person": ("Anna", "Omar", "Mia", "Ravi", "Lena", "Tariq", "Ines", "Noah"),
    "place": ("Paris", "Dhaka", "Oslo", "Lima", "Cairo", "Kyoto", "Quito", "Perth"),
    "thing": ("lamp", "ring", "ball", "coat", "drum", "cup", "bell", "kite"),
}
NEW_NAMES: Final = {  # only in held-out sentences
    "person": ("Yusuf", "Clara", "Bodil", "Chen"),
    "place": ("Gotham", "Ghent", "Accra", "Hobart"),
    "thing": ("phone", "chair", "sword", "spoon"),
}
# Each ends before a name.
CLAUSES: Final = {
    "person": ("I am", "you are", "my name is", "she gave it to", "he sat with"),
    "place": ("we live in", "they went to", "he comes from", "it rains in", "she flew to"),
    "thing": ("I found a", "she has a", "he broke my", "where is the", "give me that"),
}
_HELD_OUT: Final = 5  # of the 25 ways to join a clause of one class with one of another
_ALONE: Final = 4  # sentences of each clause by itself
_HIDDEN: Final = 1 / 3  # of the names of joined clauses

_Word = tuple[str, int]  # with its class


def make_names(seed: int = 0) -> Task:
    """300 sentences to learn from and 60 held out, of 3 to 10 words, in four classes.

    People, places and things are equally many in both parts. No two clauses that are joined in a
    held-out sentence are so in one to learn from.

    Args:
        seed: Which clauses are joined where, with which names.
    """
    order = np.random.default_rng(seed)

    def clause(kind: str, start: str, names: Sequence[str], hidden: float = 0.0) -> list[_Word]:
        name = UNK if order.random() < hidden else str(order.choice(names))
        return [*((word, 0) for word in start.split()), (name, CLASSES.index(kind))]

    train = [
        clause(kind, start, [name])
        for kind, starts in CLAUSES.items()
        for start in starts
        for name in order.permutation(NAMES[kind])[:_ALONE]
    ]
    held_out: list[list[_Word]] = []
    for one, two in permutations(CLAUSES, 2):
        pairs = list(product(CLAUSES[one], CLAUSES[two]))
        for rank, place in enumerate(order.permutation(len(pairs))):
            starts_of = pairs[place]
            for names in (NAMES, NEW_NAMES) if rank < _HELD_OUT else (NAMES, NAMES):
                hidden = 0.0 if rank < _HELD_OUT else _HIDDEN
                first, second = (
                    clause(kind, start, names[kind], hidden)
                    for kind, start in zip((one, two), starts_of, strict=True)
                )
                (held_out if rank < _HELD_OUT else train).append([*first, ("and", 0), *second])
    train, held_out = (
        [part[place] for place in order.permutation(len(part))] for part in (train, held_out)
    )
    words = numbered([" ".join(word for word, _ in sentence) for sentence in train])
    timesteps = max(map(len, (*train, *held_out)))

    def samples(part: list[list[_Word]]) -> Samples:
        texts = [[word for word, _ in sentence] for sentence in part]
        return Samples(
            inputs=rows_of(words, texts, timesteps),
            targets=padded([[class_ for _, class_ in sentence] for sentence in part], timesteps),
            texts=tuple(map(" ".join, texts)),
        )

    return Task(
        name="names",
        question="Is this word a person, a place, a thing, or none of these?",
        words=words,
        classes=CLASSES,
        per_timestep=True,
        train=samples(train),
        held_out=samples(held_out),
        probe="I am Groot",
    )
