"""What every lesson keeps: its address, questions, examples and files, and that nothing breaks it."""

import csv
import io
import json
import re
import zipfile
from typing import NamedTuple

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.lessons import LARGEST
from seqviz.app.catalogue import LESSONS
from seqviz.ui import page as page_module
from seqviz.ui.examples import examples_of
from seqviz.ui.question import HIDDEN
from seqviz.ui.url_state import defaults
from tests.app.conftest import FOLDS, ROOT, choose, opened_at, texts, without_marks
from tests.app.contract import HOSTILE, all_contracts, answer, asked, contracts_of, controls, go_on

# Two lessons make Keras warn on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Argument `input_length`"),
    pytest.mark.filterwarnings("ignore:Layer 'flatten'"),
]
with_code = pytest.mark.usefixtures("unfolded")
of_every_lesson = pytest.mark.parametrize("page", [lesson.key for lesson in LESSONS])
FILES = {"html", "plotly.html", "csv", "npz", "py", "ipynb"}
CONTRACTS = all_contracts()
by_contract = pytest.mark.parametrize(("page", "contract"), CONTRACTS.values(), ids=CONTRACTS)


class Shown(NamedTuple):
    """What is to be seen of a page."""

    pictures: tuple[str, ...]  # the main one first
    said: str
    code: tuple[str, ...]


def charts(at):
    """The pictures as the browser gets them."""
    return tuple(chart.proto.spec for chart in at.get("plotly_chart"))


def shown(at):
    pictures = []
    for chart in charts(at):
        figure = json.loads(chart)
        # The mark by which Plotly tells two pictures apart even where they look the same.
        figure["layout"].pop("datarevision", None)
        pictures.append(json.dumps(figure))
    return Shown(tuple(pictures), texts(at), tuple(code.value for code in at.code))


def alike(by_label):
    """The labels of those that do not differ, together."""
    labels = {}
    for label, what in by_label.items():
        labels.setdefault(what, []).append(label)
    return [together for together in labels.values() if len(together) > 1]


@by_contract
def test_it_opens_with_its_defaults_a_playable_picture_and_a_proof(open_page, page, contract):
    at = open_page(page, **contract.view)
    assert not at.exception
    assert not at.error
    viewed = {name: value for name, value in contract.view.items() if name in contract.defaults}
    assert controls(at, page) == {**contract.defaults, **viewed}
    assert len(json.loads(charts(at)[0])["frames"]) == contract.frames
    assert all(len(chart.proto.alt) > 60 for chart in at.get("plotly_chart"))
    assert sum(map(len, charts(at))) < 150_000
    assert contract.proof in texts(at)


@of_every_lesson
def test_examples_and_questions_start_from_the_defaults(open_page, page):
    for contract in contracts_of(page):
        open_page(page, **contract.view)
        begun = defaults(page)
        assert {name: begun[name] for name in contract.defaults} == contract.defaults
    assert len(examples_of(page)) == contracts_of(page)[0].examples


@by_contract
def test_it_opens_at_the_step_in_the_address_and_stays_there(open_page, page, contract):
    at = open_page(page, step="1", ask=next(iter(contract.questions)), **contract.view)
    begun = charts(at)[0]
    figure = json.loads(begun)
    assert opened_at(1, figure)
    assert begun != charts(open_page(page, **contract.view))[0]
    at.query_params[f"{page}_step"] = "2"  # what the player does while it plays
    # Any change of what is sent would mount the picture anew, and lose the step that was reached.
    answer(at, page)
    assert charts(at)[0] == begun
    # … while a new picture opens at the step that was reached.
    if "seed" in contract.defaults:
        at.number_input(key=f"{page}_seed").set_value(7).run()
        assert charts(at)[0] != begun
        assert opened_at(2, json.loads(charts(at)[0]))


def is_veiled(at, page):
    """Whether the main picture and what stands under it are hidden, from whoever reads them too."""
    style = "".join(html.proto.body for html in at.get("html"))
    veiled = f".st-key-{page}_chart {{ filter: blur" in style
    assert (at.get("plotly_chart")[0].proto.alt == HIDDEN) == veiled
    return veiled


def everything(at):
    """All words of the page."""
    messages = [m.value for kind in (at.info, at.warning, at.error, at.success) for m in kind]
    return "\n".join([texts(at), *messages, *(c.proto.alt for c in at.get("plotly_chart"))])


