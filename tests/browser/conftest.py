"""One Chromium, one server, and a fixture that opens pages and listens to their complaints."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.server import healthy_server
from tests.browser.chromium import launch_options
from tests.browser.looking import DESKTOP, wait_for_picture

# Opened below a page's path, Streamlit's front end looks for the server there first.
EXPECTED_404 = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the app; in the end the server may have logged no exception."""
    with healthy_server() as server:
        yield server.url
        assert not server.tracebacks()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(browser: Browser) -> Callable[[int, int, str], BrowserContext]:
    """The windows that are open already, by size and colour scheme."""

    @cache
    def opened_(width: int, height: int, scheme: str) -> BrowserContext:
        return browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )

    return opened_


@pytest.fixture
def window(
    opened: Callable[[int, int, str], BrowserContext], server: str
) -> Callable[[dict[str, int], str], BrowserContext]:
    """A window of a size and a colour scheme: with what it loaded before in its cache, but with
    nothing that a page of an earlier test kept in it (answers, a closed sidebar)."""

    @cache
    def window_(width: int, height: int, scheme: str) -> BrowserContext:
        context = opened(width, height, scheme)
        page = context.new_page()
        page.goto(f"{server}_stcore/health")
        page.evaluate("localStorage.clear()")
        page.close()
        return context

    return lambda size, scheme: window_(size["width"], size["height"], scheme)


@pytest.fixture
def visit(
    window: Callable[[dict[str, int], str], BrowserContext], server: str
) -> Iterator[Callable[..., Page]]:
    """Open a page; when the test is over, nothing may have been complained about."""
    pages = []
    complaints: list[str] = []

    def visit_(
        path: str, *, size: dict[str, int] = DESKTOP, scheme: str = "light", url: str = server
    ) -> Page:
        page = window(size, scheme).new_page()
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda message: _note(message, complaints))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        page.goto(f"{url}{path}")
        wait_for_picture(page)
        return page

    yield visit_
    for page in pages:
        page.close()
    assert not complaints


def _note(message: Any, complaints: list[str]) -> None:
    url = message.location.get("url", "")
    if message.type == "error" and not ("404" in message.text and url.endswith(EXPECTED_404)):
        complaints.append(f"{message.text} ({url})")
