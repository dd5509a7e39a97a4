"""The small file that is taken home, opened with no network: it draws, steps, plays and says so."""

import json
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.looking import open_downloads

DRAWING = "#picture svg"


@pytest.fixture
def saved(visit, tmp_path):
    """Save one of the files that a page offers."""

    def save(path, name):
        page = visit(path)
        open_downloads(page)
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        return file

    return save


@pytest.fixture
def alone(browser):
    """Open a file in a browser without a network; in the end nothing may have gone wrong."""
    contexts, wrong = [], []

    def open_(file, *, motion="reduce", scheme="light", drawing=lambda page: page):
        context = browser.new_context(offline=True, reduced_motion=motion, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("request", lambda request: wrong.append(request.url))
        page.goto(file.as_uri())
        assert wrong.pop(0) == file.as_uri()
        drawing(page).locator(DRAWING).wait_for()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong


def colours(page):
    """How many different colours its drawing has."""
    image = Image.open(BytesIO(page.locator("#picture").screenshot())).convert("RGB")
    return len(image.getcolors(1 << 24))


def test_it_draws_and_steps_and_says_where_it_is(saved, alone):
    file = saved("recurrent?recurrent_text=we+go+on", "Picture (HTML, 0.1 MB)")
    assert file.name == "seqviz_recurrent.html"
    page = alone(file)
    assert colours(page) > 20
    caption = page.get_by_role("status")
    seen = {}
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        seen[caption.inner_text()] = page.locator(DRAWING).inner_html()
    assert len(seen) == 4
    assert len(set(seen.values())) == 4
    assert all(word in " ".join(seen) for word in ("we", "go", "on"))
    page.get_by_role("button", name="Previous step").click()
    assert caption.inner_text() == list(seen)[2]
    assert page.get_by_role("button", name="Copy").count() == 0
    link = page.get_by_role("link", name="The page with these settings").get_attribute("href")
    assert link.endswith("/recurrent?recurrent_text=we+go+on")
    words = page.locator(f"{DRAWING} text > tspan").all_text_contents()
    assert {"we", "go", "on"} <= {word.strip() for word in words}


def test_it_plays_by_itself_and_can_be_paused(saved, alone):
    page = alone(
        saved("embedding?embedding_ask=none", "Picture (HTML, 0.1 MB)"),
        motion="no-preference",
        scheme="dark",
    )
    step = page.get_by_label("Step", exact=True)
    last = step.get_attribute("max")
    expect(step).to_have_value(last, timeout=20_000)
    assert page.get_by_role("button", name="Play", exact=True).is_visible()
    page.keyboard.press(" ")  # from the start again
    assert step.input_value() == "0"
    page.keyboard.press(" ")
    page.wait_for_timeout(1_500)
    assert step.input_value() == "0"
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(15, 20, 25)"


def test_what_has_a_legend_in_the_picture_has_it_in_the_file(saved, alone):
    page = alone(saved("gradients?gradients_ask=none", "Picture (HTML, 0.1 MB)"))
    items = page.locator("#legend span")
    assert items.count() == 2
    assert len(set(items.evaluate_all("spans => spans.map(one => one.style.color)"))) == 2


def test_the_notebook_shows_it_too(saved, alone, tmp_path):
    book = json.loads(saved("cell", "Notebook").read_text("utf-8"))
    cell = book["cells"][-1]["source"].replace("from IPython.display import HTML", "HTML = str")
    *_, shown = cell.strip().split("\n")
    namespace = {}
    exec(cell.replace(shown, f"shown = {shown}"), namespace)
    frame = tmp_path / "frame.html"
    frame.write_text("<!doctype html><title>x</title>" + namespace["shown"], "utf-8")
    page = alone(frame, drawing=page_in_frame)
    assert page_in_frame(page).locator("#picture").is_visible()


def page_in_frame(page):
    return page.frame_locator("iframe")
