"""A picture as one small HTML file that plays without Plotly and without a network."""

import html
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import plotly.graph_objects as go

from seqviz.plotly_kit.palette import DARK, LIGHT, Palette
from seqviz.ui.player.preview import drawn_spec
from seqviz.ui.player.sources import source, stripped
from seqviz.ui.player.theme import THEMED

_THEMES: Final = (LIGHT, DARK)


def to_drawn_html(
    figure: go.Figure,
    *,
    title: str,
    text: str,
    captions: Sequence[str],
    alt: str,
    link: str | None = None,
) -> str:
    """The figure with a player and its captions, drawn by ``preview.js``: about 50 kB.

    Args:
        figure: With a frame for each caption; drawn with ``palette=THEMED, controls=False``.
        title: Heading of the page; plain text.
        text: One paragraph under it; plain text.
        captions: One a step, plain text.
        alt: The takeaway, for whoever cannot see the picture.
        link: Address of the page that it was made on; left out if None.
    """
    return page_of(drawn_data(figure, captions), title=title, text=text, alt=alt, link=link)


def drawn_data(figure: go.Figure, captions: Sequence[str]) -> str:
    """What ``drawn_file.js`` draws, as JSON that may stand in a script."""
    return json.dumps(
        {
            "figure": drawn_spec(figure),
            "captions": list(captions),
            "legend": _legend(figure),
            "colours": [_painted(palette) for palette in _THEMES],
        },
        separators=(",", ":"),
    ).replace("<", "\\u003c")  # so that no word ends the script that it stands in


def page_of(drawn: str, *, title: str, text: str, alt: str, link: str | None = None) -> str:
    """The page around what `drawn_data` made."""
    parts = {
        "title": html.escape(title),
        "text": html.escape(text),
        "alt": html.escape(alt),
        "link": "" if link is None else link_html(link),
        "colors": _css(),
        "css": source("player.css"),
        "player": source("player.html"),
        "script": stripped("preview.js", "text_fitting.js", "drawn_file.js"),
        "drawn": drawn,
    }
    before, *others = source("drawn_file.html").split("{")
    page = [before]
    for other in others:  # all at once: what is put in may have braces of its own
        name, closed, after = other.partition("}")
        page.append(parts[name] + after if closed and name in parts else "{" + other)
    return "".join(page)


def link_html(link: str) -> str:
    """A paragraph that links to the page a file was made on."""
    address = html.escape(link)
    return f'<p><a href="{address}">The page with these settings</a></p>'


def _legend(figure: go.Figure) -> list[tuple[str, str]]:
    """Name and colour of what the figure's legend has."""
    if not figure.layout.showlegend:
        return []
    named = [trace for trace in figure.data if trace.showlegend is not False]
    return [(trace.name, trace.marker.color or trace.line.color) for trace in named]


def _painted(palette: Palette) -> list[tuple[str, str]]:
    """What is painted for each place-holder."""
    theirs = asdict(palette)
    return [(holder, theirs[name]) for name, holder in asdict(THEMED).items()]


def _css() -> str:
    """The variables of the player's CSS, in light and dark."""
    light, dark = (
        f":root {{ --st-text-color: {palette.text}; --st-background-color: {palette.background}; "
        f"--st-primary-color: {palette.hidden} }}"
        for palette in _THEMES
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}"
