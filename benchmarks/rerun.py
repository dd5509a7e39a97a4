"""What one step of a slider costs the server."""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import AsyncExitStack

from benchmarks.lessons import MORE_SLIDERS, SLIDERS
from benchmarks.report import Result
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_ROUNDS = 4
_STEPS, _FEW_STEPS = 10, 3  # a round; the second for the pages beyond the main job
_SETTLE = 0.15  # seconds for what Streamlit does after a run: collecting garbage, mostly


def measure() -> Iterator[Result]:
    """Move a slider by one stop, near its default, and read the server's processor clock.

    Everything the process did counts, on all threads, until shortly after the run. Each step
    shows numbers never shown before, since before it the seed is changed (not counted): nothing
    comes from a cache. For comparison, steps between two settings that are in the caches.

    The pages take turns, in several rounds, so that a minute in which the machine is slow is a part
    of each page's steps and not all of one's.
    """
    with healthy_server() as server:
        walks = asyncio.run(_walk(server, SLIDERS | MORE_SLIDERS))
    for walk in walks:
        name = f"{walk.page} page, one"
        new, known = statistics.median(walk.new), statistics.median(walk.known)
        yield Result(f"{name} slider step, median CPU", new * 1e3, 60, "ms")
        yield Result(f"{name} known slider step", known * 1e3, None, "ms")


async def _walk(server: Server, sliders: dict[str, str]) -> list["_Walk"]:
    async with AsyncExitStack() as pages:
        walks = []
        for page, slider in sliders.items():
            student = await pages.enter_async_context(Student(server.socket_url, page))
            await student.open()
            walks.append(_Walk(server, student, slider))
        for _ in range(_ROUNDS):
            for walk in walks:
                await walk.go(_STEPS if walk.page in SLIDERS else _FEW_STEPS)
    return walks


class _Walk:
    """Steps of one slider to and fro beside its default.

    Attributes:
        page: Where the slider is.
        new: Processor seconds of steps to settings never shown before.
        known: The same of steps to settings shown just before.
    """

    def __init__(self, server: Server, student: Student, slider: str) -> None:
        self.page = student.page
        self.new: list[float] = []
        self.known: list[float] = []
        self._server, self._student, self._slider = server, student, slider
        stops = student.stops(slider)
        default = stops.index(student.value(slider))
        self._default = stops[default]
        self._beside = stops[default - 1], stops[default + 1]
        self._pictures: set[str] = set()

    async def go(self, steps: int) -> None:
        """Make as many steps of each kind."""
        for _ in range(steps):
            seed = len(self.new) + 1
            await self._student.follow(**{f"{self.page}_seed": seed, self._slider: self._default})
            seconds, picture = await self._step(self._beside[seed % 2])
            self.new.append(seconds)
            self._pictures.add(picture)
        if len(self._pictures) != len(self.new):
            raise RuntimeError("The steps were meant to show a new picture each.")
        for value in self._beside:
            await self._step(value)
        for i in range(steps):
            self.known.append((await self._step(self._beside[i % 2]))[0])

    async def _step(self, value: str) -> tuple[float, str]:
        """Processor seconds of one step, and the picture that it showed."""
        await asyncio.sleep(_SETTLE)
        begun = self._server.cpu_seconds()
        run = await self._student.move(self._slider, value)
        await asyncio.sleep(_SETTLE)
        if run.exceptions or not run.charts:
            raise RuntimeError(f"The {self.page} page shows no picture. {run.exceptions}")
        return self._server.cpu_seconds() - begun, run.charts[0]
