"""How a test looks at a page: sizes of screens, waiting for the picture, what is drawn."""

from typing import Any

from playwright.sync_api import Locator, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def wait_for_picture(page: Page) -> None:
    """Wait until the picture is drawn and its text fitted, and the server is at rest."""
    page.wait_for_selector(".js-plotly-plot[data-fitted] .main-svg", timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_timeout(300)


def shapes(page: Page) -> list[dict[str, Any]]:
    """The moving shapes of the picture, as they are drawn now."""
    return page.evaluate("document.querySelector('.js-plotly-plot').layout.shapes")


def picture(page: Page) -> bytes:
    """The picture's pixels."""
    return page.locator(".js-plotly-plot").screenshot(animations="disabled")


def press(page: Page, name: str) -> None:
    """Click a button of the player."""
    page.get_by_role("group", name="Player").get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(350)


def follow_from_menu(page: Page, lesson: str) -> None:
    """Open the list of lessons and follow a link of it.

    By key: on a loaded machine the list still opens, and moves, while a mouse is pressed on it.
    """
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Lessons").click()
    sidebar.get_by_role("link", name=lesson).press("Enter")


def open_folds(page: Page) -> None:
    """Open the numbers and the code of a lesson, and wait until they are there."""
    for label, inside in (("The numbers", "stDataFrame"), ("The same in Keras", "stCode")):
        fold = page.locator("details", has=page.locator("summary", has_text=label))
        fold.locator("summary").click()
        fold.get_by_test_id(inside).first.wait_for(timeout=20_000)


def open_downloads(page: Page) -> Locator:
    """Open the list of what can be taken home; the buttons that it is then filled with."""
    page.locator("summary").filter(has_text="Take it home").click()
    buttons = page.get_by_test_id("stExpander").get_by_test_id("stDownloadButton")
    buttons.first.wait_for()
    wait_for_picture(page)
    return buttons.get_by_role("button")
