"""A log that does not grow with what is sent to the server.

Streamlit logs a traceback for much that a browser may send, as often as it is sent.
"""

import logging
import threading
import time
from collections import OrderedDict
from typing import Final

from streamlit import logger as streamlit_logger

from seqviz.ui.server.pace import Pace

_BURST: Final = 20  # records of a kind at once …
_PER_SECOND: Final = 1 / 60  # … and then one a minute
_KINDS: Final = 200  # that are told apart
_MESSAGE: Final = 1_000  # characters
_TRACEBACK: Final = 8_000
_SPARED: Final = "seqviz_spared"  # of a record: whether it is left out
_set_up = streamlit_logger.setup_formatter


class _Kind:
    def __init__(self) -> None:
        self.pace = Pace(_BURST, _PER_SECOND)
        self.left_out = 0


class Sparing(logging.Filter):
    """Lets some records of each kind through, shortened, and counts the others.

    A kind is a line of source code and a type of exception: who repeats one mistake does not hide
    the others.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kinds: OrderedDict[tuple[object, ...], _Kind] = OrderedDict()
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write a record down. Several handlers may ask of the same one."""
        spared = getattr(record, _SPARED, None)
        if spared is None:
            spared = self._spare(record, time.monotonic())
            setattr(record, _SPARED, spared)
        return not spared

    def _spare(self, record: logging.LogRecord, now: float) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        name = record.name, record.pathname, record.lineno, error
        with self._lock:
            kind = self._kinds.setdefault(name, _Kind())
            self._kinds.move_to_end(name)
            if len(self._kinds) > _KINDS:
                self._kinds.popitem(last=False)
            if not kind.pace.allows(now):
                kind.left_out += 1
                return True
            missing, kind.left_out = kind.left_out, 0
        _shorten(record)
        if missing:
            record.msg += f" ({missing:,} more like this were left out)"
        return False


def _shorten(record: logging.LogRecord) -> None:
    """One line of a message, which may quote what was sent, and a traceback of bounded length."""
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # its arguments do not fit
        message = str(record.msg)
    printable = "".join(c if c.isprintable() else " " for c in message[:_MESSAGE])
    record.msg, record.args = printable + "…" * (len(message) > _MESSAGE), None
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        if len(text) > _TRACEBACK:
            half = _TRACEBACK // 2
            text = f"{text[:half]}\n  …\n{text[-half:]}"
        record.exc_text = text


_sparing: Final = Sparing()


def keep_log_short() -> None:
    """Have what Streamlit and its server log pass through one `Sparing`.

    Not the handlers of the root: they are whoever's who runs this as a part of something else.
    """
    loggers = list(logging.root.manager.loggerDict.values())
    handlers = [h for log in loggers if isinstance(log, logging.Logger) for h in log.handlers]
    for handler in (*handlers, logging.lastResort):
        if handler is not None:
            handler.addFilter(_sparing)
    streamlit_logger.setup_formatter = _set_up_sparing  # of loggers that are made from now on


def _set_up_sparing(logger: logging.Logger) -> None:
    _set_up(logger)
    for handler in logger.handlers:
        handler.addFilter(_sparing)
