"""What stands below a new picture comes when the browser has had the time to draw it."""

import pytest
import streamlit as st

from seqviz.ui.player import player


@pytest.fixture
def waited(monkeypatch):
    """Seconds that pass whenever something sleeps, and nothing else takes time."""
    pauses = []
    monkeypatch.setattr(player, "_DRAWING", 0.08)
    monkeypatch.setattr(player, "_SENDING", 0.012)
    monkeypatch.setattr(player.time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(player.time, "sleep", pauses.append)
    return pauses


def test_it_waits_as_long_as_drawing_takes(waited):
    player._let_it_be_drawn()
    assert 0.08 <= sum(waited) < 0.1


def test_it_only_has_the_picture_sent_while_others_compute(waited, monkeypatch):
    monkeypatch.setattr(player, "others_compute", lambda: True)
    player._let_it_be_drawn()
    assert waited == [0.012]


def test_it_ends_as_soon_as_a_control_is_moved_again(waited, monkeypatch):
    class MovedError(Exception):
        """As Streamlit ends a run whose session state is asked for anything."""

    class State:
        def get(self, name):
            if len(waited) == 3:
                raise MovedError

    monkeypatch.setattr(st, "session_state", State())
    with pytest.raises(MovedError):
        player._let_it_be_drawn()
    assert len(waited) == 3


def test_only_a_picture_that_was_not_there_is_waited_for(open_page, monkeypatch):
    drawn = []
    monkeypatch.setattr(player, "_let_it_be_drawn", lambda: drawn.append(1))
    at = open_page("recurrent")
    assert len(drawn) == 1
    at.run()  # as when a question below the picture was answered
    assert len(drawn) == 1
    at.select_slider(key="recurrent_units").set_value(5).run()
    assert len(drawn) == 2
    at.switch_page("pages/embedding.py").run()
    assert len(drawn) == 3
    assert not at.exception
