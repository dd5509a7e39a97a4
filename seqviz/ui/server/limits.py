"""What one session may do to the others of a process, set once for all of Streamlit."""

import threading
from typing import Final

from seqviz.ui.server.log import keep_log_short
from seqviz.ui.server.messages import (
    answer_viewers_only,
    make_downloads_in_turn,
    read_at_a_pace,
)
from seqviz.ui.server.open_files import allow_more_files
from seqviz.ui.server.uploads import bound_uploads

_lock: Final = threading.Lock()
_set = False


def set_limits() -> None:
    """Bound what a session may cost. Safe to call from any thread, any number of times.

    To be called at the start of each page: the first of a process does it, before any session has
    had anything computed.
    """
    global _set
    with _lock:
        if not _set:
            answer_viewers_only()
            read_at_a_pace()
            make_downloads_in_turn()
            bound_uploads()
            keep_log_short()
            allow_more_files()
            _set = True
