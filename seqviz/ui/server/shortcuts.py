"""What Streamlit works out anew in every run of every page, though it stays the same: done once.

Each is a twentieth of what the server does for a known value of a control (`make bench ARGS=rerun`).
"""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from streamlit.navigation import page as navigation
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.state import SafeSessionState

_PAGES: Final = 64
_create_page = navigation._create_page
_populate_theme = app_session._populate_theme_msg
_whole: Any = vars(SafeSessionState)["filtered_state"].fget


def take_shortcuts() -> None:
    """Have Streamlit take them. Safe to call any number of times."""
    navigation._create_page = _copied_page
    app_session._populate_theme_msg = _populate_known_theme
    SafeSessionState.filtered_state = property(_Asked)  # type: ignore[assignment, method-assign]


def _copied_page(page: str | Path, *, default: bool = False) -> Any:
    """As Streamlit makes it of a script, whose path and name it takes apart each time.

    A copy, since it says of it that it may run, and each run has its own.
    """
    if isinstance(page, Path) and page.is_absolute():
        return copy(_page_made(page, default))
    return _create_page(page, default=default)


@lru_cache(_PAGES)
def _page_made(page: Path, default: bool) -> Any:
    return _create_page(page, default=default)


def _populate_known_theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    msg.MergeFrom(_theme(section))


@lru_cache
def _theme(section: str) -> CustomThemeConfig:
    """What the settings say of the looks; it goes to the browser at the start of every run."""
    theme = CustomThemeConfig()
    _populate_theme(theme, section)
    return theme


class _Asked(Mapping[str, Any]):
    """A session's state without what has no name, looked up as it is asked for.

    Half of the widgets ask for one value of it, for which Streamlit copies all.
    """

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __contains__(self, key: object) -> bool:
        with self._state._lock:
            return key in self._state._state

    def __getitem__(self, key: str) -> Any:
        with self._state._lock:
            return self._state._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> dict[str, Any]:
        state: dict[str, Any] = _whole(self._state)
        return state
