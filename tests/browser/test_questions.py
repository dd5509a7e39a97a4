"""A question above the picture: what is hidden until it is answered or passed, and comes back whole."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import DESKTOP, PHONE, press, wait_for_picture


def filter_of(page, lesson):
    return page.evaluate(
        f"getComputedStyle(document.querySelector('.st-key-{lesson}_chart')).filter"
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_veil_hides_picture_and_words_and_goes_with_the_answer(visit, size):
    page = visit("ids?ids_hashing=true&ids_ask=number_of_words", size=size)
    main = page.get_by_test_id("stMain")
    idea = "must be at least your largest id + 1"
    assert "blur" in filter_of(page, "ids")
    assert idea not in main.inner_text()
    assert "Right" not in main.inner_text()
    fold = page.locator("summary", has_text="The same in Keras")
    expect(fold).to_be_hidden()
    # The player can be used, and tells nothing.
    press(page, "First step")
    press(page, "Next step")
    expect(page.get_by_text("Step 1 of 6, hidden")).to_be_visible()
    page.get_by_role("radiogroup").first.get_by_text("no, id 10 raises").click()
    expect(page.get_by_text("Right:")).to_be_visible(timeout=20_000)
    expect(fold).to_be_visible(timeout=20_000)
    fold.click()
    expect(page.get_by_test_id("stCode")).to_be_visible(timeout=20_000)
    wait_for_picture(page)
    assert filter_of(page, "ids") == "none"
    assert page.get_by_label("Step", exact=True).input_value() == "1"
    expect(page.get_by_text("hidden")).to_have_count(0)
    # What was hidden has the width that it needs.
    widths = page.locator(".js-plotly-plot").evaluate_all("all => all.map(e => e.clientWidth)")
    assert len(widths) == 2
    assert widths[0] >= widths[1] > widths[0] - 40  # in its fold
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_text("2 of 2.")).to_be_visible(timeout=20_000)
    wait_for_picture(page)
    assert "blur" in filter_of(page, "ids")
    page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("button", name="Ask again: 2 questions")).to_be_visible(timeout=20_000)
    assert filter_of(page, "ids") == "none"
    assert idea in main.inner_text()


@pytest.mark.parametrize(
    ("lesson", "question"),
    [("state", "old_tutorial"), ("learning", "absent"), ("cell", "products"), ("layer", "length")],
)
def test_picture_and_player_have_room_under_a_question(visit, lesson, question):
    page = visit(f"{lesson}?{lesson}_ask={question}")
    for part in (page.locator(".js-plotly-plot").first, page.get_by_label("Step", exact=True)):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= DESKTOP["height"]
