"""What one step of a control costs the server, beside Keras's eager call of a small model."""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import AsyncExitStack

from benchmarks.eager import TIMESTEPS, EagerCall
from benchmarks.lessons import CONTROLS, SLIDERS, UNSEEDED
from benchmarks.report import Case, Result
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_ROUNDS = 4
_STEPS, _FEW_STEPS = 6, 3  # a round; the second for the pages beyond the main job
_CALLS = 3  # of Keras, before each page of each round
_SETTLE = 0.15  # seconds for what Streamlit does after a run: collecting garbage, mostly
_NEW, _KNOWN = 0.3, 0.12  # of the eager call


def measure() -> Iterator[Result | Case]:
    """Move a control by one stop, near its default, and read the server's processor clock.

    Everything the process did counts, on all threads, until shortly after the run. Each new step
    shows numbers never shown before, since before it the seed is changed (not counted): nothing
    comes from a cache. Known are steps between two settings that are in the caches.

    The pages take turns, in several rounds, and before each of them Keras calls LSTM → GRU →
    SimpleRNN on a sentence eagerly, in this process: whatever else the machine does falls on all.
    Both are told by their processor time.
    """
    eager = EagerCall()
    eager.time(_CALLS)  # first TensorFlow is imported, which takes seconds
    with healthy_server() as server:
        walks = asyncio.run(_walk(server, eager))
    seconds, cpu = (statistics.median(times) for times in zip(*eager.taken, strict=True))
    name = f"eager model(x), three layers, T={TIMESTEPS}"
    yield Result(f"{name}, median", seconds * 1e3, None, "ms")
    yield Result(f"{name}, median CPU", cpu * 1e3, None, "ms")
    for walk in walks:
        new, known = statistics.median(walk.new), statistics.median(walk.known)
        yield Case(
            f"{walk.page} page, one step: new {new * 1e3:.1f} ms CPU, known {known * 1e3:.1f} ms",
            (Result("new ×", new / cpu, _NEW), Result("known ×", known / cpu, _KNOWN)),
        )


async def _walk(server: Server, eager: EagerCall) -> list["_Walk"]:
    async with AsyncExitStack() as pages:
        walks = []
        for page, control in CONTROLS.items():
            student = await pages.enter_async_context(Student(server.socket_url, page))
            await student.open()
            await student.unfold(control)
            walks.append(_Walk(server, student, control))
        for _ in range(_ROUNDS):
            for walk in walks:
                await asyncio.to_thread(eager.time, _CALLS)  # the sockets must be answered
                await walk.go(_STEPS if walk.page in SLIDERS else _FEW_STEPS)
    return walks


class _Walk:
    """Steps of one control.

    Attributes:
        page: Where it is.
        new: Processor seconds of steps to settings never shown before.
        known: The same of steps to settings shown just before.
    """

    def __init__(self, server: Server, student: Student, control: str) -> None:
        self.page = student.page
        self.new: list[float] = []
        self.known: list[float] = []
        self._server, self._student, self._control = server, student, control
        self._stops = student.stops(control)
        self._default = self._stops.index(student.value(control))
        self._pictures: set[tuple[str, ...]] = set()

    async def go(self, steps: int) -> None:
        """Make as many steps of each kind."""
        for _ in range(steps):
            seconds, pictures = await self._step(await self._go_to_new())
            self.new.append(seconds)
            self._pictures.add(pictures)
        if len(self._pictures) != len(self.new):
            raise RuntimeError(f"Steps of {self._control} were meant to show a new picture each.")
        beside = self._stops[self._default - 1], self._stops[self._default + 1]
        for value in beside:
            await self._step(value)
        for i in range(steps):
            self.known.append((await self._step(beside[i % 2]))[0])

    async def _go_to_new(self) -> str:
        """A stop that shows what was never shown; beside it, the control is moved."""
        number = len(self.new) + 1
        if self.page in UNSEEDED:  # those beside the default are shown as known ones
            stops = [*self._stops[self._default + 2 :], *self._stops[: self._default - 1]]
            return stops[number - 1]
        seed = {f"{self.page}_seed": number, self._control: self._stops[self._default]}
        await self._student.follow(**seed)
        return self._stops[self._default + (1 if number % 2 else -1)]

    async def _step(self, value: str) -> tuple[float, tuple[str, ...]]:
        """Processor seconds of one step, and the pictures that it showed."""
        await asyncio.sleep(_SETTLE)
        begun = self._server.cpu_seconds()
        run = await self._student.move(self._control, value)
        await asyncio.sleep(_SETTLE)
        if run.exceptions or not run.charts:
            raise RuntimeError(f"The {self.page} page shows no picture. {run.exceptions}")
        return self._server.cpu_seconds() - begun, tuple(run.charts)
