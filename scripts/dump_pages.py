"""Write down all that the pages show in many states, and compare two such dumps.

    python scripts/dump_pages.py write before.json.gz
    python scripts/dump_pages.py compare before.json.gz after.json.gz

For changes after which nothing that a user sees may differ. A dump holds of every state each element
of the page as the browser gets it, and the text or a digest of each file that can be taken home.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.lessons import LARGEST
from seqviz.app.catalogue import LESSONS
from seqviz.app.misconceptions import MISCONCEPTIONS
from seqviz.ui.examples import examples_of
from seqviz.ui.player import player

ROOT = Path(__file__).parents[1]
FOLDS = ("numbers", "code", "take_home")
# Plotly's mark of a layout that changed, and names of this run's files and elements.
BY_CHANCE = re.compile(
    r'\\?"datarevision\\?": ?\\?"?[^,}]*|/media/\w+\.\w+|\$\$ID-\w+|deferred_file_id: "\w+"'
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def states() -> Iterator[tuple[str, dict[str, Any]]]:
    """Page and parameters."""
    yield "home", {}
    yield "misconceptions", {}
    for lesson in LESSONS:
        for setting in examples_of(lesson.key).values():
            yield lesson.key, dict(setting)
    for one in MISCONCEPTIONS:
        yield one.lesson.key, dict(one.state)
    yield from LARGEST


def shown(page: str, parameters: dict[str, Any]) -> list[str]:
    """Everything on the page, and its files."""
    files: dict[str, Any] = {}
    button = st.download_button

    def note(label: str, make: Any, *, file_name: str, **options: Any) -> bool:
        files[file_name] = make
        return button(label, make, file_name=file_name, **options)

    st.download_button = note
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if page != "home":
        at.switch_page(f"pages/{page}.py")
    for name, value in parameters.items():
        at.query_params[f"{page}_{name}"] = (
            str(value).lower() if isinstance(value, bool) else str(value)
        )
    for name in FOLDS:
        at.session_state[f"{page}_{name}"] = True
    at.run()
    st.download_button = button
    found = [
        f"{element.type}: {BY_CHANCE.sub('', str(getattr(element, 'proto', element)))}"
        for element in [*at.main, *at.sidebar]
    ]
    for name, make in files.items():
        if not name.endswith((".keras", ".npz")):  # which hold the time
            text = make() if callable(make) else make
            text = text if isinstance(text, str) else text.decode("utf-8", "replace")
            text = BY_CHANCE.sub("", text)
            found.append(f"{name}: {hashlib.sha256(text.encode()).hexdigest()} of {len(text)}")
    return found


def write(path: Path) -> None:
    """Dump all states."""
    player._DRAWING = player._SENDING = 0.0  # no browser draws
    warnings.simplefilter("ignore")
    begun = time.monotonic()
    dump = {}
    for page, parameters in states():
        st.cache_data.clear()
        st.cache_resource.clear()
        dump[f"{page} {json.dumps(parameters, ensure_ascii=False)}"] = shown(page, parameters)
    path.write_bytes(gzip.compress(json.dumps(dump).encode(), 1))
    print(f"{len(dump)} states in {time.monotonic() - begun:.0f} s")


def compare(before: Path, after: Path) -> int:
    """Print where two dumps differ; the number of states that do."""
    old, new = (json.loads(gzip.decompress(path.read_bytes())) for path in (before, after))
    differ = 0
    for state in sorted(old.keys() | new.keys()):
        one, other = old.get(state, []), new.get(state, [])
        if one == other:
            continue
        differ += 1
        print(f"--- {state[:150]}: {len(one)} and {len(other)} elements")
        for a, b in zip(one, other, strict=False):
            if a != b:
                at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
                print(f"  {a.split(':')[0]} at {at}:")
                print(
                    f"    {a[max(0, at - 60) : at + 100]!r}\n    {b[max(0, at - 60) : at + 100]!r}"
                )
    print(f"{differ} of {len(old.keys() | new.keys())} states differ")
    return differ


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write").add_argument("path", type=Path)
    two = commands.add_parser("compare")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    chosen = parser.parse_args()
    if chosen.command == "write":
        write(chosen.path)
    else:
        sys.exit(compare(chosen.before, chosen.after) > 0)
