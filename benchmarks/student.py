"""One student as the server sees one: a websocket session that moves controls.

Speaks Streamlit's own protocol. A change sends the state of the controls (`WidgetStates`) and the
address bar, as the browser does, and is over when the server says that the script has finished.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

_PATIENCE = 120.0  # seconds for one answer: the very first one waits for TensorFlow
_QUIET = 3.0  # seconds without an answer, after which none is to come


class Run(NamedTuple):
    """What came back from one run of a page's script.

    Attributes:
        seconds: From sending the change to the message that the script has finished.
        sizes: Bytes of the messages by what they carry, such as "plotly_chart".
        exceptions: Types of the exceptions on the page.
        charts: The figures as JSON.
    """

    seconds: float
    sizes: Counter[str]
    exceptions: list[str]
    charts: list[str]


@dataclass
class _Control:
    """A control on the page, its values as the address writes them."""

    id: str
    stops: list[str]
    default: str
    value: str
    sent_as: str  # a field of `WidgetState`

    def state(self) -> WidgetState:
        """As the browser sends it."""
        state = WidgetState(id=self.id)
        match self.sent_as:
            case "string_array_value":
                state.string_array_value.data.append(self.value)
            case "double_array_value":
                state.double_array_value.data.append(float(self.value))
            case "double_value":
                state.double_value = float(self.value)
            case _:
                state.string_value = self.value
        return state


class Student:
    """A session on one page: an async context manager; call `open` first."""

    def __init__(
        self, socket_url: str, page: str, cookie: str | None = None, /, **query: object
    ) -> None:
        """Prepare a session.

        Args:
            socket_url: Where the server's websocket is.
            page: As in the address, such as "recurrent".
            cookie: What a proxy gave the browser with the page.
            query: Parameters of the address: controls by key, none at its default.
        """
        self.page = page
        self._query = {key: str(value) for key, value in query.items()}
        self._connection = connect(
            socket_url,
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            open_timeout=_PATIENCE,
            close_timeout=0.2,  # a server that is too slow is not waited for
            ping_interval=None,
            proxy=None,
            additional_headers={"Cookie": cookie} if cookie else None,
        )
        self._page_hash = ""
        self._controls: dict[str, _Control] = {}  # by key, such as "recurrent_units"
        self._taken: set[str] = set()  # controls that were set by the address
        self._more = ""  # id of the list "More settings"
        self._unfolded = False
        self._uploader = ""
        self._file: UploadedFileInfo | None = None

    async def __aenter__(self) -> Self:
        self._socket = await self._connection
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def open(self) -> Run:
        """Open the page as a followed link does.

        Raises:
            ValueError: The page has no such control, or does not take the value. It would show
                its defaults then, and the measurement mean nothing.
        """
        run = await self._rerun()
        refused = {key: self._query[key] for key in self._query.keys() - self._taken}
        if refused:
            raise ValueError(f"The {self.page} page does not take {refused}.")
        return run

    async def unfold(self, control: str) -> None:
        """Open the list "More settings" of the page, if a control is there and not drawn."""
        if control not in self._controls:
            self._unfolded = True
            await self._rerun()

    async def move(self, key: str, value: str) -> Run:
        """Move one control, on which the server runs the page again."""
        control = self._controls[key]
        control.value = value
        self._query.pop(key, None)
        if value != control.default:
            self._query[key] = value
        return await self._rerun()

    async def follow(self, **query: object) -> Run:
        """Open the page in another state, as a link to it does."""
        self._query |= {key: str(value) for key, value in query.items()}
        self._controls.clear()  # the address says where they are
        return await self._rerun()

    def stops(self, key: str) -> list[str]:
        """What a control can be moved to."""
        return self._controls[key].stops

    def value(self, key: str) -> str:
        """Where a control is."""
        return self._controls[key].value

    async def flood(self, messages: int) -> Run:
        """Ask for reruns faster than they are answered, then read until there is nothing more.

        Returns:
            All that came back, as one run.
        """
        for _ in range(messages):
            await self._socket.send(self._message().SerializeToString())
        begun, whole = time.perf_counter(), Run(0, Counter(), [], [])
        # The server answers what is left when it comes to it: some of them, and the last.
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(_QUIET):
                    run = await self._answer(begun)
                whole.exceptions.extend(run.exceptions)
        return whole._replace(seconds=time.perf_counter() - begun)

    async def upload(self, server_url: str, cookie: str, name: str, content: bytes) -> Run:
        """Give the page's uploader a file.

        Args:
            server_url: Address of the start page.
            cookie: What the server gave with it, ``name=value``.
            name: Of the file.
            content: Of the file.
        """
        asked = BackMsg()
        asked.file_urls_request.file_names.append(name)
        await self._socket.send(asked.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = ForwardMsg.FromString(await self._socket.recv())
                if message.WhichOneof("type") == "file_urls_response":
                    break
        (url,) = message.file_urls_response.file_urls
        await asyncio.to_thread(
            _put, server_url + url.upload_url.lstrip("/"), cookie, name, content
        )
        self._file = UploadedFileInfo(
            file_id=url.file_id, name=name, size=len(content), file_urls=url
        )
        return await self._rerun()

    async def _rerun(self) -> Run:
        begun = time.perf_counter()
        await self._socket.send(self._message().SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            return await self._answer(begun)

    def _message(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(self._query)
        if self._page_hash:
            message.rerun_script.page_script_hash = self._page_hash
        else:
            message.rerun_script.page_name = self.page
        states = [control.state() for control in self._controls.values()]
        message.rerun_script.widget_states.widgets.extend(states)
        if self._unfolded:
            message.rerun_script.widget_states.widgets.add(id=self._more, bool_value=True)
        if self._file is not None:
            state = message.rerun_script.widget_states.widgets.add(id=self._uploader)
            state.file_uploader_state_value.uploaded_file_info.append(self._file)
        return message

    async def _answer(self, begun: float) -> Run:
        run = Run(0, Counter(), [], [])
        while True:
            data = await self._socket.recv()
            now = time.perf_counter()
            message = ForwardMsg.FromString(data)
            kind = str(message.WhichOneof("type"))
            if kind == "navigation":  # not "new_session", which names the main script
                self._page_hash = message.navigation.page_script_hash
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                kind = str(element.WhichOneof("type"))
                widget = getattr(element, kind)
                if getattr(widget, "set_value", False):
                    self._taken.add(widget.query_param_key)
                self._note(element, run)
            if kind == "delta" and message.delta.WhichOneof("type") == "add_block":
                fold = message.delta.add_block.expandable
                if fold.id.endswith(f"{self.page}_more"):
                    self._more = fold.id
                if fold.query_param_key and fold.expanded:
                    self._taken.add(fold.query_param_key)
            run.sizes[kind] += len(data)
            # A change that comes while a script runs ends that run early: not ours then.
            if kind == "script_finished":
                return run._replace(seconds=now - begun)

    def _note(self, element: Element, run: Run) -> None:
        if element.HasField("exception"):
            run.exceptions.append(element.exception.type)
        elif element.HasField("file_uploader"):
            self._uploader = element.file_uploader.id
        elif element.HasField("plotly_chart"):
            run.charts.append(element.plotly_chart.spec)
        else:
            self._note_control(element)

    def _note_control(self, element: Element) -> None:
        if element.HasField("slider"):
            slider = element.slider
            if slider.type == Slider.SELECT_SLIDER:
                stops = list(slider.options)
                default, sent_as = stops[int(slider.default[0])], "string_array_value"
                values = list(slider.raw_value)
            else:
                stops = _numbers(slider.min, slider.max, slider.step)
                default, sent_as = f"{slider.default[0]:g}", "double_array_value"
                values = [f"{value:g}" for value in slider.value]
        elif element.HasField("number_input"):
            number = element.number_input
            stops = _numbers(number.min, number.max, number.step)
            default, sent_as, values = f"{number.default:g}", "double_value", [f"{number.value:g}"]
        elif element.HasField("selectbox"):
            box = element.selectbox
            stops = list(box.options)
            default, sent_as, values = stops[box.default], "string_value", [box.raw_value]
        else:
            return
        widget: Any = getattr(element, str(element.WhichOneof("type")))
        known = self._controls.get(widget.query_param_key)
        value = values[0] if widget.set_value else known.value if known else default
        self._controls[widget.query_param_key] = _Control(widget.id, stops, default, value, sent_as)


def _put(url: str, cookie: str, name: str, content: bytes) -> None:
    """Send a file as a form does; an OSError if the server does not take it."""
    head = f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }
    body = head.encode() + content + b"\r\n--x--\r\n"
    with urlopen(Request(url, body, headers, method="PUT"), timeout=_PATIENCE):
        pass


def _numbers(low: float, high: float, step: float) -> list[str]:
    """What a control takes that has all numbers from one to another."""
    return [f"{low + k * step:g}" for k in range(round((high - low) / step) + 1)]
