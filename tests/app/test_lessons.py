"""What every lesson page keeps: its examples, its files, and that it can be run on its own."""

import csv
import io
import json
import zipfile
from typing import NamedTuple

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqviz.app.catalogue import LESSONS
from seqviz.ui.examples import examples_of
from tests.app.conftest import ROOT, choose, texts

# Two lessons make Keras warn on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Argument `input_length`"),
    pytest.mark.filterwarnings("ignore:Layer 'flatten'"),
]
of_every_lesson = pytest.mark.parametrize("page", [lesson.key for lesson in LESSONS])

HOW_MANY_EXAMPLES = {
    "embedding": 7,
    "gather": 8,
    "layer": 8,
    "ids": 8,
    "padding": 8,
    "learning": 7,
    "meaning": 7,
    "pretrained": 9,
    "recurrent": 9,
    "outputs": 7,
    "stacks": 6,
    "cell": 9,
    "compare": 10,
    "gradients": 11,
    "state": 8,
}
# An example changes the page's main picture, but for these, which change another one …
IN_ANOTHER_PICTURE = {
    "layer": {"l2", "unit_norm, columns", "unit_norm, rows", "non_neg", "frozen"},
    "ids": {"4 bins", "1,000 bins"},
    "cell": {"the forget gate's bias"},
}
# … and this, which changes the code and what is said: Keras warns, and computes the same.
IN_WORDS = {"layer": {"input_length"}}
# An example that is there for Keras's own error.
REFUSED_BY_KERAS = {("stacks", "the mistake"): "expected ndim=3, found ndim=2"}

FILES = {"html", "csv", "npz", "py", "ipynb"}
WITH_A_MODEL = {"padding", "recurrent", "outputs", "stacks", "cell"}
# Every page as it opens, and in the views that have a picture and files of their own.
STATES = [
    *((lesson.key, {}) for lesson in LESSONS),
    ("state", {"part": "initial_state"}),
    ("state", {"part": "dropout"}),
    ("stacks", {"view": "bidirectional"}),
]


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


def test_each_has_examples():
    assert {lesson.key: len(examples_of(lesson.key)) for lesson in LESSONS} == HOW_MANY_EXAMPLES


@of_every_lesson
def test_every_example_is_one_click_away_and_the_first_goes_back(open_page, page):
    at = open_page(page)
    (first, nothing), *others = examples_of(page).items()
    assert not nothing
    assert at.button_group(key=f"{page}_example").options == list(examples_of(page))
    begun = charts(at)
    seen = {first: shown(at)}
    for label, setting in others:
        choose(at, page, label)
        assert not at.exception
        if (page, label) in REFUSED_BY_KERAS:
            (error,) = at.error
            assert REFUSED_BY_KERAS[page, label] in error.value.replace("\\", "")
        else:
            assert not at.error
        for name, value in setting.items():
            assert at.session_state[f"{page}_{name}"] == value
        # None is chosen, so that each can be chosen again.
        assert at.button_group(key=f"{page}_example").value is None
        seen[label] = shown(at)

    choose(at, page, first)
    assert not at.exception
    assert not at.error
    assert at.button_group(key=f"{page}_example").value is None
    assert charts(at) == begun
    assert shown(at) == seen[first]

    in_words = IN_WORDS.get(page, set())
    elsewhere = IN_ANOTHER_PICTURE.get(page, set()) | in_words
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


@pytest.fixture
def offered(monkeypatch):
    """By name, what makes each file that a page offers."""
    makers = {}
    button = st.download_button

    def note(label, make, *, file_name, **arguments):
        makers[file_name] = make
        return button(label, make, file_name=file_name, **arguments)

    monkeypatch.setattr(st, "download_button", note)
    return makers


def endings(at, page):
    """What can be taken home of what is on the page."""
    keys = [button.key for button in at.get("download_button")]
    # The vectors that the script of this page reads are beside the script.
    aside = {"pretrained_download_vectors", "pretrained_download_metadata"}
    assert aside <= set(keys) or page != "pretrained"
    return [key.removeprefix(f"{page}_download_") for key in keys if key not in aside]


@pytest.mark.parametrize(
    ("page", "parameters"),
    STATES,
    ids=["-".join([page, *parameters.values()]) for page, parameters in STATES],
)
def test_everything_can_be_taken_home_once_the_list_is_opened(open_page, offered, page, parameters):
    at = open_page(page, **parameters)
    assert not at.exception
    assert not at.error
    assert not endings(at, page)
    offered.clear()
    at.session_state[f"{page}_take_home"] = True  # as a click on it does
    at.run()
    assert not at.exception
    expected = FILES | ({"keras"} if page in WITH_A_MODEL else set())
    assert sorted(endings(at, page)) == sorted(expected)

    files = {ending: offered[f"seqviz_{page}.{ending}"]() for ending in expected}
    assert "plotly" in files["html"].casefold()
    assert files["html"].rstrip().endswith("</html>")
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
    (cell,) = json.loads(files["ipynb"])["cells"]
    assert cell["source"] == files["py"]
    if "keras" in files:
        with zipfile.ZipFile(io.BytesIO(files["keras"])) as model:
            assert set(model.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}


@of_every_lesson
def test_it_can_be_run_on_its_own(open_page, page):
    at = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60).run()
    assert not at.exception
    assert not at.error
    assert json.loads(charts(at)[0])["frames"]
    assert charts(at) == charts(open_page(page))
