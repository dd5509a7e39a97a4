"""Two processes of the app behind nginx, as deploy/ describes it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.server import Server, free_port, serve
from tests.browser.nginx import proxy

_SECRET = "the same for all replicas"  # else an upload to another replica is refused


class Cluster:
    """Replicas and the address of the proxy before them."""

    def __init__(self, ports: list[int], url: str, environment: Mapping[str, Any]) -> None:
        self.ports = ports
        self._environment = environment
        self.url = url
        self.socket_url = f"ws{url.removeprefix('http')}_stcore/stream"
        self._replicas: dict[int, tuple[AbstractContextManager[Server], Server]] = {}

    def start(self, port: int) -> None:
        """Start a replica and wait until it answers."""
        context = serve(port, STREAMLIT_SERVER_COOKIE_SECRET=_SECRET, **self._environment)
        server = context.__enter__()
        self._replicas[port] = context, server
        server.wait_until_healthy()

    def stop(self, port: int) -> None:
        """End a replica as an orchestrator does, with a signal to finish."""
        context, _ = self._replicas.pop(port)
        context.__exit__(None, None, None)

    def kill(self, port: int) -> None:
        """End a replica as a power cut does."""
        self._replicas[port][1].kill()
        self.stop(port)

    def stop_all(self) -> None:
        """End whatever runs."""
        for port in list(self._replicas):
            self.stop(port)

    def sessions(self, port: int) -> int:
        """Open sessions of a replica, by Streamlit's own metrics."""
        with urlopen(f"http://127.0.0.1:{port}/_stcore/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(float(next(x.split()[1] for x in lines if x.startswith("active_sessions "))))

    def tracebacks(self) -> list[str]:
        """Exceptions that any replica has logged."""
        return [t for _, server in self._replicas.values() for t in server.tracebacks()]


@contextmanager
def cluster_of(replicas: int, folder: Path, **environment: str) -> Iterator[Cluster]:
    """Run so many replicas behind nginx, with more in the environment of each."""
    ports = [free_port() for _ in range(replicas)]
    with proxy(folder, free_port(), ports) as url:
        cluster = Cluster(ports, url, environment)
        try:
            for port in ports:
                cluster.start(port)
            yield cluster
        finally:
            cluster.stop_all()
