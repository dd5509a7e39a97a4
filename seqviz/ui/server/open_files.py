"""How many files the process may have open: each session needs some."""

import logging
from typing import Final

# A session has 4 (its socket, and the event loop of its runs), and one that left keeps 3 of them
# for two minutes, 128 of those at most. More than macOS lets a process have is not asked for.
_WANTED: Final = 10_240
_NEEDED: Final = 200 * 4 + 128 * 3 + 100  # a class, those who left, and what Python itself opens


def allow_more_files() -> None:
    """Raise the limit to what the system lets this process have; shells set 256 or 1,024.

    Windows has no such limit.
    """
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    if soft == resource.RLIM_INFINITY or soft >= most:
        most = soft
    else:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (OSError, ValueError):
            most = soft
    if most != resource.RLIM_INFINITY and most < _NEEDED:
        logging.getLogger(__name__).warning(
            "This process may have %d files open, but a class of 200 needs %d: some students will "
            "get no page. Raise the hard limit (ulimit -Hn).",
            most,
            _NEEDED,
        )
