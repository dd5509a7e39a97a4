"""Another process on the same machine, as a school's cloud machine always has some."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_HALF_BUSY = """
import time
while True:
    end = time.perf_counter() + 0.01
    while time.perf_counter() < end:
        pass
    time.sleep(0.01)
"""


@contextmanager
def half_busy_core() -> Iterator[None]:
    """Keep one core half busy: 10 ms at a time, and 10 ms of nothing."""
    process = subprocess.Popen([sys.executable, "-c", _HALF_BUSY])
    try:
        if sys.platform == "linux":  # elsewhere it wanders
            os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        yield
    finally:
        process.kill()
        process.wait()
