"""A second sentence that shares its ids with the first."""

import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.segmentation import Level, Tokens, label, tokenize
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import literal
from seqviz.ui.sentence import end, read_sentence
from seqviz.ui.server.cache import remembered
from seqviz.ui.url_state import MAX_CHARACTERS
from seqviz.vocabulary import Vocabulary


def read_second(text: str, first: Encoded, vocab_size: int, *, page: str, most: int) -> Encoded:
    """Read a sentence with the ids of `first`: the same word, the same id.

    If the first was ids, the second is read on its own. Says what is wrong or was cut, and stops
    the page if there is nothing to read; `page` and `most` as for `read_sentence`.
    """
    if first.vocabulary is None or first.level == "ids":
        return read_sentence(text, "auto", vocab_size, page=page, most=most)
    try:
        tokens, notice = _tokens(text[:MAX_CHARACTERS], first.level, most)
    except SeqvizError as error:
        end(page, str(error))
    if notice:
        st.info(literal(notice), icon=":material/info:")
    if not tokens:
        st.info("Type some words for batch B as well.", icon=":material/info:")
        end(page)
    vocabulary = Vocabulary.from_tokens(
        (*first.vocabulary.entries, *tokens), vocab_size, fold_case=first.vocabulary.fold_case
    )
    return Encoded(tuple(map(label, tokens)), vocabulary.encode(tokens), vocabulary, first.level)


@remembered(100)
def _tokens(text: str, level: Level, most: int) -> Tokens:
    return tokenize(text, level, max_tokens=most)
