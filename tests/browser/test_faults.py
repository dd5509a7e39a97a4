"""What goes wrong outside of the app: a server that dies, Keras that is broken, a disk that is full.

And browsers that vanish, and sessions that must not feel what happens to others.
"""

import asyncio
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.server import free_port, serve
from benchmarks.student import Student
from seqviz.app.catalogue import LESSONS
from seqviz.ui.server.trainings import AT_ONCE
from tests.browser.looking import DESKTOP, open_downloads, picture, wait_for_picture


def run(coroutine):
    """Run it in a thread of its own: in this one Playwright has a loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Listener(Student):
    """A student who also notes what is said, and that a training has begun."""

    def __init__(self, socket_url, page, /, **query):
        super().__init__(socket_url, page, None, **query)
        self.said = []
        self.training = asyncio.Event()

    async def send(self, message):
        """Send one of Streamlit's messages, as anybody can who opens a page."""
        await self._socket.send(message.SerializeToString())

    async def answer(self, kind):
        """The next message of this kind."""
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())
            if message.WhichOneof("type") == kind:
                return message

    def _note(self, element, run):
        super()._note(element, run)
        if element.HasField("alert"):
            self.said.append(element.alert.body)
        if element.HasField("progress") and element.progress.text.startswith("Training: epoch"):
            self.training.set()


def test_a_server_that_is_killed_and_comes_back_has_its_pages_back(window):
    port = free_port()
    with serve(port) as server:
        server.wait_until_healthy()
        page = window(DESKTOP, "light").new_page()
        page.goto(
            f"{server.url}recurrent?recurrent_units=6&recurrent_cell=GRU&recurrent_text=we+go+on"
            "&recurrent_step=2"
        )
        wait_for_picture(page)
        shown, address = picture(page), page.url
        server.kill()
    state = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState"
    page.wait_for_function(f"{state} !== 'CONNECTED'", timeout=60_000)
    with serve(port) as server:
        server.wait_until_healthy()
        page.wait_for_function(f"{state} === 'CONNECTED'", timeout=120_000)
        wait_for_picture(page)
        assert page.url == address
        assert picture(page) == shown
        # … and the lesson goes on, there and back.
        slider = page.locator(".st-key-recurrent_units").get_by_role("slider")
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.get_by_text("GRU(7)", exact=False).first.wait_for(timeout=60_000)
        page.keyboard.press("ArrowLeft")
        page.get_by_text("GRU(6)", exact=False).first.wait_for(timeout=60_000)
        wait_for_picture(page)
        assert parse_qs(urlsplit(page.url).query) == parse_qs(urlsplit(address).query)
        assert picture(page) == shown
        page.close()
        assert not server.tracebacks()


@pytest.mark.parametrize(
    "fault",
    ["ImportError('no such module')", "AttributeError('no <b>x</b> ' + 5000 * 'x')"],
)
def test_without_a_working_tensorflow_every_lesson_says_so(tmp_path, fault):
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text(f"raise {fault}\n")

    async def visit_all(url):
        for lesson in LESSONS:
            async with Listener(url, lesson.key) as student:
                answer = await student.open()
            assert not answer.exceptions
            (message,) = student.said
            assert message.startswith("Keras could not be loaded on this server (")
            assert "pip install -r requirements.txt" in message
            assert len(message) < 500
            assert "<b>" not in message.replace("\\<", "")
        async with Listener(url, "") as student:
            home = await student.open()
        assert len(home.charts) == 1
        assert not home.exceptions
        assert not student.said

    with serve(PYTHONPATH=str(tmp_path)) as server:
        server.wait_until_healthy()
        run(visit_all(server.socket_url))
        assert not server.tracebacks()


