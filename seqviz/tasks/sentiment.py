"""Sentiment: praise or blame, in sentences in which “not” turns one into the other.

The sentences are made of parts written for this project, each noun with each adjective in each
frame. So only the adjective says whether it is praise or blame, and a “not” before it the opposite.
“not” by itself says nothing: it also stands before words that are neither (“not long but good”).
A bag of words, whose score is a sum over words, is right where nothing is negated, and wrong where
something is.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from seqviz.tasks.parts import of_texts
from seqviz.tasks.task import Task

GOOD: Final = ("good", "great", "lovely", "fine")
BAD: Final = ("bad", "awful", "boring", "poor")
NOUNS: Final = ("film", "book", "song", "meal", "play", "game")
NEITHER: Final = ("long", "new", "loud")
CLASSES: Final = ("blame", "praise")

_PLAIN: Final = (
    "the {noun} was {adjective}",
    "a really {adjective} {noun}",
    "I think this {noun} is {adjective}",
    "the {noun} was not {neither} but {adjective}",
)
_NEGATED: Final = (
    "the {noun} was not {adjective}",
    "not a {adjective} {noun}",
    "I do not think this {noun} is {adjective}",
)
_NOT: Final = "not"
_PROBE: Final = "the film was not great"
_PARTS: Final = 4  # one of so many sentences of each frame is held out


class Sentence(NamedTuple):
    """One sentence, and why it is what it is."""

    text: str
    praise: bool
    negated: bool


def sentences(frame: str, praise: bool) -> Iterator[Sentence]:
    """All sentences of one frame that praise, or that blame."""
    negated = frame in _NEGATED
    for adjective in GOOD if praise != negated else BAD:
        for noun in NOUNS:
            for neither in NEITHER if "{neither}" in frame else ("",):
                text = frame.format(noun=noun, adjective=adjective, neither=neither)
                yield Sentence(text, praise, negated)


def make_sentiment(seed: int = 0) -> Task:
    """324 sentences to learn from and 108 held out, of 4 to 8 words; a third of each is negated.

    Half of each part praises, in every frame.

    Args:
        seed: Which are held out, and in what order they come.
    """
    order = np.random.default_rng(seed)
    train: list[Sentence] = []
    held_out: list[Sentence] = []
    for frame in (*_PLAIN, *_NEGATED):
        for praise in (False, True):
            found = list(sentences(frame, praise))
            mixed = [found[place] for place in order.permutation(len(found))]
            mixed.sort(key=lambda sentence: sentence.text != _PROBE)  # always held out
            cut = len(mixed) // _PARTS
            held_out += mixed[:cut]
            train += mixed[cut:]
    parts = [[part[place] for place in order.permutation(len(part))] for part in (train, held_out)]
    return of_texts(
        "sentiment",
        "Is this sentence praise?",
        CLASSES,
        *([(sentence.text, int(sentence.praise)) for sentence in part] for part in parts),
        probe=_PROBE,
        turning=_NOT,
    )
