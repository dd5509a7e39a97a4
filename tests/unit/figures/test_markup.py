"""No text that a user has ever becomes markup, a script, a formula or code.

Words are drawn, put into files and written into code all over the package. Here every public
picture, table and script is given hostile ones, and what is produced is parsed as whoever reads
it would: as Plotly's pseudo-HTML and templates, HTML, CSV, JSON and Python.
"""

import ast
import csv
import importlib
import inspect
import io
import json
import re
from functools import cache
from html.parser import HTMLParser
from pkgutil import walk_packages

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import ModelConfig, figures
from seqviz.app.home_figure import plot_path
from seqviz.models.build import build_embedding, build_recurrent
from seqviz.plotly_kit.html_file import to_html
from seqviz.plotly_kit.labels import plain
from seqviz.readout.table import to_csv
from seqviz.ui.notebook import notebook
from tests.unit.samples import embedding, recurrent

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=2)
MANY = settings(STEADY, max_examples=60)
COUNT = 5  # words of every sentence here
IDS = (2, 3, 4, 2, 0)

HOSTILE = [
    "<b>x</b>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)//",
    '<a href="javascript:alert(1)">x',
    "<img src=x onerror=alert(1)>",
    "<br>",
    "<!-- x",
    "%{y}",
    "%{customdata}<extra>",
    "#000001",
    "#000038",
    "$x^2$",
    r"$$\href{javascript:alert(1)}{x}$$",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "\u202egnp.exe",
    "\u2066x",
    "\x00<b>",
    '"""\nimport os\n"""',
    "\u2028raise SystemExit #",
    "'); raise SystemExit #",
    "{0} {data} %s",
    "\\",
]
PIECES = [
    *HOSTILE,
    "<",
    ">",
    "&",
    "$",
    "%",
    "{",
    "}",
    "#0000",
    "01",
    "'",
    '"',
    "\n",
    "=",
    ";",
    "猫",
]
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
SENTENCES = st.lists(WORDS, min_size=COUNT, max_size=COUNT)

# Controls that no text needs, and that turn round what stands beside it (CVE-2021-42574).
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]")
TAGS = {"b", "br", "i", "span", "extra", "sub", "sup"}


# --- pictures ----------------------------------------------------------------------------------


@cache
def layers():
    config = ModelConfig(cell="LSTM", units=2, vocab_size=8)
    return build_embedding(config), build_recurrent(config)


def inputs():
    return np.asarray(layers()[0].get_weights()[0])[list(IDS)]


def traced():
    layer = layers()[1]
    return seqviz.capture(layer, inputs()[None])[layer.name]


def both():
    config = ModelConfig(units=(2,), vocab_size=8, bidirectional=True)
    return seqviz.compute_bidirectional(seqviz.capture(seqviz.build_model(config), [IDS]))


def stack():
    config = seqviz.StackConfig(vocab_size=8)
    return seqviz.compute_stack(seqviz.capture(seqviz.build_stack(config), [IDS]))


def step():
    table = np.zeros((8, 2), np.float32)
    return seqviz.GradientStep(0.5, table, table + 1, np.array(IDS), np.ones((COUNT, 2), "f"))


def padding():
    return seqviz.compute_padding([IDS[:4], IDS[:2]], seqviz.PaddingConfig(vocab_size=8, units=2))


def filling():
    from seqviz.lessons.pretrained.compute import Filling

    matrix = np.ones((COUNT, 2), np.float32)
    rows = np.arange(COUNT)
    return Filling(matrix, ("w",) * COUNT, rows, 0, matrix, ("w",) * COUNT, rows)


def journey():
    from seqviz.lessons.meaning.compute import Journey
    from seqviz.vectors.projection import compute_projection

    rows = np.random.default_rng(0).normal(size=(COUNT, 2)).astype(np.float32)
    path = np.stack([rows, 2 * rows])
    map_ = compute_projection(rows)
    return Journey(
        ("w",) * COUNT,
        np.arange(COUNT),
        map_,
        path,
        path,
        np.arange(2),
        np.ones(2),
    )


def dropped():
    return seqviz.compute_dropout(layers()[1], inputs(), dropout=0.5, recurrent_dropout=0.5)


def gathered():
    return seqviz.compute_gather_or_multiply(layers()[0], IDS)


def flowing():
    return seqviz.compute_gradients(layers()[1], traced())


def with_words(plot, parameter="tokens"):
    """Draw with the words as this argument, whatever the picture is drawn of."""
    return lambda data, words: plot(data, **{parameter: words})


