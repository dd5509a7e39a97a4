"""How long a server that has just been started keeps its first student waiting."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.chromium import browser_page, wait_for_picture
from benchmarks.report import Result
from benchmarks.server import healthy_server
from benchmarks.student import Student

_ROUNDS = 3


def measure() -> Iterator[Result]:
    """Start a server, open a page in a Chromium that is already there, wait for its picture.

    Compared with `import keras` in a process of its own, taken in turns with the starts. The home
    page must not wait for that import: its very first run, from a websocket on a server just
    started, has to be over in less time than the import alone takes.
    """
    _import_keras()  # so that its files come from memory in all rounds
    imports, answers, lessons, homes, runs = [], [], [], [], []
    for _ in range(_ROUNDS):
        imports.append(_import_keras())
        answer, lesson = _first_picture("recurrent?recurrent_ask=none", "recurrent")
        answers.append(answer)
        lessons.append(lesson)
        homes.append(_first_picture("", "home")[1])
        runs.append(_first_home_run())
    keras = statistics.median(imports)
    yield Result('python -c "import keras"', keras, None, "s")
    yield Result("server start to its first answer", statistics.median(answers), None, "s")
    lesson = statistics.median(lessons)
    yield Result("server start to first lesson picture", lesson, 1.6 * keras + 2, "s")
    yield Result("server start to home picture", statistics.median(homes), None, "s")
    ratio = statistics.median(runs) / keras
    yield Result("first run of the home page / import keras", ratio, 1)


def _import_keras() -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import keras"], check=True, capture_output=True)
    return time.monotonic() - begun


def _first_picture(path: str, name: str) -> tuple[float, float]:
    """Seconds from the start of the server to its first answer, and to the picture of a page."""
    with browser_page() as page, healthy_server() as server:
        answer = time.monotonic() - server.started
        page.goto(f"{server.url}{path}")
        wait_for_picture(page, name)
        return answer, time.monotonic() - server.started


def _first_home_run() -> float:
    async def run(socket_url: str) -> float:
        async with Student(socket_url, "") as student:
            return (await student.open()).seconds

    with healthy_server() as server:
        return asyncio.run(run(server.socket_url))
