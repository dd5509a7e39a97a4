"""The way through the lessons: home's questions, next and back, and the drawer of a phone."""

import re

import pytest
from playwright.sync_api import expect

from seqviz.app.first_questions import FIRST_QUESTIONS
from tests.browser.looking import DESKTOP, PHONE, wait_for_picture

DRAWER = "[data-testid=stSidebar][data-collapsed=false]"


def test_every_first_question_is_above_the_fold_and_opens_its_state(visit):
    page = visit("", size=DESKTOP)
    questions = [one for some in FIRST_QUESTIONS.values() for one in some]
    for one in questions:
        box = page.get_by_role("link", name=one.question).bounding_box()
        assert box["y"] + box["height"] <= DESKTOP["height"]
    page.get_by_role("textbox", name="Your sentence").fill("You are Groot")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Why must a stack return sequences?")
    expect(link).to_have_attribute("href", re.compile("You.are.Groot"))
    link.press("Enter")
    page.wait_for_url("**/stacks?**")
    wait_for_picture(page)
    assert "stacks_return_sequences_1=false" in page.url
    assert page.get_by_role("textbox", name="Sentence").input_value() == "You are Groot"


def test_next_and_back_lead_through_the_track(visit):
    page = visit("embedding?embedding_ask=none")
    page.get_by_role("link", name="Next: Legal ids").press("Enter")
    page.wait_for_url("**/ids**")
    wait_for_picture(page)
    page.get_by_role("button", name="Pass").click()
    page.get_by_role("link", name="Back: Embedding").press("Enter")
    page.wait_for_url("**/embedding**")


def test_on_a_phone_the_drawer_closes_when_a_lesson_is_chosen_and_no_link_opens_covered(visit):
    page = visit("recurrent", size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.wait_for_selector(DRAWER)
    # It stays open while a control of it is moved.
    page.get_by_test_id("stSidebar").get_by_text("return_sequences").click()
    page.wait_for_url("**return_sequences=true**")
    assert page.locator(DRAWER).count() == 1
    page.get_by_test_id("stSidebar").get_by_text("Lessons").click()
    page.get_by_test_id("stSidebar").get_by_role("link", name="What comes out").click()
    page.wait_for_url("**/outputs**")
    wait_for_picture(page)
    page.wait_for_timeout(600)
    assert page.locator(DRAWER).count() == 0
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(page.url)
    wait_for_picture(other)
    assert other.locator(DRAWER).count() == 0
    other.close()


@pytest.mark.parametrize("lesson", ["recurrent", "cell", "compare"])
def test_on_a_phone_the_picture_is_in_sight_while_a_control_is_moved(visit, lesson):
    page = visit(f"{lesson}?{lesson}_ask=none", size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.wait_for_selector(DRAWER)
    page.wait_for_timeout(1_200)
    sheet = page.get_by_test_id("stSidebar").bounding_box()
    picture = page.locator(".js-plotly-plot").first.bounding_box()
    assert picture["y"] >= -1
    assert picture["y"] + picture["height"] <= sheet["y"] + 1
    assert sheet["y"] + sheet["height"] == PHONE["height"]
    assert sheet["width"] == PHONE["width"]
    page.get_by_role("slider", name="units").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{lesson}_units=5**")
    wait_for_picture(page)
    picture = page.locator(".js-plotly-plot").first.bounding_box()
    assert picture["y"] >= -1
    assert picture["y"] + picture["height"] <= sheet["y"] + 1
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()


@pytest.mark.parametrize("lesson", ["gather", "padding", "training"])
def test_on_a_phone_the_player_is_in_sight_over_a_picture_that_goes_on_below_it(visit, lesson):
    page = visit(f"{lesson}?{lesson}_ask=none", size=PHONE)
    picture, player = page.locator(".js-plotly-plot").first, page.locator("[class*=_player]")
    cut, at = picture.bounding_box(), player.bounding_box()
    assert cut["y"] + cut["height"] > at["y"]
    assert at["y"] + at["height"] == pytest.approx(PHONE["height"], abs=1)
    # Where the picture ends, it stands under it.
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    assert player.bounding_box()["y"] < 0
    player.evaluate("player => player.scrollIntoView({block: 'end', behavior: 'instant'})")
    cut, at = picture.bounding_box(), player.bounding_box()
    assert cut["y"] + cut["height"] <= at["y"] + 1


@pytest.mark.parametrize(
    ("lesson", "state"),
    [
        ("stacks", ""),
        ("gather", "&gather_embedding_dim=8"),
        ("padding", "&padding_units=8"),
        ("layer", "&layer_embedding_dim=8"),
        ("outputs", "&outputs_return_sequences=true&outputs_head=TimeDistributed%28Dense%29"),
    ],
)
def test_where_numbers_do_not_fit_it_is_said_that_a_tap_shows_them_and_a_tap_does(
    browser, server, lesson, state
):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}{lesson}?{lesson}_ask=none{state}")
    wait_for_picture(page)
    expect(page.get_by_text("Some numbers have no room")).to_be_visible()
    expect(page.get_by_text("tap a box", exact=True)).to_be_visible()
    expect(page.get_by_text("point at a box", exact=True)).not_to_be_visible()
    boxes = """() => {
        const chart = document.querySelector(".js-plotly-plot");
        const { left, top } = chart.getBoundingClientRect();
        const layout = chart._fullLayout;
        const boxes = chart._fullData.map((trace, i) => ({ trace, i }))
            .filter(({ trace }) => trace.type === "heatmap" && trace.meta && !trace.texttemplate);
        return boxes.map(({ trace, i }) => {
            const [x, y] = [trace.xaxis, trace.yaxis].map((a) => layout[a[0] + "axis" + a.slice(1)]);
            const { x: xs, y: ys } = chart.calcdata[i][0];
            const middle = (axis, edges) =>
                axis._offset + (axis.c2p(edges[0]) + axis.c2p(edges[1])) / 2;
            return [left + middle(x, xs), top + middle(y, ys)];
        });
    }"""
    count = len(page.evaluate(boxes))
    assert count
    for number in range(count):
        # Below the middle of the screen may be the player.
        down = page.evaluate(boxes)[number][1] - 300
        page.get_by_test_id("stMain").evaluate(f"main => main.scrollBy(0, {down})")
        x, y = page.evaluate(boxes)[number]
        page.touchscreen.tap(x, y)
        page.wait_for_function(
            "/\\d/.test(document.querySelector('.js-plotly-plot .hoverlayer').textContent)"
        )
    context.close()


def test_where_all_numbers_fit_nothing_is_said_of_it(visit):
    page = visit("stacks?stacks_ask=none", size=DESKTOP)
    expect(page.get_by_text("Some numbers have no room")).not_to_be_visible()