@by_contract
def test_each_question_is_asked_before_the_page_answers_it(open_page, page, contract):
    for number, (name, right) in enumerate(contract.questions.items(), start=1):
        at = open_page(page, ask=name, **contract.view)
        assert asked(at, page) == [name]
        question = at.radio(key=f"{page}_{name}")
        assert question.value is None
        assert question.label.startswith(f"{number} of {len(contract.questions)}. Predict first: ")
        assert is_veiled(at, page) == (name not in contract.unveiled)
        before = everything(at)
        answer(at, page, right)
        assert not at.exception
        assert not is_veiled(at, page)
        said = without_marks(at.success[-1].value)
        assert said.startswith(f"Right: **{right}**. ")
        why = said.removeprefix(f"Right: **{right}**. ")
        assert why not in before
        wrong = [option for option in question.options if option != right]
        feedback = set()
        for option in wrong:
            answer(at, page, option)
            said = without_marks(at.warning[-1 if len(at.warning) == 1 else 0].value)
            assert said.endswith(f" The answer: **{right}**. {why}")
            own = said.removesuffix(f" The answer: **{right}**. {why}")
            assert own.startswith("Not quite. ")
            feedback.add(own)
        assert len(feedback) == len(wrong)
        assert all(20 < len(own.removeprefix("Not quite. ")) < 140 for own in feedback)


def plain(markdown):
    """What is read of it."""
    return " ".join(re.sub(r":\w+\[|[`*_\\\[\]]", "", markdown).casefold().split())


def words_of(part):
    """All words of a part of a figure, those of its frames too."""
    if isinstance(part, str):
        return [part]
    of = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [word for one in of for word in words_of(one)]


def seen_before_the_choice(at, page):
    """All words that the page has for whoever looks, listens or reads on.

    But for the options, and for what controls say of themselves.

    The idea is none of them: the question stands in its place. Where the page is veiled, so is all
    that stands under the picture (`tests/browser/test_questions.py`).
    """
    (name,) = asked(at, page)
    (player,) = (
        one.proto for one in at.get("bidi_component") if one.proto.id.endswith(f"{page}_player")
    )
    played = json.loads(player.bytes)
    question = at.radio(key=f"{page}_{name}").label
    if is_veiled(at, page):
        assert played["figure"] is None
        assert all(re.fullmatch(r"Step \d+ of \d+, hidden", one) for one in played["captions"])
        return [question, at.get("plotly_chart")[0].proto.alt]
    alerts = [m.value for kind in (at.info, at.warning, at.error, at.success) for m in kind]
    idea = next(lesson.idea for lesson in LESSONS if lesson.key == page)
    said = [m.value for m in (*at.markdown, *at.caption, *at.header) if m.value != idea]
    drawn = [word for chart in charts(at) for word in words_of(json.loads(chart))]
    code = [block.value for block in at.code]
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return [question, *played["captions"], *alerts, *said, *drawn, *code, *alts]


@with_code
@by_contract
def test_nothing_that_is_seen_before_the_choice_is_its_answer(open_page, page, contract):
    assert contract.unveiled.keys() <= contract.questions.keys()
    assert all(len(why) > 15 for why in contract.unveiled.values())
    for name, right in contract.questions.items():
        at = open_page(page, ask=name, **contract.view)
        seen = [plain(text) for text in seen_before_the_choice(at, page)]
        phrase = re.compile(rf"(?<!\w){re.escape(plain(right))}(?!\w)")
        assert not [text for text in seen if phrase.search(text)], name
        answer(at, page, right)
        why = plain(at.success[-1].value.removeprefix(f"Right: **{right}**. "))
        assert not [text for text in seen if why in text], name


@with_code
@by_contract
def test_questions_come_one_after_the_other_and_each_shows_its_answer(open_page, page, contract):
    at = open_page(page, ask=next(iter(contract.questions)), **contract.view)
    before = shown(at)
    for name, right in contract.questions.items():
        assert asked(at, page) == [name]
        answer(at, page, right, show=True)
        assert not at.exception
        after = shown(at)
        changed = (after.pictures, after.code) != (before.pictures, before.code)
        assert changed == (name not in contract.shown_at_once), name
        assert asked(at, page) == [name]
        assert not is_veiled(at, page)
        before = after
        go_on(at, page)
    assert asked(at, page) == []
    # Asked again, they start from the first.
    at.button(key=f"{page}_asked").click().run()
    assert asked(at, page) == [next(iter(contract.questions))]


@by_contract
def test_an_address_that_says_a_state_shows_it(open_page, page, contract):
    first = next(iter(contract.questions))
    assert asked(open_page(page), page) == [next(iter(contracts_of(page)[0].questions))]
    for parameters in ({"step": "1"}, {"ask": "none"}):
        at = open_page(page, **parameters, **contract.view)
        assert asked(at, page) == []
        assert not is_veiled(at, page)
    assert asked(open_page(page, ask="no such", **contract.view), page) == [first]
    at = open_page(page, answer=first, **contract.view)
    assert at.radio(key=f"{page}_{first}").value == contract.questions[first]
    assert at.success[-1].value.startswith("Right: ")
    assert not is_veiled(at, page)


