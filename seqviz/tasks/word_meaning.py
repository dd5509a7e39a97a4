"""Four small tasks on the same sentences, to see that rows come to mean what the loss asks.

The sentences were written for this project: each of eight nouns meets each of eight adjectives.
So an adjective says nothing about the topic of a sentence, nor a noun about its sentiment.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError

ANIMALS: Final = ("cat", "dog", "horse", "bird")
FOODS: Final = ("soup", "bread", "rice", "cake")
GOOD: Final = ("good", "great", "nice", "lovely")
BAD: Final = ("bad", "awful", "poor", "nasty")
STARTS: Final = ("the", "my")
ANIMAL_VERBS: Final = ("acts", "runs")
_FOOD_VERBS: Final = ("tastes", "smells")
NEVER: Final = ("zebra", "superb")  # in the vocabulary, in no sentence

WORDS: Final = (
    *GOOD, *BAD, *ANIMALS, *FOODS, *STARTS, *ANIMAL_VERBS, *_FOOD_VERBS, *NEVER,
)  # fmt: skip
FIRST_ID: Final = 2  # 0 is padding and 1 any unknown word, as everywhere in seqviz
VOCAB_SIZE: Final = FIRST_ID + len(WORDS)

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "good": GOOD,
    "bad": BAD,
    "animal": ANIMALS,
    "food": FOODS,
    "other": (*STARTS, *ANIMAL_VERBS, *_FOOD_VERBS),
    "never seen": NEVER,
}


def _sentences() -> tuple[tuple[str, ...], ...]:
    made = []
    for n, noun in enumerate((*ANIMALS, *FOODS)):
        verbs = ANIMAL_VERBS if noun in ANIMALS else _FOOD_VERBS
        for a, adjective in enumerate((*GOOD, *BAD)):
            # Both starts and both verbs are as often with good as with bad, for every noun.
            made.append((STARTS[(n + a) % 2], noun, verbs[(n + a // 2) % 2], adjective))
    return tuple(made)


SENTENCES: Final = _sentences()


class WordTask(NamedTuple):
    """What a model is to learn.

    Attributes:
        ids: ``(samples, timesteps)`` int32, what it reads.
        targets: ``(samples, 1)``: float32, 0 or 1; or int32, ids.
        question: What the loss asks of each sample, in words.
        classes: How many answers there are: 1 for yes or no, else the vocabulary's size.
    """

    ids: NDArray[np.int32]
    targets: NDArray[Any]
    question: str
    classes: int = 1

    @property
    def loss(self) -> str:
        """Name of the Keras loss that fits."""
        return "binary_crossentropy" if self.classes == 1 else "sparse_categorical_crossentropy"


TASKS: Final[Mapping[str, str]] = {
    "sentiment": "Is this sentence full of praise?",
    "topic": "Is this sentence about an animal?",
    "first word": "Does this sentence begin with “the”?",
    "missing word": "One word was taken out of this sentence: which?",
}


def make_task(name: str) -> WordTask:
    """The samples of one of `TASKS`.

    Raises:
        SeqvizError: There is no task of that name.
    """
    if name not in TASKS:
        raise SeqvizError(
            f"The task is {name!r}, but it must be one of {', '.join(map(repr, TASKS))}."
        )
    ids = np.array([[id_of(word) for word in words] for words in SENTENCES], np.int32)
    if name == "missing word":
        left = np.concatenate([np.delete(ids, place, axis=1) for place in range(ids.shape[1])])
        return WordTask(left, ids.T.reshape(-1, 1).copy(), TASKS[name], VOCAB_SIZE)
    yes = {
        "sentiment": [words[3] in GOOD for words in SENTENCES],
        "topic": [words[1] in ANIMALS for words in SENTENCES],
        "first word": [words[0] == "the" for words in SENTENCES],
    }[name]
    return WordTask(ids, np.array(yes, np.float32)[:, None], TASKS[name])


def id_of(word: str) -> int:
    """The row of a word of `WORDS`."""
    return FIRST_ID + WORDS.index(word)
