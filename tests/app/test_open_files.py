"""How many files the process may have open."""

import logging

import pytest

from seqviz.ui.server.open_files import allow_more_files

resource = pytest.importorskip("resource")
NONE = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((256, NONE), (10_240, NONE)),
        ((1_024, 524_288), (10_240, 524_288)),
        ((1_024, 4_096), (4_096, 4_096)),
        ((20_000, 20_000), (20_000, 20_000)),
        ((NONE, NONE), (NONE, NONE)),
        ((256, 512), (512, 512)),
    ],
)
def test_the_limit_is_raised_to_what_a_class_needs_or_the_system_allows(
    monkeypatch, caplog, before, after
):
    limits = [before]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.append(new))
    with caplog.at_level(logging.WARNING):
        allow_more_files()
    assert limits[-1] == after
    assert ("ulimit -Hn" in caplog.text) == (after == (512, 512))


def test_a_system_that_refuses_keeps_its_limit(monkeypatch, caplog):
    def refuse(*_):
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 1_024))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    allow_more_files()
    assert "may have 256 files open" in caplog.text
