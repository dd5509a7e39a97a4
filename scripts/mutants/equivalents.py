"""The changes that no test can see, each with the reason, in `equivalents.toml`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "equivalents.toml"


@dataclass(frozen=True)
class Equivalent:
    """Some changes to one function that leave what it does as it is.

    Attributes:
        file: Of the project, as ``"seqviz/cells.py"``.
        within: The function, as `Change.within` says it.
        changes: As `Change.what` says them.
        reason: Why nothing can tell them from the original.
    """

    file: str
    within: str
    changes: tuple[str, ...]
    reason: str


def read_equivalents(path: Path = FILE) -> list[Equivalent]:
    """What the file says.

    Raises:
        ValueError: An entry is not whole.
    """
    entries = []
    for file, listed in tomllib.loads(path.read_text("utf-8")).items():
        for entry in listed:
            if set(entry) != {"in", "changes", "reason"} or not entry["changes"]:
                msg = f"{path.name}: an entry of {file} needs in, changes and reason: {entry}"
                raise ValueError(msg)
            changes = tuple(entry["changes"])
            entries.append(Equivalent(file, entry["in"], changes, entry["reason"]))
    return entries


def unmatched(
    entries: Iterable[Equivalent], mutants: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """What is listed, but is no mutant: the file, the function and the change, of both."""
    there = set(mutants)
    listed = [(e.file, e.within, change) for e in entries for change in e.changes]
    return [key for key in listed if key not in there]
