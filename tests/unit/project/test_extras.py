"""What works without the extras (`pip install "seqviz[…]"`), and what says which one it needs."""

import ast
import os
import re
import subprocess
import sys
import tomllib

import pytest

from seqviz.errors import SeqvizError
from seqviz.extras import _EXTRAS, MissingExtraError, naming_extras
from seqviz.trace import Trace
from tests import ROOT
from tests.unit.samples import recurrent

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OPTIONAL = PROJECT["optional-dependencies"]

HIDING = """
import sys
class Hiding:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hiding())

def said(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return f"{{type(error).__name__}}: {{error}}"
    return "nothing"
"""


def run_without(hidden: tuple[str, ...], code: str) -> list[str]:
    """Run code in a Python that has not installed what is hidden; the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", HIDING.format(hidden=hidden) + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def names_the_extra(line: str, extra: str) -> bool:
    return line.startswith("MissingExtraError: ") and f'pip install "seqviz[{extra}]"' in line


class TestWithoutTensorFlow:
    def test_a_public_name_is_there_or_names_the_extra_however_often_it_is_asked_for(self):
        lines = run_without(
            ("tensorflow",),
            "import seqviz\n"
            "for name in 2 * seqviz.__all__: print(name, said(getattr, seqviz, name))",
        )
        without = {
            name for name, said in (line.split(" ", 1) for line in lines) if said != "nothing"
        }
        for line in lines:
            said = line.split(" ", 1)[1]
            assert said == "nothing" or names_the_extra(said, "tensorflow"), line
        assert {"capture", "verify", "build_model", "compute_layer_step"} <= without
        assert not without & {
            *("ModelConfig", "Vocabulary", "tokenize", "Trace", "load_trace", "load_vectors"),
            *("nearest", "export_projector", "load_projector", "compute_unrolled", "explain"),
        }

    def test_what_imports_keras_when_it_is_called_names_the_extra(self):
        lines = run_without(
            ("tensorflow",),
            "import seqviz\n"
            "print(said(seqviz.compute_word_bins, ['a'], 3))\n"
            "print(said(seqviz.trace_ids, [1], 3))\n"
            "print(said(seqviz.compute_padding, [[2, 3], [4]], seqviz.PaddingConfig()))\n"
            "print(said(seqviz.fill_embedding, ['cat'], {'cat': [1.0]}))\n"
            "print(said(seqviz.gradient_step, None, [[1]], [[1]], None))\n"
            "print(said(lambda: seqviz.train(None, [[1]], [[1]], None, epochs=1)))\n",
        )
        assert len(lines) == 6
        for line in lines:
            assert names_the_extra(line, "tensorflow"), line


class TestWithoutICU:
    def test_text_names_the_extra(self):
        lines = run_without(
            ("icu4py",),
            "import seqviz\n"
            "from seqviz.typed_text import read_text\n"
            "print(said(seqviz.tokenize, 'I am Groot'))\n"
            "print(said(seqviz.tokenize, 'Groot', 'characters'))\n"
            "print(said(lambda: read_text('I am Groot', vocab_size=9)))\n",
        )
        assert len(lines) == 3
        for line in lines:
            assert names_the_extra(line, "text"), line

    def test_ids_words_that_are_cut_already_and_messages_need_none(self):
        lines = run_without(
            ("icu4py",),
            "import seqviz\n"
            "from seqviz.segmentation import label, shorten\n"
            "from seqviz.typed_text import read_text\n"
            "print(read_text('3 7 7 0', vocab_size=9).ids)\n"
            "print(seqviz.Vocabulary.from_tokens(['I', 'am'], 9).encode(['am']))\n"
            "print(label('w' * 50))\n"
            "print(shorten('w' * 50))\n",
        )
        w = "w" * 40 + "…"
        assert lines == ["(3, 7, 7, 0)", "(3,)", w, f"“{w}”"]

    def test_a_model_is_captured(self):
        code = (
            "import keras, seqviz\n"
            "layers = [keras.layers.Embedding(9, 2), keras.layers.LSTM(3, name='lstm')]\n"
            "trace = seqviz.capture(keras.Sequential(layers), [[2, 3, 4]])\n"
            "print(trace['lstm'].hidden_states.shape)\n"
        )
        assert run_without(("icu4py", "pandas", "streamlit", "pyarrow"), code) == ["(1, 3, 3)"]


def test_a_trace_is_loaded_and_drawn_without_keras_and_without_any_extra(tmp_path):
    Trace({"rnn": recurrent(3, 2)}).save(tmp_path / "trace.npz")
    lines = run_without(
        ("keras", *_EXTRAS, "pyarrow"),
        "import seqviz\n"
        "from seqviz.figures import plot_states\n"
        f"rnn = seqviz.load_trace({str(tmp_path / 'trace.npz')!r}).recurrent()\n"
        "print(len(plot_states(rnn, tokens=['I', 'am', 'w' * 50]).frames))\n"
        "print(said(rnn.to_frame))\n",
    )
    assert int(lines[0]) >= 3
    assert names_the_extra(lines[1], "pandas")


def test_the_app_without_streamlit():
    (line,) = run_without(("streamlit",), "print(said(__import__, 'seqviz.app.frame'))")
    assert names_the_extra(line, "app")


def test_it_can_be_caught_as_either():
    with pytest.raises(MissingExtraError) as caught, naming_extras():
        raise ModuleNotFoundError("No module named 'icu4py'", name="icu4py")
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, SeqvizError)
    assert caught.value.name == "icu4py"


def test_what_no_extra_brings_is_missing_as_always():
    with pytest.raises(ModuleNotFoundError, match="seqviz_nowhere"), naming_extras():
        import seqviz_nowhere  # noqa: F401


@pytest.mark.parametrize("module", _EXTRAS)
def test_the_extra_that_is_named_brings_the_module(module):
    extra, _ = _EXTRAS[module]
    assert any(re.match(module, requirement) for requirement in OPTIONAL[extra])


def test_all_that_is_imported_is_required():
    required = [*PROJECT["dependencies"], *(one for extra in OPTIONAL.values() for one in extra)]
    known = {re.split(r"[^\w-]", one)[0].replace("-", "_") for one in required}
    known |= {name.removesuffix("_py") for name in known}  # markdown-it-py
    # They come with Keras, Plotly and Streamlit; JAX is there where Keras runs on it.
    known |= {"jax", "ml_dtypes", "_plotly_utils", "starlette", "seqviz", *sys.stdlib_module_names}
    for path in sorted((ROOT / "seqviz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            else:
                imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in imported:
                assert name.partition(".")[0] in known, f"{path}: {name}"


def test_the_readme_has_each_extra():
    readme = (ROOT / "README.md").read_text("utf-8")
    for extra in OPTIONAL:
        assert f"| `{extra}` |" in readme
