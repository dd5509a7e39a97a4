"""What a student waits for: from the key that moves a slider to the new picture."""

from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.chromium import browser_page, picture, wait_for_picture
from benchmarks.lessons import SLIDERS
from benchmarks.report import Result, percentile
from benchmarks.server import healthy_server

_ROUNDS = 5
_PRESSES = 7  # a round: on the recurrent page from 4 units to the 11 that boxes can still show


def measure() -> Iterator[Result]:
    """Press → on a slider in Chromium, and watch until the chart has been painted anew.

    Both ends are read in the page by its own clock: the time stamp of the key press, and the
    animation frame after the first in which the chart shows the new number of rows. Each round
    starts from the default with a new seed, so that nothing comes from a cache of the server.
    """
    with healthy_server() as server, browser_page() as page:
        for lesson, slider in SLIDERS.items():
            waits: list[float] = []
            for seed in range(_ROUNDS):
                page.goto(f"{server.url}{lesson}?{lesson}_seed={seed}")
                wait_for_picture(page, lesson)
                page.wait_for_timeout(1000)
                waits += _press(page, lesson, slider)
            yield Result(f"{lesson} page, key to picture, p50", percentile(waits, 50), 150, "ms")
            yield Result(f"{lesson} page, key to picture, p95", percentile(waits, 95), 250, "ms")


def _press(page: Page, lesson: str, slider: str) -> list[float]:
    page.evaluate("selector => window.seqvizPicture.watch(selector)", picture(lesson))
    page.locator(f".st-key-{slider}").get_by_role("slider").focus()
    waits = []
    for i in range(_PRESSES):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => window.seqvizPicture.milliseconds !== null", polling=50)
        waits.append(page.evaluate("() => window.seqvizPicture.milliseconds"))
        page.wait_for_timeout(450 + 37 * i)  # thinking, and in step with nothing
    return waits
