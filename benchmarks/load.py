"""A class of students at once."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager

from benchmarks.eager import TIMESTEPS, EagerCall, Taken
from benchmarks.lessons import MORE_SLIDERS, SLIDERS
from benchmarks.neighbour import half_busy_core
from benchmarks.report import Result, percentile
from benchmarks.server import Server, healthy_server
from benchmarks.student import Student

_STUDENTS = 100
_PERIOD = 5.0  # seconds from one change to the next
_CHANGES = 12  # of each student
_ARRIVAL = 15.0  # seconds over which they open their pages
_PATIENCE = 45.0  # seconds that the last one to arrive waits for the page
_GRACE = 15.0  # seconds after the last change in which it may still be answered
_BURST_PERIOD, _BURST_CHANGES = 1.0, 10  # five times the load, for ten seconds
_RECOVERY = 30.0  # seconds after the burst by which all must be as before
_BUDGET = 300.0  # milliseconds
_CALLS = 5  # of Keras
_ALL = SLIDERS | MORE_SLIDERS
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
        self.recovered: list[float] = []  # the same, of changes some time after a burst
        self.unanswered = 0
        self.unsent = 0  # their student was held up until the lesson was over
        self.exceptions: list[str] = []
        self.cpu_seconds = 0.0
        self.seconds = 0.0


def measure() -> Iterator[Result]:
    """Let websocket students move a slider every 5 s, in no step with each other.

    They are spread over all lesson pages with a slider, about half have kept the default sentence.
    Once all have opened their page, each moves its slider by one to three stops, up or down, at a
    moment of its own in every period of 5 s. A change is answered when the script has finished,
    and its wait counts from the moment it was due: a student held up by the last answer waits for
    the next one too. What is never answered counts as waiting until the end, so that a server
    that is too slow cannot look fast by answering less. The clients run in this process, each
    server in its own.

    First 100 students who come over a quarter of a minute, and then, all at once, move their
    sliders every second; then as many who all come in the same second; then 200 on two servers.
    Then all of it again beside a process that keeps one of the cores half busy.

    Before and after each of these Keras calls a small model eagerly: what that takes says how fast
    the machine was just then.
    """
    eager = EagerCall()
    yield from _three_lessons("", eager)
    with half_busy_core():
        yield from _three_lessons(", half a core taken", eager)


def _three_lessons(beside: str, eager: EagerCall) -> Iterator[Result]:
    with healthy_server() as server, _beside(eager) as calls:
        lesson = asyncio.run(_teach([server], _STUDENTS, _ARRIVAL, burst=True))
        yield from _report(f"100 students{beside}", lesson, [server])
        recovered = [seconds * 1e3 for seconds in lesson.recovered]
        name = f"100 students{beside}, p95 {_RECOVERY:.0f} s after a burst"
        yield Result(name, percentile(recovered, 95), _BUDGET, "ms")
    yield _speed(calls)
    with healthy_server() as server, _beside(eager) as calls:
        lesson = asyncio.run(_teach([server], _STUDENTS, 1.0))
        yield from _report(f"100 students at once{beside}", lesson, [server])
    yield _speed(calls)
    with healthy_server() as one, healthy_server() as other, _beside(eager) as calls:
        lesson = asyncio.run(_teach([one, other], 2 * _STUDENTS, _ARRIVAL))
        yield from _report(f"200 students on 2 servers{beside}", lesson, [one, other])
    yield _speed(calls)


@contextmanager
def _beside(eager: EagerCall) -> Iterator[list[Taken]]:
    """Time the eager call before and after what happens meanwhile."""
    eager.taken = []
    eager.time(_CALLS)
    yield eager.taken
    eager.time(_CALLS)


def _speed(calls: Sequence[Taken]) -> Result:
    median = statistics.median(call.seconds for call in calls)
    name = f"  eager model(x), three layers, T={TIMESTEPS}, before and after"
    return Result(name, median * 1e3, None, "ms")


def _report(who: str, lesson: _Lesson, servers: Sequence[Server]) -> Iterator[Result]:
    tracebacks = [traceback for server in servers for traceback in server.tracebacks()]
    if tracebacks or lesson.exceptions:
        print(f"  the first exception: {[*tracebacks, *lesson.exceptions][0].strip()}")
    due = len(lesson.openings) * _CHANGES
    if len(lesson.waits) != due and not lesson.exceptions:
        raise RuntimeError(f"{due} changes were due, {len(lesson.waits)} are accounted for.")
    waits = [seconds * 1e3 for seconds in lesson.waits]
    openings = [seconds * 1e3 for seconds in lesson.openings]
    yield Result(f"{who}, opening their page, p95", percentile(openings, 95), None, "ms")
    yield Result(f"{who}, processors in use", lesson.cpu_seconds / lesson.seconds, None)
    yield Result(f"{who}, unanswered of {due:,} changes", lesson.unanswered + lesson.unsent, None)
    yield Result(f"{who}, p50", percentile(waits, 50), None, "ms")
    yield Result(f"{who}, p95", percentile(waits, 95), _BUDGET, "ms")
    yield Result(f"{who}, exceptions", max(len(lesson.exceptions), len(tracebacks)), 0)
    memory = max(server.resident_bytes() for server in servers) / 1e6
    yield Result(f"{who}, RSS of a server", memory, 700, "MB")


async def _teach(
    servers: Sequence[Server], count: int, arrival: float, *, burst: bool = False
) -> _Lesson:
    lesson = _Lesson()
    for server in servers:
        for page in _ALL:  # who teaches has opened the pages before class: TensorFlow is loaded
            async with Student(server.socket_url, page) as teacher:
                await teacher.open()
    dice = random.Random(0)
    async with AsyncExitStack() as room:
        students = []
        for i in range(count):
            page = list(_ALL)[i // len(servers) % len(_ALL)]
            server = servers[i % len(servers)]
            student = Student(server.socket_url, page, **_sentence(page, dice))
            students.append(await room.enter_async_context(student))
        begin = time.monotonic()
        try:
            async with asyncio.timeout(arrival + _PATIENCE):
                await asyncio.gather(
                    *(
                        _arrive(student, begin + arrival * i / count, lesson)
                        for i, student in enumerate(students)
                    )
                )
        except TimeoutError:
            raise RuntimeError(
                f"Only {len(lesson.openings)} of {count} students had their page open "
                f"{_PATIENCE:.0f} s after the last one arrived: there was no lesson to measure."
            ) from None
        begin, cpu = time.monotonic(), sum(server.cpu_seconds() for server in servers)
        await asyncio.gather(
            *(
                _attend(student, begin, _PERIOD, _CHANGES, lesson, lesson.waits, seed)
                for seed, student in enumerate(students)
            )
        )
        lesson.seconds = time.monotonic() - begin
        lesson.cpu_seconds = sum(server.cpu_seconds() for server in servers) - cpu
        if burst:
            await _burst(students, lesson)
    return lesson


async def _burst(students: Sequence[Student], lesson: _Lesson) -> None:
    begin = time.monotonic()
    dropped = _Lesson()  # how long it takes meanwhile is not the question
    await asyncio.gather(
        *(
            _attend(student, begin, _BURST_PERIOD, _BURST_CHANGES, dropped, dropped.waits, seed)
            for seed, student in enumerate(students)
        )
    )
    lesson.exceptions += dropped.exceptions
    if dropped.unanswered:
        raise RuntimeError(
            f"{dropped.unanswered} changes made in the burst had no answer {_GRACE:.0f} s after it."
        )
    begin += _BURST_PERIOD * _BURST_CHANGES + _RECOVERY
    await asyncio.gather(
        *(
            _attend(student, begin, _PERIOD, 3, lesson, lesson.recovered, seed)
            for seed, student in enumerate(students)
        )
    )


async def _arrive(student: Student, moment: float, lesson: _Lesson) -> None:
    await _sleep_until(moment)
    run = await student.open()
    lesson.openings.append(run.seconds)
    lesson.exceptions += [f"on the {student.page} page {e}" for e in run.exceptions]


async def _attend(
    student: Student,
    begin: float,
    period: float,
    changes: int,
    lesson: _Lesson,
    waits: list[float],
    seed: int,
) -> None:
    dice = random.Random(seed)
    slider = _ALL[student.page]
    stops = student.stops(slider)
    at = stops.index(student.value(slider))
    moments = [begin + period * (k + dice.random()) for k in range(changes)]
    end = begin + period * changes + _GRACE
    answered = 0
    try:
        async with asyncio.timeout(end - time.monotonic()):
            for moment in moments:
                await _sleep_until(moment)
                if time.monotonic() > begin + period * changes + period:
                    break  # held up until long after the lesson: nobody goes on sliding then
                at += dice.choice([m for m in (-3, -2, -1, 1, 2, 3) if 0 <= at + m < len(stops)])
                run = await student.move(slider, stops[at])
                answered += 1
                waits.append(time.monotonic() - moment)
                lesson.exceptions += [f"on the {student.page} page {e}" for e in run.exceptions]
            waits += [end - moment for moment in moments[answered:]]
            lesson.unsent += len(moments) - answered
    except TimeoutError:
        waits += [end - moment for moment in moments[answered:]]
        lesson.unanswered += len(moments) - answered
    except Exception as error:  # whatever it is, that student's lesson is over
        lesson.exceptions.append(repr(error))


def _sentence(page: str, dice: random.Random) -> dict[str, str]:
    """Every other student keeps the default sentence."""
    return {f"{page}_text": dice.choice(_SENTENCES)} if dice.random() < 0.5 else {}


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(moment - time.monotonic(), 0))
