"""What a type checker outside knows of seqviz: README's example, and what a trace gives."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from seqviz import SeqvizError
from seqviz.trace import EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
from tests import ROOT
from tests.unit.samples import embedding, recurrent

WHOLE = Trace({"embedding": embedding(), "lstm": recurrent(3)})
TWO = Trace({"gru": recurrent(3, cell="GRU"), "lstm": recurrent(3)})
CLOSED = Trace({"half": LayerTrace(0, 0, "half", "LSTM")})

TYPED = """\
import numpy as np
import numpy.typing as npt
import seqviz

def read(trace: seqviz.Trace) -> npt.NDArray[np.floating]:
    lstm: seqviz.RecurrentTrace = trace.recurrent("lstm")
    embedding: seqviz.EmbeddingTrace = trace.embedding()
    step: seqviz.GradientStep
    key: str = next(iter(trace))
    forget: npt.NDArray[np.floating] = lstm.gates["forget"]
    return embedding.weights + forget + lstm.hidden_states
"""
WRONG = """\
import seqviz

def read(trace: seqviz.Trace) -> None:
    trace.lstm
    trace.recurrent().hidden
    trace.recurrent(0)
    lookup: int = trace.embedding()
"""


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    """Run mypy on a text where seqviz is one package of the environment among others."""
    folder = tmp_path_factory.mktemp("outside")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--symlinks", folder / "env"], check=True
    )
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    here = [str(ROOT), sysconfig.get_path("purelib")]
    (packages / "here.pth").write_text("\n".join(here), "utf-8")

    def run(text: str) -> str:
        (folder / "mine.py").write_text(text, "utf-8")
        command = ["-m", "mypy", "--strict", "--cache-dir", folder / "cache", "mine.py"]
        python = ["--python-executable", folder / "env" / "bin" / "python"]
        done = subprocess.run(
            [sys.executable, *command, *python],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_the_examples_of_the_readme_are_typed(mypy):
    readme = (ROOT / "README.md").read_text("utf-8")
    code = "".join(re.findall(r"```python\n(.*?)```", readme, re.DOTALL))
    # Keras itself brings no types.
    code = code.replace("import keras\n", "import keras  # type: ignore[import-untyped]\n")
    assert "Success: no issues found" in mypy(code)


def test_records_are_typed(mypy):
    assert "Success: no issues found" in mypy(TYPED)


def test_what_is_not_there_is_found(mypy):
    told = mypy(WRONG)
    assert re.findall(r"mine\.py:(\d+): error", told) == ["4", "5", "6", "7"]


def test_the_marker_of_types_is_in_the_wheel():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    packed = {
        Path(path).name
        for pattern in setuptools["package-data"]["seqviz"]
        for path in (ROOT / "seqviz").glob(pattern)
    }
    assert packed == {"__init__.pyi", "py.typed"}


@pytest.mark.parametrize("name", ["lstm", None])
def test_the_recurrent_record(name):
    assert WHOLE.recurrent(name) is WHOLE["lstm"]
    assert isinstance(WHOLE.recurrent(name), RecurrentTrace)


@pytest.mark.parametrize("name", ["embedding", None])
def test_the_record_of_the_embedding(name):
    assert WHOLE.embedding(name) is WHOLE["embedding"]
    assert isinstance(WHOLE.embedding(name), EmbeddingTrace)


def test_the_second_spelling_of_a_key_is_one_too():
    trace = Trace({"encoder/gru#2": recurrent(3)}, aliases={"encoder#2/gru": "encoder/gru#2"})
    assert trace.recurrent("encoder#2/gru") is trace["encoder/gru#2"]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: WHOLE.recurrent("gru"), r"'gru': the layers of this trace are \['embedding', "),
        (lambda: WHOLE.recurrent("embedding"), r"EmbeddingTrace .*RecurrentTrace.*\['lstm'\]"),
        (lambda: WHOLE.embedding("lstm"), r"RecurrentTrace .*EmbeddingTrace.*\['embedding'\]"),
        (lambda: TWO.recurrent(), r"has 2 records .*\['gru', 'lstm'\].*trace\['gru'\]"),
        (lambda: TWO.embedding(), r"has no record of the kind EmbeddingTrace"),
        (lambda: Trace({}).recurrent(), r"has no record of the kind RecurrentTrace"),
        (lambda: CLOSED.recurrent("half"), r"run by Keras as a whole.*dtype='float32'"),
        (lambda: CLOSED.recurrent(), r"run by Keras as a whole.*dtype='float32'"),
    ],
)
def test_the_error_names_the_records_there_are(ask, says):
    with pytest.raises(SeqvizError, match=says):
        ask()


def test_a_wrong_name_is_a_key_error_too():
    with pytest.raises(KeyError):
        WHOLE.recurrent("gru")
