"""The server's memory: after its warm-up, and whether it grows."""

import asyncio
from collections.abc import Iterator

from benchmarks.lessons import SLIDERS
from benchmarks.report import Result
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_FILLING = 400
_RERUNS = 2000
_FEATURES = "recurrent_embedding_dim"


def measure() -> Iterator[Result]:
    """Read resident memory (VmRSS) after both lessons were opened, and 2,000 reruns apart.

    Every rerun shows a setting never shown before: a slider walks over all its stops, then the
    seed changes, and on the recurrent page the number of features too. The weights so have new
    shapes, for each of which TensorFlow keeps something. The first 400 reruns are not counted as
    growth: they fill the caches, which have a limit, and let the memory allocator find its size.
    """
    with healthy_server() as server:
        warm, filled, end = asyncio.run(_walk(server))
    yield Result("memory after warm-up", warm / 1e6, 700, "MB")
    yield Result(f"growth over the first {_FILLING} reruns", (filled - warm) / 1e6, None, "MB")
    yield Result(f"growth over {_RERUNS:,} reruns more", (end - filled) / 1e6, 20, "MB")


async def _walk(server: Server) -> tuple[int, int, int]:
    async with (
        Student(server.socket_url, "recurrent") as one,
        Student(server.socket_url, "embedding") as other,
    ):
        students = {"recurrent": one, "embedding": other}
        for student in students.values():
            await student.open()
        await one.unfold(_FEATURES)
        await asyncio.sleep(1)
        warm = server.resident_bytes()

        done = filled = 0
        seed = 0
        while True:
            seed += 1
            for page, student in students.items():
                slider = SLIDERS[page]
                settings = {f"{page}_seed": seed, slider: student.stops(slider)[0]}
                if page == "recurrent":
                    stops = student.stops(_FEATURES)
                    settings[_FEATURES] = stops[seed % len(stops)]
                await student.follow(**settings)
            for i in range(1, len(one.stops(SLIDERS["recurrent"]))):
                for page, student in students.items():
                    run = await student.move(SLIDERS[page], student.stops(SLIDERS[page])[i])
                    if run.exceptions or not run.charts:
                        raise RuntimeError(f"No picture on the {page} page. {run.exceptions}")
                    done += 1
                if done == _FILLING:
                    filled = server.resident_bytes()
                if done == _FILLING + _RERUNS:
                    return warm, filled, server.resident_bytes()
