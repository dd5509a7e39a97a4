"""Text to tokens to ids, and back.

The ids follow Keras: 0 is padding, 1 is any word outside the vocabulary
(``"[UNK]"``), and the words themselves start at 2, in the order in which they
first appear.

Where a word or a character ends is decided by `seqviz.segmentation`, on two levels:

* ``"words"``: case is ignored when words are matched ("The" and "the" share an id),
  and kept when they are shown.
* ``"characters"``: case matters here, as it does in every character-level model: "T"
  and "t" are two characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seqviz.errors import SeqvizError
from seqviz.segmentation import (
    shorten,
    whole_number,
)
from seqviz.word_list import Words, brings_ids, words_by_id

PAD_ID = 0
UNK_ID = 1
PAD = "[PAD]"
UNK = "[UNK]"

RESERVED = (PAD, UNK)


@dataclass(frozen=True)
class Vocabulary:
    """A map between tokens and ids; immutable and hashable.

    Attributes:
        size: How many ids there are, the two reserved ones included: an `Embedding`
            layer's ``input_dim``. Ids run from 0 to ``size - 1``.
        entries: The words, in the order of their ids, the first with id 2; each in the
            spelling in which it came first. May be given with their ids, too: as a mapping
            word → id such as ``Tokenizer(oov_token="[UNK]").word_index``, as
            ``TextVectorization.get_vocabulary()``, or in any other form that
            `seqviz.word_list.words_by_id` takes, as long as words start at id 2 and leave no gap.
        fold_case: Whether "The" and "the" are one word.
    """

    size: int
    entries: tuple[str, ...] = ()
    fold_case: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", whole_number(self.size, "A vocabulary's size"))
        object.__setattr__(self, "entries", _entries(self.entries))
        if self.size < len(RESERVED):
            raise SeqvizError(
                f"A vocabulary's size must be 2 or more, but it is {self.size}: "
                "id 0 is padding and id 1 stands for every unknown word."
            )
        if len(self.entries) > self.size - len(RESERVED):
            raise SeqvizError(
                f"A vocabulary of size {self.size} has room for {self.size - len(RESERVED)} "
                f"words after padding and [UNK], but {len(self.entries)} were given. "
                "Vocabulary.from_tokens keeps those that fit."
            )
        if len(self._ids) < len(self.entries) + len(RESERVED):
            raise SeqvizError(
                "A vocabulary's entries must all differ (from each other and from [PAD] and "
                "[UNK]). Vocabulary.from_tokens drops what repeats; StringLookup(mask_token='') "
                "numbers words as it is done here."
            )

    @classmethod
    def from_tokens(cls, tokens: Iterable[str], size: int, *, fold_case: bool = True) -> Vocabulary:
        """Collect the tokens that differ, in order of first appearance.

        Args:
            tokens: Tokens, with repeats; or words with their ids, which are taken in the order of
                these and numbered anew.
            size: How many ids there may be; the first ``size - 2`` words get one each,
                the rest share id 1.
            fold_case: Whether "The" and "the" are one word. True is for words; pass
                False for characters.

        Returns:
            The vocabulary.

        Raises:
            SeqvizError: `size` is below 2, or `tokens` are no words, or have no order.
        """
        words = _list_of_tokens(_named(tokens) if brings_ids(tokens) else tokens)
        words = words[len(RESERVED) :] if _starts_reserved(words) else words
        entries = distinct(words, fold_case)
        size = whole_number(size, "A vocabulary's size")
        return cls(size, tuple(entries.values())[: max(0, size - len(RESERVED))], fold_case)

    @cached_property
    def _ids(self) -> dict[str, int]:
        words = (*RESERVED, *self.entries)
        return {_key(word, self.fold_case): index for index, word in enumerate(words)}

    def __len__(self) -> int:
        """The number of words, padding and [UNK] not counted."""
        return len(self.entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and self.index(token) > UNK_ID

    def index(self, token: str) -> int:
        """The token's id; 1 if the vocabulary does not hold it."""
        return self._ids.get(_key(token, self.fold_case), UNK_ID)

    def encode(self, tokens: Iterable[str]) -> tuple[int, ...]:
        """Look every token's id up.

        Args:
            tokens: Tokens, as `tokenize` gives them.

        Returns:
            One id a token, each from 0 to ``size - 1``; 1 for what is not in the
            vocabulary.

        Raises:
            SeqvizError: `tokens` is not a list of strings.
        """
        return tuple(map(self.index, _list_of_tokens(tokens)))

    def decode(self, ids: Iterable[int]) -> tuple[str, ...]:
        """Look every id's token up.

        Args:
            ids: Ids from 0 to ``size - 1``; NumPy integers will do.

        Returns:
            One token an id: the word, ``"[PAD]"``, ``"[UNK]"``, or ``"id 7"`` for an id
            that no word has taken.

        Raises:
            SeqvizError: An id is out of range, or not a whole number.
        """
        numbers = [whole_number(number, "An id") for number in ids]
        check_ids(numbers, self.size)
        words = (*RESERVED, *self.entries)
        return tuple(words[i] if i < len(words) else f"id {i}" for i in numbers)


