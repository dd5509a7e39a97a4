"""What only a browser shows: playing, stepping, the address bar, the keyboard."""

import math
from itertools import pairwise

import pytest

from benchmarks.server import healthy_server
from tests.browser.looking import (
    DESKTOP,
    PHONE,
    follow_from_menu,
    open_downloads,
    picture,
    press,
    shapes,
    wait_for_picture,
)

PAGES = ["", "embedding", "recurrent"]
LESSONS = ["embedding", "recurrent"]


@pytest.mark.parametrize("path", PAGES)
def test_play_moves_pixels_from_the_first_step_to_the_last(visit, path):
    page = visit(path)
    end, last = picture(page), shapes(page)
    page.get_by_role("button", name="Play").click()  # at the end, so it starts over
    page.get_by_role("button", name="Pause").wait_for()
    start = picture(page)
    assert start != end
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").wait_for(timeout=8_000)  # it says Pause while it plays
    page.wait_for_timeout(300)
    assert shapes(page) == last
    page.mouse.move(5, 5)
    assert page.get_by_label("Step", exact=True).input_value() == page.get_by_label(
        "Step", exact=True
    ).get_attribute("max")


@pytest.mark.parametrize("path", PAGES)
def test_each_button_of_the_player(visit, path):
    page = visit(path)
    step = page.get_by_label("Step", exact=True)
    last = int(step.get_attribute("max"))
    for name, expected in [
        ("First step", 0),
        ("Next step", 1),
        ("Next step", 2),
        ("Previous step", 1),
        ("Last step", last),
    ]:
        press(page, name)
        assert int(step.input_value()) == expected
    step.fill("1")
    page.wait_for_timeout(350)
    assert f"{path or 'home'}_step=1" in page.url


@pytest.mark.parametrize("path", [*PAGES, "compare", "gradients"])
def test_a_picture_at_rest_is_not_drawn_again(visit, path):
    # Streamlit takes over what Plotly says it has drawn: two of these can follow each other for good.
    page = visit(path, size=PHONE)
    page.wait_for_timeout(1_500)
    page.evaluate(
        """() => {
          window.drawings = 0;
          const react = Plotly.react;
          Plotly.react = function (...given) { window.drawings += 1; return react.apply(this, given); };
          Plotly.react.once = true;
        }"""
    )
    page.wait_for_timeout(1_500)
    assert page.evaluate("window.drawings") == 0


def test_pause_stops(visit):
    page = visit("recurrent?recurrent_text=one+two+three+four+five+six+seven+eight+nine+ten")
    press(page, "First step")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_200)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)
    reached = page.get_by_label("Step", exact=True).input_value()
    page.wait_for_timeout(1_500)
    assert page.get_by_label("Step", exact=True).input_value() == reached
    assert 0 < int(reached) < 10


def test_keyboard_alone_plays_and_steps(visit):
    page = visit("recurrent")
    step = page.get_by_label("Step", exact=True)
    page.keyboard.press("ArrowLeft")  # right after the page opened, nothing has the focus
    page.wait_for_timeout(100)
    assert step.input_value() == "2"
    step.focus()
    page.keyboard.press("Home")
    assert step.input_value() == "0"
    page.keyboard.press("ArrowRight")
    assert step.input_value() == "1"
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    page.keyboard.press("End")
    assert step.input_value() == "3"


def test_arrows_in_other_controls_do_not_step(visit):
    page = visit("recurrent")
    page.get_by_role("textbox", name="Sentence").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("Step", exact=True).input_value() == "3"


@pytest.mark.parametrize("path", LESSONS)
def test_slider_to_url_to_reload_is_the_same_picture(visit, path):
    page = visit(f"{path}?{path}_ask=none")
    before = picture(page)
    if path == "recurrent":  # not one of the first settings there
        page.get_by_test_id("stSidebar").get_by_text("More settings").click()
        wait_for_picture(page)
    page.get_by_role("slider", name="embedding_dim").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{path}_embedding_dim=**")
    wait_for_picture(page)
    press(page, "Previous step")
    page.mouse.move(5, 5)
    changed = picture(page)
    assert changed != before
    page.reload()
    wait_for_picture(page)
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    assert picture(page) == changed


def test_link_button_copies_this_very_state(visit):
    page = visit("recurrent?recurrent_units=3")
    press(page, "First step")
    press(page, "Copy the link to this state")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "recurrent_units=3" in link
    assert "recurrent_step=0" in link


