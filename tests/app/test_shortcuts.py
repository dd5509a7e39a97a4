"""What Streamlit is spared in each run, and that a page is the same without."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.navigation import page as navigation
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.state import SafeSessionState, SessionState

from seqviz.ui.server import shortcuts
from seqviz.ui.server.shortcuts import take_shortcuts
from tests import ROOT


def test_streamlit_still_has_what_they_take_the_place_of():
    # Were one renamed, each run would do all of it again, without a word.
    assert "_create_page" in script_runner._mpa_v1.__code__.co_names
    assert (
        "_populate_theme_msg"
        in app_session.AppSession._create_new_session_message.__code__.co_names
    )
    assert isinstance(vars(SafeSessionState)["filtered_state"], property)


def test_each_run_has_its_own_copy_of_a_page_that_was_made_once(monkeypatch):
    made = []

    def make(page, *, default=False):
        made.append((page, default))
        return navigation.Page.__new__(navigation.Page)

    monkeypatch.setattr(shortcuts, "_create_page", make)
    shortcuts._page_made.cache_clear()
    take_shortcuts()
    script = ROOT / "pages" / "cell.py"
    one, other = (navigation._create_page(script) for _ in range(2))
    assert made == [(script, False)]
    assert one is not other
    navigation._create_page(script, default=True)
    assert made[1:] == [(script, True)]
    for _ in range(2):  # relative to the script that is run, whichever that is
        navigation._create_page(Path("pages/cell.py"))
    assert made[2:] == [(Path("pages/cell.py"), False)] * 2
    shortcuts._page_made.cache_clear()


@pytest.mark.parametrize("section", ["theme", "theme.dark"])
def test_the_looks_are_those_of_the_settings(section):
    take_shortcuts()
    plain, known = CustomThemeConfig(), CustomThemeConfig()
    shortcuts._populate_theme(plain, section)
    app_session._populate_theme_msg(known, section)
    assert known == plain
    assert known.ByteSize()


def test_a_session_is_asked_for_one_value_and_says_what_it_would_say_of_all():
    take_shortcuts()
    state = SessionState()
    state["recurrent_units"], state["none"] = 4, None
    safe = SafeSessionState(state, lambda: None)
    asked, whole = safe.filtered_state, state.filtered_state
    assert dict(asked) == whole == {"recurrent_units": 4, "none": None}
    assert len(asked) == 2
    assert repr(asked) == repr(whole)
    assert "recurrent_units" in asked
    assert "units" not in asked
    with pytest.raises(KeyError):
        asked["units"]


def test_a_page_is_the_same_without(open_page, monkeypatch):
    def shown():
        st.cache_resource.clear()
        return [str(element.proto) for element in open_page("recurrent", ask="none").main]

    with_shortcuts = shown()
    monkeypatch.setattr(navigation, "_create_page", shortcuts._create_page)
    monkeypatch.setattr(SafeSessionState, "filtered_state", property(shortcuts._whole))
    monkeypatch.setattr("seqviz.app.frame.take_shortcuts", lambda: None)
    assert shown() == with_shortcuts
