"""How pages look: nothing cut, nothing to scroll for, both themes, readable by everyone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqviz.app.catalogue import LESSONS, MISCONCEPTIONS
from seqviz.app.misconceptions import MISCONCEPTIONS as ALL_MISCONCEPTIONS
from tests.browser.looking import DESKTOP, PHONE, open_downloads, open_folds, wait_for_picture

PAGES = ["", *(lesson.key for lesson in LESSONS)]
BUSY = [
    "recurrent?recurrent_cell=LSTM&recurrent_return_sequences=true&recurrent_text=one+two+three+four+five",
    "recurrent?recurrent_units=64&recurrent_text=one+two+three+four+five+six+seven+eight+nine+ten+eleven",
    "embedding?embedding_text=one+two+three+four+five+six+seven+eight&embedding_embedding_dim=8",
    "embedding?embedding_text=2+3+0+0&embedding_mask_zero=true",
]


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
@pytest.mark.parametrize("path", PAGES)
def test_page_can_be_seen_and_read_by_everyone(visit, path, size, scheme):
    page = visit(path, size=size, scheme=scheme)
    # On the home page the questions come first (test_path.py).
    check_picture(page, size, height=size is DESKTOP and bool(path))
    check_words(page, scheme)
    check_width(page, size["width"])
    if path:
        # The two classes of a training are named in what is left beside its curves.
        on_phone = 9 if path == "training" else 10
        check_letters(page, smallest=11 if size is DESKTOP else on_phone)
    for answer in page.get_by_test_id("stRadio").all():
        # So that what it says is there too. The input itself lies under its label.
        answer.locator("label:has(input)").first.click()
        expect(answer.get_by_role("radio").first).to_be_checked(timeout=20_000)
        wait_for_picture(page)
    if path:  # the home page has nothing to take home
        open_folds(page)
        open_downloads(page)
        check_width(page, size["width"])
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    if size is DESKTOP:  # as with a zoom of 200 %
        page.set_viewport_size({"width": 640, "height": 400})
        page.wait_for_timeout(600)
        check_width(page, 640)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", BUSY)
def test_busy_picture_is_wholly_there_without_scrolling(visit, path, size):
    page = visit(path, size=size)
    check_picture(page, size, height=True)
    check_width(page, size["width"])


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "phone"]
)
def test_what_learners_get_wrong_can_be_read_by_everyone(visit, size, scheme):
    page = visit("", size=size, scheme=scheme)
    page.get_by_test_id("stMain").get_by_role("link", name=MISCONCEPTIONS.title).click()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("heading", name=MISCONCEPTIONS.title)).to_be_visible(timeout=20_000)
    links = main.get_by_role("link")
    expect(links).to_have_count(len(ALL_MISCONCEPTIONS), timeout=20_000)
    check_width(page, size["width"])
    for link in links.all():
        # Its words are there to the end.
        words = link.locator("p").first
        assert words.evaluate("e => e.scrollWidth <= e.clientWidth"), link.inner_text()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def check_picture(page, size, *, height):
    """The picture and its player are wholly there, and no word leaves the picture."""
    frame = page.locator(".js-plotly-plot").first.bounding_box()
    # Down to its caption: below that a phone is told what to tap, where numbers have no room.
    caption = page.get_by_role("group", name="Player").get_by_role("status")
    for box in (frame, caption.bounding_box()):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        if height:
            assert box["y"] + box["height"] <= size["height"]
    words = page.locator(".js-plotly-plot").first.locator(".textpoint text, .heatmap-label")
    for left, right in words.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])"
    ):
        assert left >= frame["x"] - 1
        assert right <= frame["x"] + frame["width"] + 1


def check_letters(page, *, smallest):
    """No letter of the main picture is too small to be read; indices such as ₂ are."""
    sizes = (
        page.locator(".js-plotly-plot")
        .first.locator("text")
        .evaluate_all(
            """all => all
            .filter((one) => one.textContent.trim() && one.getBoundingClientRect().width)
            .map((one) => [parseFloat(getComputedStyle(one).fontSize), one.textContent])"""
        )
    )
    assert sizes
    assert not [(size, text) for size, text in sizes if size < smallest]


def check_width(page, width):
    """Nothing scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")


def check_words(page, scheme):
    """The words in the picture are readable in the theme of the page."""
    words = ".textpoint text, .xtick text, .ytick text, .annotation-text"
    fills = page.locator(f".js-plotly-plot :is({words})").evaluate_all(
        "all => all.map(one => getComputedStyle(one).fill)"
    )
    background = page.get_by_test_id("stApp").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (luminance(background) > 0.5) == (scheme == "light")
    assert fills
    written_on_a_colour = {background} if "/gather" in page.url else set()
    for fill in set(fills) - written_on_a_colour:
        assert contrast(fill, background) >= 4.5, fill


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it, of a CSS ``rgb(…)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)
