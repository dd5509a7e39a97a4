"""What a student waits for: from the key that moves a slider to the new picture."""

from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.chromium import browser_page, picture, wait_for_picture
from benchmarks.lessons import MORE_SLIDERS, SLIDERS
from benchmarks.report import Result, percentile
from benchmarks.server import healthy_server

_ROUNDS = 5
_PRESSES = 7  # a round: on the recurrent page from 4 units to the 11 that boxes can still show
_FEWER_ROUNDS, _FEWER_PRESSES = 5, 4  # on the other nine pages
_LEFT = {"learning"}  # where the slider has fewer stops than that on the right of its default


def measure() -> Iterator[Result]:
    """Press an arrow key on each page's slider, and watch until another picture has been painted.

    Both ends are read in the page by its own clock: the time stamp of the key press, and the
    first animation frame that shows another picture. Each round starts from the default with a new
    seed, so that nothing comes from a cache of the server.
    """
    with healthy_server() as server, browser_page() as page:
        for lesson, slider in (SLIDERS | MORE_SLIDERS).items():
            main = lesson in SLIDERS
            rounds, presses = (_ROUNDS, _PRESSES) if main else (_FEWER_ROUNDS, _FEWER_PRESSES)
            waits: list[float] = []
            for seed in range(rounds):
                page.goto(f"{server.url}{lesson}?{lesson}_seed={seed}")
                wait_for_picture(page, lesson)
                page.wait_for_timeout(1000)
                waits += _press(page, lesson, slider, presses)
            yield Result(f"{lesson} page, key to picture, p50", percentile(waits, 50), 150, "ms")
            yield Result(f"{lesson} page, key to picture, p95", percentile(waits, 95), 250, "ms")


def _press(page: Page, lesson: str, slider: str, presses: int) -> list[float]:
    page.evaluate("selector => window.seqvizPicture.watch(selector)", picture(lesson))
    page.locator(f".st-key-{slider}").get_by_role("slider").focus()
    waits = []
    for i in range(presses):
        page.keyboard.press("ArrowLeft" if lesson in _LEFT else "ArrowRight")
        page.wait_for_function("() => window.seqvizPicture.milliseconds !== null", polling=50)
        waits.append(page.evaluate("() => window.seqvizPicture.milliseconds"))
        page.wait_for_timeout(450 + 37 * i)  # thinking, and in step with nothing
    return waits
