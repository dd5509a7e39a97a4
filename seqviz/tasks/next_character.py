"""Next character: at every place of a text, which character comes next?"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.segmentation import tokenize
from seqviz.tasks.options import whole_number_within
from seqviz.tasks.task import Samples, Task
from seqviz.vocabulary import PAD, UNK, UNK_ID, Vocabulary
from seqviz.wording import counted

TEXT: Final = """\
a small bear lived by a small river. every morning the bear went down to the river, and every \
evening the bear went home. one morning the river said to the bear: where do you go when you go \
home? the bear said to the river: i go up the hill and into the wood, and there is my home. the \
river said: i go down the hill and into the sea, and there is my home. then the bear said: the \
hill is my way and the hill is your way, but i go up and you go down. the river said: every \
evening you go up the hill, and every morning you come down again. i go down every morning, and \
every evening, and i never come up again. the bear sat down by the river and thought. then the \
bear said: in the winter the snow comes down on the hill. where does the snow come from? the \
river said: the snow comes from the sea. then the bear said: so the sea goes up, and the snow \
comes down, and the snow is the river. every winter you come up the hill again, and you do not \
know it. the river said: then the hill is my home, and the sea is my home, and the way is my \
home. the bear went home up the hill and into the wood, and the river went down the hill and into \
the sea. and every morning the bear went down to the river, and the river said to the bear: i \
went down to the sea, and there is my home. and the bear said to the river: you come from the \
hill, and there is your home. then the snow came down on the hill, and the bear went into the \
wood, and there was the winter. when the bear came down again the river said: where did you go in \
the winter? the bear said: i went home. and the river said: so did i.
"""
LOWEST: Final = 5
HIGHEST: Final = 60
MAX_CHARACTERS: Final = 20_000  # of a text that are used
MAX_CLASSES: Final = 100  # characters that are told apart
_TRAIN: Final = 0.8  # of the text, from its start
_WINDOWS: Final = 512  # to learn from, at most


def make_next_character(seed: int = 0, *, text: Any = None, timesteps: int = 24) -> Task:
    """Windows of a text, each timestep with the character after it; its last fifth is held out.

    Args:
        seed: The order of the windows.
        text: One's own, of 5 windows or more; at most 20,000 characters of it are used. None for one
            that was written for this project.
        timesteps: Length of a window, from 5 to 60.

    Raises:
        SeqvizError: `text` is too short, or one character over and over; or `timesteps` is no such
            number.
    """
    timesteps = whole_number_within("timesteps", timesteps, LOWEST, HIGHEST)
    if text is None:
        characters, notices = tuple(TEXT.strip()), []
    else:
        characters, notice = tokenize(text, "characters", max_tokens=MAX_CHARACTERS)
        notices = [notice] if notice else []
    if len(characters) < 5 * timesteps or len(set(characters)) < 2:
        raise SeqvizError(
            f"The text has {counted(len(characters), 'character')}, of which "
            f"{len(set(characters))} differ, but {5 * timesteps} or more are needed for windows of "
            f"{timesteps}, and two that differ. Give a longer text, or smaller timesteps."
        )
    known = _most_frequent(characters)
    left_out = len(set(characters)) - len(known)
    if left_out:
        notices.append(
            f"The {MAX_CLASSES} most frequent characters are told apart; {left_out:,} others are "
            f"all {UNK}."
        )
    words = (PAD, UNK, *known)
    ids = np.array(Vocabulary(len(words), known, fold_case=False).encode(characters), np.int32)
    cut = round(_TRAIN * len(ids))
    order = np.random.default_rng(seed)
    stride = max(1, -(-(cut - timesteps) // _WINDOWS))
    train = order.permutation(_windows(ids[:cut], timesteps, stride))
    learned = {window[:-1].tobytes() for window in train}
    last = _windows(ids[cut:], timesteps, max(1, timesteps // 4))
    new = {w[:-1].tobytes(): w for w in last if w[:-1].tobytes() not in learned}
    held_out = np.array(list(new.values()), np.int32)
    if not len(held_out):
        raise SeqvizError(
            "The last fifth of the text only repeats what was before, so nothing is left to judge "
            "a model by. Give a text that goes on."
        )

    def samples(windows: Any) -> Samples:
        return Samples(
            inputs=np.ascontiguousarray(windows[:, :-1]),
            targets=np.ascontiguousarray(windows[:, 1:]) - UNK_ID,
            texts=tuple("".join(words[id_] for id_ in window[:-1]) for window in windows),
        )

    return Task(
        name="next character",
        question="Which character comes next?",
        words=words,
        classes=words[UNK_ID:],
        per_timestep=True,
        train=samples(train),
        held_out=samples(held_out),
        probe="the bear went home " if text is None else "".join(characters[-timesteps:]),
        level="characters",
        notices=tuple(notices),
    )


def _most_frequent(characters: Sequence[str]) -> tuple[str, ...]:
    """The characters that differ, in the order in which they come; of too many the rarest not."""
    found, counts = np.unique(np.array(characters, object), return_counts=True)
    kept = set(found[np.argsort(-counts, kind="stable")[:MAX_CLASSES]])
    return tuple(dict.fromkeys(c for c in characters if c in kept))


def _windows(ids: Any, timesteps: int, stride: int) -> Any:
    """``(n, timesteps + 1)``: each window with the character after it."""
    starts = np.arange(0, len(ids) - timesteps, stride)
    return ids[starts[:, None] + np.arange(timesteps + 1)]
