"""What one full run of a page sends to the browser."""

import asyncio
from collections.abc import Iterator

from benchmarks.lessons import LARGEST
from benchmarks.report import Result
from benchmarks.server import healthy_server
from benchmarks.student import Run, Student

_DEFAULTS, _LARGEST = 150, 600  # kB


def measure() -> Iterator[Result]:
    """Add up the bytes of all `ForwardMsg`s of the first run of a page, as sent, uncompressed.

    At the defaults, and at the largest settings that the app offers (`LARGEST`).
    """
    with healthy_server() as server:

        def size(page: str, settings: dict[str, object]) -> float:
            query = {f"{page}_{name}": value for name, value in settings.items()}
            return sum(asyncio.run(_open(server.socket_url, page, query)).sizes.values()) / 1e3

        yield Result("home page", size("", {}), _DEFAULTS, "kB")
        largest: dict[str, float] = {}
        for page, settings in LARGEST:
            largest[page] = max(size(page, settings), largest.get(page, 0))
        for page, most in largest.items():
            yield Result(f"{page} page, defaults", size(page, {}), _DEFAULTS, "kB")
            yield Result(f"{page} page, largest setting", most, _LARGEST, "kB")


async def _open(socket_url: str, page: str, query: dict[str, object]) -> Run:
    async with Student(socket_url, page, **query) as student:
        run = await student.open()
    if run.exceptions or not run.charts:
        raise RuntimeError(f"The {page or 'home'} page shows no picture. {run.exceptions}")
    return run
