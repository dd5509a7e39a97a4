"""Which words of a page's text are marked: terms at their first use, and parts of its picture.

Both become links within Markdown, which need no HTML: ``[loss](meaning#term "… → …")`` and
``[h₂](#part)``. In the browser ``player/words.js`` makes of them what shows a definition, or lights
up a part, on hover, focus and tap. Without it a term is a link to its lesson, with the definition
as its title.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Final, NamedTuple

from seqviz.ui.glossary import GLOSSARY, Term
from seqviz.ui.guided import PATTERNS

WORD_JOINER: Final = "\u2060"  # no width, and no place for a line to break
# Never looked into: escapes, code, formulas, links and images, icons, names of colours, HTML,
# addresses and quotations, which are somebody's own words.
_KEPT: Final = r"""
    \\. | (?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)
    | \$\$.+?\$\$ | \$[^$\n]+\$
    | !?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^)]*\)
    | :material/\w+: | :[a-z-]+(?=\[) | <[^>\n]*> | “[^”]*” | (?:https?://|www\.)\S+
"""


def _any_of(forms: Iterable[str]) -> str:
    """A regular expression of words, the longest first."""
    every = {one for form in forms for one in form.split("|")}
    return "|".join(one.replace(" ", r"\ ") for one in sorted(every, key=len, reverse=True))


def forms_of(term: Term) -> str:
    """How texts write a term."""
    return term.forms or re.escape(term.name).replace(r"\ ", " ").replace(r"\-", "-")


_FORMS: Final = [form for term in GLOSSARY for form in forms_of(term).split("|")]
_IN_CODE: Final = _any_of(form for form in _FORMS if form[0] == "`")
_TERMS: Final = _any_of(form for form in _FORMS if form[0] != "`")
_PARTS: Final = _any_of(PATTERNS.values())
_WORD: Final = rf"(?<![\w{WORD_JOINER}-])(?:(?i:{_TERMS})|{_PARTS})"
_NUMBER_AND_END: Final = r"(?P<number>\ \d+|[₀-₉]+)?(?![\w-])"
_MARKED: Final = re.compile(
    rf"(?P<code>{_IN_CODE}) | (?P<kept>{_KEPT})"
    rf" | (?P<word>{_WORD}){_NUMBER_AND_END}",
    re.VERBOSE | re.DOTALL,
)
_STARTS: Final = re.compile(rf"(?={_WORD}{_NUMBER_AND_END})", re.VERBOSE)


class _Page(NamedTuple):
    """What is known of the page that is being written."""

    key: str
    titles: tuple[tuple[str, str], ...]  # of lessons, by key
    used: set[str]  # terms
    parts: set[str]  # of the picture


# Of the run, which has its thread to itself: the session would be asked for it at every text.
_written: Final = ContextVar[_Page | None]("_written", default=None)


def begin(page: str, titles: Mapping[str, str]) -> None:
    """Take it that no word of lesson `page` was written yet; `titles` are those of all lessons."""
    _written.set(_Page(page, tuple(titles.items()), set(), set()))


def leave() -> None:
    """Mark nothing more: what is written from now on is not the lesson's."""
    _written.set(None)


def begin_again() -> None:
    """Take it that no term was marked yet: what was written so far is hidden."""
    page = _written.get()
    if page is not None:
        page.used.clear()


def speak_of(parts: Collection[str]) -> None:
    """From now on mark words that stand for parts of the picture, too."""
    page = _written.get()
    if page is not None:
        page.parts.clear()
        page.parts.update(parts)


def marked(text: str) -> str:
    """Markdown with the terms marked that the page has not had yet, and parts of its picture."""
    page = _written.get()
    if page is None:
        return text
    result, terms = mark(text, page.key, page.titles, frozenset(page.used), frozenset(page.parts))
    page.used.update(terms)
    return result


@lru_cache(maxsize=1024)
def mark(
    text: str,
    here: str,
    titles: tuple[tuple[str, str], ...],
    used: frozenset[str] = frozenset(),
    parts: frozenset[str] = frozenset(),
) -> tuple[str, tuple[str, ...]]:
    """Markdown with words marked, and the terms among them.

    Args:
        text: In Markdown.
        here: The lesson it is written in: its own terms have no link to it.
        titles: Of the lessons, by key.
        used: Terms that are not marked any more.
        parts: Of the picture.
    """
    title_of, terms = dict(titles), list[str]()

    def link(found: re.Match[str]) -> str:
        word, number = found["code"] or found["word"] or "", found["number"] or ""
        term = term_of(word)
        part = part_of(word)
        if term is not None and term.name not in {*used, *terms}:
            terms.append(term.name)
            more = "" if term.lesson == here else f" → {title_of[term.lesson]}"
            where = "" if term.lesson == here else f"{term.lesson}?{term.lesson}_ask=none"
            return f'[{word}]({where}#term "{term.definition}{more}"){number}'
        if part in parts:
            return f"[{word}{number}](#part)"
        return found[0]

    return _MARKED.sub(link, text), tuple(terms)


@cache
def term_of(word: str) -> Term | None:
    """What a word, in any form, is of the glossary."""
    for term in GLOSSARY:
        if re.fullmatch(forms_of(term), word, re.IGNORECASE):
            return term
    return None


@cache
def part_of(word: str) -> str | None:
    """Which part of a picture a word stands for."""
    return next((name for name, form in PATTERNS.items() if re.fullmatch(form, word)), None)


def unmarked(text: str) -> str:
    """Text in which no word will be marked, for what somebody typed."""
    return _STARTS.sub(WORD_JOINER, text)
