"""What the lesson keeps from one rerun to the next."""

from seqviz.lessons.ids.compute import IdTrace, Numbers, read_numbers
from seqviz.lessons.ids.hashing import WordBins
from seqviz.lessons.ids.hashing_with_keras import compute_word_bins
from seqviz.lessons.ids.with_keras import trace_ids
from seqviz.segmentation import Tokens, tokenize
from seqviz.ui.server.cache import remembered
from seqviz.ui.url_state import MAX_CHARACTERS

MAX_IDS = 12
MAX_WORDS = 16


@remembered(100)
def ids_typed(text: str) -> Numbers:
    """Numbers out of what was typed."""
    return read_numbers(text[:MAX_CHARACTERS], max_numbers=MAX_IDS)


@remembered(100)
def run_ids(numbers: Numbers, vocab_size: int) -> IdTrace:
    """Look every id up in a real Embedding layer."""
    return trace_ids(numbers.values, vocab_size, labels=numbers.labels)


@remembered(100)
def words_typed(text: str) -> Tokens:
    """Words of the sentence."""
    return tokenize(text[:MAX_CHARACTERS], max_tokens=MAX_WORDS)


@remembered(100)
def run_bins(words: tuple[str, ...], num_bins: int) -> WordBins:
    """Hash words with a real Hashing layer."""
    return compute_word_bins(words, num_bins)
