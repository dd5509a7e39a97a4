"""Every parameter of every lesson at once, with values that nobody meant."""

import logging
import random
import re
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from seqviz.app.catalogue import LESSONS
from seqviz.ui.url_state import defaults
from tests.app.conftest import ROOT

RUNS = 8  # of each lesson
HANGS = 120  # seconds after which a run is given up
LONGEST = 700  # characters of a message
NASTY = (
    *("", " ", "\x00", "\ufeff", "\ud7ff", "\u202egnp", "👩‍👩‍👧‍👦", "١٢٣", "ل" * 300, "ⅷ", "½"),
    *("-1", "0", "-0.0", "1e400", "-1e400", "nan", "inf", "1e-320", "0x10", "1_000", "9" * 5_000),
    *("2147483648", "9223372036854775808", "-9223372036854775809", "0.1", "1,5", "１２", "1e3"),
    *("true", "True", "false", "None", "null", "[]", "{}", '["a", 1]', '{"a": {"b": [1]}}', "[[["),
    *("<script>alert(1)</script>", "<b>x</b>", "'\"><img src=x>", "$x$", ":material/home:", "`x`"),
    *(
        "a,b",
        "a;b",
        "a&b=c",
        "%00",
        "%ZZ",
        "../../etc/passwd",
        "{0}",
        "%s",
        "${x}",
        "=1+1",
        "\n\r\t",
    ),
    *("0 0 0 0", "1 2 3 4", "-1 5", "99999999999 1", "1.7 2", "a b c", "w " * 400, "| | |", "||||"),
    *(
        "SimpleRNN",
        "GRU",
        "LSTM",
        "simplernn",
        "words",
        "ids",
        "characters",
        "auto",
        "zeros",
        "pre",
    ),
)
NUMBERS = tuple(map(str, (*range(-2, 20), 24, 32, 40, 50, 64, 99, 100, 101, 128, 9_999, 10_000)))


@pytest.fixture(scope="module", autouse=True)
def _warm():
    from seqviz.app.warmup import warm_up

    warm_up()


def options(at):
    """What the page itself offers, by parameter."""
    offered = {}
    for widgets in (at.selectbox, at.select_slider, at.radio):
        for widget in widgets:
            offered[widget.key] = [str(option) for option in widget.options]
    for widget in (*at.number_input, *at.slider):
        offered[widget.key] = [str(widget.min), str(widget.max)]
    for widget in (*at.toggle, *at.checkbox):
        offered[widget.key] = ["true", "false"]
    return offered


def opened(path, parameters):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=HANGS)
    at.switch_page(path)
    for key, value in parameters.items():
        at.query_params[key] = value
    return at.run()


def fall_of(at, caplog):
    """What is wrong with a page, in a sentence; empty if nothing."""
    if at.exception:
        return f"exception {at.exception[0].value}"
    if records := [r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR]:
        return f"log {records[0].getMessage()}"
    for message in (*at.error, *at.info, *at.warning):
        if len(message.value) > LONGEST or "Traceback" in message.value:
            return f"message {message.value[:LONGEST]}"
        if re.search(r"(?<!\\)[<$]|(?<!\\):material", message.value):
            return f"markup {message.value}"
    if not at.error and not at.get("plotly_chart") and not at.info:
        return "neither a picture nor a word about it"
    return ""


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.key)
def test_no_address_makes_a_page_fall(page, caplog):
    dice = random.Random(page.key)
    at = opened(page.path, {})
    offered = {}
    for _ in range(RUNS):
        # Some controls are there only while another has a certain value.
        offered |= options(at)
        keys = [f"{page.key}_{name}" for name in defaults(page.key)]
        assert len(keys) >= 2
        # Mostly valid values with some nasty ones reach further than nasty ones only.
        nastiness = dice.choice((0.1, 0.3, 0.9))
        parameters = {f"{page.key}_step": dice.choice((*NASTY, *NUMBERS))}
        for key in dice.sample(keys, dice.randint(1, len(keys))):
            valid = dice.choice((offered.get(key, NASTY), NUMBERS))
            parameters[key] = dice.choice(NASTY if dice.random() < nastiness else valid)
        at = opened(page.path, parameters)
        address = "&".join(f"{key}={quote(value)}" for key, value in parameters.items())
        assert not fall_of(at, caplog), f"{page.path}?{address}"
