"""The notebook is valid, runs cell by cell, and holds any text as text."""

import ast
import base64
import json
import re
import zlib

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz import ModelConfig
from seqviz.models.build import build_embedding, build_model
from seqviz.models.keras_code import embedding_code, model_code
from seqviz.ui.notebook import notebook, steps_of
from seqviz.ui.question import Question
from tests.unit.models.test_keras_code import HOSTILE, IDS, TOKENS, assert_equal

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True)
LINK = "https://example.org/recurrent?recurrent_text=a+%3Cb%3E&recurrent_step=1"


def made(source="a = 1\n", **arguments):
    rest = {"title": "A title", "idea": "An idea.", "picture": "<p>ü</p>", "height": 380}
    return notebook(source, **rest | arguments)


def checked(text):
    """The cells of a notebook, if it is what the schema of nbformat 4.5 demands."""
    text.encode()
    book = json.loads(text)
    assert set(book) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert {"name", "display_name"} <= book["metadata"]["kernelspec"].keys()
    assert book["metadata"]["language_info"]["name"] == "python"
    of_code = {"execution_count", "outputs"}
    for cell in book["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        more = of_code if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | more
        assert re.fullmatch("[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert cell.get("execution_count") is None
        assert cell.get("outputs", []) == []
        assert isinstance(cell["metadata"], dict)
        assert isinstance(cell["source"], str)
        assert cell["source"]
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    return book["cells"]


def steps_in(text):
    return [cell["source"] for cell in checked(text) if cell["id"].startswith("step-")]


def test_it_tells_the_lesson_before_the_code():
    question = Question(
        name="out",
        text="What *comes out*?",
        options={"(1, 4)": "One vector.", "(1, 3, 4)": "That would be a sequence."},
        answer="(1, 4)",
        show={},
    )
    cells = checked(made(questions=[question], link=LINK))
    assert [cell["id"] for cell in cells] == [
        *("about", "questions", "steps", "step-1", "see", "picture")
    ]
    about, questions = (cell["source"] for cell in cells[:2])
    assert about.startswith("# A title\n\nAn idea.\n\n")
    assert f"(<{LINK}>)" in about
    assert "What *comes out*?\n\n- (1, 4)\n- (1, 3, 4)" in questions


def test_without_an_address_or_a_question_it_leaves_them_out():
    cells = checked(made())
    assert "](" not in cells[0]["source"]
    assert cells[1]["id"] == "steps"


def test_its_steps_run_in_order():
    model = build_model(ModelConfig(cell="LSTM", return_state=True))
    steps = steps_in(made(model_code(model, IDS, TOKENS)))
    assert len(steps) >= 4
    namespace = {}
    for step in steps:
        exec(compile(step, "cell", "exec"), namespace)
    assert_equal(namespace["output"], model(np.array([IDS])))


def test_no_statement_is_cut():
    source = 'a = """\n\n"""\n\n\ndef f():\n    b = 1\n\n    return b\n\n# why\nc = (\n\n    2,\n)\nd = 3\n'
    assert steps_of(source) == [
        'a = """\n\n"""',
        "\ndef f():\n    b = 1\n\n    return b",
        "# why\nc = (\n\n    2,\n)\nd = 3",
    ]
    assert steps_of("no python here\n\nat all") == ["no python here\n\nat all"]


@STEADY
@given(st.lists(st.sampled_from(["", "a = 1", "# b", "if a:", "    c = 2", '"""'])))
def test_steps_are_the_script_and_each_is_python(lines):
    source = "\n".join(lines)
    steps = steps_of(source)
    assert "\n\n".join(steps) == source.strip("\n")
    try:
        ast.parse(source)
    except SyntaxError:
        return
    for step in steps:
        ast.parse(step)


def test_its_picture_is_the_file(capsys, monkeypatch):
    cell = checked(made(picture='<p title="x">ü & </p>' * 99))[-1]["source"]
    namespace = {}
    before, _ = cell.split("HTML(f'")
    exec(before.replace("from IPython.display import HTML", ""), namespace)
    assert namespace["picture"] == '&lt;p title=&quot;x&quot;&gt;ü &amp; &lt;/p&gt;' * 99  # fmt: skip
    packed = re.search('"""\n(.*?)\n"""', cell, re.DOTALL).group(1)
    assert zlib.decompress(base64.b64decode(packed)).decode() == '<p title="x">ü & </p>' * 99
    assert max(map(len, cell.splitlines())) <= 100


@pytest.mark.parametrize("token", HOSTILE, ids=ascii)
def test_it_holds_any_token(token):
    layer = build_embedding(ModelConfig())
    source = embedding_code(layer, IDS, [token] * 4)
    assert "\n\n".join(steps_in(made(source))) == source.strip("\n")


def test_a_title_is_no_markup_and_a_link_is_one_link():
    about = checked(made(title="<script>x</script> **b** [a](b)", link="https://a/>) <b>"))[0]
    assert "\\<script" in about["source"]
    assert "\\*\\*b" in about["source"]
    assert about["source"].endswith("(<https://a/%3E) %3Cb%3E>)")
