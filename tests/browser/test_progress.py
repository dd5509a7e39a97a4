"""What was visited and answered: kept in the browser, shown as marks and at the end of a track."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import DESKTOP, wait_for_picture

KEPT = "localStorage.getItem('seqviz-path')"


@pytest.fixture
def browse(browser, server):
    """A browser of its own: a function that opens an address in a new session of it."""
    context = browser.new_context(viewport=DESKTOP)
    complaints = []

    def open_(path, before=""):
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto(f"{server}{path}")
        wait_for_picture(page)
        return page

    yield open_
    context.close()
    assert not complaints


def summary(page):
    return page.get_by_test_id("stMain").get_by_role("region", name="What you visited and answered")


def marks(page):
    return page.locator("a[data-kept]").evaluate_all(
        "all => all.map(one => [one.getAttribute('href').split('?')[0], one.dataset.kept])"
    )


def test_a_track_is_counted_over_sessions_and_can_be_forgotten(browse):
    page = browse("embedding?embedding_ask=largest_id")
    page.get_by_role("radiogroup").first.get_by_text("49", exact=True).click()
    page.wait_for_function(f"({KEPT} ?? '').includes('largest_id')")
    page = browse("ids?ids_ask=bad_ids")
    page.get_by_role("radiogroup").first.get_by_text("both raise an error", exact=True).click()
    page.wait_for_function(f"({KEPT} ?? '').includes('bad_ids')")
    # A second try, in another session, changes nothing.
    page = browse("ids?ids_ask=bad_ids")
    page.get_by_role("radiogroup").first.get_by_text("neither raises an error", exact=True).click()
    expect(page.get_by_text("Right:")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)

    page = browse("pretrained?pretrained_ask=none")
    expect(summary(page)).to_contain_text("Embedding: 1 of 17 questions")
    expect(summary(page)).to_contain_text("3 of 7 lessons visited")
    missed = summary(page).get_by_text("Not at the first try:").locator("+ ul")
    expect(missed).to_have_text("Legal ids: what −1 and 1.7 do")
    missed.get_by_role("link").click()
    page.wait_for_url("**/ids?ids_ask=bad_ids")
    expect(page.get_by_text("What do ids −1 and 1.7 do?")).to_be_visible(timeout=60_000)

    page = browse("")
    expect(summary(page)).to_contain_text("1 of 17")
    expected = [["embedding", "✓ 1/3"], ["ids", "✓"], ["pretrained", "✓"]]
    page.wait_for_function("document.querySelectorAll('a[data-kept]').length === 6")
    assert marks(page) == 2 * expected  # in the sidebar, and at the tracks
    summary(page).get_by_role("button", name="Forget it").click()
    expect(summary(page)).not_to_be_visible()
    page.wait_for_function("!document.querySelector('a[data-kept]')")
    assert page.evaluate(KEPT) is None


@pytest.mark.parametrize(
    "stored",
    [
        "no JSON",
        "null",
        "[]",
        '"text"',
        '{"embedding": 1, "ids": [true], "gather": null, "layer": "x"}',
        '{"<img src=x onerror=alert(1)>": {"a": true}, "__proto__": {"polluted": true}}',
        '{"embedding": {"<script>": true, "largest_id": "yes", "constructor": true}}',
        '{"no_such_lesson": {"no_such_question": true}}',
        "x" * 1_000_000,
    ],
)
def test_what_others_stored_there_is_harmless(browse, stored):
    """It is looked up, never shown: and what is kept later is sound again."""
    plant = f"localStorage.setItem('seqviz-path', {stored!r})"
    page = browse(
        "", before=f"if (!sessionStorage.planted) {{ {plant}; sessionStorage.planted = 1 }}"
    )
    page.wait_for_timeout(700)
    assert page.evaluate("({}).polluted") is None
    text = summary(page).inner_text() if summary(page).is_visible() else ""
    assert "<" not in text
    assert all(mark in (["embedding", "✓"],) for mark in marks(page))
    page.close()
    page = browse("recurrent?recurrent_ask=none")
    page.wait_for_function(f"JSON.parse({KEPT}).recurrent !== undefined")
    assert len(page.evaluate(KEPT)) < 1_000


def test_a_browser_that_keeps_nothing_still_shows_every_page(browse):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    page = browse("state?state_ask=none", before=refuse)
    expect(summary(page)).not_to_be_visible()
    expect(page.get_by_role("heading", name="State that stays")).to_be_visible()
