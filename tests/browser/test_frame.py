"""A lesson in a frame of another page, on a slide, and by its parts."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import DESKTOP, press, wait_for_picture

FRAMES = [{"width": 900, "height": 560}, {"width": 800, "height": 450}]


def box_of(page, selector):
    """Where it is, in the page's own pixels."""
    return page.locator(selector).first.evaluate(
        "e => { const { left, top, right, bottom } = e.getBoundingClientRect();"
        " return [left, top, right, bottom]; }"
    )


def scale_of(page):
    """How many times the usual size the page is shown at."""
    return page.locator(".stMainBlockContainer").evaluate(
        "e => new DOMMatrix(getComputedStyle(e).transform).a"
    )


def check_it_is_whole(page, size):
    """Picture and player are wholly there, one below the other, as wide as each other."""
    picture, player = box_of(page, ".js-plotly-plot"), box_of(page, "[class*=_player]")
    for left, top, right, bottom in (picture, player):
        assert left >= 0
        assert top >= 0
        assert right <= size["width"]
        assert bottom <= size["height"]
    assert picture[3] <= player[1]
    assert picture[2] - picture[0] == pytest.approx(player[2] - player[0], abs=2)
    # The player is right below it: its height is that which it has by itself.
    assert player[1] - picture[3] < 20 * scale_of(page)


@pytest.fixture
def framed(window, server):
    """Open a page of the app in a frame of another page."""
    pages = []

    def framed_(path, size):
        page = window(DESKTOP, "light").new_page()
        pages.append(page)
        around = (
            f"<iframe allow='fullscreen' style='border: 0; width: {size['width']}px; "
            f"height: {size['height']}px' src='{server}{path}'></iframe>"
        )
        page.route(
            "**/lecture.html", lambda route: route.fulfill(content_type="text/html", body=around)
        )
        page.goto(f"{server}lecture.html")
        frame = page.frame_locator("iframe").owner.element_handle().content_frame()
        wait_for_picture(frame)
        page.wait_for_timeout(1_200)
        return frame

    yield framed_
    for page in pages:
        page.close()


@pytest.mark.parametrize("size", FRAMES, ids=lambda size: f"{size['width']}x{size['height']}")
@pytest.mark.parametrize("lesson", ["recurrent", "cell", "padding", "meaning", "layer", "ids"])
def test_in_a_frame_picture_and_player_are_wholly_there_under_their_question(framed, lesson, size):
    frame = framed(f"{lesson}?embed=true", size)
    check_it_is_whole(frame, size)
    assert box_of(frame, "[data-testid=stRadio]")[1] >= 0
    main = "document.querySelector('[data-testid=stMain]')"
    assert frame.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    # The sidebar is closed, and can be opened.
    expect(frame.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    button = frame.get_by_test_id("stExpandSidebarButton")
    button.click()
    expect(frame.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


def test_parts_that_are_named_are_shown_and_links_keep_them(visit):
    page = visit("recurrent?show=picture,player,path")
    check_it_is_whole(page, DESKTOP)
    for hidden in ("stSidebar", "stHeading", "stTextInput", "stExpander", "stButtonGroup"):
        expect(page.get_by_test_id(hidden).first).not_to_be_visible()
    press(page, "Copy the link to this state")
    assert "show=picture%2Cplayer%2Cpath" in page.evaluate(
        "navigator.clipboard.readText()"
    ).replace(",", "%2C")
    page.get_by_role("link", name="Next: What comes out").press("Enter")
    page.wait_for_url("**/outputs?**")
    wait_for_picture(page)
    assert "show=picture" in page.url
    expect(page.get_by_test_id("stExpander").first).not_to_be_visible()
    # A control that is moved leaves it in the address.
    page = visit("recurrent?show=picture,player,controls")
    page.get_by_role("slider", name="units").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**recurrent_units=5**")
    assert "show=picture" in page.url


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}])
def test_a_slide_fills_the_screen_and_escape_leaves_it(visit, size):
    page = visit("recurrent?recurrent_ask=none", size=size)
    before = box_of(page, ".js-plotly-plot")
    page.keyboard.press("f")
    page.wait_for_timeout(2_000)
    assert page.evaluate("document.fullscreenElement === document.documentElement")
    check_it_is_whole(page, size)
    picture, player = box_of(page, ".js-plotly-plot"), box_of(page, "[class*=_player]")
    scale = scale_of(page)
    assert scale > 1.2 * size["height"] / 720
    assert picture[3] - picture[1] == pytest.approx(scale * (before[3] - before[1]), rel=0.01)
    assert player[3] > 0.9 * size["height"]
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    expect(page.get_by_role("heading", name="Recurrent layer")).to_be_visible()
    # The arrows, and the keys of a hand-held presenter, step.
    step = page.get_by_label("Step", exact=True)
    for key, there in (("ArrowLeft", "2"), ("PageUp", "1"), ("PageDown", "2")):
        page.keyboard.press(key)
        assert step.input_value() == there
    # On to the next lesson, in full screen still, and back.
    page.get_by_role("button", name="Next: What comes out").click()
    page.wait_for_url("**/outputs**")
    page.get_by_role("heading", name="What comes out").wait_for()
    wait_for_picture(page)
    page.wait_for_timeout(1_500)
    assert page.evaluate("document.fullscreenElement === document.documentElement")
    check_it_is_whole(page, size)
    page.keyboard.press("p")
    page.wait_for_url("**/recurrent**")
    wait_for_picture(page)
    page.evaluate("document.exitFullscreen()")  # what Escape does in a browser that is looked at
    page.wait_for_timeout(1_500)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    assert box_of(page, ".js-plotly-plot")[2] == before[2]


def test_a_link_can_open_as_a_slide(visit):
    page = visit("recurrent?slide=true&recurrent_ask=none", size=FRAMES[1])
    page.wait_for_timeout(1_500)
    check_it_is_whole(page, FRAMES[1])
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1_000)
    assert "slide" not in page.url
    expect(page.locator("summary", has_text="The same in Keras")).to_be_visible()


def test_f_in_a_sentence_is_a_letter(visit):
    page = visit("recurrent")
    page.get_by_role("textbox", name="Sentence").press("f")
    page.wait_for_timeout(300)
    assert not page.evaluate("!!document.fullscreenElement")