# What the server prints goes to a file as well; `cat` is free to write to it.
_FULL_DISK = """
import os, resource, subprocess
cat = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
for descriptor in 1, 2:
    os.dup2(cat.stdin.fileno(), descriptor)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


def test_a_full_disk_and_a_home_that_is_none_change_nothing(tmp_path, window):
    (tmp_path / "sitecustomize.py").write_text(_FULL_DISK)
    nowhere = str(tmp_path / "nowhere")
    with serve(PYTHONPATH=str(tmp_path), HOME=nowhere, TMPDIR=nowhere) as server:
        server.wait_until_healthy()
        page = window(DESKTOP, "light").new_page()
        page.goto(f"{server.url}recurrent?recurrent_ask=none")
        wait_for_picture(page)
        files = {}
        buttons = open_downloads(page)
        for number in range(buttons.count()):
            with page.expect_download(timeout=60_000) as download:
                buttons.nth(number).click()
            name = download.value.suggested_filename
            files[name] = download.value.path().read_bytes()
        assert {name.rsplit(".", 1)[1] for name in files} == {
            *("html", "csv", "npz", "py", "ipynb", "keras")
        }
        assert all(files.values())
        model = zipfile.ZipFile(io.BytesIO(files["seqviz_recurrent.keras"]))
        assert "model.weights.h5" in model.namelist()
        # A file that Starlette would lay down on the disk while it comes.
        page.goto(f"{server.url}pretrained?pretrained_ask=none")
        wait_for_picture(page)
        page.get_by_role("button", name="Upload vectors").click()
        words = "".join(f"word{i} {i % 7} 1 {'0.25 ' * 20}\n" for i in range(15_000))
        page.locator("input[type=file]").set_input_files(
            {"name": "large.vec", "mimeType": "text/plain", "buffer": words.encode()}
        )
        page.get_by_text("In use: large.vec, 15,000 words").wait_for(timeout=60_000)
        page.close()
        assert not server.tracebacks()


def test_a_browser_that_vanishes_gives_its_turn_to_train_back(server_of_students):
    async def lesson(url):
        # More of them than may train at once, one after the other as turns become free.
        for seed in range(AT_ONCE + 1):
            student = Listener(
                url, "meaning", meaning_epochs=100, meaning_seed=seed + 1, meaning_embedding_dim=32
            )
            async with student:
                opening = asyncio.create_task(student.open())
                async with asyncio.timeout(120):
                    await student.training.wait()
                opening.cancel()
        async with Listener(url, "meaning", meaning_seed=77) as student:
            answer = await student.open()
        assert student.training.is_set()
        assert answer.charts
        assert not answer.exceptions
        assert not student.said

    run(lesson(server_of_students))


# As many shells have it, only less, so that less students show it.
_FEW_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (96, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
"""


