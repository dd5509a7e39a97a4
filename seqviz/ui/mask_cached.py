"""Calls into the core of the pages on ids and padding that are worth remembering."""

from typing import Any

from seqviz import IdTrace, Padding, PaddingConfig, WordBins
from seqviz.keras_padding import build_padding_model, compute_padding
from seqviz.lessons.ids.compute import Numbers, read_numbers
from seqviz.lessons.ids.hashing_with_keras import compute_word_bins
from seqviz.lessons.ids.with_keras import trace_ids
from seqviz.padding import Sentences, read_sentences
from seqviz.ui.remembered import remembered
from seqviz.vocabulary import Tokens, tokenize

_MAX_CHARACTERS = 20_000
MAX_IDS = 12
MAX_WORDS = 16


@remembered(100)
def ids_typed(text: str) -> Numbers:
    """Numbers out of what was typed."""
    return read_numbers(text[:_MAX_CHARACTERS], max_numbers=MAX_IDS)


@remembered(100)
def run_ids(numbers: Numbers, vocab_size: int) -> IdTrace:
    """Look every id up in a real Embedding layer."""
    return trace_ids(numbers.values, vocab_size, labels=numbers.labels)


@remembered(100)
def words_typed(text: str) -> Tokens:
    """Words of the sentence."""
    return tokenize(text[:_MAX_CHARACTERS], max_tokens=MAX_WORDS)


@remembered(100)
def run_bins(words: tuple[str, ...], num_bins: int) -> WordBins:
    """Hash words with a real Hashing layer."""
    return compute_word_bins(words, num_bins)


@remembered(100)
def sentences_typed(text: str) -> Sentences:
    """Sentences, one a line."""
    return read_sentences(text[:_MAX_CHARACTERS])


@remembered(lambda ids, config: 30 * config.units * sum(map(len, ids)))
def run_padding(ids: tuple[tuple[int, ...], ...], config: PaddingConfig) -> Padding:
    """Send a padded batch through real layers."""
    return compute_padding(ids, config)


def padding_model(config: PaddingConfig, timesteps: int) -> Any:
    """The layers of the padding page as one model, for a file; not remembered."""
    return build_padding_model(config, timesteps)
