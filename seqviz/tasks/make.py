"""The tasks by their names."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, Final

from seqviz.errors import SeqvizError
from seqviz.segmentation import shorten, whole_number
from seqviz.tasks.first_word import make_first_word
from seqviz.tasks.names import make_names
from seqviz.tasks.next_character import make_next_character
from seqviz.tasks.sentiment import make_sentiment
from seqviz.tasks.series import make_series
from seqviz.tasks.task import Task

NAMES: Final[Mapping[str, str]] = {
    "sentiment": "A sentence of praise or of blame, in which “not” turns one into the other.",
    "names": "The people, places and things in a sentence, word by word.",
    "first word": "Which word a sequence began with, up to 60 words ago.",
    "next character": "What comes next in a text, character by character.",
    "series": "The next number of a wave or of steps, or the sum of some numbers.",
}
_MAKERS: Final[Mapping[str, Callable[..., Task]]] = {
    "sentiment": make_sentiment,
    "names": make_names,
    "first word": make_first_word,
    "next character": make_next_character,
    "series": make_series,
}


def make(name: str, *, seed: int = 0, **options: Any) -> Task:
    """A task, with samples to learn from and samples held out. The same arguments give the same.

    Args:
        name: One of `NAMES`.
        seed: Which samples there are, in what order, and which of them are held out.
        options: ``timesteps`` of ``"first word"`` (5 to 60), ``"next character"`` (5 to 60) and
            ``"series"`` (10 to 60); ``text`` of ``"next character"``, one's own; ``kind`` of
            ``"series"``: ``"wave"``, ``"step"`` or ``"sum"``.

    Raises:
        SeqvizError: There is no task of that name, it has no such option, or the option is none
            of these.
    """
    if name not in NAMES:
        raise SeqvizError(
            f"The task is {shorten(repr(name))}, but it must be one of {', '.join(map(repr, NAMES))}. For "
            "samples of your own: tasks.from_csv(path, text=…, label=…)."
        )
    maker = _MAKERS[name]
    known = [option for option in signature(maker).parameters if option != "seed"]
    for option in options:
        if option not in known:
            has = f"its options are {', '.join(known)}" if known else "it has none but seed"
            raise SeqvizError(f"The task {name!r} was given {option}, but {has}.")
    seed = whole_number(seed, "seed")
    if seed < 0:
        raise SeqvizError(f"seed is {seed}, but it must be 0 or more. Write seed=0.")
    return maker(seed, **options)
