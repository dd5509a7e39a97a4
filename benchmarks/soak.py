"""A long lesson with all that a class does at the same time, and what it leaves in memory."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from urllib.request import urlopen

from benchmarks.lessons import CONTROLS, UNSEEDED
from benchmarks.report import Result, percentile
from benchmarks.server import Server, healthy_server
from benchmarks.student import Run, Student

_MINUTES = 20
_FILLING = 4  # minutes at the beginning in which caches fill, and malloc finds its size
_STUDENTS = 30  # they move controls
_THINKING = 4.0  # seconds between two changes of one of them, on average
_STAYING = 20  # changes after which one leaves, and another comes
_GROWTH = 20.0  # MB over 2,000 reruns
_RERUNS = 2_000
_UPLOADS_EVERY, _TRAININGS_EVERY, _FLOODS_EVERY = 20.0, 30.0, 45.0  # seconds
_FLOOD = 30  # messages at once: what the server reads of one browser without a pause
_WORDS, _FEATURES = 4_000, 50  # of an uploaded file: 1 MB


class _Lesson:
    """What happened so far."""

    def __init__(self, server: Server, end: float) -> None:
        self.server, self.end = server, end
        self.reruns = self.uploads = self.trainings = self.floods = 0
        self.waits: list[float] = []
        self.exceptions: list[str] = []

    def note(self, run: Run) -> None:
        """Count a run that was answered."""
        self.reruns += 1
        self.waits.append(run.seconds)
        self.exceptions += run.exceptions

    @property
    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.end


def measure() -> Iterator[Result]:
    """Teach for 20 minutes, and read resident memory (VmRSS) after 4 of them and at the end.

    Thirty students, on all pages with a control, set new seeds and move controls; every one leaves
    after 20 changes and another comes. Meanwhile somebody uploads a file of 1 MB and looks at it every
    20 s, somebody has a new model trained every 30 s, and somebody sends 30 reruns at once every 45 s.

    The growth is told by 2,000 reruns, floods not counted.
    """
    with healthy_server() as server:
        lesson, filled, reruns, end = asyncio.run(_teach(server))
        tracebacks = server.tracebacks()
    if tracebacks or lesson.exceptions:
        print(f"  the first exception: {[*tracebacks, *lesson.exceptions][0].strip()}")
    counted = lesson.reruns - reruns
    waits = [seconds * 1e3 for seconds in lesson.waits]
    yield Result(f"reruns in {_MINUTES} minutes", lesson.reruns, None)
    yield Result("uploads", lesson.uploads, None)
    yield Result("trainings", lesson.trainings, None)
    yield Result(f"floods of {_FLOOD} messages", lesson.floods, None)
    yield Result("answers, p95", percentile(waits, 95), None, "ms")
    yield Result("exceptions", max(len(lesson.exceptions), len(tracebacks)), 0)
    yield Result("memory at the end", end / 1e6, None, "MB")
    growth = (end - filled) / 1e6 / counted * _RERUNS
    yield Result(f"growth for {_RERUNS:,} reruns, over {counted:,}", growth, _GROWTH, "MB")


async def _teach(server: Server) -> tuple[_Lesson, int, int, int]:
    for page in CONTROLS:  # who teaches has opened the pages before class
        async with Student(server.socket_url, page) as teacher:
            await teacher.open()
    begun = time.monotonic()
    lesson = _Lesson(server, begun + 60 * _MINUTES)
    pages = list(CONTROLS)
    busy = [
        asyncio.create_task(_attend(lesson, pages[i % len(pages)], random.Random(i)))
        for i in range(_STUDENTS)
    ]
    busy += [
        asyncio.create_task(_now_and_then(lesson, every, what))
        for every, what in (
            (_UPLOADS_EVERY, _upload),
            (_TRAININGS_EVERY, _train),
            (_FLOODS_EVERY, _flood),
        )
    ]
    await asyncio.sleep(60 * _FILLING)
    filled, reruns = server.resident_bytes(), lesson.reruns
    await asyncio.gather(*busy)
    return lesson, filled, reruns, server.resident_bytes()


async def _attend(lesson: _Lesson, page: str, dice: random.Random) -> None:
    control = CONTROLS[page]
    await asyncio.sleep(dice.uniform(0, _THINKING))
    while lesson.goes_on:
        async with Student(lesson.server.socket_url, page) as student:
            lesson.note(await student.open())
            await student.unfold(control)
            for _ in range(_STAYING):
                if not lesson.goes_on:
                    return
                await asyncio.sleep(dice.uniform(0, 2 * _THINKING))
                # No pages with trainings of seconds: those come in their own time.
                if page not in UNSEEDED and dice.random() < 0.3:
                    seed = {f"{page}_seed": dice.randrange(10_000)}
                    lesson.note(await student.follow(**seed))
                else:
                    lesson.note(await student.move(control, dice.choice(student.stops(control))))


async def _now_and_then(
    lesson: _Lesson, every: float, what: Callable[[_Lesson, int], Awaitable[None]]
) -> None:
    number = 0
    while lesson.goes_on:
        await what(lesson, number)
        number += 1
        await asyncio.sleep(every)


async def _upload(lesson: _Lesson, number: int) -> None:
    dice = random.Random(number)
    lines = (
        f"word{k} " + " ".join(f"{dice.gauss(0, 1):.2f}" for _ in range(_FEATURES))
        for k in range(_WORDS)
    )
    content = "\n".join(lines).encode()
    cookie = await asyncio.to_thread(_cookie, lesson.server)
    async with Student(lesson.server.socket_url, "pretrained") as student:
        lesson.note(await student.open())
        lesson.note(await student.upload(lesson.server.url, cookie, f"{number}.txt", content))
        lesson.note(await student.follow(pretrained_text="word1 word2 word3"))
    lesson.uploads += 1


def _cookie(server: Server) -> str:
    with urlopen(f"{server.url}_stcore/health", timeout=60) as answer:
        return str(answer.headers["Set-Cookie"]).split(";")[0]


async def _train(lesson: _Lesson, number: int) -> None:
    async with Student(lesson.server.socket_url, "meaning") as student:
        lesson.note(await student.open())
        lesson.note(await student.follow(meaning_seed=number + 1))
    lesson.trainings += 1


async def _flood(lesson: _Lesson, number: int) -> None:
    async with Student(lesson.server.socket_url, "recurrent") as student:
        lesson.note(await student.open())
        lesson.exceptions += (await student.flood(_FLOOD)).exceptions
    lesson.floods += 1
