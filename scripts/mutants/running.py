"""Tests, run in children of a process that has imported what takes long.

Importing Keras, TensorFlow and pytest takes seconds, a mutant's tests mostly less than one: so each
mutant gets a fork of a process in which all of it is loaded, but nothing of seqviz, and in which
TensorFlow has not computed anything yet (its threads would be missing in a fork).
"""

import ast
import gc
import importlib.abc
import importlib.util
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parent.parent.parent
_LOADED: Final = (
    *(
        "tensorflow",
        "keras",
        "numpy",
        "hypothesis",
        "pandas",
        "plotly.graph_objects",
        "_pytest.raises",
    ),
    *("icu4py.breakers", "concurrent.futures", "unittest.mock"),
)
_QUIET: Final = (
    *("-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-p", "no:rerunfailures", "-W", "ignore"),
)
_THREADS: Final = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
_CPU_SECONDS: Final = 20  # that the tests of a mutant may take beyond what they take without it …
_SLOWER: Final = 4  # … and beyond so many times that
_WAITING: Final = 10  # how many seconds may pass for one of the processor
_MEMORY: Final = 6 << 30  # bytes of addresses that a mutant may take on top

Line = tuple[str, int | None]


class Reach(NamedTuple):
    """What each test goes through.

    Attributes:
        tests: By (file, line of a statement): the tests that come there, the quickest first. By
            (file, None): those that go through anything of that file.
        seconds: Processor time of each test.
    """

    tests: Mapping[Line, list[str]]
    seconds: Mapping[str, float]


class Task(NamedTuple):
    """A changed module, and the tests to run on it."""

    file: str
    tree: Callable[[], ast.Module]
    tests: list[str]
    seconds: float  # that these tests take without the change


def load() -> None:
    """Import what every child needs, and nothing of seqviz."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # as the app does
    # Several processes run at once, on small arrays: more threads would only wait for each other.
    os.environ |= dict.fromkeys(_THREADS, "1")
    for name in _LOADED:
        importlib.import_module(name)
    _make_hypothesis_repeatable()
    gc.collect()
    gc.freeze()


def _make_hypothesis_repeatable() -> None:
    from hypothesis import Phase, settings

    settings.register_profile(
        "mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutants")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports some files of the project from a syntax tree, with a name or two of ours in it."""

    def __init__(self, trees: Mapping[str, ast.Module], names: Mapping[str, Any]) -> None:
        self._trees = {_module_of(file): (file, tree) for file, tree in trees.items()}
        self._names = names

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname not in self._trees:
            return None
        file = str(ROOT / self._trees[fullname][0])
        return importlib.util.spec_from_file_location(fullname, file, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        file, tree = self._trees[module.__name__]
        vars(module).update(self._names)
        exec(compile(tree, str(ROOT / file), "exec"), vars(module))


def _module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def find_reach(trees: Mapping[str, ast.Module], tests: Sequence[str], workers: int) -> Reach:
    """Run the tests once, in children, on modules that note what they go through.

    Args:
        trees: By file of the project, with notes in them.
        tests: Files, folders or single tests.
        workers: How many children.

    Raises:
        RuntimeError: A test fails: then no mutant can be judged.
    """
    fork = multiprocessing.get_context("fork")
    found = [found for test in tests for found in _files_of(test)]
    seen: dict[str, list[Line]] = {}
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        parts = [found[n::workers] for n in range(min(workers, len(found)))]
        notes = [Path(folder) / f"{n}.json" for n in range(len(parts))]
        children = [
            fork.Process(target=_note, args=(trees, part, path))
            for part, path in zip(parts, notes, strict=True)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        if any(child.exitcode for child in children):
            msg = "The tests fail without any change: run pytest on them first."
            raise RuntimeError(msg)
        for path in notes:
            seen_there, seconds_there = json.loads(path.read_text())
            seen.update(seen_there)
            seconds.update(seconds_there)
    reached = defaultdict(set)
    for test, lines in seen.items():
        for file, line in lines:
            reached[file, line].add(test)
            reached[file, None].add(test)
    return Reach({at: sorted(of, key=seconds.__getitem__) for at, of in reached.items()}, seconds)


def _files_of(test: str) -> list[str]:
    if not (ROOT / test).is_dir():
        return [test]
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / test).rglob("test_*.py"))


