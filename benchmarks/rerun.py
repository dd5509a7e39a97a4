"""What one step of a slider costs the server."""

import asyncio
import statistics
from collections.abc import Iterator

from benchmarks.lessons import MORE_SLIDERS, SLIDERS
from benchmarks.report import Result
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_STEPS, _FEW_STEPS = 40, 12  # the second for the pages beyond the main job
_SETTLE = 0.15  # seconds for what Streamlit does after a run: collecting garbage, mostly


def measure() -> Iterator[Result]:
    """Move a slider by one stop, near its default, and read the server's processor clock.

    Everything the process did counts, on all threads, until shortly after the run. Each step
    shows numbers never shown before, since before it the seed is changed (not counted): nothing
    comes from a cache. For comparison, steps between two settings that are in the caches.
    """
    with healthy_server() as server:
        for page, slider in (SLIDERS | MORE_SLIDERS).items():
            new, known = asyncio.run(
                _steps(server, page, slider, _STEPS if page in SLIDERS else _FEW_STEPS)
            )
            yield Result(f"{page} page, one slider step, median CPU", new * 1e3, 60, "ms")
            yield Result(f"{page} page, one known slider step", known * 1e3, None, "ms")


async def _steps(server: Server, page: str, slider: str, count: int) -> tuple[float, float]:
    """Median processor seconds of steps to new settings, and to known ones."""
    async with Student(server.socket_url, page) as student:
        await student.open()

        async def step(value: str, charts: set[str]) -> float:
            await asyncio.sleep(_SETTLE)
            begun = server.cpu_seconds()
            run = await student.move(slider, value)
            await asyncio.sleep(_SETTLE)
            if run.exceptions or not run.charts:
                raise RuntimeError(f"The {page} page shows no picture. {run.exceptions}")
            charts.add(run.charts[0])
            return server.cpu_seconds() - begun

        stops = student.stops(slider)
        default = stops.index(student.value(slider))
        beside = stops[default - 1], stops[default + 1]

        pictures: set[str] = set()
        new = []
        for seed in range(1, count + 1):
            await student.follow(**{f"{page}_seed": seed}, **{slider: stops[default]})
            new.append(await step(beside[seed % 2], pictures))
        if len(pictures) != len(new):
            raise RuntimeError("The steps were meant to show a new picture each.")
        known = [await step(beside[i % 2], set()) for i in range(count + 2)]
    return statistics.median(new), statistics.median(known[2:])
