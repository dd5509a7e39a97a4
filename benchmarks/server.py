"""A real server of the app, in a process of its own, for as long as a measurement lasts."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]

_HOST = "127.0.0.1"
_PATIENCE = 120.0  # seconds that a start may take
_MANNERS = 10.0  # seconds to end when asked to, before being killed


class ServerError(RuntimeError):
    """The server did not start, or cannot be measured."""


class Server:
    """A server that runs: where it is, what it has used, what it has said.

    Attributes:
        url: Address of the start page, with a slash at its end.
        socket_url: Address of Streamlit's websocket.
        started: When it was started, by `time.monotonic`.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
        self.url = f"http://{_HOST}:{port}/"
        self.socket_url = f"ws://{_HOST}:{port}/_stcore/stream"
        self.started = time.monotonic()
        self._process = process
        self._log = log

    def wait_until_healthy(self) -> None:
        """Return when it answers; raise ServerError if it does not."""
        while time.monotonic() - self.started < _PATIENCE:
            if self._process.poll() is not None:
                raise ServerError(f"The server ended at once:\n{self.log()}")
            try:
                with urlopen(f"{self.url}_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        raise ServerError(f"No answer from the server in {_PATIENCE:.0f} s:\n{self.log()}")

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far, also of those that have ended.

        The process's own clock, in nanoseconds; `/proc/<pid>/stat` counts in steps of 10 ms.
        """
        if sys.platform != "linux":
            raise ServerError("Another process's processor time can be read on Linux only.")
        return time.clock_gettime((~self._process.pid << 3) | 2)  # as clock_getcpuclockid(3)

    def resident_bytes(self) -> int:
        """Resident memory (VmRSS): its own pages, and what it has touched of its libraries."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            raise ServerError("Another process's memory can be read on Linux only.") from None
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def kill(self) -> None:
        """End it at once, as a machine that fails does."""
        self._process.kill()
        self._process.wait()

    def log(self) -> str:
        """All it has printed so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def tracebacks(self) -> list[str]:
        """The exceptions it has logged so far; pages do not show them."""
        return self.log().split("Traceback (most recent call last)")[1:]


@contextmanager
def serve(
    port: int | None = None, *, script: Path = ROOT / "app.py", **environment: str
) -> Iterator[Server]:
    """Start the app, for this machine only; it is gone when the context ends.

    It may not answer yet: call `wait_until_healthy`.

    Args:
        port: Where; a free one if None.
        script: What to run instead of the app, with the settings beside it.
        environment: Variables on top of this process's own.
    """
    port = port or free_port()
    command = [
        *(sys.executable, "-m", "streamlit", "run", script.name),
        "--server.headless=true",
        f"--server.address={_HOST}",
        f"--server.port={port}",
        "--logger.enableRich=false",  # tracebacks in plain text, to be found in the log
    ]
    # Rooms of its own: not those of whoever measures or tests.
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            command,
            cwd=script.parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "SEQVIZ_DATA": data, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, port, log)
        try:
            yield server
        except Exception as error:
            for traceback in server.tracebacks()[:1]:
                error.add_note(f"The server's first exception:{traceback}")
            raise
        finally:
            process.terminate()
            try:
                process.wait(_MANNERS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def healthy_server(script: Path = ROOT / "app.py", **environment: str) -> Iterator[Server]:
    """Start the app as `serve` does, and wait until it answers."""
    with serve(None, script=script, **environment) as server:
        server.wait_until_healthy()
        yield server


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
