"""The way through the lessons: home's questions, next and back, and the drawer of a phone."""

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
    page.get_by_role("link", name="Why must a stack return sequences?").press("Enter")
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