@of_every_lesson
def test_one_click_passes_for_the_session(open_page, page):
    at = open_page(page)
    begun = charts(at)
    at.button(key=f"{page}_pass").click().run()
    assert asked(at, page) == []
    assert not is_veiled(at, page)
    assert charts(at) == begun
    at.switch_page("app.py").run()
    at.switch_page(f"pages/{page}.py").run()
    assert asked(at, page) == []
    questions = contracts_of(page)[0].questions
    first, *left = questions
    at.button(key=f"{page}_passed").click().run()
    assert asked(at, page) == [first]
    assert not is_veiled(at, page)
    said = without_marks(at.info[0].value)
    assert said.startswith(f"The answer: **{questions[first]}**. ")
    go_on(at, page)
    assert asked(at, page) == left[:1]


def test_a_sentence_that_is_brought_along_is_asked_about_one_in_a_link_is_shown(open_page):
    assert asked(open_page("embedding", text="we go on"), "embedding") == []
    at = open_page("recurrent", text="we go on")
    at.session_state["recurrent_lessons"] = True  # the list of lessons is opened
    at.run()
    at.switch_page("pages/embedding.py")
    at.query_params["embedding_text"] = "we go on"
    at.run()
    assert at.text_input(key="embedding_text").value == "we go on"
    assert asked(at, "embedding") == ["which_row"]


@by_contract
def test_hostile_addresses_never_break_it(open_page, page, contract):
    names = [*contract.defaults, "step", "ask", "answer", "no_such_key"]
    for value in HOSTILE:
        at = open_page(page, **dict.fromkeys(names, value) | dict(contract.view))
        assert not at.exception, value
        # What is out of range fell back to its default, so only what was typed can be at fault.
        for widget in (*at.text_input, *at.text_area):
            widget.set_value(contract.defaults[widget.key.removeprefix(f"{page}_")])
        if "read_as" in contract.defaults:
            at.selectbox(key=f"{page}_read_as").set_value("auto")
        at.run()
        assert not at.exception, value
        assert json.loads(charts(at)[0])["frames"], value


@pytest.mark.parametrize(
    ("page", "contract"), [(page, one) for page, one in CONTRACTS.values() if one.refused]
)
def test_what_is_not_legal_gets_a_message_and_is_kept(open_page, page, contract):
    setting, said = contract.refused
    at = open_page(page, **setting, **contract.view)
    assert not at.exception
    (message,) = at.error
    assert said in message.value
    shows = controls(at, page)
    assert {name: str(shows[name]) for name in setting} == setting


@by_contract
def test_the_smallest_setting(open_page, page, contract):
    setting, frames = contract.smallest
    at = open_page(page, **setting, **contract.view)
    assert not at.exception
    assert not at.error
    assert len(json.loads(charts(at)[0])["frames"]) == frames


@pytest.mark.parametrize(
    ("page", "setting"), LARGEST, ids=lambda one: one if type(one) is str else ""
)
def test_the_largest_settings_are_small_enough(open_page, page, setting):
    at = open_page(page, **setting)
    assert not at.exception
    assert sum(map(len, charts(at))) < 600_000


@with_code
@of_every_lesson
def test_every_example_is_one_click_away_and_the_first_goes_back(open_page, page):
    contract = contracts_of(page)[0]
    at = open_page(page)
    (first, nothing), *others = examples_of(page).items()
    assert not nothing
    assert at.button_group(key=f"{page}_example").options == list(examples_of(page))
    begun = charts(at)
    seen = {first: shown(at)}
    # An example may open what is folded, and none folds it again.
    opens = {name for _, setting in others for name, value in setting.items() if value is True}
    folds = opens - defaults(page).keys()
    for label, setting in others:
        fold(at, page, folds)
        choose(at, page, label)
        assert not at.exception
        if label in contract.refused_by_keras:
            (error,) = at.error
            assert contract.refused_by_keras[label] in error.value.replace("\\", "")
        else:
            assert not at.error
        for name, value in setting.items():
            assert at.session_state[f"{page}_{name}"] == value
        # None is chosen, so that each can be chosen again.
        assert at.button_group(key=f"{page}_example").value is None
        seen[label] = shown(at)

    fold(at, page, folds)
    choose(at, page, first)
    assert not at.exception
    assert not at.error
    assert at.button_group(key=f"{page}_example").value is None
    assert charts(at) == begun
    assert shown(at) == seen[first]

    in_words = contract.in_words
    elsewhere = contract.in_another_picture | in_words
    assert elsewhere <= seen.keys()
    main = {label: what.pictures[0] for label, what in seen.items()}
    drawn = {label: what.pictures for label, what in seen.items()}
    assert not alike({label: main[label] for label in seen.keys() - elsewhere})
    assert not alike({label: drawn[label] for label in seen.keys() - in_words})
    assert not alike(seen)
    for label in elsewhere:
        assert main[label] == main[first]
    for label in in_words:
        assert drawn[label] == drawn[first]
        assert seen[label].code != seen[first].code


