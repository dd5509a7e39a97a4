from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from seqviz.ui.classroom.addresses import address, qr


@pytest.mark.parametrize(
    ("open_page", "server"),
    [
        ("https://school.example/", "https://school.example"),
        ("https://school.example", "https://school.example"),
        ("https://school.example/compose", "https://school.example"),
        ("https://school.example/compose?a=b", "https://school.example"),
        ("http://localhost:8501/wall?secret=x/y", "http://localhost:8501"),
        ("https://school.example/base/compose/", "https://school.example/base"),
        (None, ""),
    ],
)
def test_an_address_is_of_this_server(monkeypatch, open_page, server):
    monkeypatch.setattr(type(st.context), "url", property(lambda self: open_page))
    written = address("lesson", {"lesson": "1.a-b_c", "text": "a b&c"})
    assert written.startswith(f"{server}/lesson?")
    assert parse_qs(urlsplit(written).query) == {"lesson": ["1.a-b_c"], "text": ["a b&c"]}
    assert address("lesson", {}) == f"{server}/lesson"


def test_a_qr_code_is_a_small_picture():
    picture = qr("https://school.example/lesson?lesson=1.abc")
    assert picture.startswith("<svg")
    assert len(picture) < 10_000


def test_what_is_too_long_for_one_has_none():
    assert qr("x" * 2_300)
    assert qr("x" * 2_301) is None
