"""A second sentence that shares its ids with the first."""

from typing import Final

from seqviz.segmentation import Level, Tokens, label, tokenize
from seqviz.typed_text import Encoded
from seqviz.ui.sentence import read_sentence
from seqviz.ui.server.cache import remembered
from seqviz.ui.unreadable import read_or_keep
from seqviz.ui.url_state import MAX_CHARACTERS
from seqviz.vocabulary import Vocabulary

SECOND: Final = "you are Rocket"


def read_second(text: str, first: Encoded, vocab_size: int, *, page: str, most: int) -> Encoded:
    """Read a sentence with the ids of `first`: the same word, the same id.

    If the first was ids, the second is read on its own. `page` and `most` as for `read_sentence`.
    """
    if first.vocabulary is None or first.level == "ids":
        return read_sentence(text, "auto", vocab_size, page=page, most=most)
    entries, fold = first.vocabulary.entries, first.vocabulary.fold_case

    def read(text: str, level: Level) -> Encoded:
        tokens, notice = _tokens(text, level, most)
        if not tokens:
            return Encoded((), (), None, level, ("Type some words for batch B as well.",))
        vocabulary = Vocabulary.from_tokens((*entries, *tokens), vocab_size, fold_case=fold)
        notices = (notice,) if notice else ()
        return Encoded(
            tuple(map(label, tokens)), vocabulary.encode(tokens), vocabulary, level, notices
        )

    return read_or_keep(
        page,
        "batch_b",
        read,
        text[:MAX_CHARACTERS],
        first.level,
        default=(SECOND, first.level),
        is_empty=lambda encoded: not encoded.ids,
    )


@remembered(100)
def _tokens(text: str, level: Level, most: int) -> Tokens:
    return tokenize(text, level, max_tokens=most)
