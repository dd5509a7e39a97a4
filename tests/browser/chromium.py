"""The one place that knows which Chromium the browser tests use, and how to get one.

`python tests/browser/chromium.py` prints its path; with `--install` it gets one if
there is none. Tests: `playwright.chromium.launch(**launch_options())`.
"""

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

MISSING = (
    "There is no Chromium for the browser tests. Looked at $CHROMIUM, "
    f"{', '.join(NAMES)} and Playwright's own. "
    "Mend it with `make chromium`, or install one yourself and name it: "
    "CHROMIUM=/path/to/chromium make test."
)


class NoChromiumError(RuntimeError):
    """No browser that runs was found."""


@lru_cache(maxsize=1)
def chromium_path() -> str:
    """Return the path of a Chromium that really starts, or raise `NoChromiumError`."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if not found or not _starts(found):
            raise NoChromiumError(f"CHROMIUM={named} does not start. Correct it, or unset it.")
        return found
    candidates = [shutil.which(name) for name in NAMES]
    for path in (*candidates, *APPLICATIONS):
        if path and _starts(path):
            return path
    # Last, since asking Playwright takes most of a second.
    own = _playwrights_own()
    if own and _starts(own):
        return own
    raise NoChromiumError(MISSING)


def launch_options() -> dict:
    """Keyword arguments for Playwright's `chromium.launch`."""
    flags = list(FLAGS)
    if _is_root():
        flags.append("--no-sandbox")  # Chromium's sandbox refuses root.
    return {"executable_path": chromium_path(), "headless": True, "args": flags}


def install() -> str:
    """Return the path of a Chromium, getting one first if there is none."""
    try:
        return chromium_path()
    except NoChromiumError:
        if os.environ.get("CHROMIUM"):
            raise  # What was asked for by name is not replaced by something else.
    attempts = [_download, _download_libraries, _install_package]
    for attempt in attempts:
        attempt()
        try:
            return chromium_path()
        except NoChromiumError:
            continue
    raise NoChromiumError(
        "Could not get a Chromium: neither `playwright install chromium` nor the "
        "distribution's package worked. Install Chromium or Chrome yourself and name it: "
        "CHROMIUM=/path/to/chromium make test."
    )


def _download() -> None:
    _run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])


def _download_libraries() -> None:
    """A bare machine has the browser now, but not the system libraries it needs."""
    own = _playwrights_own()
    if own and Path(own).exists() and shutil.which("apt-get") and _may_install():
        _run([*_sudo(), sys.executable, "-m", "playwright", "install-deps", "chromium"])


def _install_package() -> None:
    if shutil.which("apt-get") and _may_install():
        apt = [*_sudo(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
        _run([*apt, "update"])
        _run([*apt, "install", "--no-install-recommends", "chromium"])


def _starts(path: str) -> bool:
    """Ask for the version: Ubuntu's `chromium-browser` may be a stub that only asks for snap."""
    try:
        done = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _playwrights_own() -> str | None:
    # In a process of its own: Playwright cannot be started twice in one.
    program = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _sudo() -> list[str]:
    return [] if _is_root() else ["sudo", "--non-interactive"]


def _may_install() -> bool:
    return _is_root() or (shutil.which("sudo") is not None and _run(["sudo", "-n", "true"]))


def _run(command: list[str]) -> bool:
    print("+", *command, file=sys.stderr, flush=True)
    try:
        # What it prints is progress; stdout is for the path alone.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(install() if "--install" in sys.argv[1:] else chromium_path())
    except NoChromiumError as error:
        sys.exit(f"{error}")
