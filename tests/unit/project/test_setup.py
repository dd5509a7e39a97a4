"""What `make run` and `make test` rest on: the requirements and the search for a browser."""

import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import ROOT
from tests.browser import chromium


@pytest.fixture(autouse=True)
def _forget_the_browser():
    chromium.chromium_path.cache_clear()
    yield
    chromium.chromium_path.cache_clear()


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """No browser anywhere; returns the only folder on the PATH."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: None)
    return tmp_path


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_requirements_are_all_that_pyproject_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    # An extra may take in others.
    own = [one for extra in extras.values() for one in extra if not one.startswith("seqviz[")]
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert sorted(line for line in lines if not line.startswith("#")) == sorted(
        project["dependencies"] + own
    )


def test_each_minor_version_of_keras_that_is_taken_is_tested_by_ci_and_named_in_the_readme():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (keras,) = [one for one in project["dependencies"] if one.startswith("keras")]
    first, end = map(int, re.fullmatch(r"keras>=3\.(\d+),<3\.(\d+)", keras).groups())
    minors = [f"3.{minor}" for minor in range(first, end)]
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yaml").read_text("utf-8"))
    tested = workflow["jobs"]["keras"]["strategy"]["matrix"]["include"]
    assert [one["keras"] for one in tested] == minors
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"Keras may be {', '.join(minors[:-1])} or {minors[-1]}" in readme


def test_requirements_on_jax_are_the_same_but_for_the_backend():
    names = ("requirements.txt", "requirements-dev.txt", "requirements-jax.txt")
    app, dev, jax = ((ROOT / name).read_text().splitlines() for name in names)
    lines = {line for line in jax if not line.startswith("#")}
    assert lines - {*app, *dev} == {"jax>=0.10,<0.11"}
    assert not any(line.startswith("tensorflow") for line in lines)
    # What pyproject.toml says to a plugin of pytest ends the run where that plugin is not there.
    plugins = {line for line in dev if line.startswith("pytest-")}
    assert plugins - lines == {"pytest-rerunfailures~=16.7"}


class TestChromium:
    def test_the_named_one_comes_first(self, bare_machine, monkeypatch):
        program(bare_machine, "chromium", "exit 0")
        named = program(bare_machine, "mine", "exit 0")
        monkeypatch.setenv("CHROMIUM", named)
        assert chromium.chromium_path() == named

    def test_a_named_one_that_fails_is_not_replaced(self, bare_machine, monkeypatch):
        program(bare_machine, "chromium", "exit 0")
        monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
        with pytest.raises(
            chromium.NoChromiumError, match="CHROMIUM=/nowhere/chrome does not start"
        ):
            chromium.install()

    def test_a_stub_is_passed_over(self, bare_machine):
        program(bare_machine, "chromium-browser", "echo install the snap >&2; exit 1")
        chrome = program(bare_machine, "google-chrome", "exit 0")
        assert chromium.chromium_path() == chrome

    def test_playwrights_own_comes_last(self, bare_machine, monkeypatch):
        own = program(bare_machine, "own", "exit 0")
        monkeypatch.setattr(chromium, "_playwrights_own", lambda: own)
        assert chromium.chromium_path() == own

    def test_none_is_said(self, bare_machine):
        with pytest.raises(chromium.NoChromiumError, match="make chromium"):
            chromium.chromium_path()

    @pytest.mark.parametrize(("root", "sudo"), [(True, []), (False, ["sudo", "--non-interactive"])])
    def test_installing_tries_playwright_then_the_distribution(
        self, bare_machine, monkeypatch, root, sudo
    ):
        tried = []

        def run(command):
            tried.append(command)
            if command[-1] == "chromium" and "apt-get" in command:
                program(bare_machine, "chromium", "exit 0")
            return True

        program(bare_machine, "apt-get", "exit 0")
        program(bare_machine, "sudo", "exit 0")
        monkeypatch.setattr(chromium, "_run", run)
        monkeypatch.setattr(chromium, "_is_root", lambda: root)
        assert chromium.install() == str(bare_machine / "chromium")
        assert tried[0][-3:] == ["install", "--no-shell", "chromium"]
        assert tried[-1][: len(sudo)] == sudo
        assert tried[-1][-3:] == ["install", "--no-install-recommends", "chromium"]

    def test_without_rights_nothing_is_installed_and_it_says_what_to_do(
        self, bare_machine, monkeypatch
    ):
        program(bare_machine, "apt-get", "exit 0")
        monkeypatch.setattr(chromium, "_run", lambda command: False)
        monkeypatch.setattr(chromium, "_is_root", lambda: False)
        with pytest.raises(chromium.NoChromiumError, match="Install Chromium or Chrome yourself"):
            chromium.install()


class TestVenvScript:
    def run(self, folder, **environment):
        """Run the script with nothing but `folder` (and sh) on the PATH."""
        return subprocess.run(
            ["/bin/sh", ROOT / "scripts/venv.sh", folder / "env", "requirements.txt"],
            env={"PATH": str(folder), "HOME": str(folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_no_python(self, tmp_path):
        program(tmp_path, "python3.12", "echo pyenv: command not found >&2; exit 127")
        done = self.run(tmp_path)
        assert done.returncode != 0
        assert "No Python 3.11, 3.12 or 3.13 found" in done.stderr

    def test_a_python_without_venv(self, tmp_path):
        program(tmp_path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
        done = self.run(tmp_path)
        assert done.returncode != 0
        assert "apt-get install python3-venv" in done.stderr

    def test_a_named_python_that_fails(self, tmp_path):
        done = self.run(tmp_path, PYTHON="/nowhere/python")
        assert done.returncode != 0
        assert "PYTHON=/nowhere/python does not run" in done.stderr

    def test_the_first_that_runs_is_taken(self, tmp_path):
        program(tmp_path, "python3.12", "exit 127")
        # Stands in for Python: says what it was asked to make.
        program(tmp_path, "python3.13", 'if [ "$2" = venv ]; then echo "asked: $*"; exit 3; fi')
        done = self.run(tmp_path)
        assert done.returncode == 3
        assert done.stdout.strip() == f"asked: -m venv {tmp_path / 'env'}"
