"""The small file: one figure with its captions, and nothing of anybody's text as markup."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from seqviz.figures import plot_embedding_lookup
from seqviz.ui.player.drawn_file import to_drawn_html
from seqviz.ui.player.theme import THEMED
from tests.unit.samples import embedding

NASTY = "</script><script>alert(1)</script><b>x</b> \" ' & {drawn} {script} \u2028 \ud800"


def made(text="plain", **arguments):
    trace = embedding()
    count = trace.ids.shape[-1]
    figure = plot_embedding_lookup(trace, tokens=[text] * count, palette=THEMED, controls=False)
    rest = {"title": text, "text": text, "alt": text, "captions": [text] * len(figure.frames)}
    return figure, to_drawn_html(figure, **rest | arguments)


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def elements(page):
    parser = _Elements()
    parser.feed(page)
    return parser.tags


def drawn(page):
    return json.loads(re.search('id="drawn">(.*?)</script>', page, re.DOTALL).group(1))


def test_it_holds_the_figure_and_its_captions():
    figure, page = made(captions=["first", "second"])
    data = drawn(page)
    assert data["captions"] == ["first", "second"]
    given = json.loads(figure.to_json())
    assert data["figure"]["frames"] == given["frames"]
    assert data["figure"]["layout"] == given["layout"]
    assert [one["type"] for one in data["figure"]["data"]] == [one["type"] for one in given["data"]]


def test_its_place_holders_have_colours_in_light_and_dark():
    light, dark = (dict(pairs) for pairs in drawn(made()[1])["colours"])
    assert light[THEMED.text] == "#1f2430"
    assert dark[THEMED.text] == "#e6e8eb"
    assert light.keys() == dark.keys() == set(vars(THEMED).values())


def test_it_asks_no_network_for_anything():
    _, page = made()
    assert "default-src 'none'" in page
    # The one address is the name of SVG, which nobody opens.
    assert set(re.findall(r"https?://[^\"'\s]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(src|href)=", page)


def test_no_text_is_markup():
    _, plain = made()
    _, page = made(NASTY.replace("\ud800", ""))
    assert elements(page) == elements(plain)
    _, page = made(captions=[NASTY])  # a lone surrogate can be written too
    page.encode()
    assert drawn(page)["captions"] == [NASTY]


@pytest.mark.parametrize("link", ['https://a.b/c?d=1&e="x"', "https://a.b/<i>"])
def test_it_links_back(link):
    _, page = made(link=link)
    assert f'<a href="{html.escape(link)}">' in page
    assert [tag for tag, _ in elements(page)].count("a") == 1
