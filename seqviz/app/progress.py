"""What was visited and answered: marks at the lessons, and "7 of 9" at the end of a track.

It is kept in the browser alone (``ui/player/kept.js``). The server hands over what there is to count,
and which answers this session gave; the browser counts, and shows it.
"""

from typing import Any, Final

import streamlit as st

from seqviz.app.catalogue import GROUPS
from seqviz.app.track_questions import QUESTIONS
from seqviz.ui.first_answers import forget_answers
from seqviz.ui.player.sources import stripped

_PROGRESS: Final = st.components.v2.component(
    "seqviz_progress",
    html=stripped("progress.html"),
    css=stripped("progress.css"),
    js=stripped("kept.js", "living.js", "progress.js"),
)


def mark_visited() -> None:
    """Have the links to lessons marked; to be called beside them."""
    _PROGRESS(key="_marks", data=[{"tracks": _tracks(tuple(GROUPS)), "shows": "marks"}])


def sum_up(*groups: str) -> None:
    """Say how many questions of these tracks were answered rightly at the first try.

    Of one track also which were not, each a link to it.
    """
    _PROGRESS(
        key="_progress",
        data=[{"tracks": _tracks(groups), "shows": "all" if len(groups) == 1 else "sums"}],
        on_forgotten_change=forget_answers,
    )


def _tracks(groups: tuple[str, ...]) -> list[dict[str, Any]]:
    """As the browser counts them: by lesson its title and, by name, what its questions are about."""
    return [
        {
            "title": group,
            "lessons": {
                lesson.key: {
                    "title": lesson.title,
                    "questions": {
                        name: {"title": one.title, "state": lesson.parameters(one.state)}
                        for name, one in QUESTIONS[lesson.key].items()
                    },
                }
                for lesson in GROUPS[group]
            },
        }
        for group in groups
    ]
