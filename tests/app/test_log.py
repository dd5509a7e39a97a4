"""A log that does not grow with what is sent to the server."""

import io
import logging

import pytest
from streamlit import logger as streamlit_logger

from seqviz.ui.server import log
from seqviz.ui.server.limits import set_limits
from seqviz.ui.server.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(log.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def written(clock):
    """A logger, and what it has written."""
    logger, text = logging.Logger("seqviz.test"), io.StringIO()
    handler = logging.StreamHandler(text)
    handler.addFilter(log.Sparing())
    logger.addHandler(handler)
    return logger, text.getvalue


def test_a_pace_allows_a_burst_and_then_a_rate():
    pace = Pace(3, 0.5)
    assert [pace.allows(10) for _ in range(5)] == [True] * 3 + [False] * 2
    assert [pace.allows(now) for now in (11, 12, 13, 14)] == [False, True, False, True]
    assert [pace.allows(100) for _ in range(5)] == [True] * 3 + [False] * 2


def test_of_a_kind_some_are_written_whatever_they_quote(written):
    logger, text = written
    for number in range(5_000):
        logger.warning("broken message %d", number)
    logger.warning("something else")
    assert text().splitlines() == [
        *(f"broken message {number}" for number in range(20)),
        "something else",
    ]


def test_what_was_left_out_is_said_when_there_is_room_again(written, clock):
    logger, text = written
    for _ in range(2):
        for _ in range(5_000):
            logger.error("again")
        clock[0] += 60
    assert text().splitlines() == ["again"] * 20 + ["again (4,980 more like this were left out)"]


def test_exceptions_of_other_types_are_other_kinds(written):
    logger, text = written
    for number in range(100):
        try:
            raise (KeyError if number < 99 else OSError)(number)
        except (KeyError, OSError):
            logger.exception("uncaught")
    assert text().count("KeyError: ") == 20
    assert text().count("OSError: 99") == 1


def test_what_is_quoted_is_one_line_and_short(written):
    logger, text = written
    logger.warning("name=%s", "a\n2026-01-01 all is well\x1b[2J" + "x" * 10**6)
    (line,) = text().splitlines()
    assert line.startswith("name=a 2026-01-01 all is well [2Jxxx")
    assert len(line) < 1_100
    try:
        raise ValueError("y" * 10**6)
    except ValueError:
        logger.exception("z")
    assert "Traceback" in text()
    assert len(text()) < 10_000


def test_kinds_are_bounded(clock):
    sparing = log.Sparing()
    for line in range(1_000):
        record = logging.LogRecord("a", logging.INFO, "a.py", line, "text", None, None)
        assert sparing.filter(record)
        assert sparing.filter(record)  # another handler of the same record
    assert len(sparing._kinds) == 200


def test_all_that_streamlit_logs_passes_through_it():
    set_limits()
    for name in (
        "streamlit.runtime.app_session",
        "streamlit.error_util",
        "uvicorn.error",
        "one.new",
    ):
        logger = streamlit_logger.get_logger(name)
        assert logger.handlers
        assert all(log._sparing in handler.filters for handler in logger.handlers)
    assert log._sparing in logging.lastResort.filters
