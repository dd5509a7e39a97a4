"""What a student waits for: from the key that moves a control to the new picture."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.chromium import browser_page, picture, wait_for_picture
from benchmarks.lessons import CONTROLS, MORE_SLIDERS, SLIDERS, UNSEEDED
from benchmarks.report import Case, Result, percentile
from benchmarks.server import healthy_server

_ROUNDS = 5
_PRESSES = 7  # a round: on the recurrent page from 4 units to the 11 that boxes can still show
_FEWER_PRESSES = 4  # on the other pages
_LEFT = {"learning"}  # where the slider has fewer stops than that on the right of its default
_BARE = Path(__file__).parent / "bare_page" / "page.py"
_P50, _P95 = 0.6, 0.75  # of the bare page
_WORDS = ("cat", "soup", "bad", "my")  # of a list, typed
_OPTIONS = ("normal", "orthogonal", "glorot_uniform", "ones")


def measure() -> Iterator[Case]:
    """Press an arrow key on each page's control, and watch until another picture has been painted.

    Both ends are read in the page by its own clock: the time stamp of the key press, and the
    first animation frame that shows another picture. Each round starts from the default with a new
    seed, so that nothing comes from a cache of the server.

    After each round comes one of a bare page, which Streamlit serves with its own settings: a slider
    and a Plotly chart of 16 traces. The ratios are of percentiles over all rounds of each.
    """
    with healthy_server() as server, healthy_server(_BARE) as bare_server, browser_page() as page:
        page.goto(bare_server.url)  # for the first time: its code is then in the browser's cache
        wait_for_picture(page, "bare")
        for lesson, control in CONTROLS.items():
            presses = _PRESSES if lesson in SLIDERS else _FEWER_PRESSES
            ours: list[float] = []
            bare: list[float] = []
            for seed in range(_ROUNDS):
                page.goto(f"{server.url}{lesson}?{_address(lesson, seed)}")
                ours += _waits(page, lesson, control, _keys(lesson, presses, seed))
                page.goto(bare_server.url)
                bare += _waits(page, "bare", "bare_n", ["ArrowRight"] * presses)
            yield _compared(lesson, ours, bare)


def _compared(lesson: str, ours: list[float], bare: list[float]) -> Case:
    (p50, p95), (bare_p50, bare_p95) = (
        (percentile(waits, 50), percentile(waits, 95)) for waits in (ours, bare)
    )
    return Case(
        f"{lesson} page, key to picture: p50 {p50:.0f} ms (bare {bare_p50:.0f}), "
        f"p95 {p95:.0f} (bare {bare_p95:.0f})",
        (Result("p50 ×", p50 / bare_p50, _P50), Result("p95 ×", p95 / bare_p95, _P95)),
    )


def _address(lesson: str, seed: int) -> str:
    """With no question open, and another seed each round where that is no training of seconds."""
    return f"{lesson}_ask=none" + ("" if lesson in UNSEEDED else f"&{lesson}_seed={seed}")


def _keys(lesson: str, presses: int, round_: int) -> list[str]:
    """What is pressed, one after the other; of a list, what is typed into it before Enter."""
    if lesson in SLIDERS | MORE_SLIDERS:
        return ["ArrowLeft" if lesson in _LEFT else "ArrowRight"] * presses
    if lesson in ("meaning", "pretrained"):
        return list(_WORDS if lesson == "meaning" else _OPTIONS)
    # Of numbers that no seed changes each round shows others.
    return ["ArrowUp" if round_ % 2 == 0 or lesson not in UNSEEDED else "ArrowDown"] * presses


def _waits(page: Page, lesson: str, control: str, keys: list[str]) -> list[float]:
    wait_for_picture(page, lesson)
    page.wait_for_timeout(1000)
    page.evaluate("selector => window.seqvizPicture.watch(selector)", picture(lesson))
    widget = page.locator(f".st-key-{control}")
    if not widget.count():  # it is folded
        page.get_by_test_id("stSidebar").get_by_text("More settings").click()
        widget.wait_for()
    waits = []
    for i, key in enumerate(keys):
        widget.locator("[role=slider], input").first.focus()
        if key.startswith("Arrow"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
            page.keyboard.press("Enter")
        page.wait_for_function("() => window.seqvizPicture.milliseconds !== null", polling=50)
        waits.append(page.evaluate("() => window.seqvizPicture.milliseconds"))
        page.wait_for_timeout(450 + 37 * i)  # thinking, and in step with nothing
    return waits
