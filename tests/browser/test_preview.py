"""The picture that is drawn before Plotly has come, which a slow network takes seconds to bring."""

from urllib.parse import quote

import pytest

from tests.browser.looking import DESKTOP, PHONE, press, wait_for_picture

PREVIEW = ".preview svg"
# What stands in a drawing, line by line, whether it is ours or Plotly's.
WORDS = """selector => [...document.querySelectorAll(selector)].flatMap(root =>
  [...(root.shadowRoot ?? root).querySelectorAll("svg text")].flatMap(text => {
    const lines = [...text.children].filter(part => part.tagName === "tspan" && part.hasAttribute("y"));
    return (lines.length ? lines : [text]).map(line => line.textContent.trim());
  })).filter(line => line)"""


@pytest.fixture
def without_plotly(browser, server):
    """Open a page to which Plotly's code comes only when it is let through."""
    contexts = []

    def open_(path, size=DESKTOP):
        context = browser.new_context(viewport=size)
        contexts.append(context)
        page, held = context.new_page(), []
        page.route("**/PlotlyChart*", lambda route: held.append(route))
        # Of a picture that is veiled by a question there is no preview.
        page.goto(f"{server}{path}{'&' if '?' in path else '?'}{path.split('?')[0]}_ask=none")
        page.locator(PREVIEW).wait_for(timeout=60_000)

        def let_through():
            while held:
                held.pop().continue_()
            wait_for_picture(page)

        return page, let_through

    yield open_
    for context in contexts:
        context.close()


def words(page, where):
    page.wait_for_timeout(600)  # fonts, and text that is fitted into its cell
    if where == "preview":
        lines = page.locator(f"{PREVIEW} text").evaluate_all(
            "texts => texts.flatMap(text => [...text.children].map(line => line.textContent))"
        )
    else:
        lines = page.evaluate(WORDS, "[class*=_picture] .js-plotly-plot")
    return {line.strip() for line in lines if line.strip()}


# Among them they have all that our figures are made of.
@pytest.mark.parametrize(
    ("path", "size"),
    [
        *((path, DESKTOP) for path in ("", "gather", "padding", "meaning", "compare", "gradients")),
        ("learning?learning_optimizer=AdamW", DESKTOP),
        *((path, PHONE) for path in ("recurrent", "cell", "state", "compare")),
    ],
)
def test_it_says_what_plotly_will_say(without_plotly, path, size):
    page, let_through = without_plotly(path, size)
    before = words(page, "preview")
    let_through()
    after = words(page, "plotly")
    assert page.locator(PREVIEW).count() == 0
    assert before <= after
    # Left out: titles of axes, legends.
    assert len(after - before) <= 6


def test_it_plays_and_plotly_goes_on_from_there(without_plotly):
    page, let_through = without_plotly("recurrent?recurrent_text=we+go+on")
    end = page.locator(PREVIEW).inner_html()
    press(page, "First step")
    start = page.locator(PREVIEW).inner_html()
    press(page, "Next step")
    assert len({start, end, page.locator(PREVIEW).inner_html()}) == 3
    let_through()
    step = page.get_by_label("Step", exact=True)
    assert step.input_value() == "1"
    page.wait_for_timeout(400)
    assert "recurrent_step=1" in page.url


def test_a_change_before_plotly_is_there_leaves_no_old_picture(without_plotly):
    page, let_through = without_plotly("recurrent")
    box = page.get_by_label("Sentence, or ids such as 3 7 7 0")
    box.fill("we go on and on")
    box.press("Enter")
    page.locator(PREVIEW).wait_for(state="detached")
    let_through()
    assert {"we", "go", "on", "and"} <= words(page, "plotly")


def test_words_are_never_markup(without_plotly):
    page, _ = without_plotly(f"recurrent?recurrent_text={quote('<b>x</b> <img src=x>')}")
    assert page.locator(".preview :is(img, b, script)").count() == 0
    assert {"<", "b", ">", "x", "img", "=", "src"} <= words(page, "preview")
