"""First word: which word did the sequence begin with? Nothing else is asked, so it is all memory.

The words after the first are drawn from the same few, so none of them says anything. Sequences to
learn from are of any length up to the longest: a cell can find out on short ones what is asked.
Held out are sequences of the full length only.
"""

from typing import Final

import numpy as np

from seqviz.array_types import Array
from seqviz.tasks.options import whole_number_within
from seqviz.tasks.parts import answers
from seqviz.tasks.task import Samples, Task
from seqviz.vocabulary import PAD, PAD_ID, UNK

CLASSES: Final = ("red", "blue", "green", "gold")
LOWEST: Final = 5
HIGHEST: Final = 60
_TRAIN: Final = 512
_HELD_OUT: Final = 128
_SHORTEST: Final = 2
_FIRST_ID: Final = 2


def make_first_word(seed: int = 0, *, timesteps: int = 20) -> Task:
    """512 sequences to learn from, of 2 to `timesteps` words, and 128 of the full length held out.

    Each of the four words comes first equally often in both parts.

    Args:
        seed: Of the words and the lengths.
        timesteps: Length of the longest, from 5 to 60.

    Raises:
        SeqvizError: `timesteps` is no such number.
    """
    timesteps = whole_number_within("timesteps", timesteps, LOWEST, HIGHEST)
    order = np.random.default_rng(seed)
    seen: set[bytes] = set()
    held_out = np.stack([_new(order, place, timesteps, seen) for place in range(_HELD_OUT)])
    train = np.stack([_new(order, place, timesteps, seen.copy()) for place in range(_TRAIN)])
    lengths = order.integers(_SHORTEST, timesteps + 1, _TRAIN)
    train[np.arange(timesteps) >= lengths[:, None]] = PAD_ID
    train, held_out = order.permutation(train), order.permutation(held_out)
    return Task(
        name="first word",
        question="Which word came first?",
        words=(PAD, UNK, *CLASSES),
        classes=CLASSES,
        per_timestep=False,
        train=_samples(train),
        held_out=_samples(held_out),
        probe=" ".join((CLASSES[3], *(CLASSES[k] for k in order.integers(0, 4, timesteps - 1)))),
    )


def _new(order: np.random.Generator, place: int, timesteps: int, seen: set[bytes]) -> Array:
    """A sequence that is not among those seen, and from now on is."""
    while True:
        ids = order.integers(_FIRST_ID, _FIRST_ID + len(CLASSES), timesteps).astype(np.int32)
        ids[0] = _FIRST_ID + place % len(CLASSES)
        if ids.tobytes() not in seen:
            seen.add(ids.tobytes())
            return ids


def _samples(inputs: Array) -> Samples:
    texts = (" ".join(CLASSES[id_ - _FIRST_ID] for id_ in row if id_ != PAD_ID) for row in inputs)
    return Samples(inputs, answers((inputs[:, 0] - _FIRST_ID).tolist(), len(CLASSES)), tuple(texts))
