"""Words that show something: a term its definition, and others a part of the picture."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from seqviz.ui.glossary import GLOSSARY
from tests.browser.looking import DESKTOP, PHONE, picture, press, wait_for_picture

DEFINITION = {term.name: term.definition for term in GLOSSARY}
LIT = "svg.lit path"


def term(page, word):
    return page.locator('a[href*="#term"]').get_by_text(word, exact=True)


def check_definition(page, word, name, size):
    """It is shown, wholly, and is what describes the word."""
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    expect(tip).to_have_text(DEFINITION[name])
    box = page.locator("#seqviz-tip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
    described = word.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text() == DEFINITION[name]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_term_shows_its_definition_on_hover_focus_and_tap(visit, size):
    page = visit("gradients?gradients_ask=none", size=size)
    word, tip = term(page, "gate"), page.get_by_role("tooltip")
    word.hover()
    check_definition(page, word, "gate", size)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    word.focus()
    check_definition(page, word, "gate", size)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    address = page.url
    word.dispatch_event("pointerover", {"pointerType": "touch", "bubbles": True})
    expect(tip).to_be_hidden()  # a finger that only passes
    word.click()
    check_definition(page, word, "gate", size)
    assert page.url == address
    page.get_by_role("heading", name="What flows back").click()
    expect(tip).to_be_hidden()


def test_from_its_definition_a_key_leads_on_to_the_lesson_that_shows_it_and_back(visit):
    page = visit("gradients?gradients_ask=none")
    term(page, "gate").focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Shown in “Inside the cell”")
    expect(link).to_be_focused()
    assert "/cell?cell_ask=none" in link.get_attribute("href")
    page.keyboard.press("Escape")
    expect(term(page, "gate")).to_be_focused()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    expect(opened.value.get_by_role("heading", name="Inside the cell")).to_be_visible(
        timeout=60_000
    )
    opened.value.close()


def test_the_mouse_may_go_on_to_the_definition(visit):
    page = visit("gradients?gradients_ask=none")
    term(page, "gate").hover()
    page.locator("#seqviz-tip").hover()
    page.wait_for_timeout(500)
    expect(page.get_by_role("tooltip")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["hover", "focus", "tap"])
def test_a_word_lights_up_its_part_of_the_picture_and_plotly_draws_nothing(visit, by, scheme):
    page = visit("recurrent?recurrent_ask=none", scheme=scheme)
    page.evaluate(
        "window.drawn = 0; document.querySelector('.js-plotly-plot')"
        ".on('plotly_afterplot', () => window.drawn++)"
    )
    before = picture(page)
    word = page.get_by_role("button", name="h₃", exact=True).first
    {"hover": word.hover, "focus": word.focus, "tap": word.click}[by]()
    expect(page.locator(LIT)).to_have_count(2)
    assert lit_boxes(page) == pytest.approx(state_boxes(page, 3), abs=4)
    page.mouse.move(5, 5)
    page.keyboard.press("Escape")
    expect(page.locator(LIT)).to_have_count(0)
    assert picture(page) == before
    assert page.evaluate("window.drawn") == 0


def test_at_each_step_the_caption_has_its_own_words(visit):
    page = visit("recurrent?recurrent_ask=none")
    press(page, "First step")
    expect(page.get_by_role("button", name="h", exact=True)).to_be_visible()
    press(page, "Next step")
    page.get_by_role("button", name="h₁", exact=True).first.hover()
    assert lit_boxes(page) == pytest.approx(state_boxes(page, 1), abs=4)
    press(page, "Next step")
    expect(page.locator(LIT)).to_have_count(0)
    output = page.get_by_role("group", name="Player").locator("output")
    assert (
        output.inner_text()
        == "Step 2 of 3: reads “am” (id 3) and h₁, gives h₂; h₂ is not returned."
    )


def test_a_term_that_is_a_part_does_both_and_what_was_typed_does_nothing(visit):
    page = visit("recurrent?recurrent_ask=none&recurrent_text=state+h+rows&recurrent_step=1")
    # Of the idea, and of the words under the picture.
    assert page.get_by_role("button", name="state", exact=True).count() == 2
    term(page, "state").hover()
    expect(page.get_by_role("tooltip")).to_have_text(DEFINITION["hidden state"])
    expect(page.locator(LIT)).to_have_count(2)


def test_while_the_page_is_veiled_nothing_is_lit(visit):
    page = visit("outputs")
    assert page.locator("[data-part]").count() == 0
    page.get_by_role("button", name="Pass").click()
    wait_for_picture(page)
    expect(page.locator("[data-part]").first).to_be_visible()


def lit_boxes(page):
    """What is outlined, in pixels of the window: left, top, right, bottom."""
    return page.locator(LIT).last.evaluate(
        "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }"
    )


def state_boxes(page, step):
    """Where the picture has a state's box: its outline's corners, in pixels of the window."""
    return page.evaluate(
        """step => {
          const chart = document.querySelector(".js-plotly-plot");
          const { xaxis, yaxis, meta } = chart._fullLayout;
          const [x0, y0, x1, y1, dx] = chart.layout.meta[1].hidden[0];
          const { left, top } = chart.getBoundingClientRect();
          const x = (v) => left + xaxis._offset + xaxis.l2p(v + step * dx);
          const y = (v) => top + yaxis._offset + yaxis.l2p(v);
          return [x(x0), y(y1), x(x1), y(y0)];
        }""",
        step,
    )
