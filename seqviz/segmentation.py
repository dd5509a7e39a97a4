"""Cutting text into words or characters, and showing them.

Where a word or a character ends is decided by ICU (Unicode's UAX #29, and
dictionaries for Japanese, Chinese, Thai and their like), so a Bengali word stays
whole, ``私はグルートです`` is four words, and a family of emoji is one character.

Two levels:

* ``"words"``: white space and punctuation are dropped; numbers, emoji and symbols
  stay. Case is kept.
* ``"characters"``: every character as a reader sees it (a *grapheme*, which may be
  several code points) is a token, spaces and punctuation too.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from seqviz.errors import SeqvizError
from seqviz.extras import MissingExtraError, naming_extras

Level = Literal["words", "characters"]
_MAX_LABEL = 40

# More combining marks on one letter than any language has (UAX #15 calls 30 safe).
# Beyond it unicodedata.normalize takes quadratic time: 7 s for 100,000 marks.
_MAX_MARKS = 30

_CONTROL_CHARACTERS = ("Cc", "Cf")

# Format characters that are part of what is seen: the two joiners (Bengali, Persian,
# emoji families), signs that enclose the digits after them (Arabic, Kaithi), and the
# tags that spell the flags of England, Scotland and Wales.
_KEPT_FORMATS = frozenset(
    map(
        chr,
        (
            0x200C,
            0x200D,
            *range(0x0600, 0x0606),
            0x06DD,
            0x070F,
            0x0890,
            0x0891,
            0x08E2,
            0x110BD,
            0x110CD,
            *range(0xE0020, 0xE0080),
        ),
    )
)

# Letters, marks and symbols that draw nothing: fillers and variation selectors.
_BLANKS = frozenset(
    "\u034f\u115f\u1160\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)


class Tokens(NamedTuple):
    """What `tokenize` returns.

    Attributes:
        tokens: The tokens, as typed (after `clean`).
        notice: What was cut, in words; None when nothing was.
    """

    tokens: tuple[str, ...]
    notice: str | None = None


def clean(text: str) -> str:
    """Make any string fit for tokenizing.

    Lone surrogates (halves of a character) become U+FFFD, every kind of white space
    becomes a space (a Windows line end becomes one), control and invisible format
    characters go, and so does white space at both ends. What the eye needs stays:
    joiners in Bengali, Persian and emoji. The result is NFC: one way of writing é.

    Args:
        text: Any `str`.

    Returns:
        The cleaned text; cleaning it again changes nothing.

    Raises:
        SeqvizError: `text` is not a `str`.
    """
    if not isinstance(text, str):
        raise SeqvizError(
            f"Text must be a str, but it is of type {type(text).__name__}. "
            "Decode bytes first; join a list of words with ' '.join(words)."
        )
    text = text.replace("\r\n", "\n")
    replacements: dict[int, str] = {}
    for character in set(text):
        code = ord(character)
        if 0xD800 <= code <= 0xDFFF:
            replacements[code] = "\ufffd"
        elif character.isspace() or character == "\u200b":
            # A zero width space is what separates words in Khmer and Thai.
            replacements[code] = " "
        elif (
            unicodedata.category(character) in _CONTROL_CHARACTERS
            and character not in _KEPT_FORMATS
        ):
            replacements[code] = ""
    # The first limit keeps normalizing fast; the second is for marks that it takes apart.
    text = _limit_marks(text.translate(replacements))
    return _limit_marks(unicodedata.normalize("NFC", text)).strip()


def tokenize(text: str, level: Level = "words", *, max_tokens: int | None = None) -> Tokens:
    """Split text into tokens; no token ever splits a grapheme.

    Args:
        text: Any `str`; it goes through `clean` first.
        level: ``"words"`` or ``"characters"`` (see the module's description).
        max_tokens: Keep at most so many, from the start.

    Returns:
        The tokens, and a notice if some were cut. ``"".join`` of all tokens at
        character level is the cleaned text.

    Raises:
        SeqvizError: An argument is of the wrong kind.
        ImportError: ICU is not installed; ``pip install "seqviz[text]"`` brings it.
    """
    if level not in get_args(Level):
        raise SeqvizError(f"level must be 'words' or 'characters', but it is {level!r}.")
    check_max_tokens(max_tokens)
    text = clean(text)
    pieces = _graphemes(text) if level == "characters" else filter(_is_word, _segments(text))
    tokens = tuple(pieces)
    return Tokens(tokens[:max_tokens], cut_notice(len(tokens), max_tokens, level))


def label(token: str, *, width: int = _MAX_LABEL) -> str:
    """Show a token so that it can be seen.

    A space becomes ``␣``, a combining mark alone gets the dotted circle it would sit
    on, an invisible token its code point (``U+200D``), and an overlong one is cut.

    Args:
        token: A token, as `tokenize` returns it.
        width: The longest label, in code points (an ellipsis comes on top).

    Returns:
        The text to draw; never empty.
    """
    if not token:
        return "∅"
    if token.isspace():
        return "␣" * min(len(token), width)
    shown = clean(token)
    if not any(map(_is_visible, shown)):
        return f"U+{ord(token[0]):04X}" + ("…" if len(token) > 1 else "")
    if unicodedata.category(shown[0]).startswith("M"):
        shown = "◌" + shown
    if len(shown) <= width:
        return shown
    kept = ""
    # One code point more than fits, to see where the last grapheme ends.
    for grapheme in _graphemes_or_code_points(shown[: width + 1]):
        if len(kept) + len(grapheme) > width:
            break
        kept += grapheme
    return (kept or shown[0]) + "…"


def check_max_tokens(max_tokens: int | None) -> None:
    """Refuse a limit that is neither None nor 1 or more."""
    if max_tokens is not None and whole_number(max_tokens, "max_tokens") < 1:
        raise SeqvizError(f"max_tokens must be 1 or more, or None, but it is {max_tokens}.")


def cut_notice(count: int, limit: int | None, noun: str) -> str | None:
    """Say that some of `count` were cut; None if none were."""
    if limit is None or count <= limit:
        return None
    return f"Only the first {limit:,} of {count:,} {noun} are kept."


def _limit_marks(text: str) -> str:
    marks = "".join(re.escape(c) for c in set(text) if unicodedata.combining(c))
    if not marks:
        return text
    return re.sub(f"([{marks}]{{{_MAX_MARKS}}})[{marks}]+", r"\1", text)


@naming_extras()
def _graphemes(text: str) -> Iterator[str]:
    from icu4py.breakers import CharacterBreaker

    return iter(CharacterBreaker(text, "root"))


@naming_extras()
def _icu_words(text: str) -> Iterator[str]:
    from icu4py.breakers import WordBreaker

    return iter(WordBreaker(text, "root"))


def _graphemes_or_code_points(text: str) -> Iterator[str]:
    """For labels: pictures and messages of words that need no cutting do without ICU."""
    try:
        return _graphemes(text)
    except MissingExtraError:
        return iter(text)


def _segments(text: str) -> Iterator[str]:
    """Words and what is between them, glued where a boundary would split a grapheme.

    The two sets of rules disagree in a few places (a mark on a run of spaces, signs
    that enclose what follows). Both walk the text once, so this is linear.
    """
    graphemes = _graphemes(text)
    word_end = grapheme_end = 0
    pending = ""
    for segment in _icu_words(text):
        word_end += len(segment)
        while grapheme_end < word_end:
            grapheme_end += len(next(graphemes))
        pending += segment
        if grapheme_end == word_end:
            yield pending
            pending = ""


def _is_word(segment: str) -> bool:
    """Whether there is more here than white space, punctuation and invisible joiners."""
    return any(
        unicodedata.category(character)[0] not in "ZPC"
        or unicodedata.category(character) in ("Co", "Cn")
        for character in segment
    )


def _is_visible(character: str) -> bool:
    if character in _BLANKS:
        return False
    category = unicodedata.category(character)
    return category[0] in "LMNPS" or category == "Co" or 0x0600 <= ord(character) < 0x0900


def whole_number(value: int, name: str) -> int:
    """An integer of any kind as Python's own.

    Raises:
        SeqvizError: It is none; the message calls it `name`.
    """
    try:
        return operator.index(value)
    except TypeError:
        raise SeqvizError(
            f"{name} must be a whole number, but it is {shorten(repr(value))}, "
            f"of type {type(value).__name__}."
        ) from None


def shorten(text: str) -> str:
    """Some text for a message: quoted, and not too long."""
    return f"“{label(clean(text))}”"