def by_id(words):
    return dict(enumerate(words))


# What it is drawn of, made once, and how it is drawn with five words of one's own.
@cache
def watched():
    model = seqviz.build_model(seqviz.ModelConfig(cell="LSTM"))
    model.compile("sgd", "mse")
    watch = seqviz.Watch([list(range(2, 2 + COUNT))])
    model.fit(np.array([[2, 3, 4]]), np.zeros((1, 4)), epochs=1, verbose=0, callbacks=[watch])
    return seqviz.compute_training(watch.training, layer="lstm")


@cache
def learned():
    classes = tuple("abcde")
    return seqviz.lessons.training.compute.WatchedTraining(
        layer=watched(),
        history={"loss": np.ones(1)},
        answers=np.full((2, COUNT, COUNT), 0.2),
        classes=classes,
        confusion=np.ones((2, COUNT, COUNT), int),
        words=classes,
        path=np.zeros((2, COUNT, 2)),
    )


PICTURES = {
    "plot_bidirectional": (both, with_words(figures.plot_bidirectional)),
    "plot_cell": (
        lambda: seqviz.explain(traced(), step=2, unit=1),
        lambda data, words: figures.plot_cell(data, token=words[0]),
    ),
    "plot_training": (watched, with_words(figures.plot_training)),
    "plot_dropout": (dropped, with_words(figures.plot_dropout)),
    "plot_embedding_layer": (
        lambda: seqviz.compute_layer_parts(layers()[0], IDS),
        lambda data, words: figures.plot_embedding_layer(
            data, tokens=words, code=["class A:", "    def build(self):", "    def call(self):"]
        ),
    ),
    "plot_embedding_lookup": (lambda: embedding(IDS), with_words(figures.plot_embedding_lookup)),
    "plot_filling": (
        filling,
        lambda data, words: figures.plot_filling(
            data._replace(words=tuple(words), file_words=tuple(words))
        ),
    ),
    "plot_gates": (lambda: recurrent(COUNT), with_words(figures.plot_gates)),
    "plot_gather_or_multiply": (gathered, with_words(figures.plot_gather_or_multiply)),
    "plot_gradients": (flowing, with_words(figures.plot_gradients)),
    "plot_ids": (
        lambda: seqviz.trace_ids([1, 2, 3, -1, 99], 8),
        lambda data, words: figures.plot_ids(
            data._replace(labels=tuple(words), messages=tuple(words))
        ),
    ),
    "plot_journey": (
        journey,
        lambda data, words: figures.plot_journey(
            data._replace(words=tuple(words)),
            labels=dict(zip(words, words, strict=True)),
            marked=words[:2],
        ),
    ),
    "plot_learning": (
        lambda: [step(), step()],
        lambda data, words: figures.plot_learning(data, words=by_id(words), batches=words[:2]),
    ),
    "plot_map": (
        lambda: np.random.default_rng(0).normal(size=(COUNT, 2)),
        lambda data, words: figures.plot_map(data, words=words, query=1, neighbours=[2]),
    ),
    "plot_mask_flow": (
        padding,
        lambda data, words: figures.plot_mask_flow(data, tokens=[words[:4], words[3:]]),
    ),
    "plot_masked_states": (
        padding,
        lambda data, words: figures.plot_masked_states(data, tokens=[words[:4], words[3:]]),
    ),
    "plot_memory": (
        lambda: seqviz.compute_memory(recurrent(COUNT), samples=(0, 0)),
        with_words(figures.plot_memory),
    ),
    "plot_outputs": (
        lambda: seqviz.compute_outputs({"lstm": recurrent(COUNT)}),
        with_words(figures.plot_outputs),
    ),
    "plot_path": (
        lambda: recurrent(COUNT, cell="SimpleRNN", features=2),
        lambda data, words: plot_path(
            seqviz.lessons.embedding.compute.compute_embedding_lookup(embedding(IDS), max_rows=8),
            seqviz.readout.unrolled.compute_unrolled(data),
            text=" ".join(words),
            tokens=words,
        ),
    ),
    "plot_runs": (
        lambda: seqviz.compute_stateful(layers()[1], inputs(), chunk_length=2),
        with_words(figures.plot_runs),
    ),
    "plot_sparse_gradient": (
        step,
        lambda data, words: figures.plot_sparse_gradient(data, tokens=words, words=by_id(words)),
    ),
    "plot_stack": (stack, with_words(figures.plot_stack)),
    "plot_states": (lambda: recurrent(COUNT), with_words(figures.plot_states)),
    "plot_unit_history": (
        lambda: seqviz.compute_unit_history(recurrent(COUNT), unit=1),
        with_words(figures.plot_unit_history),
    ),
    "plot_unit_map": (
        lambda: seqviz.compute_unit_history(recurrent(COUNT), unit=1),
        with_words(figures.plot_unit_map),
    ),
    "plot_unrolled": (lambda: recurrent(COUNT), with_words(figures.plot_unrolled)),
    "plot_watched_training": (
        learned,
        lambda data, words: figures.plot_watched_training(
            data._replace(classes=tuple(words), words=tuple(words)), tokens=words
        ),
    ),
    "plot_word_bins": (
        lambda: seqviz.compute_word_bins(["a", "b", "c", "d", "e"], 3),
        lambda data, words: figures.plot_word_bins(
            data._replace(words=tuple(words), pairs=((words[0], words[1]),))
        ),
    ),
}
data_of = cache(lambda name: PICTURES[name][0]())


