"""The proxy's own configuration, run for real in front of two processes of the app."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus, WebSocketException

from benchmarks import classroom
from benchmarks.student import Student
from seqviz.classroom.database import connect
from seqviz.classroom.link import write_link
from seqviz.classroom.rooms import Rooms
from tests.browser.cluster import cluster_of
from tests.browser.looking import DESKTOP, picture, wait_for_picture


def run(coroutine):
    """Run it in a thread of its own: in this one Playwright has a loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def get(url, **headers):
    return urlopen(Request(url, headers=headers), timeout=30)


@pytest.fixture(scope="module")
def database():
    with classroom.database() as url:
        yield url


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, database):
    folder = tmp_path_factory.mktemp("nginx")
    with cluster_of(2, folder, SEQVIZ_DATABASE_URL=database) as cluster:
        yield cluster


@pytest.fixture
def cookie(cluster):
    """What the proxy gives to a browser that comes for the first time."""
    return lambda: get(cluster.url).headers["Set-Cookie"].split(";")[0]


def test_a_page_comes_with_a_cookie_that_is_given_once(cluster, cookie):
    first = get(cluster.url)
    assert first.status == 200
    assert re.match(
        r"seqviz=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax$", first.headers["Set-Cookie"]
    )
    assert get(cluster.url, Cookie=cookie()).headers["Set-Cookie"] is None
    assert cookie() != cookie()


