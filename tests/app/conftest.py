import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from seqviz.ui.fold import key_of_more
from seqviz.ui.player import player
from seqviz.ui.words import WORD_JOINER
from tests import ROOT


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """AppTest keeps Streamlit's caches for the life of the process."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True, scope="session")
def _packages_are_searched_once() -> Iterator[None]:
    """AppTest reads the metadata of every installed package again at each run."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(autouse=True)
def _no_browser_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no run waits for it; the browser tests do."""
    monkeypatch.setattr(player, "_DRAWING", 0)
    monkeypatch.setattr(player, "_SENDING", 0)


FOLDS = ("numbers", "code")  # parts of a lesson's page that are folded


@pytest.fixture
def unfolded() -> None:
    """Have `open_page` open pages with these unfolded, as a click on each does."""


@pytest.fixture
def open_page(request: pytest.FixtureRequest) -> Callable[..., AppTest]:
    """Open a page as a deep link does; parameters are given without the page's prefix.

    The list of more settings is open, as after a click on it, unless it is to be `folded`.
    """
    folds = FOLDS if "unfolded" in request.fixturenames else ()

    def open_(
        page: str,
        *,
        before: Callable[[AppTest], None] | None = None,
        folded: bool = False,
        **parameters: object,
    ) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
        if page != "home":
            at.switch_page(f"pages/{page}.py")
        for key, value in parameters.items():
            written = str(value).lower() if isinstance(value, bool) else str(value)
            at.query_params[f"{page}_{key}"] = written
        at.session_state[key_of_more(page)] = not folded
        for name in folds:
            at.session_state[f"{page}_{name}"] = True
        if before is not None:
            before(at)
        return at.run()

    return open_


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """By name, what makes each file that a page offers."""
    makers: dict[str, Callable[[], Any]] = {}
    button = st.download_button

    def note(label: str, make: Any, *, file_name: str, **arguments: Any) -> bool:
        makers[file_name] = make
        return button(label, make, file_name=file_name, **arguments)

    monkeypatch.setattr(st, "download_button", note)
    return makers


def choose(at: AppTest, page: str, label: str) -> AppTest:
    """Choose one of the page's examples."""
    return at.button_group(key=f"{page}_example").select(label).run()


def spec(at: AppTest) -> dict[str, Any]:
    """The page's picture as the browser gets it, frames included."""
    (chart,) = at.get("plotly_chart")
    return json.loads(chart.proto.spec)


def texts(at: AppTest) -> str:
    """All Markdown and captions of the page, as if no word were marked, or kept from being so."""
    said = "\n".join([m.value for m in at.markdown] + [c.value for c in at.caption])
    # Before a word; where `markdown.literal` breaks up an address or an icon it stays.
    return re.sub(rf"(?<![:@/]){WORD_JOINER}(?=\w)", "", without_marks(said))


def without_marks(text: str) -> str:
    """Markdown before `seqviz.ui.words` has marked terms and parts of the picture in it."""
    return re.sub(r'\[([^\[\]]+)\]\([^)\s]*#(?:term "[^"]*"|part)\)', r"\1", text)


def _holds(whole: Any, part: Any) -> bool:
    """Whether `part` says nothing else than `whole`."""
    if isinstance(part, dict):
        return all(name in whole and _holds(whole[name], value) for name, value in part.items())
    return whole == part


def opened_at(step: int, figure: dict[str, Any]) -> bool:
    """Whether the picture stands at this frame."""
    moves = figure["frames"][step]["layout"]["shapes"]
    return bool(moves) and all(map(_holds, figure["layout"]["shapes"], moves))
