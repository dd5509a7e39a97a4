"""Whether somebody still has a page open."""

from collections.abc import Hashable

from streamlit.runtime import Runtime


def is_here(session: Hashable) -> bool:
    """Whether a browser is connected to a session.

    Who closes a tab is gone at once; Streamlit keeps the session for two minutes, in which it may
    come back. Where no server runs (scripts, tests), everybody is here.

    Args:
        session: As `seqviz.ui.server.turns.this_session` names it.
    """
    if not isinstance(session, str) or not Runtime.exists():
        return True
    return bool(Runtime.instance().is_active_session(session))