def draw(name, words):
    return PICTURES[name][1](data_of(name), list(words))


def test_no_picture_that_takes_words_is_left_out():
    takes_words = {
        name
        for name in figures.__all__
        if name.startswith("plot_")
        and {"tokens", "token", "words", "labels"}
        & set(inspect.signature(getattr(figures, name)).parameters)
    }
    assert takes_words <= set(PICTURES)


def strings(part, key=""):
    """Every text of a figure, with the key it stands under; keys too, which may be labels."""
    if isinstance(part, np.ndarray):
        part = part.tolist() if part.dtype.kind in "OU" else []
    if isinstance(part, str):
        yield key, part
    elif isinstance(part, dict):
        for name, value in part.items():
            yield "", name
            yield from strings(value, name)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from strings(value, key)


class Reader(HTMLParser):
    """Collects what Plotly would take for tags."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, attributes))

    def handle_comment(self, data):
        self.found.append(("!--", []))

    handle_decl = handle_pi = unknown_decl = handle_comment


def markup(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.found


def filled(text):
    """What Plotly fills in where a text is a template."""
    return tuple(re.findall("%{.*?}|%{", text))


@cache
def known(name):
    """What Plotly fills in, and under which keys, where all words are harmless."""
    texts = list(strings(draw(name, ["w1", "w2", "w3", "w4", "w5"]).to_plotly_json()))
    assert any("w1" in text for _, text in texts)  # the words are drawn at all
    return {(key, filled(text)) for key, text in texts if "%{" in text}


def check(name, words):
    for key, text in strings(draw(name, words).to_plotly_json()):
        if "<" in text:
            for tag, attributes in markup(text):
                assert tag in TAGS, text
                assert all(n == "style" and re.fullmatch(STYLE, v) for n, v in attributes), text
        if "%{" in text:
            assert (key, filled(text)) in known(name), text
        assert "#0000" not in text, text  # Streamlit swaps such place-holders, even in words
        assert "$" not in text, text  # MathJax, where a notebook has it
        assert not CONTROLS.search(text), text


STYLE = r"(color|font-weight|font-family|font-size):\s?[\w#,. %()'-]+;?"


@pytest.mark.parametrize("name", PICTURES)
def test_no_word_is_markup_in_a_picture(name):
    for start in range(0, len(HOSTILE), 1 if name == "plot_cell" else COUNT):  # takes one word
        check(name, (HOSTILE * 2)[start : start + COUNT])


@STEADY
@given(SENTENCES)
def test_nor_is_any_mix_of_them(words):
    for name in PICTURES:
        check(name, words)


@MANY
@given(WORDS | st.text())
def test_plain_shows_what_was_typed_and_nothing_else(text):
    shown = plain(text)
    assert not markup(shown)
    assert not re.search(r"%{|#0000|\$", shown)
    assert not CONTROLS.search(shown)
    shown.encode()
    seen = Reader()
    data = []
    seen.handle_data = data.append
    seen.feed(shown)
    seen.close()
    cleaned = re.sub("[\ud800-\udfff]", "\ufffd", CONTROLS.sub("\ufffd", text))
    assert "".join(data).replace("\u200b", "") == cleaned.replace("\u200b", "")


# --- files -------------------------------------------------------------------------------------


def test_no_word_is_a_script_in_an_html_file():
    words = ["</script><script>alert(1)//", "<!--<script>", "$x$", "\x00", "]]>"]
    page = to_html(
        draw("plot_states", words), title=" ".join(words), text='"><img src=x onerror=alert(1)>'
    )
    ours = re.sub(r"(?s)(<script\b[^>]*>).*?</script>", r"\1", page)
    found = markup(ours)
    plain_page = to_html(draw("plot_states", ["w"] * 5), title="w", text="w")
    expected = markup(re.sub(r"(?s)(<script\b[^>]*>).*?</script>", r"\1", plain_page))
    assert [tag for tag, _ in found] == [tag for tag, _ in expected]
    assert not [name for _, attributes in found for name, _ in attributes if name[:2] == "on"]
    for script in re.findall(r"(?s)<script\b[^>]*>(.*?)</script>", page):
        assert "alert(1)" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", script[-100_000:])


# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), the full-width
# signs included, also after what it drops from the start of a cell.
FORMULA = re.compile('[\\s\x00-\x1f\u200b\ufeff"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]')


@MANY
@given(st.lists(WORDS | st.text(), min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_no_word_is_a_formula_in_a_csv_file(words, separator):
    text = to_csv({"number": [-0.5] * len(words), "token": words, words[0]: words})
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [row[0] for row in rows] == ["-0.5"] * len(words)
    for cell in [*header, *(cell for row in rows for cell in row[1:])]:
        assert not FORMULA.match(cell)
    assert [row[1].replace("'", "") for row in rows] == [word.replace("'", "") for word in words]
    # A spreadsheet of another country splits at another sign.
    for line in re.split("[\r\n]", text):
        for cell in line.split(separator):
            assert not FORMULA.match(cell) or re.fullmatch("-0.5(,.*)?", cell)


@STEADY
@given(st.lists(WORDS | st.text(), max_size=4).map("\n".join))
def test_a_notebook_holds_its_source_and_nothing_else(source):
    assert code_in_notebook(source) == source.strip("\n")


def code_in_notebook(source):
    """What the cells of a notebook with a script hold of it."""
    text = notebook(source, title="", idea="", picture="", height=1)
    cells = json.loads(text)["cells"]
    return "\n\n".join(cell["source"] for cell in cells if cell["id"].startswith("step-"))


# --- code --------------------------------------------------------------------------------------


def makers():
    """Every function of the package that writes code with the words of a sentence in it."""
    embedding_layer, layer = layers()
    model = seqviz.build_model(ModelConfig(vocab_size=8))
    config = seqviz.StackConfig(vocab_size=8)
    settings_ = importlib.import_module("seqviz.lessons.layer.compute").LayerSettings(ModelConfig())
    built = importlib.import_module("seqviz.models.build_stack").build_until_refused(config)
    fitting = {
        "embedding": embedding_layer,
        "layer": layer,
        "model": model,
        "layers": {"LSTM": layer},
        "others": [layer],
        "ids": IDS,
        "changed": IDS,
        "config": config,
        "built": built,
        "settings": settings_,
        "dtype": "int32",
        "output": "sum",
        "step": 2,
        "chunk_length": 2,
        "initial_state": [[0.0, 1.0], [0.0, 1.0]],
        "dropout": 0.5,
        "recurrent_dropout": 0.5,
        "seed": 1,
    }
    special = {"embedding_code": embedding_layer, "gather_code": embedding_layer}
    for module in walk_packages(seqviz.__path__, "seqviz."):
        if not module.name.endswith("code"):
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            if not inspect.isfunction(function) or function.__module__ != module.name:
                continue
            parameters = inspect.signature(function).parameters
            if not name.endswith("code") or "tokens" not in parameters:
                continue
            arguments = {
                key: fitting[key]
                for key, parameter in parameters.items()
                if key != "tokens" and (parameter.default is parameter.empty)
            }
            if name in special or module.name == "seqviz.lessons.layer.code":
                arguments["layer"] = embedding_layer
            yield f"{module.name}.{name}", function, arguments


def test_no_word_leaves_its_comment_in_code():
    names = []
    for name, function, arguments in makers():
        names.append(name)
        expected = ast.dump(ast.parse(function(**arguments, tokens=["word"] * COUNT)))
        for start in range(0, len(HOSTILE), COUNT):
            source = function(**arguments, tokens=(HOSTILE * 2)[start : start + COUNT])
            assert ast.dump(ast.parse(source)) == expected, name
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", source), name
            assert code_in_notebook(source) == source.strip("\n")
    assert len(names) >= 8, names
