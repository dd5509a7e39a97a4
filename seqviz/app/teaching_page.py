"""The notes for teachers, as the app shows them: one lesson at a time, out of docs/teaching.md."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from seqviz.app.catalogue import Page, place_of

PATH: Final = Path(__file__).parents[2] / "docs" / "teaching.md"


def section_of(lesson: Page) -> str:
    """What the notes say of a lesson, as Markdown without its heading."""
    return _sections().get(lesson.title, "There are no notes on this lesson.")


def track_of(lesson: Page) -> str:
    """The track that a lesson stands in."""
    place = place_of(lesson)
    return "" if place is None else place.group


@cache
def _sections() -> dict[str, str]:
    try:
        notes = PATH.read_text("utf-8")
    except OSError:  # a copy of the app without its docs
        return {}
    parts = re.split(r"^#{2,3} (?:\d+\. )?(.+?)(?: \(\d+ minutes\))?$", notes, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))
