"""A lesson's page, run where nobody sees it, for what it shows: for files that hold a whole lesson.

The page itself is run, with a session of its own and with the controls as an address says them; what
it draws goes nowhere. So a file has what the page has, and no lesson knows of files.
"""

import logging
import runpy
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final, NoReturn, ParamSpec, TypeVar
from urllib.parse import urlencode

from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    ScriptRunContext,
    add_script_run_ctx,
)
from streamlit.runtime.state import SafeSessionState, SessionState

from seqviz.app.catalogue import Page
from seqviz.errors import SeqvizError
from seqviz.ui.fold import key_of_more
from seqviz.ui.page import OpenPage
from seqviz.ui.question import Question
from seqviz.ui.shown import Shown
from seqviz.ui.unreadable import GREYED
from seqviz.ui.url_state import defaults

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_ROOT: Final = Path(__file__).parents[2]
_LONGEST: Final = 60.0  # seconds
_log: Final = logging.getLogger(__name__)


class UnseenPage(OpenPage):
    """What stands in for a page's frame: keeps what is shown, and ends the page with it.

    Attributes:
        shown: The picture and all that goes with it; None until the page came so far.
        questions: What the page asks.
        controls: By name, without the page's prefix: what each control that it drew was at.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page.key, page.idea, lambda: None, lambda: None)
        self.shown: Shown | None = None
        self.questions: Sequence[Question] = ()
        self.controls: Mapping[str, Any] = {}

    def compute(
        self,
        function: Callable[_Arguments, _Result],
        *arguments: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Result:
        """Call `function`; there is no place to make."""
        return function(*arguments, **options)

    def ask(self, questions: Sequence[Question]) -> None:
        """Keep the questions."""
        self.questions = questions

    def show(self, shown: Shown, *, under: Callable[[], None] | None = None) -> NoReturn:
        """Keep what is shown: that is all that was wanted."""
        self.shown = shown
        raise _EnoughError


class _EnoughError(BaseException):
    """Ends a page that has shown what it shows."""


opened_unseen: Final[ContextVar[UnseenPage | None]] = ContextVar("opened_unseen", default=None)


def run_unseen(page: Page, state: Mapping[str, str]) -> UnseenPage:
    """Run a lesson's page as a link opens it.

    Keras must be awake (`seqviz.app.warmup`).

    Args:
        page: The lesson.
        state: Its controls, without the page's prefix, as the address writes them.

    Returns:
        What it showed.

    Raises:
        SeqvizError: It shows no picture in that state.
    """
    opened = UnseenPage(page)
    failed: list[BaseException] = []

    def run() -> None:
        opened_unseen.set(opened)
        context = _context(page, state)
        try:
            add_script_run_ctx(threading.current_thread(), context)
            # Or controls at their default would not be drawn.
            context.session_state[key_of_more(page.key)] = True
            runpy.run_path(str(_ROOT / page.path))
        except _EnoughError:
            pass
        except BaseException as error:
            failed.append(error)
        state_after = context.session_state.filtered_state
        if state_after.get(GREYED) == page.key:  # it is not of what was asked for
            opened.shown = None
        opened.controls = {
            name: state_after[f"{page.key}_{name}"]
            for name in defaults(page.key)
            if f"{page.key}_{name}" in state_after
        }

    thread = threading.Thread(target=run, name=f"unseen {page.key}", daemon=True)
    thread.start()
    thread.join(_LONGEST)
    if opened.shown is None:
        if failed:
            _log.info("%s showed nothing unseen: %r", page.key, failed[0])
        raise SeqvizError(
            f"“{page.title}” has no picture with these settings. Open it, and see what it says."
        )
    return opened


def _context(page: Page, state: Mapping[str, str]) -> Any:
    """A run of a session that no browser has."""
    query = urlencode(page.parameters(state), errors="replace")
    script = str(_ROOT / "app.py")
    context = ScriptRunContext(
        session_id=f"unseen {threading.get_ident()}",
        _enqueue=lambda message: None,
        query_string=query,
        session_state=SafeSessionState(SessionState(), lambda: None),
        uploaded_file_mgr=MemoryUploadedFileManager("/_unseen"),
        main_script_path=script,
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager(script),
        script_requests=ScriptRequests(),
    )
    context.reset(query_string=query)
    context.on_script_start()
    return context
