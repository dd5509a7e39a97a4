"""How many small changes to the numeric core make a test fail: `make mutants`.

    python -m scripts.mutants                          all of it, which takes an hour or two
    python -m scripts.mutants --share 0.1 --seed 3     a tenth, chosen by a seed
    python -m scripts.mutants --only cells             one part, or one file
    python -m scripts.mutants --only seqviz/cells.py:104 --tests tests/unit/test_cells.py
    python -m scripts.mutants --equivalents            those that are said to change nothing

Each change is made alone, and those unit tests run that come by it, the quickest first, until one
fails, or until they have taken `--seconds`. What no test can see stands in `equivalents.toml`. The
exit code is 0 if at least 95 % of the others are found out.
"""

import argparse
import ast
import random
import sys
from typing import Final, NamedTuple

from scripts.mutants.changes import changes
from scripts.mutants.equivalents import FILE, read_equivalents, unmatched
from scripts.mutants.instrument import noted_lines, with_notes
from scripts.mutants.running import ROOT, Line, Reach, Task, find_reach, load, run_all

WANTED: Final = 0.95
_WORKERS: Final = 2


class Part(NamedTuple):
    """Some modules, and where their tests are."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _files(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"seqviz/{folder}{name}.py" for name in names)


PARTS: Final = {
    "cells": Part(_files("", "cells"), ("tests/unit/test_cells.py", "tests/unit/tracing")),
    "replay": Part(
        _files("tracing/", "arrays", "products", "loop", "replay", "records"),
        ("tests/unit/tracing",),
    ),
    "capture": Part(
        _files(
            *("tracing/", "capture", "one_pass", "initial_states", "intercept"),
            *("selection", "time_distributed"),
        ),
        ("tests/unit/tracing",),
    ),
    "gradients": Part(_files("lessons/gradients/", "compute"), ("tests/unit/lessons/gradients",)),
    "vectors": Part(
        _files(
            *("vectors/", "decoding", "fill_embedding", "given", "load", "neighbours"),
            *("projection", "projector", "record", "text_lines"),
        ),
        ("tests/unit/vectors", "tests/unit/lessons/pretrained/test_compute.py"),
    ),
    "vocabulary": Part(
        _files("", "segmentation", "vocabulary", "word_list"),
        ("tests/unit/test_vocabulary.py", "tests/unit/test_word_list.py"),
    ),
}


class Mutant(NamedTuple):
    """A change to a file."""

    file: str
    number: int  # among the changes to the file
    line: int
    within: str  # a function
    change: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is called in the list of equivalents."""
        return self.file, self.within, self.change


