"""What one full run of a page sends to the browser."""

import asyncio
from collections.abc import Iterator

from benchmarks.report import Result
from benchmarks.server import healthy_server
from benchmarks.student import Run, Student

_DEFAULTS, _LARGEST = 150, 600  # kB
_WORDS = " ".join(f"word{i:04}" for i in range(200))
# Far apart, so that each row of the matrix is drawn between two folds.
_SPREAD_IDS = " ".join(str(i * 49) for i in range(200))
_SWITCHES = {
    "recurrent": {
        "units": 128,
        "cell": "LSTM",
        "return_sequences": True,
        "return_state": True,
        "go_backwards": True,
    },
    "embedding": {},
}


def measure() -> Iterator[Result]:
    """Add up the bytes of all `ForwardMsg`s of the first run of a page, as sent, uncompressed.

    At the defaults, and at the limits that the app sets: 200 tokens, 128 units, 128 dimensions, a
    vocabulary of 10,000, everything switched on that adds something. For the tokens, the larger
    of 200 different words and 200 ids far apart.
    """
    with healthy_server() as server:

        def size(page: str, **query: object) -> float:
            return sum(asyncio.run(_open(server.socket_url, page, query)).sizes.values()) / 1e3

        yield Result("home page", size(""), _DEFAULTS, "kB")
        for page, switches in _SWITCHES.items():
            yield Result(f"{page} page, defaults", size(page), _DEFAULTS, "kB")
            settings = {**switches, "embedding_dim": 128, "vocab_size": 10_000, "mask_zero": True}
            query = {f"{page}_{name}": value for name, value in settings.items()}
            largest = max(
                size(page, **query, **{f"{page}_text": text}) for text in (_WORDS, _SPREAD_IDS)
            )
            yield Result(f"{page} page, largest setting", largest, _LARGEST, "kB")


async def _open(socket_url: str, page: str, query: dict[str, object]) -> Run:
    async with Student(socket_url, page, **query) as student:
        run = await student.open()
    if run.exceptions or not run.charts:
        raise RuntimeError(f"The {page or 'home'} page shows no picture. {run.exceptions}")
    return run
