"""Words as people have them, brought into one form: the word of each id."""

import operator
import reprlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any, Final

from seqviz.errors import SeqvizError

Words = tuple[str | None, ...]

_MOST: Final = 50_000_000  # ids in one mapping: more is a mistake, and would fill the memory


@singledispatch
def words_by_id(words: Any, *, rows: int | None = None, numbers: bool = True) -> Words:
    """The word of each id from 0 on; None where an id has none.

    Args:
        words: One of:

            * the words in the order of their ids: a list, a tuple, an array or tensor of text, a
              pandas Series or Index, ``TextVectorization.get_vocabulary()``;
            * vectors that know their words: a `WordVectors`, or gensim's `KeyedVectors`;
            * what brings the ids along: a mapping word → id in any order, with or without gaps
              (``Tokenizer.word_index``, ``imdb.get_word_index()``, gensim's ``key_to_index``), or
              id → word; a pandas Series of ids, indexed by words; a Keras layer that has
              ``get_vocabulary``; a `Vocabulary`.

            A word is text. Bytes are read as UTF-8, numbers are written out; None and NaN are no
            word.
        rows: How many ids there are, if that is known. What brings its ids along may have fewer.
        numbers: Whether a number may be a word.

    Raises:
        SeqvizError: These are no words, or they have no order; two have one id; an id is negative,
            not a whole number, or beyond `rows`; or there are not `rows` of them.
    """
    pairs = _pairs(words)
    listed = _listed(words) if pairs is None else _in_order(pairs, rows)
    if rows is not None and len(listed) != rows:
        if len(listed) > rows or not (pairs or _is_layer(words)):
            raise SeqvizError(
                f"There are {len(listed):,} words for {rows:,} rows, but each row needs one. "
                "Give as many words as there are rows."
            )
        listed = [*listed, *[None] * (rows - len(listed))]
    if all(type(word) is str for word in listed):
        return tuple(listed)
    return tuple(_word(word, place, numbers) for place, word in enumerate(listed))


def brings_ids(words: Any) -> bool:
    """Whether words come with their ids from 0 on, rather than in the order of them."""
    return _is_layer(words) or _pairs(words) is not None


def _is_layer(words: Any) -> bool:
    return callable(getattr(words, "get_vocabulary", None))


def _pairs(words: Any) -> list[tuple[Any, Any]] | None:
    """Word and id of each, where they come in pairs."""
    if isinstance(words, Counter):
        raise SeqvizError(
            "A Counter was given: its numbers say how often a word comes, and are no ids. "
            "Give a list: [word for word, _ in counter.most_common()]."
        )
    if isinstance(words, Mapping):
        pairs = list(words.items())
        turned = all(_id(key) is not None and _id(value) is None for key, value in pairs)
        return [(word, number) for number, word in pairs] if turned else pairs
    if hasattr(words, "to_dict") and hasattr(words, "items") and not hasattr(words, "columns"):
        pairs = list(words.items())  # a pandas Series
        if all(isinstance(key, str) and _id(value) is not None for key, value in pairs):
            return pairs
    return None


def _in_order(pairs: Iterable[tuple[Any, Any]], rows: int | None) -> list[Any]:
    placed: dict[int, Any] = {}
    for word, given in pairs:
        number = _id(given)
        if number is None:
            raise SeqvizError(
                f"{_show(word)} has the id {_show(given)}, but ids are whole numbers. "
                "Give a mapping from each word to its id, such as {'the': 2, 'cat': 3}."
            )
        if number < 0:
            raise SeqvizError(
                f"{_show(word)} has the id {number}, but ids are rows of a matrix: they count "
                "from 0. Leave that word out, or number the words anew."
            )
        if number in placed:
            raise SeqvizError(
                f"{_show(placed[number])} and {_show(word)} both have the id {number:,}, but each "
                "id is one row, so one word. Number the words anew; if these numbers say how often "
                "a word comes, they are no ids."
            )
        placed[number] = word
    last = max(placed, default=-1)
    most = _MOST if rows is None else rows
    if last >= most:
        raise SeqvizError(
            f"{_show(placed[last])} has the id {last:,}, but "
            + (
                f"no more than {most:,} ids can be numbered here. Number the words anew."
                if rows is None
                else f"there are {most:,} rows: 0 to {most - 1:,}. Keep what fits: "
                f"{{word: i for word, i in words.items() if i < {most}}}."
            )
        )
    return [placed.get(number) for number in range(last + 1)]


def _listed(words: Any) -> list[Any]:
    """The words in their order, as Python's own values."""
    if isinstance(words, str | bytes | bytearray):
        raise SeqvizError(
            f"A list of words is needed, but this is one piece of text: {_show(words)}. "
            "Split it first: seqviz.tokenize(text).tokens; or write ['word']."
        )
    if isinstance(words, set | frozenset):
        raise SeqvizError(
            "A set was given, which has no order: its words would have other ids in every run. "
            "Give a list, such as sorted(words)."
        )
    if hasattr(words, "columns"):
        raise SeqvizError(
            "A whole table was given, but a list of words is needed. "
            "Give its column of words: table['word']."
        )
    if _is_layer(words):
        words = words.get_vocabulary()
    elif hasattr(words, "index_to_key"):
        words = words.index_to_key  # gensim's KeyedVectors
    elif callable(getattr(words, "numpy", None)):
        words = words.numpy()  # a tensor
    if callable(getattr(words, "tolist", None)):
        words = words.tolist()
    try:
        return list(words)
    except TypeError:
        raise SeqvizError(
            f"A list of words is needed, but {type(words).__name__} was given: {_show(words)}. "
            "Give for example layer.get_vocabulary(), or a mapping from each word to its id."
        ) from None


def _word(word: Any, place: int, numbers: bool) -> str | None:
    if isinstance(word, str):
        return str(word)  # no longer NumPy's
    if isinstance(word, bytes):
        try:
            return word.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SeqvizError(
                f"Word {place:,} is {_show(word)}, which is not UTF-8. Decode the words first: "
                "word.decode(encoding)."
            ) from error
    word = _plain(word)
    if word is None or type(word).__name__ == "NAType":  # of pandas
        return None
    if not isinstance(word, int | float):
        raise SeqvizError(
            f"Word {place:,} is of type {type(word).__name__}: {_show(word)}, but a word is text. "
            "Give one list of words; of pairs of word and id make a mapping: dict(pairs)."
        )
    if word != word:
        return None
    if not numbers:
        raise SeqvizError(
            f"Tokens must be strings, but one is of type {type(word).__name__}: {word}. "
            "To turn ids into tokens, use decode."
        )
    return str(int(word)) if isinstance(word, float) and word.is_integer() else str(word)


def _id(value: Any) -> int | None:
    """A whole number as an int; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _plain(value: Any) -> Any:
    """One value of NumPy as Python's own."""
    return value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value


def _show(value: Any) -> str:
    return reprlib.repr(_plain(value))
