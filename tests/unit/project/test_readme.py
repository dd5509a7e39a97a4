"""What the README says can be run as it stands."""

import re

import plotly.graph_objects as go

from tests import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_library_example_runs_and_prints_what_it_says(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    code, words = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    namespace: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), namespace)
    shapes, difference = capsys.readouterr().out.splitlines()
    assert f"# {shapes}\n" in code
    assert float(difference) < 1e-6
    assert len(shown) == 1
    exec(compile(words, "README.md", "exec"), namespace)
    for line in capsys.readouterr().out.splitlines():
        assert f"  # {line}\n" in words
    assert namespace["files"].metadata == "row 0\nthe\ncat\nrow 3\nmat\n"


def test_the_commands_and_pictures_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"(?:docs|scripts|tests|benchmarks)/[\w./-]+", README):
        assert (ROOT / path).exists(), path
