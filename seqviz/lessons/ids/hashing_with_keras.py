"""Hashing words with a real Hashing layer."""

from collections import Counter
from collections.abc import Sequence
from math import comb

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.lessons.ids.hashing import WordBins, collision_probability

_MAX_BINS = 2**31 - 1


@naming_extras()
def compute_word_bins(words: Sequence[str], num_bins: int) -> WordBins:
    """Hash each different word with a real `keras.layers.Hashing`.

    Args:
        words: With repeats; they are told apart as they are spelled.
        num_bins: As in Keras.

    Raises:
        SeqvizError: `num_bins` is not 1 or more, or a word is no text that TensorFlow can hold.
    """
    if not 1 <= num_bins <= _MAX_BINS:
        raise SeqvizError(
            f"num_bins is {num_bins}, but Hashing needs 1 to {_MAX_BINS:,} bins. "
            "Write for example num_bins=8."
        )
    distinct = tuple(dict.fromkeys(words))
    bins = np.zeros(0, np.int64)
    if distinct:
        import keras

        layer = keras.layers.Hashing(num_bins=num_bins, name="hashing")
        try:
            bins = np.asarray(layer(np.array([distinct])), np.int64)[0]
        except (ValueError, TypeError, UnicodeError) as error:
            raise SeqvizError(
                "These words cannot be hashed: TensorFlow holds text as UTF-8, and one of them "
                "is none. Hint: clean the text first, for example with seqviz.vocabulary.tokenize."
            ) from error
    counts = Counter(bins.tolist())
    return WordBins(
        words=distinct,
        bins=bins,
        num_bins=num_bins,
        collides=np.array([counts[b] > 1 for b in bins.tolist()], bool),
        pairs=sum(comb(n, 2) for n in counts.values()),
        probability=collision_probability(len(distinct), num_bins),
        expected_pairs=comb(len(distinct), 2) / num_bins,
    )