def fold(at, page, names):
    """Fold these parts of the page."""
    for name in names:
        at.session_state[f"{page}_{name}"] = False
        at.query_params.pop(f"{page}_{name}", None)


def endings(at, page):
    """What can be taken home of what is on the page."""
    keys = [button.key for button in at.get("download_button")]
    # What two pages offer beside the list: what a script reads, and a training as a whole.
    aside = {
        "pretrained": {"pretrained_download_vectors", "pretrained_download_metadata"},
        "training": {"training_download_trace"},
    }.get(page, set())
    assert aside <= set(keys)
    return [key.removeprefix(f"{page}_download_") for key in keys if key not in aside]


@with_code
@by_contract
def test_everything_can_be_taken_home_once_the_list_is_opened(open_page, offered, page, contract):
    at = open_page(page, **contract.view)
    assert not at.exception
    assert not at.error
    assert not endings(at, page)
    offered.clear()
    at.session_state[f"{page}_take_home"] = True  # as a click on it does
    at.run()
    assert not at.exception
    expected = FILES | ({"keras"} if contract.has_model else set())
    assert sorted(endings(at, page)) == sorted(expected)

    files = {ending: offered[f"seqviz_{page}.{ending}"]() for ending in expected}
    assert "plotly" in files["plotly.html"].casefold()
    assert files["plotly.html"].rstrip().endswith("</html>")
    assert files["html"].rstrip().endswith("</html>")
    assert len(files["html"].encode()) <= 300_000
    assert files["csv"].startswith("\ufeff")
    columns, *rows = csv.reader(io.StringIO(files["csv"].removeprefix("\ufeff")))
    assert rows
    assert {len(row) for row in rows} == {len(columns)}
    with np.load(io.BytesIO(files["npz"])) as arrays:
        assert arrays.files
        assert all(arrays[name].size for name in arrays.files)
    (code,) = at.code
    assert files["py"].strip() == code.value.strip()
    assert "import keras" in files["py"]
    compile(files["py"], page, "exec")
    cells = {cell["id"]: cell["source"] for cell in json.loads(files["ipynb"])["cells"]}
    steps = [source for name, source in cells.items() if name.startswith("step-")]
    assert "\n\n".join(steps) == files["py"].strip("\n")
    assert len(steps) > 1
    assert all(right in cells["questions"] for right in contract.questions.values())
    assert len(files["ipynb"].encode()) <= 150_000
    if "keras" in files:
        with zipfile.ZipFile(io.BytesIO(files["keras"])) as model:
            assert set(model.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}


def test_what_is_folded_is_neither_made_nor_sent_until_it_is_opened(open_page, monkeypatch):
    made = []

    def make(name):
        def show(*arguments, **options):
            made.append(name)

        return show

    monkeypatch.setattr(page_module.table, "numbers", make("numbers"))
    monkeypatch.setattr(page_module.code, "code", make("code"))
    at = open_page("recurrent", ask="none")
    at.select_slider(key="recurrent_units").set_value(5).run()
    assert made == []
    assert not at.dataframe
    assert not at.code
    at.session_state["recurrent_numbers"] = True  # as a click on it does
    at.run()
    assert made == ["numbers"]
    at = open_page("recurrent", code="true")  # as a link says that it is open
    assert made == ["numbers", "code"]
    assert not at.exception


@of_every_lesson
def test_numbers_and_code_are_a_click_away(open_page, page):
    at = open_page(page, ask="none")
    assert not at.dataframe
    labels = [fold.label for fold in at.expander]
    assert {"**The numbers**", "**The same in Keras**"} <= set(labels)
    for name in FOLDS:
        at.session_state[f"{page}_{name}"] = True
    at.run()
    assert at.dataframe[0].value.size
    assert "import keras" in at.code[-1].value


@of_every_lesson
def test_it_can_be_run_on_its_own(open_page, page):
    at = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60).run()
    assert not at.exception
    assert not at.error
    assert json.loads(charts(at)[0])["frames"]
    assert charts(at) == charts(open_page(page))
