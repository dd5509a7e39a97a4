"""A lesson as a Jupyter notebook: its question, its script in steps, its picture."""

import ast
import base64
import json
import textwrap
import zlib
from collections.abc import Sequence
from typing import Any, Final

from seqviz.ui.markdown import literal
from seqviz.ui.question import Question

_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "name": "python",
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "pygments_lexer": "ipython3",
    },
}
_PICTURE: Final = '''\
# Not made by the code above: it is the page's picture, and stays as it is.
import base64
import html
import zlib

from IPython.display import HTML

packed = """
{packed}
"""
picture = html.escape(zlib.decompress(base64.b64decode(packed)).decode())
HTML(f'<iframe srcdoc="{{picture}}" style="width: 100%; height: {height}px; border: 0"></iframe>')
'''
_AROUND_PICTURE: Final = 260  # pixels: title, text, player and captions


def notebook(
    source: str,
    *,
    title: str,
    idea: str,
    questions: Sequence[Question] = (),
    picture: str,
    height: int,
    link: str | None = None,
) -> str:
    """A Jupyter notebook, format 4.5.

    Args:
        source: The lesson's script; cut into cells that run in order.
        title: Of the picture; plain text.
        idea: Of the lesson, in Markdown.
        questions: What to predict before anything is run.
        picture: From `seqviz.ui.player.drawn_file.to_drawn_html`.
        height: Of the figure in it, in pixels.
        link: Address of the page with its settings; left out if None.
    """
    texts = [f"# {literal(title)}", idea]
    if link is not None:
        texts.append(f"[The page with these settings](<{_address(link)}>)")
    cells = [_text("about", "\n\n".join(texts))]
    if questions:
        cells.append(_text("questions", "\n\n".join(["## Predict first", *map(_asked, questions)])))
    cells.append(
        _text(
            "steps",
            "## The same in Keras, step by step\n\nRun the cells in order; they need "
            "`pip install keras tensorflow`. The seeds are those of the page, so the numbers are too.",
        )
    )
    steps = steps_of(source)
    cells += [_code(f"step-{number}", step) for number, step in enumerate(steps, 1)]
    cells.append(
        _text(
            "see",
            "## The picture\n\nThe next cell shows it. It plays by itself, with arrow keys "
            "or its buttons, and needs neither a network nor seqviz.",
        )
    )
    cells.append(_code("picture", _picture(picture, height), jupyter={"source_hidden": True}))
    return json.dumps(
        {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5},
        ensure_ascii=False,
    )


def steps_of(source: str) -> list[str]:
    """A script cut at the blank lines that are in no statement; joined by such, they are it again.

    What is no Python stays in one piece.
    """
    source = source.strip("\n")
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return [source]
    inside = {line for node in body for line in range(node.lineno, node.end_lineno or node.lineno)}
    steps: list[list[str]] = [[]]
    for number, line in enumerate(source.split("\n"), 1):
        if not line and steps[-1] and number not in inside:
            steps.append([])
        else:
            steps[-1].append(line)
    return ["\n".join(lines) for lines in steps]


def _asked(question: Question) -> str:
    return "\n".join([question.text, "", *(f"- {option}" for option in question.options)])


def _address(link: str) -> str:
    """As it may stand between < and > in Markdown."""
    return link.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("\n", "")


def _picture(page: str, height: int) -> str:
    packed = base64.b64encode(zlib.compress(page.encode(), 9)).decode()
    return _PICTURE.format(
        packed="\n".join(textwrap.wrap(packed, 100)), height=height + _AROUND_PICTURE
    )


def _text(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code(name: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }
