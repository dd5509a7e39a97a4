"""A class of students at once."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

from benchmarks.lessons import SLIDERS
from benchmarks.report import Result, percentile
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_STUDENTS = 100
_PERIOD = 5.0  # seconds from one change to the next
_CHANGES = 12  # of each student
_ARRIVAL = 15.0  # seconds over which they open their pages
_PATIENCE = 45.0  # seconds that the last one to arrive waits for the page
_GRACE = 15.0  # seconds after the last change in which it may still be answered
_SENTENCES = (
    "the cat sat on the mat",
    "to be or not to be",
    "we are all learners here today",
)


class _Lesson:
    """What the class has met so far."""

    def __init__(self) -> None:
        self.openings: list[float] = []
        self.waits: list[float] = []  # of every change that was due, answered or not
        self.unanswered = 0
        self.exceptions: list[str] = []
        self.cpu_seconds = 0.0
        self.seconds = 0.0


def measure() -> Iterator[Result]:
    """Let 100 websocket students move a slider every 5 s, in no step with each other.

    Half of them are on each lesson page, about half have kept the default sentence. Once all have
    opened their page, each moves its slider by one to three stops, up or down, at a moment of its
    own in every period of 5 s. A change is answered when the script has finished, and its wait
    counts from the moment it was due: a student held up by the last answer waits for the next one
    too. What is never answered counts as waiting until the end, so that a server that is too slow
    cannot look fast by answering less. The clients run in this process, the server in its own.
    """
    with healthy_server() as server:
        lesson = asyncio.run(_teach(server))
        tracebacks = server.tracebacks()
    if tracebacks or lesson.exceptions:
        print(f"  the first exception: {[*tracebacks, *lesson.exceptions][0].strip()}")
    due = _STUDENTS * _CHANGES
    if len(lesson.waits) != due and not lesson.exceptions:
        raise RuntimeError(f"{due} changes were due, {len(lesson.waits)} are accounted for.")
    waits = [seconds * 1e3 for seconds in lesson.waits]
    openings = [seconds * 1e3 for seconds in lesson.openings]
    yield Result("100 students, opening their page, p95", percentile(openings, 95), None, "ms")
    cores = lesson.cpu_seconds / lesson.seconds
    yield Result("100 students, processors the server had", cores, None)
    yield Result(f"100 students, unanswered of {due:,} changes", lesson.unanswered, None)
    yield Result("100 students, p50", percentile(waits, 50), None, "ms")
    yield Result("100 students, p95", percentile(waits, 95), 300, "ms")
    failures = max(len(lesson.exceptions), len(tracebacks))
    yield Result("100 students, exceptions", failures, 0)


async def _teach(server: Server) -> _Lesson:
    lesson = _Lesson()
    for page in SLIDERS:  # who teaches has opened the pages before class: TensorFlow is loaded
        async with Student(server.socket_url, page) as teacher:
            await teacher.open()
    dice = random.Random(0)
    async with AsyncExitStack() as room:
        students = []
        for i in range(_STUDENTS):
            page = list(SLIDERS)[i % len(SLIDERS)]
            student = Student(server.socket_url, page, **_sentence(page, dice))
            students.append(await room.enter_async_context(student))
        arrival = time.monotonic()
        try:
            async with asyncio.timeout(_ARRIVAL + _PATIENCE):
                await asyncio.gather(
                    *(
                        _arrive(student, arrival + _ARRIVAL * i / _STUDENTS, lesson)
                        for i, student in enumerate(students)
                    )
                )
        except TimeoutError:
            raise RuntimeError(
                f"Only {len(lesson.openings)} of {_STUDENTS} students had their page open "
                f"{_PATIENCE:.0f} s after the last one arrived: there was no lesson to measure."
            ) from None
        begin, cpu = time.monotonic(), server.cpu_seconds()
        await asyncio.gather(
            *(_attend(student, begin, lesson, seed) for seed, student in enumerate(students))
        )
        lesson.seconds = time.monotonic() - begin
        lesson.cpu_seconds = server.cpu_seconds() - cpu
    return lesson


async def _arrive(student: Student, moment: float, lesson: _Lesson) -> None:
    await _sleep_until(moment)
    run = await student.open()
    lesson.openings.append(run.seconds)
    lesson.exceptions += [f"on the {student.page} page {e}" for e in run.exceptions]


async def _attend(student: Student, begin: float, lesson: _Lesson, seed: int) -> None:
    dice = random.Random(seed)
    slider = SLIDERS[student.page]
    stops = student.stops(slider)
    at = stops.index(student.value(slider))
    moments = [begin + _PERIOD * (period + dice.random()) for period in range(_CHANGES)]
    end = begin + _PERIOD * _CHANGES + _GRACE
    answered = 0
    try:
        async with asyncio.timeout(end - time.monotonic()):
            for moment in moments:
                await _sleep_until(moment)
                at += dice.choice([m for m in (-3, -2, -1, 1, 2, 3) if 0 <= at + m < len(stops)])
                run = await student.move(slider, stops[at])
                answered += 1
                lesson.waits.append(time.monotonic() - moment)
                lesson.exceptions += [f"on the {student.page} page {e}" for e in run.exceptions]
    except TimeoutError:
        lesson.waits += [end - moment for moment in moments[answered:]]
        lesson.unanswered += len(moments) - answered
    except Exception as error:  # whatever it is, that student's lesson is over
        lesson.exceptions.append(repr(error))


def _sentence(page: str, dice: random.Random) -> dict[str, str]:
    """Every other student keeps the default sentence."""
    return {f"{page}_text": dice.choice(_SENTENCES)} if dice.random() < 0.5 else {}


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(moment - time.monotonic(), 0))
