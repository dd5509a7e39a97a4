"""A page in the Chromium of the browser tests, with eyes for the picture on it."""

import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.server import ROOT

_PATIENCE = 120_000  # milliseconds
_WATCH = Path(__file__).with_name("picture.js").read_text("utf-8")


@contextmanager
def browser_page() -> Iterator[Page]:
    """Open Chromium, with nothing in its cache, on an empty page of 1280 × 800."""
    launch_options = runpy.run_path(str(ROOT / "tests/browser/chromium.py"))["launch_options"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(_PATIENCE)
            page.add_init_script(_WATCH)
            yield page
        finally:
            browser.close()


def wait_for_picture(page: Page, name: str) -> None:
    """Return when the picture of a page has been drawn; `name` is the prefix of its keys."""
    page.wait_for_function(
        "selector => window.seqvizPicture?.drawn(selector)", arg=picture(name), polling="raf"
    )


def picture(name: str) -> str:
    """The CSS selector of what holds the picture."""
    return f".st-key-{name}_picture"