def _note(trees: Mapping[str, ast.Module], tests: Sequence[str], notes: Path) -> None:
    noting = _Noting()
    sys.meta_path.insert(0, _Changed(trees, {"__seen__": noting.see}))
    _be_quiet()
    status = pytest.main([*_QUIET, f"--basetemp={notes.with_suffix('')}", *tests], plugins=[noting])
    notes.write_text(json.dumps((noting.result(), noting.seconds)))
    os._exit(status)


class _Noting:
    """Keeps apart what each test goes through. What a fixture of several does is of all of them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._now: set[Line] = set()
        self._of_test: dict[str, set[Line]] = {}
        self._of_file: dict[str, set[Line]] = defaultdict(set)

    def see(self, line: Line) -> None:
        self._now.add(line)

    def result(self) -> dict[str, list[Line]]:
        return {
            test: sorted(seen | self._of_file[test.split("::")[0]])
            for test, seen in self._of_test.items()
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: Any) -> Generator[None, Any, Any]:
        self._now = self._of_file[collector.nodeid.split("::")[0]]
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, Any, Any]:
        before = self._now
        if fixturedef.scope != "function":
            self._now = self._of_file[request.node.nodeid.split("::")[0]]
        try:
            return (yield)
        finally:
            self._now = before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Generator[None, Any, Any]:
        self._now = self._of_test[item.nodeid] = set()
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - start


def run_all(tasks: Sequence[Task], workers: int, told: Callable[[int, int], None]) -> None:
    """Run all tasks, in several processes.

    Args:
        tasks: What to run.
        workers: How many processes.
        told: Called with the number of each task that is over, and how it ended: 0 if all of its
            tests passed.
    """
    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()
    processes = [
        fork.Process(target=_work, args=(tasks, range(n, len(tasks), workers), queue))
        for n in range(workers)
    ]
    for process in processes:
        process.start()
    for _ in tasks:
        told(*queue.get())
    for process in processes:
        process.join()


def _work(tasks: Sequence[Task], numbers: Sequence[int], queue: Any) -> None:
    _be_quiet()
    with tempfile.TemporaryDirectory() as folder:
        pytest.main(
            [*_QUIET, f"--basetemp={folder}/tmp"], plugins=[_Forking(tasks, numbers, queue)]
        )


class _Forking:
    """Goes no further in the session of pytest than its start; its children do, one for a file."""

    def __init__(self, tasks: Sequence[Task], numbers: Sequence[int], queue: Any) -> None:
        self._tasks, self._numbers, self._queue = tasks, numbers, queue
        self._order: dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: Any) -> bool | None:
        for number in self._numbers:
            task, status = self._tasks[number], 0
            # To collect the tests of a file takes as long as to run some of them.
            for tests in _by_file(task.tests):
                child = os.fork()
                if not child:
                    self._begin(task, tests, session.config)
                    return None
                status = os.waitpid(child, 0)[1]
                if status:
                    break
            self._queue.put((number, status))
        return True

    def _begin(self, task: Task, tests: list[str], config: Any) -> None:
        cpu = _CPU_SECONDS + int(_SLOWER * task.seconds)
        limit = resource.getrlimit(resource.RLIMIT_AS)[1]
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _MEMORY, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(_WAITING * cpu)
        sys.meta_path.insert(0, _Changed({task.file: task.tree()}, {}))
        self._order = {test: place for place, test in enumerate(tests)}
        config.args = [tests[0].split("::")[0]]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        kept = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(kept, key=lambda item: self._order[item.nodeid])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self._order:
            os._exit(exitstatus)


def _by_file(tests: Sequence[str]) -> list[list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        files[test.split("::")[0]].append(test)
    return list(files.values())


def _be_quiet() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
