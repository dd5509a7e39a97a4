"""A second sentence that shares its ids with the first."""

import streamlit as st

from seqviz import SeqvizError, Vocabulary
from seqviz.ui.note import note
from seqviz.ui.sentence import literal, read_sentence
from seqviz.vocabulary import Encoded, label, tokenize

_MAX_CHARACTERS = 2_000


def shorten_batch(encoded: Encoded, most: int) -> Encoded:
    """At most the first `most` tokens; says so where some were left out."""
    if len(encoded.ids) <= most:
        return encoded
    note(f"Only the first {most} of {len(encoded.ids)} tokens are used here.")
    return Encoded(encoded.tokens[:most], encoded.ids[:most], encoded.vocabulary, encoded.level)


def read_second(text: str, first: Encoded, vocab_size: int) -> Encoded:
    """Read a sentence with the ids of `first`: the same word, the same id.

    If the first was ids, the second is read on its own. Says what is wrong, and stops the page if
    there is nothing to read.
    """
    if first.vocabulary is None or first.level == "ids":
        return read_sentence(text, "auto", vocab_size)
    try:
        tokens = tokenize(text[:_MAX_CHARACTERS], first.level).tokens
    except SeqvizError as error:
        st.error(literal(str(error)), icon=":material/edit:")
        st.stop()
    if not tokens:
        st.info("Type some words for batch B as well.", icon=":material/info:")
        st.stop()
    vocabulary = Vocabulary.from_tokens(
        (*first.vocabulary.entries, *tokens), vocab_size, fold_case=first.vocabulary.fold_case
    )
    return Encoded(tuple(map(label, tokens)), vocabulary.encode(tokens), vocabulary, first.level)
