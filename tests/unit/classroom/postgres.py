"""A PostgreSQL of its own for the tests, on loopback; and how to get one.

`python -m tests.unit.classroom.postgres --install` installs one with the system's package manager,
if there is none.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system_packages import install_package

# Debian keeps the server where only its own scripts look.
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class NoPostgresError(RuntimeError):
    """No PostgreSQL was found."""


def program(name: str) -> str:
    """Return the path of one of its programs, or raise `NoPostgresError`."""
    places = os.pathsep.join([os.environ.get("PATH", ""), *map(str, _PLACES)])
    path = shutil.which(name, path=places)
    if path is None:
        raise NoPostgresError(
            f"There is no {name}: the rooms are tested on SQLite alone. Mend it with "
            "`make postgres`, or install PostgreSQL yourself."
        )
    return path


def install() -> str:
    """Return the path of the server, getting it first if there is none."""
    try:
        return program("postgres")
    except NoPostgresError:
        if not install_package("postgresql"):
            raise
        _PLACES[:] = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return program("postgres")


class Server:
    """A PostgreSQL with one empty database, which can be stopped and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self.url = f"postgresql://seqviz@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        """Start it; what was in it is in it."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self._port} "
            f"-c unix_socket_directories='' -c fsync=off"
        )
        self._control("start", "-w", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        """Stop it at once, as if its power were cut."""
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        _run([program("pg_ctl"), "-D", str(self._folder / "data"), *arguments])


@contextmanager
def server() -> Iterator[Server]:
    """Run one in a folder that goes with it."""
    initdb = program("initdb")
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        user = _user()
        if user is not None:
            shutil.chown(folder, user)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        _run([initdb, "-D", str(folder / "data"), "-U", "seqviz", "-A", "trust", "-E", "UTF8"])
        running = Server(folder, port)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def _user() -> str | None:
    """Who is to run it: PostgreSQL refuses to be run by root."""
    return "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def _run(command: list[str]) -> None:
    user = _user()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        user=user,
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    try:
        print(install() if "--install" in sys.argv[1:] else program("postgres"))
    except NoPostgresError as error:
        # SQLite alone is tested then, and the tests say so.
        print(error, file=sys.stderr)
