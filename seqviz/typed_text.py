"""What was typed, as ids for an Embedding: a list of ids, or text in words or characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from seqviz.errors import SeqvizError
from seqviz.segmentation import (
    Level,
    check_max_tokens,
    clean,
    cut_notice,
    label,
    shorten,
    tokenize,
    whole_number,
)
from seqviz.vocabulary import PAD, PAD_ID, RESERVED, UNK, UNK_ID, Vocabulary, check_ids, distinct

InputLevel = Literal["auto", "words", "characters", "ids"]

_MAX_DIGITS = 9
_NAMED_IN_NOTICE = 5

# Separators between ids, and what may stand around them. `\d` is a decimal digit of
# any script, as it is for int(). The second minus is U+2212; the commas are Latin,
# Arabic, Chinese (two).
_IDS_ONLY = re.compile(r"[\d\s,،、，;+\-−]+")
_ID = re.compile(r"[+\-−]?\d+")
_BETWEEN_IDS = re.compile(r"\s*[,،、，;]\s*|\s+")
_BRACKETS = {"[": "]", "(": ")"}


@dataclass(frozen=True)
class Encoded:
    """What `read_text` makes of what was typed.

    Attributes:
        tokens: One label a timestep, ready to be drawn (see `label`).
        ids: One id a timestep, each from 0 to ``vocab_size - 1``.
        vocabulary: The vocabulary made from the text; None if ids were typed.
        level: How the text was read: ``"words"``, ``"characters"`` or ``"ids"``.
        notices: Sentences for the reader: what was cut, what is missing, how to mend it.
    """

    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    vocabulary: Vocabulary | None
    level: Literal["words", "characters", "ids"]
    notices: tuple[str, ...] = ()


def parse_ids(text: str) -> tuple[int, ...] | None:
    """Read a list of ids, if the text is one.

    ``3 7 7 0``, ``3,7,7,0``, ``[3, 7, 7, 0]`` and ``[[3 7 7 0]]`` all are. Digits of
    any script count (``৩ ৭``), and so do negative numbers.

    Args:
        text: Any `str`.

    Returns:
        The integers; None if the text holds anything else, or nothing.

    Raises:
        SeqvizError: A number has more than 9 digits, or `text` is not a `str`.
    """
    body = clean(text)
    for _ in range(2):
        if len(body) > 1 and _BRACKETS.get(body[0]) == body[-1]:
            body = body[1:-1].strip()
    if not _IDS_ONLY.fullmatch(body):
        return None
    # One separator at the end is forgiven: "3, 7," is a list being typed.
    parts = _BETWEEN_IDS.split(body.rstrip(",،、，; "))
    if not all(map(_ID.fullmatch, parts)):
        return None
    for position, part in enumerate(parts):
        if len(part.lstrip("+-−")) > _MAX_DIGITS:
            raise SeqvizError(
                f"Number {position + 1}, {shorten(part)}, is too long: an id has at "
                f"most {_MAX_DIGITS} digits. Ids are row numbers of the embedding table, so they "
                "are small; put spaces or commas between them."
            )
    return tuple(int(part.replace("−", "-")) for part in parts)


def read_text(
    text: str,
    level: InputLevel = "auto",
    *,
    vocab_size: int,
    max_tokens: int | None = 200,
) -> Encoded:
    """Turn what a student typed into ids for an `Embedding` layer.

    Args:
        text: A sentence, or a list of ids.
        level: ``"words"``, ``"characters"``, ``"ids"``, or ``"auto"``: ids if the text
            is nothing but integers, else words.
        vocab_size: The `Embedding` layer's ``input_dim``.
        max_tokens: Keep at most so many, from the start; None keeps all.

    Returns:
        Tokens and ids, one of each a timestep, with notices. Empty text gives none of
        either and a notice, not an error.

    Raises:
        SeqvizError: An id does not exist in a table of `vocab_size` rows, the text is
            not a list of ids though `level` says so, or an argument is of the wrong kind.
    """
    if level not in get_args(InputLevel):
        raise SeqvizError(
            f"level must be one of {', '.join(map(repr, get_args(InputLevel)))}, "
            f"but it is {level!r}."
        )
    check_max_tokens(max_tokens)
    vocab_size = whole_number(vocab_size, "vocab_size")
    if vocab_size < 1:
        raise SeqvizError(f"vocab_size must be 1 or more, but it is {vocab_size}.")
    if level in ("auto", "ids"):
        encoded = _read_ids(text, level, vocab_size, max_tokens)
        if encoded is not None:
            return encoded
    return _read_words(
        text, "characters" if level == "characters" else "words", vocab_size, max_tokens
    )


def _read_ids(text: str, level: str, vocab_size: int, max_tokens: int | None) -> Encoded | None:
    """Read typed ids; None if this is not a list of ids and need not be."""
    hint = ' If the numbers are words, read the text as "words".' if level == "auto" else ""
    try:
        ids = parse_ids(text)
    except SeqvizError as error:
        raise SeqvizError(f"{error}{hint}") from None
    if ids is None:
        body = clean(text)
        if level == "auto":
            return None
        if not body.strip("[]() "):
            return Encoded((), (), None, "ids", ("Type some ids, such as 3 7 7 0.",))
        raise SeqvizError(
            f"{shorten(body)} is not a list of ids. Type whole numbers with spaces or commas "
            "between them, such as 3 7 7 0, or read the text as words."
        )
    notice = cut_notice(len(ids), max_tokens, "ids")
    kept = ids[:max_tokens]
    check_ids(kept, vocab_size, hint)
    labels = tuple(PAD if number == PAD_ID else f"id {number}" for number in kept)
    return Encoded(labels, kept, None, "ids", (notice,) if notice else ())


def _read_words(text: str, level: Level, vocab_size: int, max_tokens: int | None) -> Encoded:
    if vocab_size < len(RESERVED):
        raise SeqvizError(
            f"vocab_size is {vocab_size}, but text needs 2 or more: id 0 is padding and id 1 "
            "stands for every word outside the vocabulary. Make vocab_size larger, or type ids."
        )
    tokens, notice = tokenize(text, level, max_tokens=max_tokens)
    fold_case = level == "words"
    vocabulary = Vocabulary.from_tokens(tokens, vocab_size, fold_case=fold_case)
    notices = [notice] if notice else []
    if not tokens:
        notices.append(
            "There is nothing here but punctuation. Type a word, or read the text as characters."
            if clean(text)
            else "Type some words."
        )
    unknown = [token for token in distinct(tokens, fold_case).values() if token not in vocabulary]
    if unknown:
        notices.append(_unknown_notice(unknown, vocabulary, level))
    return Encoded(
        tuple(map(label, tokens)), vocabulary.encode(tokens), vocabulary, level, tuple(notices)
    )


def _unknown_notice(unknown: list[str], vocabulary: Vocabulary, level: Level) -> str:
    named = ", ".join(f"“{label(token)}”" for token in unknown[:_NAMED_IN_NOTICE])
    more = len(unknown) - _NAMED_IN_NOTICE
    room = len(vocabulary)
    one = level[:-1]
    return (
        f"vocab_size = {vocabulary.size} has room for {room} {one if room == 1 else level} after "
        f"{PAD} and {UNK}, so {named}{f' and {more:,} more' if more > 0 else ''} "
        f"{'gets' if len(unknown) == 1 else 'get'} id {UNK_ID}, {UNK}. With vocab_size ≥ "
        f"{len(RESERVED) + room + len(unknown)} every {one} has an id of its own."
    )
