"""Text that a student typed, as Streamlit's front end shows it in a message."""

from urllib.parse import quote

import pytest

# Streamlit turns these into links, icons, arrows, entities, formulas, colours and styles.
TEXTS = (
    "www.example.org (www.a.b) WWW.A.ORG _www.a.b http://example.org https://a.b.co/x a@b.co x@-a.b",
    ":material/home: :smile: :red[x] :streamlit: -> <- <-> -- --- >= <= ~= &amp; &lt; $x$ `c` *x* _y_",
    "[x](http://a.b) ![x](y) <b>x</b> <img src=x> ~~z~~ [^1] | a | \\ \\* # h > q 1. item 1) item - +",
)


@pytest.mark.parametrize("text", TEXTS, ids=["links", "symbols", "markup"])
def test_what_was_typed_is_shown_as_it_is(visit, text):
    assert len(text) <= 100  # else the control would not take it
    page = visit(f"pretrained?pretrained_near=true&pretrained_query={quote(text)}")
    message = page.get_by_test_id("stAlert").get_by_test_id("stMarkdownContainer")
    shown = message.inner_text().replace("\u2060", "")
    assert shown.startswith(f"“{text}” is not in the file.")
    assert message.locator("a, img, b, strong, em, code, del, li, [role=img], .katex").count() == 0
