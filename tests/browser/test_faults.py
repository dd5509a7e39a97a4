"""What goes wrong outside of the app: a server that dies, Keras that is broken, a disk that is full.

And browsers that vanish, and sessions that must not feel what happens to others.
"""

import asyncio
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from benchmarks.server import free_port, serve
from benchmarks.student import Student
from seqviz.app.catalogue import LESSONS
from seqviz.lessons.meaning.cached import AT_ONCE
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
        page.goto(f"{server.url}recurrent")
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
                assert not answer.charts

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
