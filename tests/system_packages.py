"""Programs that tests need and that come from the system: nginx, PostgreSQL, Chromium."""

import os
import shutil
import subprocess
import sys


def install_package(name: str) -> bool:
    """Install one with the system's package manager; whether there is one that could be asked.

    What it says goes to stderr. It may fail: who needs the program looks for it afterwards.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sudo = [] if root else ["sudo", "--non-interactive"]
    if shutil.which("apt-get"):
        apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
        commands = [[*apt, "update"], [*apt, "install", "--no-install-recommends", name]]
    elif shutil.which("brew"):
        commands = [["brew", "install", name]]
    else:
        return False
    for command in commands:
        print("+", *command, file=sys.stderr, flush=True)
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return True