def test_a_class_gets_its_pages_where_a_shell_allows_few_open_files(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(_FEW_FILES)

    async def lesson(url):
        async with AsyncExitStack() as room:
            students = [await room.enter_async_context(Listener(url, "")) for _ in range(2)]
            for _ in range(40):
                assert (await students[-1].open()).charts
                students.append(await room.enter_async_context(Listener(url, "")))

    with serve(PYTHONPATH=str(tmp_path)) as server:
        server.wait_until_healthy()
        run(lesson(server.socket_url))
        assert not server.tracebacks()


def test_the_log_does_not_grow_with_what_is_sent():
    async def bother(url):
        async with Listener(url, "") as student:
            await student.open()
        for number in range(150):
            subprotocols = [Subprotocol("streamlit")]
            async with connect(url, subprotocols=subprotocols, proxy=None) as socket:
                await socket.send(b"\xff" * 9 if number % 2 else "text")
                with pytest.raises(ConnectionClosed):
                    await socket.recv()

    with serve() as server:
        server.wait_until_healthy()
        run(bother(server.socket_url))
        assert server.log().count("Error deserializing back message") == 20
        assert len(server.tracebacks()) == 20
        assert len(server.log()) < 50_000


def test_nobody_can_end_what_others_do_or_have_more_train_at_once(server_of_students):
    """By Streamlit's message to empty the caches, which are those of all sessions."""

    def training(seed):
        return Listener(server_of_students, "meaning", meaning_epochs=100, meaning_seed=seed + 200)

    async def lesson(url):
        async with AsyncExitStack() as room:
            students = [await room.enter_async_context(training(n)) for n in range(AT_ONCE + 1)]
            answers = []
            for student in students[:AT_ONCE]:
                answers.append(asyncio.create_task(student.open()))
                await student.training.wait()
            async with Listener(url, "") as somebody:
                await somebody.open()
                for _ in range(20):
                    await somebody.send(BackMsg(clear_cache=True))
                    await somebody.send(BackMsg(load_git_info=True))
                # What is sent after them is answered, so they were read.
                assert (await somebody.follow()).charts
            last = asyncio.create_task(students[-1].open())
            for answer in answers:
                answer = await answer
                assert answer.charts
                assert not answer.exceptions
            assert (await last).charts
            assert not any(student.said for student in students)

    run(lesson(server_of_students))


def test_who_sends_thousands_of_changes_waits_behind_itself(server_of_students):
    async def lesson(url):
        change = BackMsg()
        change.rerun_script.page_name = "recurrent"
        change.rerun_script.query_string = f"recurrent_text={'we go on ' * 500}"

        async def flood():
            for _ in range(3_000):
                await flooder.send(change)

        async with Listener(url, "recurrent") as flooder, Listener(url, "gather") as student:
            await flooder.open()
            flooding = asyncio.create_task(flood())
            await asyncio.sleep(1)
            answer = await student.open()
            assert answer.charts
            assert not answer.exceptions
            # Else the server would read them all before it did anything else.
            assert not flooding.done()
            flooding.cancel()

    run(lesson(server_of_students))


def test_uploads_are_taken_where_a_page_asks_and_as_many_as_it_can_use(server):
    socket = f"ws{server.removeprefix('http')}_stcore/stream"
    with urlopen(f"{server}_stcore/health", timeout=20) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]

    def put(address):
        content = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.vec"\r\n\r\n'
            + b"0" * (4 * 2**20)
            + b"\r\n--x--\r\n"
        )
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Cookie": cookie,
            "X-Xsrftoken": cookie.partition("=")[2],
        }
        try:
            with urlopen(Request(server + address, content, headers, method="PUT")) as answer:
                return answer.status == 204
        except OSError:  # a status that says no, or a connection that is closed unread
            return False

    def kept():
        with urlopen(f"{server}_stcore/metrics?families=cache_memory_bytes", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        uploads = [line for line in lines if "UploadedFileManager" in line]
        return sum(float(line.split()[-1]) for line in uploads)

    async def upload(page, files):
        async with Listener(socket, page) as student:
            await student.open()
            asked = BackMsg()
            asked.file_urls_request.file_names.extend(f"{n}.vec" for n in range(files))
            await student.send(asked)
            urls = (await student.answer("file_urls_response")).file_urls_response.file_urls
            addresses = [url.upload_url.lstrip("/") for url in urls]
            taken = [await asyncio.to_thread(put, address) for address in addresses]
            # Asked for once, since the server remembers its answer for a while.
            return taken, kept() if all(taken) else 0

    assert run(upload("recurrent", 4)) == ([False] * 4, 0)
    assert run(upload("pretrained", 8)) == ([True] * 8, 2 * 4 * 2**20)


def test_a_session_in_trouble_is_alone_with_it(server_of_students):
    async def lesson(url):
        async def good():
            async with Listener(url, "recurrent", recurrent_units=5) as student:
                answer = await student.open()
                assert not answer.exceptions
                assert not student.said
                return answer.charts

        async def bad(text):
            async with Listener(url, "recurrent", recurrent_text=text) as student:
                answer = await student.open()
                assert not answer.exceptions
                assert student.said
                assert answer.charts  # greyed: of what could be read last

        before = await good()
        texts = ["99 98 97", "-1", "9" * 3_000, "99 98 97"]
        results = await asyncio.gather(*(f for text in texts for f in (bad(text), good())))
        assert all(charts == before for charts in results[1::2])
        assert await good() == before

    run(lesson(server_of_students))


@pytest.fixture
def server_of_students(server):
    return f"ws{server.removeprefix('http')}_stcore/stream"


def test_only_community_cloud_may_steer_the_app_from_around_its_frame(server):
    with urlopen(f"{server}_stcore/host-config", timeout=20) as answer:
        steering = json.load(answer)["allowedOrigins"]
    assert steering == ["https://*.streamlit.app", "https://share.streamlit.io"]
