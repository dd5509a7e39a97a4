"""Importing seqviz is light, and its names appear when they are used."""

import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "streamlit", "plotly")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "statement",
    ["import seqviz", "import seqviz.trace, seqviz.cells", "from seqviz import ModelConfig, Trace"],
)
def test_loads_nothing_heavy(statement):
    code = f"import sys; {statement}; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert run(code) == "[]"


def test_environment_is_set_before_tensorflow_and_can_be_overruled():
    code = (
        "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '1'; import seqviz;"
        "print(os.environ['TF_ENABLE_ONEDNN_OPTS'], os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    )
    assert run(code) == "0 1"


def test_every_public_name_can_be_fetched_again_and_again():
    import seqviz

    for name in seqviz.__all__:
        assert getattr(seqviz, name) is getattr(seqviz, name)
        assert name in dir(seqviz)
    # A submodule of the same name would take the function's place once it is imported.
    assert callable(seqviz.capture)
    assert callable(seqviz.verify)
    assert seqviz.__version__


def test_unknown_name_is_an_attribute_error():
    import seqviz

    with pytest.raises(AttributeError, match="No seqviz attribute captuer"):
        _ = seqviz.captuer


def test_a_page_loads_no_database_until_a_room_is_asked_for():
    code = (
        "import sys, seqviz.app.frame;"
        "print([m for m in ('sqlalchemy', 'alembic', 'psycopg') if m in sys.modules])"
    )
    assert run(code).splitlines()[-1] == "[]"
