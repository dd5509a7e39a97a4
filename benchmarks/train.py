"""Students who train while others move sliders."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Final, NamedTuple
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element

from benchmarks import load
from benchmarks.lessons import MORE_SLIDERS, SLIDERS
from benchmarks.report import Result, percentile
from benchmarks.server import Server, healthy_server
from benchmarks.student import Run, Student


class _Lesson(NamedTuple):
    """A page that trains when it is opened, and has finished when it shows what was learned.

    Attributes:
        page: As in the address.
        usual: Parameters of a training as students start it.
        long: Parameters of one that takes long.
    """

    page: str
    usual: dict[str, object]
    long: dict[str, object]


_LESSONS: Final = (
    _Lesson("meaning", {}, {"meaning_epochs": 100, "meaning_embedding_dim": 32}),
    _Lesson("training", {}, {"training_epochs": 100}),
)
_STOP: Final = re.compile(r"-(\w+_stop|stop_\w+)$")  # the end of the button's id
_BEGINS: Final = re.compile(r"^Training|epoch")  # what the progress says
_LEARNS: Final = re.compile(r"epoch \d")
_UNDER_WAY = 3
_STUDENTS = 30
_PERIOD, _CHANGES = 5.0, 12  # as in `load`
_SLIDER_BUDGET = 500.0  # milliseconds
_CLASS_BUDGET = 60.0  # seconds
_STOP_BUDGET = 300.0  # milliseconds
_STOPS = 12
_ALL = SLIDERS | MORE_SLIDERS
_seeds = iter(range(1, 10**6))


def measure() -> Iterator[Result]:
    """Let websocket students train, each with a seed of its own, so that nothing is known before.

    First 30 students move a slider every 5 s, as in `load`, alone and then while three others have
    trainings under way that follow one another; those of less than 5 s begin every 5 s. Then three
    train and one of them presses Stop: from the click to the words that it has stopped, in turns
    while TensorFlow compiles the model and while it learns. Last, 30 students all begin a training
    in the same second; it is over when their page has shown what was learned.
    """
    for lesson in _LESSONS:
        yield from _measure(lesson)


def _measure(lesson: _Lesson) -> Iterator[Result]:
    page = lesson.page
    with healthy_server() as server:
        asyncio.run(_open_all(server, lesson))
        alone, _ = asyncio.run(_slide(server, lesson, trainees=0))
        yield Result(f"{page}: 30 students, no training, p95", _p95(alone), None, "ms")
        waits, trained = asyncio.run(_slide(server, lesson, trainees=_UNDER_WAY))
        yield Result(f"{page}: 30 students, {_UNDER_WAY} trainings under way, p95", *_ms(waits))
        yield Result(f"{page}: trainings that were done meanwhile, a second", trained, None)
        stops = asyncio.run(_stop_some(server, lesson))
        name = f"{page}: stop to stopped, {_UNDER_WAY} under way, the slowest of {len(stops)}"
        yield Result(name, max(stops) * 1e3, _STOP_BUDGET, "ms")
        yield Result(f"{page}: exceptions", len(server.tracebacks()), 0)
    with healthy_server() as server:
        asyncio.run(_open_all(server, lesson))
        cpu = server.cpu_seconds()
        seconds = asyncio.run(_train_all(server, lesson))
        name = f"{page}: {_STUDENTS} students who train at once"
        yield Result(f"{name}, the first has its result", min(seconds), None, "s")
        yield Result(f"{name}, the last has its result", max(seconds), _CLASS_BUDGET, "s")
        yield Result(f"{name}, CPU of each", (server.cpu_seconds() - cpu) / _STUDENTS, None, "s")
        yield Result(f"{name}, RSS of the server", server.resident_bytes() / 1e6, None, "MB")
        yield Result(f"{name}, exceptions", len(server.tracebacks()), 0)


def _p95(waits: list[float]) -> float:
    return percentile([seconds * 1e3 for seconds in waits], 95)


def _ms(waits: list[float]) -> tuple[float, float, str]:
    return _p95(waits), _SLIDER_BUDGET, "ms"


class _Trainee(Student):
    """A student who also notes that a training is under way, and that it has stopped."""

    def __init__(self, server: Server, page: str, parameters: dict[str, object]) -> None:
        self._seed = f"{page}_seed"
        super().__init__(server.socket_url, page, None, **parameters, **{self._seed: next(_seeds)})
        self.training, self._when = asyncio.Event(), _BEGINS
        self.stopped_at = 0.0
        self._stop_id = ""

    def _note(self, element: Element, run: Run) -> None:
        super()._note(element, run)
        if element.HasField("button") and _STOP.search(element.button.id):
            self._stop_id = element.button.id
        if element.HasField("progress") and self._when.search(element.progress.text):
            self.training.set()
        if element.HasField("markdown") and element.markdown.body.startswith("Stopped "):
            self.stopped_at = time.perf_counter()

    async def train(self) -> None:
        """Train once, with another seed."""
        _check(await self.follow(**{self._seed: next(_seeds)}))

    async def stop(self, when: re.Pattern[str]) -> float | None:
        """Begin a training, and press Stop soon after its progress says something.

        Args:
            when: What it says.

        Returns:
            Seconds from the click to the words that it has stopped; None if it was done before.
        """
        self._when = when
        self.training.clear()
        self.stopped_at = 0.0
        run = asyncio.create_task(self.follow(**{self._seed: next(_seeds)}))
        begins = asyncio.create_task(self.training.wait())
        await asyncio.wait([run, begins], return_when=asyncio.FIRST_COMPLETED)
        begins.cancel()
        await asyncio.sleep(random.random() * 0.2)
        click = BackMsg()
        click.rerun_script.page_script_hash = self._page_hash
        click.rerun_script.query_string = urlencode(self._query)
        state = click.rerun_script.widget_states.widgets.add(id=self._stop_id)
        state.trigger_value = True
        was_done = run.done()
        begun = time.perf_counter()
        await self._socket.send(click.SerializeToString())
        await run  # ended early by the click, if it was not done
        if was_done or not self.stopped_at:
            _check(await self._answer(begun))
        # Not, if it was done in just that moment.
        return None if was_done or not self.stopped_at else self.stopped_at - begun


def _check(run: Run) -> None:
    if run.exceptions or not run.charts:
        raise RuntimeError(f"A training gave {len(run.charts)} pictures, and {run.exceptions}.")


async def _open_all(server: Server, lesson: _Lesson) -> None:
    """As who teaches does before class: TensorFlow is loaded then."""
    for page in (*_ALL, lesson.page):
        async with Student(server.socket_url, page) as teacher:
            await teacher.open()


async def _slide(server: Server, training: _Lesson, trainees: int) -> tuple[list[float], float]:
    """What the students with a slider wait, and how many trainings a second are done meanwhile."""
    lesson = load._Lesson()
    dice = random.Random(0)
    async with AsyncExitStack() as room:
        students = []
        for number in range(_STUDENTS):
            page = list(_ALL)[number % len(_ALL)]
            student = Student(server.socket_url, page, **load._sentence(page, dice))
            students.append(await room.enter_async_context(student))
            await load._arrive(student, 0, lesson)
        others = [
            await room.enter_async_context(_Trainee(server, training.page, training.long))
            for _ in range(trainees)
        ]
        begin, done = time.monotonic(), Counter[int]()
        under_way = [asyncio.create_task(_train_on(other, done)) for other in others]
        await asyncio.gather(
            *(
                load._attend(student, begin, _PERIOD, _CHANGES, lesson, lesson.waits, seed)
                for seed, student in enumerate(students)
            )
        )
        seconds = time.monotonic() - begin
        for task in under_way:
            if task.done():
                task.result()  # what went wrong
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    if lesson.exceptions:
        raise RuntimeError(f"On a page: {lesson.exceptions[0]}")
    return lesson.waits, done.total() / seconds


async def _train_on(student: _Trainee, done: Counter[int]) -> None:
    """Train again and again, but not more often than the others move their slider."""
    await student.open()
    while True:
        begun = time.monotonic()
        await student.train()
        done[id(student)] += 1
        await asyncio.sleep(begun + _PERIOD - time.monotonic())


async def _train_all(server: Server, lesson: _Lesson) -> list[float]:
    """The seconds until each of a class has its result."""
    async with AsyncExitStack() as room:
        students = [
            await room.enter_async_context(_Trainee(server, lesson.page, lesson.usual))
            for _ in range(_STUDENTS)
        ]
        runs = await asyncio.gather(*(student.open() for student in students))
    for run in runs:
        _check(run)
    return [run.seconds for run in runs]


async def _stop_some(server: Server, lesson: _Lesson) -> list[float]:
    """What each of some clicks on Stop takes, with others training."""
    async with AsyncExitStack() as room:
        others = [
            await room.enter_async_context(_Trainee(server, lesson.page, lesson.long))
            for _ in range(_UNDER_WAY - 1)
        ]
        training = [asyncio.create_task(_train_on(other, Counter())) for other in others]
        student = await room.enter_async_context(_Trainee(server, lesson.page, lesson.long))
        await student.open()
        stops: list[float] = []
        while len(stops) < _STOPS:
            seconds = await student.stop(_LEARNS if len(stops) % 2 else _BEGINS)
            stops += [] if seconds is None else [seconds]
        for task in training:
            task.cancel()
        await asyncio.gather(*training, return_exceptions=True)
    return stops
