"""nginx with this repository's own configuration, on loopback; and how to get an nginx.

`python -m tests.browser.nginx --install` installs one with the system's package manager, if there
is none.
"""

import os
import shutil
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.system_packages import install_package

TEMPLATE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf.template"

_MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
{user}
events {{ worker_connections 1024; }}
http {{
    types {{
        text/html html;
        text/css css;
        application/javascript js;
    }}
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/seqviz.conf;
}}
"""


class NoNginxError(RuntimeError):
    """No nginx was found."""


def nginx_path() -> str:
    """Return the path of nginx, or raise `NoNginxError`."""
    # Debian has it where only root looks.
    path = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        raise NoNginxError(
            "There is no nginx for the tests of deploy/. Mend it with `make nginx`, or install it "
            "yourself: https://nginx.org/en/docs/install.html"
        )
    return path


def install() -> str:
    """Return the path of nginx, getting it first if there is none."""
    try:
        return nginx_path()
    except NoNginxError:
        if not install_package("nginx"):
            raise
    return nginx_path()


def fill_in(*, servers: str, listen: str, cache: Path) -> str:
    """The configuration as the nginx image makes it of the template."""
    # Like its NGINX_ENVSUBST_FILTER=SEQVIZ_: nginx's own variables stay.
    return string.Template(TEMPLATE.read_text("utf-8")).safe_substitute(
        SEQVIZ_SERVERS=servers, SEQVIZ_LISTEN=listen, SEQVIZ_CACHE=str(cache)
    )


@contextmanager
def proxy(folder: Path, port: int, replicas: Sequence[int]) -> Iterator[str]:
    """Run nginx in front of processes on loopback ports; yields its address."""
    servers = "\n    ".join(
        f"server 127.0.0.1:{replica} max_fails=2 fail_timeout=5s;" for replica in replicas
    )
    configuration = fill_in(servers=servers, listen=f"127.0.0.1:{port}", cache=folder / "static")
    (folder / "seqviz.conf").write_text(configuration, "utf-8")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    user = "user root;" if root else ""  # its workers write below this test's own folder
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    command = [nginx_path(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "error.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_for(port, process, folder / "error.log")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended at once:\n{log.read_text()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx does not listen.")


if __name__ == "__main__":
    try:
        print(install() if "--install" in sys.argv[1:] else nginx_path())
    except NoNginxError as error:
        sys.exit(str(error))
