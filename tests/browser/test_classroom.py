"""A lesson that is a link, a class that answers together, and a lesson as a file, in a real browser."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from benchmarks import classroom
from benchmarks.server import healthy_server
from seqviz.classroom.database import connect
from seqviz.classroom.link import read_link, write_link
from seqviz.classroom.plan import Plan, Step
from seqviz.classroom.rooms import Rooms
from tests.browser import scorm_runtime
from tests.browser.looking import DESKTOP, PHONE, wait_for_picture

PLAN = Plan(
    title="Shapes",
    word="Answer before you look.",
    steps=(
        Step(
            page="recurrent",
            state={"units": "3"},
            controls={"units": "free"},
            rest="shown",
            questions=("output_shape",),
        ),
        Step(page="embedding", rest="hidden", questions=("largest_id",)),
    ),
)
LINK = write_link(PLAN)
# The component that says the browser's name fails; Streamlit's own pages need this function too.
MUTE = """
const random = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = (bytes) => {
  if (new Error().stack.includes("named")) throw new Error("refused");
  return random(bytes);
};
"""


@pytest.fixture
def open_page(window, server):
    """Open a page that has no picture."""
    pages = []

    def open_(path, *, size=DESKTOP):
        page = window(size, "light").new_page()
        pages.append(page)
        page.set_default_timeout(30_000)
        page.goto(f"{server}{path}")
        at_rest(page)
        return page

    yield open_
    for page in pages:
        page.close()


def at_rest(page):
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_timeout(400)


def add_from_menu(page):
    page.get_by_test_id("stSidebar").get_by_text("Lessons", exact=True).click()
    page.get_by_role("button", name="Add this page to it").click()
    at_rest(page)


def choose(page, option):
    page.get_by_test_id("stRadioGroup").get_by_text(option, exact=True).click()


def test_a_lesson_is_put_together_by_clicking(visit, open_page):
    page = visit("recurrent?recurrent_units=3&recurrent_ask=none")
    add_from_menu(page)
    page.get_by_role("link", name="Next: What comes out").click()
    wait_for_picture(page)
    add_from_menu(page)
    page.get_by_role("link", name="Make a lesson").click()
    page.get_by_text("Send it").wait_for()
    at_rest(page)
    page.get_by_role("textbox", name="Title").fill("Shapes")
    page.get_by_role("textbox", name="Title").press("Enter")
    at_rest(page)
    said = page.get_by_test_id("stCode").locator("code").first.inner_text()
    assert urlsplit(said).path == "/lesson"
    plan = read_link(parse_qs(urlsplit(said).query)["lesson"][0]).plan
    assert plan.title == "Shapes"
    assert [step.page for step in plan.steps] == ["recurrent", "outputs"]
    assert plan.steps[0].state == {"units": "3"}

    opened = open_page(urlsplit(said)._replace(scheme="", netloc="").geturl().lstrip("/"))
    expect(opened.get_by_role("heading", name="Shapes")).to_be_visible()


def test_a_lesson_has_its_steps_only(visit):
    page = visit(f"recurrent?recurrent_units=3&at=0&lesson={LINK}")
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("link")).to_have_text(
        [re.compile(name) for name in ("seqviz", "Shapes", "1. Recurrent layer", "2. Embedding")]
    )
    expect(sidebar.get_by_role("slider")).to_have_count(1)
    expect(sidebar.get_by_text("cell: SimpleRNN")).to_be_visible()
    sidebar.get_by_role("link", name="2. Embedding").click()
    page.get_by_text("1 of 1. Predict first").wait_for()
    wait_for_picture(page)
    expect(sidebar.get_by_role("slider")).to_have_count(0)
    assert "at=1" in page.url


@pytest.fixture
def teacher(open_page):
    """The wall of a room that was opened for the lesson."""
    page = open_page("compose")
    page.get_by_text("Go on with a lesson").click()
    page.get_by_label("Its link").fill(LINK)
    page.get_by_label("Its link").press("Enter")
    at_rest(page)
    page.get_by_role("button", name="Take it in place").click()
    page.get_by_text("Send it").wait_for()
    page.get_by_role("button", name="Open a room").click()
    page.get_by_role("link", name="Open the wall").click()
    page.locator(".seqviz-code").wait_for()
    return page


@pytest.fixture
def join(open_page, teacher):
    """Join the class, and go to the first step."""

    def join_():
        page = open_page("lesson", size=PHONE)
        page.get_by_label("Join a class").fill(teacher.locator(".seqviz-code").inner_text().lower())
        page.get_by_role("button", name="Join").click()
        page.get_by_text("You are in the class").wait_for()
        page.get_by_role("link", name="Begin: Recurrent layer").click()
        wait_for_picture(page)
        return page

    return join_


def test_a_class_answers_together(open_page, server, teacher, join):
    student = join()
    expect(student.get_by_role("button", name="Pass")).to_have_count(0)
    choose(student, "(1, 3)")
    student.get_by_text("Your vote counts").wait_for()
    counts = teacher.locator(".seqviz-bar > span:last-child")
    expect(counts).to_have_text(["1", "0", "0"], timeout=10_000)
    choose(student, "(1, 3, 3)")
    expect(counts).to_have_text(["0", "1", "0"], timeout=10_000)

    # Another session of the same browser has the same vote.
    again = open_page(student.url.removeprefix(server), size=PHONE)
    choose(again, "(3, 3)")
    expect(counts).to_have_text(["0", "0", "1"], timeout=10_000)
    choose(student, "(1, 3)")
    expect(counts).to_have_text(["1", "0", "0"], timeout=10_000)

    teacher.get_by_role("button", name="Reveal").click()
    student.get_by_text("Not quite").wait_for()
    expect(teacher.locator(".seqviz-bar.right span").first).to_have_text(re.compile("✓"))
    teacher.get_by_role("button", name="Next", exact=True).click()
    student.get_by_text("What is the largest id").wait_for()
    assert "/embedding" in student.url
    expect(teacher.get_by_text("1 browser here")).to_be_visible(timeout=15_000)


def test_a_vote_is_sent_by_itself_where_the_browser_never_says_its_name(teacher, join):
    student = join()
    student.add_init_script(MUTE)
    student.reload()
    choose(student, "(1, 3)")  # at once, while a name may still come
    student.get_by_text("Your vote is on its way").wait_for()
    student.get_by_text("Your vote counts").wait_for()
    counts = teacher.locator(".seqviz-bar > span:last-child")
    expect(counts).to_have_text(["1", "0", "0"], timeout=10_000)


def test_a_file_plays_without_a_network(open_page, browser, tmp_path):
    page = open_page("compose")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("Send it").wait_for()
    page.get_by_text("Take it along").click()
    page.get_by_role("button", name="Make it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download lesson.html").click(timeout=60_000)
    file = tmp_path / "lesson.html"
    download.value.save_as(file)

    wrong = []
    alone = browser.new_context(offline=True, viewport=PHONE).new_page()
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    alone.goto(file.as_uri())
    drawing = alone.frame_locator("iframe").locator("#picture svg")
    drawing.wait_for(state="attached")
    expect(alone.locator(".picture")).to_have_class(re.compile("veiled"))
    for question in alone.locator("fieldset").all():
        question.locator("input").first.check()
    expect(alone.locator(".picture")).not_to_have_class(re.compile("veiled"))
    expect(drawing).to_be_visible()
    expect(alone.locator("#score")).to_have_text(re.compile(r"Right at the first try: \d of 3"))
    assert alone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not wrong
    alone.context.close()


def test_a_handout_is_printed_with_nothing_cut(open_page, browser, tmp_path):
    page = open_page("compose")
    for _ in range(2):
        page.get_by_role("button", name="Add it").click()
        at_rest(page)
    page.get_by_text("Take it along").click()
    page.get_by_text("A handout to print").click()
    page.get_by_role("button", name="Make it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download handout.html").click(timeout=60_000)
    file = tmp_path / "handout.html"
    download.value.save_as(file)

    paper = browser.new_context(offline=True).new_page()
    paper.goto(file.as_uri())
    paper.locator("body[data-drawn]").wait_for()
    paper.emulate_media(media="print")
    inches = 25.4 / 96  # millimetres of a CSS pixel
    for step in paper.locator("section.step").all():
        box = step.bounding_box()
        assert box["height"] * inches <= 297 - 30
        assert box["width"] * inches <= 210 - 30
    for drawing in paper.locator("figure svg").all():
        inner, outer = drawing.bounding_box(), drawing.locator("..").bounding_box()
        assert inner["width"] <= outer["width"] + 1
    pdf = paper.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 3  # two steps and the answers
    paper.context.close()


def test_a_platform_is_told_how_far_a_student_is(open_page, browser, server, tmp_path):
    from seqviz.classroom.scorm import scorm_package

    folder = tmp_path / "platform"
    folder.mkdir()
    package = tmp_path / "lesson.zip"
    package.write_bytes(
        scorm_package(f"{server}lesson?lesson={LINK}", title="Shapes", identifier="abc")
    )
    try:
        with scorm_runtime.platform(package, folder) as address:
            _take_the_lesson(browser, address)
    except scorm_runtime.NoNpmError as error:
        pytest.skip(str(error))


def _take_the_lesson(browser, address):
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    lesson = page.frame_locator("iframe").frame_locator("iframe")
    value = "name => window.API.LMSGetValue(name)"
    lesson.get_by_text("Begin: Recurrent layer").wait_for()
    assert page.evaluate(value, "cmi.core.lesson_status") == "incomplete"
    lesson.get_by_text("Begin: Recurrent layer").click()
    choose(lesson, "(1, 3, 3)")
    lesson.get_by_text("Right:").wait_for()
    lesson.get_by_role("link", name="Next: Embedding").click()
    choose(lesson, "50")
    lesson.get_by_text("Not quite").wait_for()
    lesson.get_by_role("link", name="Done: my receipt").click()
    lesson.get_by_text("Right at the first try: 1 of 2; answered: 2.").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate(value, "cmi.core.score.raw") == "50"
    assert page.evaluate(value, "cmi.core.lesson_status") == "completed"
    # What another origin says is not listened to.
    page.evaluate(
        "document.querySelector('iframe').contentWindow.postMessage("
        "{type: 'seqviz-receipt', right: 2, answered: 2, of: 2}, '*')"
    )
    page.wait_for_timeout(300)
    assert page.evaluate(value, "cmi.core.score.raw") == "50"
    page.context.close()


FORGED = (
    *(
        "forged",
        "",
        "x" * 10_000,
        "<b>",
        "(1, 3) ",
        "None",
        "0",
        "(1, 3)\0",
        "'; DROP TABLE votes; --",
    ),
    *("null", "\u202e(1, 3)", "1", "true", "[]", "{}"),
)


def test_forged_messages_change_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
    rooms = Rooms(connect(url))
    opened = rooms.open(write_link(classroom.PLAN))
    room = rooms.find(opened.code)
    with healthy_server(SEQVIZ_DATABASE_URL=url) as server:
        with ThreadPoolExecutor(1) as pool:  # in this thread Playwright has a loop
            pool.submit(
                asyncio.run, _forge(server.socket_url, f"{room.code}.{room.key}", rooms, opened)
            ).result()
        assert not server.tracebacks()
    (tally,) = rooms.wall(opened.secret).tallies
    assert tally.counts == (1, 0, 0)


async def _forge(socket_url, room, rooms, opened):
    async with AsyncExitStack() as stack:
        forgers = [
            await stack.enter_async_context(classroom.Voter(socket_url, room, f"{number:032x}"))
            for number in range(8)
        ]
        honest, *_ = forgers
        for one in forgers:
            assert not (await one.open()).exceptions
        assert not (await honest.choose(honest.options[0])).exceptions
        for value in FORGED:
            for run in await asyncio.gather(*(one.choose(value) for one in forgers[1:])):
                assert not run.exceptions
        assert rooms.wall(opened.secret).tallies[0].counts == (1, 0, 0)
        rooms.reveal(opened.secret, "0.output_shape")
        for value in (*honest.options, *FORGED[:3]):
            for run in await asyncio.gather(*(one.choose(value) for one in forgers)):
                assert not run.exceptions
