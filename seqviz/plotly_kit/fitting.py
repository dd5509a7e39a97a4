"""What a trace says in `meta` of the room that its text has, for the page's player to fit it.

This is the protocol between the pictures, the JavaScript and the tests. A trace whose text is to be fitted has ``meta = [width, height, longest, size]``: the room of each
word or number in units of its axes, the characters of the longest one, and the font size that is
wanted, in pixels. A heatmap adds its text template, which is put back when its numbers fit again. A
trace that was packed of words with different rooms (`packing.py`) has a list of ``[count, *room]``,
in the order of its words, with ``[count]`` alone for words that are not fitted. All are lists, since
Plotly would take an object for a new one each time it is handed over. It is read by
`ui/player/text_fitting.js` (`fontIn`, `fontsOf`), for `charts.js` and `preview.js`, and by
`tests/unit/drawn.py`.
"""

import html
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

_TAG: Final = re.compile(r"<[^>]*>")


def of_words(room: tuple[float, float], words: Iterable[str], size: int) -> list[Any]:
    """For words, which may hold Plotly's tags: each has a room of width and height."""
    longest = max((len(line) for word in words for line in _seen(word).split("\n")), default=0)
    return of_characters(room, longest, size)


def of_characters(room: tuple[float, float], longest: float, size: int) -> list[Any]:
    """For text that is fitted as if its longest word had so many characters."""
    return [*room, max(longest, 1), size]


def of_numbers(cell: tuple[float, float], longest: str, size: int, template: str) -> list[Any]:
    """For a heatmap's numbers, of which `longest` is the longest."""
    # Signs and points are less than half as wide as digits.
    narrow = sum(character in "-." for character in longest)
    return [*of_characters(cell, round(len(longest) - 0.55 * narrow, 2), size), template]


def of_packed(rooms: Sequence[tuple[Any, ...]]) -> list[Any] | None:
    """For words that each have a room of their own, ``()`` for none; None if no word has one."""
    if not any(rooms):
        return None
    return [[len(list(words)), *room] for room, words in groupby(rooms)]


def _seen(word: str) -> str:
    if "<" in word:
        word = _TAG.sub("", word.replace("<br>", "\n"))
    return html.unescape(word)
