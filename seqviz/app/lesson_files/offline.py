"""A lesson as one HTML file that needs no network: it opens from a phone's folder of downloads."""

import base64
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, select_autoescape

from seqviz.app.lesson_files.sheet import Picture, Sheet
from seqviz.errors import SeqvizError
from seqviz.ui.player.drawn_file import page_of
from seqviz.ui.player.sources import source, stripped

LARGEST: Final = 2 * 2**20  # bytes
# Put in place of the data, in the page that a picture is drawn in.
_DATA: Final = "SEQVIZ_DATA"
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html", "jinja"]),
    trim_blocks=True,
    lstrip_blocks=True,
)


def offline_file(sheets: Sequence[Sheet], *, title: str, word: str, link: str) -> str:
    """The lesson as a page: pictures with their players, questions, tables, code, chosen states.

    Args:
        sheets: Its steps.
        title: Of the lesson.
        word: To the class.
        link: Address of the lesson on the server that made the file.

    Raises:
        SeqvizError: It would be too large to be sent around.
    """
    data = {
        "frame": page_of(_DATA, title="", text="", alt=""),
        "placeholder": _DATA,
        "steps": [
            {
                "controls": list(sheet.varied),
                "pictures": {
                    json.dumps(values, separators=(",", ":")): _packed(picture)
                    for values, picture in sheet.pictures.items()
                },
            }
            for sheet in sheets
        ],
    }
    page = _TEMPLATES.get_template("offline.html.jinja").render(
        title=title or "A lesson",
        word=word,
        link=link,
        sheets=[_told(sheet) for sheet in sheets],
        data=_in_a_script(data),
        script=(Path(__file__).parent / "offline.js").read_text("utf-8"),
    )
    size = len(page.encode())
    if size > LARGEST:
        raise SeqvizError(
            f"The file would have {size / 2**20:.1f} MB, but at most {LARGEST // 2**20} are meant to "
            "be sent around. Choose fewer values of the controls, or fewer steps."
        )
    return page


def handout(sheets: Sequence[Sheet], *, title: str, word: str, link: str) -> str:
    """The lesson to print: every step as a picture with its words, answers on the last sheets.

    Args:
        sheets: Its steps.
        title: Of the lesson.
        word: To the class.
        link: Address of the lesson.
    """
    told = [_told(sheet) for sheet in sheets]
    # On paper a picture is what it is at its end.
    data = [json.loads(next(iter(sheet.pictures.values())).drawn) for sheet in sheets]
    return _TEMPLATES.get_template("handout.html.jinja").render(
        title=title or "A lesson",
        word=word,
        link=link,
        sheets=told,
        data=_in_a_script(data),
        script=stripped("preview.js", "text_fitting.js")
        + (Path(__file__).parent / "handout.js").read_text("utf-8"),
        css=source("player.css"),
    )


def _told(sheet: Sheet) -> dict[str, Any]:
    picture = next(iter(sheet.pictures.values()))
    return {
        "title": sheet.page.title,
        "idea": sheet.idea,
        "first": sheet.first,
        "questions": sheet.questions,
        "varied": sheet.varied,
        "code": sheet.code,
        "caption": picture.captions[-1],
        "alt": picture.alt,
    }


def _packed(picture: Picture) -> dict[str, Any]:
    packed = zlib.compress(picture.drawn.encode(), 9)
    return {
        "drawn": base64.b64encode(packed).decode(),
        "alt": picture.alt,
        "rows": picture.rows,
    }


def _in_a_script(data: Any) -> str:
    """JSON that may stand in a script: no word of it ends that."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
