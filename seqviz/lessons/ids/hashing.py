"""Hashing instead of a vocabulary: which bin each word falls into, and which words share one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr


@short_repr
class WordBins(NamedTuple):
    """Bins of the `W` different words of a text.

    Attributes:
        words: ``(W,)``, each once, in order of first appearance.
        bins: ``(W,)`` int64, where `keras.layers.Hashing` puts each: its id.
        num_bins: How many bins there are.
        collides: ``(W,)`` bool, whether another word shares the bin.
        pairs: Pairs of different words in one bin.
        probability: Of at least one collision (see `collision_probability`).
        expected_pairs: ``W (W − 1) / 2 / num_bins``: how many pairs to expect.
    """

    words: tuple[str, ...]
    bins: NDArray[np.int64]
    num_bins: int
    collides: NDArray[np.bool_]
    pairs: int
    probability: float
    expected_pairs: float


def collision_probability(words: int, num_bins: int) -> float:
    """How likely at least two of `words` different words share one of `num_bins` equal bins.

    ``1 − (1 − 0/b) (1 − 1/b) … (1 − (w − 1)/b)``: the birthday problem (W. Feller, An Introduction
    to Probability Theory and Its Applications, vol. 1, chapter II.3).

    Args:
        words: How many different words, 0 or more.
        num_bins: How many bins, 1 or more.

    Raises:
        SeqvizError: `words` is below 0 or `num_bins` below 1.
    """
    if words < 0 or num_bins < 1:
        raise SeqvizError(
            f"There are {words} words and {num_bins} bins, but 0 words and 1 bin are the least. "
            "Write for example collision_probability(3, 8)."
        )
    if words > num_bins:
        return 1.0
    with np.errstate(divide="ignore"):
        none = np.log1p(-np.arange(words) / num_bins).sum()
    return float(-np.expm1(none))


def word_bins_table(data: WordBins) -> dict[str, list[object]]:
    """One row a different word: its bin, and the words it shares it with."""
    bins = data.bins.tolist()
    return {
        "word": list(data.words),
        "bin": bins,
        "shares its row with": [
            ", ".join(w for w, b in zip(data.words, bins, strict=True) if b == mine and w != word)
            for word, mine in zip(data.words, bins, strict=True)
        ],
    }


def word_bins_code(data: WordBins) -> str:
    """A Keras script that hashes the words of `data` again, leaving ``bins``."""
    return f"""\
import keras

words = [{", ".join(map(ascii, data.words))}]
bins = keras.layers.Hashing(num_bins={data.num_bins})([words]).numpy()[0]
for word, bin_ in zip(words, bins):
    print(word, bin_)
"""