def check_ids(ids: Iterable[int], size: int, hint: str = "") -> None:
    """Raise SeqvizError, with a hint, if an id does not exist in a table of so many rows."""
    for position, number in enumerate(ids):
        legal = f"legal ids are 0 to {size - 1:,}" if size > 1 else "the only legal id is 0"
        if number < 0:
            raise SeqvizError(
                f"Id {number} at timestep {position + 1} does not exist: {legal}. Keras would "
                "silently read a row from the end of the table (−1 reads the last), so negative "
                f"ids are refused here. Use an id of 0 or more.{hint}"
            )
        if number >= size:
            raise SeqvizError(
                f"Id {number} at timestep {position + 1} does not exist: with vocab_size = {size}, "
                f"{legal}. An Embedding layer's input_dim is the largest id + 1. Make vocab_size "
                f"at least {number + 1}, or use a smaller id.{hint}"
            )


def distinct(tokens: Iterable[str], fold_case: bool) -> dict[str, str]:
    """The tokens that differ, by key, in order of first appearance."""
    reserved = {_key(word, fold_case) for word in RESERVED}
    found: dict[str, str] = {}
    for token in tokens:
        key = _key(token, fold_case)
        if key not in reserved:
            found.setdefault(key, token)
    return found


def _key(token: str, fold_case: bool) -> str:
    """What two tokens share when they are the same entry."""
    if not fold_case:
        return token
    # Unicode's canonical caseless matching (D145): casefold alone can undo NFC.
    decomposed = unicodedata.normalize("NFD", token)
    return unicodedata.normalize("NFD", decomposed.casefold())


def _list_of_tokens(tokens: Any) -> tuple[str, ...]:
    tokens = tokens.entries if isinstance(tokens, Vocabulary) else tokens
    return _without_gaps(words_by_id(tokens, numbers=False), "Token", 0)


def _entries(words: Any) -> tuple[str, ...]:
    """The words from id 2 on."""
    if isinstance(words, Vocabulary):
        return words.entries
    listed, by_id = words_by_id(words, numbers=False), brings_ids(words)
    if by_id:
        for number, word in enumerate(listed[: len(RESERVED)]):
            if word is not None and not _is_stand_in(word, number):
                raise SeqvizError(
                    f"{shorten(word)} has id {number}, but a vocabulary keeps id 0 for padding "
                    "and id 1 for every unknown word: words start at id 2. Number them from there: "
                    "in Keras, StringLookup(mask_token='') and Tokenizer(oov_token='[UNK]') do."
                )
    if by_id or _starts_reserved(listed):
        listed = listed[len(RESERVED) :]
    return _without_gaps(listed, "Id", len(RESERVED))


def _named(words: Any) -> list[str]:
    """The words that have an id, in the order of these."""
    listed = enumerate(words_by_id(words, numbers=False))
    return [
        word
        for number, word in listed
        if word is not None and not (number <= UNK_ID and _is_stand_in(word, number))
    ]


def _is_stand_in(word: str, number: int) -> bool:
    """Whether this is no word, but a name for padding or unknown words: ``<pad>``, ``<OOV>``."""
    return word[:1] + word[-1:] in ("[]", "<>") or (word == "" and number == PAD_ID)


def _starts_reserved(words: Words) -> bool:
    """Whether a list begins as `TextVectorization.get_vocabulary()` does."""
    return len(words) >= len(RESERVED) and words[0] in ("", PAD) and words[1] == UNK


def _without_gaps(words: Words, what: str, first: int) -> tuple[str, ...]:
    whole = tuple(word for word in words if word is not None)
    if len(whole) < len(words):
        raise SeqvizError(
            f"{what} {first + words.index(None)} has no word, but none may be left out here. "
            "Number the words without gaps, and take away what is None or NaN."
        )
    return whole


@words_by_id.register(Vocabulary)
def _words_of_vocabulary(
    words: Vocabulary, *, rows: int | None = None, numbers: bool = True
) -> Words:
    named = (*RESERVED, *words.entries)
    if rows is not None and rows != words.size:
        raise SeqvizError(
            f"The vocabulary is of size {words.size}, but there are {rows:,} rows. "
            "Give the vocabulary that the ids were made with."
        )
    return named + (None,) * (words.size - len(named))
