"""A learning platform's SCORM 1.2 runtime, scorm-again from npm, around a package: on loopback."""

import shutil
import subprocess
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PACKAGE = "scorm-again@3.4.3"
_HOST = """<!doctype html>
<title>A platform</title>
<script src="scorm12.min.js"></script>
<script>window.API = new Scorm12API({ autocommit: false });</script>
<iframe src="package/index.html" style="width: 100%; height: 900px"></iframe>
"""


class NoNpmError(RuntimeError):
    """npm, or the package, cannot be had here."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def platform(package: Path, folder: Path) -> Iterator[str]:
    """Serve a platform's page that runs a package; yields its address."""
    _fetch(folder)
    with zipfile.ZipFile(package) as files:
        files.extractall(folder / "package")
    (folder / "index.html").write_text(_HOST, "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoNpmError("There is no npm to get scorm-again with. Install Node.js.")
    done = subprocess.run(
        [npm, "pack", PACKAGE], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise NoNpmError(f"npm could not get {PACKAGE}: {done.stderr[-300:]}")
    with tarfile.open(next(folder.glob("scorm-again-*.tgz"))) as archive:
        script = archive.extractfile("package/dist/scorm12.min.js")
        assert script is not None
        (folder / "scorm12.min.js").write_bytes(script.read())