def test_an_unrelated_rerun_keeps_the_chart_and_its_step(visit):
    page = visit("recurrent?recurrent_ask=output_shape")
    press(page, "First step")
    page.evaluate("window.before = document.querySelector('.js-plotly-plot')")
    before = shapes(page)
    page.get_by_text("(1, 4)", exact=True).first.click()
    page.get_by_text("Not quite").wait_for()
    assert page.evaluate("window.before === document.querySelector('.js-plotly-plot')")
    assert shapes(page) == before


def test_a_new_picture_opens_at_the_step_that_was_reached(visit):
    page = visit("recurrent")
    press(page, "First step")
    press(page, "Next step")
    page.get_by_role("slider", name="units").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**recurrent_units=5**")
    wait_for_picture(page)
    assert page.get_by_label("Step", exact=True).input_value() == "1"


@pytest.mark.parametrize(
    "path", ["?home_step=3", "embedding?embedding_step=1", "recurrent?recurrent_step=1"]
)
def test_a_change_of_theme_repaints_the_picture_where_it_stands(visit, path):
    page = visit(path, scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(2_000)
    page.mouse.move(5, 5)
    changed = picture(page)
    page.reload()
    wait_for_picture(page)
    page.wait_for_timeout(500)
    assert changed == picture(page)


def test_arrows_step_after_a_click_on_the_picture(visit):
    page = visit("recurrent")
    page.locator(".js-plotly-plot").click(position={"x": 5, "y": 5})
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(100)
    assert page.get_by_label("Step", exact=True).input_value() == "2"


def test_a_button_that_is_spent_hands_the_keyboard_on(visit):
    page = visit("recurrent")
    press(page, "First step")
    page.keyboard.press("End")
    assert page.get_by_label("Step", exact=True).input_value() == "3"


def test_an_example_further_down_brings_its_picture_into_view(visit):
    page = visit("recurrent")
    example = page.get_by_role("radio", name="backwards", exact=True)
    example.scroll_into_view_if_needed()
    assert page.locator(".js-plotly-plot").bounding_box()["y"] < 0
    example.click()
    page.wait_for_timeout(1_500)
    assert page.locator(".js-plotly-plot").bounding_box()["y"] > -1  # rounded to a pixel


def test_the_sentence_goes_along_to_another_page_and_back_is_one_press(visit):
    page = visit("embedding?embedding_text=You+are+Groot")
    first = page.url
    follow_from_menu(page, "Recurrent layer")
    page.wait_for_url("**/recurrent**")
    wait_for_picture(page)
    assert page.get_by_role("textbox", name="Sentence").input_value() == "You are Groot"
    page.go_back()
    page.wait_for_url(first)
    wait_for_picture(page)
    page.get_by_role("heading", name="Embedding", exact=True).wait_for()
    assert page.get_by_role("textbox", name="Sentence").input_value() == "You are Groot"
    page.go_forward()
    page.wait_for_url("**/recurrent?recurrent_text=You+are+Groot")
    page.get_by_role("heading", name="Recurrent layer").wait_for()


def test_back_leads_to_the_lesson_before_also_from_one_that_has_settings_already(visit):
    page = visit("recurrent?recurrent_units=8&recurrent_text=You+are+Groot")
    for lesson in ("What comes out", "Recurrent layer"):
        follow_from_menu(page, lesson)
        page.get_by_role("heading", name=lesson, exact=True).wait_for()
        wait_for_picture(page)
    assert "recurrent_units=8" in page.url
    page.go_back()
    page.wait_for_url("**/outputs?outputs_text=You+are+Groot")
    page.get_by_role("heading", name="What comes out", exact=True).wait_for()
    assert page.get_by_role("textbox", name="Sentence").input_value() == "You are Groot"
    page.go_back()
    page.wait_for_url("**/recurrent?recurrent_units=8&recurrent_text=You+are+Groot")


@pytest.mark.parametrize(
    ("chosen", "belief", "leaves"),
    [
        ("learning?learning_optimizer=AdamW", "Every row trains", "learning"),
        ("outputs?outputs_cell=LSTM&outputs_return_sequences=true", "pools, or", "outputs"),
        (
            "padding?padding_mask_zero=false&padding_padding=pre",
            "makes row 0",
            "padding?padding_step=2",
        ),
    ],
)
def test_a_misconceptions_link_shows_its_truth_whatever_was_chosen_there(
    visit, chosen, belief, leaves
):
    page = visit(chosen)
    follow_from_menu(page, "What learners get wrong")
    row = page.get_by_test_id("stHorizontalBlock").filter(has_text=belief)
    row.get_by_role("link").click()
    page.wait_for_url(f"**/{leaves}", timeout=15_000)
    wait_for_picture(page)
    page.wait_for_url(f"**/{leaves}")


def test_labels_of_the_time_axis_are_numbered_where_not_all_fit(visit):
    shown = """() => [...document.querySelectorAll('.xtick text')].map(text => {
        const { left, right } = text.getBoundingClientRect();
        const lines = [...text.querySelectorAll('tspan')].map(line => line.textContent);
        return [lines.join(" ") || text.textContent, left, right];
    })"""
    page = visit("compare", size=PHONE)
    ticks = page.evaluate(shown)
    # The last is there, each has its own timestep, and none stands in another or is cut. Every third
    # would fit, and be the same word each time.
    assert ticks[-1][0] == "am 20"
    shown_words = [text.split() for text, *_ in ticks]
    assert {word for word, _ in shown_words} == {"I", "am", "Groot"}
    for word, step in shown_words:
        assert word == ["I", "am", "Groot"][(int(step) - 1) % 3]
    assert all(one[2] < other[1] for one, other in pairwise(ticks))
    chart = page.locator(".js-plotly-plot").bounding_box()
    assert ticks[-1][2] <= chart["x"] + chart["width"]
    # With more room all of them, by their words alone; and back.
    page.set_viewport_size(DESKTOP)
    page.wait_for_function(f"({shown})().length === 20")
    assert [text for text, *_ in page.evaluate(shown)][:4] == ["I / X", "am", "Groot", "I"]
    page.set_viewport_size(PHONE)
    page.wait_for_function(f"({shown})().length === {len(ticks)}")
    assert len(visit("compare").evaluate(shown)) == 20


@pytest.mark.parametrize(
    ("path", "label", "value"),
    [
        (
            "embedding?embedding_vocab_size=1000&embedding_text=3+999&embedding_step=1",
            "vocab_size",
            "1000",
        ),
        (
            "recurrent?recurrent_vocab_size=77&recurrent_text=3+7+7&recurrent_step=1",
            "vocab_size",
            "77",
        ),
    ],
)
def test_a_deep_link_works_on_a_server_that_has_just_started(visit, path, label, value):
    with healthy_server() as server:
        page = visit(path, url=server.url)
        box = page.get_by_role("spinbutton", name=label)
        if not box.is_visible():
            page.get_by_test_id("stSidebar").get_by_text("More settings").click()
            box.wait_for()
        assert box.input_value() == value
        assert page.get_by_label("Step", exact=True).input_value() == "1"
        assert page.get_by_text("equal to Keras").is_visible()
        page.close()  # before its server is gone


def test_the_downloaded_picture_with_plotly_plays_without_a_network(visit, browser, tmp_path):
    page = visit("recurrent?recurrent_ask=none")
    open_downloads(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture with Plotly").click()
    path = tmp_path / "picture.html"
    download.value.save_as(path)
    context = browser.new_context(offline=True)
    alone = context.new_page()
    errors = []
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.goto(path.as_uri())
    alone.wait_for_selector(".main-svg")
    before = picture(alone)
    alone.locator(".updatemenu-button").first.click()
    alone.wait_for_timeout(1_500)
    assert picture(alone) != before
    assert not errors
    context.close()


def test_what_is_computed_anew_fades_only_where_that_takes_long(visit):
    page = visit("recurrent")
    passing, sockets, held = math.inf, [], []

    def between(socket):
        def from_server(message):
            nonlocal passing
            passing -= 1
            if passing >= 0:
                socket.send(message)
            else:
                held.append(message)

        sockets.append(socket)
        socket.connect_to_server().on_message(from_server)

    page.route_web_socket("**/_stcore/stream", between)
    page.reload()
    wait_for_picture(page)
    fading = """() => document.getAnimations().filter(
        (each) => each.effect.target.matches(".stElementContainer")).length"""
    old = page.locator(".stElementContainer[data-stale=true]")

    passing = 2  # messages, which say that a run has begun, and none after them
    page.get_by_role("slider", name="units").focus()
    page.keyboard.press("ArrowRight")
    old.first.wait_for()
    assert page.evaluate(fading) == 0
    page.wait_for_timeout(1_500)
    assert page.evaluate(fading) > 0
    page.wait_for_timeout(1_500)
    assert float(old.first.evaluate("element => getComputedStyle(element).opacity")) < 0.5

    passing = math.inf
    for message in held:
        sockets[-1].send(message)
    page.wait_for_url("**recurrent_units=5**")
    wait_for_picture(page)
    page.wait_for_timeout(500)
    assert old.count() == 0
    fades = "document.getElementById('seqviz-unfaded').disabled"
    assert not page.evaluate(fades)


def test_a_chart_that_plotly_is_handed_again_is_drawn_only_if_it_differs(visit):
    page = visit("recurrent")
    is_drawn = """async (changes) => {
        const element = document.querySelector(".js-plotly-plot");
        const [figure, before] = [structuredClone({ data: element.data }), element._fullLayout];
        figure.layout = { ...structuredClone(element.layout), width: before.width, ...changes };
        await Plotly.react(element, figure);
        return element._fullLayout !== before;
    }"""
    assert not page.evaluate(is_drawn, {})
    assert page.evaluate(is_drawn, {"width": 500})
    assert page.evaluate(is_drawn, {"datarevision": "another"})
    assert page.evaluate(is_drawn, {"shapes": []})
    assert page.locator(".js-plotly-plot .shapelayer path").count() == 0
    assert not page.evaluate(is_drawn, {})


@pytest.mark.parametrize(
    ("page_name", "size"),
    [("compare", DESKTOP), ("compare", PHONE), ("gradients", DESKTOP), ("recurrent", PHONE)],
)
def test_a_change_hands_a_chart_to_plotly_a_few_times_and_then_never_again(visit, page_name, size):
    page = visit(f"{page_name}?{page_name}_text=a+b+c+d+e+f+g+h+i+j+k+l+m", size=size)
    page.evaluate("""() => {
        const react = Plotly.react;
        window.handed = 0;
        Plotly.react = function (...given) { window.handed += 1; return react.apply(this, given); };
        Plotly.react.once = true;
    }""")
    box = page.get_by_role("textbox", name="Sentence")
    for times in (1, 2, 3):
        box.fill("a b c d e f g h i j k l m" + " n" * times)
        box.press("Enter")
        page.wait_for_timeout(2_000)
        assert page.evaluate("window.handed") <= 6 * times
    assert page.evaluate("window.handed") >= 3
    page.evaluate("window.handed = 0")
    page.wait_for_timeout(500)
    assert page.evaluate("window.handed") == 0


def test_words_are_fitted_one_by_one(visit):
    page = visit("cell?cell_cell=LSTM", size={"width": 320, "height": 700})
    words = """() => [...document.querySelector(".js-plotly-plot")
        .querySelectorAll(".textpoint text")]
        .map((word) => [word.textContent.trim(), word.style.fontSize])"""
    written = """() => document.querySelector(".js-plotly-plot").data
        .filter((trace) => trace.mode === "text").flatMap((trace) => trace.text).length"""
    narrow = page.evaluate(words)
    said = {word for word, _ in narrow if word}
    assert "+" in said
    page.set_viewport_size(DESKTOP)
    page.wait_for_timeout(1_000)
    wide = page.evaluate(words)
    assert len(wide) == page.evaluate(written)
    assert "i · c̃ = −0.009" in {word for word, _ in wide}
    assert said < {word for word, _ in wide}
    assert len({size for _, size in wide}) > 1
    page.reload()
    wait_for_picture(page)
    assert page.evaluate(words) == wide
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(1_000)
    assert page.evaluate(words) == narrow


def test_a_new_picture_is_drawn_once_and_with_words_that_fit(visit):
    page = visit("cell", size=PHONE)
    page.evaluate(
        """() => {
          [window.seen, window.restyled] = [[], 0];
          const restyle = Plotly.restyle;
          Plotly.restyle = (...given) => { window.restyled += 1; return restyle(...given); };
          const first = document.querySelector(".js-plotly-plot");
          const look = () => {
            const chart = document.querySelector(".js-plotly-plot");
            const words = chart && chart !== first ? chart.querySelectorAll(".textpoint text") : [];
            if (words.length && getComputedStyle(chart).visibility === "visible")
              window.seen.push([...words].map((word) => word.style.fontSize).join());
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    sentence = page.get_by_role("textbox", name="Sentence")
    sentence.fill("You are Groot")
    sentence.press("Enter")
    page.wait_for_url("**cell_text=You**")
    wait_for_picture(page)
    page.wait_for_timeout(1_000)
    seen = page.evaluate("window.seen")
    assert seen
    assert len(set(seen)) == 1
    assert len(set(seen[0].split(","))) > 1
    assert page.evaluate("window.restyled") == 0