def mutants_of(file: str) -> list[Mutant]:
    """All mutants of a file of the project."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return [
        Mutant(file, number, change.line, change.within, change.what)
        for number, change in enumerate(changes(tree))
    ]


def mutated(mutant: Mutant) -> ast.Module:
    """The syntax tree of the file with the change in it."""
    tree = ast.parse((ROOT / mutant.file).read_text("utf-8"))
    changes(tree)[mutant.number].apply()
    return ast.fix_missing_locations(tree)


def check(chosen: list[Mutant], tests: list[str], seconds: float) -> list[bool]:
    """Whether the tests find each mutant out."""
    files = sorted({mutant.file for mutant in chosen})
    sources = {file: (ROOT / file).read_text("utf-8") for file in files}
    load()
    print(f"What comes by where? One run of {' '.join(tests)} …", flush=True)
    reach = find_reach(
        {f: with_notes(ast.parse(s), f) for f, s in sources.items()}, tests, _WORKERS
    )
    noted = {file: noted_lines(ast.parse(source)) for file, source in sources.items()}
    # The first is no change at all, and has to pass.
    tasks = [
        _unchanged(files[0], reach),
        *(_task(mutant, reach, noted, seconds) for mutant in chosen),
    ]
    order = [n for n, task in enumerate(tasks) if task.tests]
    found = [False] * len(tasks)

    def told(n: int, status: int) -> None:
        found[order[n]] = status != 0
        if status == 0 and order[n]:
            print(_shown(chosen[order[n] - 1]), flush=True)

    print(f"Of {len(chosen):,} mutants these are not found out:", flush=True)
    for mutant, task in zip(chosen, tasks[1:], strict=True):
        if not task.tests:
            print(f"{_shown(mutant)}    (no test comes by)", flush=True)
    run_all([tasks[n] for n in order], _WORKERS, told)
    if found[0]:
        msg = f"The tests of {files[0]} fail without a change, after a fork."
        raise RuntimeError(msg)
    return found[1:]


def _unchanged(file: str, reach: Reach) -> Task:
    tests, seconds = _quickest(reach, (file, None), 1)
    return Task(file, lambda: ast.parse((ROOT / file).read_text("utf-8")), tests, seconds)


def _task(
    mutant: Mutant, reach: Reach, noted: dict[str, dict[int, int | None]], most: float
) -> Task:
    tests, seconds = _quickest(reach, (mutant.file, noted[mutant.file][mutant.line]), most)
    return Task(mutant.file, lambda: mutated(mutant), tests, seconds)


def _quickest(reach: Reach, at: Line, most: float) -> tuple[list[str], float]:
    """The quickest tests that come somewhere, as many as fit into a time; and their time."""
    tests, seconds = [], 0.0
    for test in reach.tests.get(at, []):
        seconds += reach.seconds[test]
        if tests and seconds > most:
            break
        tests.append(test)
    return tests, seconds


def main() -> int:
    """Read the arguments, run, and print what survived."""
    arguments, parser = _arguments()
    files, tests = _wanted(arguments.only)
    if not files:
        parser.error(f"--only must be one of {', '.join(PARTS)}, or a file of these")
    entries = read_equivalents()
    everything = [m.key for part in PARTS.values() for f in part.files for m in mutants_of(f)]
    gone = unmatched(entries, everything)
    for file, within, change in gone:
        print(f"{FILE.name}: {file} has no such mutant in {within or 'itself'}: {change}")
    if gone:
        return 2
    equivalent = {(e.file, e.within, change) for e in entries for change in e.changes}
    chosen = [
        mutant
        for file in files
        for mutant in _sample(file, arguments)
        if (mutant.key in equivalent) == arguments.equivalents
    ]
    if not chosen:
        print("There is nothing to change there.")
        return 0
    found = check(chosen, arguments.tests or tests, arguments.seconds)
    if arguments.equivalents:
        for mutant in (m for m, ok in zip(chosen, found, strict=True) if ok):
            print(f"A test finds this out, so it is not equivalent:\n{_shown(mutant)}")
        return int(any(found))
    for file in files:
        of_file = [ok for mutant, ok in zip(chosen, found, strict=True) if mutant.file == file]
        print(f"{file}: {_killed(of_file)}")
    print(f"in all: {_killed(found)}; {len(equivalent):,} are listed as equivalent")
    return 0 if sum(found) >= WANTED * len(found) else 1


def _arguments() -> tuple[argparse.Namespace, argparse.ArgumentParser]:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = f"{', '.join(PARTS)}, a file of these, or a line of it"
    parser.add_argument("--only", action="append", metavar="PART", help=names)
    parser.add_argument("--share", type=float, default=1.0, help="of the mutants, from 0 to 1")
    parser.add_argument("--limit", type=int, help="at most so many mutants of each file")
    parser.add_argument("--seed", type=int, default=0, help="which ones, where not all are run")
    parser.add_argument(
        "--seconds", type=float, default=10, help="of tests that a mutant may survive (default 10)"
    )
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="run these tests only")
    parser.add_argument(
        "--equivalents",
        action="store_true",
        help="run those that are listed as equivalent instead: none may be found out",
    )
    return parser.parse_args(), parser


def _wanted(only: list[str] | None) -> tuple[list[str], list[str]]:
    """Files to change, and where their tests are."""
    files: list[str] = []
    tests: dict[str, None] = {}
    for name, part in PARTS.items():
        asked = {ask.split(":")[0] for ask in only or [name]}
        chosen = [file for file in part.files if {name, file} & asked]
        files += chosen
        tests.update(dict.fromkeys(part.tests if chosen else ()))
    return files, list(tests)


def _sample(file: str, arguments: argparse.Namespace) -> list[Mutant]:
    """The mutants of a file that are asked for, in the order of its text."""
    asked = [ask.removeprefix(f"{file}:") for ask in arguments.only or ()]
    lines = {int(ask) for ask in asked if ask.isdigit()}
    mutants = [m for m in mutants_of(file) if not lines or m.line in lines]
    count = round(arguments.share * len(mutants))
    count = count if arguments.limit is None else min(count, arguments.limit)
    return sorted(random.Random(f"{arguments.seed} {file}").sample(mutants, count))


def _shown(mutant: Mutant) -> str:
    return f"  {mutant.file}:{mutant.line} ({mutant.within})\n    {mutant.change}"


def _killed(found: list[bool]) -> str:
    share = f" ({100 * sum(found) / len(found):.1f} %)" if found else ""
    return f"{sum(found):,} of {len(found):,} killed{share}"


if __name__ == "__main__":
    sys.exit(main())
