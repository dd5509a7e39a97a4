"""A picture as one HTML file that plays without a network."""

import html

import plotly.graph_objects as go

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font-family: system-ui, sans-serif; margin: 1rem auto; max-width: 1100px }}</style>
</head>
<body>
<h1>{title}</h1>
<p>{text}</p>
{picture}
</body>
</html>
"""


def to_html(figure: go.Figure, *, title: str, text: str) -> str:
    """The figure with its player, Plotly's own code included (about 5 MB).

    Args:
        figure: Drawn with ``controls=True``, so that it plays.
        title: Heading of the page; plain text.
        text: One paragraph under it; plain text.
    """
    picture = figure.to_html(
        full_html=False, include_plotlyjs=True, auto_play=False, config={"responsive": True}
    )
    return _PAGE.format(title=html.escape(title), text=html.escape(text), picture=picture)
