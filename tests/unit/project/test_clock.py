"""A server's clock may jump: nothing that waits or measures may read it."""

import ast
import time

from streamlit.runtime.caching import cache_utils

from tests import ROOT

JUMPING = {
    ("time", "time"),
    ("time", "time_ns"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
}
# What several servers must agree on, and what outlives them. Nothing waits for it: a jump shows who is
# here wrongly for half a minute, or closes a room at another hour.
AGREED = {ROOT / "seqviz/classroom/rooms.py"}


def test_nothing_reads_a_clock_that_can_be_set():
    read = []
    paths = [ROOT / "app.py", *(p for d in ("seqviz", "pages") for p in (ROOT / d).rglob("*.py"))]
    assert set(paths) >= AGREED
    for path in set(paths) - AGREED:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                read += [f"{path}:{node.lineno}" for a in node.names if a.name.startswith("time")]
            if isinstance(node, ast.Attribute):
                owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
                if (owner, node.attr) in JUMPING:
                    read.append(f"{path}:{node.lineno}")
    assert len(paths) > 100
    assert not read


def test_streamlit_ages_its_caches_by_a_clock_that_cannot_be_set():
    assert cache_utils.TTLCACHE_TIMER is time.monotonic
