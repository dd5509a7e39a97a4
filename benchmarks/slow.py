"""What a student on a slow network waits for, through the proxy of deploy/."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.chromium import browser_page, picture, wait_for_picture
from benchmarks.report import Result

_BITS = 1.5e6  # a second, down; up half of it
_LATENCY = 200  # milliseconds
_BUDGET = 10.0  # seconds


def measure() -> Iterator[Result]:
    """Open pages in a Chromium with nothing in its cache, at 1.5 Mbit/s and 200 ms.

    nginx compresses, on plain HTTP/1.1. The first picture is that of seqviz/ui/player/preview.js, which
    plays; Plotly's takes its place when its code has come.
    """
    from tests.browser.cluster import cluster_of  # which needs nginx

    with tempfile.TemporaryDirectory() as folder, cluster_of(1, Path(folder)) as cluster:
        for path in ("", "embedding?embedding_ask=none", "recurrent?recurrent_ask=none", "cell"):
            name = path.split("?")[0] or "home"
            with browser_page() as page:  # the server is warm, and nginx has the files
                page.goto(f"{cluster.url}{path}")
                wait_for_picture(page, name)
            with browser_page() as page:
                _throttle(page)
                page.goto(f"{cluster.url}{path}", wait_until="commit")
                title = _seconds(page, "h1")
                first = _seconds(page, f"{picture(name)} .preview svg")
                plotly = _seconds(page, f"{picture(name)} .js-plotly-plot .main-svg")
            yield Result(f"{name} page, title", title, None, "s")
            yield Result(f"{name} page, first picture", first, _BUDGET, "s")
            yield Result(f"{name} page, Plotly's picture", plotly, None, "s")


def _throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": _LATENCY,
        "downloadThroughput": _BITS / 8,
        "uploadThroughput": _BITS / 16,
    }
    session.send("Network.emulateNetworkConditions", conditions)


def _seconds(page: Page, selector: str) -> float:
    """Seconds since the page was asked for, by its own clock, when something is there."""
    page.locator(selector).first.wait_for(state="attached")
    return page.evaluate("() => performance.now() / 1000")
