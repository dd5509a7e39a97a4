"""A class of 200 in a room: all vote within ten seconds, on two servers, beside those who move sliders."""

import asyncio
import json
import random
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element

from benchmarks.report import Result, percentile
from benchmarks.server import Server, healthy_server
from benchmarks.student import Run, Student
from seqviz.classroom.database import connect
from seqviz.classroom.link import write_link
from seqviz.classroom.plan import Plan, Step
from seqviz.classroom.rooms import Rooms
from tests.unit.classroom import postgres

_VOTERS = 200
_WITHIN = 10.0  # seconds
_ARRIVAL = 20.0  # seconds over which they open the page
_MOVERS = 20  # students who are not in the room
_PERIOD = 5.0  # seconds from one of their changes to the next
_WALL_EVERY = 1.0  # seconds, as the page asks
_VOTE = 300.0  # milliseconds
_WALL = 2_000.0
_QUESTION = "output_shape"
PLAN = Plan(title="Shapes", steps=(Step(page="recurrent", rest="shown", questions=(_QUESTION,)),))


class Voter(Student):
    """A student in a room, whose only control is the question.

    Args:
        socket_url: Where the server's websocket is.
        room: As in the address.
        name: That the browser says it has.
        cookie: What a proxy gave it.
    """

    def __init__(self, socket_url: str, room: str, name: str, cookie: str | None = None) -> None:
        super().__init__(socket_url, "recurrent", cookie, lesson=write_link(PLAN), at=0, room=room)
        self._name, self._asks_name = name, ""
        self._radio, self._choice = "", ""
        self.options: list[str] = []

    async def open(self) -> Run:
        """Open the step, none of whose parameters is a control's, and say the browser's name."""
        await self._rerun()
        return await self._rerun()

    async def choose(self, choice: str) -> Run:
        """Choose an option of the question, or say that one was chosen which it has not."""
        self._choice = choice
        return await self._rerun()

    def _message(self) -> BackMsg:
        message = super()._message()
        if self._asks_name:
            state = message.rerun_script.widget_states.widgets.add(id=self._asks_name)
            state.json_value = json.dumps({"name": self._name})
        if self._choice:
            state = message.rerun_script.widget_states.widgets.add(id=self._radio)
            state.string_value = self._choice
        return message

    def _note_control(self, element: Element) -> None:
        if element.bidi_component.component_name.endswith("seqviz_browser"):
            self._asks_name = element.bidi_component.id
        if element.HasField("radio") and element.radio.id.endswith(f"_{_QUESTION}"):
            self._radio, self.options = element.radio.id, list(element.radio.options)


def measure() -> Iterator[Result]:
    """Have 200 websocket students open a step of a room on two servers, and vote within 10 s.

    A vote is answered when the page's script has finished, with the vote in the database. Meanwhile
    the wall asks for the counts once a second, and others move sliders. In the end each vote is to be
    counted once. PostgreSQL where there is one, as for replicas; else SQLite.
    """
    with database() as url:
        rooms = Rooms(connect(url))
        opened = rooms.open(write_link(PLAN))
        room = rooms.find(opened.code)
        with (
            healthy_server(SEQVIZ_DATABASE_URL=url) as one,
            healthy_server(SEQVIZ_DATABASE_URL=url) as other,
        ):
            votes, walls, moves = asyncio.run(
                _teach([one, other], rooms, opened.secret, f"{room.code}.{room.key}")
            )
            tracebacks = [*one.tracebacks(), *other.tracebacks()]
        counted = sum(sum(tally.counts) for tally in rooms.wall(opened.secret).tallies)
    kind = url.partition(":")[0]
    yield Result(
        f"{_VOTERS} vote within {_WITHIN:.0f} s ({kind}), p50", percentile(votes, 50), None, "ms"
    )
    yield Result(
        f"{_VOTERS} vote within {_WITHIN:.0f} s ({kind}), p95", percentile(votes, 95), _VOTE, "ms"
    )
    yield Result("the wall, from a vote to its count, slowest", max(walls), _WALL, "ms")
    yield Result("sliders beside them, p95", percentile(moves, 95), _VOTE, "ms")
    yield Result("votes that were lost or counted twice", abs(counted - _VOTERS), 0)
    yield Result("exceptions", len(tracebacks), 0)


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty one: PostgreSQL if this machine has it, else a file of SQLite."""
    try:
        with postgres.server() as server:
            yield server.url
    except postgres.NoPostgresError:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'rooms.sqlite3'}"


async def _teach(
    servers: list[Server], rooms: Rooms, secret: str, room: str
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of votes, of the wall's answers with its second of waiting, and of moves."""
    async with AsyncExitStack() as stack:
        for server in servers:  # TensorFlow is loaded
            async with Student(server.socket_url, "recurrent") as teacher:
                await teacher.open()
        voters = [
            Voter(servers[number % 2].socket_url, room, secrets.token_hex(16))
            for number in range(_VOTERS)
        ]
        movers = [Student(servers[number % 2].socket_url, "recurrent") for number in range(_MOVERS)]
        for student in (*voters, *movers):
            await stack.enter_async_context(student)
        chance = random.Random(0)
        await asyncio.gather(
            *(_after(chance.uniform(0, _ARRIVAL), one.open) for one in (*voters, *movers))
        )
        done = asyncio.Event()
        walls = asyncio.create_task(_watch(rooms, secret, done))
        moves = [asyncio.create_task(_move(one, done, chance)) for one in movers]
        votes = await asyncio.gather(
            *(
                _after(chance.uniform(0, _WITHIN), partial(_vote, one, chance.randrange(3)))
                for one in voters
            )
        )
        await asyncio.sleep(_WALL_EVERY)
        done.set()
        moved = [seconds for one in await asyncio.gather(*moves) for seconds in one]
        return [run.seconds * 1e3 for run in votes], await walls, moved


async def _vote(voter: Voter, choice: int) -> Run:
    return await voter.choose(voter.options[choice])


async def _after(seconds: float, do: Callable[[], Awaitable[Run]]) -> Run:
    await asyncio.sleep(seconds)
    return await do()


async def _watch(rooms: Rooms, secret: str, done: asyncio.Event) -> list[float]:
    """How old a count may be when the wall shows it: its second of waiting and the database's."""
    ages = []
    while not done.is_set():
        begun = time.perf_counter()
        await asyncio.to_thread(rooms.wall, secret)
        ages.append((_WALL_EVERY + time.perf_counter() - begun) * 1e3)
        await asyncio.sleep(_WALL_EVERY)
    return ages


async def _move(student: Student, done: asyncio.Event, chance: random.Random) -> list[float]:
    waits = []
    while not done.is_set():
        await asyncio.sleep(chance.uniform(0, _PERIOD))
        stops = student.stops("recurrent_units")
        run = await student.move("recurrent_units", chance.choice(stops[:8]))
        waits.append(run.seconds * 1e3)
    return waits