def test_static_files_are_compressed_and_kept_for_a_year(cluster):
    page = get(cluster.url).read().decode()
    script = re.search(r"static/js/[\w.-]+\.js", page)[0]
    answer = get(cluster.url + script, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = get(cluster.url + script)
    assert len(answer.read()) < len(plain.read()) / 2
    # … while the page itself is always asked for, since it names them.
    assert "immutable" not in (get(cluster.url).headers["Cache-Control"] or "")


def test_metrics_are_not_shown_to_the_class(cluster):
    with pytest.raises(OSError, match="404"):
        get(f"{cluster.url}_stcore/metrics")
    assert all(cluster.sessions(port) >= 0 for port in cluster.ports)


def test_no_page_of_others_may_frame_the_app(cluster):
    for path in ("", "recurrent", "no/such/page"):
        headers = get(cluster.url + path).headers
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_a_browser_has_a_bounded_number_of_sessions_and_another_has_its_own(cluster, cookie):
    async def opened(room, student_cookie):
        try:
            await room.enter_async_context(Student(cluster.socket_url, "", student_cookie))
        except InvalidStatus as refused:
            return refused.response.status_code
        return 101

    async def lesson():
        async with AsyncExitStack() as room:
            mine, other = cookie(), cookie()
            assert [await opened(room, mine) for _ in range(22)] == [101] * 20 + [429] * 2
            assert await opened(room, other) == 101

    run(lesson())


def put(url, size):
    """The status of an upload that no page asked for."""
    request = Request(url, b"0" * size, method="PUT")
    try:
        return urlopen(request, timeout=30).status
    except HTTPError as error:
        return error.code
    except URLError:  # closed before all was sent
        return 413


def test_only_uploads_may_be_large(cluster):
    upload = f"{cluster.url}_stcore/upload_file/nobody/1"
    assert put(upload, 5 * 2**20) == 403  # that is the app itself, which saw it
    assert put(upload, 7 * 2**20) == 413
    assert put(f"{cluster.url}recurrent", 1_000) == 405
    assert put(f"{cluster.url}recurrent", 100_000) == 413


def test_a_flood_of_uploads_is_held_off_after_a_class_is_through(cluster):
    statuses = [put(f"{cluster.url}_stcore/upload_file/nobody/1", 10) for _ in range(900)]
    assert set(statuses[:200]) == {403}
    assert set(statuses) == {403, 429}
    assert get(cluster.url).status == 200  # the pages are another matter


def test_a_student_stays_on_one_replica_and_a_class_is_spread(cluster, cookie):
    async def placed(student_cookie):
        before = [cluster.sessions(port) for port in cluster.ports]
        async with Student(cluster.socket_url, "", student_cookie) as student:
            opened = await student.open()
            assert opened.charts
            assert not opened.exceptions
            during = [cluster.sessions(port) for port in cluster.ports]
        grown = [after - b for after, b in zip(during, before, strict=True)]
        assert sorted(grown) == [0, 1]
        return grown.index(1)

    async def twice_each():
        return [(await placed(mine), await placed(mine)) for mine in [cookie() for _ in range(12)]]

    places = run(twice_each())
    assert all(first == second for first, second in places)
    assert {first for first, _ in places} == {0, 1}  # by chance not: 1 in 2,048


def test_a_replica_killed_in_a_lesson_hands_its_students_to_the_other(cluster, window):
    before = [cluster.sessions(port) for port in cluster.ports]
    address = (
        "recurrent?recurrent_units=6&recurrent_cell=GRU&recurrent_text=we+go+on&recurrent_step=2"
    )
    page = window(DESKTOP, "light").new_page()
    page.goto(cluster.url + address)
    wait_for_picture(page)
    during = [cluster.sessions(port) for port in cluster.ports]
    (mine,) = [port for port, a, b in zip(cluster.ports, before, during, strict=True) if a != b]
    shown, url = picture(page), page.url
    cluster.kill(mine)
    try:
        # The browser notices by itself, comes back, and tells the other replica where it was.
        other = next(port for port in cluster.ports if port != mine)
        page.wait_for_function(
            "document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'",
            timeout=60_000,
        )
        for _ in range(120):
            if cluster.sessions(other) == before[cluster.ports.index(other)] + 1:
                break
            page.wait_for_timeout(500)
        wait_for_picture(page)
        assert page.url == url
        assert picture(page) == shown
        # … and the lesson goes on.
        slider = page.locator(".st-key-recurrent_units").get_by_role("slider")
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.get_by_text("GRU(7)", exact=False).first.wait_for(timeout=60_000)
    finally:
        page.close()
        cluster.start(mine)
    assert not cluster.tracebacks()


def test_a_replica_killed_while_a_class_votes_loses_no_vote_and_counts_none_twice(
    cluster, cookie, database
):
    rooms = Rooms(connect(database))
    opened = rooms.open(write_link(classroom.PLAN))
    room = rooms.find(opened.code)
    address = f"{room.code}.{room.key}"

    class Browser:
        """A student who votes, and votes again where they did not hear that it counts."""

        def __init__(self, number):
            self.name, self.cookie, self.number = f"{number:032x}", cookie(), number

        async def vote(self, choice):
            while True:
                try:
                    async with classroom.Voter(
                        cluster.socket_url, address, self.name, self.cookie
                    ) as voter:
                        assert not (await voter.open()).exceptions
                        assert not (await voter.choose(voter.options[choice])).exceptions
                        return
                except (OSError, WebSocketException, TimeoutError):
                    await asyncio.sleep(0.5)

    def counts():
        return rooms.wall(opened.secret).tallies[0].counts

    browsers = [Browser(number) for number in range(12)]

    async def lesson():
        await asyncio.gather(*(one.vote(0) for one in browsers))
        assert counts() == (12, 0, 0)
        changing = asyncio.gather(*(one.vote(1 + one.number % 2) for one in browsers))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(cluster.kill, cluster.ports[0])
        assert sum(counts()) == 12
        async with asyncio.timeout(120):
            await changing

    try:
        run(lesson())
    finally:
        cluster.start(cluster.ports[0])
    assert counts() == (0, 6, 6)
    assert not cluster.tracebacks()


def test_a_rolling_restart_loses_nobody(cluster, cookie):
    class Browser:
        """A student whose browser connects again, as Streamlit's does, and is where it was."""

        def __init__(self, number):
            self.query = {"embedding_text": f"student {number} is here"}
            self.cookie = cookie()
            self.answers = []

        async def attend(self, over):
            while not over.is_set():
                try:
                    async with Student(
                        cluster.socket_url, "embedding", self.cookie, **self.query
                    ) as student:
                        self.answers.append(await student.open())
                        while not over.is_set():
                            seed = len(self.answers)
                            self.query["embedding_seed"] = seed
                            self.answers.append(await student.follow(embedding_seed=seed))
                            await asyncio.sleep(0.5)
                except (OSError, WebSocketException, TimeoutError):
                    await asyncio.sleep(0.5)

    async def lesson():
        over = asyncio.Event()
        students = [Browser(number) for number in range(6)]
        attending = [asyncio.create_task(student.attend(over)) for student in students]
        for port in cluster.ports:
            await asyncio.sleep(2)
            await asyncio.to_thread(cluster.stop, port)
            await asyncio.sleep(1)
            await asyncio.to_thread(cluster.start, port)
        # Each of them has gone on since: the first page of a new process waits for Keras.
        goals = [len(student.answers) + 2 for student in students]
        async with asyncio.timeout(120):
            while any(len(s.answers) < goal for s, goal in zip(students, goals, strict=True)):
                await asyncio.sleep(0.2)
        over.set()
        await asyncio.gather(*attending)
        return students

    for student in run(lesson()):
        assert not [e for run in student.answers for e in run.exceptions]
        assert all(run.charts for run in student.answers)
    assert not cluster.tracebacks()
